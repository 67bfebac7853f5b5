"""Files as the command line prints them with ``-format=json``, policies in HCL, and what each answers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from graph.errors import Problem
from ingest.documents import Document, documents
from ingest.jsontext import parse_json
from ingest.record import ReadContext, Record, Rejected
from ingest.redaction import Json
from ingest.shapes import JsonObject, Misshapen, as_list, as_object, is_misshapen, object_at
from ingest.sidecar import InputFile
from ingest.sources.vault.commands import (
    AUTH,
    KV,
    MOUNTS,
    POLICIES,
    STATUS,
    Asked,
    asked_by_command,
    asked_by_place,
)

_SUFFIXES: Final = (".json", ".hcl")
_NO_PATH: Final = "nothing tells which path this is the answer of"
_PATH: Final = "a sidecar with the command, or a file that lies under its path"


@dataclass(frozen=True, slots=True)
class Answer:
    """One file: the path that it answers, and what stands there.

    ``names`` are those of a list and None for anything else; ``data`` is the object that was read.
    ``text`` is that of a policy in HCL. ``pointer`` leads to what was read, within the file.
    """

    document: Document
    path: str
    namespace: str
    data: JsonObject
    names: tuple[str, ...] | None = None
    text: str | None = None
    pointer: str = ""

    def problem(self, fault: Misshapen) -> Problem:
        """Return what is wrong with a part of it, by its path: files of one name lie in many folders."""
        return self.document.problem(fault.below(self.pointer), self.path)


def read_documents(paths: Sequence[Path], context: ReadContext) -> Iterator[Document | Record]:
    """Yield the files that paths stand for, policies in HCL as their text, and what is wrong with others."""
    return documents(paths, context, _SUFFIXES, _parsed)


def _parsed(file: InputFile, text: str) -> Json:
    return text if file.name.removesuffix(".gz").endswith(".hcl") else parse_json(text)


def answers_of(documents: Sequence[Document]) -> Iterator[Answer | Rejected]:
    """Yield what files answer; of the lists of mounts first, as they tell what lies where."""
    shaped: list[tuple[Document, Asked | None]] = []
    for found in documents:
        sidecar = found.file.sidecar
        asked = asked_by_command(sidecar.command) if sidecar else None
        shaped.append((found, asked or _by_shape(found.body)))
    mounts = list(_kv_mounts(shaped))
    for found, asked in shaped:
        try:
            yield _answer(found, asked or asked_by_place(found.file.path, mounts))
        except Misshapen as fault:
            yield Rejected(found.problem(fault))


def _answer(found: Document, asked: Asked | None) -> Answer:
    content = found.body
    if isinstance(content, str):
        return _policy(found, content, asked)
    if asked is None:
        raise Misshapen("", _NO_PATH, _PATH)
    if isinstance(content, list):
        return Answer(found, asked.path, asked.namespace, {}, _names(content, ""))
    body = as_object(content)
    if isinstance(body.get("errors"), list):
        raise Misshapen(
            "/errors", "the server's refusal stands here, and not what was asked of it", "an answer"
        )
    if asked.path in (STATUS, MOUNTS, AUTH) and not isinstance(body.get("data"), dict):
        return Answer(found, asked.path, asked.namespace, body)
    if not body:
        # What a list without entries is printed as.
        return Answer(found, asked.path, asked.namespace, {}, ())
    if asked.path.startswith(f"{POLICIES}/") and "data" not in body:
        return Answer(found, asked.path, asked.namespace, body)
    data = object_at(body, "data")
    keys = data.get("keys")
    if len(data) <= 2 and isinstance(keys, list):
        return Answer(found, asked.path, asked.namespace, {}, _names(keys, "/data/keys"))
    return Answer(found, asked.path, asked.namespace, data, pointer="/data")


def _policy(found: Document, text: str, asked: Asked | None) -> Answer:
    """Return the answer of ``policy read``, which is HCL; without a path the policy is called as its file."""
    if not found.file.name.removesuffix(".gz").endswith(".hcl"):
        raise is_misshapen(found.body, "an object or a list")
    path, namespace = (asked.path, asked.namespace) if asked else ("", "")
    if not path.startswith(f"{POLICIES}/"):
        name = found.file.path.name.removesuffix(".gz").removesuffix(".hcl")
        path = f"{POLICIES}/{name}"
    return Answer(found, path, namespace, {}, text=text)


def _names(members: Iterable[Json], pointer: str) -> tuple[str, ...]:
    found: list[str] = []
    for i, member in enumerate(as_list(list(members), pointer)):
        if not isinstance(member, str):
            raise is_misshapen(member, "a name", f"{pointer}/{i}")
        found.append(member)
    return tuple(found)


def _by_shape(body: Json) -> Asked | None:
    """Return what an answer is of by its own shape: only the lists of mounts and the status have one."""
    if not isinstance(body, dict):
        return None
    if isinstance(body.get("cluster_id"), str) and "sealed" in body:
        return Asked(STATUS)
    entries = [value for key, value in body.items() if key.endswith("/")]
    if not entries or len(entries) != len(body):
        return None
    accessors = [e.get("accessor") for e in entries if isinstance(e, dict)]
    if not all(isinstance(accessor, str) for accessor in accessors) or len(accessors) != len(entries):
        return None
    is_auth = all(isinstance(a, str) and a.startswith("auth_") for a in accessors)
    return Asked(AUTH if is_auth else MOUNTS)


def _kv_mounts(shaped: Sequence[tuple[Document, Asked | None]]) -> Iterator[str]:
    for found, asked in shaped:
        if asked is not None and asked.path == MOUNTS and isinstance(found.body, dict):
            data = found.body.get("data")
            mounts = data if isinstance(data, dict) else found.body
            for path, mount in mounts.items():
                if isinstance(mount, dict) and mount.get("type") in ("kv", "generic"):
                    yield path


def resolved(answer: Answer, mounts: dict[str, bool]) -> str:
    """Return an answer's path within the server; ``mounts`` of keys and values have versions or not.

    Where there are versions, ``kv list kv/app`` lists ``kv/metadata/app``.
    """
    if not answer.path.startswith(KV):
        return answer.path
    path = answer.path.removeprefix(KV)
    mount = max((m for m in mounts if f"{path}/".startswith(m)), key=len, default="")
    if not mount:
        mount = f"{path.partition('/')[0]}/"
    rest = f"{path}/".removeprefix(mount).rstrip("/")
    if not mounts.get(mount, True):
        return f"{mount}{rest}".rstrip("/")
    return f"{mount}metadata/{rest}".rstrip("/")
