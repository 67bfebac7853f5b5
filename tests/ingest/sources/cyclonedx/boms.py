"""A short way to write BOMs, to read them, and to see the graph that they make.

In expectations ``~x`` is the thing that is called ``x`` inside of the BOM; packages go by their URL.
"""

import json
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from graph.model import Edge, Node
from ingest.report import RunReport
from ingest.sources.cyclonedx import SOURCE
from ingest.times import parse_time
from tests.ingest.jobs import Desk

FILES = Path(__file__).parent / "files"
LATE = parse_time("2026-12-31").moment
SERIAL = "urn:uuid:3e671687-395b-41f5-a30f-a58921a69b79"


def library(name: str, version: str = "1.0", **more: Any) -> dict[str, Any]:
    purl = f"pkg:npm/{name}@{version}"
    return {"type": "library", "bom-ref": name, "name": name, "version": version, "purl": purl, **more}


def depends(ref: str, *on: str) -> dict[str, Any]:
    return {"ref": ref, "dependsOn": list(on)}


def bom(*components: dict[str, Any], version: int = 1, day: int = 1, **more: Any) -> dict[str, Any]:
    """A BOM of an application ``app`` of a day in January 2026; ``None`` takes a field out."""
    root = {"type": "application", "bom-ref": "app", "name": "app", "version": "1.0"}
    made = {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "serialNumber": SERIAL,
        "version": version,
        "metadata": {"timestamp": f"2026-01-{day:02d}T00:00:00Z", "component": root},
        "components": list(components),
        **more,
    }
    return {key: value for key, value in made.items() if value is not None}


def read(desk: Desk, *documents: dict[str, Any] | str, **options: Any) -> RunReport:
    """Read documents as files of one run."""
    paths = []
    for document in documents:
        desk.written += 1
        path = desk.folder / f"{desk.written:02d}.json"
        path.write_text(document if isinstance(document, str) else json.dumps(document), encoding="utf-8")
        paths.append(path)
    return desk.run(*paths, source=SOURCE, **options)


def nodes(desk: Desk) -> dict[str, Node]:
    return {short(node.uid): node for node in desk.ledger.all_nodes(desk.ledger.at(LATE))}


def edges(desk: Desk, *relations: str) -> set[str]:
    found = desk.ledger.all_edges(desk.ledger.at(LATE))
    return {_shown(edge) for edge in found if not relations or edge.relation in relations}


def _shown(edge: Edge) -> str:
    marks = f" [{' '.join(sorted(edge.marks))}]" if edge.marks else ""
    doubt = " ?" if edge.certainty.value == "possible" else ""
    return f"{short(edge.subject.uid)} {edge.relation} {short(edge.object.uid)}{marks}{doubt}"


def short(uid: str) -> str:
    how, _, rest = uid.split(":", 2)[2].partition(":")
    if how == "purl":
        return unquote(rest)
    return "~" + unquote(rest.removeprefix(f"{SERIAL}/")) if SERIAL in rest else f"{how}:{unquote(rest)}"
