"""OpenLineage events: what jobs read and wrote, worked out again from all events that were ever read.

The order of reading this package: ``splitting`` finds the events in a file, ``events``
and ``facets`` check them, ``retained`` keeps them, ``runs`` and ``jobs`` fold a job's events
into claims, ``datasets`` a dataset's, and ``source`` is the plug-in.
"""

from ingest.sources.openlineage.source import SOURCE, OpenLineageSource

__all__ = ["SOURCE", "OpenLineageSource"]
