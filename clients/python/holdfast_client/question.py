"""One question as GraphQL: its document, its variables, and what its answer comes to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Generic, Literal, cast

import httpx

from holdfast_client.asked import At, variable
from holdfast_client.connection import Connection, json_of, refusal_of
from holdfast_client.errors import InvalidQuestion, NotFound, Refused, UnexpectedAnswer
from holdfast_client.pages import Cursor, Pages
from holdfast_client.reading import Answer, read, selection_of

_OUTCOMES: Final = "... on NotFound { uid message } ... on InvalidQuestion { code part message }"
_PLACES: Final = {"after": "String", "before": "Int"}
_ACCEPT: Final = {"accept": "application/graphql-response+json"}


@dataclass(frozen=True, slots=True)
class Question(Generic[Answer]):
    """A field of the server's schema, the type of each of its arguments, and the class of its answer.

    ``page`` is how many items it lists at once where the caller does not say, None where it is not
    asked. ``place`` is the argument with which its next page begins: after a cursor, before a number.
    """

    name: str
    answer: type[Answer]
    arguments: Mapping[str, str]
    page: int | None = None
    place: Literal["after", "before"] | None = None

    def document(self, page: int | None) -> str:
        """Return the question as a GraphQL document."""
        types = dict(self.arguments)
        if self.place is not None:
            types[self.place] = _PLACES[self.place]
        declared = ", ".join(f"${name}: {kind}" for name, kind in types.items())
        given = [f"{name}: ${name}" for name in types]
        if self.page is not None:
            # As a number, not a variable: of a variable the server takes the largest page to be meant.
            given.append(f"first: {self.page if page is None else int(page)}")
        asked = f"{self.name}({', '.join(given)})" if given else self.name
        chosen = f"__typename ... on {self.answer.__name__} {selection_of(self.answer)} {_OUTCOMES}"
        return f"query{f' ({declared})' if declared else ''} {{ {asked} {{ {chosen} }} }}"


def ask(
    connection: Connection,
    question: Question[Answer],
    given: Mapping[str, object],
    *,
    page: int | None = None,
) -> Answer:
    """Return the answer to a question; its further pages are asked for when they are needed.

    Raises:
        NotFound: for a node about which no source says anything.
        InvalidQuestion: for what cannot be asked that way.
        Refused: where the request was refused, or something broke in the server.
        NotReached: where no answer came.
        UnexpectedAnswer: for one that is not understood.
    """
    variables = {name: variable(value) for name, value in given.items() if value is not None}
    found = outcome(graphql(connection, question.document(page), variables), question.name)
    _raise_if_none(found)

    def follow(place: Cursor) -> Pages[Any]:
        asked = {**given, **_next(question, place, answer)}
        further = ask(connection, question, asked, page=page)
        if _standpoint(further) != _standpoint(answer):
            raise UnexpectedAnswer("the next page", "of the same commit and date")
        return _pages_of(further)

    answer = read(question.answer, found, follow=follow)
    return answer


def graphql(connection: Connection, document: str, variables: Mapping[str, object]) -> httpx.Response:
    """Return the answer to a GraphQL document."""
    body = {"query": document, "variables": variables}
    return connection.send("POST", "/graphql", json=body, headers=_ACCEPT)


def outcome(response: httpx.Response, name: str) -> Mapping[str, Any]:
    """Return what a field came to.

    Raises:
        Refused: where the request was refused, or something broke.
    """
    if not response.headers.get("content-type", "").startswith("application/graphql-response+json"):
        raise refusal_of(response)
    said = json_of(response)
    for error in cast("list[dict[str, Any]]", said.get("errors") or []):
        more = cast("dict[str, Any]", error.get("extensions") or {})
        status = response.status_code if response.is_error else 500
        raise Refused(status, str(more.get("code")), str(error.get("message"))[:2_000], more.get("requestId"))
    data = cast("dict[str, Any]", said.get("data") or {})
    if not isinstance(data.get(name), dict):
        raise UnexpectedAnswer(name, "an object")
    return cast("dict[str, Any]", data[name])


def _raise_if_none(found: Mapping[str, Any]) -> None:
    match found.get("__typename"):
        case "NotFound":
            raise NotFound(str(found.get("uid")), str(found.get("message")))
        case "InvalidQuestion":
            part = found.get("part")
            message = str(found.get("message"))
            raise InvalidQuestion(str(found.get("code")), None if part is None else str(part), message)
        case _:
            pass


def _next(question: Question[Any], place: Cursor, answer: object) -> dict[str, object]:
    """Return what asks for the next page. A cursor has the times of its answer in it, a number has not."""
    basis = getattr(answer, "basis", None)
    if question.place != "before" or basis is None:
        return {str(question.place): place}
    return {"before": place, "at": At(basis.as_of, None, basis.commit.sequence, basis.rules_version)}


def _standpoint(answer: object) -> tuple[object, object] | None:
    basis = getattr(answer, "basis", None)
    return None if basis is None else (basis.commit, basis.as_of)


def _pages_of(answer: Any) -> Pages[Any]:  # noqa: ANN401 - any answer that has pages
    for name in answer.__dataclass_fields__:
        value: object = getattr(answer, name)
        if isinstance(value, Pages):
            return value  # pyright: ignore[reportUnknownVariableType]
    raise UnexpectedAnswer(type(answer).__name__, "an answer in pages")
