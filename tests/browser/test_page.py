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
from tests.support.reads import half_gone
from tests.support.saying import Clock, days, edge, node, record

LONG = "hf:secret:k8s:7d6f2c1e-3b7a-4c55-9a20-5f1f0b9d4e11//Secret/prod/gateway-key"
HOSTILE = "<img src=x onerror=\"document.title='owned'\"><b>bold</b>"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    folder = tmp_path_factory.mktemp("page")
    store = open_store(str(folder / "estate.db"))
    ledger = Ledger(store, Clock())
    say_estate(ledger)
    hostile = node("hostile", Kind.DATASET, type_="table", name=HOSTILE)
    long = node(LONG, Kind.SECRET, type_="api_key", name="long key")
    many = [node(f"shelf-{n:03}", Kind.DATASET, type_="table") for n in range(60)]
    record(ledger, *many, valid=days(1))
    record(ledger, hostile, edge("account", "CAN_READ", "hostile"), long, valid=days(1))
    store.close()
    with serving(folder / "estate.db", folder) as running:
        yield running


@pytest.fixture(scope="module")
def empty_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    folder = tmp_path_factory.mktemp("empty")
    open_store(str(folder / "estate.db")).close()
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
    assert "known up to commit 4" in text(tab, ".basis")
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


def opened(tab: Tab, server: Running, address: str) -> str:
    """Go to a view, and return what it says once it has its answer."""
    tab.call("Page.navigate", url="about:blank")
    tab.call("Page.navigate", url=f"{server.url}/#/{address}")
    tab.wait_for("document.querySelector('main h2') && !document.querySelector('main[aria-busy]')")
    return text(tab, "main")


def in_search_box(tab: Tab) -> bool:
    return bool(tab.value("document.activeElement?.name") == "text")


def test_the_slash_leads_to_the_search_from_everywhere_and_can_be_turned_off(server: Running, tab: Tab):
    opened(tab, server, "ownership-gaps?asOf=2026-01-05")
    assert "Press / to search." in text(tab, "header")
    tab.press("/", "/")
    tab.wait_for("document.activeElement?.name === 'text'")
    assert tab.value("document.querySelector('[name=asOf]').value") == "2026-01-05"
    # In a box it is a character like any other.
    tab.press("/", "/")
    assert tab.value("document.activeElement.value") == "/"
    tab.value("document.getElementById('main').focus()")
    tab.press("/", "/")
    assert in_search_box(tab)
    assert tab.value("document.activeElement.value") == "/"
    tab.value("document.querySelector('#keys button').focus()")
    tab.press("Enter", "\r")
    assert "Press / to search." not in text(tab, "header")
    tab.press("/", "/")
    assert not in_search_box(tab)
    opened(tab, server, "runs")
    tab.press("/", "/")
    assert not in_search_box(tab)
    assert "Turn the key / on" in text(tab, "#keys")


def test_a_uid_ends_lines_after_its_separators_only(server: Running, tab: Tab):
    tab.call("Emulation.setDeviceMetricsOverride", width=420, height=800, deviceScaleFactor=1, mobile=False)
    assert LONG in opened(tab, server, "search?text=long").replace("\n", "")
    lines = tab.value(
        """[...document.querySelectorAll('main td .uid .part')].map(part => part.getClientRects().length)"""
    )
    assert len(lines) == 7
    assert set(lines) == {1}
    assert tab.value("document.querySelector('main td .uid').textContent") == LONG
    # The table may be wider than the page; the page is not.
    assert tab.value("document.documentElement.scrollWidth <= innerWidth")


def test_where_a_uid_is_asked_for_a_name_that_one_node_has_will_do(server: Running, tab: Tab):
    opened(tab, server, "blast-radius")
    tab.value("document.querySelector('main [name=uid]').focus()")
    tab.type("gateway key")
    tab.press("Enter", "\r")
    tab.wait_for("document.querySelectorAll('main table').length === 2")
    said = text(tab, "main")
    assert "gateway key is key (Secret)." in said
    assert "If gateway key is DISCLOSED" in said


def test_an_address_that_is_none_is_said_to_be_none(server: Running, tab: Tab):
    for address in ("nope", "constructor"):
        tab.call("Page.navigate", url="about:blank")
        tab.call("Page.navigate", url=f"{server.url}/#/{address}")
        tab.wait_for("!document.querySelector('main[aria-busy]') && document.querySelector('main .empty')")
        assert f"There is no page #/{address}." in text(tab, "main")


