"""Users, groups, applications and their credentials: what each list says, worked out by hand."""

from graph.model import ExternalId
from graph.vocabulary import Kind
from ingest.times import parse_time
from tests.ingest.jobs import FINGERPRINTS
from tests.ingest.sources.entra.directory import (
    NAMES,
    TENANT,
    Directory,
    answer,
    application,
    directory_object,
    group,
    mailbox,
    oid,
    principal,
    user,
)

CLIENT_SECRET = {
    "customKeyIdentifier": "cGxhbnRlZA==",
    "displayName": "ci 2026",
    "endDateTime": "2027-01-01T00:00:00Z",
    "hint": "Kx7",
    "keyId": oid(900),
    "secretText": None,
    "startDateTime": "2026-01-01T00:00:00Z",
}
CERTIFICATE = {
    "customKeyIdentifier": "52ED9B5038A47B9E2E2190715CC238359D4F8F73",
    "displayName": "CN=trainer",
    "endDateTime": "2026-12-01T00:00:00Z",
    "key": None,
    "keyId": oid(901),
    "startDateTime": "2025-12-01T00:00:00Z",
    "type": "AsymmetricX509Cert",
    "usage": "Verify",
}


def test_users_with_status_and_address(directory: Directory) -> None:
    ada, ben = user(1, "Ada", jobTitle="Model owner"), user(2, "Ben", accountEnabled=False, mail=None)
    report = directory.read(answer("users", ada, ben))
    assert (report.to_json()["state"], report.to_json()["rejected"]) == ("completed", [])
    found = directory.nodes()
    assert (found["Ada"].kind, found["Ada"].type) == (Kind.IDENTITY, "person")
    assert (found["Ada"].text("status"), found["Ada"].text("title")) == ("active", "Model owner")
    assert found["Ada"].members == (NAMES.principal_uid(oid(1)), mailbox("Ada"))
    assert ExternalId("email", "ada@fairbank.example") in found["Ada"].external_ids
    assert ExternalId("entra-id", f"{TENANT}/{oid(1)}") in found["Ada"].external_ids
    assert (found["Ben"].text("status"), len(found["Ben"].members)) == ("suspended", 1)
    assert directory.edges() == {
        "Ada WITHIN #users [listed]",
        "Ben WITHIN #users [listed]",
        "#users WITHIN tenant",
    }


def test_a_uid_shows_neither_name_nor_address_nor_object_id(directory: Directory) -> None:
    directory.read(answer("users", user(1, "Ada")))
    for uid in directory.nodes()["Ada"].members:
        assert "ada" not in uid.lower()
        assert oid(1) not in uid


def test_users_without_account_enabled_have_no_status_and_that_is_told(directory: Directory) -> None:
    ada = user(1, "Ada")
    del ada["accountEnabled"]
    report = directory.read(answer("users", ada)).to_json()
    assert directory.nodes()["Ada"].text("status") is None
    (warning,) = report["warnings"]
    assert warning.startswith("0.json: 1 users bear no accountEnabled, so that nobody knows")


def test_a_deleted_user_has_departed_and_gives_the_address_back(directory: Directory) -> None:
    directory.read(answer("users", user(1, "Ada"), user(2, "Ben")))
    gone = user(1, "Ada", deletedDateTime="2026-01-05T10:00:00Z", accountEnabled=True)
    directory.read(answer("users", user(2, "Ben")), answer("users", gone), on=6, allow_closing=True)
    ada = directory.nodes()["Ada"]
    assert ada.text("status") == "departed"
    assert ada.integer("departed_at") == parse_time("2026-01-05T10:00:00Z").moment
    assert not [i for i in ada.external_ids if i.scheme == "email"]
    assert directory.nodes(3)["Ada"].text("status") == "active"
    assert directory.nodes()["Ben"].text("status") == "active"


def test_the_recycle_bin_never_closes_the_list_of_users(directory: Directory) -> None:
    directory.read(answer("users", user(1, "Ada"), user(2, "Ben")))
    gone = user(3, "Cy", deletedDateTime="2026-01-05T10:00:00Z")
    directory.read(answer("users", gone), on=6)
    assert {name for name in directory.nodes() if name in ("Ada", "Ben", "Cy")} == {"Ada", "Ben", "Cy"}


def test_an_empty_list_that_may_be_the_recycle_bin_closes_nothing(directory: Directory) -> None:
    directory.read(answer("users", user(1, "Ada")))
    directory.read(answer("users"), on=6)
    assert "Ada" in directory.nodes()


