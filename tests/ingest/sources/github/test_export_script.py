"""The script that exports an organisation, run with a `gh` that answers as GitHub's reference shows."""

import json
import os
import subprocess
from pathlib import Path
from typing import Any

from ingest.sources.github import SOURCE
from tests.ingest.sources.exports import Export, edges, partial
from tests.ingest.sources.github.api import (
    AS_BEFORE,
    deploy_key,
    environment,
    environments,
    repository,
    secrets,
)

SCRIPT = Path(__file__).parents[4] / "examples" / "export-github.sh"
GH = """#!/bin/sh
# Prints the file that an address has, as a page of one; the words that --jq asks for lie beside it.
for word; do
    case $word in
    api | --paginate | --slurp | --jq) ;;
    -*) exit 2 ;;
    *) address=${address:-$word} ;;
    esac
done
file=$ANSWERS/$(echo "$address" | tr '/?=' '___')
case "$*" in
*--jq*) cat "$file.names" 2>/dev/null ;;
*) cat "$file.json" 2>/dev/null || { echo "gh: Not Found (HTTP 404)" >&2; exit 1; } ;;
esac
"""


def answer(folder: Path, address: str, body: Any, names: str = "") -> None:
    called = address.translate(str.maketrans("/?=", "___"))
    (folder / f"{called}.json").write_text(json.dumps([body]), encoding="utf-8")
    (folder / f"{called}.names").write_text(names, encoding="utf-8")


def test_what_the_script_writes_can_be_read(tmp_path: Path) -> None:
    answers, tools = tmp_path / "answers", tmp_path / "tools"
    answers.mkdir()
    tools.mkdir()
    (tools / "gh").write_text(GH, encoding="utf-8")
    (tools / "gh").chmod(0o755)
    answer(answers, "orgs/o", {"id": 1, "login": "o", "default_repository_permission": "none"})
    answer(answers, "orgs/o/repos", [repository()], "o/r\n")
    answer(answers, "orgs/o/members?role=admin", [{"id": 11, "login": "ada", "type": "User"}])
    answer(answers, "repos/o/r/environments", environments(environment("pre prod")), "pre%20prod\n")
    answer(answers, "repos/o/r/environments/pre%20prod/secrets", secrets("TOKEN"))
    answer(answers, "repos/o/r/keys", [deploy_key()])
    answer(answers, "repos/o/r/actions/oidc/customization/sub", AS_BEFORE)

    path = f"{tools}:{os.environ['PATH']}"
    done = subprocess.run(
        ["/bin/sh", str(SCRIPT), "o", str(tmp_path / "export")],
        env={**os.environ, "PATH": path, "ANSWERS": str(answers)},
        capture_output=True,
        text=True,
        check=True,
    )

    assert "not read: orgs/o/installations" in done.stderr
    export = Export(SOURCE, tmp_path / "export")
    found = export.records(complete=False)
    export.ledger.store.close()
    assert "pipeline/o/r/pre prod USES_SECRET actions-secret/3/o/r/pre prod/TOKEN" in edges(found)
    assert "pipeline/o/r/pre prod RUNS_AS repo:o/r:environment:pre prod" in edges(found)
    assert "github.com o owners" in partial(found)
    assert set(partial(found).values()) == {None}
