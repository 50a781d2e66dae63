"""Questions about people, named by their answer. No actor: who may ask is decided in ``access.py`` and at the
doors.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Q, QuerySet

from linli.faces.languages import reads_english
from linli.kernel import audit, sealed
from linli.people import models, rules, sessions

SECOND_FACTOR_PATH = "/me/second-factor/check/"
passed_second_factor = sessions.passed_second_factor
language_changed_elsewhere, note_language = sessions.language_changed_elsewhere, sessions.note_language
looks_at = audit.looks_at


def phone_index(phone: str) -> bytes:
    """The keyed index under which a phone (E.164) is found."""
    return sealed.blind_index("people.phone", phone)


def token_digest(secret: str) -> bytes:
    """What is kept of an API token's secret."""
    return sealed.blind_index("people.token", secret)


def account_by_phone(phone: str) -> models.Account | None:
    """The active account of a phone (E.164)."""
    return models.Account.objects.filter(phone_index=phone_index(phone), is_active=True).first()


def account(account_id: int) -> models.Account | None:
    """The active account."""
    return models.Account.objects.filter(pk=account_id, is_active=True).first()


def accounts(account_ids: Iterable[int]) -> dict[int, models.Account]:
    """Those of these accounts that are in use, by id, in one statement."""
    return models.Account.objects.filter(is_active=True).in_bulk(set(account_ids))


def account_by_token(secret: str, *, at: datetime) -> models.ApiToken | None:
    """The token in force that has this secret, with its account; None for unknown, ended, revoked or
    closed.
    """
    return (
        models.ApiToken.objects.select_related("account")
        .filter(digest=token_digest(secret), revoked_at=None, expires_at__gt=at, account__is_active=True)
        .first()
    )


def tokens_of(*account_ids: int) -> QuerySet[models.ApiToken]:
    """The tokens of a person or program, or of several, the newest first, ended ones included."""
    return models.ApiToken.objects.filter(account_id__in=account_ids).order_by("-pk")


def token_communities(token_ids: Iterable[int]) -> dict[int, int]:
    """In which community tokens work, by their id; those that work everywhere are left out."""
    rows = models.ApiToken.objects.filter(pk__in=set(token_ids), community_id__isnull=False)
    return {pk: community for pk, community in rows.values_list("pk", "community_id") if community}


@dataclass(frozen=True, slots=True)
class Card:
    """A person as lists may show them."""

    account_id: int
    short_name: str
    language: str
    level: int


def cards(account_ids: Iterable[int]) -> dict[int, Card]:
    """The cards of these accounts, by id; unknown ones are left out, erased ones have an empty name."""
    rows = models.Account.objects.filter(pk__in=set(account_ids)).values_list(
        "pk", "short_name", "language", "level"
    )
    return {row[0]: Card(*row) for row in rows}


def languages(account_ids: Iterable[int]) -> dict[int, str]:
    """The languages of those of these accounts that are in use."""
    rows = models.Account.objects.filter(pk__in=set(account_ids), is_active=True)
    return dict(rows.values_list("pk", "language"))


def phones(account_ids: Iterable[int]) -> dict[int, str]:
    """The proved phones (E.164) of accounts in use, by id: for the carrier of a message alone, never to be shown."""
    found = models.Account.objects.filter(
        pk__in=set(account_ids), is_active=True, phone_proved_at__isnull=False
    )
    return {one.pk: one.phone for one in found.only("pk", "seal_id", "phone") if one.phone}


def names(account_ids: Iterable[int]) -> dict[int, str]:
    """Full names by account id, for colleagues at work. Names of residents need a reveal
    (``actions.contact``).
    """
    found = models.Account.objects.filter(pk__in=set(account_ids)).only("pk", "seal_id", "name")
    return {person.pk: person.name or "" for person in found}


def level_today(person: models.Account, today: date) -> rules.Level:
    """The level that counts today."""
    return rules.effective_level(person.level, until_date=person.level_until_date, today=today)


def consents_of(account_id: int) -> QuerySet[models.Consent]:
    """Every consent a person gave, the newest first, withdrawn ones included."""
    return models.Consent.objects.filter(account_id=account_id).order_by("-pk")


def has_consent(account_id: int, purpose: rules.Purpose) -> bool:
    """Whether the person agrees to this purpose now."""
    return models.Consent.objects.filter(
        account_id=account_id, purpose=purpose.value, withdrawn_at=None
    ).exists()


def organisations(community_ids: Iterable[int], *, closed: bool = False) -> QuerySet[models.Organisation]:
    """The organisations of these communities, by kind and name; closed ones only on request."""
    found = models.Organisation.objects.filter(community_id__in=list(community_ids))
    return (found if closed else found.filter(closed_at=None)).order_by("community_id", "kind", "name_zh")


def organisations_by_id() -> QuerySet[models.Organisation]:
    """All organisations, closed ones too, for a statement that takes the names of some along."""
    return models.Organisation.objects.order_by()


def organisation_names(organisation_ids: Iterable[int], language: str = "zh-hans") -> dict[int, str]:
    """The organisations' names in the reader's language; Chinese where there is no English."""
    rows = models.Organisation.objects.filter(pk__in=set(organisation_ids)).values_list(
        "pk", "name_zh", "name_en"
    )
    return {
        pk: (name_en if reads_english(language) and name_en else name_zh) for pk, name_zh, name_en in rows
    }


def tombstones(since: datetime) -> Sequence[tuple[int, datetime]]:
    """Accounts erased since a moment; replayed after a restore so that erased people stay erased."""
    rows = models.Account.objects.filter(Q(erased_at__gte=since)).order_by("erased_at")
    return [(pk, erased_at) for pk, erased_at in rows.values_list("pk", "erased_at") if erased_at]
