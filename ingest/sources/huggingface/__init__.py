"""The Hugging Face hub: model and dataset cards, and what the hub's API says of repositories."""

from ingest.sources.huggingface.source import SOURCE

__all__ = ["SOURCE"]
