"""Mounts, and what is stored in those of keys and values: names and ages, and never a value."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from graph.model import EdgeFacts, NodeFacts, PropertyValue, Uid
from graph.vocabulary import Kind
from ingest.facts import Fact
from ingest.shapes import JsonObject, Misshapen, as_object, object_at
from ingest.sources.vault.answers import Answer
from ingest.sources.vault.estate import Estate, Mount
from ingest.sources.vault.fields import moment
from ingest.sources.vault.names import Server, within


@dataclass(frozen=True, slots=True)
class Stored:
    """One secret: its mount, and its path below that."""

    mount: Mount
    name: str

    @property
    def path(self) -> str:
        """Return its path as people write it."""
        return f"{self.mount.path}{self.name}"

    @property
    def reading(self) -> tuple[str, ...]:
        """Return the paths at which its value is read."""
        return (f"{self.mount.path}data/{self.name}",) if self.mount.has_versions else (self.path,)

    @property
    def writing(self) -> tuple[str, ...]:
        """Return the paths at which its value is changed, taken away or destroyed."""
        if not self.mount.has_versions:
            return (self.path,)
        parts = ("data", "delete", "destroy", "metadata")
        return tuple(f"{self.mount.path}{part}/{self.name}" for part in parts)

    def uid(self, server: Server) -> Uid:
        """Return the secret's uid."""
        return server.path_uid(Kind.SECRET, self.path)


def mount_uid(server: Server, path: str) -> Uid:
    """Return the uid of a mount; those of ways to log in lie below ``auth/``."""
    return server.path_uid(Kind.ASSET, path)


def mount_facts(mount: Mount, server: Server, *, is_login: bool) -> Iterator[Fact]:
    """Yield what there is to say of a mount."""
    path = f"auth/{mount.path}" if is_login else mount.path
    uid = mount_uid(server, path)
    properties: dict[str, PropertyValue] = {"engine": mount.type}
    if mount.version is not None:
        properties["engine_version"] = mount.version
    ids = [server.path_id(path)]
    if mount.accessor is not None:
        ids.append(server.path_id("accessor", mount.accessor))
    facts = NodeFacts(
        uid,
        Kind.ASSET,
        type="service" if is_login else "vault",
        name=path,
        properties=properties,
        external_ids=tuple(ids),
    )
    place = f"{mount.answer.path}: {mount.path}"
    yield Fact(facts, place)
    yield Fact(within(uid, Kind.ASSET, server.uid), place)


def stored_in(estate: Estate, mount: Mount) -> dict[str, Answer]:
    """Return the names of the secrets that a mount's lists and metadata show, with what shows each."""
    root = f"{mount.path}metadata" if mount.has_versions else mount.path.rstrip("/")
    found: dict[str, Answer] = {}
    for path, answer in estate.lists.items():
        if path == root or path.startswith(f"{root}/"):
            folder = path.removeprefix(root).strip("/")
            for name in answer.names or ():
                if not name.endswith("/"):
                    found[f"{folder}/{name}".lstrip("/")] = answer
    if mount.has_versions:
        for path, answer in estate.reads.items():
            if path.startswith(f"{root}/"):
                found[path.removeprefix(f"{root}/")] = answer
    return found


def unlisted_folders(estate: Estate, mount: Mount) -> bool:
    """Return whether a folder of a mount, its root included, was not listed."""
    root = f"{mount.path}metadata" if mount.has_versions else mount.path.rstrip("/")
    waiting = [root]
    while waiting:
        folder = waiting.pop()
        answer = estate.lists.get(folder)
        if answer is None:
            return True
        names = answer.names or ()
        waiting.extend(f"{folder}/{name.rstrip('/')}" for name in names if name.endswith("/"))
    return False


def stored_facts(stored: Stored, answer: Answer, server: Server) -> Iterator[Fact]:
    """Yield what there is to say of one secret.

    Raises:
        Misshapen: for metadata of another shape, and where values stand in its place.
    """
    uid = stored.uid(server)
    properties = metadata_of(answer.data) if answer.names is None else dict[str, PropertyValue]()
    facts = NodeFacts(
        uid,
        Kind.SECRET,
        name=stored.path,
        properties={"namespace": stored.mount.path, **properties},
        external_ids=(server.path_id(stored.path),),
    )
    yield Fact(facts, answer.path)
    place = mount_uid(server, stored.mount.path)
    yield Fact(EdgeFacts("STORED_IN", uid, place, object_kind=Kind.ASSET), answer.path)


def metadata_of(data: JsonObject) -> dict[str, PropertyValue]:
    """Return what metadata tells of a secret's age; what people have noted on it is left out.

    Raises:
        Misshapen: for metadata of another shape, and where values stand in its place.
    """
    if "data" in data or "metadata" in data:
        raise Misshapen(
            "/data", "the values of a secret stand here; nothing was taken", "what `kv metadata get` prints"
        )
    found: dict[str, PropertyValue] = {}
    created = moment(data, "created_time")
    if created is not None:
        found["created"] = created
    current = data.get("current_version")
    if isinstance(current, int) and not isinstance(current, bool) and current > 0:
        found["current_version"] = current
        version = as_object(object_at(data, "versions").get(str(current), {}), f"/versions/{current}")
        rotated = moment(version, "created_time")
        if rotated is not None:
            found["last_rotated"] = rotated
        if version.get("destroyed") is True:
            found["revoked"] = True
    return found
