"""Which relation it is that one thing of a BOM depends on another, or stands inside of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from ingest.sources.cyclonedx.names import Sort

SOFTWARE, SERVICE, MODEL, DEVICE = Sort.SOFTWARE, Sort.SERVICE, Sort.MODEL, Sort.DEVICE
DATA, SECRET = Sort.DATA, Sort.SECRET

DEPENDS: Final[Mapping[tuple[Sort, Sort], str]] = {
    (SOFTWARE, SOFTWARE): "BUILT_FROM",
    (SERVICE, SOFTWARE): "BUILT_FROM",
    (MODEL, SOFTWARE): "BUILT_FROM",
    (DEVICE, SOFTWARE): "BUILT_FROM",
    (SOFTWARE, SERVICE): "INVOKES",
    (SERVICE, SERVICE): "INVOKES",
    (MODEL, SERVICE): "INVOKES",
    (DEVICE, SERVICE): "INVOKES",
    (SOFTWARE, MODEL): "INVOKES",
    (SERVICE, MODEL): "INVOKES",
    (DEVICE, MODEL): "INVOKES",
    (MODEL, MODEL): "DERIVED_FROM",
    (SOFTWARE, DATA): "READS",
    (SERVICE, DATA): "READS",
    (DEVICE, DATA): "READS",
    (MODEL, DATA): "TRAINED_ON",
    (DATA, DATA): "DERIVED_FROM",
    (SOFTWARE, DEVICE): "RUNS_ON",
    (SERVICE, DEVICE): "RUNS_ON",
    (SOFTWARE, SECRET): "USES_SECRET",
    (SERVICE, SECRET): "USES_SECRET",
    (MODEL, SECRET): "USES_SECRET",
    (DEVICE, SECRET): "USES_SECRET",
}
"""The relation of what depends to what it depends on; other pairs have none."""

CLOSED: Final[Mapping[Sort, str]] = {
    SOFTWARE: "BUILT_FROM",
    SERVICE: "INVOKES",
    MODEL: "TRAINED_ON",
    DATA: "DERIVED_FROM",
}
"""What is known completely of a thing whose dependencies are complete.

Others that a dependency can be are not: a BOM that lists all packages need not list all data.
"""


def inside(outer: Sort, inner: Sort, type_: str | None) -> tuple[str, bool] | None:
    """Return the relation of a thing to what stands inside of it, and whether the inner one is its subject.

    A package is built into many things and is no part of any: what harms one of them harms no other
    through it. Other software, models and services are parts. Data and secrets lie within.
    """
    if inner in (DATA, SECRET):
        return None if outer in (DATA, SECRET) else ("WITHIN", True)
    if outer in (DATA, SECRET):
        return None
    if inner is SOFTWARE and type_ == "package":
        return "BUILT_FROM", False
    return "PART_OF", True
