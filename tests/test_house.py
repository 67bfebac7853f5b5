"""Rules of the project's own structure that no linter holds."""

import re
import subprocess
import tomllib
import zipfile
from collections.abc import Iterator
from importlib.metadata import entry_points
from pathlib import Path, PurePosixPath
from typing import Any

import pytest
import yaml
from hatchling.builders.wheel import WheelBuilder
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[1]
PACKAGES = ("graph", "ingest", "queries", "api")
LOCKS = ("requirements/run.txt", "requirements/dev.txt")


def project_files() -> list[str]:
    """What git holds or would take: tracked files and new ones that are not ignored."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    return sorted(path for path in set(listed.stdout.split("\0")) if path and (ROOT / path).is_file())


def text_files() -> Iterator[tuple[str, str]]:
    for path in project_files():
        try:
            yield path, (ROOT / path).read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue


def pyproject() -> dict[str, Any]:
    return tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


# ---------------------------------------------------------------- names


def test_every_tests_folder_is_a_package():
    folders = {
        parent for path in project_files() for parent in PurePosixPath(path).parents if path.endswith(".py")
    }
    of_tests = {folder for folder in folders if "tests" in folder.parts}
    assert [str(f) for f in sorted(of_tests) if not (ROOT / f / "__init__.py").is_file()] == []


def test_no_module_hides_one_of_the_standard_library():
    hiding = {"secrets", "types", "token", "queue"}
    names = {
        path: set(PurePosixPath(path).with_suffix("").parts)
        for path in project_files()
        if path.endswith(".py")
    }
    assert [path for path, parts in names.items() if parts & hiding] == []


def test_nothing_names_a_folder_of_somebodys_machine():
    machine_path = re.compile(r"(?<![\w.\-])/(?:work|root|home)/")
    assert [path for path, text in text_files() if machine_path.search(text)] == []


def test_nothing_names_a_package_registry():
    python_and_node = r"pypi\.org|pythonhosted\.org|npmjs\.(?:org|com)"
    java_rust_go = r"maven\.org|maven\.apache\.org/maven2|crates\.io|golang\.org"
    systems_and_images = r"debian\.org|docker\.io|ghcr\.io|quay\.io"
    registry = re.compile(rf"(?:{python_and_node}|{java_rust_go}|{systems_and_images})(?![\w.])")
    assert [path for path, text in text_files() if registry.search(text)] == []


# ---------------------------------------------------------------- pins


def locked(path: str) -> dict[str, str]:
    """Requirement lines of a lock file by name, continuation lines joined."""
    lines = (ROOT / path).read_text(encoding="utf-8").replace("\\\n", " ").splitlines()
    stated = [line for line in lines if line and not line.startswith("#")]
    return {canonicalize_name(line.split("==")[0]): line for line in stated}


@pytest.mark.parametrize("path", LOCKS)
def test_every_pin_has_a_hash_and_no_address(path: str):
    pins = locked(path)
    assert [pin for pin in pins.values() if not re.match(r"\S+==\S+ .*--hash=sha256:[0-9a-f]{64}", pin)] == []
    assert "://" not in (ROOT / path).read_text(encoding="utf-8")


def test_both_locks_pin_the_same_versions():
    run, dev = (locked(path) for path in LOCKS)
    assert {name: pin for name, pin in run.items() if dev.get(name) != pin} == {}


def test_the_locks_satisfy_what_the_project_asks_for():
    project = pyproject()
    groups = project["dependency-groups"]
    extras = project["project"]["optional-dependencies"]
    asked = {
        LOCKS[0]: [*project["project"]["dependencies"], *groups["build"]],
        LOCKS[1]: [*(text for group in groups.values() for text in group), *extras["py2neo"]],
    }
    unmet = []
    for path, requirements in asked.items():
        pins = locked(path)
        for requirement in map(Requirement, requirements):
            pin = pins.get(canonicalize_name(requirement.name), "==0")
            if not requirement.specifier.contains(pin.split("==")[1].split()[0]):
                unmet.append((path, str(requirement)))
    assert unmet == [], "run `make lock`"


# ---------------------------------------------------------------- what is shipped


@pytest.fixture(scope="module")
def wheel_files(tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    folder = tmp_path_factory.mktemp("wheel")
    [wheel] = WheelBuilder(str(ROOT)).build(directory=str(folder), versions=["standard"])
    with zipfile.ZipFile(wheel) as archive:
        return set(archive.namelist())


def test_the_wheel_holds_the_four_packages_and_nothing_beside_them(wheel_files: set[str]):
    tops = {name.split("/")[0] for name in wheel_files}
    assert {top for top in tops if not top.endswith(".dist-info")} == set(PACKAGES)
    assert [name for name in wheel_files if "tests" in name.split("/")] == []


def test_the_wheel_holds_the_packages_data_too(wheel_files: set[str]):
    of_packages = {path for path in project_files() if path.split("/")[0] in PACKAGES}
    assert of_packages - wheel_files == set()


def test_every_declared_entry_point_loads():
    declared = pyproject()["project"]
    sources = entry_points(group="holdfast.sources")
    assert {source.name: source.value for source in sources} == declared["entry-points"]["holdfast.sources"]
    scripts = entry_points(group="console_scripts").select(name="holdfast")
    assert all(entry.load() is not None for entry in (*sources, *scripts))


# ---------------------------------------------------------------- containers and commands


def compose() -> dict[str, Any]:
    loaded = yaml.safe_load((ROOT / "docker-compose.yml").read_text(encoding="utf-8"))
    assert isinstance(loaded, dict)
    return loaded


def test_containers_publish_on_loopback_only():
    services = compose()["services"].values()
    ports = [port for service in services for port in service.get("ports", [])]
    assert ports
    assert [port for port in ports if not str(port).startswith("127.0.0.1:")] == []


def test_container_images_are_pinned():
    images = [service["image"] for service in compose()["services"].values() if "image" in service]
    dockerfile = (ROOT / "Dockerfile").read_text(encoding="utf-8")
    images += re.findall(r"^FROM (\S+)", dockerfile, re.MULTILINE)
    assert images
    assert [image for image in images if not re.fullmatch(r"[^:]+:\d[\w.\-]*", image)] == []


def test_containers_get_passwords_from_files():
    environments = [service.get("environment", {}) for service in compose()["services"].values()]
    secret = [name for names in environments for name in names if re.search("PASSWORD|AUTH", name)]
    assert secret
    assert [name for name in secret if not name.endswith("_FILE")] == []


def test_ci_runs_what_the_readme_says():
    steps = re.findall(r"^step (.+?)(?: #.*)?$", (ROOT / ".ci/run").read_text(encoding="utf-8"), re.MULTILINE)
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert steps
    assert [step for step in steps if step not in readme] == []
