"""Amazon resource names: which type of resource one is of, and which other names stand for one.

Source of the forms: AWS, Service Authorization Reference, "Resource types defined by" of each
service (2026-11).
"""

from __future__ import annotations

import re
from typing import Final

_PARTS: Final = 6
_UNTYPED: Final = {"sns": "topic", "sqs": "queue", "s3": "bucket"}
"""Services whose names say no type; what their only type is called."""

_REGISTRY: Final = re.compile(
    r"(?P<account>\d{12})\.dkr\.ecr\.(?P<region>[a-z0-9-]+)\.amazonaws\.com(?P<china>\.cn)?/"
    r"(?P<repository>[a-z0-9][a-z0-9._/-]*?)(?::[\w][\w.-]*)?(?:@sha256:[0-9a-f]{64})?"
)


def resource_type_of(arn: str) -> str | None:
    """Return the type of resource that an ARN names, as service:type; None for what is no ARN.

    >>> resource_type_of("arn:aws:s3:::lake"), resource_type_of("arn:aws:s3:::lake/raw/1.parquet")
    ('s3:bucket', 's3:object')
    >>> resource_type_of("arn:aws:secretsmanager:eu-west-1:214365870912:secret:db-a1B2c3")
    'secretsmanager:secret'
    """
    parts = arn.split(":", _PARTS - 1)
    if len(parts) < _PARTS or parts[0] != "arn":
        return None
    service, name = parts[2], parts[5]
    if service == "s3":
        return "s3:object" if "/" in name else "s3:bucket"
    if service in _UNTYPED and ":" not in name:
        return f"{service}:{_UNTYPED[service]}"
    return f"{service}:{re.split('[:/]', name, maxsplit=1)[0]}"


def account_of(arn: str) -> str | None:
    """Return the account in an ARN; None where it has none, as those of buckets and their objects.

    >>> account_of("arn:aws:iam::214365870912:role/deploy"), account_of("arn:aws:s3:::lake/raw")
    ('214365870912', None)
    """
    parts = arn.split(":", _PARTS - 1)
    return parts[4] or None if len(parts) == _PARTS else None


def arn_of_storage(uri: str) -> str | None:
    """Return the ARN of what lies at an address in S3; None for any other address.

    >>> arn_of_storage("s3://lake/raw/2026-11.parquet"), arn_of_storage("s3a://lake")
    ('arn:aws:s3:::lake/raw/2026-11.parquet', 'arn:aws:s3:::lake')
    """
    scheme, _, rest = uri.partition("://")
    return f"arn:aws:s3:::{rest.rstrip('/')}" if scheme in ("s3", "s3a", "s3n") and rest else None


def arn_of_image(reference: str) -> str | None:
    """Return the ARN of the repository that an image lies in; None where it is not in Amazon's registry.

    >>> arn_of_image("214365870912.dkr.ecr.eu-west-1.amazonaws.com/team/api:4.2.0")
    'arn:aws:ecr:eu-west-1:214365870912:repository/team/api'
    >>> arn_of_image("registry.example/api:4.2.0") is None
    True
    """
    found = _REGISTRY.fullmatch(reference)
    if found is None:
        return None
    partition = "aws-cn" if found["china"] else "aws"
    return f"arn:{partition}:ecr:{found['region']}:{found['account']}:repository/{found['repository']}"
