"""The sample account, whole: what its files come to, written out by hand."""

from pathlib import Path

from tests.ingest.sources.aws.account import edges, node, read_files

SAMPLE = Path(__file__).parents[4] / "samples" / "aws"
A = "214365870912"
ISSUER = "https://token.actions.githubusercontent.com"
CLUSTER = "https://oidc.eks.eu-west-1.amazonaws.com/id/5B2E9C0D7A41F3B86D90E1C2A7F45D38"
IMAGE = f"{A}.dkr.ecr.eu-west-1.amazonaws.com/score-training"
DIGEST = "sha256:" + "3d9f61b0a7c25e48" * 4
SUBSCOPES = (
    "ecr:repository repository/score-training",
    "s3:object fairbank-features/*",
    "s3:object fairbank-reports/* !fairbank-reports/drafts/*",
    "secretsmanager:secret secret:score/*",
)


def test_who_may_do_what(ledger):
    report = read_files(ledger, [SAMPLE])

    relations = (
        "CAN_ASSUME",
        "CAN_READ",
        "CAN_WRITE",
        "CAN_ADMIN",
        "CAN_INVOKE",
        "MEMBER_OF",
        "AUTHENTICATES",
    )
    assert edges(ledger, *relations) == {
        f"{ISSUER} repo:fairbank/score-training:environment:training CAN_ASSUME role/score-training-ci",
        f"{CLUSTER} system:serviceaccount:training:trainer CAN_ASSUME role/score-trainer",
        "lambda.amazonaws.com CAN_ASSUME role/score-reader",
        "user/ops-lead CAN_ASSUME role/operations ? aws:MultiFactorAuthPresent Bool true",
        "user/ops-lead MEMBER_OF group/operators",
        f"role/operations CAN_ADMIN account {A}",
        f"role/score-training-ci CAN_WRITE {A}#ecr:repository repository/score-training",
        f"role/score-trainer CAN_READ {A}#s3:object fairbank-features/*",
        f"role/score-trainer CAN_WRITE {A}#s3:object fairbank-features/*",
        f"role/score-reader CAN_READ {A}#secretsmanager:secret secret:score/*",
        f"user/report-export CAN_READ {A}#s3:object fairbank-reports/* !fairbank-reports/drafts/*",
        "AKIAFAIRBANKREPORT7Q AUTHENTICATES user/report-export",
    }
    assert report.to_json()["rejected"] == []
    assert all(scope.complete for scope in report.scopes)


def test_what_stands_where(ledger):
    read_files(ledger, [SAMPLE])

    identities = ("user/report-export", "user/ops-lead", "group/operators")
    roles = ("role/score-training-ci", "role/score-trainer", "role/operations", "role/score-reader")
    holdings = ("repository/score-training", "fairbank-features", "fairbank-reports")
    within = {f"{name} WITHIN account {A}" for name in (*identities, *roles, *holdings)}
    within |= {f"{A}#{name} WITHIN account {A}" for name in SUBSCOPES}
    assert edges(ledger, "WITHIN", "VERSION_OF") == within | {
        f"{IMAGE}:stable WITHIN repository/score-training",
        f"{IMAGE}:2026-11-10 WITHIN repository/score-training",
        f"{DIGEST} WITHIN repository/score-training ? what is pushed takes the place of what a digest names",
        f"{DIGEST} VERSION_OF {IMAGE}:stable",
        f"{DIGEST} VERSION_OF {IMAGE}:2026-11-10",
    }


def test_what_derivers_match(ledger):
    read_files(ledger, [SAMPLE])

    trusted = node(ledger, f"{ISSUER} repo:fairbank/score-training:environment:training")
    assert trusted.type == "principal_set"
    assert trusted.get("issuer") == ISSUER
    assert trusted.get("subject_patterns") == ("repo:fairbank/score-training:environment:training",)
    pushed = node(ledger, f"{A}#ecr:repository repository/score-training")
    assert (pushed.type, pushed.get("resource_type")) == ("scope", "ecr:repository")
    assert pushed.get("resource_patterns") == (f"arn:aws:ecr:eu-west-1:{A}:repository/score-training",)
    reports = node(ledger, f"{A}#s3:object fairbank-reports/* !fairbank-reports/drafts/*")
    assert reports.get("resource_patterns") == ("arn:aws:s3:::fairbank-reports/*",)
    assert reports.get("excluded_patterns") == ("arn:aws:s3:::fairbank-reports/drafts/*",)
    key = node(ledger, "AKIAFAIRBANKREPORT7Q")
    assert [str(found) for found in key.external_ids] == ["aws-access-key-id=AKIAFAIRBANKREPORT7Q"]
    assert (key.type, key.get("revoked"), key.get("created")) == ("api_key", False, 1756740130000)
    assert node(ledger, "fairbank-features").get("uri") == "s3://fairbank-features"


def test_reading_it_again_commits_nothing(ledger):
    read_files(ledger, [SAMPLE])
    assert read_files(ledger, [SAMPLE]).commits == 0
