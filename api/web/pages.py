"""The page's files, read once and served by name."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from typing import Final

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

INDEX: Final = "index.html"

_TYPES: Final = {
    "html": "text/html; charset=utf-8",
    "css": "text/css; charset=utf-8",
    "mjs": "text/javascript; charset=utf-8",
    "svg": "image/svg+xml",
}


@dataclass(frozen=True, slots=True)
class Asset:
    """One file; `tag` changes with its content."""

    content: bytes
    media_type: str
    tag: str


class Page:
    """Serves the index at `/` and every other file under `/assets/`."""

    def __init__(self, assets: Mapping[str, Asset]) -> None:
        self._assets = assets

    @classmethod
    def load(cls) -> Page:
        """Read all files of the page."""
        folder = files("api.web") / "assets"
        return cls({entry.name: _asset(entry.name, entry.read_bytes()) for entry in folder.iterdir()})

    async def answer(self, request: Request) -> Response:
        """Return a file; the browser asks again each time and is told when nothing changed."""
        name: str = request.path_params.get("name", INDEX)
        asset = self._assets.get(name)
        if asset is None:
            raise HTTPException(404)
        headers = {"etag": asset.tag, "cache-control": "no-cache"}
        if request.headers.get("if-none-match") == asset.tag:
            return Response(status_code=304, headers=headers)
        return Response(asset.content, headers=headers, media_type=asset.media_type)


def _asset(name: str, content: bytes) -> Asset:
    tag = f'"{hashlib.sha256(content).hexdigest()[:32]}"'
    return Asset(content, _TYPES[name.rpartition(".")[2]], tag)
