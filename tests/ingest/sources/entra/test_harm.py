"""How harm travels through a tenant: from a leaked client secret, and from a pipeline that is trusted."""

from graph.model import Uid
from graph.vocabulary import Certainty, Harm
from queries.blast_radius import BlastRadiusQuestion, find_blast_radius
from queries.estate import Estate, Standpoint
from tests.ingest.derivers.world import World, subject
from tests.ingest.sources.entra.directory import (
    GITHUB,
    NAMES,
    Directory,
    answer,
    application,
    directory_object,
    group,
    oid,
    principal,
    user,
)
from tests.support.saying import day

SUBJECT = "repo:fairbank/score-training:environment:training"


def controlled(directory: Directory, seed: str, harm: Harm) -> set[str]:
    """What is controlled in consequence, by name, ``?`` after what only may be."""
    question = BlastRadiusQuestion((Uid(seed),), harm, standpoint=Standpoint(as_of=day(20)))
    found = find_blast_radius(Estate(directory.desk.ledger), question)
    return {
        f"{row.node.name}{' ?' if row.certainty is Certainty.POSSIBLE else ''}"
        for row in found
        if row.harm is Harm.CONTROLLED and row.hops and row.node.name
    }


def read(directory: Directory) -> None:
    secret = {"keyId": oid(90), "displayName": "ci", "startDateTime": "2026-01-01T00:00:00Z"}
    trust = {"id": oid(40), "name": "trust", "issuer": GITHUB, "subject": SUBJECT, "audiences": []}
    training = application(
        20,
        "Training",
        21,
        passwordCredentials=[secret],
        federatedIdentityCredentials=[trust],
        owners=[directory_object(1, "user")],
    )
    administers = "9b895d92-2cd3-44c7-9d02-a6ac2d5ea5c3"
    held = {"principalId": oid(10), "roleDefinitionId": administers, "directoryScopeId": "/"}
    directory.read(
        answer("users", user(1, "Ada"), user(2, "Ben")),
        answer("groups", group(10, "admins", members=[directory_object(2, "user")])),
        answer("applications", training, application(22, "Scoring", 23)),
        answer(
            "servicePrincipals",
            principal(31, "training principal", 21),
            principal(32, "scoring principal", 23),
        ),
        answer("roleManagement/directory/roleAssignments", held),
    )


def test_a_leaked_client_secret_opens_the_service_principal(directory: Directory) -> None:
    read(directory)
    seed = NAMES.credential_uid(oid(20), oid(90))
    assert controlled(directory, seed, Harm.DISCLOSED) == {"training principal"}


def test_a_trusted_pipeline_acts_as_the_service_principal(directory: Directory) -> None:
    read(directory)
    world = World(directory.desk.ledger)
    world.say(
        "github",
        subject("pipeline", SUBJECT),
        subject("stranger", "repo:fairbank/other:environment:training"),
    )
    world.derive()
    assert controlled(directory, "pipeline", Harm.CONTROLLED) == {"trust", "training principal"}
    assert controlled(directory, "stranger", Harm.CONTROLLED) == set()


def test_an_owner_controls_the_application_and_with_it_the_principal(directory: Directory) -> None:
    read(directory)
    seed = NAMES.principal_uid(oid(1))
    assert controlled(directory, seed, Harm.CONTROLLED) == {"Training", "training principal"}


def test_an_administrator_of_applications_controls_all_of_them(directory: Directory) -> None:
    read(directory)
    found = controlled(directory, NAMES.principal_uid(oid(2)), Harm.CONTROLLED)
    assert found >= {"admins", "Training", "Scoring", "training principal", "scoring principal"}
    assert not any(name.startswith(("Ada", "tenant ")) for name in found)
