"""How often sources are to report; configured, and given to the estate."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final, TypeAlias

from graph.duration import Duration
from graph.model import SourceInstance

Cadences: TypeAlias = Mapping[SourceInstance, Duration]
"""How often a source is to report, by its instance; one that is not in it is never overdue."""

NO_CADENCES: Final[Cadences] = MappingProxyType({})
