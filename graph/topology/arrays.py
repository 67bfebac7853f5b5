"""Names for the array types of the compiled picture, and the one gather that every walk uses."""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
import numpy.typing as npt

Flags: TypeAlias = npt.NDArray[np.bool_]
Bytes: TypeAlias = npt.NDArray[np.uint8]
Smalls: TypeAlias = npt.NDArray[np.int8]
Codes: TypeAlias = npt.NDArray[np.uint16]
Indices: TypeAlias = npt.NDArray[np.int32]
Longs: TypeAlias = npt.NDArray[np.int64]

NO_INDICES: Indices = np.zeros(0, dtype=np.int32)
NO_BYTES: Bytes = np.zeros(0, dtype=np.uint8)


def slots_of(offsets: Longs, nodes: Indices) -> tuple[Longs, Longs]:
    """Return all slots of some nodes, and for each slot the position of its node in `nodes`.

    Slots come node by node, in order. Cost: linear in the number of slots.

    >>> slots, owners = slots_of(np.array([0, 2, 2, 5]), np.array([2, 0], dtype=np.int32))
    >>> slots.tolist(), owners.tolist()
    ([2, 3, 4, 0, 1], [0, 0, 0, 1, 1])
    """
    starts = offsets[nodes]
    counts = offsets[nodes + 1] - starts
    owners = np.repeat(np.arange(len(nodes), dtype=np.int64), counts)
    begins = np.cumsum(counts) - counts
    slots = np.arange(len(owners), dtype=np.int64) + np.repeat(starts - begins, counts)
    return slots, owners


def stable_order(numbers: Indices) -> Indices:
    """Return the positions of some numbers from 0 on in rising order, equal ones as they come.

    Sorts by the low and then by the high 16 bits, for which NumPy has a sort in linear time.

    >>> stable_order(np.array([70000, 5, 70000, 1], dtype=np.int32)).tolist()
    [3, 1, 0, 2]
    """
    order = np.argsort((numbers & 0xFFFF).astype(np.uint16), kind="stable").astype(np.int32)
    if not len(numbers) or int(numbers.max()) <= 0xFFFF:
        return order
    high = (numbers >> 16).astype(np.uint16)
    return order[np.argsort(high[order], kind="stable")]


def offsets_of(sorted_owners: npt.NDArray[np.signedinteger], count: int) -> Longs:
    """Return where each owner's run begins in a sorted array, with the end as last entry.

    >>> offsets_of(np.array([0, 0, 2]), 3).tolist()
    [0, 2, 2, 3]
    """
    offsets = np.zeros(count + 1, dtype=np.int64)
    np.cumsum(np.bincount(sorted_owners, minlength=count), out=offsets[1:])
    return offsets
