"""How the things of a tracking server are called: by the server, the type of thing, and the id it has there.

A server tells nobody who it is, so its identity is what people say: an address that stays, or a
name. The same word must be given at every reading, whichever way the server is read.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final
from urllib.parse import SplitResult, urlsplit

from graph.model import ExternalId, Uid
from graph.vocabulary import Kind
from ingest.uids import external_id, native_uid

SCHEME: Final = "mlflow"

_USUAL_PORTS: Final = {"http": 80, "https": 443}


@dataclass(frozen=True, slots=True)
class Server:
    """One tracking server, by the identity that people give it."""

    id: str

    def uid(self, sort: str, *native: str) -> Uid:
        """Return the uid of an asset.

        >>> Server("https://mlflow.example").uid("model-version", "loan-default", "3")
        'hf:asset:mlflow:https:%2F%2Fmlflow.example/model-version/loan-default/3'
        """
        return native_uid(Kind.ASSET, SCHEME, self.id, sort, *native)

    def external_id(self, sort: str, *native: str) -> ExternalId:
        """Return the external id of an asset or a dataset."""
        return external_id(SCHEME, self.id, sort, *native)

    def dataset_uid(self, name: str, digest: str) -> Uid:
        """Return the uid of the content that a dataset had when it was logged."""
        return native_uid(Kind.DATASET, SCHEME, self.id, "dataset", name, digest)

    def place_uid(self, place: str) -> Uid:
        """Return the uid of one of several places at which a dataset was logged."""
        return native_uid(Kind.DATASET, SCHEME, self.id, "place", place)

    def secret_uid(self, secret_id: str) -> Uid:
        """Return the uid of a secret of the gateway."""
        return native_uid(Kind.SECRET, SCHEME, self.id, "gateway-secret", secret_id)


def server_name(address: str) -> str:
    """Return the one form of a server's address: without user, query and usual port, host in lower case.

    >>> server_name("https://ci:hunter2@MLflow.example:443/tracking/?a=b")
    'https://mlflow.example/tracking'
    >>> server_name("fairbank")
    'fairbank'
    """
    parts = _split(address)
    if parts is None or parts.scheme not in _USUAL_PORTS:
        return address
    try:
        port = parts.port
    except ValueError:
        port = None
    named = f":{port}" if port not in (None, _USUAL_PORTS[parts.scheme]) else ""
    return f"{parts.scheme}://{parts.hostname or ''}{named}{parts.path.rstrip('/')}"


def _split(address: str) -> SplitResult | None:
    try:
        return urlsplit(address)
    except ValueError:
        return None
