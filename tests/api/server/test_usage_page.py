"""The question in GraphQL that the usage page shows has, on the sample estate, the answer that it shows."""

import json
import re
from pathlib import Path

from tests.api.server.conftest import serving
from tests.api.test_sample_estate import demo

USAGE = (Path(__file__).parents[3] / "docs/usage.md").read_text(encoding="utf-8")


def test_the_question_of_the_page_has_the_answer_of_the_page(tmp_path: Path):
    [query] = re.findall(r"```graphql\n(.*?)```", USAGE, re.DOTALL)
    variables, answer = map(json.loads, re.findall(r"```json\n(.*?)```", USAGE, re.DOTALL))
    folder = tmp_path / "demo"
    demo(folder)
    with serving(folder / ".holdfast/estate.db", folder) as server:
        assert server.graphql(query, variables).json() == answer
