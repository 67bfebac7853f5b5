"""Questions to a Holdfast server, what it is to read in, exports, and events of pipelines."""

from holdfast_client.asked import At, During, EdgeBetween, LineageBounds, Only, TakenAway, WalkBounds
from holdfast_client.client import Client
from holdfast_client.errors import (
    BrokenExport,
    HoldfastClientError,
    InvalidQuestion,
    NotAllIn,
    NotFound,
    NotReached,
    Refused,
    UnexpectedAnswer,
)
from holdfast_client.pages import Pages
from holdfast_client.report import IngestReport

__all__ = [
    "At",
    "BrokenExport",
    "Client",
    "During",
    "EdgeBetween",
    "HoldfastClientError",
    "IngestReport",
    "InvalidQuestion",
    "LineageBounds",
    "NotAllIn",
    "NotFound",
    "NotReached",
    "Only",
    "Pages",
    "Refused",
    "TakenAway",
    "UnexpectedAnswer",
    "WalkBounds",
]
