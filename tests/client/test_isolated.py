"""The client in an environment of its own: its wheel with what that names, and nothing of the server."""

import json
import subprocess
import sys
import tarfile
import venv
import zipfile
from importlib.metadata import version
from pathlib import Path

import pytest
from hatchling.builders.sdist import SdistBuilder
from hatchling.builders.wheel import WheelBuilder

import holdfast_client
from tests.api.server.conftest import Running
from tests.client.test_examples import CLIENT, run_example

NEEDED = ("anyio", "certifi", "h11", "httpcore", "httpx", "idna", "typing_extensions")
"""What httpx brings; in the versions that are tested here."""

LISTED = """
import importlib.metadata, importlib.util, json
print(json.dumps([
    sorted({d.metadata["Name"].lower().replace("_", "-") for d in importlib.metadata.distributions()}),
    [n for n in ("graph", "ingest", "queries", "api", "fastapi", "neo4j") if importlib.util.find_spec(n)],
    importlib.util.find_spec("holdfast_client").origin,
]))
"""


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    [built] = WheelBuilder(str(CLIENT)).build(directory=str(folder), versions=["standard"])
    return Path(built)


@pytest.fixture(scope="module")
def python(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The interpreter of a fresh environment with the wheel and its dependencies."""
    folder = tmp_path_factory.mktemp("alone")
    venv.create(folder / "env", with_pip=False)
    alone = folder / "env/bin/python"
    pins = folder / "pins.txt"
    pins.write_text("".join(f"{name}=={version(name)}\n" for name in NEEDED))
    pip = [sys.executable, "-m", "pip", "--python", str(alone), "--disable-pip-version-check"]
    done = subprocess.run(
        [
            *pip,
            "install",
            "--quiet",
            "--only-binary",
            ":all:",
            "--retries",
            "1",
            "--constraint",
            str(pins),
            str(wheel),
        ],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, (
        f"httpx could not be installed beside the client, so nothing is known of it alone; "
        f"this test needs a package index or pip's cache:\n{done.stderr}"
    )
    return alone


def test_the_wheel_holds_the_package_its_types_and_the_license(wheel: Path):
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
        [metadata] = [archive.read(name).decode() for name in names if name.endswith("/METADATA")]
        [license_file] = [archive.read(name).decode() for name in names if name.endswith("/LICENSE")]
    assert {name.split("/")[0] for name in names if ".dist-info" not in name} == {"holdfast_client"}
    assert "holdfast_client/py.typed" in names
    assert f"Version: {holdfast_client.__version__}\n" in metadata
    assert "Requires-Python: >=3.10\n" in metadata
    assert [line for line in metadata.splitlines() if line.startswith("Requires-Dist")] == [
        "Requires-Dist: httpx<1,>=0.27"
    ]
    assert license_file == (CLIENT.parents[1] / "LICENSE").read_text(encoding="utf-8")


def test_the_sdist_can_be_built_from(tmp_path: Path):
    [built] = SdistBuilder(str(CLIENT)).build(directory=str(tmp_path), versions=["standard"])
    with tarfile.open(built) as archive:
        files = {name.partition("/")[2] for name in archive.getnames() if archive.getmember(name).isfile()}
    assert {"LICENSE", "README.md", "pyproject.toml", "holdfast_client/py.typed", "examples/ask.py"} <= files


def test_the_examples_run_with_httpx_and_nothing_of_the_server(python: Path, server: Running, tmp_path: Path):
    listed = subprocess.run([python, "-c", LISTED], capture_output=True, text=True, cwd=tmp_path, check=True)
    installed, of_the_server, origin = json.loads(listed.stdout)
    assert set(installed) <= {"holdfast-client", *(name.replace("_", "-") for name in NEEDED)}
    assert of_the_server == []
    assert Path(origin).is_relative_to(python.parents[1])
    for name in ("ingest.py", "ask.py", "pipeline.py", "export.py"):
        assert run_example(python, name, tmp_path, server)


def test_the_client_imports_httpx_and_the_standard_library_only():
    import ast

    imported = {
        name.split(".")[0]
        for path in (CLIENT / "holdfast_client").rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Import | ast.ImportFrom)
        for name in (
            [node.module or ""] if isinstance(node, ast.ImportFrom) else [a.name for a in node.names]
        )
    }
    assert imported - sys.stdlib_module_names == {"holdfast_client", "httpx"}
