"""`holdfast init`: write a settings file with the sources that can be seen from here."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from api.cli.options import JsonOption

if TYPE_CHECKING:
    from api.initialising.suggestion import Suggestion


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("init")(init)


def init(
    *,
    force: Annotated[bool, typer.Option("--force", help="Replace a settings file that is there.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Write holdfast.toml with the sources that can be seen from this folder and the environment.

    What runs as it stands is active, the rest is commented out with what it lacks. Nothing is
    read in, and no value of a variable is written.
    """
    from api.cli.output import emit_json
    from api.initialising.detectors import detected
    from api.initialising.page import page_of
    from api.initialising.surroundings import here
    from api.settings import FILE

    found = list(detected(here()))
    write(page_of(found), replaces=force)
    if as_json:
        emit_json({"file": FILE, "sources": [_document(one) for one in found], "next": next_steps(found)})
    else:
        show(found)


def write(page: str, *, replaces: bool) -> None:
    """Write the settings file.

    Raises:
        InvalidQuestion: where there is one already that is not to be replaced.
        InvalidSetting: where it cannot be written.
    """
    from pathlib import Path

    from api.errors import InvalidSetting
    from api.settings import FILE
    from graph.errors import InvalidQuestion

    try:
        with Path(FILE).open("w" if replaces else "x", encoding="utf-8") as file:
            file.write(page)
    except FileExistsError:
        raise InvalidQuestion("force", f"there is a {FILE} already", "--force, which replaces it") from None
    except OSError as error:
        raise InvalidSetting(FILE, f"cannot be written: {error.strerror}") from None


def show(found: Sequence[Suggestion]) -> None:
    """Print what was found and what to do next."""
    from api.cli.output import emit, emit_table

    if found:
        emit_table(
            ("source", "seen", "in the file", "lacks"),
            [
                (
                    one.source,
                    ", ".join(one.seen),
                    "active" if one.is_active else "commented out",
                    "; ".join(one.lacks),
                )
                for one in found
            ],
        )
    else:
        emit("Nothing that Holdfast reads was seen from here.")
    emit()
    for step in next_steps(found):
        emit(step)


def next_steps(found: Sequence[Suggestion]) -> list[str]:
    """Return what to do next, one line each."""
    commented = [one.source for one in found if not one.is_active]
    steps = ["holdfast.toml is written: look through it, and name the instances."]
    if commented:
        steps.append(f"To complete: {', '.join(commented)}; the comments say what is lacking.")
    if any(one.is_active for one in found):
        steps.append("`holdfast sync --dry-run` says what would be read, `holdfast sync` reads it.")
    else:
        steps.append("`holdfast sources` lists what can be read; `holdfast demo` shows a sample estate.")
    return steps


def _document(one: Suggestion) -> dict[str, object]:
    return {
        "name": one.source,
        "active": one.is_active,
        "seen": list(one.seen),
        "lacks": list(one.lacks),
        "paths": list(one.paths),
        "rights": one.rights,
        "page": one.page,
    }
