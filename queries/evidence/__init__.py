"""Evidence completeness: for each subject and requirement, what proves it, or the first test that fails.

`find_evidence(estate, EvidenceQuestion(...))` answers for a pair of times. The engine is
laid out so that states, inheritance, waivers and assurance are added to it as entries:

- `facts` is read once from the ledger, `dated` is a date's view of it;
- `requirements` reads catalogs, `records` evidence and decisions;
- `applicability`, `trials` (the table of tests) and `graph_answers` judge;
- `slots`, `cells` and `scores` put the judgements together, `evaluate` the answer.
"""

from queries.evidence.answer import (
    DEFAULT_ENVIRONMENTS,
    EVIDENCE_RULES,
    Applicability,
    CatalogStamp,
    Cell,
    EvidenceAnswer,
    EvidenceQuestion,
    FactUsed,
    Proof,
    RequirementRef,
    Scores,
    SlotResult,
    Untyped,
    VersionResult,
)
from queries.evidence.evaluate import find_evidence
from queries.evidence.slots import GRAPH_QUERIES
from queries.evidence.states import Applies, RequirementState, SlotState

__all__ = [
    "DEFAULT_ENVIRONMENTS",
    "EVIDENCE_RULES",
    "GRAPH_QUERIES",
    "Applicability",
    "Applies",
    "CatalogStamp",
    "Cell",
    "EvidenceAnswer",
    "EvidenceQuestion",
    "FactUsed",
    "Proof",
    "RequirementRef",
    "RequirementState",
    "Scores",
    "SlotResult",
    "SlotState",
    "Untyped",
    "VersionResult",
    "find_evidence",
]
