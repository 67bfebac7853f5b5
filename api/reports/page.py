"""The report as one page that a person can mail: no script, nothing loaded from elsewhere."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape
from typing import Any, Final

from api.documents.common import Document

_STYLE: Final = """
body { font: 15px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 70rem; padding: 0 1rem; }
body { color: #1a1a1a; }
h1 { font-size: 1.4rem; }
table { border-collapse: collapse; width: 100%; }
th, td { text-align: left; vertical-align: top; padding: .4rem .6rem; border-bottom: 1px solid #ccc; }
td.number, th.number { text-align: right; font-variant-numeric: tabular-nums; }
.uid, .basis { color: #555; font-size: .85rem; overflow-wrap: anywhere; }
.unknown { background: #fff3cd; padding: .1rem .3rem; }
@media (prefers-color-scheme: dark) {
  body { background: #151515; color: #e8e8e8; }
  .uid, .basis { color: #aaa; }
  .unknown { background: #4d3b00; }
}
"""
_POLICY: Final = "default-src 'none'; style-src 'unsafe-inline'"


def page_lines(rows: Sequence[Document], said: dict[str, Any]) -> Iterator[str]:
    """Yield the lines of the page: the worst first, each with its paths; what is not known is marked."""
    question = said["question"]
    yield "<!doctype html>"
    yield '<html lang="en"><head><meta charset="utf-8">'
    yield f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">'
    yield '<meta name="viewport" content="width=device-width, initial-scale=1">'
    yield f"<title>Blast radius of {escape(question['sources'])}</title><style>{_STYLE}</style></head><body>"
    yield f"<h1>Blast radius of {escape(question['sources'])}</h1>"
    yield f'<p class="basis">{escape(_basis(said))}</p>'
    yield f"<p>{len(rows)} nodes, the worst first. A count is of nodes and harms beside the node itself.</p>"
    yield "<table><thead><tr><th scope=col>If this</th><th scope=col>is</th>"
    yield '<th scope=col class="number">nodes harmed</th><th scope=col class="number">certain</th>'
    yield '<th scope=col class="number">possible</th><th scope=col>highest criticality</th>'
    yield "<th scope=col>owners of what is harmed</th></tr></thead><tbody>"
    for row in sorted(rows, key=_rank):
        yield from _row(row)
    yield "</tbody></table>"
    yield f"<!-- end: {len(rows)} rows --></body></html>"


def _basis(said: dict[str, Any]) -> str:
    pinned = said["pinned"]
    return (
        f"As of {pinned['as_of']}, known up to commit {pinned['commit']} ({pinned['hash'][:12]}), "
        f"rules version {pinned['rules_version']}. Within {_bounds(said)}."
    )


def _bounds(said: dict[str, Any]) -> str:
    bounds = said["question"]["bounds"]
    return (
        ", ".join(f"{name} {value:g}" for name, value in bounds.items() if value is not None) or "no bounds"
    )


def _rank(row: Document) -> tuple[int, int, int, str]:
    highest = -1 if row["highest_criticality"] is None else row["highest_criticality"]
    return -highest, -row["certain"], -row["possible"], row["uid"]


def _row(row: Document) -> Iterator[str]:
    yield "<tr>"
    yield f'<td>{escape(row["name"] or row["uid"])}<div class="uid">{escape(row["uid"])}</div></td>'
    yield f"<td>{escape(row['harm'])}</td>"
    for name in ("nodes", "certain", "possible"):
        least = "at least " if row["truncated"] is not None else ""
        yield f'<td class="number">{least}{row[name]}</td>'
    yield f"<td>{_criticality(row)}</td><td>{_owners(row)}</td></tr>"
    if row["worst"] or row["harms"]:
        yield f'<tr><td colspan="7">{_harms(row)}<ul>'
        yield from (f"<li>{_worst(worst)}</li>" for worst in row["worst"])
        yield "</ul></td></tr>"


def _harms(row: Document) -> str:
    """Return how many are harmed in which way, for certain and possibly."""
    counts = (
        f"{harm} {', '.join(f'{count} {certainty}' for certainty, count in found.items() if count)}"
        for harm, found in row["harms"].items()
    )
    return escape("; ".join(counts))


def _criticality(row: Document) -> str:
    highest = row["highest_criticality"]
    known = "" if highest is None else f"{highest} "
    unknown = row["unknown_criticality"]
    return known + (f'<span class="unknown">unknown for {unknown}</span>' if unknown else "")


def _owners(row: Document) -> str:
    named = [f"{escape(owner['name'] or owner['uid'])} ({owner['nodes']})" for owner in row["owners"]]
    if row["more_owners"]:
        named.append(f"{row['more_owners']} more")
    if row["unowned"]:
        named.append(f"nobody ({row['unowned']})")
    if row["unknown_owners"]:
        named.append(f'<span class="unknown">unknown for {row["unknown_owners"]}</span>')
    return ", ".join(named)


def _worst(worst: Document) -> str:
    rank = "" if worst["criticality"] is None else f", criticality {worst['criticality']}"
    told = f"{worst['name'] or worst['uid']}: {worst['harm']}, {worst['certainty']}{rank}"
    return f"<strong>{escape(told)}.</strong> {escape(worst['path'])}"
