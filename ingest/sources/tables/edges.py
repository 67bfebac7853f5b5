"""From the mapping's words to what a row says of two things: the relation, its ends, marks and certainty."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final
from zoneinfo import ZoneInfo

from graph.vocabulary import VOCABULARY, Certainty, Discriminator, Kind, Relation
from ingest.sources.tables.cells import IDS, Cell
from ingest.sources.tables.columns import ROW_WORDS, read_property, read_rows, read_word
from ingest.sources.tables.ends import End
from ingest.sources.tables.mapping import EdgeMapping
from ingest.sources.tables.nodes import KINDS, Described, read_template
from ingest.yamlfields import Part, Parts

EDGE_WORDS: Final = (
    *("relation", "from", "to", "marks", "environment"),
    *("certainty", "condition", "properties", *ROW_WORDS, "names_all"),
)
END_WORDS: Final = ("table", "id", "uid", "address", "person", "team", "instance", "kind", "separator")

_WAYS: Final = ("table", "uid", "address", "person", "team")
_RELATIONS: Final = tuple(relation.name for relation in VOCABULARY.relations)


@dataclass(frozen=True, slots=True)
class Around:
    """What stands around an edge in the mapping: its table's things, all other tables, the zone."""

    described: Described | None
    tables: Mapping[str, Described]
    zone: ZoneInfo | None


def read_edge(part: Part, around: Around) -> EdgeMapping:
    """Return what a row says of two things; raises Misread."""
    said = part.parts(EDGE_WORDS, required=("relation",))
    relation = VOCABULARY.relation(said["relation"].word(_RELATIONS))
    subject, target = (_end(said[word], around) if word in said else None for word in ("from", "to"))
    _check_ends(part, subject, target, around)
    _check_pair(said["relation"], relation, _kinds(subject, around), _kinds(target, around))
    marks = _marks(part, said, relation)
    certainty = Certainty(said["certainty"].word(tuple(Certainty))) if "certainty" in said else None
    if (certainty is Certainty.POSSIBLE) != ("condition" in said):
        expected = "certainty: possible with a condition in words, or neither"
        raise part.fault("has not both or none of a condition and certainty: possible", expected)
    rows = read_rows(said)
    # Of rows that the edge is not made for, the columns say nothing.
    names_owners = relation.name == "OWNS" and "accountable" in marks and not rows.columns
    return EdgeMapping(
        relation=relation,
        subject=subject,
        object=target,
        marks=marks,
        environment=_environment(said, relation),
        certainty=certainty or Certainty.CERTAIN,
        condition=said["condition"].text() if "condition" in said else None,
        properties=_properties(said, around.zone),
        rows=rows,
        names_all=said["names_all"].flag() if "names_all" in said else names_owners,
    )


def _check_ends(part: Part, subject: End | None, target: End | None, around: Around) -> None:
    if subject is None and target is None:
        raise part.fault("says no other end", "from: … or to: …")
    if around.described is None and (subject is None or target is None):
        raise part.fault("says one end only, and rows stand for no thing", "from: … and to: …")


def _end(part: Part, around: Around) -> End:
    said = part.parts(END_WORDS)
    ways = [way for way in _WAYS if way in said]
    if len(ways) != 1:
        raise part.fault(f"says {' and '.join(ways) or 'not which node'}", f"one of {', '.join(_WAYS)}")
    (by,) = ways
    kind = Kind(said["kind"].word(KINDS)) if "kind" in said else None
    if by == "table":
        return _in_table(part, said, kind, around)
    if by == "uid":
        template = read_template(said["uid"])
        cells = tuple(_listing(column, part, said) for column in template.columns)
        return End(by, cells, kind or template.kind, template=template)
    instance = said["instance"].text() if "instance" in said else "default"
    return End(by, (_listing(said[by].text(), part, said),), Kind.IDENTITY, instance=instance)


def _in_table(part: Part, said: Parts, kind: Kind | None, around: Around) -> End:
    name = said["table"].word(tuple(around.tables))
    if "id" not in said:
        raise part.fault("says no id", "id: the columns that hold an id of that table")
    table, columns = around.tables[name], said["id"].texts()
    if not table.columns:
        raise said["table"].fault("is a table whose things have a uid of their own", "uid: …")
    if len(columns) != table.columns:
        raise said["id"].fault(f"names {len(columns)} columns", f"{table.columns}, as the id of {name}")
    if kind is not None and kind not in table.kinds:
        raise said["kind"].fault(f"is no kind of {name}", f"one of {', '.join(sorted(table.kinds))}")
    if kind is None and table.kind is None:
        raise part.fault(f"does not say which kind of {name}", f"kind: {' or '.join(sorted(table.kinds))}")
    cells = tuple(_listing(column, part, said) for column in columns)
    return End("table", cells, kind or table.kind, table.space)


def _listing(column: str, part: Part, said: Parts) -> Cell:
    """Return how a column is read that may name several nodes; of several columns none may."""
    if "separator" not in said:
        return Cell(column)
    several = "id" in said and len(said["id"].texts()) > 1
    if several or ("uid" in said and len(read_template(said["uid"]).columns) > 1):
        raise part.fault("lists several nodes by several columns", "a separator with one column")
    return Cell(column, IDS, separator=said["separator"].text())


def _kinds(end: End | None, around: Around) -> frozenset[Kind]:
    """Return of which kinds an end may be; all where nothing says it."""
    if end is None:
        return around.described.kinds if around.described else frozenset()
    return frozenset({end.kind} if end.kind else Kind)


def _check_pair(part: Part, relation: Relation, subjects: frozenset[Kind], objects: frozenset[Kind]) -> None:
    if not any(subject in subjects and target in objects for subject, target in relation.pairs):
        pairs = ", ".join(f"{subject} to {target}" for subject, target in relation.pairs)
        raise part.fault(f"{relation.name} does not join these kinds", f"a pair among {pairs}")


def _marks(part: Part, said: Parts, relation: Relation) -> frozenset[str]:
    items = said["marks"].items() if "marks" in said else []
    if items and not relation.marks:
        raise said["marks"].fault(f"{relation.name} has no marks", "no marks")
    marks = frozenset(item.word(relation.marks) for item in items)
    if relation.discriminator is Discriminator.ROLE and len(marks) != 1:
        raise part.fault("says no role, or several", f"marks: [one of {', '.join(relation.marks)}]")
    return marks


def _environment(said: Parts, relation: Relation) -> Cell | None:
    if "environment" not in said:
        return None
    if relation.discriminator is not Discriminator.ENVIRONMENT:
        raise said["environment"].fault(
            f"{relation.name} is not told apart by environment", "no environment", of_name=True
        )
    declared = VOCABULARY.property("environment")
    return read_word(said["environment"], declared.choices if declared else None)


def _properties(said: Parts, zone: ZoneInfo | None) -> dict[str, Cell]:
    if "properties" not in said:
        return {}
    return dict(_each(said["properties"], zone))


def _each(part: Part, zone: ZoneInfo | None) -> Iterator[tuple[str, Cell]]:
    for name, item in part.anything().items():
        yield name, read_property(item, frozenset(), zone)
