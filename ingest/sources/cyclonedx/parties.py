"""Organisations and people that a BOM names as responsible for data."""

from __future__ import annotations

from typing import Final

from ingest.people import is_address
from ingest.sources.cyclonedx.asides import Fields
from ingest.sources.cyclonedx.book import Thing
from ingest.sources.cyclonedx.names import Sort

ADDRESS: Final = "address"
PERSON: Final = "person"


def party_of(responsible: Fields) -> Thing | None:
    """Return the organisation or the person that is responsible; None where neither is named.

    The person where both are: an organisation answers through somebody. Whoever is named by
    an e-mail address is mentioned only, as its key says; a list of people knows who that is.
    """
    contact, organisation = responsible.object("contact"), responsible.object("organization")
    found = None if contact is None else _person(contact)
    if found is None and organisation is not None:
        name = organisation.text("name")
        if name is not None:
            found = Thing(("party", "organisation", name), Sort.PARTY, "group", name)
    if found is not None:
        found.position = responsible.position
    return found


def _person(contact: Fields) -> Thing | None:
    email, name = contact.text("email"), contact.text("name")
    contact.skip_others({"phone": "phone number of a contact"})
    if email is not None and is_address(email):
        return Thing((ADDRESS, email), Sort.PARTY, None, None)
    if name is None:
        return None
    return Thing((PERSON, name), Sort.PARTY, "person", name)
