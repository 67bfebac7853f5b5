"""Mounts, secrets, roles, rights and identities: what the answers say, worked out by hand."""

import pytest

from graph.model import ExternalId
from graph.vocabulary import Kind
from ingest.times import parse_time
from ingest.uids import address_uid
from tests.ingest.jobs import FINGERPRINTS
from tests.ingest.sources.vault.server import CLUSTER, ISSUER, Vault, answer, policy, role, trainer

ACCOUNT = "system:serviceaccount:training:trainer"


def test_mounts_and_ways_to_log_in(vault: Vault) -> None:
    report = vault.read().to_json()
    assert (report["state"], report["rejected"], report["warnings"]) == ("completed", [], [])
    found = vault.nodes()
    assert (found["vault"].kind, found["vault"].type) == (Kind.ASSET, "vault")
    assert (found["kv/"].type, found["auth/kubernetes/"].type) == ("vault", "service")
    assert ExternalId("vault", f"{CLUSTER}//kv%2F") in found["kv/"].external_ids
    assert "kv/ WITHIN vault" in vault.edges()
    assert "auth/jwt/ WITHIN vault" in vault.edges()


def test_secrets_by_name_and_age(vault: Vault) -> None:
    vault.put("kv/metadata", ["db", "app/"])
    vault.put("kv/metadata/app", ["token"])
    metadata = {
        "created_time": "2025-03-01T10:00:00.123456789Z",
        "current_version": 2,
        "custom_metadata": {"note": "planted-value-in-a-note"},
        "versions": {
            "1": {"created_time": "2025-03-01T10:00:00Z", "deletion_time": "", "destroyed": True},
            "2": {"created_time": "2026-01-01T00:00:00Z", "deletion_time": "", "destroyed": False},
        },
    }
    vault.put("kv/metadata/app/token", answer(metadata))
    vault.put("old", ["legacy"])
    vault.put("old", ["legacy"], command="vault kv list -format=json -mount=old")
    vault.read()
    found = vault.nodes()
    secret = found["kv/app/token"]
    assert (secret.kind, secret.integer("current_version")) == (Kind.SECRET, 2)
    assert secret.integer("created") == parse_time("2025-03-01T10:00:00.123Z").moment
    assert secret.integer("last_rotated") == parse_time("2026-01-01").moment
    assert ExternalId("vault", f"{CLUSTER}//kv%2Fapp%2Ftoken") in secret.external_ids
    assert {edge for edge in vault.edges() if "STORED_IN" in edge} == {
        "kv/db STORED_IN kv/",
        "kv/app/token STORED_IN kv/",
        "old/legacy STORED_IN old/",
    }
    assert "planted-value" not in "".join(text for *_, text in vault.desk.told())


def test_a_role_for_kubernetes_takes_service_accounts_and_holds_its_policies(vault: Vault) -> None:
    vault.secrets("db", "other")
    vault.put("auth/kubernetes/config", answer({"issuer": ISSUER, "kubernetes_host": "https://k"}))
    vault.put("auth/kubernetes/role/trainer", trainer("training", audience="vault"))
    vault.policy("training", policy("kv/data/db", "read"))
    vault.read()
    assert vault.rights() == {"trainer CAN_READ vault#kv/data/db (read)"}
    assert vault.listed() == {"kv/db WITHIN vault#kv/data/db (read) [listed]"}
    assert "tokens that trainer takes CAN_ASSUME trainer" in vault.edges()
    assert "vault#kv/data/db (read) WITHIN kv/" in vault.edges()
    assert "trainer WITHIN auth/kubernetes/" in vault.edges()
    bound = vault.nodes()["tokens that trainer takes"]
    assert bound.type == "principal_set"
    assert bound.properties["subject_patterns"].value == (ACCOUNT,)
    assert bound.properties["issuer"].value == ISSUER
    place = vault.nodes()["vault#kv/data/db (read)"]
    assert place.properties["resource_patterns"].value == ("kv/data/db",)


def test_without_a_config_the_issuer_is_unknown(vault: Vault) -> None:
    vault.put("auth/kubernetes/role/trainer", trainer())
    vault.read()
    assert "issuer" not in vault.nodes()["tokens that trainer takes"].properties


