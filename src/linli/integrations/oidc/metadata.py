"""What providers publish, kept for an hour in this process: their addresses and their keys, which change now and then."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass
from typing import Any

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from linli.integrations.oidc import rules
from linli.integrations.oidc.rules import Metadata, Untrusted
from linli.kernel import outside

KEPT_SECONDS = 3600.0
AGAIN_SECONDS = 30.0  # keys are not fetched more often for a token signed by an unknown one
SECONDS = 8.0
MOST_BYTES = 256 * 1024
WELL_KNOWN = "/.well-known/openid-configuration"


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of a provider, and since when (steady clock, seconds)."""

    metadata: Metadata
    keys: KeySet
    at: float


_lock = threading.Lock()
_known: dict[str, Known] = {}


def of(issuer: str, *, newer_than: float = 0.0) -> Known:
    """What a provider publishes; read anew when it is too old.

    :param newer_than: the steady clock's reading from which on it must have been read.
    :raises Untrusted: bad_metadata, other_issuer, no_pkce, bad_keys.
    :raises outside.Unreached: it does not answer.
    """
    with _lock:
        held = _known.get(issuer)
    now = time.monotonic()
    if held is not None and now - held.at < KEPT_SECONDS and held.at >= newer_than:
        return held
    told = rules.metadata(_json(f"{issuer.rstrip('/')}{WELL_KNOWN}"), issuer=issuer)
    found = Known(told, _keys(_json(told.jwks_uri)), now)
    with _lock:
        _known[issuer] = found
    return found


def forget() -> None:
    """Read everything anew."""
    with _lock:
        _known.clear()


def _json(url: str) -> Any:
    answer = outside.ask(
        "GET", url, headers={"Accept": "application/json"}, seconds=SECONDS, most_bytes=MOST_BYTES
    )
    if not answer.good:
        raise Untrusted("bad_metadata")
    return answer.json()


def _keys(told: Any) -> KeySet:
    try:
        listed = [
            one for one in told["keys"] if one.get("use", "sig") == "sig" and one.get("kty") in {"RSA", "EC"}
        ]
        found = KeySet.import_key_set({"keys": listed})
    except (JoseError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise Untrusted("bad_keys") from error
    if not listed:
        raise Untrusted("bad_keys")
    return found


def verified(token: str, *, issuer: str) -> dict[str, Any]:
    """The claims of a token that the provider has signed; its keys are read once more if none of them fits.

    :raises Untrusted: bad_signature, or as `of`.
    """
    known = of(issuer)
    claims = _decoded(token, known.keys)
    if claims is None and time.monotonic() - known.at >= AGAIN_SECONDS:
        claims = _decoded(token, of(issuer, newer_than=time.monotonic()).keys)
    if claims is None:
        raise Untrusted("bad_signature")
    return claims


def _decoded(token: str, keys: KeySet) -> dict[str, Any] | None:
    try:
        return dict(jwt.decode(token, keys, algorithms=list(rules.ALGORITHMS)).claims)
    except (JoseError, ValueError, TypeError, KeyError, AttributeError):
        return None
