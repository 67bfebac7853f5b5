"""The first page, used with the keyboard in a real browser; nothing may be complained of in its console."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from graph.ledger.ledger import Ledger
from graph.store import open_store
from graph.vocabulary import Kind
from tests.api.conftest import say_estate
from tests.api.server.conftest import Running, serving
from tests.browser.chromium import NONE, Tab, browsing, installed
from tests.support.saying import Clock, days, edge, node, record

HOSTILE = "<img src=x onerror=\"document.title='owned'\"><b>bold</b>"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    folder = tmp_path_factory.mktemp("page")
    store = open_store(str(folder / "estate.db"))
    ledger = Ledger(store, Clock())
    say_estate(ledger)
    hostile = node("hostile", Kind.DATASET, type_="table", name=HOSTILE)
    record(ledger, hostile, edge("account", "CAN_READ", "hostile"), valid=days(1))
    store.close()
    with serving(folder / "estate.db", folder) as running:
        yield running


@pytest.fixture
def tab(tmp_path: Path) -> Iterator[Tab]:
    browser = installed()
    if browser is None:
        pytest.skip(NONE)
    with browsing(browser, tmp_path / "profile") as opened:
        yield opened
        assert opened.complaints == []


def text(tab: Tab, selector: str) -> str:
    return str(tab.value(f"document.querySelector({selector!r})?.innerText ?? ''"))


def test_a_search_and_its_blast_radius_are_found_with_the_keyboard_alone(server: Running, tab: Tab):
    tab.call("Page.navigate", url=f"{server.url}/")
    tab.wait_for("document.querySelector('main form')")
    for _ in range(30):
        if tab.value("document.activeElement?.name") == "text":
            break
        tab.press("Tab")
    assert tab.value("document.activeElement?.name") == "text"
    tab.type("gateway key")
    tab.press("Enter", "\r")
    tab.wait_for("document.querySelector('main table')")
    assert "gateway key" in text(tab, "main table")
    assert "known up to commit 3" in text(tab, ".basis")
    assert tab.value("document.getElementById('status').textContent") == "1 nodes match."
    for _ in range(30):
        if tab.value("document.activeElement?.innerText") == "gateway key":
            break
        tab.press("Tab")
    tab.press("Enter", "\r")
    tab.wait_for("document.querySelector('main h2')?.innerText === 'Blast radius'")
    tab.wait_for("document.querySelectorAll('main table').length === 2")
    said = text(tab, "main")
    assert "because gateway account can read customers." in said
    assert "Criticality is unknown for" in said
    assert tab.value("document.activeElement.id") == "main"


def test_hostile_names_stay_text(server: Running, tab: Tab):
    tab.call("Page.navigate", url=f"{server.url}/#/blast-radius?uid=key&harm=DISCLOSED")
    tab.wait_for("document.querySelectorAll('main table').length === 2")
    assert HOSTILE in text(tab, "main")
    assert tab.value("document.title") == "Holdfast"
    assert tab.value("document.querySelectorAll('main img, main b').length") == 0


def test_the_other_views_answer_and_say_which_command_fills_them(server: Running, tab: Tab):
    for view, says in (
        ("ownership-gaps", "covered by no source of owners"),
        ("evidence", "holdfast ingest catalog"),
        ("runs", "holdfast ingest SOURCE PATH"),
    ):
        tab.call("Page.navigate", url=f"{server.url}/#/{view}?asOf=2026-01-05")
        tab.wait_for(f"document.querySelector('nav a[href*=\"{view}\"]')?.hasAttribute('aria-current')")
        tab.wait_for("document.querySelector('main h2') && !document.querySelector('main[aria-busy]')")
        assert says in text(tab, "main"), view
    tab.call("Page.navigate", url=f"{server.url}/#/blast-radius?uid=key&knownAt=1")
    tab.wait_for("document.querySelector('.basis')?.innerText.includes('known up to commit 1')")
    tab.call("Page.navigate", url=f"{server.url}/#/blast-radius?uid=nowhere")
    tab.wait_for("document.querySelector('main .empty')?.innerText.includes('No source says anything')")