def test_groups_with_members_of_every_sort(directory: Directory) -> None:
    members = [
        directory_object(1, "user"),
        directory_object(11, "group"),
        directory_object(31, "servicePrincipal"),
    ]
    risk = group(10, "risk", description="Model risk", members=[*members, directory_object(99, "device")])
    report = directory.read(
        answer("users", user(1, "Ada")),
        answer("groups(members())", risk, group(11, "validators", members=[])),
        answer("servicePrincipals", principal(31, "Trainer", 21)),
    )
    assert directory.without_places() == {
        "Ada MEMBER_OF risk",
        "validators MEMBER_OF risk",
        "Trainer MEMBER_OF risk",
    }
    assert directory.nodes()["risk"].type == "group"
    assert report.to_json()["skipped"] == {
        "member that is neither a user nor a group nor a service principal": 1
    }


def test_an_application_runs_as_its_service_principal_and_its_credentials_open_that(
    directory: Directory,
) -> None:
    signing = {**CERTIFICATE, "keyId": oid(902), "usage": "Sign"}
    training = application(
        20,
        "Training",
        21,
        passwordCredentials=[CLIENT_SECRET],
        keyCredentials=[CERTIFICATE, signing],
        owners=[directory_object(1, "user")],
    )
    report = directory.read(
        answer("users", user(1, "Ada")),
        answer("applications", training),
        answer("servicePrincipals", principal(31, "Training (principal)", 21)),
    )
    assert directory.without_places() == {
        "Training RUNS_AS Training (principal)",
        "ci 2026 AUTHENTICATES Training (principal)",
        "CN=trainer AUTHENTICATES Training (principal)",
        "Ada OWNS Training [steward]",
        "Ada CAN_ADMIN Training",
    }
    found = directory.nodes()
    assert (found["Training"].kind, found["Training"].type) == (Kind.ASSET, "application")
    assert found["Training (principal)"].type == "oauth_app"
    assert (found["ci 2026"].kind, found["ci 2026"].type) == (Kind.SECRET, "client_secret")
    assert found["ci 2026"].integer("created") == parse_time("2026-01-01").moment
    assert found["ci 2026"].integer("expires") == parse_time("2027-01-01").moment
    assert found["CN=trainer"].type == "certificate"
    assert report.to_json()["skipped"] == {"key with which the tenant signs for an application": 1}
    content = "".join(text for *_, text in directory.desk.told())
    assert "Kx7" not in content
    assert "52ED9B50" not in content


def test_the_principal_is_met_also_where_its_list_is_read_later(directory: Directory) -> None:
    directory.read(
        answer("applications", application(20, "Training", 21, passwordCredentials=[CLIENT_SECRET]))
    )
    directory.read(answer("servicePrincipals", principal(31, "Training (principal)", 21)), on=4)
    assert "ci 2026 AUTHENTICATES Training (principal)" in directory.edges()


def test_a_secret_that_is_printed_after_all_is_known_by_its_fingerprint_only(directory: Directory) -> None:
    value = "planted-value-0123456789"
    shown = {**CLIENT_SECRET, "secretText": value}
    directory.read(answer("applications", application(20, "Training", 21, passwordCredentials=[shown])))
    assert directory.nodes()["ci 2026"].text("fingerprint") == FINGERPRINTS.of_secret(value.encode())
    assert value not in "".join(text for *_, text in directory.desk.told())


def test_managed_identities_are_workload_identities(directory: Directory) -> None:
    managed = principal(32, "mi-trainer", 22, servicePrincipalType="ManagedIdentity", accountEnabled=False)
    directory.read(answer("servicePrincipals", managed))
    assert directory.nodes()["mi-trainer"].type == "workload_identity"
    assert directory.nodes()["mi-trainer"].text("status") == "suspended"


def test_owners_of_a_group_that_a_rule_fills_only_may_control_it(directory: Directory) -> None:
    owner = [directory_object(1, "user")]
    directory.read(
        answer("users", user(1, "Ada")),
        answer(
            "groups", group(10, "fixed", owners=owner), group(11, "ruled", membershipRule="x", owners=owner)
        ),
    )
    assert directory.without_places() == {
        "Ada OWNS fixed [steward]",
        "Ada CAN_ADMIN fixed",
        "Ada OWNS ruled [steward]",
        "Ada CAN_ADMIN ruled ?",
    }
