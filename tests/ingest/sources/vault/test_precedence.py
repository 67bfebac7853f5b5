"""Which rule of a policy decides: the cases of the documentation, and an oracle that decides path by path.

The oracle follows the list of HashiCorp's page "Policies" (priority matching, 1 to 5) for a pair of
rules and walks over segments to match; it knows neither sort keys nor expressions.
"""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.sources.vault.policies import BadPolicy, rules_of
from ingest.sources.vault.precedence import PathRule, allowed, merged_rules

READ = frozenset({"read"})


def rule(path: str, *capabilities: str) -> PathRule:
    return PathRule(path, frozenset(capabilities))


def gives(rules: list[PathRule], path: str, wanted: frozenset[str] = READ) -> bool:
    """Whether any of the places that the rules come to takes a path in."""
    return any(found.takes_in(path) for found in allowed(merged_rules(rules), wanted, is_writing=False))


# The oracle.


def segments_match(parts: list[str], pattern: list[str], *, prefix: bool) -> bool:
    if not pattern:
        return not parts
    if not parts:
        return False
    head, *rest = pattern
    if prefix and not rest:
        return "/".join(parts).startswith(head)
    return head in ("+", parts[0]) and segments_match(parts[1:], rest, prefix=prefix)


def oracle_matches(path: str, written: str) -> bool:
    prefix = written.endswith("*")
    plain = written[:-1] if prefix else written
    wild = "+" in plain.split("/")
    if not wild:
        return path.startswith(plain) if prefix else path == plain
    return segments_match(path.split("/"), plain.split("/"), prefix=prefix)


def is_lower(one: str, other: str) -> bool:
    """Whether the first of two patterns gives way to the second, for a path that both match."""

    def exact(written: str) -> bool:
        return "+" not in written.split("/") and not written.endswith("*")

    if exact(one) != exact(other):
        return exact(other)
    places = []
    for written in (one, other):
        body = written.removesuffix("*")
        first = next((i for i, c in enumerate(body) if c == "+"), len(body))
        places.append(first)
    if places[0] != places[1]:
        return places[0] < places[1]
    if one.endswith("*") != other.endswith("*"):
        return one.endswith("*")
    counts = [written.rstrip("*").split("/").count("+") for written in (one, other)]
    if counts[0] != counts[1]:
        return counts[0] > counts[1]
    if len(one) != len(other):
        return len(one) < len(other)
    return one < other


def oracle(rules: list[PathRule], path: str, wanted: frozenset[str]) -> bool:
    winner: str | None = None
    for known in rules:
        if oracle_matches(path, known.path) and (winner is None or is_lower(winner, known.path)):
            winner = known.path
    if winner is None:
        return False
    together = frozenset[str]().union(*(r.capabilities for r in rules if r.path == winner))
    return "deny" not in together and bool(together & wanted)


SEGMENT = st.sampled_from(["a", "b", "ab", "+", ""])
PLAIN = st.sampled_from(["a", "b", "ab", "abb", ""])
WRITTEN = st.builds(
    lambda parts, star: "/".join(parts) + ("*" if star else ""),
    st.lists(SEGMENT, min_size=1, max_size=4),
    st.booleans(),
).filter(lambda path: "+*" not in path and path != "")
PATHS = st.lists(PLAIN, min_size=1, max_size=5).map("/".join)
CAPABILITIES = st.lists(st.sampled_from(["read", "update", "list", "deny"]), max_size=3, unique=True)
RULES = st.lists(st.builds(lambda path, given: rule(path, *given), WRITTEN, CAPABILITIES), max_size=7)


@settings(max_examples=400, deadline=None)
@given(RULES, st.lists(PATHS, min_size=1, max_size=12))
def test_the_places_take_in_exactly_what_the_deciding_rule_gives(
    rules: list[PathRule], paths: list[str]
) -> None:
    for path in paths:
        assert gives(rules, path) == oracle(rules, path, READ), path


@settings(max_examples=200, deadline=None)
@given(RULES, PATHS)
def test_the_order_of_rules_changes_nothing(rules: list[PathRule], path: str) -> None:
    assert gives(rules, path) == gives(list(reversed(rules)), path)


