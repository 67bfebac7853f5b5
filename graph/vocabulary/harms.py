"""Harms, what follows from them on the same node, and the words rules ask an edge for.

`APPLIES_TO` is the only place that says which harm can happen to which kind; kinds and harm rules
are computed from it.
"""

from graph.vocabulary.terms import (
    Certainty,
    Condition,
    Harm,
    HarmTerm,
    Implication,
    Kind,
    Mark,
    MarkSupport,
)

_EVERY_KIND = frozenset(Kind) - {Kind.UNKNOWN}

APPLIES_TO: dict[Harm, frozenset[Kind]] = {
    Harm.CONTROLLED: frozenset({Kind.ASSET, Kind.IDENTITY}),
    Harm.DISCLOSED: frozenset({Kind.ASSET, Kind.DATASET, Kind.SECRET}),
    Harm.TAINTED: frozenset({Kind.ASSET, Kind.DATASET}),
    Harm.UNAVAILABLE: _EVERY_KIND - {Kind.REGULATION, Kind.REQUIREMENT},
    Harm.UNPROVEN: frozenset({Kind.ASSET, Kind.DATASET, Kind.EVIDENCE, Kind.DECISION}),
    Harm.ORPHANED: _EVERY_KIND - {Kind.REGULATION, Kind.REQUIREMENT},
}

HARMS = (
    HarmTerm(
        Harm.CONTROLLED,
        "An attacker can act with its rights, or have it run code of theirs.",
        APPLIES_TO[Harm.CONTROLLED],
    ),
    HarmTerm(
        Harm.DISCLOSED,
        "An attacker can read what it holds.",
        APPLIES_TO[Harm.DISCLOSED],
    ),
    HarmTerm(
        Harm.TAINTED,
        "What it holds or puts out may have been falsified.",
        APPLIES_TO[Harm.TAINTED],
    ),
    HarmTerm(
        Harm.UNAVAILABLE,
        "It can no longer be used: stopped, revoked, withdrawn, rotated, departed or deleted.",
        APPLIES_TO[Harm.UNAVAILABLE],
    ),
    HarmTerm(
        Harm.UNPROVEN,
        "Evidence or approval that it rested on has lost its force.",
        APPLIES_TO[Harm.UNPROVEN],
    ),
    HarmTerm(
        Harm.ORPHANED,
        "No living person answers for it any more.",
        APPLIES_TO[Harm.ORPHANED],
        travels=False,
    ),
)

IMPLICATIONS = (
    Implication(Kind.ASSET, None, Harm.CONTROLLED, Harm.DISCLOSED, Certainty.CERTAIN),
    Implication(Kind.ASSET, None, Harm.CONTROLLED, Harm.TAINTED, Certainty.CERTAIN),
    Implication(Kind.ASSET, None, Harm.TAINTED, Harm.UNPROVEN, Certainty.CERTAIN),
    Implication(Kind.DATASET, None, Harm.TAINTED, Harm.UNPROVEN, Certainty.CERTAIN),
    # An agent that reads falsified input may follow instructions hidden in it.
    Implication(Kind.ASSET, frozenset({"agent"}), Harm.TAINTED, Harm.CONTROLLED, Certainty.POSSIBLE),
)

MARKS = (
    Mark(
        "optional",
        frozenset({"INVOKES", "READS", "USES_SECRET", "RUNS_ON", "SERVES"}),
        "The subject keeps working without the object, so the loss of one is not felt by the other.",
        MarkSupport.ALL_CLAIMS,
    ),
    Mark(
        "refined",
        frozenset({"READS"}),
        "DERIVED_FROM between the datasets tells which output comes from this input; "
        "falsified data is followed there and not through the job.",
    ),
    Mark(
        "coarse",
        frozenset({"READS"}),
        "The job has several inputs and several outputs and nothing finer is known; "
        "it is open whether this input reaches a given output.",
    ),
    Mark(
        "privileged",
        frozenset({"RUNS_ON"}),
        "The workload has the means to break out to its host.",
    ),
    Mark(
        "sole",
        frozenset({"AUTHENTICATES", "SERVES"}),
        "There is no second one, so its loss is sure to be felt. Never inferred.",
    ),
    Mark(
        "listed",
        frozenset({"WITHIN"}),
        "The object is the sub-scope of exactly the subject's resource type: "
        "whoever can read the sub-scope can read the subject.",
    ),
    Mark("accountable", frozenset({"OWNS"}), "The role: answers for it."),
    Mark("steward", frozenset({"OWNS"}), "The role: looks after its content."),
    Mark("contact", frozenset({"OWNS"}), "The role: can be asked about it."),
)

CONDITIONS = (
    Condition(
        "version_not_revoked",
        "Is the subject, a version of a secret, still neither revoked nor expired?",
        when_false=None,
    ),
    Condition(
        "no_other_living_owner",
        "Is there no other accountable owner of the object who is alive at that date?",
        when_false=Certainty.POSSIBLE,
    ),
    Condition(
        "verified_after_since",
        "Was the subject, a verification, made at or after the time since when the harm holds?",
        when_false=None,
    ),
)
