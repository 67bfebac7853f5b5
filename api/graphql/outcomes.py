"""What a question comes to when it has no answer: outcomes that callers should expect."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Final, TypeVar

import strawberry
from strawberry import field
from strawberry.utils.str_converters import to_camel_case

from api.errors import rule_of
from graph import errors
from graph.errors import HoldfastError, NodeNotFound

Answer = TypeVar("Answer")

_ASKED_WRONGLY = (409, 422)

_LOOK_IT_UP: Final = (
    "The field search finds nodes by name, external id or text and gives their uid; "
    "the argument at asks about other times."
)
"""What to do about a uid that nothing has; the remedy that the error itself names is for the console."""


@strawberry.type(
    description="No source says anything about a node at the times asked about. Nodes are asked for by uid, "
    "byte for byte; the field search finds the uid of a name or of an external id."
)
class NotFound:
    """A node that is not there."""

    uid: strawberry.ID = field(description="What was asked for.")
    message: str = field(description="What happened and what can be done about it.")


@strawberry.type(description="The question cannot be asked that way.")
class InvalidQuestion:
    """A question that has to be changed."""

    code: str = field(description="A stable word for what is wrong, such as invalid_question.")
    part: str | None = field(description="Which part of the question it is, where it is one.")
    message: str = field(description="What is wrong and what was expected.")


def asked(ask: Callable[[], Answer]) -> Answer | NotFound | InvalidQuestion:
    """Return an answer, or the outcome that a question comes to instead.

    Raises:
        HoldfastError: for what is wrong inside; it leaves as a masked error.
    """
    try:
        return ask()
    except NodeNotFound as error:
        return NotFound(uid=strawberry.ID(error.uid), message=f"{error.message()} {_LOOK_IT_UP}")
    except HoldfastError as error:
        code, rule = rule_of(error)
        if rule.status not in _ASKED_WRONGLY:
            raise
        if isinstance(error, errors.InvalidQuestion):
            error = replace(error, field=to_camel_case(error.field))
            return InvalidQuestion(code=code, part=error.field, message=str(error))
        return InvalidQuestion(code=code, part=None, message=str(error))
