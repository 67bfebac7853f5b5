"""The embedded store: one SQLite file in WAL mode, shared by threads and processes.

``opening`` finds out whether a file is ours and begins a new one, ``tables`` declares
what is in it, ``connections`` lends connections, ``transaction`` and ``applying`` write,
``rows``, ``finding`` and ``log`` read, and ``store`` is the face that the ledger sees.
"""

from graph.store.sqlite.store import SqliteStore, open_sqlite

__all__ = ["SqliteStore", "open_sqlite"]
