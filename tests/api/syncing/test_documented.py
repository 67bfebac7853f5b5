"""The usage page shows a source that is understood, and names every field of one."""

import re
import tomllib
from pathlib import Path

import pytest

from api.syncing.configured import ConfiguredSource, Export, configured_in

USAGE = (Path(__file__).parents[3] / "docs/usage.md").read_text(encoding="utf-8")


def test_the_source_that_the_page_shows_is_understood():
    [text] = re.findall(r"```toml\n(.*?)```", USAGE, re.DOTALL)
    [source] = configured_in(tomllib.loads(text)["source"])
    [export] = source.export
    assert source.paths == (str(export.output),)
    assert set(tomllib.loads(text)["source"][0]) <= set(ConfiguredSource.model_fields)


@pytest.mark.parametrize("table", [ConfiguredSource, Export])
def test_every_field_is_named_with_what_it_is(table: type[ConfiguredSource] | type[Export]):
    rows = "\n".join(line.split(" | ")[0] for line in USAGE.splitlines() if line.startswith("| `"))
    assert {name for name in table.model_fields if f"`{name}`" not in rows} - {"export"} == set()
    assert all(field.description for field in table.model_fields.values())
