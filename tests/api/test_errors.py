"""The one map from errors to what the outside is told."""

import inspect
import logging
from importlib import import_module
from pkgutil import walk_packages

import api
import graph
import ingest
import queries
from api.errors import RULES, ExitCode, new_request_id, public, rule_of
from graph.errors import HoldfastError, NodeNotFound, StoreUnavailable


def declared() -> set[str]:
    """The codes of all errors that any module of ours declares."""
    modules = [
        import_module(found.name)
        for package in (graph, ingest, queries, api)
        for found in walk_packages(package.__path__, f"{package.__name__}.")
    ]
    members = [member for module in modules for _, member in inspect.getmembers(module, inspect.isclass)]
    return {member.code for member in members if issubclass(member, HoldfastError)}


def test_every_code_has_its_rule_and_every_rule_a_code():
    assert set(RULES) == declared()


def test_whoever_asked_wrongly_is_told_how_to_ask():
    told = public(NodeNotFound("x"), "r1")
    assert (told.code, told.rule.status, told.rule.exit_code) == ("node_not_found", 404, ExitCode.NOT_FOUND)
    assert "holdfast search" in told.detail


def test_what_is_wrong_inside_goes_to_the_log_only(caplog):
    with caplog.at_level(logging.ERROR, "holdfast"):
        told = public(StoreUnavailable("/srv/estate.db", "it is on fire"), "r2")
    assert told.rule.status == 503
    assert "estate.db" not in told.detail
    assert "fire" not in told.detail
    assert "r2" in told.detail
    assert "r2" in caplog.text
    assert "on fire" in caplog.text


def test_the_words_of_strangers_reach_neither_the_outside_nor_the_log(caplog):
    said = "planted-value"
    try:
        raise KeyError(said)
    except KeyError as error:
        with caplog.at_level(logging.ERROR, "holdfast"):
            told = public(error, "r3")
    assert (told.code, told.rule.status) == ("internal", 500)
    assert said not in told.detail + caplog.text
    assert "KeyError" in caplog.text
    assert "test_errors.py" in caplog.text


def test_an_error_with_a_code_of_its_own_that_nobody_mapped_is_internal():
    class Surprise(HoldfastError):
        code = "surprise"

    assert rule_of(Surprise())[0] == "internal"


def test_request_ids_differ():
    assert len({new_request_id() for _ in range(100)}) == 100
