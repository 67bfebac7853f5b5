"""What findings come to: secrets that stand where they should not.

One secret that was found at many places is one node: by its fingerprint where there is one,
else by the public id of its key, else by the place.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final

from graph.model import EdgeFacts, ExternalId, NodeFacts, PropertyValue, Uid
from graph.vocabulary import Certainty, Kind
from ingest.facts import Fact
from ingest.keymaterial import CERTIFICATE_SCHEME, SSH_SCHEME
from ingest.redaction import redact_text
from ingest.repositories import repository_uid
from ingest.sources.leaks.finding import REPOSITORY, Finding, Liveness, Place
from ingest.uids import native_uid

AWS_SCHEME: Final = "aws-access-key-id"
ID_ONLY: Final = "the secret half of the key is known as well"
PUBLIC_ONLY: Final = "the private key of the certificate is known as well"
GUARDED: Final = "the passphrase of the key is known as well"

_NEAR: Final = 5
"""Lines within which a key's id and its secret half are taken for one pair."""

_OWN: Final = "leaks"
_TYPES: Final = (
    (re.compile(r"private.?key|ssh"), "private_key"),
    (re.compile(r"client.?secret"), "client_secret"),
    (re.compile(r"passw|credential"), "password"),
    (re.compile(r"certificate|x509"), "certificate"),
    (re.compile(r"api.?key|aws|access.?key"), "api_key"),
    (re.compile(r"token|(?:^|[-_.])pat(?:$|[-_.])|jwt|webhook"), "token"),
)
_RANKS: Final = (Liveness.ACTIVE, Liveness.UNKNOWN, Liveness.INACTIVE)


def finding_facts(findings: Sequence[Finding], place: Place, tool: str, instance: str) -> Iterator[Fact]:
    """Yield the secrets that were found in one place, and that they stand there."""
    place_uid = uid_of_place(place, instance)
    yield Fact(NodeFacts(place_uid, Kind.ASSET, place.type), "")
    of_secret: dict[Uid, list[Finding]] = defaultdict(list)
    for finding in paired(findings):
        of_secret[uid_of_secret(finding, place, instance)].append(finding)
    for uid, same in of_secret.items():
        same.sort(key=lambda finding: (finding.file, finding.line, finding.commit or "", finding.rule))
        yield Fact(_secret(uid, same), same[0].position)
        condition = _condition(same)
        certainty = Certainty.CERTAIN if condition is None else Certainty.POSSIBLE
        edge = EdgeFacts("FOUND_IN", uid, place_uid, properties=_properties(same, tool))
        yield Fact(edge, same[0].position, certainty, condition)


def paired(findings: Sequence[Finding]) -> list[Finding]:
    """Return findings with the halves of AWS keys knowing each other, where they stand near in one file.

    Only where there is one id and one half nearby: of several it cannot be told which belong together.
    """
    of_file: dict[tuple[str, str | None], list[Finding]] = defaultdict(list)
    for finding in findings:
        of_file[finding.file, finding.commit].append(finding)
    return [_with_half(finding, of_file[finding.file, finding.commit]) for finding in findings]


def uid_of_place(place: Place, instance: str) -> Uid:
    """Return the uid of where something was found."""
    if place.type == REPOSITORY:
        return repository_uid(place.name)
    return native_uid(Kind.ASSET, _OWN, instance, place.name)


def uid_of_secret(finding: Finding, place: Place, instance: str) -> Uid:
    """Return the uid of a secret that was found."""
    known = finding.matched
    if known.fingerprint is not None:
        return native_uid(Kind.SECRET, "fingerprint", known.fingerprint)
    if known.key_id is not None:
        return native_uid(Kind.SECRET, AWS_SCHEME, known.key_id)
    parts = (place.name, finding.file, str(finding.line), finding.rule)
    return native_uid(Kind.SECRET, _OWN, instance, *(redact_text(part) for part in parts))


def _with_half(finding: Finding, others: Sequence[Finding]) -> Finding:
    known = finding.matched
    if not (known.id_only or (known.is_half and known.key_id is None)):
        return finding
    near = [other for other in others if abs(other.line - finding.line) <= _NEAR]
    ids = {other.matched.key_id for other in near if other.matched.id_only}
    halves = {other.matched.fingerprint for other in near if _is_lone_half(other)}
    if len(ids) != 1 or len(halves) != 1:
        return finding
    if known.id_only:
        return replace(finding, matched=replace(known, id_only=False))
    return replace(finding, key_ids=tuple(f"{AWS_SCHEME}={key_id}" for key_id in ids))


def _is_lone_half(finding: Finding) -> bool:
    return finding.matched.is_half and finding.matched.key_id is None


def _secret(uid: Uid, same: Sequence[Finding]) -> NodeFacts:
    properties: dict[str, PropertyValue] = {}
    known = same[0].matched
    if known.fingerprint is not None:
        properties["fingerprint"] = known.fingerprint
    key_ids = sorted({key_id for finding in same for key_id in finding.key_ids})
    if key_ids:
        properties["key_ids"] = tuple(key_ids)
    ids = {
        *((AWS_SCHEME, f.matched.key_id) for f in same if f.matched.key_id is not None),
        *((SSH_SCHEME, f.matched.ssh_digest) for f in same if f.matched.ssh_digest is not None),
        *((CERTIFICATE_SCHEME, f.matched.certificate) for f in same if f.matched.certificate is not None),
    }
    return NodeFacts(
        uid,
        Kind.SECRET,
        _type(same),
        f"{same[0].rule} in {same[0].file}" if same[0].file else same[0].rule,
        properties,
        tuple(ExternalId(scheme, value) for scheme, value in sorted(ids)),
    )


def _type(same: Sequence[Finding]) -> str | None:
    """Return what sort of secret it is, going by the rules that found it."""
    if any(finding.matched.ssh_digest is not None for finding in same):
        return "private_key"
    words = " ".join(sorted({finding.rule.lower() for finding in same}))
    return next((type_ for pattern, type_ in _TYPES if pattern.search(words)), None)


def _condition(same: Sequence[Finding]) -> str | None:
    """Return on what it depends that whoever reads the place has the secret."""
    conditions = {_open_question(finding) for finding in same}
    return None if None in conditions else min(text for text in conditions if text is not None)


def _open_question(finding: Finding) -> str | None:
    if finding.matched.id_only:
        return ID_ONLY
    if finding.matched.public_only:
        return PUBLIC_ONLY
    return GUARDED if finding.matched.guarded else None


def _properties(same: Sequence[Finding], tool: str) -> dict[str, PropertyValue]:
    """Return what the edge says of the findings; of several, all places and the earliest time."""
    first = same[0]
    liveness = min((finding.liveness for finding in same), key=_RANKS.index)
    properties: dict[str, PropertyValue] = {"tool": tool, "rule": first.rule, "liveness": liveness.value}
    times = [finding.found_at for finding in same if finding.found_at is not None]
    if times:
        properties["found_at"] = min(times)
    if first.file:
        properties.update(file=first.file, line=first.line)
    if first.commit is not None:
        properties["commit"] = first.commit
    places = dict.fromkeys(f"{finding.file}:{finding.line}" for finding in same if finding.file)
    if len(places) > 1:
        properties["places"] = tuple(places)
    if any(finding.matched.redacted for finding in same):
        properties["redacted"] = True
    return properties
