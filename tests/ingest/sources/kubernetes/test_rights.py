"""Who may do what: every sentence about roles and bindings, with the edges written out by hand."""

import pytest

from ingest.uids import address_uid
from queries.estate import Estate
from queries.ownership import OwnershipQuestion, find_ownership
from tests.ingest.sources.kubernetes.cluster import (
    KEYS,
    account,
    bind,
    cluster_role,
    deployment,
    edges,
    grants,
    kube_system,
    listing,
    named,
    namespace,
    read,
    read_items,
    role,
    rule,
    sa,
    secret,
    short,
)

CI = "ServiceAccount ci/ci"
MAKES_PODS = {f"{CI} CAN_ADMIN prod#serviceaccounts ?", f"{CI} CAN_READ prod#secrets ?"}


def granted(ledger, tmp_path, *rules):
    """The grants of a role in the namespace prod to the account ci/ci."""
    read_items(ledger, tmp_path, role("r", *rules), bind("r", sa("ci")))
    return grants(ledger)


def granted_everywhere(ledger, tmp_path, *rules):
    """The grants of a cluster role in the whole cluster to the account ci/ci."""
    read_items(ledger, tmp_path, cluster_role("r", *rules), bind("r", sa("ci"), ns=None))
    return grants(ledger)


@pytest.mark.parametrize("verb", ["get", "list", "watch"])
def test_reading_verbs_read_all_objects_of_the_type_in_the_namespace(ledger, tmp_path, verb):
    assert granted(ledger, tmp_path, rule("core", "secrets", verb)) == {f"{CI} CAN_READ prod#secrets"}


@pytest.mark.parametrize("verb", ["create", "update", "patch", "delete", "deletecollection"])
def test_writing_verbs_write(ledger, tmp_path, verb):
    assert granted(ledger, tmp_path, rule("core", "secrets", verb)) == {f"{CI} CAN_WRITE prod#secrets"}


def test_every_verb_administers(ledger, tmp_path):
    assert granted(ledger, tmp_path, rule("core", "secrets", "*")) == {f"{CI} CAN_ADMIN prod#secrets"}


@pytest.mark.parametrize("verb", ["escalate", "bind"])
def test_escalate_and_bind_administer(ledger, tmp_path, verb):
    found = granted(ledger, tmp_path, rule("rbac.authorization.k8s.io", "roles", verb))
    assert found == {f"{CI} CAN_ADMIN prod#roles.rbac.authorization.k8s.io"}


def test_impersonating_an_account_by_name_administers_it(ledger, tmp_path):
    found = granted(ledger, tmp_path, rule("core", "serviceaccounts", "impersonate", "robot"))
    assert found == {f"{CI} CAN_ADMIN ServiceAccount prod/robot"}


def test_each_rule_is_one_edge_to_the_type_that_it_names(ledger, tmp_path):
    found = granted(ledger, tmp_path, rule("core", "configmaps", "get"), rule("apps", "deployments", "list"))
    assert found == {f"{CI} CAN_READ prod#configmaps", f"{CI} CAN_READ prod#deployments.apps"}


def test_a_type_is_only_in_the_groups_that_have_it(ledger, tmp_path):
    found = granted(ledger, tmp_path, rule("core apps", "deployments pods", "get"))
    assert found == {f"{CI} CAN_READ prod#deployments.apps", f"{CI} CAN_READ prod#pods"}


def test_a_type_that_is_not_built_in_is_taken_as_it_is_named(ledger, tmp_path):
    found = granted(ledger, tmp_path, rule("db.example.org", "databases", "get"))
    assert found == {f"{CI} CAN_READ prod#databases.db.example.org"}


def test_a_rule_with_names_is_on_the_objects(ledger, tmp_path):
    found = granted(ledger, tmp_path, rule("core", "secrets", "get", "one two"))
    assert found == {f"{CI} CAN_READ Secret prod/one", f"{CI} CAN_READ Secret prod/two"}


def test_create_limited_to_names_grants_nothing(ledger, tmp_path):
    assert granted(ledger, tmp_path, rule("core", "secrets", "create", "one")) == set()


def test_all_resources_of_a_group_are_all_its_types(ledger, tmp_path):
    assert granted(ledger, tmp_path, rule("batch", "*", "get")) == {
        f"{CI} CAN_READ prod#cronjobs.batch",
        f"{CI} CAN_READ prod#jobs.batch",
    }


def test_only_all_resources_of_all_groups_are_the_namespace_itself(ledger, tmp_path):
    assert granted(ledger, tmp_path, rule("*", "*", "*")) == {f"{CI} CAN_ADMIN Namespace prod"}


def test_reading_everything_includes_the_way_into_containers(ledger, tmp_path):
    assert granted(ledger, tmp_path, rule("*", "*", "get list watch")) == {
        f"{CI} CAN_READ Namespace prod",
        f"{CI} CAN_ADMIN prod#pods ?",
    }


