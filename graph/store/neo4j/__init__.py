"""The Neo4j store: the only place that knows the driver, and the Cypher that it runs.

``place`` reads a target, ``database`` fences the driver in, ``statements`` hands out the
Cypher that lies in ``cypher/``, ``schema`` begins a database or refuses it, ``shape``
says what labels and properties are made of, ``applying``, ``hanging`` and ``portraits``
write, ``rows``, ``finding``, ``decisions``, ``log`` and ``runlog`` read, and ``store`` is
the face that the ledger sees.
"""

from graph.store.neo4j.opening import open_neo4j
from graph.store.neo4j.store import Neo4jStore

__all__ = ["Neo4jStore", "open_neo4j"]
