"""Topologies written out as plain values, without the numbers that they use inside."""

from __future__ import annotations

from graph.topology import Topology
from graph.topology.codes import KIND_ORDER


def decoded(topology: Topology):
    """Return everything that a topology says, in its own order."""
    spells, columns = topology.spells, topology.rows
    nodes = [(uid, KIND_ORDER[kind]) for uid, kind in zip(topology.uids, topology.kinds, strict=True)]
    described = [
        (
            topology.uids[spells.node[at]],
            int(spells.valid_from[at]),
            int(spells.valid_to[at]),
            frozenset() if spells.type[at] < 0 else topology.types[spells.type[at]],
            int(spells.criticality[at]),
            int(spells.status[at]),
            int(spells.revoked[at]),
            int(spells.revoked_at[at]),
            int(spells.expires[at]),
            int(spells.verified_at[at]),
        )
        for at in range(len(spells))
    ]
    rows = []
    for row in range(topology.row_count):
        code = topology.code_of(row)
        subject, target = topology.ends_of(row)
        rows.append(
            (
                topology.uids[subject],
                topology.uids[target],
                code.relation,
                topology.discriminators[columns.discriminator[row]],
                int(columns.valid_from[row]),
                int(columns.valid_to[row]),
                code.subject_kind,
                code.object_kind,
                code.marks,
                code.certainty,
                code.possible_marks,
            )
        )
    into = topology.into
    assert into.row is not None
    back = []
    for number, uid in enumerate(topology.uids):
        for slot in range(into.offsets[number], into.offsets[number + 1]):
            assert into.code[slot] == topology.out.code[into.row[slot]]
            back.append((uid, topology.uids[into.far[slot]], int(into.row[slot])))
    return topology.known, nodes, described, rows, back