CORE_TYPES = [
    *("configmaps", "endpoints", "events", "limitranges", "persistentvolumeclaims", "pods", "podtemplates"),
    *("replicationcontrollers", "resourcequotas", "secrets", "serviceaccounts", "services"),
]
ALL_OF_CORE = {*(f"{CI} CAN_READ prod#{plural}" for plural in CORE_TYPES), f"{CI} CAN_ADMIN prod#pods ?"}
ALL_SECRETS = {f"{CI} CAN_READ prod#secrets"}
ANYTHING = {f"{CI} CAN_READ Namespace prod", f"{CI} CAN_ADMIN prod#pods ?"}
SECRET_S = {f"{CI} CAN_READ Secret prod/s"}
DEPLOYMENT_S = {f"{CI} CAN_READ Deployment prod/s"}


@pytest.mark.parametrize(
    ("groups", "resources", "names", "expected"),
    [
        ("core", "secrets", "", ALL_SECRETS),
        ("*", "secrets", "", ALL_SECRETS),
        ("core *", "secrets", "", ALL_SECRETS),
        ("apps", "secrets", "", {f"{CI} CAN_READ prod#secrets.apps"}),
        ("core", "*", "", ALL_OF_CORE),
        ("*", "*", "", ANYTHING),
        ("core *", "*", "", ANYTHING),
        ("*", "* secrets", "", ANYTHING),
        ("core", "secrets", "s", SECRET_S),
        ("*", "secrets", "s", SECRET_S),
        ("core *", "secrets", "s", SECRET_S),
        ("core", "*", "s", SECRET_S),
        ("apps", "*", "s", DEPLOYMENT_S),
        ("core apps", "*", "s", SECRET_S | DEPLOYMENT_S),
        ("*", "*", "s", SECRET_S | DEPLOYMENT_S),
        ("core *", "*", "s", SECRET_S | DEPLOYMENT_S),
        ("*", "* secrets", "s", SECRET_S | DEPLOYMENT_S),
    ],
)
def test_every_combination_of_all_groups_all_resources_and_names(
    ledger, tmp_path, groups, resources, names, expected
):
    report = read_items(
        ledger,
        tmp_path,
        secret("s"),
        secret("other"),
        secret("s", "dev"),
        deployment("s"),
        role("r", rule(groups, resources, "get", names)),
        bind("r", sa("ci")),
    )
    assert grants(ledger) == expected
    assert report.skipped == {}


def test_all_named_objects_of_the_cluster_are_in_every_namespace_and_in_none(ledger, tmp_path):
    read_items(
        ledger,
        tmp_path,
        secret("s"),
        secret("s", "dev"),
        namespace("s"),
        cluster_role("r", rule("*", "*", "get delete", "s")),
        bind("r", sa("ci"), ns=None),
    )
    assert grants(ledger) == {
        f"{CI} {relation} Secret {ns}/s" for relation in ("CAN_READ", "CAN_WRITE") for ns in ("prod", "dev")
    } | {f"{CI} CAN_WRITE Namespace s ?"}


def test_all_verbs_on_all_named_objects_administer_them(ledger, tmp_path):
    read_items(
        ledger,
        tmp_path,
        secret("s"),
        account("s"),
        deployment("s"),
        role("r", rule("*", "*", "*", "s")),
        bind("r", sa("ci")),
    )
    assert grants(ledger) == MAKES_PODS | {
        f"{CI} CAN_ADMIN {kind} prod/s" for kind in ("Secret", "ServiceAccount", "Deployment")
    }


@pytest.mark.parametrize(("groups", "resources"), [("*", "*"), ("core", "*")])
def test_a_name_that_nothing_bears_is_told_once(ledger, tmp_path, groups, resources):
    report = read_items(
        ledger,
        tmp_path,
        secret("s"),
        role("r", rule(groups, resources, "get", "s absent")),
        bind("r", sa("ci")),
    )
    assert grants(ledger) == SECRET_S
    assert report.skipped == {"right to objects by a name that none in the input bears": 1}


def test_what_cannot_be_said_of_a_single_object_is_told_where_there_is_one(ledger, tmp_path):
    report = read_items(
        ledger,
        tmp_path,
        account("s"),
        role("r", rule("core", "*", "get", "s")),
        bind("r", sa("ci")),
    )
    assert grants(ledger) == set()
    assert report.skipped == {"CAN_READ on a single object of type serviceaccounts": 1}


def test_bound_in_the_cluster_it_is_the_cluster(ledger, tmp_path):
    assert granted_everywhere(ledger, tmp_path, rule("*", "*", "*")) == {f"{CI} CAN_ADMIN K"}


