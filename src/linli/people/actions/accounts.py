"""Accounts: opened, described, given a password, moved to another phone, signed out everywhere."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.db import IntegrityError, transaction

from linli.kernel import access, audit, events
from linli.people import events as facts
from linli.people import models, queries, rules
from linli.people.actions import codes, consents


class PhoneTaken(Exception):
    """Another account has this phone; said only to those who proved that they hold it."""


class WrongCode(Exception):
    """The code is wrong, used, late or worn out."""


@dataclass(frozen=True, slots=True)
class Profile:
    """What a person tells about themselves."""

    name: str
    language: str
    elder: bool


def sign_up(
    *,
    phone: str,
    profile: Profile,
    purposes: frozenset[rules.Purpose],
    at: datetime,
    password: str | None = None,
) -> models.Account:
    """Open an account for the person who has just proved the phone by code: level 2, consent on record.

    :raises PhoneTaken: when somebody was faster.
    :raises consents.NeededConsent: when the consent that an account needs is missing.
    """
    if not rules.NEEDED <= purposes:
        raise consents.NeededConsent
    try:
        with transaction.atomic():
            account = _new(phone=phone, profile=profile, level=rules.Level.PHONE, at=at)
            account.phone_proved_at = account.last_seen_at = at
            account.set_password(password)
            account.save(force_insert=True)
            own = access.Actor(account_id=account.pk)
            for purpose in sorted(purposes):
                consents.write(account_id=account.pk, purpose=purpose, at=at)
            _record(own, "people.sign_up", account, at)
            events.publish(facts.AccountOpened(community_id=0, account_id=account.pk, at=at))
    except IntegrityError as error:
        raise PhoneTaken from error
    return account


def open_by_wechat(*, language: str, purposes: frozenset[rules.Purpose], at: datetime) -> models.Account:
    """Open an account for somebody who writes to an official account: level 1, no phone, no password.

    :param purposes: what they agreed to; nothing where a word of danger left no time to ask.
    """
    with transaction.atomic():
        account = models.Account(level=rules.Level.WECHAT, language=language, created_at=at, last_seen_at=at)
        account.set_unusable_password()
        account.save(force_insert=True)
        for purpose in sorted(purposes):
            consents.write(account_id=account.pk, purpose=purpose, at=at)
        _record(access.Actor(account_id=account.pk), "people.open_by_wechat", account, at)
        events.publish(facts.AccountOpened(community_id=0, account_id=account.pk, at=at))
    return account


def open_account(
    *,
    actor: access.Actor,
    phone: str,
    profile: Profile,
    at: datetime,
    level: rules.Level = rules.Level.UNKNOWN,
    example: bool = False,
) -> models.Account:
    """Give the account of a phone, opened now if there is none: for staff who appoint somebody.

    An account that exists is left as it is. A new one has no password; its person signs in by code, which
    proves the phone.

    :raises access.Forbidden: for actors without a staff duty.
    """
    if not (actor.staff or actor.superuser):
        raise access.Forbidden("staff_only")
    found = queries.account_by_phone(phone)
    if found is not None:
        return found
    try:
        with transaction.atomic():
            account = _new(phone=phone, profile=profile, level=level, at=at)
            account.example = example
            account.set_unusable_password()
            account.save(force_insert=True)
            _record(actor, "people.open_account", account, at)
            events.publish(facts.AccountOpened(community_id=0, account_id=account.pk, at=at))
    except IntegrityError:
        return models.Account.objects.get(phone_index=queries.phone_index(phone))
    return account


def _new(*, phone: str, profile: Profile, level: rules.Level, at: datetime) -> models.Account:
    return models.Account(
        phone=phone,
        phone_index=queries.phone_index(phone),
        name=profile.name or None,
        short_name=rules.short_name(profile.name),
        language=profile.language,
        elder=profile.elder,
        level=level,
        created_at=at,
    )


def describe(*, account_id: int, profile: Profile, at: datetime) -> models.Account:
    """Write down the person's own name, language and face."""
    with transaction.atomic():
        account = models.Account.objects.select_for_update().get(pk=account_id, is_active=True)
        account.name = profile.name or None
        account.short_name = rules.short_name(profile.name)
        account.language = profile.language
        account.elder = profile.elder
        account.save(update_fields=["name", "short_name", "language", "elder"])
        _record(access.Actor(account_id=account_id), "people.describe", account, at)
    return account


