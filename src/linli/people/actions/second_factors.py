"""The second factor: an authenticator app (TOTP), security keys (WebAuthn, by python-fido2) and recovery
codes.

Why not django-allauth's: see docs/decisions/002-sign-in.md.
"""

from __future__ import annotations

import base64
import binascii
import secrets
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Q
from fido2.server import Fido2Server
from fido2.webauthn import (
    AttestedCredentialData,
    AuthenticationResponse,
    PublicKeyCredentialRpEntity,
    PublicKeyCredentialUserEntity,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from linli.kernel import access, audit, sealed
from linli.people import models, rules
from linli.people.actions import pauses

Kind = models.SecondFactor.Kind
SECRET_BYTES = 20
RECOVERY_CODES = 10
RECOVERY_DIGITS = 10
KEYS_MOST = 8


class WrongFactor(Exception):
    """The code or the key's answer is not right, was used before, or is not for this person."""


class HasOne(Exception):
    """The person has an authenticator app already, or this very key."""


def new_secret() -> str:
    """A fresh TOTP secret, base32."""
    return base64.b32encode(secrets.token_bytes(SECRET_BYTES)).decode()


def add_app(*, account_id: int, secret: str, code: str, at: datetime) -> list[str]:
    """Keep an authenticator app, once its first code is right; gives recovery codes if there were none.

    :raises WrongFactor: when the code is not the secret's.
    :raises HasOne: when there is an app already.
    """
    step = rules.totp_step(_bytes(secret), rules.normal_code(code), at=at)
    if step is None:
        raise WrongFactor
    try:
        with transaction.atomic():
            models.SecondFactor.objects.create(
                account_id=account_id,
                kind=Kind.TOTP,
                secret=secret,
                last_counter=step,
                created_at=at,
                last_used_at=at,
            )
            _record(account_id, "people.add_second_factor", at, Kind.TOTP)
            return _first_recovery_codes(account_id, at)
    except IntegrityError as error:
        raise HasOne from error


def _server(host: str) -> Fido2Server:
    return Fido2Server(PublicKeyCredentialRpEntity(id=host, name="Linli 邻里"))


def begin_key(*, account: models.Account, host: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """What the browser needs to make a key for this site, and the state to keep in the session meanwhile.

    :param host: the site's host name without port; the key is bound to it.
    """
    person = PublicKeyCredentialUserEntity(
        id=account.seal_id.bytes,
        name=account.short_name or "linli",
        display_name=account.short_name or "Linli",
    )
    options, state = _server(host).register_begin(
        person,
        credentials=_credentials(account.pk),
        resident_key_requirement=ResidentKeyRequirement.DISCOURAGED,
        user_verification=UserVerificationRequirement.PREFERRED,
    )
    return dict(options), state


def add_key(
    *, account_id: int, host: str, state: object, answer: Mapping[str, Any], name: str, at: datetime
) -> list[str]:
    """Keep the key that the browser made; gives recovery codes if there were none.

    :raises WrongFactor: when the answer does not fit what was asked.
    :raises HasOne: when this key is known, or the person has eight.
    """
    try:
        data = _server(host).register_complete(state, answer)
    except Exception as error:  # whatever a hostile answer breaks inside the parser, it is a wrong answer
        raise WrongFactor from error
    credential = data.credential_data
    if credential is None:
        raise WrongFactor
    if models.SecondFactor.objects.filter(account_id=account_id, kind=Kind.KEY).count() >= KEYS_MOST:
        raise HasOne
    try:
        with transaction.atomic():
            models.SecondFactor.objects.create(
                account_id=account_id,
                kind=Kind.KEY,
                name=name.strip()[:60],
                credential_id=credential.credential_id,
                credential=bytes(credential),
                last_counter=data.counter,
                created_at=at,
                last_used_at=at,
            )
            _record(account_id, "people.add_second_factor", at, Kind.KEY)
            return _first_recovery_codes(account_id, at)
    except IntegrityError as error:
        raise HasOne from error


def begin_check(*, account_id: int, host: str) -> tuple[dict[str, Any], dict[str, Any]] | None:
    """What the browser needs to use one of the person's keys, and the state to keep; None without any key."""
    credentials = _credentials(account_id)
    if not credentials:
        return None
    options, state = _server(host).authenticate_begin(
        credentials, user_verification=UserVerificationRequirement.PREFERRED
    )
    return dict(options), state


def check_key(*, account_id: int, host: str, state: object, answer: Mapping[str, Any], at: datetime) -> None:
    """Accept a key's signature once; a signature counter that does not grow betrays a copied key.

    :raises WrongFactor: when the answer does not fit.
    :raises pauses.Refused: paused after too many tries.
    """
    tried = f"second:{account_id}"
    pauses.claim_try(tried, at=at)
    try:
        given = AuthenticationResponse.from_dict(answer)
        used = _server(host).authenticate_complete(state, _credentials(account_id), given)
        counter = given.response.authenticator_data.counter
    except Exception as error:  # as above
        raise WrongFactor from error
    own = models.SecondFactor.objects.filter(
        account_id=account_id, kind=Kind.KEY, credential_id=used.credential_id
    )
    # Keys that do not count always say 0.
    fresh = Q(last_counter__lt=counter) if counter else Q(last_counter=0)
    if not own.filter(fresh).update(last_counter=counter, last_used_at=at):
        raise WrongFactor
    pauses.forget(tried)


def check_code(*, account_id: int, code: str, at: datetime) -> models.SecondFactor.Kind:
    """Accept an app's code or a recovery code, each only once; says which it was.

    :raises WrongFactor: for any other code.
    :raises pauses.Refused: paused after too many tries.
    """
    tried = f"second:{account_id}"
    pauses.claim_try(tried, at=at)
    typed = rules.normal_code(code)
    if _use_app(account_id, typed, at):
        kind = Kind.TOTP
    elif _use_recovery(account_id, typed):
        kind = Kind.RECOVERY
        _record(account_id, "people.use_recovery_code", at, kind)
    else:
        raise WrongFactor
    pauses.forget(tried)
    return kind


def _use_app(account_id: int, code: str, at: datetime) -> bool:
    app = models.SecondFactor.objects.filter(account_id=account_id, kind=Kind.TOTP).first()
    if app is None:
        return False
    step = rules.totp_step(_bytes(app.secret or ""), code, at=at)
    if step is None:
        return False
    unused = models.SecondFactor.objects.filter(pk=app.pk, last_counter__lt=step)
    return bool(unused.update(last_counter=step, last_used_at=at))


def _use_recovery(account_id: int, code: str) -> bool:
    own = models.SecondFactor.objects.filter(account_id=account_id, kind=Kind.RECOVERY)
    return bool(own.filter(digest=_digest(account_id, code)).delete()[0])


def renew_recovery_codes(*, account_id: int, at: datetime) -> list[str]:
    """Make ten new recovery codes; the old ones stop working. They are shown once.

    :raises WrongFactor: when there is no app and no key that they could stand in for.
    """
    with transaction.atomic():
        models.Account.objects.select_for_update().get(pk=account_id)
        if not has_factor(account_id):
            raise WrongFactor
        models.SecondFactor.objects.filter(account_id=account_id, kind=Kind.RECOVERY).delete()
        _record(account_id, "people.renew_recovery_codes", at, Kind.RECOVERY)
        return _make_recovery_codes(account_id, at)


def remove_factor(*, account_id: int, factor_id: int, at: datetime) -> None:
    """Forget an app or a key; with the last of them go the recovery codes.

    :raises access.NotFound: not the person's.
    """
    with transaction.atomic():
        models.Account.objects.select_for_update().get(pk=account_id)
        own = models.SecondFactor.objects.filter(account_id=account_id)
        found = own.exclude(kind=Kind.RECOVERY).filter(pk=factor_id).first()
        if found is None:
            raise access.NotFound
        found.delete()
        if not has_factor(account_id):
            own.delete()
        _record(account_id, "people.remove_second_factor", at, Kind(found.kind))


def reset(*, account_id: int, at: datetime) -> int:
    """Forget every factor of somebody who has lost them all; only the console of the machine calls it.

    Every session of the person ends as well; at the next sign-in they set up a new one.
    """
    with transaction.atomic():
        account = models.Account.objects.select_for_update().get(pk=account_id, is_active=True)
        gone = models.SecondFactor.objects.filter(account=account).delete()[0]
        account.session_epoch += 1
        account.save(update_fields=["session_epoch"])
        audit.record(
            community_id=0,
            actor=access.SYSTEM,
            verb="people.reset_second_factor",
            object=f"account:{account_id}",
            at=at,
        )
    return gone


def has_factor(account_id: int) -> bool:
    """Whether the person has an app or a key."""
    return models.SecondFactor.objects.filter(account_id=account_id).exclude(kind=Kind.RECOVERY).exists()


def _first_recovery_codes(account_id: int, at: datetime) -> list[str]:
    if models.SecondFactor.objects.filter(account_id=account_id, kind=Kind.RECOVERY).exists():
        return []
    return _make_recovery_codes(account_id, at)


def _make_recovery_codes(account_id: int, at: datetime) -> list[str]:
    codes = [f"{secrets.randbelow(10**RECOVERY_DIGITS):0{RECOVERY_DIGITS}}" for _ in range(RECOVERY_CODES)]
    models.SecondFactor.objects.bulk_create(
        models.SecondFactor(
            account_id=account_id, kind=Kind.RECOVERY, digest=_digest(account_id, code), created_at=at
        )
        for code in codes
    )
    return [f"{code[:5]} {code[5:]}" for code in codes]


def _credentials(account_id: int) -> list[AttestedCredentialData]:
    rows = models.SecondFactor.objects.filter(account_id=account_id, kind=Kind.KEY).order_by("pk")
    return [AttestedCredentialData(bytes(held)) for held in rows.values_list("credential", flat=True) if held]


def _bytes(secret: str) -> bytes:
    try:
        return base64.b32decode(secret, casefold=True)
    except binascii.Error as error:
        raise WrongFactor from error


def _digest(account_id: int, code: str) -> bytes:
    return sealed.blind_index("people.recovery", f"{account_id}:{code}")


def _record(account_id: int, verb: str, at: datetime, kind: models.SecondFactor.Kind) -> None:
    audit.record(
        community_id=0,
        actor=access.Actor(account_id=account_id),
        verb=verb,
        object=f"account:{account_id}",
        at=at,
        detail={"kind": kind.value},
    )
