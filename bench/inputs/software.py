"""What software is made of and who keeps it: a bill of materials, descriptors of a software catalog."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from bench.inputs.writing import TEAMS, Json, guid, write_json, write_text

_ENTITY: Final = """\
---
apiVersion: backstage.io/v1alpha1
kind: Component
metadata:
  name: service-{number}
  title: Service {number}
  description: Keeps part {number} of the estate
  tags: [python]
  annotations:
    github.com/project-slug: fairbank/service-{number}
spec:
  type: service
  lifecycle: production
  owner: group:default/team-{team}
  system: system-{system}
  dependsOn: [component:service-{before}]
"""
_IN_FILE: Final = 5


def write_cyclonedx(folder: Path, count: int) -> None:
    """Write the BOM of an application with libraries that stand on each other."""
    root: Json = {"bom-ref": "root", "type": "application", "name": "scoring", "version": "4.2.0"}
    tree = [{"ref": "root", "dependsOn": [_ref(n) for n in range(min(10, count))]}]
    tree += [{"ref": _ref(n), "dependsOn": [_ref(m) for m in _below(n, count)]} for n in range(count)]
    bom = {
        "$schema": "http://cyclonedx.org/schema/bom-1.6.schema.json",
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "serialNumber": f"urn:uuid:{guid('bom')}",
        "version": 1,
        "metadata": {"timestamp": "2026-11-18T10:00:00Z", "component": root},
        "components": [_library(n) for n in range(count)],
        "dependencies": tree,
    }
    write_json(folder / "scoring.cdx.json", bom)


def write_backstage(folder: Path, count: int) -> None:
    """Write descriptors, five to a file as in a repository of several services."""
    for start in range(0, count, _IN_FILE):
        several = range(start, min(start + _IN_FILE, count))
        write_text(folder / f"repository-{start}" / "catalog-info.yaml", "".join(map(_entity, several)))


def _entity(number: int) -> str:
    return _ENTITY.format(
        number=number, team=number % TEAMS, system=number // 10, before=max(0, number - 1 - number % 7)
    )


def _ref(number: int) -> str:
    return f"library-{number}==1.{number % 10}.0"


def _below(number: int, count: int) -> list[int]:
    return [n for n in (2 * number + 10, 2 * number + 11) if n < count]


def _library(number: int) -> Json:
    name, version = f"library-{number}", f"1.{number % 10}.0"
    address = f"https://git.fairbank.example/{name}"
    return {
        "bom-ref": _ref(number),
        "type": "library",
        "name": name,
        "version": version,
        "purl": f"pkg:pypi/{name}@{version}",
        "description": f"Library number {number}",
        "licenses": [{"license": {"acknowledgement": "declared", "id": "Apache-2.0"}}],
        "externalReferences": [{"type": "vcs", "url": address}, {"type": "website", "url": address}],
    }
