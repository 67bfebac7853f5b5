"""Relations of building and running: what an asset is made of, calls and runs on."""

from typing import Final

from graph.vocabulary.notation import relation, same_kind, to_object, to_subject
from graph.vocabulary.terms import Harm, Kind

CONTROLLED, DISCLOSED, TAINTED = Harm.CONTROLLED, Harm.DISCLOSED, Harm.TAINTED
UNAVAILABLE, UNPROVEN = Harm.UNAVAILABLE, Harm.UNPROVEN
_ASSETS = same_kind(Kind.ASSET)

BUILD: Final = (
    relation(
        "BUILT_FROM",
        _ASSETS,
        to_subject(TAINTED, CONTROLLED),
        to_subject(CONTROLLED, CONTROLLED),
        reads=("is built from", "is built into"),
        description="Code of the package, image or repository runs in the subject.",
    ),
    relation(
        "INVOKES",
        _ASSETS,
        to_subject(TAINTED, TAINTED),
        to_subject(UNAVAILABLE, UNAVAILABLE, lacking=["optional"]),
        to_object(CONTROLLED, DISCLOSED, possible=True),
        reads=("invokes", "is invoked by"),
        description="The subject calls a tool, MCP server, endpoint, service or agent.",
    ),
    relation(
        "PROMPTED_BY",
        _ASSETS,
        to_subject(TAINTED, TAINTED),
        to_subject(UNAVAILABLE, UNAVAILABLE, possible=True),
        to_object(CONTROLLED, DISCLOSED),
        reads=("is prompted by", "prompts"),
        description="The prompt version tells the agent or model what to do.",
    ),
    relation(
        "GUARDED_BY",
        _ASSETS,
        to_subject(UNAVAILABLE, UNPROVEN),
        to_subject(TAINTED, UNPROVEN),
        reads=("is guarded by", "guards"),
        description="The guardrail is why the subject was held to be safe.",
    ),
    relation(
        "RUNS_ON",
        _ASSETS,
        to_subject(CONTROLLED, CONTROLLED),
        to_subject(UNAVAILABLE, UNAVAILABLE, lacking=["optional"]),
        to_object(CONTROLLED, CONTROLLED, having=["privileged"], possible=True),
        reads=("runs on", "is the host of"),
        description="The compute that the workload runs on.",
    ),
    relation(
        "EXPOSED_TO",
        _ASSETS,
        reads=("is exposed to", "can reach"),
        description="The network zone from which the asset can be reached; it ranks, it carries no harm.",
    ),
)