def test_reading_secrets_everywhere_is_on_the_type_in_the_cluster(ledger, tmp_path):
    read_items(
        ledger,
        tmp_path,
        secret("key"),
        cluster_role("r", rule("core", "secrets", "get")),
        bind("r", sa("ci"), ns=None),
    )
    assert grants(ledger) == {f"{CI} CAN_READ #secrets"}
    assert edges(ledger, "WITHIN") >= {
        "Secret prod/key WITHIN prod#secrets [listed]",
        "prod#secrets WITHIN #secrets [listed]",
        "prod#secrets WITHIN Namespace prod",
    }


def test_a_cluster_role_bound_in_a_namespace_is_on_the_namespace(ledger, tmp_path):
    read_items(
        ledger,
        tmp_path,
        cluster_role("r", rule("core", "secrets nodes", "get")),
        bind("r", sa("ci"), kind="ClusterRole"),
    )
    assert grants(ledger) == {f"{CI} CAN_READ prod#secrets"}


@pytest.mark.parametrize("names", ["", "prod"])
def test_reading_namespaces_is_no_edge(ledger, tmp_path, names):
    assert granted_everywhere(ledger, tmp_path, rule("core", "namespaces", "get list watch", names)) == set()


@pytest.mark.parametrize("verb", ["get", "create"])
def test_pods_exec_is_possible_control_and_not_reading(ledger, tmp_path, verb):
    assert granted(ledger, tmp_path, rule("core", "pods/exec", verb)) == {f"{CI} CAN_ADMIN prod#pods ?"}


@pytest.mark.parametrize("group", ["core", "*"])
def test_a_part_of_every_type_is_that_part_of_pods_and_accounts(ledger, tmp_path, group):
    # Kubernetes matches */part to the part of any type, and type/* to nothing.
    found = granted(ledger, tmp_path, rule(group, "*/exec */token", "create"))
    assert found == {f"{CI} CAN_ADMIN prod#pods ?", f"{CI} CAN_ADMIN prod#serviceaccounts"}


def test_every_part_of_a_type_is_nothing(ledger, tmp_path):
    rules = [rule("core", "pods/* secrets", "get"), rule("apps", "*/exec", "create")]
    report = read_items(ledger, tmp_path, role("r", *rules), bind("r", sa("ci")))
    found = grants(ledger)
    assert f"{CI} CAN_READ prod#secrets" in found
    assert not any("#pods" in edge for edge in found)
    assert report.skipped["right to type/*, which grants nothing"] == 1


def test_making_pods_is_possibly_every_account_and_secret_of_the_namespace(ledger, tmp_path):
    assert granted(ledger, tmp_path, rule("core", "pods", "create")) == {
        *MAKES_PODS,
        f"{CI} CAN_ADMIN prod#pods ?",
        f"{CI} CAN_WRITE prod#pods",
    }


@pytest.mark.parametrize(
    ("group", "resource"),
    [
        ("apps", "deployments"),
        ("apps", "statefulsets"),
        ("apps", "daemonsets"),
        ("apps", "replicasets"),
        ("batch", "jobs"),
        ("batch", "cronjobs"),
    ],
)
@pytest.mark.parametrize("verb", ["create", "patch"])
def test_so_is_making_or_changing_what_makes_pods(ledger, tmp_path, group, resource, verb):
    found = granted(ledger, tmp_path, rule(group, resource, verb))
    assert found == {*MAKES_PODS, f"{CI} CAN_WRITE prod#{resource}.{group}"}


def test_deleting_what_makes_pods_is_only_writing(ledger, tmp_path):
    found = granted(ledger, tmp_path, rule("apps", "deployments", "delete"))
    assert found == {f"{CI} CAN_WRITE prod#deployments.apps"}


def test_issuing_tokens_is_control_of_the_account(ledger, tmp_path):
    assert granted(
        ledger,
        tmp_path,
        rule("core", "serviceaccounts/token", "create"),
        rule("core", "serviceaccounts/token", "create", "robot"),
    ) == {f"{CI} CAN_ADMIN prod#serviceaccounts", f"{CI} CAN_ADMIN ServiceAccount prod/robot"}


def test_a_certain_right_outweighs_a_possible_one(ledger, tmp_path):
    found = granted(ledger, tmp_path, rule("core", "pods", "create"), rule("core", "secrets", "get"))
    assert f"{CI} CAN_READ prod#secrets" in found
    (edge,) = [
        e
        for e in ledger.all_edges(ledger.at())
        if short(e.object.uid) == "prod#secrets" and e.relation == "CAN_READ"
    ]
    assert edge.properties["granted_by"].value == ("RoleBinding prod/bind-r to Role r",)
    assert edge.conditions == ()