def test_namespaces_and_names_are_combined_and_a_selector_makes_it_possible(vault: Vault) -> None:
    several = {"bound_service_account_names": ["a", "b*"], "bound_service_account_namespaces": ["x", "y"]}
    vault.put("auth/kubernetes/role/several", role(**several))
    selected = {
        "bound_service_account_names": ["*"],
        "bound_service_account_namespaces": [],
        "bound_service_account_namespace_selector": '{"matchLabels":{"team":"ml"}}',
    }
    vault.put("auth/kubernetes/role/selected", role(**selected))
    vault.read()
    found = vault.nodes()
    assert found["tokens that several takes"].properties["subject_patterns"].value == (
        "system:serviceaccount:x:a",
        "system:serviceaccount:x:b*",
        "system:serviceaccount:y:a",
        "system:serviceaccount:y:b*",
    )
    assert "tokens that several takes CAN_ASSUME several" in vault.edges()
    assert "tokens that selected takes CAN_ASSUME selected ?" in vault.edges()


@pytest.mark.parametrize(
    ("fields", "patterns", "doubt"),
    [
        (
            {"bound_subject": "repo:fairbank/x:ref:refs/heads/main"},
            ("repo:fairbank/x:ref:refs/heads/main",),
            "",
        ),
        ({"bound_claims": {"sub": "repo:fairbank/*"}, "bound_claims_type": "glob"}, ("repo:fairbank/*",), ""),
        ({"bound_claims": {"sub": ["a", "b"]}, "bound_claims_type": "string"}, ("a", "b"), ""),
        ({"bound_claims": {"sub": "repo:*"}, "bound_claims_type": "string"}, ("repo:*",), " ?"),
        ({"bound_claims": {"repository": "fairbank/x"}}, ("*",), " ?"),
        ({"bound_subject": "s", "token_bound_cidrs": ["10.0.0.0/8"]}, ("s",), " ?"),
    ],
)
def test_roles_for_web_tokens(
    vault: Vault, fields: dict[str, object], patterns: tuple[str, ...], doubt: str
) -> None:
    vault.put(
        "auth/jwt/config", answer({"oidc_discovery_url": "https://token.actions.githubusercontent.com"})
    )
    vault.put("auth/jwt/role/ci", role(**fields))
    vault.read()
    bound = vault.nodes()["tokens that ci takes"]
    assert bound.properties["subject_patterns"].value == patterns
    assert bound.properties["issuer"].value == "https://token.actions.githubusercontent.com"
    assert f"tokens that ci takes CAN_ASSUME ci{doubt}" in vault.edges()


def test_a_narrower_denial_is_cut_out_and_what_is_given_again_stands_beside(vault: Vault) -> None:
    vault.put("kv/metadata", ["open", "hr/"])
    vault.put("kv/metadata/hr", ["pay", "phone"])
    vault.put("auth/kubernetes/role/trainer", trainer("wide", "narrow"))
    vault.policy("wide", policy("kv/data/*", "read") + policy("kv/data/hr/phone", "read"))
    vault.policy("narrow", policy("kv/data/hr/*", "deny"))
    vault.read()
    assert vault.rights() == {
        "trainer CAN_READ vault#kv/data/* (read)",
        "trainer CAN_READ vault#kv/data/hr/phone (read)",
    }
    assert vault.listed() == {
        "kv/open WITHIN vault#kv/data/* (read) [listed]",
        "kv/hr/phone WITHIN vault#kv/data/hr/phone (read) [listed]",
    }
    assert vault.nodes()["vault#kv/data/* (read)"].properties["excluded_patterns"].value == ("kv/data/hr/*",)


def test_metadata_and_lists_give_no_value(vault: Vault) -> None:
    vault.secrets("db")
    vault.put("auth/kubernetes/role/trainer", trainer("names"))
    vault.policy("names", policy("kv/metadata/*", "read", "list", "delete"))
    vault.read()
    assert vault.rights() == {
        "trainer CAN_READ vault#kv/metadata/* (read)",
        "trainer CAN_WRITE vault#kv/metadata/* (write)",
    }
    assert vault.listed() == {"kv/db WITHIN vault#kv/metadata/* (write) [listed]"}


