"""Of which path and server a file is, when a list is whole, and what a whole one ends and covers."""

from pathlib import Path

import pytest

from graph.model import Edge
from ingest.sources.vault.commands import asked_by_command, asked_by_place
from tests.ingest.sources.vault.server import MOUNTS, Vault, answer, policy, role, trainer
from tests.support.saying import day


@pytest.mark.parametrize(
    ("command", "path", "namespace"),
    [
        ("vault status -format=json", "sys/seal-status", ""),
        ("vault secrets list -format=json", "sys/mounts", ""),
        ("bao auth list -format=json > auth.json", "sys/auth", ""),
        ("/usr/bin/vault policy read trainer", "sys/policies/acl/trainer", ""),
        ("vault policy list -format=json -namespace=team/ml/", "sys/policies/acl", "team/ml"),
        ("vault read -format=json /auth/jwt/role/ci", "auth/jwt/role/ci", ""),
        ("vault list -format=json auth/jwt/role/", "auth/jwt/role", ""),
        ("vault kv metadata get -format=json -mount=kv app/db", "kv:kv/app/db", ""),
        ("vault kv list -format=json kv/app", "kv:kv/app", ""),
        ("vault kv list -format=json -mount=kv", "kv:kv", ""),
        ("vault token lookup -format=json -accessor acc", "auth/token/lookup", ""),
    ],
)
def test_commands(command: str, path: str, namespace: str) -> None:
    asked = asked_by_command(command)
    assert asked is not None
    assert (asked.path, asked.namespace) == (path, namespace)


@pytest.mark.parametrize(
    "command", ["vault kv get kv/db", "curl x", "vault list a | jq .", "vault 'x", "", "vault read"]
)
def test_commands_that_tell_nothing(command: str) -> None:
    assert asked_by_command(command) is None


def test_places() -> None:
    found = asked_by_place(Path("/x/secret/data/metadata/auth/y.json.gz"), ["secret/data/"])
    assert found is not None
    assert found.path == "secret/data/metadata/auth/y"
    assert asked_by_place(Path("/x/y.json"), ["kv/"]) is None


def test_reading_twice_commits_nothing(vault: Vault) -> None:
    vault.secrets("db")
    vault.put("auth/kubernetes/role/trainer", trainer("p"))
    vault.policy("p", policy("*", "read"))
    assert vault.read().commits > 0
    assert vault.read().commits == 0


def roles(vault: Vault) -> set[str]:
    return {name for name, node in vault.nodes().items() if node.type == "role"}


def test_a_role_that_is_no_longer_listed_is_ended(vault: Vault) -> None:
    vault.put("auth/jwt/role", ["a", "b"])
    vault.put("auth/jwt/role/a", role(bound_subject="a"))
    vault.put("auth/jwt/role/b", role(bound_subject="b"))
    vault.read()
    assert roles(vault) == {"a", "b"}
    vault.put("auth/jwt/role", ["a"])
    (vault.folder / "auth/jwt/role/b.json").unlink()
    vault.read(on=6)
    assert roles(vault) == {"a"}


@pytest.mark.parametrize("left", ["no list", "one unread", "policy missing"])
def test_roles_that_were_not_all_read_end_nothing(vault: Vault, left: str) -> None:
    vault.put("auth/jwt/role", ["a", "b"])
    vault.put("auth/jwt/role/a", role(bound_subject="a"))
    vault.put("auth/jwt/role/b", role(bound_subject="b"))
    vault.read()
    (vault.folder / "auth/jwt/role/b.json").unlink()
    vault.put("auth/jwt/role", ["a"])
    if left == "no list":
        (vault.folder / "auth/jwt/role.json").unlink()
    elif left == "one unread":
        vault.put("auth/jwt/role", ["a", "c"])
    else:
        vault.put("auth/jwt/role/a", role("unknown", bound_subject="a"))
    vault.read(on=6)
    assert roles(vault) == {"a", "b"}


def stored(vault: Vault) -> set[str]:
    return {edge.partition(" ")[0] for edge in vault.edges() if "STORED_IN" in edge}


def test_a_secret_that_is_no_longer_listed_is_ended(vault: Vault) -> None:
    vault.put("kv/metadata", ["db", "app/"])
    vault.put("kv/metadata/app", ["x", "y"])
    vault.read()
    vault.put("kv/metadata/app", ["x"])
    vault.read(on=6)
    assert stored(vault) == {"kv/db", "kv/app/x"}