def test_groups_of_the_system_have_their_members(ledger, tmp_path):
    group = {"kind": "Group", "name": "system:serviceaccounts:prod"}
    read_items(
        ledger,
        tmp_path,
        account("a"),
        account("b", "ci"),
        role("r", rule("core", "secrets", "get")),
        bind("r", group),
    )
    assert edges(ledger, "MEMBER_OF", "CAN_READ") == {
        "ServiceAccount prod/a MEMBER_OF Group system:serviceaccounts:prod",
        "Group system:serviceaccounts:prod CAN_READ prod#secrets",
    }


def test_a_user_may_be_the_person_of_that_address_and_shows_no_name_in_its_uid(ledger, tmp_path):
    user = {"kind": "User", "name": "Ada@example.org"}
    read_items(ledger, tmp_path, role("r", rule("core", "secrets", "get")), bind("r", user))
    (edge,) = [e for e in ledger.all_edges(ledger.at()) if e.relation == "CAN_ASSUME"]
    assert edge.subject.uid == address_uid("ada@example.org", KEYS)
    assert edge.certainty.value == "possible"
    assert not any("ada" in n.uid.lower() for n in ledger.all_nodes(ledger.at()))


def user_named(ledger, tmp_path, name):
    """The user of this name, to whom some right is given."""
    read_items(
        ledger,
        tmp_path,
        role("r", rule("core", "secrets", "get")),
        bind("r", {"kind": "User", "name": name}),
    )
    (edge,) = [e for e in ledger.all_edges(ledger.at()) if e.relation == "CAN_READ"]
    return ledger.nodes([edge.subject.uid], ledger.at())[edge.subject.uid]


@pytest.mark.parametrize(
    ("name", "sort"),
    [
        ("ada@example.org", "person"),
        ("Ada.King+ops@mail.example.org", "person"),
        # Client certificates and logins under other names may be anybody's or anything's.
        ("ci-bot", None),
        ("ada", None),
        ("oidc:ada@example.org", None),
        ("https://login.example.org#ada@example.org", None),
        ("ada@cluster", None),
        ("deployer@project-1.iam.gserviceaccount.com", None),
        ("system:kube-scheduler", "workload_identity"),
    ],
)
def test_only_a_user_with_a_persons_address_is_said_to_be_a_person(ledger, tmp_path, name, sort):
    assert user_named(ledger, tmp_path, name).type == sort
    assumed = [e for e in ledger.all_edges(ledger.at()) if e.relation == "CAN_ASSUME"]
    assert bool(assumed) == (sort == "person")


def test_a_user_who_may_be_no_person_needs_an_owner_and_is_sealed_as_if_one(ledger, tmp_path):
    user = user_named(ledger, tmp_path, "ci-bot")
    assert user.name == "ci-bot"
    answer = find_ownership(Estate(ledger), OwnershipQuestion((user.uid,)))
    assert ([row.node.uid for row in answer.nodes], answer.not_ownable) == ([user.uid], 0)
    log = str([ledger.store.operations(commit.sequence) for commit in ledger.commits()])
    assert "ci-bot" not in log
    assert ledger.erase_personal(user.uid, actor="test", reason="as was asked for").count > 0
    assert ledger.nodes([user.uid], ledger.at())[user.uid].name is None


def test_a_user_that_is_an_account_is_the_account(ledger, tmp_path):
    user = {"kind": "User", "name": "system:serviceaccount:ci:ci"}
    read_items(ledger, tmp_path, role("r", rule("core", "secrets", "get")), bind("r", user))
    assert grants(ledger) == {f"{CI} CAN_READ prod#secrets"}


def test_a_binding_whose_role_was_not_read_is_told(ledger, tmp_path):
    report = read_items(ledger, tmp_path, bind("r", sa("ci")))
    assert grants(ledger) == set()
    assert report.skipped == {"binding to a role that is not in the input": 1}
    assert "bindings name roles that are not in the input" in report.warnings[0]


def test_without_any_grant_an_account_is_covered_only_when_all_lists_were_whole(ledger, tmp_path):
    lists = [
        listing(kube_system(), kind="NamespaceList"),
        listing(account("a"), kind="ServiceAccountList"),
        *(
            listing(kind=f"{kind}List", api="rbac.authorization.k8s.io/v1")
            for kind in ("Role", "ClusterRole", "RoleBinding")
        ),
    ]
    read(ledger, tmp_path, *lists, complete=True)
    before = ledger.at()
    assert not ledger.coverage(before).is_covered(named(ledger, "ServiceAccount prod/a"), "CAN_READ")
    last = listing(
        bind("none", sa("b"), ns=None), kind="ClusterRoleBindingList", api="rbac.authorization.k8s.io/v1"
    )
    read(ledger, tmp_path, *lists, last, complete=True)
    at = ledger.at()
    assert ledger.coverage(at).is_covered(named(ledger, "ServiceAccount prod/a"), "CAN_READ")
