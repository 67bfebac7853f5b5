"""A2A agent cards in both shapes: one address with others besides (0.x), or a list of interfaces (1.x).

A card says how others reach an agent and what they must show. Which rights the agent itself has, and whom
it calls, is in no card. Sources: the protocol's specification 0.2, 0.3 and 1.0 (a2a-protocol.org).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from graph.model import EdgeFacts, NodeFacts, PropertyValue, Uid
from graph.vocabulary import Kind
from ingest.facts import Fact
from ingest.fingerprint import Fingerprinter
from ingest.jsontext import shown
from ingest.record import Skipped
from ingest.redaction import redact_text
from ingest.shapes import JsonObject, Misshapen, as_object, objects_at, optional_text, text_at
from ingest.sources.agents.addresses import Address, address_of
from ingest.sources.agents.entries import flag_at
from ingest.sources.agents.held import Held
from ingest.sources.agents.names import CARD_SCHEME, below
from ingest.sources.agents.servers import texts_at
from ingest.uids import native_uid

EXTENDED: Final = "callers that log in are shown another card, which may say more"
UNVERIFIED: Final = "signature of an agent card, which is not verified"
OTHER_VERSION: Final = "interface of an agent card in another version of the protocol"
UNKNOWN: Final = "unknown"

_MAJORS: Final = frozenset({"0", "1"})
_READ: Final = frozenset(
    (
        *("name", "description", "url", "preferredTransport", "additionalInterfaces", "supportedInterfaces"),
        *(
            "protocolVersion",
            "version",
            "provider",
            "skills",
            "capabilities",
            "securitySchemes",
            "signatures",
        ),
        *("signatures", "authentication", "supportsAuthenticatedExtendedCard", "documentationUrl"),
        *("security", "securityRequirements", "defaultInputModes", "defaultOutputModes"),
    )
)
_SCHEMES: Final = {
    "apiKeySecurityScheme": "apiKey",
    "httpAuthSecurityScheme": "http",
    "oauth2SecurityScheme": "oauth2",
    "openIdConnectSecurityScheme": "openIdConnect",
    "mtlsSecurityScheme": "mutualTLS",
}
"""How the newer shape calls the sorts of schemes that the older one names by ``type``."""


@dataclass(frozen=True, slots=True)
class Interface:
    """One way to reach an agent."""

    address: Address
    binding: str
    tenant: str
    position: str


@dataclass(frozen=True, slots=True)
class Card:
    """An agent's card; the first interface is the one that the agent prefers."""

    body: JsonObject
    interfaces: tuple[Interface, ...]
    whose: str

    @property
    def is_partial(self) -> bool:
        """Return whether callers that log in are shown more."""
        capabilities = self.body.get("capabilities")
        newer = isinstance(capabilities, dict) and capabilities.get("extendedAgentCard") is True
        return newer or self.body.get("supportsAuthenticatedExtendedCard") is True

    @property
    def scope(self) -> str:
        """Return the name of the scope that the card is: by the address, with whose where it is local."""
        first = self.interfaces[0]
        named = " ".join(word for word in ("card", first.address.text, first.tenant) if word)
        return named if first.address.is_shared else f"{self.whose}/{named}"

    @property
    def uid(self) -> Uid:
        """Return the uid of the agent: what answers at the address that it prefers."""
        return native_uid(Kind.ASSET, CARD_SCHEME, *self._native)

    @property
    def _native(self) -> tuple[str, ...]:
        first = self.interfaces[0]
        local = () if first.address.is_shared else (self.whose,)
        return (*local, first.address.text, *((first.tenant,) if first.tenant else ()))

    def facts(self, fingerprints: Fingerprinter) -> Iterator[Fact | Skipped]:
        """Yield the agent, and where it is reached."""
        name = redact_text(text_at(self.body, "name"))
        yield Fact(NodeFacts(self.uid, Kind.ASSET, "agent", name, self._properties()), "")
        for one in self.interfaces:
            node = one.address.node(self.whose)
            yield Fact(node, one.position)
            serves = EdgeFacts(
                "SERVES",
                node.uid,
                self.uid,
                environment=UNKNOWN,
                subject_kind=Kind.ASSET,
                object_kind=Kind.ASSET,
            )
            yield Fact(serves, one.position)
        yield from self._credentials(fingerprints)
        for place, way in objects_at(self.body, "supportedInterfaces"):
            if not _is_known(way, place):
                yield Skipped(OTHER_VERSION)
        signatures = self.body.get("signatures")
        yield from (Skipped(UNVERIFIED) for _ in (signatures if isinstance(signatures, list) else ()))
        yield from (Skipped(f"agent card's field {shown(key)}") for key in self.body if key not in _READ)

    def _properties(self) -> dict[str, PropertyValue]:
        found: dict[str, PropertyValue | None] = {
            "description": optional_text(self.body, "description"),
            "version": optional_text(self.body, "version"),
            "documentation_url": _address_text(self.body, "documentationUrl"),
            "interfaces": tuple(_told(one) for one in self.interfaces),
            "input_modes": texts_at(self.body, "defaultInputModes", ""),
            "output_modes": texts_at(self.body, "defaultOutputModes", ""),
            "skills": tuple(
                text_at(skill, "name", place) for place, skill in objects_at(self.body, "skills")
            ),
            "security_schemes": tuple(_schemes(self.body)),
            "token_issuers": tuple(_issuers(self.body)),
            "signatures": len(objects_at(self.body, "signatures")) or None,
            "streaming": self._capability("streaming"),
            "push_notifications": self._capability("pushNotifications"),
        }
        provider = self.body.get("provider")
        if provider is not None:
            found["provider"] = text_at(as_object(provider, "/provider"), "organization", "/provider")
            found["provider_url"] = _address_text(as_object(provider), "url", "/provider")
        return {name: _clean(value) for name, value in found.items() if value is not None and value != ()}

    def _capability(self, name: str) -> bool | None:
        value = self.body.get("capabilities")
        return None if value is None else flag_at(as_object(value, "/capabilities"), name, "/capabilities")

    def _credentials(self, fingerprints: Fingerprinter) -> Iterator[Fact]:
        """Yield the credentials that cards of the first versions could hold, and secrets in addresses."""
        place = "/authentication/credentials"
        value = self.body.get("authentication")
        text = None if value is None else optional_text(as_object(value, "/authentication"), "credentials")
        held = [] if text is None else [Held("credentials", "card", place, literal=text)]
        for secret in (*held, *(one for way in self.interfaces for one in way.address.held)):
            if secret.literal is None:
                continue
            uid = native_uid(Kind.SECRET, CARD_SCHEME, *self._native, secret.where, secret.name)
            made = fingerprints.of_secret(secret.literal.encode("utf-8", "surrogatepass"))
            properties: dict[str, PropertyValue] = {"written_out": True}
            properties |= {"fingerprint": made} if made else {}
            yield Fact(NodeFacts(uid, Kind.SECRET, secret.type, secret.name, properties), secret.position)
            found_in = EdgeFacts("FOUND_IN", uid, self.uid, subject_kind=Kind.SECRET, object_kind=Kind.ASSET)
            yield Fact(found_in, secret.position)


