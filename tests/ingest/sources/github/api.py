"""Answers of the API, with the fields that GitHub's reference shows; those that nothing reads are few."""

from typing import Any

Json = dict[str, Any]
OWNER: Json = {"login": "o", "id": 1, "type": "Organization"}
LONG_AGO = "2025-01-01T00:00:00Z"
KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIG6O3+nMmqeN7WfyYScigv0wOxyhnjFE0pYXuk/V1fk2"
KEY_DIGEST = "fcc0e755077e0333496d65d9f868de964ebd9aa4f4f39aee2c1e3e50365aefe2"
AS_BEFORE = {"use_default": True, "use_immutable_subject": False, "sub_claim_prefix": "repo:o/r"}


def repository(name: str = "r", number: int = 2, **fields: Any) -> Json:
    return {
        "id": number,
        "name": name,
        "full_name": f"o/{name}",
        "owner": OWNER,
        "html_url": f"https://github.com/o/{name}",
        "url": f"https://api.github.com/repos/o/{name}",
        "private": True,
        "visibility": "private",
        "archived": False,
        "created_at": LONG_AGO,
        **fields,
    }


def environments(*found: Json) -> Json:
    return {"total_count": len(found), "environments": list(found)}


def environment(name: str, *rules: Json, policy: Json | None = None, number: int = 3) -> Json:
    return {
        "id": number,
        "name": name,
        "url": f"https://api.github.com/repos/o/r/environments/{name}",
        "protection_rules": list(rules),
        "deployment_branch_policy": policy,
    }


def reviewed() -> Json:
    return {
        "id": 4,
        "type": "required_reviewers",
        "reviewers": [{"type": "User", "reviewer": {"login": "ada"}}],
    }


def secrets(*names: str, **fields: Any) -> Json:
    times = {"created_at": "2026-01-01T00:00:00Z", "updated_at": "2026-02-01T00:00:00Z"}
    return {"total_count": len(names), "secrets": [{"name": name, **times, **fields} for name in names]}


def deploy_key(number: int = 5, *, read_only: bool = False, **fields: Any) -> Json:
    return {
        "id": number,
        "key": KEY,
        "url": f"https://api.github.com/repos/o/r/keys/{number}",
        "title": "publisher",
        "created_at": LONG_AGO,
        "read_only": read_only,
        **fields,
    }
