"""Questions to a Holdfast server, what it is to read in, exports, and events of pipelines."""

from holdfast_client.asked import At, During, EdgeBetween, LineageBounds, Only, TakenAway, WalkBounds
from holdfast_client.changes import Change, change, configure, current, flush, status
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
from holdfast_client.events import Dataset, Parent
from holdfast_client.export import Export, ExportedFile
from holdfast_client.pages import Pages
from holdfast_client.recorder import Recorder, Status
from holdfast_client.report import IngestReport
from holdfast_client.version import __version__

__all__ = [
    "At",
    "BrokenExport",
    "Change",
    "Client",
    "Dataset",
    "During",
    "EdgeBetween",
    "Export",
    "ExportedFile",
    "HoldfastClientError",
    "IngestReport",
    "InvalidQuestion",
    "LineageBounds",
    "NotAllIn",
    "NotFound",
    "NotReached",
    "Only",
    "Pages",
    "Parent",
    "Recorder",
    "Refused",
    "Status",
    "TakenAway",
    "UnexpectedAnswer",
    "WalkBounds",
    "__version__",
    "change",
    "configure",
    "current",
    "flush",
    "status",
]
