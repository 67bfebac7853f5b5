"""How harm travels through a server: from a service account or a secret id to the secrets that it reads."""

from graph.model import Uid
from graph.vocabulary import Certainty, Harm
from queries.blast_radius import BlastRadiusQuestion, find_blast_radius
from queries.estate import Estate, Standpoint
from tests.ingest.derivers.world import World, subject
from tests.ingest.sources.vault.server import CLUSTER, ISSUER, Vault, answer, policy, role, trainer
from tests.support.saying import day

HELD = f"hf:identity:vault:{CLUSTER}//auth%2Fkubernetes%2Frole%2Ftrainer"


def harmed(vault: Vault, seed: str, harm: Harm) -> set[str]:
    """The secrets that are disclosed by a harm, ``?`` after those that only may be."""
    question = BlastRadiusQuestion((Uid(seed),), harm, standpoint=Standpoint(as_of=day(20)))
    found = find_blast_radius(Estate(vault.desk.ledger), question)
    return {
        f"{row.node.name}{' ?' if row.certainty is Certainty.POSSIBLE else ''}"
        for row in found
        if row.node.kind.value == "Secret" and row.harm is Harm.DISCLOSED and row.hops
    }


def estate(vault: Vault) -> None:
    vault.put("kv/metadata", ["open", "hr/"])
    vault.put("kv/metadata/hr", ["pay", "phone"])
    vault.put("auth/kubernetes/config", answer({"issuer": ISSUER}))
    vault.put("auth/kubernetes/role/trainer", trainer("wide", "narrow"))
    vault.put("auth/approle/role/ci", role("names"))
    vault.put("auth/approle/role/ci/secret-id", ["acc-1"])
    vault.policy("wide", policy("kv/data/*", "read") + policy("kv/data/hr/phone", "read"))
    vault.policy("narrow", policy("kv/data/hr/*", "deny"))
    vault.policy("names", policy("kv/metadata/*", "read", "list"))
    vault.read()


def test_a_controlled_service_account_discloses_what_its_role_reads(vault: Vault) -> None:
    estate(vault)
    world = World(vault.desk.ledger)
    world.say("kubernetes", subject("account", "system:serviceaccount:training:trainer", ISSUER))
    world.say("kubernetes", subject("other", "system:serviceaccount:training:other", ISSUER))
    world.derive()
    assert harmed(vault, "account", Harm.CONTROLLED) == {"kv/open", "kv/hr/phone"}
    assert harmed(vault, "other", Harm.CONTROLLED) == set()


def test_whoever_lists_names_has_read_no_value(vault: Vault) -> None:
    estate(vault)
    assert harmed(vault, f"hf:secret:vault:{CLUSTER}//accessor/acc-1", Harm.DISCLOSED) == set()


def test_control_of_the_server_discloses_all_that_is_stored_in_it(vault: Vault) -> None:
    estate(vault)
    every = {"kv/open", "kv/hr/pay", "kv/hr/phone"}
    assert harmed(vault, f"hf:asset:vault:{CLUSTER}", Harm.CONTROLLED) >= every
    assert HELD in {node.uid for node in vault.nodes().values()}
