"""`blast-radius --known-leaks`: from every secret that stands where it was found."""

from collections.abc import Callable
from pathlib import Path

import pytest

from graph.ledger.change import Cover
from graph.ledger.ledger import Ledger
from graph.model import Scope, SourceInstance
from graph.vocabulary import Kind
from tests.api.conftest import Cli
from tests.support.saying import RECORDS, day, days, edge, node, record

MakeStore = Callable[[Callable[[Ledger], None]], Path]
LEAKS = Scope(SourceInstance("leaks"), "https://git.example/o/r gitleaks")
READ = Cover(LEAKS, frozenset(), frozenset({"FOUND_IN"}), day(2))


def estate(ledger: Ledger, *more, scope: Scope = RECORDS) -> None:
    record(
        ledger,
        node("repository", type_="repository", name="o/r"),
        node("key", Kind.SECRET, type_="api_key", name="deploy key"),
        node("account", Kind.IDENTITY, type_="service_account"),
        edge("key", "AUTHENTICATES", "account"),
        valid=days(1),
    )
    record(ledger, *more, scope=LEAKS, valid=days(1), read_at=day(2))


def found(secret: str = "key", **properties):
    said = {"tool": "gitleaks", "file": "run.sh", "line": 3, "liveness": "unknown", **properties}
    return edge(secret, "FOUND_IN", "repository", **said)


@pytest.fixture
def leaked(with_ledger: MakeStore) -> Cli:
    old = node("old", Kind.SECRET, name="old key", revoked=True)
    return Cli(with_ledger(lambda ledger: estate(ledger, found(), old, found("old"), READ)))


def test_it_starts_from_what_is_known_and_names_what_it_leaves_out(leaked: Cli):
    answer = leaked.json("blast-radius", "--known-leaks")
    assert [seed["uid"] for seed in answer["seeds"]] == ["key"]
    assert {(row["uid"], row["harm"]) for row in answer["reached"]} == {
        ("key", "DISCLOSED"),
        ("account", "CONTROLLED"),
    }
    leaks = answer["known_leaks"]
    assert [leak["uid"] for leak in leaks["started_from"]] == ["key"]
    assert leaks["started_from"][0]["found_in"][0]["properties"]["file"] == "run.sh"
    assert [(leak["uid"], leak["why"]) for leak in leaks["left_out"]] == [("old", "revoked")]
    assert [covering["scope"] for covering in leaks["covered_by"]] == [str(LEAKS)]


def test_a_person_reads_the_same(leaked: Cli):
    said = leaked.run("blast-radius", "--known-leaks").stdout
    assert "Known leaks: 1 secret.\n  deploy key (key), found in o/r at run.sh:3 (gitleaks, unknown)" in said
    assert "Left out: 1 secret.\n  old key (old), found in o/r at run.sh:3" in said
    assert "it was revoked" in said
    assert "Where secrets were found is reported by leaks/default:https://git.example/o/r gitleaks" in said
    assert "account (service_account): certain, 1 hop" in said


def test_another_harm_may_be_asked_about(leaked: Cli):
    answer = leaked.json("blast-radius", "--known-leaks", "--harm", "UNAVAILABLE")
    assert {(row["uid"], row["harm"]) for row in answer["reached"]} >= {("account", "UNAVAILABLE")}


def test_no_known_leak_is_an_answer_that_says_who_would_have_told(with_ledger: MakeStore):
    cli = Cli(with_ledger(lambda ledger: estate(ledger, node("repository"), READ)))
    result = cli.run("blast-radius", "--known-leaks")
    assert result.exit_code == 0
    assert "No leak is known that counts." in result.stdout
    assert f"reported by {LEAKS}" in result.stdout
    answer = cli.json("blast-radius", "--known-leaks")
    assert (answer["seeds"], answer["reached"], answer["totals"]["states"]) == ([], [], 0)
    whole = leaked_shape(cli)
    assert whole <= answer.keys()
    assert cli.run("blast-radius", "--known-leaks", "--fail-on", "reached>0").exit_code == 0
    assert cli.json("blast-radius", "--known-leaks", "--columns")["columns"]["uid"] == []


def leaked_shape(cli: Cli) -> set[str]:
    """The fields of an answer with something in it."""
    return set(cli.json("blast-radius", "key", "--harm", "DISCLOSED"))


def test_where_nobody_looked_it_is_unknown_and_passes_no_gate(with_ledger: MakeStore):
    cli = Cli(with_ledger(lambda ledger: estate(ledger, node("repository"))))
    result = cli.run("blast-radius", "--known-leaks")
    assert result.exit_code == 0
    assert "UNKNOWN: no source reports where secrets were found" in result.stdout
    assert cli.run("blast-radius", "--known-leaks", "--fail-on", "reached>0").exit_code == 7
    assert cli.run("blast-radius", "--known-leaks", "--fail-on", "reached>0", "--allow-empty").exit_code == 0


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("key", "--known-leaks"), "given beside nodes"),
        ((), "no node is asked about"),
        (("key",), "no harm is asked about"),
    ],
)
def test_what_cannot_be_understood(leaked: Cli, arguments: tuple[str, ...], words: str):
    result = leaked.run("blast-radius", *arguments)
    assert result.exit_code == 2
    assert words in result.stderr
