"""A short way to write an account's authorization details, to read them, and to read the graph they make.

In expectations an identity is called ``user/ada``, the account ``A``, a scope by its type and
patterns: ``s3:object lake/* !lake/raw/*`` (the beginning of an ARN up to the name is left out).
"""

import json
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from graph.ledger.ledger import Ledger
from graph.model import Edge, Instant, Node
from graph.store import open_store
from ingest.fingerprint import Fingerprinter
from ingest.job import run_job
from ingest.options import JobOptions
from ingest.report import RunReport
from ingest.sources.aws import SOURCE
from ingest.times import parse_time

Json = dict[str, Any]
ACCOUNT = "111122223333"
OTHER = "444455556666"
CREDENTIALS = ("aws-password", "aws-access-key", "aws-signing-certificate", "aws-environment")
KEYS = Fingerprinter(b"k" * 32)
READ_AT = parse_time("2026-03-01T00:00:00Z").moment


def arn(resource: str, account: str = ACCOUNT) -> str:
    return f"arn:aws:iam::{account}:{resource}"


def listed(value: str | list[str]) -> Any:
    return value.split() if isinstance(value, str) else value


def statement(
    effect: str, actions: str, resources: str = "*", condition: Json | None = None, **more: Any
) -> Json:
    """A statement; lists are separated by blanks, and ``!`` before one makes it NotAction or NotResource."""
    found: Json = {"Effect": effect}
    for key, text in (("Action", actions), ("Resource", resources)):
        found[f"Not{key}" if text.startswith("!") else key] = listed(text.removeprefix("!"))
    return {**found, **({"Condition": condition} if condition else {}), **more}


def allow(actions: str, resources: str = "*", **condition: Any) -> Json:
    return statement("Allow", actions, resources, condition or None)


def deny(actions: str, resources: str = "*", **condition: Any) -> Json:
    return statement("Deny", actions, resources, condition or None)


def document(*statements: Json) -> Json:
    return {"Version": "2012-10-17", "Statement": list(statements)}


def inline(key: str, statements: tuple[Json, ...]) -> Json:
    return {key: [{"PolicyName": "own", "PolicyDocument": document(*statements)}]} if statements else {}


def attached(names: str) -> list[Json]:
    return [{"PolicyName": name, "PolicyArn": arn(f"policy/{name}")} for name in names.split()]


def user(name: str, *statements: Json, policies: str = "", groups: str = "", **more: Any) -> Json:
    own = inline("UserPolicyList", statements)
    base = {"Path": "/", "UserName": name, "UserId": f"AIDA{name.upper()}", "Arn": arn(f"user/{name}")}
    return {**base, **own, "GroupList": groups.split(), "AttachedManagedPolicies": attached(policies), **more}


def group(name: str, *statements: Json, policies: str = "") -> Json:
    own = inline("GroupPolicyList", statements)
    base = {"Path": "/", "GroupName": name, "GroupId": f"AGPA{name.upper()}", "Arn": arn(f"group/{name}")}
    return {**base, **own, "AttachedManagedPolicies": attached(policies)}


def role(name: str, *statements: Json, trust: Json | None = None, policies: str = "", **more: Any) -> Json:
    own = inline("RolePolicyList", statements)
    base = {"Path": "/", "RoleName": name, "RoleId": f"AROA{name.upper()}", "Arn": arn(f"role/{name}")}
    trusted = trust or trusting({"Service": "ec2.amazonaws.com"})
    return {
        **base,
        **own,
        "AssumeRolePolicyDocument": trusted,
        "AttachedManagedPolicies": attached(policies),
        **more,
    }


def trusting(
    principal: Json | str, action: str = "sts:AssumeRole", *, effect: Any = "Allow", **condition: Any
) -> Json:
    found = {"Effect": effect, "Principal": principal, "Action": action}
    return document({**found, "Condition": condition} if condition else found)


def policy(name: str, *statements: Json) -> Json:
    version = {"Document": document(*statements), "VersionId": "v1", "IsDefaultVersion": True}
    return {
        "PolicyName": name,
        "PolicyId": f"ANPA{name.upper()}",
        "Arn": arn(f"policy/{name}"),
        "PolicyVersionList": [version],
    }


