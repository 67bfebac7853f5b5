"""The source ``mlflow``: tracking servers of MLflow, and files with their answers."""

from ingest.sources.mlflow.source import SOURCE

__all__ = ["SOURCE"]
