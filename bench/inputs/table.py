"""Which generator makes the input of which source, what it counts, and how the input is read."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from bench.inputs import agents, clouds, directories, estates, forges, lineage, models, registers, software

_WHOLE: Final = ("--complete",)


@dataclass(frozen=True, slots=True)
class Input:
    """How input of a source is made (folder, how many records), and what one record is."""

    write: Callable[[Path, int], None]
    record: str
    options: tuple[str, ...] = _WHOLE


INPUTS: Final[Mapping[str, Input]] = {
    "agents": Input(
        agents.write_agents, "MCP servers, a file for every ten", (*_WHOLE, "--scope", "fairbank")
    ),
    "aws": Input(
        clouds.write_aws, "users, roles, functions, buckets", (*_WHOLE, "--scope", "214365870912/eu-west-1")
    ),
    "backstage": Input(software.write_backstage, "components, a file for every five"),
    "bloodhound": Input(directories.write_opengraph, "users, each in a group"),
    "catalog": Input(registers.write_catalog, "controls of one edition", ()),
    "cyclonedx": Input(software.write_cyclonedx, "components of one BOM", ()),
    "dbt": Input(
        lineage.write_dbt,
        "models, each with a test and its result",
        (*_WHOLE, "--instance", "postgres://db.fairbank.example:5432"),
    ),
    "entra": Input(
        directories.write_entra, "users and applications", (*_WHOLE, "--scope", directories.TENANT)
    ),
    "github": Input(forges.write_github, "repositories, each with three lists of its own"),
    "huggingface": Input(models.write_hub, "models of one list, with their cards"),
    "kubernetes": Input(estates.write_kubernetes, "objects of one list"),
    "leaks": Input(forges.write_gitleaks, "findings of one report", (*_WHOLE, "--scope", forges.REPOSITORY)),
    "mlflow": Input(
        models.write_mlflow, "runs, each with a model version", (*_WHOLE, "--scope", models.SERVER)
    ),
    "openlineage": Input(lineage.write_openlineage, "events, ten of each job", ()),
    "people": Input(directories.write_people, "people", (*_WHOLE, "--scope", "people")),
    "records": Input(registers.write_records, "nodes, each with an edge", ()),
    "scim": Input(directories.write_scim, "users, in pages of 500"),
    "tables": Input(registers.write_table, "rows"),
    "vault": Input(estates.write_vault, "secrets, and a role for every ten"),
}
"""By the name of the source."""
