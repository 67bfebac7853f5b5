"""Trust, roles and permissions: every sentence about who may do what, with the edges by hand."""

import pytest

from ingest.shapes import Misshapen
from ingest.sources.entra.trust import subjects_of
from tests.ingest.sources.entra.directory import (
    GITHUB,
    TENANT,
    Directory,
    Json,
    answer,
    application,
    oid,
    principal,
    user,
)

PUBLISH = "repo:fairbank/score-training:environment:training"
GLOBAL, APPLICATIONS, HELPDESK = (
    "62e90394-69f5-4237-9190-012177145e10",
    "9b895d92-2cd3-44c7-9d02-a6ac2d5ea5c3",
    "729827e3-9c14-49f7-bb1b-9608f156bbb8",
)
READER, UNKNOWN = "f2ef992c-3afb-46b9-b7cf-a126ee74c451", "0526716b-113d-4c15-b2c8-68e3c22b9f80"


def federated(number: int, name: str, **fields: object) -> dict[str, object]:
    made = {"id": oid(number), "name": name, "issuer": GITHUB, "audiences": ["api://AzureADTokenExchange"]}
    return {**made, "subject": None, **fields}


def of_application(*credentials: dict[str, object]) -> dict[str, object]:
    return answer(f"applications('{oid(20)}')/federatedIdentityCredentials", *credentials)


def read_trust(directory: Directory, *credentials: dict[str, object]) -> Json:
    return directory.read(
        answer("applications", application(20, "Training", 21)),
        answer("servicePrincipals", principal(31, "principal", 21)),
        of_application(*credentials),
    ).to_json()


def assigned(holder: int, role: str, scope: str = "/") -> dict[str, object]:
    return {"id": "x", "principalId": oid(holder), "roleDefinitionId": role, "directoryScopeId": scope}


def test_an_exact_subject_can_assume_the_principal(directory: Directory) -> None:
    read_trust(directory, federated(40, "training", subject=PUBLISH))
    assert "training CAN_ASSUME principal" in directory.edges()
    trust = directory.nodes()["training"]
    assert trust.type == "principal_set"
    assert trust.properties["issuer"].value == GITHUB
    assert trust.properties["subject_patterns"].value == (PUBLISH,)
    assert trust.properties["audiences"].value == ("api://AzureADTokenExchange",)


def test_a_flexible_credential_gives_its_pattern(directory: Directory) -> None:
    expression = {
        "value": "claims['sub'] matches 'repo:fairbank/*:ref:refs/heads/????'",
        "languageVersion": 1,
    }
    read_trust(directory, federated(40, "branches", claimsMatchingExpression=expression))
    assert "branches CAN_ASSUME principal" in directory.edges()
    patterns = directory.nodes()["branches"].properties["subject_patterns"].value
    assert patterns == ("repo:fairbank/*:ref:refs/heads/????",)


def test_a_second_claim_makes_trust_possible(directory: Directory) -> None:
    value = "claims['sub'] matches 'repo:fairbank/*' and claims['job_workflow_ref'] matches 'fairbank/ci/*'"
    expression = {"value": value, "languageVersion": 1}
    read_trust(directory, federated(40, "shared", claimsMatchingExpression=expression))
    assert "shared CAN_ASSUME principal ?" in directory.edges()


def test_a_star_in_an_exact_subject_is_a_star(directory: Directory) -> None:
    read_trust(directory, federated(40, "star", subject="repo:fairbank/*"))
    assert "star CAN_ASSUME principal ?" in directory.edges()


def test_an_expression_of_another_form_is_rejected_and_the_rest_goes_in(directory: Directory) -> None:
    bad = {"value": "claims['sub'] startsWith 'repo:'", "languageVersion": 1}
    report = read_trust(
        directory, federated(40, "bad", claimsMatchingExpression=bad), federated(41, "good", subject=PUBLISH)
    )
    assert [(r["position"], r["field"]) for r in report["rejected"]] == [
        ("/value/0", "/claimsMatchingExpression/value")
    ]
    assert "good CAN_ASSUME principal" in directory.edges()
    assert "bad" not in directory.nodes()


def test_trust_stands_also_within_the_list_of_applications(directory: Directory) -> None:
    training = application(
        20, "Training", 21, federatedIdentityCredentials=[federated(40, "t", subject=PUBLISH)]
    )
    directory.read(
        answer("applications", training), answer("servicePrincipals", principal(31, "principal", 21))
    )
    assert "t CAN_ASSUME principal" in directory.edges()