def wear(*, account_id: int, language: str = "", elder: bool | None = None) -> None:
    """Note the language and the size of type that a person chose; empty and None leave what is there."""
    chosen: dict[str, object] = {"language": language} if language else {}
    chosen |= {} if elder is None else {"elder": elder}
    models.Account.objects.filter(pk=account_id, is_active=True).update(**chosen)


def set_password(*, account_id: int, password: str, at: datetime) -> models.Account:
    """Set a new password, already judged by the validators; all other sessions end."""
    with transaction.atomic():
        account = models.Account.objects.select_for_update().get(pk=account_id, is_active=True)
        account.set_password(password)
        account.session_epoch += 1
        account.save(update_fields=["password", "session_epoch"])
        _record(access.Actor(account_id=account_id), "people.set_password", account, at)
    return account


def change_phone(*, account_id: int, phone: str, code: str, at: datetime) -> models.Account:
    """Move the account to a phone that the person has just proved by code; other sessions end.

    :raises WrongCode: when the code is not right.
    :raises PhoneTaken: when another account has the phone.
    """
    purpose = models.SignInCode.Purpose.CHANGE_PHONE
    if not codes.check_code(phone=phone, purpose=purpose, code=code, at=at):
        raise WrongCode
    try:
        with transaction.atomic():
            account = models.Account.objects.select_for_update().get(pk=account_id, is_active=True)
            account.phone = phone
            account.phone_index = queries.phone_index(phone)
            account.phone_proved_at = at
            account.level = max(account.level, rules.Level.PHONE)
            account.session_epoch += 1
            account.save()
            _record(access.Actor(account_id=account_id), "people.change_phone", account, at)
            events.publish(facts.PhoneChanged(community_id=0, account_id=account_id, at=at))
    except IntegrityError as error:
        raise PhoneTaken from error
    return account


def raise_level(
    *, actor: access.Actor, account_id: int, level: rules.Level, until_date: date | None, at: datetime
) -> models.Account:
    """Write down a proof that raises (or lowers) a person's level; grids calls it after a residence proof.

    :param until_date: the last day on which it counts , or None without end.
    :raises access.NotFound: no such account.
    :raises access.Forbidden: minor, when the person is a minor and the level is above the phone's.
    """
    with transaction.atomic():
        account = models.Account.objects.select_for_update().filter(pk=account_id, is_active=True).first()
        if account is None:
            raise access.NotFound
        if level > rules.highest_level(minor=account.minor):
            raise access.Forbidden("minor")
        account.level = level
        account.level_until_date = until_date
        account.save(update_fields=["level", "level_until_date"])
        _record(actor, "people.raise_level", account, at, {"level": int(level)})
    return account


def end_all_sessions(*, account_id: int, at: datetime) -> models.Account:
    """End every session of the person."""
    with transaction.atomic():
        account = models.Account.objects.select_for_update().get(pk=account_id, is_active=True)
        account.session_epoch += 1
        account.save(update_fields=["session_epoch"])
        _record(access.Actor(account_id=account_id), "people.end_all_sessions", account, at)
    return account


def make_superuser(*, account_id: int, at: datetime) -> models.Account:
    """Let the person into the Django admin; only the console of the machine calls it."""
    with transaction.atomic():
        account = models.Account.objects.select_for_update().get(pk=account_id, is_active=True)
        account.is_staff = account.is_superuser = True
        account.save(update_fields=["is_staff", "is_superuser"])
        _record(access.SYSTEM, "people.make_superuser", account, at)
    return account


def _record(
    actor: access.Actor,
    verb: str,
    account: models.Account,
    at: datetime,
    detail: dict[str, object] | None = None,
) -> None:
    audit.record(community_id=0, actor=actor, verb=verb, object=f"account:{account.pk}", at=at, detail=detail)