@settings(max_examples=200, deadline=None)
@given(RULES, PATHS)
def test_a_denial_of_a_path_itself_always_beats(rules: list[PathRule], path: str) -> None:
    if path and "+" not in path.split("/"):
        assert not gives([*rules, rule(path, "deny"), rule(path, "read")], path)


@pytest.mark.parametrize(
    ("lower", "higher", "path"),
    [
        ("secret/*", "secret/foo/*", "secret/foo/x"),
        ("secret/foo/*", "secret/foo/bar", "secret/foo/bar"),
        ("secret/+/bar", "secret/foo/*", "secret/foo/bar"),
        ("secret/+/ba*", "secret/+/bar", "secret/x/bar"),
        ("secret/*", "secret/+", "secret/x"),
        ("secret/+/+/foo", "secret/+/bar/foo", "secret/x/bar/foo"),
        ("secret/+/bar/b*", "secret/+/bar/ba*", "secret/x/bar/baz"),
        ("+/bar/baz", "foo/+/baz", "foo/bar/baz"),
    ],
)
def test_the_more_specific_rule_decides(lower: str, higher: str, path: str) -> None:
    assert not gives([rule(lower, "read"), rule(higher, "deny")], path)
    assert gives([rule(lower, "deny"), rule(higher, "read")], path)


def test_a_narrower_rule_that_gives_again_is_a_place_of_its_own() -> None:
    rules = [rule("kv/*", "read"), rule("kv/a/*", "deny"), rule("kv/a/b", "read")]
    assert [gives(rules, path) for path in ("kv/x", "kv/a/x", "kv/a/b")] == [True, False, True]


def test_a_plus_that_is_no_segment_stands_for_itself() -> None:
    assert gives([rule("kv/a+b", "read")], "kv/a+b")
    assert not gives([rule("kv/a+b", "read")], "kv/axb")


def test_a_templated_denial_makes_what_it_may_take_away_possible() -> None:
    rules = merged_rules([rule("kv/*", "read"), rule("kv/{{identity.entity.id}}/*", "deny")])
    (found,) = allowed(rules, READ, is_writing=False)
    assert found.condition == "no rule about the holder's own paths takes it away"


def test_policies_in_every_form() -> None:
    text = """
    # the trainer
    path "/kv/data/app/*" { capabilities = ["read", "list"] }
    path "kv/data/app/root" {
      capabilities = ["deny", "read"]  // deny beats
    }
    path "old/*" { policy = "write" }
    path "kv/data/limited" {
      capabilities = ["update",]
      allowed_parameters = { "ttl" = ["1h"], "*" = [] }
      control_group = { factor "ops" { identity { group_names = ["ops"] approvals = 1 } } }
    }
    """
    found = {r.path: r for r in rules_of(text, "trainer")}
    assert found["kv/data/app/*"].capabilities == {"read", "list"}
    assert found["kv/data/app/root"].capabilities == {"deny"}
    assert found["old/*"].capabilities == {"create", "read", "update", "delete", "list"}
    assert found["kv/data/limited"].conditions == {"others approve the request"}
    assert found["kv/data/limited"].writing == {"only parameters that the policy allows are given"}
    json_text = '{"path": {"kv/data/app/*": {"capabilities": ["read", "list"]}}}'
    assert rules_of(json_text, "trainer")[0] == found["kv/data/app/*"]


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ('path "a" {\n capabilities = ["reed"]\n}', 1),
        ('path "a" {\n capabilities = ["read"\n', 3),
        ("\npath = 3", 2),
        ('path "a+*" { }', 1),
        ('rule "a" { }', 1),
        ('path "a" { capabilities = ["read"] }\n$', 2),
        ('path "a" ' + "{ x " * 100, 1),
        ('path "a" { policy = "all" }', 1),
        ('path "\\q" { }', 1),
        ('{"path": [1]}', 1),
    ],
)
def test_policies_that_the_server_would_refuse(text: str, line: int) -> None:
    with pytest.raises(BadPolicy) as raised:
        rules_of(text, "p")
    assert raised.value.line == line
