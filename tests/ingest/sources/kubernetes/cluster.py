"""A short way to write objects of the API, to read them, and to read the graph that they make.

In expectations the cluster is ``K``, an object is called ``Kind ns/name``, all objects
of a type in a namespace ``ns#plural`` and in the cluster ``#plural``.
"""

import json
from pathlib import Path
from typing import Any

from graph.ledger.ledger import Ledger
from graph.model import Edge, Instant, Node, instant
from graph.store import open_store
from ingest.fingerprint import Fingerprinter
from ingest.job import run_job
from ingest.options import JobOptions
from ingest.report import RunReport
from ingest.sources.kubernetes import SOURCE
from ingest.times import parse_time

Json = dict[str, Any]
CLUSTER = "11111111-2222-4333-8444-555555555555"
RBAC = "rbac.authorization.k8s.io/v1"
KEYS = Fingerprinter(b"k" * 32)
READ_AT = parse_time("2026-03-01T00:00:00Z").moment

__all__ = ["instant"]


def item(api: str, kind: str, name: str, namespace: str | None = None, **body: Any) -> Json:
    metadata: Json = {"name": name, **({"namespace": namespace} if namespace else {})}
    metadata |= body.pop("metadata", {})
    return {"apiVersion": api, "kind": kind, "metadata": metadata, **body}


def kube_system() -> Json:
    return item("v1", "Namespace", "kube-system", metadata={"uid": CLUSTER})


def namespace(name: str) -> Json:
    return item("v1", "Namespace", name)


def account(name: str, ns: str = "prod", **body: Any) -> Json:
    return item("v1", "ServiceAccount", name, ns, **body)


def secret(name: str, ns: str = "prod", **body: Any) -> Json:
    return item("v1", "Secret", name, ns, **{"type": "Opaque", "data": {}, **body})


def pod(name: str, ns: str = "prod", owner: tuple[str, str, str] | None = None, **spec: Any) -> Json:
    references = []
    if owner:
        api, kind, owner_name = owner
        references = [{"apiVersion": api, "kind": kind, "name": owner_name, "controller": True}]
    return item("v1", "Pod", name, ns, metadata={"ownerReferences": references}, spec=spec)


def deployment(name: str, ns: str = "prod", **spec: Any) -> Json:
    return item("apps/v1", "Deployment", name, ns, spec={"template": {"spec": spec}})


def rule(groups: str, resources: str, verbs: str, names: str = "") -> Json:
    """A rule; lists are separated by blanks, the core group is written ``core``."""
    found: Json = {
        "apiGroups": ["" if g == "core" else g for g in groups.split()],
        "resources": resources.split(),
        "verbs": verbs.split(),
    }
    return {**found, "resourceNames": names.split()} if names else found


def role(name: str, *rules: Json, ns: str = "prod") -> Json:
    return item(RBAC, "Role", name, ns, rules=list(rules))


def cluster_role(name: str, *rules: Json) -> Json:
    return item(RBAC, "ClusterRole", name, rules=list(rules))


def bind(role_name: str, *subjects: Json, ns: str | None = "prod", kind: str | None = None) -> Json:
    """A binding in a namespace to a Role, or (``ns=None``) in the cluster to a ClusterRole."""
    reference = {"kind": kind or ("Role" if ns else "ClusterRole"), "name": role_name}
    sort = "RoleBinding" if ns else "ClusterRoleBinding"
    return item(RBAC, sort, f"bind-{role_name}", ns, roleRef=reference, subjects=list(subjects))


def sa(name: str, ns: str = "ci") -> Json:
    return {"kind": "ServiceAccount", "name": name, "namespace": ns}


def listing(*items: Json, kind: str = "List", api: str = "v1", **metadata: Any) -> Json:
    return {"apiVersion": api, "kind": kind, "items": list(items), "metadata": metadata}


def new_ledger(folder: Path) -> Ledger:
    return Ledger(open_store(str(folder / "ledger.db")))


def read(
    ledger: Ledger,
    folder: Path,
    *documents: Json,
    complete: bool = False,
    read_at: Instant | None = READ_AT,
    sidecar: Json | None = None,
) -> RunReport:
    """Ingest documents as files of one run; ``sidecar`` stands beside the first."""
    paths = []
    for number, document in enumerate(documents):
        path = folder / f"{number}.json"
        path.write_text(json.dumps(document), encoding="utf-8")
        paths.append(path)
    beside = folder / "0.json.read.json"
    beside.unlink(missing_ok=True)
    if sidecar is not None:
        beside.write_text(json.dumps(sidecar), encoding="utf-8")
    options = JobOptions(
        actor="test",
        fingerprints=KEYS,
        instance="eu-1",
        complete=complete,
        read_at=read_at,
        allow_closing=True,
    )
    return run_job(ledger, SOURCE, paths, options)


def read_items(ledger: Ledger, folder: Path, *items: Json, **more: Any) -> RunReport:
    return read(ledger, folder, listing(kube_system(), *items), **more)


def edges(ledger: Ledger, *relations: str) -> set[str]:
    """The edges now, each as a line; possible ones end with ``?``."""
    return {_shown(e) for e in ledger.all_edges(ledger.at()) if not relations or e.relation in relations}


def grants(ledger: Ledger) -> set[str]:
    return edges(ledger, "CAN_READ", "CAN_WRITE", "CAN_ADMIN")


def node(ledger: Ledger, uid: str) -> Node:
    return next(n for n in ledger.all_nodes(ledger.at()) if n.uid == uid)


def named(ledger: Ledger, name: str) -> Node:
    return next(n for n in ledger.all_nodes(ledger.at()) if short(n.uid) == name)


def _shown(edge: Edge) -> str:
    marks = f" [{' '.join(sorted(edge.marks))}]" if edge.marks else ""
    doubt = " ?" if edge.certainty.value == "possible" else ""
    return f"{short(edge.subject.uid)} {edge.relation} {short(edge.object.uid)}{marks}{doubt}"


def short(uid: str) -> str:
    _, _, rest = uid.partition(f"k8s:{CLUSTER}")
    if not rest:
        return "K" if uid.endswith(CLUSTER) else uid.split(":", 2)[2]
    parts = rest.removeprefix("/").split("/")
    if parts[0] in ("namespace", "cluster") and len(parts) == 3:
        return f"{parts[1]}#{parts[2]}".replace("%2F", "/")
    _, kind, ns, name = parts
    return f"{kind} {ns}/{name}" if ns else f"{kind} {name}"
