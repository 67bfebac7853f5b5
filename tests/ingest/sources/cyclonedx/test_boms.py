"""Rules of single parts: names, scopes and versions, merging, order, and what breaks late."""

import gzip
import json
import tracemalloc
from collections import Counter
from collections.abc import Callable
from itertools import pairwise

import pytest

from graph.model import Extent, SourceInstance
from ingest.record import ReadContext, Said
from ingest.sources.cyclonedx import SOURCE
from tests.ingest.jobs import FINGERPRINTS
from tests.ingest.sources.cyclonedx.boms import FILES, SERIAL, bom, depends, edges, library, nodes, read
from tests.support.saying import day

A, B, C = "pkg:npm/a@1.0", "pkg:npm/b@1.0", "pkg:npm/c@1.0"


@pytest.mark.parametrize("spec", ["1.4", "1.5", "1.6", "1.7"])
def test_all_versions_of_the_format(desk, spec):
    report = read(desk, bom(library("a"), library("b"), specVersion=spec, dependencies=[depends("a", "b")]))
    assert report.rejected_count == 0
    assert edges(desk) == {f"{A} BUILT_FROM {B}", f"~app BUILT_FROM {A} ?"}


def test_a_dependency_may_stand_before_what_it_names(desk):
    document = bom(library("a"), library("b"), dependencies=[depends("app", "a"), depends("a", "b")])
    read(desk, {key: document[key] for key in reversed(document)})
    assert edges(desk) == {f"~app BUILT_FROM {A}", f"{A} BUILT_FROM {B}"}


def test_only_a_package_url_with_a_version_is_a_name_everywhere(desk):
    plain = library("a", purl="pkg:npm/a")
    login = library("b", purl="pkg:generic/b@1?download_url=https://u:planted-value@host.example/b")
    read(desk, bom(plain, login, library("c")))
    found = nodes(desk)
    assert set(found) == {"~app", "~a", "~b", C}
    assert not found["~a"].external_ids


def test_a_reference_of_one_bom_is_another_thing_in_another(desk):
    other = bom({"type": "library", "bom-ref": "x", "name": "x"})
    other["serialNumber"] = SERIAL.replace("3e67", "4e67")
    read(desk, bom({"type": "library", "bom-ref": "x", "name": "x"}), other)
    assert len([name for name in nodes(desk) if name.endswith("x")]) == 2


def test_components_with_one_package_url_are_one_thing_with_all_that_they_say(desk):
    digests = [{"alg": "SHA-1", "content": "a" * 40}]
    twice = library("a"), {**library("a"), "bom-ref": "a2", "hashes": digests, "description": "x"}
    report = read(
        desk, bom(*twice, library("b"), dependencies=[depends("a2", "b"), depends("app", "a", "a2")])
    )
    assert report.rejected_count == 0
    assert nodes(desk)[A].properties["digests"].value == ("sha1:" + "a" * 40,)
    assert edges(desk) == {f"{A} BUILT_FROM {B}", f"~app BUILT_FROM {A}"}


def test_an_edge_that_is_certain_once_is_certain(desk):
    optional = {**library("a"), "bom-ref": "a2", "scope": "optional"}
    read(desk, bom(library("a"), optional, dependencies=[depends("app", "a2", "a")]))
    assert edges(desk) == {f"~app BUILT_FROM {A}"}


def test_what_stands_inside_of_what_is_excluded_is_left_out_with_it(desk):
    report = read(
        desk, bom(library("a", scope="excluded", components=[library("b", components=[library("c")])]))
    )
    assert set(nodes(desk)) == {"~app"}
    assert report.skipped["component with the scope excluded"] == 3


def test_libraries_inside_of_libraries(desk):
    read(desk, bom(library("a", components=[library("b", components=[library("c")])])))
    assert edges(desk) == {f"~app BUILT_FROM {A} ?", f"{A} BUILT_FROM {B}", f"{B} BUILT_FROM {C}"}


def test_a_bom_without_a_serial_number_goes_by_its_root_component(desk):
    report = read(desk, bom(library("a"), serialNumber=None))
    assert report.scopes[0].scope.name == "/app@1.0"


def test_what_a_higher_version_no_longer_holds_ends(desk):
    read(desk, bom(library("a"), library("b")))
    report = read(desk, bom(library("a"), version=2, day=2))
    assert report.scopes[0].complete
    assert set(nodes(desk)) == {"~app", A}


def test_the_same_version_with_other_content_ends_nothing(desk):
    read(desk, bom(library("a"), library("b")))
    report = read(desk, bom(library("a"), day=2))
    assert not report.scopes[0].complete
    assert "version 1 was read before with other content" in (report.scopes[0].why or "")
    assert set(nodes(desk)) == {"~app", A, B}


def test_another_serial_number_ends_nothing(desk):
    read(desk, bom(library("a"), library("b")))
    read(desk, bom(library("a"), version=2, day=2, serialNumber=SERIAL.replace("3e67", "4e67")))
    assert {A, B} <= set(nodes(desk))


