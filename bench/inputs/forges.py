"""A forge's organisation as `gh api` prints it, and what a scanner of secrets finds in one repository."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from bench.inputs.writing import Json, guid, hexadecimal, pages, write_json

REPOSITORY: Final = "https://github.com/fairbank/loan-forms"

_API: Final = "https://api.github.com"
_MADE: Final = "2025-02-03T10:20:00Z"


def write_github(folder: Path, count: int) -> None:
    """Write an organisation's repositories, and of each its deploy keys, environments and secrets."""
    write_json(folder / "orgs/fairbank/repos.json", pages([_repository(n) for n in range(count)], 100))
    for n in range(count):
        of = folder / f"repos/fairbank/service-{n}"
        write_json(of / "keys.json", [[_deploy_key(n)] if n % 4 == 0 else []])
        write_json(of / "environments.json", [{"total_count": 1, "environments": [_environment(n)]}])
        secrets = [_secret(name) for name in ("CLOUD_ROLE", "SCANNER_LICENCE")]
        write_json(of / "actions/secrets.json", [{"total_count": len(secrets), "secrets": secrets}])


def write_gitleaks(folder: Path, count: int) -> None:
    """Write a report of gitleaks: generic keys, each found twice."""
    write_json(folder / "gitleaks.json", [_finding(n) for n in range(count)])


def _repository(number: int) -> Json:
    name = f"service-{number}"
    return {
        "id": 70_000 + number,
        "node_id": f"R_{70_000 + number}",
        "name": name,
        "full_name": f"fairbank/{name}",
        "private": True,
        "owner": {"login": "fairbank", "id": 9001, "type": "Organization", "url": f"{_API}/users/fairbank"},
        "html_url": f"https://github.com/fairbank/{name}",
        "description": f"Service number {number}",
        "fork": False,
        "url": f"{_API}/repos/fairbank/{name}",
        "created_at": "2024-03-11T09:15:00Z",
        "pushed_at": "2026-11-18T16:40:09Z",
        "archived": number % 20 == 0,
        "visibility": "private",
        "default_branch": "main",
    }


def _deploy_key(number: int) -> Json:
    return {
        "id": 5_000 + number,
        # A public half that nobody has the other half of.
        "key": f"ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAI{hexadecimal(f'key {number}', 43)}",
        "url": f"{_API}/repos/fairbank/service-{number}/keys/{5_000 + number}",
        "title": f"publisher {number}",
        "verified": True,
        "created_at": _MADE,
        "read_only": number % 8 == 0,
        "last_used": "2026-11-18T16:39:52Z",
        "enabled": True,
    }


def _environment(number: int) -> Json:
    name = f"service-{number}"
    return {
        "id": 8_000 + number,
        "node_id": f"EN_{8_000 + number}",
        "name": "production",
        "url": f"{_API}/repos/fairbank/{name}/environments/production",
        "html_url": f"https://github.com/fairbank/{name}/deployments/activity_log",
        "created_at": _MADE,
        "updated_at": _MADE,
        "can_admins_bypass": False,
        "protection_rules": [],
        "deployment_branch_policy": None,
    }


def _secret(name: str) -> Json:
    return {"name": name, "created_at": _MADE, "updated_at": "2026-05-04T07:00:00Z"}


def _finding(number: int) -> Json:
    value = hexadecimal(f"value {number // 2}")
    commit = hexadecimal(f"commit {number}")
    file, line = f"src/module_{number}/settings.py", 10 + number % 300
    return {
        "RuleID": "generic-api-key",
        "Description": "Detected a Generic API Key, potentially exposing access to various services.",
        "StartLine": line,
        "EndLine": line,
        "StartColumn": 1,
        "EndColumn": 60,
        "Match": f'api_key = "{value}"',
        "Secret": value,
        "File": file,
        "SymlinkFile": "",
        "Commit": commit,
        "Link": f"{REPOSITORY}/blob/{commit}/{file}#L{line}",
        "Entropy": 3.9,
        "Author": "Robin Hale",
        "Email": "robin.hale@fairbank.example",
        "Date": "2025-03-18T13:20:44Z",
        "Message": "Settings",
        "Tags": [],
        "Fingerprint": guid(f"{commit}:{file}"),
    }
