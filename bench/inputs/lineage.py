"""Pipelines and data: events of a scheduler, artifacts of a dbt project."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Final

from bench.inputs.writing import READ_AT, Json, guid, hexadecimal, write_json, write_lines

_PRODUCER: Final = "https://github.com/OpenLineage/OpenLineage/tree/1.54.0/client/python"
_FACETS: Final = "https://openlineage.io/spec/facets"
_NAMESPACE: Final = "postgres://db.fairbank.example:5432"
_EVENTS_OF_JOB: Final = 10
_SCHEMA: Final = "https://schemas.getdbt.com/dbt"
_HEAD: Final[Json] = {
    "dbt_version": "1.10.23",
    "generated_at": READ_AT,
    "invocation_id": guid("invocation"),
    "env": {},
}


def write_openlineage(folder: Path, count: int) -> None:
    """Write events in order of time: each job runs once a day, and each run has a start and an end."""
    write_lines(folder / "events.jsonl", _events(count))


def write_dbt(folder: Path, count: int) -> None:
    """Write the manifest of a project whose models stand on each other, and the results of their tests."""
    models = [_model(n) for n in range(count)]
    tests = [_test(n) for n in range(count)]
    nodes = {node["unique_id"]: node for node in (*models, *tests)}
    source = _relation("source", "core.loans", "raw", source_name="core", identifier="loans")
    manifest: Json = {
        "metadata": {
            "dbt_schema_version": f"{_SCHEMA}/manifest/v12.json",
            **_HEAD,
            "project_name": "lending",
            "adapter_type": "postgres",
        },
        "nodes": nodes,
        "sources": {source["unique_id"]: source},
        **{part: {} for part in ("macros", "docs", "exposures", "metrics", "groups", "disabled")},
        "parent_map": {
            **{node["unique_id"]: node["depends_on"]["nodes"] for node in nodes.values()},
            source["unique_id"]: [],
        },
        "child_map": {},
        "saved_queries": {},
        "semantic_models": {},
        "unit_tests": {},
    }
    write_json(folder / "manifest.json", manifest)
    results = {
        "metadata": {"dbt_schema_version": f"{_SCHEMA}/run-results/v6.json", **_HEAD},
        "results": [_result(test) for test in tests],
        "elapsed_time": 12.5,
        "args": {"which": "build"},
    }
    write_json(folder / "run_results.json", results)


def _events(count: int) -> Iterator[Json]:
    jobs = max(1, count // _EVENTS_OF_JOB)
    for n in range(count):
        place, job = divmod(n, jobs)
        day, is_end = divmod(place, 2)
        yield _event(job, day, is_end=bool(is_end))


def _event(job: int, day: int, *, is_end: bool) -> Json:
    hour = f"{job // 60 % 24:02}:{job % 60:02}"
    return {
        "eventTime": f"2026-10-{day + 1:02}T{hour}:{'30' if is_end else '00'}Z",
        "eventType": "COMPLETE" if is_end else "START",
        "run": {"runId": guid(f"run {job} {day}"), "facets": {}},
        "job": {
            "namespace": "lending-airflow",
            "name": f"daily.task_{job}",
            "facets": {"jobType": _facet("2-0-4/JobTypeJobFacet", **_JOB_TYPE)},
        },
        "inputs": [_dataset(job), _dataset(job * 3 + 1)] if is_end else [],
        "outputs": [_dataset(job + 1)] if is_end else [],
        "producer": "https://github.com/fairbank/pipelines",
        "schemaURL": "https://openlineage.io/spec/2-0-2/OpenLineage.json#/$defs/RunEvent",
    }


_JOB_TYPE: Final = {"integration": "AIRFLOW", "jobType": "TASK", "processingType": "BATCH"}


def _facet(schema: str, **body: object) -> Json:
    name = schema.split("/")[1]
    return {"_producer": _PRODUCER, "_schemaURL": f"{_FACETS}/{schema}.json#/$defs/{name}", **body}


def _dataset(number: int) -> Json:
    fields = [{"name": name, "type": "text"} for name in ("id", "customer", "amount", "day")]
    return {
        "namespace": _NAMESPACE,
        "name": f"credit.daily.table_{number}",
        "facets": {
            "schema": _facet("1-1-1/SchemaDatasetFacet", fields=fields),
            "datasetType": _facet("1-0-1/DatasetTypeDatasetFacet", datasetType="TABLE"),
        },
    }


def _relation(sort: str, name: str, schema: str, **more: object) -> Json:
    table = name.rpartition(".")[2]
    return {
        "database": "warehouse",
        "schema": schema,
        "name": table,
        "resource_type": sort,
        "package_name": "lending",
        "unique_id": f"{sort}.lending.{name}",
        "fqn": ["lending", table],
        "description": "",
        "columns": {},
        "meta": {},
        "relation_name": f'"warehouse"."{schema}"."{table}"',
        **more,
    }


def _model(number: int) -> Json:
    before = {f"model.lending.model_{n}" for n in (number // 2, number // 3) if n < number}
    parents = sorted(before) or ["source.lending.core.loans"]
    columns: Json = {
        c: {"name": c, "description": "", "meta": {}, "data_type": None} for c in ("id", "amount")
    }
    return _relation(
        "model",
        f"model_{number}",
        "analytics",
        alias=f"model_{number}",
        checksum={"name": "sha256", "checksum": hexadecimal(f"model {number}", 64)},
        config={"enabled": True, "materialized": "table", "group": None, "meta": {}},
        columns=columns,
        language="sql",
        depends_on={"macros": [], "nodes": parents},
        compiled=True,
        group=None,
    )


def _test(number: int) -> Json:
    model = f"model.lending.model_{number}"
    made = _relation(
        "test",
        f"unique_model_{number}_id.{hexadecimal(model, 10)}",
        "audit",
        config={"enabled": True, "materialized": "test", "severity": "ERROR"},
        depends_on={"macros": ["macro.dbt.test_unique"], "nodes": [model]},
        column_name="id",
        attached_node=model,
        test_metadata={"name": "unique", "kwargs": {"column_name": "id"}, "namespace": None},
    )
    return {**made, "name": f"unique_model_{number}_id", "relation_name": None}


def _result(test: Json) -> Json:
    times = {"started_at": "2026-11-19T05:59:00Z", "completed_at": "2026-11-19T05:59:01Z"}
    return {
        "status": "pass",
        "timing": [{"name": "compile", **times}, {"name": "execute", **times}],
        "thread_id": "Thread-1",
        "execution_time": 0.4,
        "adapter_response": {},
        "message": None,
        "failures": 0,
        "unique_id": test["unique_id"],
        "compiled": True,
        "relation_name": None,
    }
