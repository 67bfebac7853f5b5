"""MLflow's own modules, imported when they are needed: it is an extra, and has types of its own making."""

from __future__ import annotations

import os
from importlib import import_module
from typing import Any, Final

EXTRA: Final = "pip install 'holdfast[mlflow]'"


class NoClient(Exception):
    """MLflow's client is not installed."""


def module(name: str) -> Any:  # noqa: ANN401 - what is in it has no types
    """Return a module of MLflow.

    Raises:
        NoClient: where the extra is not installed.
    """
    # Nothing is to be told to anybody of what is read here.
    os.environ.setdefault("MLFLOW_DISABLE_TELEMETRY", "true")
    try:
        return import_module(name)
    except ImportError as error:
        raise NoClient from error
