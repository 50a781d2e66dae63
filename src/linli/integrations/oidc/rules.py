"""What is checked of a provider and of what it says. No network, no clock, no cryptography of our own."""

from __future__ import annotations

import base64
import hashlib
import secrets
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

SKEW = timedelta(minutes=2)
LIVES = timedelta(minutes=10)
MOST_OPEN = 5  # sign-ins begun in one session
LONGEST = 300
#: Signed with the provider's own key; never "none", never a shared secret.
ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512")
#: Ways of proving oneself beyond a password (RFC 8176).
STRONG = frozenset({"mfa", "otp", "hwk", "sc"})
ENDPOINTS = ("authorization_endpoint", "token_endpoint", "jwks_uri")


class Untrusted(Exception):
    """What the provider said cannot be relied on; ``code`` says why. Never shown with what it said."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class Metadata:
    """What a provider publishes about itself (OpenID Connect Discovery 1.0)."""

    issuer: str
    authorization_endpoint: str
    token_endpoint: str
    jwks_uri: str
    basic: bool  # whether the client's secret goes in a header
    names_itself: bool  # whether its answers carry `iss` (RFC 9207)


@dataclass(frozen=True, slots=True)
class Begun:
    """A sign-in under way, kept in the browser's session."""

    key: str
    nonce: str
    verifier: str
    goal: str
    at: float
    link: bool

    @classmethod
    def new(cls, key: str, goal: str, *, link: bool, at: datetime) -> Begun:
        """A fresh one."""
        return cls(key, secrets.token_urlsafe(24), secrets.token_urlsafe(48), goal, at.timestamp(), link)

    def holds(self, *, key: str, at: datetime) -> bool:
        """Whether it is of this provider and not too old."""
        return self.key == key and 0 <= at.timestamp() - self.at <= LIVES.total_seconds()


def challenge(verifier: str) -> str:
    """What is sent ahead of the verifier (RFC 7636, S256)."""
    digest = hashlib.sha256(verifier.encode()).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


def metadata(told: Any, *, issuer: str) -> Metadata:
    """A provider's published metadata, read.

    :raises Untrusted: bad_metadata; other_issuer (it says that it is somebody else: Discovery 4.3).
    """
    if not isinstance(told, Mapping) or any(not isinstance(told.get(name), str) for name in ENDPOINTS):
        raise Untrusted("bad_metadata")
    if told.get("issuer") != issuer:
        raise Untrusted("other_issuer")
    ways = told.get("token_endpoint_auth_methods_supported") or ["client_secret_basic"]
    if "S256" not in (told.get("code_challenge_methods_supported") or ["S256"]):
        raise Untrusted("no_pkce")
    return Metadata(
        issuer=issuer,
        authorization_endpoint=told["authorization_endpoint"],
        token_endpoint=told["token_endpoint"],
        jwks_uri=told["jwks_uri"],
        basic="client_secret_basic" in ways,
        names_itself=told.get("authorization_response_iss_parameter_supported") is True,
    )


def check_claims(claims: Mapping[str, Any], *, issuer: str, client_id: str, nonce: str, at: datetime) -> str:
    """The subject of a verified token whose claims are right (OpenID Connect Core 3.1.3.7).

    :raises Untrusted: wrong_issuer, wrong_audience, expired, from_the_future, wrong_nonce, no_subject.
    """
    audience = claims.get("aud")
    named = [audience] if isinstance(audience, str) else audience if isinstance(audience, list) else []
    now, skew = at.timestamp(), SKEW.total_seconds()
    expires, issued = _number(claims.get("exp")), _number(claims.get("iat"))
    begins = _number(claims.get("nbf"))
    subject = claims.get("sub")
    party = claims.get("azp")
    faults = (
        ("wrong_issuer", claims.get("iss") != issuer),
        ("wrong_audience", client_id not in named or (len(named) > 1 and party is None)),
        ("wrong_audience", party is not None and party != client_id),
        ("expired", expires is None or expires + skew <= now),
        ("from_the_future", issued is None or issued - skew > now or (begins is not None and begins - skew > now)),
        ("expired", issued is not None and issued < now - LIVES.total_seconds() - skew),
        ("wrong_nonce", not nonce or claims.get("nonce") != nonce),
        ("no_subject", not isinstance(subject, str) or not 0 < len(subject) <= 255),
    )  # fmt: skip
    for code, wrong in faults:
        if wrong:
            raise Untrusted(code)
    return str(subject)


def _number(value: Any) -> float | None:
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return float(value) if is_number else None


def phone_of(claims: Mapping[str, Any], claim: str) -> str:
    """The phone that the provider says it has verified; empty for none."""
    value = claims.get(claim) if claim else None
    verified = claims.get(f"{claim}_verified") is True
    return value if isinstance(value, str) and verified and len(value) <= 20 else ""


def domain_fits(claims: Mapping[str, Any], domains: Collection[str]) -> bool:
    """Whether the person's verified mail address lies in one of these domains; without any, always."""
    if not domains:
        return True
    mail = claims.get("email")
    if not isinstance(mail, str) or claims.get("email_verified") is not True:
        return False
    return mail.rpartition("@")[2].lower() in domains


def asked_twice(claims: Mapping[str, Any]) -> bool:
    """Whether the provider says that it asked for more than a password."""
    ways = claims.get("amr")
    return isinstance(ways, list) and any(isinstance(way, str) and way in STRONG for way in ways)


def tidy_domains(text: str) -> list[str]:
    """Domains as they are typed, one by one, without a leading at sign."""
    words = text.replace("，", ",").replace("、", ",").replace("\n", ",").split(",")
    return list(dict.fromkeys(word.strip().lower().lstrip("@") for word in words if word.strip()))