def test_a_rule_for_every_path_stands_at_the_server(vault: Vault) -> None:
    vault.secrets("db")
    vault.put("auth/kubernetes/role/trainer", trainer("all"))
    vault.policy("all", policy("*", "read", "update", "sudo"))
    vault.read()
    assert vault.rights() == {
        "trainer CAN_READ vault#* (read)",
        "trainer CAN_WRITE vault#* (write)",
        "trainer CAN_ADMIN vault#* (admin)",
        "trainer CAN_ADMIN vault",
    }
    assert "vault#* (read) WITHIN vault" in vault.edges()
    assert vault.listed() == {
        "kv/db WITHIN vault#* (read) [listed]",
        "kv/db WITHIN vault#* (write) [listed]",
    }


@pytest.mark.parametrize(
    ("path", "capabilities", "control"),
    [
        ("sys/policies/acl/*", ("update",), {"trainer CAN_ADMIN vault"}),
        ("auth/kubernetes/role/*", ("create",), {"trainer CAN_ADMIN vault"}),
        ("identity/entity/id/*", ("patch",), {"trainer CAN_ADMIN vault"}),
        (
            "auth/token/create",
            ("update", "sudo"),
            {"trainer CAN_ADMIN vault", "trainer CAN_ADMIN vault#auth/token/create (admin)"},
        ),
        ("auth/token/create", ("update",), set[str]()),
        ("sys/policies/acl/team-*", ("update",), {"trainer CAN_ADMIN vault ?"}),
        ("sys/policies/acl/*", ("read", "delete"), set[str]()),
        ("sys/health", ("read", "sudo"), {"trainer CAN_ADMIN vault#sys/health (admin)"}),
    ],
)
def test_control_of_the_server(
    vault: Vault, path: str, capabilities: tuple[str, ...], control: set[str]
) -> None:
    vault.put("auth/kubernetes/role/trainer", trainer("p"))
    vault.policy("p", policy(path, *capabilities))
    vault.read()
    assert {edge for edge in vault.rights() if "CAN_ADMIN" in edge} == control


def test_templates_and_conditions_make_rights_possible(vault: Vault) -> None:
    vault.secrets("db")
    vault.put("auth/kubernetes/role/trainer", trainer("own", "asked"))
    vault.policy("own", policy("kv/data/{{identity.entity.id}}/*", "read"))
    vault.policy("asked", 'path "kv/data/db" { capabilities = ["read"] control_group = { ttl = "4h" } }')
    vault.read()
    assert vault.rights() == {
        "trainer CAN_READ vault#kv/data/{{identity.entity.id}}/* (read) ?",
        "trainer CAN_READ vault#kv/data/db (read) ?",
    }


def test_the_root_policy_administers_the_server(vault: Vault) -> None:
    token = {
        "accessor": "acc-root",
        "creation_time": 1767225600,
        "display_name": "root",
        "entity_id": "",
        "expire_time": None,
        "id": "",
        "path": "auth/token/root",
        "policies": ["root"],
    }
    vault.put("root", answer(token), command="vault token lookup -format=json -accessor acc-root")
    vault.read()
    assert vault.rights() == {"root CAN_ADMIN vault"}
    assert "token acc-root AUTHENTICATES root" in vault.edges()
    token_node = vault.nodes()["token acc-root"]
    assert (token_node.kind, token_node.type) == (Kind.SECRET, "token")
    assert token_node.integer("created") == 1767225600000
    assert ExternalId("vault", f"{CLUSTER}//accessor/acc-root") in token_node.external_ids


def test_secret_ids_open_their_role(vault: Vault) -> None:
    vault.put("auth/approle/role/ci", role("p"))
    vault.put("auth/approle/role/ci/secret-id", ["acc-1", "acc-2"])
    looked_up = {"creation_time": "2026-01-01T00:00:00Z", "expiration_time": "0001-01-01T00:00:00Z"}
    vault.put("auth/approle/role/ci/secret-id-accessor/lookup/acc-1", answer(looked_up))
    vault.policy("p", policy("kv/data/*", "read"))
    vault.read()
    at = vault.desk.ledger.all_edges(vault.desk.ledger.at(parse_time("2026-01-20").moment))
    opened = {edge.object.uid for edge in at if edge.relation == "AUTHENTICATES"}
    assert opened == {f"hf:identity:vault:{CLUSTER}//auth%2Fapprole%2Frole%2Fci"}
    assert len([edge for edge in vault.edges() if "AUTHENTICATES ci" in edge]) == 1  # both have one name
    assert vault.nodes()["secret id of ci"].type == "client_secret"
    assert "expires" not in vault.nodes()["secret id of ci"].properties