def test_a_folder_that_was_not_listed_ends_nothing(vault: Vault) -> None:
    vault.put("kv/metadata", ["db", "app/"])
    vault.put("kv/metadata/app", ["x", "y"])
    vault.read()
    (vault.folder / "kv/metadata/app.json").unlink()
    vault.read(on=6)
    assert stored(vault) == {"kv/db", "kv/app/x", "kv/app/y"}


def test_one_list_never_closes_another(vault: Vault) -> None:
    vault.secrets("db")
    vault.put("auth/jwt/role", ["a"])
    vault.put("auth/jwt/role/a", role(bound_subject="a"))
    vault.read()
    for name in ("kv/metadata", "auth/jwt/role"):
        (vault.folder / f"{name}.json").unlink()
    (vault.folder / "auth/jwt/role/a.json").unlink()
    vault.read(on=6)
    assert (stored(vault), roles(vault)) == ({"kv/db"}, {"a"})


def test_policies_that_were_not_read_are_named(vault: Vault) -> None:
    vault.put("auth/jwt/role/a", answer({"token_policies": ["x"], "bound_subject": "a"}))
    (warning,) = vault.read().to_json()["warnings"]
    assert warning.startswith("2 policies are held that are not in the input")
    assert "'default', 'x'" in warning


def test_without_a_status_the_server_goes_by_its_scope_or_instance(vault: Vault) -> None:
    (vault.folder / "status.json").unlink()
    report = vault.read(instance="prod").to_json()
    assert report["warnings"][0].startswith("No file holds the status of the server")
    assert "hf:asset:vault:prod//kv%2F" in {node.uid for node in vault.nodes().values()}


def test_namespaces_are_apart(vault: Vault) -> None:
    vault.put("ns/sys/mounts", MOUNTS, command="vault secrets list -format=json -namespace=team")
    vault.put("ns/kv-list", ["inner"], command="vault kv list -format=json -namespace=team kv")
    vault.secrets("outer")
    vault.read()
    edges = {
        (e.subject.uid.rpartition(":")[2], e.object.uid.rpartition(":")[2]) for e in _stored_edges(vault)
    }
    cluster = "5c2e8a11-7b0d-4f3a-9e64-0d1f2a3b4c5d"
    assert edges == {
        (f"{cluster}//kv%2Fouter", f"{cluster}//kv%2F"),
        (f"{cluster}/team/kv%2Finner", f"{cluster}/team/kv%2F"),
    }
    assert "team WITHIN vault" in vault.edges()


def _stored_edges(vault: Vault) -> list[Edge]:
    found = vault.desk.ledger.all_edges(vault.desk.ledger.at(day(20)))
    return [edge for edge in found if edge.relation == "STORED_IN"]


def test_what_a_whole_list_covers(vault: Vault) -> None:
    vault.secrets("db")
    vault.put("auth/jwt/role", ["a"])
    vault.put("auth/jwt/role/a", role("p", bound_subject="a"))
    vault.policy("p", policy("database/creds/x", "read"))
    vault.read()
    ledger = vault.desk.ledger
    at = ledger.at(day(20))
    covered = ledger.coverage(at)
    found = vault.nodes()
    assert covered.is_covered(found["a"], "CAN_READ")
    assert covered.is_covered(found["kv/db"], "STORED_IN")
    assert not covered.is_covered(found["kv/db"], "CAN_READ")
    assert not covered.is_covered(found["a"], "OWNS")


def test_what_is_not_mapped_is_counted(vault: Vault) -> None:
    vault.put("sys/quotas/config", answer({"x": 1}))
    vault.put("auth/approle/role/ci/role-id", answer({"role_id": "planted-value-0123456789"}))
    assert vault.read().to_json()["skipped"] == {"answer of sys/quotas": 1}
    assert "planted-value" not in "".join(text for *_, text in vault.desk.told())


def test_an_empty_list_is_printed_as_an_empty_object(vault: Vault) -> None:
    vault.put("auth/jwt/role", ["a"])
    vault.put("auth/jwt/role/a", role(bound_subject="a"))
    vault.read()
    vault.put("auth/jwt/role", {})
    (vault.folder / "auth/jwt/role/a.json").unlink()
    vault.read(on=6)
    assert roles(vault) == set()


def test_a_policy_in_every_form_that_is_printed(vault: Vault) -> None:
    vault.put("auth/jwt/role/a", role("bare", "read", "text", bound_subject="a"))
    vault.put("sys/policies/acl/bare", {"policy": policy("x/bare", "read")})
    vault.put("sys/policies/acl/read", answer({"name": "read", "policy": policy("x/read", "read")}))
    vault.policy("text", policy("x/text", "read"))
    vault.read()
    assert vault.rights() == {f"a CAN_READ vault#x/{name} (read)" for name in ("bare", "read", "text")}
