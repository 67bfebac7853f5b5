"""Tables in files and on terminals: what somebody would copy or search for is always in one piece."""

import os
import pty
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from api.cli.tables import table_lines
from graph.ledger.ledger import Ledger
from graph.vocabulary import Kind
from tests.api.conftest import Cli
from tests.support.saying import days, node, record

HOLDFAST = Path(sys.executable).with_name("holdfast")
LONG = "hf:secret:k8s:11111111-2222-3333-4444-555555555555//Secret/shop/orders-database-password"
NAME = "The password of the database that holds all orders of the shop"
COLUMNS = ("name", "kind", "uid")
ROWS = [(NAME, "Secret", LONG), ("b", "Asset", "x")]


@pytest.fixture
def long_names(with_ledger: Callable[[Callable[[Ledger], None]], Path]) -> Cli:
    def say(ledger: Ledger) -> None:
        record(ledger, node(LONG, Kind.SECRET, type_="password", name=NAME), valid=days(1))

    return Cli(with_ledger(say))


def test_in_a_file_a_row_is_a_line_however_long_and_ends_where_it_ends(long_names: Cli):
    lines = long_names.run("search", "orders", env={"COLUMNS": "40"}).stdout.splitlines()
    assert lines[1].split("  ")[0] == NAME
    assert lines[1].endswith(LONG)
    assert all(line == line.rstrip() for line in lines)


def test_every_row_begins_its_cells_where_the_names_of_the_columns_begin():
    head, first, second = table_lines(COLUMNS, ROWS, None)
    assert head.index("uid") == first.index(LONG) == second.index("x")


@pytest.mark.parametrize("width", [130, 125])
def test_where_it_is_narrow_sentences_go_on_below_and_uids_stay_whole(width: int):
    lines = table_lines(COLUMNS, ROWS, width)
    assert max(map(len, lines)) <= width
    assert sum(LONG in line for line in lines) == 1
    assert len(lines) > 3


@pytest.mark.parametrize("width", [1, 80, 110])
def test_where_that_does_not_do_a_row_is_a_list(width: int):
    assert table_lines(COLUMNS, ROWS, width) == [
        f"name: {NAME}",
        "kind: Secret",
        f"uid:  {LONG}",
        "",
        "name: b",
        "kind: Asset",
        "uid:  x",
    ]


def test_columns_without_names_have_no_line_of_names_and_nothing_is_no_line():
    assert table_lines(("", ""), [("source", "a"), ("state", "")], 80) == ["source  a", "state"]
    assert table_lines(("",), [], None) == []


def test_wide_characters_count_as_wide():
    assert table_lines(("name", "uid"), [("注文", "a"), ("four", "b")], 80) == [
        "name  uid",
        "注文  a",
        "four  b",
    ]


def test_on_a_narrow_terminal_a_uid_is_in_one_piece(long_names: Cli):
    ours, theirs = pty.openpty()
    command = [str(HOLDFAST), "search", "orders", "--quiet", "--store", str(long_names.store)]
    narrow = {**os.environ, "COLUMNS": "60", "TERM": "dumb"}
    process = subprocess.Popen(command, stdout=theirs, env=narrow)
    os.close(theirs)
    assert process.wait(timeout=60) == 0
    assert f"uid:       {LONG}\r\n" in os.read(ours, 65536).decode()
    os.close(ours)


def test_search_tells_what_is_only_mentioned(cli: Cli):
    lines = cli.run("search", "gateway").stdout.splitlines()
    assert [line.split() for line in lines[:2]] == [
        ["name", "kind", "type", "described", "uid"],
        ["gateway", "Asset", "service", "yes", "gateway"],
    ]
