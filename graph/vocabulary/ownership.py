"""Where the accountable owner of a node is looked for, and which nodes should have one.

The steps are tried in this order and each of them recursively; the first that finds an owner ends
the search. Data relations are never followed: reading a table does not make anybody its owner.
"""

from typing import Final

from graph.vocabulary.terms import Kind, Ownable, OwnershipStep

OWNERSHIP_STEPS: Final = (
    OwnershipStep(None, inherited_only=False, description="The node's own accountable owner."),
    OwnershipStep(
        "VERSION_OF",
        inherited_only=False,
        description="The owner of what it is a version of, which is as good as an own one.",
    ),
    OwnershipStep(
        "PART_OF",
        inherited_only=True,
        description="The owner of the whole that it is a part of.",
    ),
    OwnershipStep(
        "WITHIN",
        inherited_only=True,
        description="The owner of the nearest scope around it.",
    ),
)

OWNABLE: Final = (
    Ownable(
        Kind.ASSET,
        except_types=frozenset({"package", "network_zone"}),
        # Both say that a node is a typed sub-scope; a source may have said only one of them.
        except_with_property=frozenset({"resource_type"}),
        except_object_of=frozenset({("WITHIN", "listed")}),
    ),
    Ownable(Kind.SECRET),
    Ownable(Kind.DATASET),
    Ownable(Kind.IDENTITY, except_types=frozenset({"person"})),
)
