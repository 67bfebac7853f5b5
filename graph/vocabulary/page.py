"""The vocabulary as a page for people: `docs/model.md` in Markdown.

Everything on the page comes from the tables; a test compares the file with what is made here.
"""

from collections.abc import Iterable, Iterator

from graph.vocabulary.edition import Vocabulary
from graph.vocabulary.glossary import GLOSSARY
from graph.vocabulary.terms import (
    Certainty,
    End,
    Harm,
    HarmRule,
    Implication,
    Kind,
    KindTerm,
    MarkSupport,
    Ownable,
    Property,
    Relation,
    Scheme,
)

_INTRODUCTION = """\
# The model

<!-- Made by `python -m graph.vocabulary.publish docs/model.md`; change the tables, not this page. -->

What can stand in the graph, how facts are read, and how harm follows from them. Rules version:
{rules_version}. `holdfast vocabulary --json` prints kinds, implications, relations and rules for programs."""

_CERTAINTY = """\
## Certain and possible

A rule is *certain* where its outcome follows from what is recorded, and *possible* where it hangs on
something that the graph does not know. The same goes for edges:

| the strongest live claim behind the edge is | the edge counts as |
|---|---|
| declared or observed, and said to be certain | certain |
| declared or observed, and said to be possible | possible |
| derived | certain if its deriver says so and names the claims that support it, else possible |
| assumed | possible |

A derived claim says no more than the weakest of what supports it: when it is recorded, the ledger refuses
it unless every support stands, and is not refuted, for all of its time, and unless all of them are certain
where it says to be certain itself. What follows is worked out anew after every reading and every decision,
and what no longer follows is taken back; in between, supports are not looked up when an edge is read.

A step is certain if both its rule and its edge are. A harm at a node is reported as certain if at least
one path to it has certain steps only; the path shown is then the shortest such path. Every other harm
that is reached is possible. Its path starts with certain steps and goes on over the shortest possible
ones. On every path each step over an edge is one hop further than the step before it.

At an end whose kind is `unknown` the rules of every kind that the relation allows there fire, as
possible. Where several paths are equally short, the one through the smallest parent uid is shown, then
the smallest edge id, then the parent's harm; an edge comes before an implication.

The walk follows circles, evidence that is incomplete and decisions about themselves without stopping
short. ORPHANED does not travel: asking what follows from it answers with the node itself."""

_MARKS = """\
## Marks

An edge has a mark that all live claims behind it carry. Where only some do, the certain ones decide: one
of them has to carry it, or all where the table says so. Where no certain claim decides, it is open
whether the edge has the mark, and what it would bring or stop is possible."""

_CONDITIONS = """\
## Conditions

A few rules ask for more than the edge. If the answer is yes they count as written; if the fact is not
recorded they are possible."""

_RELATIONS = """\
## Relations

Every fact is stored once, in the direction in which it reads. A rule fires only between kinds that the
relation joins and to which both harms can happen."""

_PROPERTIES = """\
## Properties

`uid` and `kind` say which node is meant; they are not properties. The list is open: a source may claim
others, which have no precedence and always count as content. On a person a property that is not listed
here is treated as personal data. Among sources that disagree the first named wins, then any other; among
equals the one whose claim begins latest. What is personal of a `person` is so for every identity that may
be a human being."""

_SCHEMES = """\
## External ids

Two nodes of one kind with the same id of a scheme that joins are one thing. A join that would give a
node two ids where it may have one, or two kinds, is not made, and is shown as a conflict. So is an id
that two nodes were given at different times only: it may have passed from one to the other, and joins
nobody. Schemes that are not listed never join. In a file of `records` the plug-in that its `source` names
counts: `aws/prod` may assert an `arn`, `crm` may not."""

_OWNERSHIP = """\
## Ownership

The accountable owner of a node at a date is looked for in these places, one after the other and each of
them recursively. The first place that has an answer ends the search."""

_OWNERSHIP_RULES = """\
Two accountable owners of its own are two owners. Different owners inherited over equally many steps are
a conflict. Data relations are never followed. A team is alive while one living person is in it; a chain
of owners that ends without a person is reported as not human. An edge without a role is refused: it
would say nothing about who answers."""


def model_page(vocabulary: Vocabulary) -> str:
    """Return the whole page in Markdown, ending with a line break."""
    sections = (
        _INTRODUCTION.format(rules_version=vocabulary.rules_version),
        _glossary(),
        _kinds(vocabulary),
        _harms(vocabulary),
        _CERTAINTY,
        _marks(vocabulary),
        _conditions(vocabulary),
        _relations(vocabulary),
        _properties(vocabulary),
        _schemes(vocabulary),
        _ownership(vocabulary),
        _history(vocabulary),
    )
    return "\n\n".join(sections) + "\n"


