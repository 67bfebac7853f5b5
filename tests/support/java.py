"""Finds a Java home of a version that a server runs on."""

import os
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

INSTALL_FOLDERS = ("/usr/lib/jvm", "/opt", "/Library/Java/JavaVirtualMachines")


def find_java(oldest: int, newest: int) -> Path | None:
    """The `java` program of the first home with oldest <= major version <= newest, else None."""
    for home in java_homes():
        version = major_version(home)
        if version is not None and oldest <= version <= newest:
            return home / "bin" / "java"
    return None


def java_homes() -> Iterator[Path]:
    """Candidate homes: the one that is set, the one on the path, then what is installed."""
    if os.environ.get("JAVA_HOME"):
        yield Path(os.environ["JAVA_HOME"])
    on_path = shutil.which("java")
    if on_path:
        yield Path(on_path).resolve().parent.parent
    for folder in map(Path, INSTALL_FOLDERS):
        for home in sorted(folder.glob("*")):
            yield from (home, home / "Contents" / "Home")


def major_version(home: Path) -> int | None:
    """17 for a home whose release file says 17.0.15; None where there is no Java or no such file."""
    release = home / "release"
    if not (home / "bin" / "java").exists() or not release.is_file():
        return None
    stated = re.search(r'^JAVA_VERSION="(\d+)', release.read_text(encoding="utf-8"), re.MULTILINE)
    return int(stated.group(1)) if stated else None
