"""Secrets of Secrets Manager, buckets of S3, and images of ECR with their repositories."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from graph.model import EdgeFacts, NodeFacts, PropertyValue, Uid
from graph.vocabulary import Certainty, Kind
from ingest.facts import Fact
from ingest.shapes import JsonObject, Misshapen, optional_text, text_at
from ingest.sources.aws.fields import moment_at, present
from ingest.sources.aws.listing import At, Form
from ingest.sources.aws.names import arn_id, arn_uid
from ingest.uids import native_uid

_ASSET: Final = frozenset({Kind.ASSET.value})
_SECRET: Final = frozenset({Kind.SECRET.value})
_TAGS_STAY: Final = "tags of the repository can be moved"
_DIGEST_STAYS: Final = "what is pushed takes the place of what a digest names"


def secret_facts(entry: JsonObject, at: At, pointer: str) -> Iterator[Fact]:
    """Yield what there is to say of a secret; its value is in no list."""
    arn = text_at(entry, "ARN")
    uid = arn_uid(Kind.SECRET, arn)
    rotates = entry.get("RotationEnabled")
    properties = present(
        region=at.region,
        created=moment_at(entry, "CreatedDate"),
        last_rotated=moment_at(entry, "LastRotatedDate"),
        last_used=moment_at(entry, "LastAccessedDate"),
        next_rotation=moment_at(entry, "NextRotationDate"),
        deleted_at=moment_at(entry, "DeletedDate"),
        rotation_enabled=rotates if isinstance(rotates, bool) else None,
        managed_by=optional_text(entry, "OwningService"),
    )
    name = optional_text(entry, "Name")
    yield Fact(
        NodeFacts(uid, Kind.SECRET, name=name, properties=properties, external_ids=arn_id(arn)), pointer
    )
    yield Fact(at.account.within(Kind.SECRET, uid), pointer)


def bucket_facts(entry: JsonObject, at: At, pointer: str) -> Iterator[Fact]:
    """Yield what there is to say of a bucket."""
    name = text_at(entry, "Name")
    arn = f"arn:{at.account.partition}:s3:::{name}"
    uid = arn_uid(Kind.ASSET, arn)
    properties = present(
        uri=f"s3://{name}",
        region=optional_text(entry, "BucketRegion"),
        created=moment_at(entry, "CreationDate"),
    )
    node = NodeFacts(uid, Kind.ASSET, "storage", name, properties, arn_id(arn))
    yield Fact(node, pointer)
    yield Fact(at.account.within(Kind.ASSET, uid), pointer)


def note_bucket(entry: JsonObject, at: At, pointer: str) -> Iterator[Fact]:  # noqa: ARG001 - a reader's
    """Take note of whose bucket it is, which its name does not tell."""
    at.known.buckets.setdefault(at.account.id, set()).add(text_at(entry, "Name"))
    return iter(())


def repository_facts(entry: JsonObject, at: At, pointer: str) -> Iterator[Fact]:
    """Yield what there is to say of a repository of images."""
    arn = text_at(entry, "repositoryArn")
    uid = arn_uid(Kind.ASSET, arn)
    properties = present(
        region=at.region,
        uri=optional_text(entry, "repositoryUri"),
        tag_mutability=optional_text(entry, "imageTagMutability"),
        created=moment_at(entry, "createdAt"),
    )
    name = optional_text(entry, "repositoryName")
    yield Fact(NodeFacts(uid, Kind.ASSET, "storage", name, properties, arn_id(arn)), pointer)
    yield Fact(at.account.within(Kind.ASSET, uid), pointer)


def note_mutability(entry: JsonObject, at: At, pointer: str) -> Iterator[Fact]:  # noqa: ARG001 - a reader's
    """Take note of whether tags of a repository stay where they are, for its images."""
    setting = optional_text(entry, "imageTagMutability")
    if setting in {"MUTABLE", "IMMUTABLE"}:
        at.known.fixed[text_at(entry, "repositoryArn")] = setting == "IMMUTABLE"
    return iter(())


def image_facts(entry: JsonObject, at: At, pointer: str) -> Iterator[Fact]:
    """Yield an image by its digest and by each of its tags.

    Pushing to a repository changes what a tag leads to where tags can be moved, and never what a
    digest names.
    """
    digest = text_at(entry, "imageDigest")
    if not at.region:
        raise Misshapen("", "nothing tells the region", "--scope such as 123456789012/eu-west-1")
    name = text_at(entry, "repositoryName")
    registry = optional_text(entry, "registryId") or at.account.id
    suffix = ".cn" if at.account.partition == "aws-cn" else ""
    path = f"{registry}.dkr.ecr.{at.region}.amazonaws.com{suffix}/{name}"
    arn = f"arn:{at.account.partition}:ecr:{at.region}:{registry}:repository/{name}"
    repository = arn_uid(Kind.ASSET, arn)
    image = native_uid(Kind.ASSET, "oci-digest", digest)
    properties: dict[str, PropertyValue] = {"digest": digest}
    yield Fact(NodeFacts(image, Kind.ASSET, "container_image", path, properties), pointer)
    yield Fact(_within(image, repository), pointer, Certainty.POSSIBLE, _DIGEST_STAYS)
    for tag in _tags(entry):
        reference = f"{path}:{tag}"
        named = native_uid(Kind.ASSET, "oci-image", reference)
        yield Fact(NodeFacts(named, Kind.ASSET, "container_image", reference), pointer)
        yield Fact(
            EdgeFacts("VERSION_OF", image, named, subject_kind=Kind.ASSET, object_kind=Kind.ASSET), pointer
        )
        if at.known.fixed.get(arn) is False:
            yield Fact(_within(named, repository), pointer)
        else:
            yield Fact(_within(named, repository), pointer, Certainty.POSSIBLE, _TAGS_STAY)


def _within(image: Uid, repository: Uid) -> EdgeFacts:
    return EdgeFacts("WITHIN", image, repository, subject_kind=Kind.ASSET, object_kind=Kind.ASSET)


def _tags(entry: JsonObject) -> Iterator[str]:
    value = entry.get("imageTags")
    if value is None:
        return
    if not isinstance(value, list):
        raise Misshapen("/imageTags", "no list stands here", "a list of texts")
    yield from (tag for tag in value if isinstance(tag, str))


REPOSITORIES: Final = Form("ecr.repositories", "repositories", "repositoryArn", repository_facts, _ASSET)
BUCKETS: Final = Form("s3.buckets", "Buckets", "Name", bucket_facts, _ASSET)
FORMS: Final = (
    Form("secretsmanager.secrets", "SecretList", "ARN", secret_facts, _SECRET),
    BUCKETS,
    REPOSITORIES,
    Form("ecr.images", "imageDetails", "imageDigest", image_facts, _ASSET, part="repositoryName"),
)
