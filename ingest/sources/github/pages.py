"""An answer of the API without its wrapping: pages put together, the list taken out, and whether it is whole.

``gh api --paginate --slurp`` prints a list of pages, each of which is a list or an object that
holds one beside ``total_count``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from ingest.redaction import Json
from ingest.shapes import Misshapen, as_list, as_object
from ingest.sources.github.endpoints import Sort

_KEYS: Final = {
    Sort.ENVIRONMENTS: "environments",
    Sort.SECRETS: "secrets",
    Sort.SECRETS_OF_ORGANISATION: "secrets",
    Sort.VARIABLES: "variables",
    Sort.SELECTED_REPOSITORIES: "repositories",
    Sort.INSTALLATIONS: "installations",
}
"""The key under which each answer holds its list; the others are lists themselves."""

_PAGE_SIZES: Final = frozenset({30, 100})
"""As many entries as a page has by default, and at most."""

_SINGLE: Final = frozenset({Sort.ORGANISATION, Sort.REPOSITORY, Sort.SUBJECTS, Sort.CODEOWNERS})


@dataclass(frozen=True, slots=True)
class Entries:
    """The entries of an answer, each with its pointer, and what speaks against its being whole."""

    found: tuple[tuple[str, Json], ...]
    why_partial: str | None = None


def entries_of(body: Json, sort: Sort | None, command: str = "") -> Entries:
    """Return the entries of an answer; ``sort`` is None where it is not known yet what it is.

    Raises:
        Misshapen: for an error message of the API, or where there is no list.
    """
    if isinstance(body, dict) and "documentation_url" in body and "message" in body:
        raise Misshapen(
            "/message", "the server's refusal stands here, and not what was asked of it", "a list"
        )
    if sort in _SINGLE:
        alone = body[0] if isinstance(body, list) and len(body) == 1 else body
        as_object(alone)
        return Entries((("" if alone is body else "/0", alone),))
    slurped = isinstance(body, list) and bool(body) and all(_is_page(page) for page in body)
    pages = [(f"/{i}", page) for i, page in enumerate(as_list(body))] if slurped else [("", body)]
    found: list[tuple[str, Json]] = []
    for pointer, page in pages:
        found.extend(_entries_of_page(page, pointer, sort))
    return Entries(tuple(found), _why_partial(pages, len(found), slurped=slurped, command=command))


def _is_page(value: Json) -> bool:
    return isinstance(value, list) or (isinstance(value, dict) and "total_count" in value)


def _entries_of_page(page: Json, pointer: str, sort: Sort | None) -> list[tuple[str, Json]]:
    if isinstance(page, list):
        return [(f"{pointer}/{i}", entry) for i, entry in enumerate(page)]
    held = as_object(page, pointer)
    key = _KEYS.get(sort) if sort is not None else next((k for k in _KEYS.values() if k in held), None)
    if key is None:
        if sort is not None:
            raise Misshapen(pointer, "an object stands here", "a list")
        return [(pointer, page)]
    if key not in held:
        raise Misshapen(f"{pointer}/{key}", "nothing stands here", "a list")
    members = as_list(held[key], f"{pointer}/{key}")
    return [(f"{pointer}/{key}/{i}", entry) for i, entry in enumerate(members)]


def _why_partial(pages: Sequence[tuple[str, Json]], count: int, *, slurped: bool, command: str) -> str | None:
    """Return what speaks against the pages being all; a list that fills a page exactly may go on."""
    totals = [page["total_count"] for _, page in pages if isinstance(page, dict) and "total_count" in page]
    wanted = max((total for total in totals if isinstance(total, int)), default=None)
    if wanted is not None:
        return None if count >= wanted else f"it has {count} of {wanted} entries"
    if not slurped and count in _PAGE_SIZES and "--paginate" not in command:
        return f"it has {count} entries, as many as one page, so that there may be more"
    return None
