"""The gate that every write passes: a bearer token that the file of tokens knows."""

from __future__ import annotations

import hmac
from collections.abc import Mapping
from functools import cached_property
from typing import Any, Final

from api.access.tokens import Token, load_tokens
from api.rest.problems import Refused
from api.rest.requests import header_values
from api.session import Session
from graph.model import SourceInstance
from ingest.fingerprint import Fingerprinter

_CHALLENGE: Final = {"www-authenticate": 'Bearer realm="holdfast"'}
_LONGEST: Final = 512


class Gate:
    """Knows a token again. The file is read at every write, so that a change of it counts at once."""

    def __init__(self, session: Session) -> None:
        self._session = session

    @cached_property
    def fingerprints(self) -> Fingerprinter:
        """Return the installation's fingerprinter; read once, made where there is no key yet."""
        return self._session.fingerprints()

    def admitted(self, scope: Mapping[str, Any]) -> Token:
        """Return the token that a request bears.

        Raises:
            Refused: with 401, for a request without one, or with one that is not known.
            InvalidSetting: where the file of tokens cannot be used.
        """
        given = _given(header_values(scope, "authorization"))
        tokens = load_tokens(self._session.settings.tokens_file)
        digest = self.fingerprints.of_bearer(given) if tokens else ""
        found: Token | None = None
        for token in tokens:
            # All are compared, each in the same time: how long it takes tells nothing.
            if hmac.compare_digest(token.digest.encode(), digest.encode()):
                found = token
        if found is None:
            raise Refused(401, "token_unknown", "The bearer token is not known here.", headers=_CHALLENGE)
        return found


def check_speaks_as(token: Token, source: SourceInstance) -> None:
    """Pass if claims of a source instance may be written with a token.

    Raises:
        Refused: with 403 where not.
    """
    if not token.may_speak_as(source):
        detail = (
            f"The token {token.name} does not stand for {source}. "
            "Use one that does, or name another instance that it stands for."
        )
        raise Refused(403, "source_not_allowed", detail)


def _given(headers: list[str]) -> str:
    """Return the token in an Authorization header; there may be one such header only."""
    if not headers:
        detail = "Every write needs a bearer token; `holdfast token add` makes one."
        raise Refused(401, "token_missing", detail, headers=_CHALLENGE)
    scheme, _, text = headers[0].partition(" ")
    text = text.strip()
    if len(headers) > 1 or scheme.lower() != "bearer" or not 0 < len(text) <= _LONGEST:
        raise Refused(
            401, "token_unknown", "Expected one header Authorization: Bearer TOKEN.", headers=_CHALLENGE
        )
    return text
