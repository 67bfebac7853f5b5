"""Reads a mapping of labels; any fault in it, all of them by line and column, keeps the database unread."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final
from zoneinfo import ZoneInfo

from graph.errors import Problem
from graph.store.foreign import is_plain_name
from graph.vocabulary import VOCABULARY, Discriminator, Kind
from ingest.sources.graph.mapping import (
    EdgeMapping,
    GraphMapping,
    IdMapping,
    NodeMapping,
    SeenBy,
    TenantMapping,
)
from ingest.sources.graph.templates import Template, is_part
from ingest.sources.tables.cells import IDS, Cell
from ingest.sources.tables.columns import CELL_WORDS, read_property, read_zone
from ingest.sources.tables.dates import UNIX_FORMS
from ingest.sources.tables.nodes import KINDS
from ingest.yamlfields import Faults, Part, Parts
from ingest.yamltext import Malformed, read_document

VERSION: Final = "1"
"""The version of the mapping's words; a file of another one is refused."""

TOP_WORDS: Final = ("graph", "name", "seen_at", "zone", "tenants", "nodes", "edges")
SEEN_WORDS: Final = ("property", "unit")
TENANT_WORDS: Final = ("labels", "id", "relationships")
NODE_WORDS: Final = (
    *("labels", "where", "tenant", "kind", "type"),
    *("id", "uid", "name", "properties", "external_ids"),
)
EDGE_WORDS: Final = (
    *("relationship", "from", "to", "relation", "reversed", "marks"),
    *("condition", "certain_where"),
)
PROPERTY: Final = "property"
_SCHEMES_OF_PEOPLE: Final = frozenset({"arn"})
"""Schemes in which a uid may name whoever may be a person, as its makers know how to hide addresses."""

_RELATIONS: Final = tuple(relation.name for relation in VOCABULARY.relations)
_COLUMN: Final = "column"


def read_mapping(file: str, text: str) -> GraphMapping | list[Problem]:
    """Return the mapping that a text holds, or everything that is wrong with it."""
    try:
        document = read_document(text, only_texts=True)
    except Malformed as error:
        return [Problem(file, f"line {error.line}", "", error.reason, error.expected)]
    faults = Faults()
    with faults.told():
        made = _mapping(Part(file, document, document.value), faults)
        if made is not None and not faults.found:
            return made
    return faults.found


def _mapping(top: Part, faults: Faults) -> GraphMapping | None:
    said = top.parts(TOP_WORDS, required=("graph", "name", "nodes"))
    if said["graph"].text() != VERSION:
        raise said["graph"].fault("is a version of mappings that is not known", VERSION)
    zone = read_zone(said, None)
    tenants: dict[str, TenantMapping] = {}
    for part in said["tenants"].anything().values() if "tenants" in said else ():
        with faults.told():
            tenants[part.name] = _tenant(part)
    nodes: dict[str, NodeMapping] = {}
    for part in said["nodes"].anything().values():
        with faults.told():
            nodes[part.name] = _node(part, tenants, zone, faults)
    if not said["nodes"].anything():
        raise said["nodes"].fault("names no nodes", "a name and what it is")
    if faults.found:
        return None  # what is wrong with references to a broken entry would be told in vain
    edges: list[EdgeMapping] = []
    for part in said["edges"].anything().values() if "edges" in said else ():
        with faults.told():
            edges.append(_edge(part, nodes))
    seen = _seen(said["seen_at"]) if "seen_at" in said else None
    return GraphMapping(top.file, said["name"].text(), seen, nodes, tuple(edges))


def _seen(part: Part) -> SeenBy:
    said = part.parts(SEEN_WORDS, required=SEEN_WORDS)
    return SeenBy(_name(said["property"]), UNIX_FORMS[said["unit"].word(tuple(UNIX_FORMS))])


def _tenant(part: Part) -> TenantMapping:
    said = part.parts(TENANT_WORDS, required=TENANT_WORDS)
    return TenantMapping(_names(said["labels"]), _name(said["id"]), _names(said["relationships"]))


def _node(
    part: Part, tenants: Mapping[str, TenantMapping], zone: ZoneInfo | None, faults: Faults
) -> NodeMapping:
    said = part.parts(NODE_WORDS, required=("labels", "kind"))
    if ("id" in said) == ("uid" in said):
        raise part.fault("has not one of id and uid", "id: the properties of its key, or uid: …")
    kind = Kind(said["kind"].word(KINDS))
    properties: dict[str, Cell] = {}
    for one in said["properties"].anything().values() if "properties" in said else ():
        with faults.told():
            properties[one.name] = _property(one, kind, zone)
    node = NodeMapping(
        name=part.name,
        labels=_names(said["labels"]),
        where=_where(said, "where"),
        tenant=tenants[said["tenant"].word(tuple(tenants))] if "tenant" in said else None,
        kind=kind,
        type=said["type"].text() if "type" in said else None,
        id=_names(said["id"]) if "id" in said else (),
        uid=_template(said["uid"]) if "uid" in said else None,
        called=Cell(_name(said["name"])) if "name" in said else None,
        properties=properties,
        external_ids=_external_ids(said, kind),
    )
    _check_uid(said, node)
    return node


