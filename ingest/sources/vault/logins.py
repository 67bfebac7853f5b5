"""Ways to log in: their roles, whose tokens those take, and the secret ids and tokens that were given out."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from graph.model import EdgeFacts, NodeFacts, PropertyValue, Uid
from graph.vocabulary import Certainty, Kind
from ingest.facts import Fact
from ingest.shapes import JsonObject, Misshapen, optional_text, text_at
from ingest.sources.vault.answers import Answer
from ingest.sources.vault.bound import Bound, bound_accounts, bound_subjects
from ingest.sources.vault.estate import Estate
from ingest.sources.vault.fields import flag, moment, texts
from ingest.sources.vault.holders import Holder, Login, Placed, with_default
from ingest.sources.vault.names import Server, within
from ingest.sources.vault.storage import mount_uid
from ingest.subjects import SET_TYPE

_WEB_TOKENS: Final = frozenset({"jwt", "oidc"})
_LOOKUP: Final = "auth/token/lookup/"
_UNLISTED: Final = "no list tells which {what} there are"
_UNREAD: Final = "not every one of the {what} that are listed was read"
_FROM_ADDRESS: Final = "the request comes from an address that the role is bound to"


def roles_of(estate: Estate, path: str, type_: str, server: Server) -> Login:
    """Return what the roles of one way to log in come to; ``path`` is that of its mount, below ``auth/``."""
    folder = f"auth/{path}role/"
    facts: list[Placed] = []
    holders: list[Holder] = []
    files: list[Answer] = []
    names: set[str] = set()
    for name, answer in estate.below(folder):
        try:
            said = list(_role_facts(estate, path, type_, name, answer, server))
            holders.append(_holder(answer, server.path_uid(Kind.IDENTITY, f"{folder}{name}")))
        except Misshapen as fault:
            estate.fault(answer, fault)
            continue
        facts.extend(Placed(answer.document.file.name, fact) for fact in said)
        files.append(answer)
        names.add(name)
    partial = why_partial(estate, folder.rstrip("/"), names, "roles")
    listed = estate.lists.get(folder.rstrip("/"))
    return Login(f"auth/{path}role", facts, holders, [*files, *([listed] if listed else [])], partial)


def why_partial(estate: Estate, listed: str, read: set[str], what: str) -> str | None:
    """Return why not all that a list names was read; None where it was."""
    answer = estate.lists.get(listed)
    if answer is None:
        return _UNLISTED.format(what=what)
    return None if set(answer.names or ()) <= read else _UNREAD.format(what=what)


def secret_ids_of(estate: Estate, path: str, server: Server) -> Iterator[Login]:
    """Yield the secret ids of each role of an ``approle`` mount, by their accessors."""
    folder = f"auth/{path}role/"
    for listed, answer in sorted(estate.lists.items()):
        role, slash, rest = listed.removeprefix(folder).partition("/")
        if not listed.startswith(folder) or not slash or rest != "secret-id":
            continue
        uid = server.path_uid(Kind.IDENTITY, f"{folder}{role}")
        facts = [
            Placed(answer.document.file.name, fact)
            for accessor in answer.names or ()
            for fact in _secret_id(estate, folder, role, accessor, answer, uid, server)
        ]
        yield Login(f"{folder}{role}/secret-id", facts, (), [answer], None)


def tokens_of(estate: Estate, server: Server) -> Login | None:
    """Return what the tokens come to that were looked up by their accessors; None without any."""
    facts: list[Placed] = []
    holders: list[Holder] = []
    files: list[Answer] = []
    names: set[str] = set()
    for path in sorted(estate.reads):
        if not path.startswith(_LOOKUP):
            continue
        answer = estate.reads[path]
        try:
            accessor = text_at(answer.data, "accessor")
            said = list(_token(answer, accessor, server))
            holders.append(_token_holder(answer, accessor, server))
        except Misshapen as fault:
            estate.fault(answer, fault)
            continue
        facts.extend(Placed(answer.document.file.name, fact) for fact in said)
        files.append(answer)
        names.add(accessor)
    listed = estate.lists.get("auth/token/accessors")
    if not files and listed is None:
        return None
    partial = why_partial(estate, "auth/token/accessors", names, "tokens")
    return Login("auth/token", facts, holders, [*files, *([listed] if listed else [])], partial)


def _role_facts(
    estate: Estate, path: str, type_: str, name: str, answer: Answer, server: Server
) -> Iterator[Fact]:
    role = f"auth/{path}role/{name}"
    uid = server.path_uid(Kind.IDENTITY, role)
    facts = NodeFacts(
        uid,
        Kind.IDENTITY,
        type="role",
        name=name,
        properties={"auth_method": type_},
        external_ids=(server.path_id(role),),
    )
    yield Fact(facts, answer.path)
    yield Fact(within(uid, Kind.IDENTITY, mount_uid(server, f"auth/{path}")), answer.path)
    config = estate.reads.get(f"auth/{path}config")
    told = config.data if config is not None else None
    if type_ == "kubernetes":
        yield from _bound_facts(bound_accounts(answer.data, told), role, name, answer, server)
    elif type_ in _WEB_TOKENS:
        yield from _bound_facts(bound_subjects(answer.data, told), role, name, answer, server)


def _bound_facts(bound: Bound, role: str, name: str, answer: Answer, server: Server) -> Iterator[Fact]:
    uid = server.path_uid(Kind.IDENTITY, role, "bound")
    properties: dict[str, PropertyValue] = {"subject_patterns": bound.patterns}
    if bound.issuer is not None:
        properties["issuer"] = bound.issuer
    if bound.audiences:
        properties["audiences"] = bound.audiences
    label = f"tokens that {name} takes"
    yield Fact(NodeFacts(uid, Kind.IDENTITY, type=SET_TYPE, name=label, properties=properties), answer.path)
    condition = "; ".join(bound.conditions) or None
    certainty = Certainty.CERTAIN if condition is None else Certainty.POSSIBLE
    role_uid = server.path_uid(Kind.IDENTITY, role)
    yield Fact(EdgeFacts("CAN_ASSUME", uid, role_uid), answer.path, certainty, condition)


def _holder(answer: Answer, uid: Uid) -> Holder:
    data = answer.data
    named = texts(data, "token_policies") or texts(data, "policies")
    policies = with_default(named, without=flag(data, "token_no_default_policy"))
    return Holder(uid, policies, answer.path, answer.document.file.name)


def _secret_id(
    estate: Estate, folder: str, role: str, accessor: str, answer: Answer, holder: Uid, server: Server
) -> Iterator[Fact]:
    """Yield what there is to say of a secret id; whoever has it, and the role's id, logs in as the role."""
    looked_up = estate.reads.get(f"{folder}{role}/secret-id-accessor/lookup/{accessor}")
    dates = _dates(looked_up.data, "creation_time", "expiration_time") if looked_up is not None else {}
    uid = server.path_uid(Kind.SECRET, "accessor", accessor)
    facts = NodeFacts(
        uid,
        Kind.SECRET,
        type="client_secret",
        name=f"secret id of {role}",
        properties={"accessor": accessor, **dates},
        external_ids=(server.path_id("accessor", accessor),),
    )
    yield Fact(facts, answer.path)
    data = estate.reads.get(f"{folder}{role}")
    is_bound = data is not None and bool(texts(data.data, "secret_id_bound_cidrs"))
    certainty = Certainty.POSSIBLE if is_bound else Certainty.CERTAIN
    edge = EdgeFacts("AUTHENTICATES", uid, holder)
    yield Fact(edge, answer.path, certainty, _FROM_ADDRESS if is_bound else None)


