"""Who may decide what, and the only writer of what people decide.

A question names the actor, what is decided and why; the answer is what the decision came
to. Each decision is one commit of the ledger, so its time is that commit's and cannot be
back-dated.
"""

from queries.governance.actor import ASSERTED, Actor
from queries.governance.erasure import ErasureQuestion, decide_erasure
from queries.governance.identity import IdentityQuestion, decide_identity
from queries.governance.owner import OwnerQuestion, decide_owner
from queries.governance.recording import CONSOLE, Decided
from queries.governance.refutation import RefutationQuestion, decide_refutation, refutable

__all__ = [
    "ASSERTED",
    "CONSOLE",
    "Actor",
    "Decided",
    "ErasureQuestion",
    "IdentityQuestion",
    "OwnerQuestion",
    "RefutationQuestion",
    "decide_erasure",
    "decide_identity",
    "decide_owner",
    "decide_refutation",
    "refutable",
]
