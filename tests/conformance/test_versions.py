"""A store of an unknown or newer schema version is not opened: the error says which and what to do."""

import pytest

from graph.errors import SchemaTooNew, SchemaUnknown, StoreUnavailable
from graph.store.schema import SCHEMA_VERSION
from tests.support.saying import append, node, recorded


@pytest.fixture
def written(place):
    """A place with a store that has a commit in it, closed again."""
    store = place.open()
    append(store, recorded(node("a")))
    store.close()
    return place


def test_a_store_opens_again_with_what_it_held(written):
    store = written.open()
    assert store.head().sequence == 1
    store.close()


def test_a_newer_version_is_refused_and_left_alone(written):
    written.write_schema_version(SCHEMA_VERSION + 1)
    before = written.counts()
    with pytest.raises(SchemaTooNew) as refused:
        written.open()
    assert str(SCHEMA_VERSION + 1) in str(refused.value)
    assert "Nothing was changed. Use the release of Holdfast that wrote it" in str(refused.value)
    assert written.counts() == before
    written.write_schema_version(SCHEMA_VERSION)
    store = written.open()
    assert store.head().sequence == 1
    store.close()


@pytest.mark.parametrize("version", [0, -1])
def test_a_version_that_no_release_wrote_is_refused_and_left_alone(version, written):
    written.write_schema_version(version)
    before = written.counts()
    with pytest.raises(SchemaUnknown) as refused:
        written.open()
    assert str(version) in str(refused.value)
    assert "Nothing was changed." in str(refused.value)
    assert written.counts() == before
    written.write_schema_version(SCHEMA_VERSION)


def test_what_another_program_keeps_is_refused_and_left_alone(place):
    place.put_foreign_data()
    before = place.counts()
    with pytest.raises(SchemaUnknown, match="Nothing was changed"):
        place.open()
    assert place.counts() == before


def test_the_target_names_no_password(store, place):
    assert store.target
    if place.password is not None:
        assert place.password not in store.target


def test_a_closed_store_says_so(place):
    store = place.open()
    store.close()
    with pytest.raises(StoreUnavailable):
        store.head()
    store.close()
