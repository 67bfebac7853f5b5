"""The sample account, whole: every edge that its files come to, written out by hand."""

from pathlib import Path

from tests.ingest.sources.aws.account import edges, read_files

SAMPLE = Path(__file__).parents[4] / "samples" / "aws"
A = "214365870912"
ISSUER = "https://token.actions.githubusercontent.com"
CLUSTER = "https://oidc.eks.eu-west-1.amazonaws.com/id/5B2E9C0D7A41F3B86D90E1C2A7F45D38"


def test_who_may_do_what_in_the_sample_account(ledger):
    report = read_files(ledger, [SAMPLE / "account-authorization-details.json"])

    assert edges(ledger, "CAN_ASSUME", "CAN_READ", "CAN_WRITE", "CAN_ADMIN", "CAN_INVOKE", "MEMBER_OF") == {
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
    }
    assert [scope.complete for scope in report.scopes] == [True]
    assert report.to_json()["rejected"] == []