def test_an_older_version_read_later_adds_history_only(desk):
    read(desk, bom(library("a"), version=2, day=3))
    report = read(desk, bom(library("a"), library("b"), version=1, day=1))
    assert report.rejected_count == 0
    assert set(nodes(desk)) == {"~app", A}
    assert desk.when(f"hf:asset:purl:{B.replace('/', '%2F')}") == [(1, 3)]


def test_a_lower_version_of_a_later_time_is_refused(desk):
    read(desk, bom(library("a"), version=2, day=3))
    report = read(desk, bom(library("b"), version=1, day=4))
    assert [p.reason for p in report.rejected] == ["version 1, dated after version 2, which was read before"]
    assert B not in nodes(desk)


def test_an_excluded_root_or_none_joins_nothing(desk):
    document = bom(library("a"), metadata={"timestamp": "2026-01-01T00:00:00Z"})
    read(desk, document)
    assert edges(desk) == set()


def test_the_time_is_that_of_the_flag_else_of_the_bom(desk):
    assert read(desk, bom(day=5)).scopes[0].read_at == day(5)
    other = bom(day=5, serialNumber=SERIAL.replace("3e67", "4e67"))
    assert read(desk, other, read_at=day(7)).scopes[0].read_at == day(7)


def test_what_stands_before_a_break_goes_in_and_closes_nothing(desk):
    read(desk, bom(library("a"), library("b"), library("c")))
    text = json.dumps(bom(library("a"), library("b", "2.0"), library("c"), version=2, day=2), indent=1)
    report = read(desk, text[: text.rindex('"purl"')])
    assert [(p.position[:5], p.reason) for p in report.rejected] == [("line ", "JSON that ends early")]
    assert report.scopes[0].why is not None
    assert set(nodes(desk)) == {"~app", A, B, "pkg:npm/b@2.0", C}
    again = read(desk, bom(library("a"), library("b", "2.0"), version=2, day=2))
    assert again.scopes[0].complete, "a version that was not read to its end has not been read"
    assert set(nodes(desk)) == {"~app", A, "pkg:npm/b@2.0"}


def test_a_break_before_the_serial_number_says_nothing(desk):
    document = bom(library("a"))
    text = json.dumps({key: document[key] for key in reversed(document)})
    report = read(desk, text[: text.index('"serialNumber"')])
    assert [p.field for p in report.rejected] == ["", "/serialNumber"] or report.rejected_count
    assert not nodes(desk)


def test_compositions(desk):
    compositions = [
        {"aggregate": "complete", "assemblies": ["app"], "dependencies": ["a", "b", "c"]},
        {"aggregate": "incomplete", "assemblies": ["b"]},
        {"aggregate": "not_specified", "dependencies": ["c"]},
    ]
    read(desk, bom(library("a"), library("b"), library("c"), compositions=compositions))
    found = {name: dict(node.reports[0].coverage) for name, node in nodes(desk).items() if node.reports}
    assert found == {A: {"BUILT_FROM": Extent.COMPLETE}, B: {"BUILT_FROM": Extent.INCOMPLETE}}


def test_nothing_is_closed_by_a_composition_of_a_bom_that_was_not_read_whole(desk):
    compositions = [{"aggregate": "complete", "dependencies": ["a"]}]
    report = read(desk, bom(library("a"), {"type": "library"}, compositions=compositions))
    assert report.rejected_count == 1
    found = [r for node in nodes(desk).values() for r in node.reports]
    assert not any(Extent.COMPLETE in report.coverage.values() for report in found)


def test_an_image_is_known_by_the_digest_of_an_oci_url_and_not_of_a_docker_one(desk):
    digest = "sha256:" + "ab" * 32
    image = {"type": "container", "name": "x", "version": "1"}
    oci = {**image, "bom-ref": "oci", "purl": f"pkg:oci/x@{digest}"}
    docker = {**image, "bom-ref": "docker", "purl": f"pkg:docker/x@{digest}"}
    by_version = {**image, "bom-ref": "plain", "version": digest}
    read(desk, bom(oci, docker, by_version))
    images = [n for n in nodes(desk).values() if n.type == "container_image"]
    with_digest = {n.name for n in images if any(i.scheme == "oci-digest" for i in n.external_ids)}
    assert with_digest == {"x"}
    assert len(images) == 2, "what one digest names is one image"


def test_half_a_surrogate_pair_in_a_reference_stays_what_it_is(desk):
    odd = {"type": "library", "bom-ref": "\ud800", "name": "odd"}
    report = read(desk, json.dumps(bom(odd, library("b"), dependencies=[depends("\ud800", "b")])))
    assert len(edges(desk, "BUILT_FROM")) + report.rejected_count >= 1
    assert B in nodes(desk)