def test_entities_hold_the_policies_of_their_groups(vault: Vault) -> None:
    aliases = [{"mount_type": "oidc", "name": "ada@fairbank.example"}, {"mount_type": "ldap", "name": "ada"}]
    ada = {"id": "e-1", "name": "ada", "policies": ["own"], "disabled": False, "aliases": aliases}
    risk = {
        "id": "g-1",
        "name": "risk",
        "type": "internal",
        "policies": ["wide"],
        "member_entity_ids": ["e-1"],
    }
    parent = {
        "id": "g-2",
        "name": "all",
        "type": "internal",
        "policies": ["deny"],
        "member_group_ids": ["g-1"],
    }
    vault.put("identity/entity/id/e-1", answer(ada))
    vault.put("identity/group/id/g-1", answer(risk))
    vault.put("identity/group/id/g-2", answer(parent))
    vault.policy("own", policy("kv/data/own", "read"))
    vault.policy("wide", policy("kv/data/*", "read"))
    vault.policy("deny", policy("kv/data/own", "deny"))
    vault.read()
    assert vault.rights() == {"ada CAN_READ vault#kv/data/* (read)"}
    assert vault.nodes()["vault#kv/data/* (read)"].properties["excluded_patterns"].value == ("kv/data/own",)
    assert {"ada MEMBER_OF risk", "risk MEMBER_OF all"} <= vault.edges()
    person = address_uid("ada@fairbank.example", FINGERPRINTS)
    assert f"{person} CAN_ASSUME ada ?" in vault.edges()
    assert vault.nodes()["ada"].type == "person"


def test_a_denial_of_identities_makes_what_a_login_gives_possible(vault: Vault) -> None:
    ada = {"id": "e-1", "name": "ada", "policies": ["deny"], "disabled": False, "aliases": []}
    vault.put("identity/entity/id/e-1", answer(ada))
    vault.put("auth/kubernetes/role/trainer", trainer("wide"))
    vault.policy("wide", policy("kv/data/*", "read"))
    vault.policy("deny", policy("kv/data/own", "deny"))
    vault.read()
    assert vault.rights() == {"trainer CAN_READ vault#kv/data/* (read) ?"}


def test_an_external_group_holds_its_policies_itself(vault: Vault) -> None:
    group = {
        "id": "g-1",
        "name": "directory",
        "type": "external",
        "policies": ["wide"],
        "member_entity_ids": None,
    }
    vault.put("identity/group/id/g-1", answer(group))
    vault.policy("wide", policy("kv/data/*", "read"))
    vault.read()
    assert vault.rights() == {"directory CAN_READ vault#kv/data/* (read) ?"}


def test_a_group_that_was_not_read_makes_what_its_members_may_do_possible(vault: Vault) -> None:
    ada = {"id": "e-1", "name": "ada", "policies": ["wide"], "aliases": [], "group_ids": ["g-9"]}
    vault.put("identity/entity/id/e-1", answer(ada))
    vault.policy("wide", policy("kv/data/*", "read"))
    vault.read()
    assert vault.rights() == {"ada CAN_READ vault#kv/data/* (read) ?"}


@pytest.mark.parametrize("path", ["auth/approle/role/ci/secret-id", "auth/approle/role/+/secret-id"])
def test_making_secret_ids_is_control_of_the_role_and_not_of_the_server(vault: Vault, path: str) -> None:
    vault.put("auth/approle/role/ci", role())
    vault.put("auth/kubernetes/role/trainer", trainer("p"))
    vault.policy("p", policy(path, "update"))
    vault.read()
    assert {edge for edge in vault.rights() if "CAN_ADMIN" in edge} == {"trainer CAN_ADMIN ci ?"}