def _template(part: Part) -> Template:
    template = Template(part.text())
    if not template.properties:
        raise part.fault("has no property in it", "a uid such as hf:asset:arn:{arn}, or {property}")
    for word in template.parts:
        if not is_part(word):
            raise part.fault("asks for an unknown part of an address", "{property|host} or {property|path1}")
    for name in template.properties:
        if not is_plain_name(name):
            raise part.fault("names what cannot be the name of a property", "a plain name")
    return template


def _check_uid(said: Parts, node: NodeMapping) -> None:
    if node.uid is None or node.uid.is_one_property:
        return
    if node.uid.kind not in (None, node.kind):
        raise said["uid"].fault(f"is a uid of another kind than {node.kind}", f"hf:{node.kind.lower()}:…")
    if node.may_be_person and node.uid.scheme not in _SCHEMES_OF_PEOPLE:
        raise said["uid"].fault("would show a person in a uid", "id: with the properties of its key")


def _property(part: Part, kind: Kind, zone: ZoneInfo | None) -> Cell:
    """Return how a property is read: as a column of a table is, but for the word that names it."""
    if isinstance(part.value, dict):
        words = tuple(PROPERTY if word == _COLUMN else word for word in CELL_WORDS)
        said = part.parts(words)
        if (PROPERTY in said) == ("constant" in said):
            raise part.fault("says not one of property and constant", "property: … or constant: …")
        if PROPERTY in said:
            _name(said[PROPERTY])
        value = {_COLUMN if word == PROPERTY else word: held for word, held in part.value.items()}
        return read_property(Part(part.file, part.document, value, part.place), frozenset({kind}), zone)
    _name(part)
    return read_property(part, frozenset({kind}), zone)


def _external_ids(said: Parts, kind: Kind) -> tuple[IdMapping, ...]:
    if "external_ids" not in said:
        return ()
    schemes = {scheme.name: scheme for scheme in VOCABULARY.schemes}
    found: list[IdMapping] = []
    for name, part in said["external_ids"].anything().items():
        if name not in schemes or kind not in schemes[name].kinds:
            fitting = (scheme.name for scheme in VOCABULARY.schemes if kind in scheme.kinds)
            raise part.fault(f"is no scheme of {kind}", f"one of {', '.join(fitting)}", of_name=True)
        found.append(IdMapping(name, tuple(Cell(_name(item), IDS) for item in part.items())))
    return tuple(found)


def _edge(part: Part, nodes: Mapping[str, NodeMapping]) -> EdgeMapping:
    said = part.parts(EDGE_WORDS, required=("relationship", "from", "to", "relation"))
    relation = VOCABULARY.relation(said["relation"].word(_RELATIONS))
    start, end = (tuple(nodes[i.word(tuple(nodes))] for i in said[w].items()) for w in ("from", "to"))
    is_reversed = "reversed" in said and said["reversed"].flag()
    subjects, objects = (end, start) if is_reversed else (start, end)
    for subject in subjects:
        for target in objects:
            if (subject.kind, target.kind) not in relation.pairs:
                pair = f"{subject.kind} ({subject.name}) to {target.kind} ({target.name})"
                pairs = ", ".join(f"{one} to {other}" for one, other in relation.pairs)
                raise said["relation"].fault(f"{relation.name} does not join {pair}", f"a pair among {pairs}")
    marks = frozenset(item.word(relation.marks) for item in said["marks"].items()) if "marks" in said else ()
    if relation.discriminator is Discriminator.ROLE and len(marks) != 1:
        raise part.fault("says no role, or several", f"marks: [one of {', '.join(relation.marks)}]")
    if "certain_where" in said and "condition" not in said:
        raise part.fault("does not say on what an edge depends that is not certain", "condition: in words")
    return EdgeMapping(
        name=part.name,
        type=_name(said["relationship"]),
        start=start,
        end=end,
        relation=relation,
        is_reversed=is_reversed,
        marks=frozenset(marks),
        condition=said["condition"].text() if "condition" in said else None,
        certain_where=_where(said, "certain_where"),
    )


def _where(said: Parts, word: str) -> dict[str, frozenset[str]]:
    if word not in said:
        return {}
    return {_name(part, part.name): frozenset(part.texts()) for part in said[word].anything().values()}


def _names(part: Part) -> tuple[str, ...]:
    return tuple(dict.fromkeys(_name(item) for item in part.items()))


def _name(part: Part, text: str | None = None) -> str:
    """Return the name of a label, a type or a property; raises Misread for what may not be asked for."""
    name = part.text() if text is None else text
    if not is_plain_name(name):
        raise part.fault("cannot be asked for", "a name without backticks and backslashes")
    return name