def boundary(name: str) -> Json:
    return {
        "PermissionsBoundary": {
            "PermissionsBoundaryType": "PermissionsBoundaryPolicy",
            "PermissionsBoundaryArn": arn(f"policy/{name}"),
        }
    }


def details(*entries: Json, **more: Any) -> Json:
    """Authorization details of users, groups, roles and policies in any order."""
    lists: Json = {"UserDetailList": [], "GroupDetailList": [], "RoleDetailList": [], "Policies": []}
    for entry in entries:
        key = next(
            name
            for field, name in (
                ("UserName", "UserDetailList"),
                ("GroupName", "GroupDetailList"),
                ("RoleName", "RoleDetailList"),
                ("PolicyName", "Policies"),
            )
            if field in entry
        )
        lists[key].append(entry)
    return {**lists, **more}


def new_ledger(folder: Path) -> Ledger:
    return Ledger(open_store(str(folder / "ledger.db")))


def read(
    ledger: Ledger,
    folder: Path,
    *documents: Json,
    complete: bool = False,
    read_at: Instant | None = READ_AT,
    sidecar: Json | None = None,
    **options: Any,
) -> RunReport:
    """Ingest documents as files of one run; ``sidecar`` stands beside the first."""
    paths = []
    for number, body in enumerate(documents):
        path = folder / f"{number}.json"
        path.write_text(json.dumps(body), encoding="utf-8")
        paths.append(path)
    beside = folder / "0.json.read.json"
    beside.unlink(missing_ok=True)
    if sidecar is not None:
        beside.write_text(json.dumps(sidecar), encoding="utf-8")
    return read_files(ledger, paths, complete=complete, read_at=read_at, **options)


def read_files(ledger: Ledger, paths: list[Path], **options: Any) -> RunReport:
    chosen = {"actor": "test", "fingerprints": KEYS, "allow_closing": True, **options}
    return run_job(ledger, SOURCE, paths, JobOptions(**chosen))


def read_entries(ledger: Ledger, folder: Path, *entries: Json, **more: Any) -> RunReport:
    return read(ledger, folder, details(*entries), **more)


def edges(ledger: Ledger, *relations: str) -> set[str]:
    """The edges now, each as a line; possible ones end with ``?`` and their conditions."""
    return {_shown(e) for e in ledger.all_edges(ledger.at()) if not relations or e.relation in relations}


def grants(ledger: Ledger) -> set[str]:
    return edges(ledger, "CAN_READ", "CAN_WRITE", "CAN_ADMIN", "CAN_INVOKE")


def node(ledger: Ledger, name: str) -> Node:
    return next(n for n in ledger.all_nodes(ledger.at()) if short(n.uid) == name)


def _shown(edge: Edge) -> str:
    marks = f" [{' '.join(sorted(edge.marks))}]" if edge.marks else ""
    doubt = f" ? {'; '.join(edge.conditions)}" if edge.certainty.value == "possible" else ""
    return f"{short(edge.subject.uid)} {edge.relation} {short(edge.object.uid)}{marks}{doubt}"


def short(uid: str) -> str:
    _, _, scheme, rest = uid.split(":", 3)
    if scheme == "aws-scope":
        account, sort, *patterns = (unquote(part) for part in rest.split("/"))
        taken = patterns[: patterns.index("")] if "" in patterns else patterns
        out = patterns[len(taken) + 1 :]
        shown = [_name(p) for p in taken] + [f"!{_name(p)}" for p in out]
        return f"{'' if account == ACCOUNT else account + '#'}{sort} {' '.join(shown)}"
    if scheme == "aws-account":
        return "A" if rest == ACCOUNT and uid.startswith("hf:asset") else f"account {unquote(rest)}"
    if scheme == "arn":
        return _name(unquote(rest))
    parts = [_name(unquote(part)) for part in rest.split("/")]
    return " ".join([scheme.removeprefix("aws-"), *parts] if scheme in CREDENTIALS else parts)


def _name(text: str) -> str:
    return text.split(":", 5)[-1] if text.startswith("arn:") else text