def rule_sentence(rule: HarmRule) -> str:
    """Return a harm rule as a sentence, without what its condition asks.

    >>> from graph.vocabulary import VOCABULARY
    >>> rule_sentence(VOCABULARY.relation("USES_SECRET").rules[0])
    'If the subject (Asset) is controlled, the object (Secret) is disclosed.'
    """
    origin, reached = rule.origin_end, rule.origin_end.other
    verb = "is" if rule.certainty is Certainty.CERTAIN else "may be"
    return (
        f"If {_end(origin, rule.kinds_at(origin))} is {_word(rule.harm)}, "
        f"{_end(reached, rule.kinds_at(reached))} {verb} {_word(rule.becomes)}{_marks_asked(rule)}."
    )


def _glossary() -> str:
    return "## Words\n\n" + _table(("word", "meaning"), GLOSSARY)


def _kinds(vocabulary: Vocabulary) -> str:
    rows = [
        (kind.name, _kind_meaning(kind), _codes(kind.types), _in_order(kind.harms))
        for kind in (*vocabulary.kinds, vocabulary.unknown_kind)
    ]
    return "## Kinds\n\n" + _table(("kind", "what it is", "types so far", "harms"), rows)


def _kind_meaning(kind: KindTerm) -> str:
    if not kind.impersonal_types:
        return kind.description
    nobodys = _codes(name for name in kind.types if name in kind.impersonal_types)
    return f"{kind.description} What is said of any type but {nobodys} may be personal data."


def _harms(vocabulary: Vocabulary) -> str:
    harms = [(harm.name, harm.meaning, _in_order(harm.applies_to)) for harm in vocabulary.harms]
    implied = "\n".join(f"- {_implication_sentence(term)}" for term in vocabulary.implications)
    return (
        "## Harms\n\n"
        + _table(("harm", "meaning", "can happen to"), harms)
        + "\n\nOn the same node, without a hop:\n\n"
        + implied
    )


def _implication_sentence(term: Implication) -> str:
    which = term.kind if term.types is None else f"{term.kind} of type {_codes(sorted(term.types))}"
    verb = "is" if term.certainty is Certainty.CERTAIN else "may be"
    return f"A node of kind {which} that is {_word(term.harm)} {verb} {_word(term.implies)}."


def _marks(vocabulary: Vocabulary) -> str:
    needs = {MarkSupport.ALL_CLAIMS: "every live claim", MarkSupport.ANY_CLAIM: "one live claim"}
    order = [relation.name for relation in vocabulary.relations]
    rows = [
        (
            f"`{mark.name}`",
            _listed(sorted(mark.relations, key=order.index)),
            mark.meaning,
            needs[mark.support],
        )
        for mark in vocabulary.marks
    ]
    return "\n\n".join([_MARKS, _table(("mark", "on", "meaning", "must be on"), rows)])


def _conditions(vocabulary: Vocabulary) -> str:
    outcome = {None: "does not fire", Certainty.POSSIBLE: "is possible", Certainty.CERTAIN: "is certain"}
    rows = [
        (f"`{condition.name}`", condition.asks, outcome[condition.when_false])
        for condition in vocabulary.conditions
    ]
    return _CONDITIONS + "\n\n" + _table(("condition", "asks", "if the answer is no, the rule"), rows)


def _relations(vocabulary: Vocabulary) -> str:
    return "\n\n".join([_RELATIONS, *(_relation(relation) for relation in vocabulary.relations)])


def _relation(relation: Relation) -> str:
    return f"### {relation.name}\n\n{relation.description}\n\n" + "\n".join(_relation_facts(relation))


def _relation_facts(relation: Relation) -> Iterator[str]:
    yield f"- Reads: *subject* {relation.phrase} *object*; *object* {relation.inverse_phrase} *subject*."
    yield f"- Joins: {_listed(f'{subject} to {target}' for subject, target in relation.pairs)}."
    if relation.marks:
        yield f"- Marks: {_codes(relation.marks)}."
    if relation.discriminator is not None:
        yield f"- One fact for each {relation.discriminator}."
    if relation.data_flow is not None:
        kinds = relation.data_flow_kinds
        between = "" if kinds is None else f", between nodes of kind {_in_order(kinds)} only"
        yield f"- Data flows from {relation.data_flow} to {relation.data_flow.other}{between}."
    if not relation.rules:
        yield "- No harm goes over it."
    for rule in relation.rules:
        asked = "" if rule.condition is None else f" Condition: `{rule.condition}`."
        yield f"- {rule.certainty.capitalize()}: {rule_sentence(rule)}{asked}"