def test_trust_of_an_application_that_is_not_read_is_rejected(directory: Directory) -> None:
    report = directory.read(of_application(federated(40, "t", subject=PUBLISH))).to_json()
    assert [r["reason"] for r in report["rejected"]] == [
        "the application is in no list of applications of this run"
    ]


@pytest.mark.parametrize(
    ("expression", "patterns", "condition"),
    [
        ("claims['sub'] eq 'a'", ("a",), None),
        ("claims['sub'] matches 'it''s *'", ("it's *",), None),
        ("claims['sub'] matches 'a*' and claims['sub'] eq 'ab'", ("ab",), "claims['sub'] matches 'a*'"),
        ("claims['ref'] eq 'main'", ("*",), "claims['ref'] eq 'main'"),
    ],
)
def test_expressions(expression: str, patterns: tuple[str, ...], condition: str | None) -> None:
    found = subjects_of(expression)
    assert (found.patterns, found.condition) == (patterns, condition)


@pytest.mark.parametrize(
    "expression",
    ["", "claims['sub'] matches 'a", "claims['sub']  eq 'a'", "claims['sub'] eq 'a' or claims['x'] eq 'b'"],
)
def test_expressions_of_another_form(expression: str) -> None:
    with pytest.raises(Misshapen):
        subjects_of(expression)


def test_directory_roles_by_the_table(directory: Directory) -> None:
    users = [user(number, name) for number, name in enumerate(["Ada", "Ben", "Cy", "Dee", "Eve"], start=1)]
    report = directory.read(
        answer("users", *users),
        answer(
            "roleManagement/directory/roleAssignments",
            assigned(1, GLOBAL),
            assigned(2, APPLICATIONS),
            assigned(3, HELPDESK),
            assigned(4, READER),
            assigned(5, UNKNOWN),
            assigned(5, GLOBAL, "/administrativeUnits/1"),
        ),
    ).to_json()
    place = {name: f"hf:asset:entra-id:{TENANT}/all/{name}" for name in ("applications", "servicePrincipals")}
    assert directory.without_places() == {
        "Ada CAN_ADMIN tenant",
        f"Ben CAN_ADMIN {place['applications']}",
        f"Ben CAN_ADMIN {place['servicePrincipals']} ?",
        "Cy CAN_ADMIN #users ?",
    }
    assert report["skipped"] == {
        "directory role Global Reader, which reads only": 1,
        f"directory role {UNKNOWN}": 1,
        "directory role for a part of the tenant": 1,
    }


def test_an_eligible_role_is_possible(directory: Directory) -> None:
    eligible = answer("roleManagement/directory/roleEligibilitySchedules", assigned(1, GLOBAL))
    directory.read(answer("users", user(1, "Ada")), eligible)
    assert directory.without_places() == {"Ada CAN_ADMIN tenant ?"}


def test_application_roles_and_those_of_microsoft_graph(directory: Directory) -> None:
    def given(role: str, name: str, resource: int) -> dict[str, object]:
        made = {"id": "x", "appRoleId": role, "principalId": oid(31), "principalType": "ServicePrincipal"}
        return {**made, "resourceId": oid(resource), "resourceDisplayName": name}

    administers = "9e3f62cf-ca93-4989-b6ce-bf83c28f9fe8"
    directory.read(
        answer("servicePrincipals", principal(31, "principal", 21)),
        answer(
            f"servicePrincipals('{oid(31)}')/appRoleAssignments",
            given(administers, "Microsoft Graph", 50),
            given(administers, "Look-alike", 51),
            given(oid(77), "Look-alike", 51),
        ),
    )
    assert directory.without_places() == {
        "principal CAN_INVOKE Microsoft Graph",
        "principal CAN_ADMIN tenant",
        "principal CAN_INVOKE Look-alike",
    }


def test_a_delegated_permission_is_possible(directory: Directory) -> None:
    grant = {
        "clientId": oid(31),
        "consentType": "AllPrincipals",
        "id": "x",
        "principalId": None,
        "resourceId": oid(50),
        "scope": "User.Read Mail.Read",
    }
    directory.read(
        answer("servicePrincipals", principal(31, "principal", 21)), answer("oauth2PermissionGrants", grant)
    )
    (edge,) = directory.without_places()
    assert edge.startswith("principal CAN_INVOKE hf:asset:entra-id:")
    assert edge.endswith(" ?")
