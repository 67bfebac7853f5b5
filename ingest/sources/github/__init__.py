"""GitHub: repositories, pipelines, the names of their secrets, keys, rights, and how they log in elsewhere.

The order of reading this package: ``endpoints`` tells which answer of the API a file is, ``pages``
unwraps it, ``objects`` takes from it what is kept; ``names`` says how things are called;
``repositories``, ``environments``, ``pipelines``, ``subjects``, ``deploykeys``, ``access`` and ``apps``
say what follows from it, ``sections`` puts it into scopes, ``source`` is the plug-in.
"""

from ingest.sources.github.source import SOURCE, GitHubSource

__all__ = ["SOURCE", "GitHubSource"]
