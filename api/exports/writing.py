"""Writing an export into a folder: its files, and the manifest of what they are an export of."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from api.cli.output import SCHEMA_VERSION
from api.documents.common import basis_of
from api.exports.files import Folder, Written
from api.exports.forms import FORMS
from queries.estate import Estate
from queries.export_filtered import FilteredExport, FilteredQuestion, export_filtered


@dataclass(frozen=True, slots=True)
class Export:
    """What was exported, and the files that it came to."""

    found: FilteredExport
    files: tuple[Written, ...]


def write_export(estate: Estate, form: str, folder: Path, question: FilteredQuestion) -> Export:
    """Write the files of a form into a new folder, last their manifest.

    Raises:
        InvalidQuestion: where something is in the folder, or it cannot be made.
        KeyError: for a form that there is not.
    """
    found = export_filtered(estate, question)
    made = Folder.new(folder)
    for file in FORMS[form](found):
        made.write(file.name, file.lines, file.count)
    made.finish(_manifest(form, found, question))
    return Export(found, tuple(made.written))


def _manifest(form: str, found: FilteredExport, question: FilteredQuestion) -> dict[str, Any]:
    """Return of what the files are an export, and what is not in them."""
    wanted = question.filter
    return {
        "schema_version": SCHEMA_VERSION,
        "format": form,
        **basis_of(found.basis),
        "filters": {
            "kinds": sorted(kind.value for kind in wanted.kinds),
            "environments": sorted(wanted.environments),
            "min_criticality": wanted.min_criticality,
        },
        "left_out": {
            "nodes": found.other_nodes,
            "for_what_is_not_known": found.hidden.total,
            "edges_with_one_end": found.cut_edges,
        },
    }