def _properties(vocabulary: Vocabulary) -> str:
    rows = [
        (f"`{term.name}`", term.value, _in_order(term.kinds), _property_meaning(term))
        for term in vocabulary.properties
    ]
    return _PROPERTIES + "\n\n" + _table(("property", "value", "on", "meaning"), rows)


def _property_meaning(term: Property) -> str:
    parts = [term.description]
    if term.choices is not None:
        parts.append(f"One of {_codes(term.choices)}.")
    parts.extend(f"On {kind} one of {_codes(choices)}." for kind, choices in term.kind_choices)
    if term.bounds is not None:
        parts.append(f"From {term.bounds[0]} to {term.bounds[1]}.")
    if term.personal_types:
        parts.append(f"Personal data of a {_codes(sorted(term.personal_types))}.")
    if term.volatile:
        parts.append("Volatile: kept in the run log, never a commit.")
    if term.precedence:
        parts.append(f"Sources in order: {_codes(term.precedence)}.")
    return " ".join(parts)


def _schemes(vocabulary: Vocabulary) -> str:
    rows = [
        (
            f"`{term.name}`",
            _kinds_or_any(term.kinds),
            "yes" if term.joins else "no",
            _one_per_node(term),
            "any" if term.may_assert is None else _codes(sorted(term.may_assert)),
            term.description + (" Personal data." if term.personal else ""),
        )
        for term in vocabulary.schemes
    ]
    columns = ("scheme", "identifies", "joins by itself", "one per node", "who may assert it", "what it is")
    return _SCHEMES + "\n\n" + _table(columns, rows)


def _one_per_node(term: Scheme) -> str:
    if not term.joins:
        return "n/a"
    return "yes" if term.one_per_node else "no"


def _ownership(vocabulary: Vocabulary) -> str:
    steps = [
        (
            step.description,
            step.via or "its own edge",
            "a gap in production" if step.inherited_only else "as good as its own",
        )
        for step in vocabulary.ownership_steps
    ]
    ownable = "\n".join(f"- {_ownable(term)}" for term in vocabulary.ownable)
    return "\n\n".join(
        (
            _OWNERSHIP,
            _table(("place", "over", "an owner found there is"), steps),
            _OWNERSHIP_RULES,
            "Nodes that should have an accountable owner:",
            ownable,
        )
    )


def _ownable(term: Ownable) -> str:
    exceptions = [f"of type {_codes([name])}" for name in sorted(term.except_types)]
    exceptions += [f"with the property {_codes([name])}" for name in sorted(term.except_with_property)]
    exceptions += [
        f"that stand as object of {relation} marked {_codes([mark])}"
        for relation, mark in sorted(term.except_object_of)
    ]
    return f"{term.kind}" + (f", but not those {_alternatives(exceptions)}" if exceptions else "")


def _history(vocabulary: Vocabulary) -> str:
    entries = [
        f"### Rules version {edition.rules_version}\n\n"
        + "\n".join(f"- {change}" for change in edition.changes)
        for edition in reversed(vocabulary.history)
    ]
    return "\n\n".join(["## History of the rules", *entries])


def _end(end: End, kinds: frozenset[Kind]) -> str:
    return f"the {end} ({_in_order(kinds)})"


def _word(harm: Harm) -> str:
    return harm.lower()


def _marks_asked(rule: HarmRule) -> str:
    asked = f", if the edge is marked {_codes(sorted(rule.with_marks))}" if rule.with_marks else ""
    joiner = " and" if asked else ","
    barred = _alternatives([f"`{mark}`" for mark in sorted(rule.without_marks)])
    return asked + (f"{joiner} unless the edge is marked {barred}" if barred else "")


def _kinds_or_any(kinds: frozenset[Kind]) -> str:
    return "any" if kinds == frozenset(Kind) - {Kind.UNKNOWN} else _in_order(kinds)


def _in_order(members: frozenset[Kind] | frozenset[Harm]) -> str:
    """Return members of an enumeration in the order in which it declares them."""
    declared: tuple[Kind | Harm, ...] = (*Kind, *Harm)
    return _listed(member for member in declared if member in members)


def _listed(words: Iterable[str]) -> str:
    return ", ".join(words)


def _codes(words: Iterable[str]) -> str:
    return _listed(f"`{word}`" for word in words)


def _alternatives(words: list[str]) -> str:
    return " or ".join(words)


def _table(columns: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    lines = [columns, tuple("---" for _ in columns), *rows]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)
