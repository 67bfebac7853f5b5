"""Options that several commands share, as values: each group is declared once and spread over the commands.

A group is a frozen dataclass whose fields are Typer options. A command takes the group as
one parameter; on the console its fields are options like any others.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from dataclasses import MISSING, fields, is_dataclass
from functools import wraps
from inspect import Parameter
from typing import Any, get_type_hints

import typer


def add_command(
    app: typer.Typer, name: str, command: Callable[..., None], *, help_text: str | None = None
) -> None:
    """Add a command whose parameters may be groups of options."""
    app.command(name, help=help_text)(spread(command))


def spread(command: Callable[..., None]) -> Callable[..., None]:
    """Return a command that takes the fields of its groups in place of the groups.

    >>> from dataclasses import dataclass
    >>> @dataclass(frozen=True)
    ... class Place:
    ...     city: str = "Oslo"
    >>> def visit(*, place: Place, days: int = 1) -> None:
    ...     print(place, days)
    >>> spread(visit)(city="Rome", days=2)
    Place(city='Rome') 2
    >>> list(inspect.signature(spread(visit)).parameters)
    ['city', 'days']
    """
    hints = get_type_hints(command, include_extras=True)
    groups: dict[str, Any] = {}
    parameters: list[Parameter] = []
    for name, parameter in inspect.signature(command).parameters.items():
        if is_dataclass(hints[name]):
            groups[name] = hints[name]
            parameters += _options_of(hints[name])
        else:
            parameters.append(parameter.replace(annotation=hints[name]))

    @wraps(command)
    def called(**given: Any) -> None:  # noqa: ANN401 - whatever the options of the command are
        for name, group in groups.items():
            given[name] = group(**{field.name: given.pop(field.name) for field in fields(group)})
        command(**given)

    called.__annotations__ = {}
    vars(called)["__signature__"] = inspect.Signature(parameters)
    return called


def _options_of(group: Any) -> list[Parameter]:  # noqa: ANN401 - any dataclass
    """Return a group's fields as parameters of a function."""
    hints = get_type_hints(group, include_extras=True)
    return [
        Parameter(
            field.name,
            Parameter.KEYWORD_ONLY,
            default=Parameter.empty if field.default is MISSING else field.default,
            annotation=hints[field.name],
        )
        for field in fields(group)
    ]
