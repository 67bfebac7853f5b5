"""Sources are found through entry points, other people's among them, and a broken one harms no other."""

from pathlib import Path

import pytest

from graph.errors import HoldfastError
from ingest.registry import BrokenSource, PluginSource, UnknownSource, list_sources, load_source, source_names
from ingest.report import RunState
from tests.ingest.jobs import Desk

BUILT_IN = ["catalog", "kubernetes", "openlineage", "people", "records"]


def install(folder: Path, package: str, entries: str, code: str) -> None:
    """Put a package with entry points where Python finds it, as an installer would."""
    (folder / f"{package}.py").write_text(code, encoding="utf-8")
    info = folder / f"{package}-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text(
        f"Metadata-Version: 2.1\nName: {package}\nVersion: 1.0\n", encoding="utf-8"
    )
    (info / "entry_points.txt").write_text(f"[holdfast.sources]\n{entries}\n", encoding="utf-8")


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "site"
    folder.mkdir()
    monkeypatch.syspath_prepend(folder)
    return folder


def test_the_built_in_sources_are_named(site: Path) -> None:
    assert set(BUILT_IN) <= set(source_names())


def test_names_are_listed_without_importing_anything(site: Path) -> None:
    install(site, "hf_test_explosive", "explosive = hf_test_explosive:read", "raise SystemExit('imported')")
    assert "explosive" in source_names()


def test_records_says_what_it_maps_and_what_not() -> None:
    source = load_source("records")
    assert (source.name, bool(source.summary), bool(source.maps), bool(source.does_not_map)) == (
        "records",
        True,
        True,
        True,
    )


def test_a_third_partys_callable_needs_nothing_of_ours(site: Path, desk: Desk, tmp_path: Path) -> None:
    install(
        site,
        "hf_test_registry",
        "theirs = hf_test_registry:read",
        '''
def read(paths):
    """Reads our registry.

    And more.
    """
    for path in paths:
        with open(path, encoding="utf-8") as file:
            names = file.read().split()
        yield {"scope": {"name": "registry", "read_at": 1767225600000}}
        for name in names:
            yield {"node": {"uid": name, "kind": "Asset", "type": "service"}}
        yield {"end": {"scope": "registry", "count": len(names)}}

read.maps = ["services"]
''',
    )
    source = load_source("theirs")
    assert isinstance(source, PluginSource)
    assert (source.summary, source.maps, source.does_not_map) == ("Reads our registry.", ("services",), ())
    path = tmp_path / "names.txt"
    path.write_text("a b", encoding="utf-8")
    report = desk.run(path, source=source, instance="eu")
    assert (report.state, report.nodes.created) == (RunState.COMPLETED, 2)
    assert {str(row.scope) for row in desk.store.all_node_rows(desk.store.head().sequence)} == {
        "theirs/eu:registry"
    }


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        pytest.param("import no_such_module_of_anybody", "ModuleNotFoundError", id="does not import"),
        pytest.param("def read(: pass", "SyntaxError", id="does not parse"),
        pytest.param("other = 1", "AttributeError", id="lacks what it names"),
        pytest.param("read = 7", "neither a source nor a callable", id="names a number"),
        pytest.param("raise SystemExit(3)", "SystemExit", id="exits"),
    ],
)
def test_a_broken_plug_in_is_reported_and_harms_no_other(site: Path, code: str, reason: str) -> None:
    # A name of its own for each case: modules that were imported once stay imported.
    package = f"hf_test_{reason[:8].lower().replace(' ', '_')}"
    install(site, package, f"broken = {package}:read", code)
    with pytest.raises(BrokenSource) as caught:
        load_source("broken")
    assert reason in str(caught.value)
    listed = {found.name: found for found in list_sources()}
    assert listed["broken"].source is None
    assert listed["broken"].provider == package
    assert listed["records"].source is not None


def test_two_packages_that_offer_one_name_are_told_apart_by_neither(site: Path) -> None:
    for package in ("hf_test_one", "hf_test_two"):
        install(site, package, f"twice = {package}:read", "def read(paths): return []")
    with pytest.raises(BrokenSource) as caught:
        load_source("twice")
    assert "hf_test_one and hf_test_two" in str(caught.value)


def test_an_unknown_name_lists_the_known_ones() -> None:
    with pytest.raises(UnknownSource) as caught:
        load_source("kubernets")
    assert isinstance(caught.value, HoldfastError)
    assert "records" in str(caught.value)