def test_skipping_to_the_answer_leaves_the_answer(server: Running, tab: Tab):
    before = opened(tab, server, "blast-radius?uid=key")
    tab.value("document.querySelector('.skip').click()")
    assert tab.value("document.activeElement.id") == "main"
    assert (text(tab, "main"), tab.value("location.hash")) == (before, "#/blast-radius?uid=key")


def test_where_a_uid_is_asked_for_a_part_of_a_name_leads_to_nodes(server: Running, tab: Tab):
    opened(tab, server, "blast-radius")
    tab.value("document.querySelector('main [name=uid]').focus()")
    tab.type("gateway k")
    tab.press("Enter", "\r")
    tab.wait_for("document.querySelector('main table')")
    said = text(tab, "main")
    assert "No node has the uid gateway k at these times." in said
    tab.value("[...document.querySelectorAll('main td a')].find(a => a.innerText === 'gateway key').focus()")
    tab.press("Enter", "\r")
    tab.wait_for("document.querySelectorAll('main table').length === 2")
    assert "If gateway key is DISCLOSED" in text(tab, "main")


def test_what_is_not_there_is_said_in_the_words_of_the_page(server: Running, tab: Tab):
    said = opened(tab, server, "blast-radius?uid=nowhere")
    assert "No source says anything about nowhere at these times." in said
    assert "Search finds a node by its name" in said
    assert "holdfast" not in said
    assert "--" not in said


@pytest.mark.parametrize(
    ("address", "says"),
    [
        ("search", "Nothing has been read in yet."),
        ("search?text=key", "Nothing has been read in yet."),
        ("blast-radius", "Give a uid or a name"),
        ("blast-radius?uid=key", "No source says anything about key"),
        ("ownership-gaps", "Nothing has been read in yet."),
        ("evidence", "No catalog has been read in"),
        ("runs", "Nothing has been read in"),
    ],
)
def test_an_empty_ledger_says_what_fills_it(empty_server: Running, tab: Tab, address: str, says: str):
    assert says in opened(tab, empty_server, address)


@pytest.mark.parametrize(
    ("address", "says"),
    [
        ("search", "Type a part of a name"),
        ("search?text=zzz", "Nothing matches zzz at these times."),
        ("ownership-gaps?asOf=2020-01-01", "there is no node that should have an owner"),
        ("ownership-gaps", "That is a finding only for what a source of owners covers"),
        ("blast-radius?uid=model&harm=UNPROVEN", "Nothing else is known to be harmed."),
    ],
)
def test_a_view_without_rows_says_why(server: Running, tab: Tab, address: str, says: str):
    assert says in opened(tab, server, address)


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


def press_more(tab: Tab) -> None:
    tab.value(
        "[...document.querySelectorAll('main button')].find(b => b.innerText.startsWith('More')).focus()"
    )
    tab.press("Enter", "\r")


def test_more_is_there_with_a_date_of_knowledge_too(server: Running, tab: Tab):
    opened(tab, server, "search?text=shelf&knownAt=2030-01-01")
    assert tab.value("document.querySelectorAll('main td a').length") == 50
    press_more(tab)
    tab.wait_for("document.querySelectorAll('main td a').length === 60")


def test_more_that_fails_says_so_and_can_be_asked_for_again(server: Running, tab: Tab):
    opened(tab, server, "search?text=shelf")
    tab.value("window.kept = window.fetch; window.fetch = () => Promise.reject(new Error('no way there'))")
    press_more(tab)
    tab.wait_for("document.querySelector('main [role=alert]')?.innerText.includes('no way there')")
    assert tab.value("document.activeElement.innerText") == "More nodes"
    tab.value("window.fetch = window.kept")
    press_more(tab)
    tab.wait_for("document.querySelectorAll('main td a').length === 60")


def test_a_harm_that_cannot_come_to_such_a_node_is_said_and_not_replaced(server: Running, tab: Tab):
    said = opened(tab, server, "blast-radius?uid=key&harm=TAINTED")
    assert "TAINTED cannot come to gateway key, which is of kind Secret." in said
    assert "If gateway key is" not in said


def test_why_nothing_was_closed_is_the_first_thing_said_of_a_run(tmp_path: Path, tab: Tab):
    store = tmp_path / "estate.db"
    half_gone(tmp_path, store)
    with serving(store, tmp_path) as running:
        said = opened(tab, running, "runs")
        first = tab.value("document.querySelector('main tbody tr td:last-child li').innerText")
    assert "was not closed" in first
    assert "nodes: 200 created" in said
    assert "edges: 0 created" in said