def is_card(body: JsonObject) -> bool:
    """Return whether a document is a card: a name with skills, or with interfaces."""
    return "name" in body and ("supportedInterfaces" in body or ("url" in body and "skills" in body))


def card_of(body: JsonObject, whose: str) -> Card:
    """Return a card.

    Raises:
        Misshapen: for another version of the protocol, and where no address can be read.
    """
    if not _is_known(body):
        raise Misshapen("/protocolVersion", "another version of the protocol", "0.x or 1.x")
    interfaces = [*_newer(body)] or [*_older(body)]
    if not interfaces:
        raise Misshapen("/supportedInterfaces", "no interface of a known version", "0.x or 1.x")
    text_at(body, "name")
    return Card(body, tuple(_once(interfaces)), whose)


def _once(interfaces: list[Interface]) -> Iterator[Interface]:
    """Yield interfaces without those that were said before: cards repeat the first among the others."""
    seen: set[str] = set()
    for one in interfaces:
        if _told(one) not in seen:
            seen.add(_told(one))
            yield one


def _is_known(item: JsonObject, place: str = "") -> bool:
    """Return whether a card or an interface is of a version of the protocol that is known, or tells none."""
    said = optional_text(item, "protocolVersion", place)
    return said is None or said.partition(".")[0] in _MAJORS


def _newer(body: JsonObject) -> Iterator[Interface]:
    for place, one in objects_at(body, "supportedInterfaces"):
        if not _is_known(one, place):
            continue
        yield Interface(
            _address(one, place),
            optional_text(one, "protocolBinding", place) or "",
            optional_text(one, "tenant", place) or "",
            place,
        )


def _older(body: JsonObject) -> Iterator[Interface]:
    if "supportedInterfaces" in body and "url" not in body:
        return
    preferred = optional_text(body, "preferredTransport") or "JSONRPC"
    yield Interface(_address(body, ""), preferred, "", "/url")
    for place, one in objects_at(body, "additionalInterfaces"):
        yield Interface(_address(one, place), text_at(one, "transport", place), "", place)


def _address(item: JsonObject, place: str) -> Address:
    address = address_of(text_at(item, "url", place), f"{place}/url")
    if address is None:
        raise Misshapen(
            f"{place}/url", "what is no address stands here", "an address such as https://host/a2a"
        )
    return address


def _told(interface: Interface) -> str:
    return " ".join(word for word in (interface.binding, interface.address.text, interface.tenant) if word)


def _address_text(item: JsonObject, key: str, place: str = "") -> str | None:
    text = optional_text(item, key, place)
    address = address_of(text, place) if text else None
    return None if address is None else address.text


def _schemes(body: JsonObject) -> Iterator[str]:
    """Yield what callers must show: the name of each scheme, its sort, and for HTTP which."""
    for name, sort, scheme in _each_scheme(body):
        yield " ".join(word for word in (f"{name}:", sort, optional_text(scheme, "scheme") or "") if word)


def _issuers(body: JsonObject) -> Iterator[str]:
    for name, _, scheme in _each_scheme(body):
        issuer = _address_text(scheme, "openIdConnectUrl", below("/securitySchemes", name))
        if issuer is not None:
            yield issuer.removesuffix("/.well-known/openid-configuration")


def _each_scheme(body: JsonObject) -> Iterator[tuple[str, str, JsonObject]]:
    value = body.get("securitySchemes")
    for name, one in () if value is None else as_object(value, "/securitySchemes").items():
        place = below("/securitySchemes", name)
        scheme = as_object(one, place)
        wrapped = next((key for key in _SCHEMES if key in scheme), None)
        if wrapped is not None:
            yield name, _SCHEMES[wrapped], as_object(scheme[wrapped], f"{place}/{wrapped}")
        else:
            yield name, text_at(scheme, "type", place), scheme


def _clean(value: PropertyValue) -> PropertyValue:
    if isinstance(value, str):
        return redact_text(value)
    if isinstance(value, tuple):
        return tuple(redact_text(one) if isinstance(one, str) else one for one in value)
    return value
