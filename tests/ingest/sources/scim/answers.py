"""Answers in the form of RFC 7644, section 3.4.2, with resources in the form of RFC 7643, section 8."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

USER = "urn:ietf:params:scim:schemas:core:2.0:User"
GROUP = "urn:ietf:params:scim:schemas:core:2.0:Group"
ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
LIST = "urn:ietf:params:scim:api:messages:2.0:ListResponse"


def user(native_id: str, **fields: Any) -> dict[str, Any]:
    extension = fields.pop("enterprise", None)
    more = {} if extension is None else {ENTERPRISE: extension}
    schemas = [USER] if extension is None else [USER, ENTERPRISE]
    meta = {"resourceType": "User", "location": f"https://idm.fairbank.example/v2/Users/{native_id}"}
    return {"schemas": schemas, "id": native_id, "userName": native_id, **fields, **more, "meta": meta}


def group(native_id: str, *members: tuple[str, str], **fields: Any) -> dict[str, Any]:
    listed = [
        {"value": value, "$ref": f"https://idm.fairbank.example/v2/{type_}s/{value}", "type": type_}
        for type_, value in members
    ]
    return {"schemas": [GROUP], "id": native_id, "displayName": native_id, **fields, "members": listed}


def page(*resources: dict[str, Any], start: int | None = 1, total: int | None = None) -> dict[str, Any]:
    answer: dict[str, Any] = {
        "schemas": [LIST],
        "totalResults": len(resources) if total is None else total,
        "itemsPerPage": len(resources),
        "startIndex": start,
        "Resources": list(resources),
    }
    return {name: value for name, value in answer.items() if value is not None}


def write(path: Path, answer: object) -> Path:
    path.write_text(json.dumps(answer, indent=1), encoding="utf-8")
    return path
