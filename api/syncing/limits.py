"""Stopping a job when its time is up, in the way that Ctrl-C does."""

from __future__ import annotations

import signal
from collections.abc import Generator
from contextlib import contextmanager
from types import FrameType
from typing import NoReturn

from ingest.options import TimeIsUp


@contextmanager
def time_limit(seconds: float) -> Generator[None]:
    """Raise `TimeIsUp` in the main thread after so many seconds, once.

    Raises:
        TimeIsUp: where the time is up before the end.
    """

    def stop(number: int, frame: FrameType | None) -> NoReturn:  # noqa: ARG001 - a handler's shape
        raise TimeIsUp

    former = signal.signal(signal.SIGALRM, stop)
    signal.setitimer(signal.ITIMER_REAL, max(seconds, 0.001))
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, former)


@contextmanager
def ending_politely() -> Generator[None]:
    """Take the signal that ends a program as Ctrl-C, so that what is running is reported."""
    former = signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, former)