def _token(answer: Answer, accessor: str, server: Server) -> Iterator[Fact]:
    data = answer.data
    uid = server.path_uid(Kind.SECRET, "accessor", accessor)
    properties: dict[str, PropertyValue] = {
        "accessor": accessor,
        **_dates(data, "creation_time", "expire_time"),
    }
    value = optional_text(data, "id")
    fingerprint = server.fingerprints.of_secret(value.encode("utf-8", "surrogatepass")) if value else None
    if fingerprint is not None:
        properties["fingerprint"] = fingerprint
    facts = NodeFacts(
        uid,
        Kind.SECRET,
        type="token",
        name=f"token {accessor}",
        properties=properties,
        external_ids=(server.path_id("accessor", accessor),),
    )
    yield Fact(facts, answer.path)
    holder = _token_holder(answer, accessor, server).uid
    # Whose token it is may be a person's name: without a type it is erasable, as a person's is.
    yield Fact(NodeFacts(holder, Kind.IDENTITY, name=optional_text(data, "display_name")), answer.path)
    yield Fact(EdgeFacts("AUTHENTICATES", uid, holder), answer.path)
    entity = optional_text(data, "entity_id")
    if entity is not None:
        yield Fact(EdgeFacts("CAN_ASSUME", entity_uid(server, entity), holder), answer.path)


def entity_uid(server: Server, entity: str) -> Uid:
    """Return the uid of an entity by its id."""
    return server.path_uid(Kind.IDENTITY, "identity/entity/id", entity)


def _token_holder(answer: Answer, accessor: str, server: Server) -> Holder:
    policies = (*texts(answer.data, "policies"), *texts(answer.data, "identity_policies"))
    uid = server.path_uid(Kind.IDENTITY, "auth/token", accessor)
    return Holder(uid, with_default(policies, without=True), answer.path, answer.document.file.name)


def _dates(data: JsonObject, created: str, expires: str) -> dict[str, PropertyValue]:
    found: dict[str, PropertyValue] = {}
    for key, name in ((created, "created"), (expires, "expires")):
        time = moment(data, key)
        if time is not None:
            found[name] = time
    return found
