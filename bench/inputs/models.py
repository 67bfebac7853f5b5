"""Models: saved answers of an MLflow server, a list of the Hugging Face hub."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from bench.inputs.writing import Json, hexadecimal, write_json

SERVER: Final = "https://mlflow.fairbank.example"

_AT: Final = 1_794_453_000_000
_VERSIONS: Final = 10
"""How many versions a registered model has."""


def write_mlflow(folder: Path, count: int) -> None:
    """Write the lists of a server on which every run logs a model that becomes a version."""
    experiment = {
        "experiment_id": "1",
        "name": "loans",
        "artifact_location": "s3://fairbank-mlflow/1",
        "lifecycle_stage": "active",
        "creation_time": _AT,
        "last_update_time": _AT,
    }
    write_json(folder / "experiments.json", {"experiments": [experiment]})
    write_json(folder / "runs.json", {"runs": [_run(n) for n in range(count)]})
    write_json(folder / "logged-models.json", {"models": [_logged(n) for n in range(count)]})
    write_json(folder / "model-versions.json", {"model_versions": [_version(n) for n in range(count)]})
    models = -(-count // _VERSIONS)
    write_json(folder / "registered-models.json", {"registered_models": [_model(n) for n in range(models)]})


def write_hub(folder: Path, count: int) -> None:
    """Write the hub's list of an organisation's models, with their cards."""
    write_json(folder / "models.json", [_hub_model(n) for n in range(count)])


def _hub_model(number: int) -> Json:
    name = f"fairbank/model-{number}"
    card = {
        "license": "mit",
        "base_model": f"fairbank/base-{number % 30}",
        "datasets": [f"fairbank/data-{number % 90}"],
    }
    return {
        "_id": hexadecimal(name, 24),
        "id": name,
        "modelId": name,
        "author": "fairbank",
        "sha": hexadecimal(f"commit of {name}"),
        "lastModified": "2026-11-12T10:00:00.000Z",
        "createdAt": "2026-02-03T10:00:00.000Z",
        "private": True,
        "gated": False,
        "disabled": False,
        "pipeline_tag": "text-classification",
        "library_name": "transformers",
        "tags": ["transformers", "license:mit", f"base_model:fairbank/base-{number % 30}"],
        "cardData": card,
        "siblings": [{"rfilename": "README.md"}, {"rfilename": "model.safetensors"}],
    }


def _run_id(number: int) -> str:
    return hexadecimal(f"run {number}", 32)


def _model_id(number: int) -> str:
    return f"m-{hexadecimal(f'model {number}', 32)}"


def _run(number: int) -> Json:
    name = f"train {number}"
    dataset = {
        "name": f"loans-{number // 5}",
        "digest": hexadecimal(f"data {number // 5}", 8),
        "source_type": "s3",
        "source": f'{{"uri": "s3://fairbank-features/loans/{number // 5}.parquet"}}',
    }
    return {
        "info": {
            "run_id": _run_id(number),
            "run_uuid": _run_id(number),
            "experiment_id": "1",
            "run_name": name,
            "user_id": "training",
            "status": "FINISHED",
            "start_time": _AT - 900_000,
            "end_time": _AT - 300_000,
            "artifact_uri": f"s3://fairbank-mlflow/1/{_run_id(number)}/artifacts",
            "lifecycle_stage": "active",
        },
        "data": {
            "metrics": [{"key": "auc", "value": 0.83, "timestamp": _AT, "step": 0}],
            "params": [{"key": "depth", "value": "6"}, {"key": "rate", "value": "0.1"}],
            "tags": [{"key": "mlflow.runName", "value": name}],
        },
        "inputs": {
            "dataset_inputs": [
                {"tags": [{"key": "mlflow.data.context", "value": "training"}], "dataset": dataset}
            ]
        },
        "outputs": {"model_outputs": [{"model_id": _model_id(number), "step": 0}]},
    }


def _logged(number: int) -> Json:
    return {
        "info": {
            "model_id": _model_id(number),
            "experiment_id": "1",
            "name": f"loan-default-{number // _VERSIONS}",
            "creation_timestamp_ms": _AT,
            "last_updated_timestamp_ms": _AT,
            "artifact_uri": f"s3://fairbank-mlflow/1/models/{_model_id(number)}/artifacts",
            "status": "LOGGED_MODEL_READY",
            "model_type": "",
            "source_run_id": _run_id(number),
        },
        "data": {},
    }


def _version(number: int) -> Json:
    return {
        "name": f"loan-default-{number // _VERSIONS}",
        "version": str(number % _VERSIONS + 1),
        "creation_timestamp": _AT,
        "last_updated_timestamp": _AT,
        "current_stage": "None",
        "description": "",
        "source": f"models:/{_model_id(number)}",
        "run_id": _run_id(number),
        "status": "READY",
        "run_link": "",
    }


def _model(number: int) -> Json:
    return {
        "name": f"loan-default-{number}",
        "creation_timestamp": _AT,
        "last_updated_timestamp": _AT,
        "description": "Chance that a loan is not paid back",
        "aliases": [{"alias": "champion", "version": "1"}],
    }
