"""`holdfast vocabulary`: kinds, relations and harm rules, for people and for programs."""

from __future__ import annotations

import typer

from api.cli.options import JsonOption, RulesOption


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("vocabulary")(vocabulary)


def vocabulary(*, rules: RulesOption = None, as_json: JsonOption = False) -> None:
    """Print the kinds, the relations and how harm travels."""
    from api.cli.output import emit, emit_json, emit_table
    from graph.vocabulary import VOCABULARY, vocabulary_for
    from graph.vocabulary.publish import published

    edition = published(VOCABULARY if rules is None else vocabulary_for(rules))
    if as_json:
        emit_json(edition)
        return
    emit(f"Rules version {edition['rules_version']}; docs/model.md says what the words mean.")
    emit()
    emit_table(
        ("kind", "harms", "types"),
        [(k["name"], ", ".join(k["harms"]), ", ".join(k["types"])) for k in edition["kinds"]],
    )
    emit()
    emit_table(
        ("relation", "leads from, to", "marks", "harm rules"),
        [
            (
                relation["name"],
                ", ".join(f"{subject} to {target}" for subject, target in relation["pairs"]),
                ", ".join(relation["marks"]),
                "; ".join(
                    f"{rule['from']} {rule['harm']} makes the other {rule['becomes']}"
                    f"{' (possible)' if rule['certainty'] == 'possible' else ''}"
                    for rule in relation["rules"]
                ),
            )
            for relation in edition["relations"]
        ],
    )