def test_data_flows_both_ways(desk):
    data = {"type": "data", "bom-ref": "d", "name": "d"}
    link = f"urn:cdx:{SERIAL.removeprefix('urn:uuid:')}/1#d"
    flow = {"flow": "bi-directional", "classification": "x", "source": [link], "destination": [link]}
    away = {"flow": "outbound", "classification": "x", "destination": [link.replace("3e67", "4e67")]}
    service = {"bom-ref": "s", "name": "s", "data": [flow, away]}
    report = read(desk, bom(data, services=[service]))
    assert edges(desk) == {"~s READS ~d", "~s WRITES ~d"}
    assert report.skipped["reference into another BOM"] == 1


@pytest.mark.parametrize("spec", ["1.4", "1.7"])
def test_what_cyclonedx_py_writes(desk, spec):
    """A real BOM: cyclonedx-py 7.5.0, ``environment --sv 1.7 --output-reproducible --pyproject …``."""
    report = desk.run(FILES / f"environment-{spec}.json", source=SOURCE, read_at=day(1))
    assert report.rejected_count == 0
    assert report.scopes[0].scope.name == "/loan-forms@1.4.0"
    root = "bom-ref:/loan-forms@1.4.0/root-component"
    requests = "pkg:pypi/requests@2.32.5"
    assert edges(desk) == {
        f"{root} BUILT_FROM {requests}",
        f"{requests} BUILT_FROM pkg:pypi/certifi@2026.10.18",
        f"{requests} BUILT_FROM pkg:pypi/charset-normalizer@3.5.2",
        f"{requests} BUILT_FROM pkg:pypi/idna@3.20",
        f"{requests} BUILT_FROM pkg:pypi/urllib3@2.8.0",
        "pkg:pypi/setuptools@65.5.0 BUILT_FROM pkg:pypi/pip@23.2.1",
        f"{root} BUILT_FROM pkg:pypi/setuptools@65.5.0 ?",
    }


def test_what_is_said_of_nothing_in_the_bom_is_counted(desk):
    compositions = [{"aggregate": "complete", "assemblies": ["gone"], "dependencies": ["a"]}]
    citations = [{"timestamp": "2026-01-01T00:00:00Z", "pointers": ["/components/0/name", "/metadata/tools"]}]
    report = read(desk, bom(library("a"), compositions=compositions, citations=citations, specVersion="1.7"))
    assert report.skipped == {
        "citation of what is no component, service or dataset": 1,
        "composition of what is not in the BOM": 1,
    }


def held_by(work: Callable[[], object]) -> int:
    """The most bytes that Python holds at once while it does something."""
    tracemalloc.start()
    try:
        work()
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    return most


def test_memory_is_less_than_half_of_that_of_the_document_alone(tmp_path):
    """What is held is a window of the text, and texts that were looked at, up to a bound."""
    names = [f"n{number}" for number in range(4_000)]
    chain = [depends(one, other) for one, other in pairwise(["app", *names])]
    path = tmp_path / "large.json"
    path.write_text(json.dumps(bom(*map(library, names), dependencies=chain)), encoding="utf-8")
    context = ReadContext(SourceInstance("cyclonedx"), FINGERPRINTS, day(1))
    said = Counter[type]()
    read_in = held_by(lambda: said.update(map(type, SOURCE.read([path], context))))
    assert said[Said] == 1 + 2 * len(names)
    assert read_in * 2 < held_by(lambda: json.loads(path.read_text(encoding="utf-8")))


def test_a_packed_bom(desk):
    path = desk.folder / "bom.json.gz"
    path.write_bytes(gzip.compress(json.dumps(bom(library("a"))).encode()))
    assert desk.run(desk.folder, source=SOURCE).scopes[0].complete
    path.write_bytes(path.read_bytes()[:-20])
    report = desk.run(desk.folder, source=SOURCE)
    assert [p.reason for p in report.rejected] == ["a gzip stream that ends early or is broken"]


def test_a_root_that_is_repeated_among_the_components_is_one_thing(desk):
    root = library("app")
    metadata = {"timestamp": "2026-01-01T00:00:00Z", "component": root}
    report = read(desk, bom(root, library("a"), metadata=metadata, dependencies=[depends("app", "a")]))
    assert report.rejected_count == 0
    assert edges(desk) == {f"pkg:npm/app@1.0 BUILT_FROM {A}"}


@pytest.mark.parametrize(
    ("qualifier", "is_name"),
    [
        ("vcs_url=git%2Bssh://git%40host.example/a", True),
        ("download_url=https://host.example/%40scope/a", True),
        ("download_url=https://planted-value%40host.example/a", False),
    ],
)
def test_a_package_url_with_a_login_in_it_is_no_name(desk, qualifier, is_name):
    read(desk, bom(library("a", purl=f"pkg:generic/a@1?{qualifier}")))
    assert any(name.startswith("pkg:") for name in nodes(desk)) == is_name
