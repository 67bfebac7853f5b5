"""How the operations of a commit are packed into pieces of bounded size, the same in both stores.

Each operation is one line of canonical JSON in UTF-8. The lines are joined by line
feeds (which canonical JSON never holds), compressed as one zlib stream and cut into
pieces of at most 256 KB.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterable, Sequence
from typing import Final

from graph.ledger.canonical import canonical
from graph.ledger.operations import Operation, operation_from_json, operation_json

CHUNK_BYTES: Final = 256 * 1024
"""The largest piece, in compressed bytes."""

_LEVEL: Final = 3  # twice as fast as the default here, for a tenth more bytes


def packed(operations: Sequence[Operation]) -> list[bytes]:
    """Return the pieces that hold these operations, in order; at least one."""
    lines = b"\n".join(canonical(operation_json(operation)) for operation in operations)
    stream = zlib.compress(lines, _LEVEL)
    return [stream[start : start + CHUNK_BYTES] for start in range(0, len(stream), CHUNK_BYTES)]


def unpacked(pieces: Iterable[bytes]) -> list[Operation]:
    """Return the operations that ``packed`` cut into these pieces; none for no pieces.

    >>> from graph.ledger.operations import NodesMerged
    >>> merge = NodesMerged(("a", "b"), "same host")
    >>> unpacked(packed([merge, merge])) == [merge, merge]
    True
    """
    stream = b"".join(pieces)
    if not stream:
        return []
    lines = zlib.decompress(stream)
    return [operation_from_json(json.loads(line)) for line in lines.split(b"\n") if line]
