"""Answers read into their classes, which say themselves what is asked for.

A field's type says what to select and what to expect: a class is an object, a tuple a list, a
Literal one of the server's words. What is of another type is an error, and never guessed at.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable, Mapping
from datetime import datetime
from types import NoneType, UnionType
from typing import Any, Final, Literal, TypeVar, Union, cast, get_args, get_origin, get_type_hints

from holdfast_client.errors import UnexpectedAnswer
from holdfast_client.pages import Cursor, NumberedPages, Pages

Answer = TypeVar("Answer")
Follow = Callable[[Cursor], "Pages[Any]"]
Naming = Callable[[str], str]
_OPTIONAL: Final = (UnionType, Union)
"""What `X | None` comes to; of a Literal it is the older one."""


def camel(name: str) -> str:
    """Return a name as GraphQL spells it.

    >>> camel("rules_version")
    'rulesVersion'
    """
    return re.sub(r"_(\w)", lambda found: found[1].upper(), name)


def hints_of(answer: type[Any]) -> Mapping[str, Any]:
    """Return the fields of a class with their types."""
    if answer not in _HINTS:
        _HINTS[answer] = get_type_hints(answer)
    return _HINTS[answer]


_HINTS: Final[dict[type[Any], Mapping[str, Any]]] = {}


def selection_of(answer: type[Any]) -> str:
    """Return the fields of a class as a selection.

    >>> from holdfast_client.answers.basis import Bound
    >>> selection_of(Bound)
    '{ name value }'
    """
    return f"{{ {' '.join(_selected(name, hint) for name, hint in hints_of(answer).items())} }}"


def _selected(name: str, hint: Any) -> str:  # noqa: ANN401 - a type
    inner = _inner(hint)
    is_object = dataclasses.is_dataclass(inner)
    field = f"{camel(name)} {selection_of(cast('type[Any]', inner))}" if is_object else camel(name)
    if get_origin(hint) is Pages:
        return f"{field} pageInfo {{ hasNextPage endCursor }}"
    return f"{field} nextBefore" if get_origin(hint) is NumberedPages else field


def _inner(hint: Any) -> Any:  # noqa: ANN401 - a type
    """Return what a type is a list of, or may be absent of; else itself."""
    if get_origin(hint) in (tuple, Pages, NumberedPages, *_OPTIONAL):
        return _inner(get_args(hint)[0])
    return hint


def read(answer: type[Answer], said: object, *, follow: Follow, naming: Naming = camel) -> Answer:
    """Return an answer as its class.

    Raises:
        UnexpectedAnswer: where it is of another shape.
    """
    return cast("Answer", _Reader(follow, naming).value(answer, said, answer.__name__))


@dataclasses.dataclass(frozen=True)
class _Reader:
    follow: Follow
    naming: Naming

    def value(self, hint: Any, said: object, place: str) -> Any:  # noqa: ANN401 - of that type
        origin = get_origin(hint)
        if origin in _OPTIONAL:
            return None if said is None else self.value(get_args(hint)[0], said, place)
        if origin is tuple:
            return self._items(hint, said, place)
        if origin is Literal:
            return _one_of(get_args(hint), said, place)
        if dataclasses.is_dataclass(hint):
            return self._object(cast("type[Any]", hint), said, place)
        if hint is datetime:
            return _time(said, place)
        if origin is not None:  # a mapping of counts
            return {str(key): int(value) for key, value in _mapping(said, place).items()}
        return _plain(hint, said, place)

    def _object(self, answer: type[Any], said: object, place: str) -> Any:  # noqa: ANN401 - of that class
        found = _mapping(said, place)
        read_fields: dict[str, Any] = {}
        for name, hint in hints_of(answer).items():
            spelled = self.naming(name)
            if spelled not in found:
                raise UnexpectedAnswer(f"{place}.{spelled}", "there")
            inside = f"{place}.{spelled}"
            is_paged = get_origin(hint) in (Pages, NumberedPages)
            read_fields[name] = (
                self._pages(hint, found, spelled, inside)
                if is_paged
                else self.value(hint, found[spelled], inside)
            )
        return answer(**read_fields)

    def _items(self, hint: Any, said: object, place: str) -> tuple[Any, ...]:  # noqa: ANN401 - a type
        if not isinstance(said, list):
            raise UnexpectedAnswer(place, "a list")
        items = cast("list[object]", said)
        return tuple(self.value(get_args(hint)[0], item, f"{place}[{i}]") for i, item in enumerate(items))

    def _pages(self, hint: Any, found: Mapping[str, Any], name: str, place: str) -> Pages[Any]:  # noqa: ANN401
        items = self._items(hint, found[name], place)
        if get_origin(hint) is NumberedPages:
            before = self.value(int | None, found.get("nextBefore"), f"{place} nextBefore")
            return NumberedPages(items[::-1] if name == "events" else items, before, self.follow)
        ends = _mapping(found.get("pageInfo"), f"{place} pageInfo")
        has_more = _plain(bool, ends.get("hasNextPage"), f"{place} hasNextPage")
        cursor = _plain(str, ends.get("endCursor"), f"{place} endCursor") if has_more else None
        return Pages(items, cursor, self.follow)


def _mapping(said: object, place: str) -> Mapping[str, Any]:
    if not isinstance(said, dict):
        raise UnexpectedAnswer(place, "an object")
    return cast("dict[str, Any]", said)


def _one_of(words: tuple[Any, ...], said: object, place: str) -> object:
    if said not in words:
        raise UnexpectedAnswer(place, f"one of {', '.join(map(str, words))}")
    return said


def _time(said: object, place: str) -> datetime:
    try:
        # Python 3.10 reads no Z.
        return datetime.fromisoformat(str(said).replace("Z", "+00:00"))
    except ValueError:
        raise UnexpectedAnswer(place, "a time") from None


def _plain(hint: Any, said: object, place: str) -> Any:  # noqa: ANN401 - of that type
    if hint is float and type(said) is int:
        return float(said)
    if hint is NoneType or type(said) is not hint:
        raise UnexpectedAnswer(place, f"of type {hint.__name__}")
    return said
