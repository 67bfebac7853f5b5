"""What is published of the vocabulary: JSON for programs, a page for people."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from graph.vocabulary import VOCABULARY
from graph.vocabulary.page import model_page
from graph.vocabulary.publish import main, published

ROOT = Path(__file__).parents[3]
WORDS = {"type": "array", "items": {"type": "string"}, "uniqueItems": True}
KINDS = {
    "type": "array",
    "items": {
        "enum": [
            "Asset",
            "Identity",
            "Secret",
            "Dataset",
            "Regulation",
            "Requirement",
            "Evidence",
            "Decision",
        ]
    },
    "uniqueItems": True,
}
HARM = {"enum": ["CONTROLLED", "DISCLOSED", "TAINTED", "UNAVAILABLE", "UNPROVEN", "ORPHANED"]}
CERTAINTY = {"enum": ["certain", "possible"]}


def closed(required, **optional):
    """An object with exactly these members."""
    return {
        "type": "object",
        "properties": {**required, **optional},
        "required": list(required),
        "additionalProperties": False,
    }


def several(items):
    return {"type": "array", "items": items, "minItems": 1}


WHEN = closed(
    {
        "subject_kinds": {**KINDS, "minItems": 1},
        "object_kinds": {**KINDS, "minItems": 1},
        "with": WORDS,
        "without": WORDS,
    },
    condition={"enum": ["version_not_revoked", "no_other_living_owner", "verified_after_since"]},
)
RULE = closed(
    {
        "from": {"enum": ["subject", "object"]},
        "harm": HARM,
        "becomes": HARM,
        "certainty": CERTAINTY,
        "when": WHEN,
    }
)
SHAPE = closed(
    {
        "rules_version": {"const": 1},
        "kinds": several(
            closed({"name": {"type": "string"}, "types": WORDS, "harms": {"type": "array", "items": HARM}})
        ),
        "implications": several(
            closed(
                {"kind": {"type": "string"}, "harm": HARM, "implies": HARM, "certainty": CERTAINTY},
                types=WORDS,
            )
        ),
        "relations": several(
            closed(
                {
                    "name": {"type": "string"},
                    "pairs": several({**KINDS, "uniqueItems": False, "minItems": 2, "maxItems": 2}),
                    "marks": WORDS,
                    "rules": {"type": "array", "items": RULE},
                }
            )
        ),
    }
)


@pytest.fixture(scope="module")
def document():
    return json.loads(json.dumps(published()))


def named(document, relation):
    return next(term for term in document["relations"] if term["name"] == relation)


def test_the_json_has_the_published_shape(document):
    Draft202012Validator.check_schema(SHAPE)
    assert [error.message for error in Draft202012Validator(SHAPE).iter_errors(document)] == []


def test_kinds_are_published_with_their_harms(document):
    harms = {kind["name"]: kind["harms"] for kind in document["kinds"]}
    assert harms == {
        "Asset": ["CONTROLLED", "DISCLOSED", "TAINTED", "UNAVAILABLE", "UNPROVEN", "ORPHANED"],
        "Identity": ["CONTROLLED", "UNAVAILABLE", "ORPHANED"],
        "Secret": ["DISCLOSED", "UNAVAILABLE", "ORPHANED"],
        "Dataset": ["DISCLOSED", "TAINTED", "UNAVAILABLE", "UNPROVEN", "ORPHANED"],
        "Regulation": [],
        "Requirement": [],
        "Evidence": ["UNAVAILABLE", "UNPROVEN", "ORPHANED"],
        "Decision": ["UNAVAILABLE", "UNPROVEN", "ORPHANED"],
    }


def test_a_relation_is_published_in_full(document):
    assert named(document, "USES_SECRET") == {
        "name": "USES_SECRET",
        "pairs": [["Asset", "Secret"]],
        "marks": ["optional"],
        "rules": [
            {
                "from": "subject",
                "harm": "CONTROLLED",
                "becomes": "DISCLOSED",
                "certainty": "certain",
                "when": {"subject_kinds": ["Asset"], "object_kinds": ["Secret"], "with": [], "without": []},
            },
            {
                "from": "object",
                "harm": "UNAVAILABLE",
                "becomes": "UNAVAILABLE",
                "certainty": "certain",
                "when": {
                    "subject_kinds": ["Asset"],
                    "object_kinds": ["Secret"],
                    "with": [],
                    "without": ["optional"],
                },
            },
        ],
    }


def test_a_condition_is_published_by_name(document):
    disclosed = [rule for rule in named(document, "VERSION_OF")["rules"] if rule["harm"] == "DISCLOSED"]
    assert [rule["when"]["condition"] for rule in disclosed] == ["version_not_revoked"]


def test_the_agents_implication_names_its_type_and_the_others_name_none(document):
    typed = [term for term in document["implications"] if "types" in term]
    assert typed == [
        {
            "kind": "Asset",
            "types": ["agent"],
            "harm": "TAINTED",
            "implies": "CONTROLLED",
            "certainty": "possible",
        }
    ]


def test_the_page_in_docs_is_current():
    page = (ROOT / "docs" / "model.md").read_text(encoding="utf-8")
    assert page == model_page(VOCABULARY), "run: python -m graph.vocabulary.publish docs/model.md"


def test_the_page_names_every_term():
    page = model_page(VOCABULARY)
    for table in (VOCABULARY.properties, VOCABULARY.schemes, VOCABULARY.marks, VOCABULARY.conditions):
        assert [term.name for term in table if f"| `{term.name}` |" not in page] == []
    assert [term.name for term in VOCABULARY.relations if f"\n### {term.name}\n" not in page] == []
    assert [term.name for term in VOCABULARY.kinds if f"\n| {term.name} |" not in page] == []
    assert [
        edition for edition in VOCABULARY.history if f"Rules version {edition.rules_version}" not in page
    ] == []


def test_no_cell_of_a_table_breaks_its_row():
    rows = [line for line in model_page(VOCABULARY).splitlines() if line.startswith("|")]
    columns = None
    for previous, row in zip(["", *rows], rows, strict=False):
        columns = row.count("|")
        if set(row) <= set("|- "):
            assert columns == previous.count("|")


@pytest.mark.parametrize(
    ("relation", "line"),
    [
        (
            "READS",
            (
                "- Possible: If the object (Dataset) is tainted, the subject (Asset) may be tainted, "
                "if the edge is marked `coarse`."
            ),
        ),
        (
            "READS",
            (
                "- Certain: If the object (Dataset) is tainted, the subject (Asset) is tainted, "
                "unless the edge is marked `coarse` or `refined`."
            ),
        ),
        (
            "SERVES",
            (
                "- Certain: If the object (Asset) is unavailable, the subject (Asset) is unavailable, "
                "if the edge is marked `sole` and unless the edge is marked `optional`."
            ),
        ),
        (
            "VERSION_OF",
            "- Data flows from object to subject, between nodes of kind Dataset only.",
        ),
    ],
)
def test_rules_are_told_as_sentences(relation, line):
    section = model_page(VOCABULARY).split(f"\n### {relation}\n")[1].split("\n### ")[0]
    assert line in section.splitlines()


def test_the_page_is_written_to_the_file_named(tmp_path):
    target = tmp_path / "model.md"
    assert main([str(target)]) == 0
    assert target.read_text(encoding="utf-8") == model_page(VOCABULARY)


def test_the_page_is_printed_as_utf8_whatever_the_locale():
    ran = subprocess.run(
        [sys.executable, "-m", "graph.vocabulary.publish"],
        cwd=ROOT,
        env={"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0", "PYTHONIOENCODING": "ascii"},
        capture_output=True,
        check=True,
    )
    assert ran.stdout.decode("utf-8") == model_page(VOCABULARY)


def test_an_option_is_no_name_of_a_file(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(SystemExit) as left:
        main(["--sorted"])
    assert left.value.code == 2
    assert "unrecognized arguments: --sorted" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []
