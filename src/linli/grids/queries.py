"""Questions about places and duties, named by their answer. Rows come back frozen."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import fields, replace
from datetime import date, datetime
from functools import partial
from typing import Any

from django.db import InternalError, connection
from django.db.models import F, Q, QuerySet
from psycopg.errors import ReadOnlySqlTransaction

from linli.grids import sql
from linli.grids.everywhere import communities_with as communities_with
from linli.grids.everywhere import community_ids as community_ids
from linli.grids.models import CommunitySetting, Division, Duty, Membership, Place, QrCode, Residence
from linli.grids.rows import DivisionRow, DutyRow, PlaceRow, ResidenceRow, SettingRow
from linli.grids.rules import wishes
from linli.grids.rules.words import Level
from linli.kernel import access, clock
from linli.people import rules as people

PLACE_FIELDS = tuple(field.name for field in fields(PlaceRow))


def day_of(at: datetime) -> date:
    """The local day of a moment; duties and places are valid by the day."""
    return at.astimezone(clock.LOCAL).date()


# Who acts


def actor(
    account_id: int, at: datetime, scopes: Iterable[str] = ("*",), *, mfa: bool = False
) -> access.Actor | None:
    """The person with all duties and memberships in force, in one statement; None if unknown or locked."""
    with connection.cursor() as cursor:
        cursor.execute(sql.ACTOR, {"account": account_id, "day": day_of(at)})
        row = cursor.fetchone()
    return _actor(row, at, frozenset(scopes), mfa=mfa) if row else None


def actor_by_token(digest: bytes, at: datetime) -> access.Actor | None:
    """The person a token speaks for, in one statement; a token of one community shows nothing of another."""
    fetch = partial(connection.fetch_prepared, walled=False)  # type: ignore[attr-defined]  # our own backend
    given = {"digest": digest, "at": at, "day": day_of(at)}
    try:
        row = fetch(sql.ACTOR_BY_TOKEN, given)
    except InternalError as error:
        if not isinstance(error.__cause__, ReadOnlySqlTransaction):
            raise
        row = fetch(sql.ACTOR_BY_TOKEN_UNNOTED, given)  # the disk is full: people still read
    if not row:
        return None
    token_id, scopes, only, quota = row[8:]
    found = _actor(row, at, frozenset(_json(scopes)), mfa=True, token_id=token_id, only=only)
    return found if quota is None else replace(found, quota=quota)


def _actor(
    row: Sequence[Any],
    at: datetime,
    scopes: frozenset[str],
    *,
    mfa: bool,
    token_id: int | None = None,
    only: int | None = None,
) -> access.Actor:
    account_id, name, level, level_until, language, superuser, duties, memberships = row[:8]
    grants = tuple(access.Grant(*duty) for duty in _json(duties) or () if only in (None, duty[1]))
    homes = [community for community in _json(memberships) or () if only in (None, community)]
    served = [grant.community_id for grant in grants]
    return access.Actor(
        account_id=account_id,
        name=name,
        level=int(people.effective_level(level, until_date=level_until, today=day_of(at))),
        grants=grants,
        communities=frozenset(served) | frozenset(homes),
        scopes=scopes,
        home_id=next(iter([*homes, *served]), None),
        language=language,
        superuser=superuser,
        mfa=mfa,
        token_id=token_id,
    )


def _json(value: Any) -> Any:
    return json.loads(value) if isinstance(value, str) else value


# Places


def _open(on: date | None) -> Q:
    """Places in force on the day; without a day those not closed."""
    if on is None:
        return Q(valid_to__isnull=True)
    return Q(valid_from__lte=on) & (Q(valid_to__isnull=True) | Q(valid_to__gt=on))


def rows(places: QuerySet[Place]) -> list[PlaceRow]:
    """The places of a queryset as frozen rows, in one statement."""
    return [_place(values) for values in places.values_list(*PLACE_FIELDS)]


def _place(values: Sequence[Any]) -> PlaceRow:
    every = dict(zip(PLACE_FIELDS, values, strict=True))
    return PlaceRow(**{**every, "aliases": tuple(every["aliases"])})


def communities(on: date | None = None) -> list[PlaceRow]:
    """All communities in force, by code."""
    # Only communities have nothing above them, and there is an index for that.
    found = Place.objects.filter(_open(on), level=Level.COMMUNITY.value, parent__isnull=True)
    return rows(found.order_by("code"))


def place(place_id: int) -> PlaceRow | None:
    """One place, closed ones too."""
    return next(iter(rows(Place.objects.filter(pk=place_id))), None)


def places(place_ids: Iterable[int]) -> dict[int, PlaceRow]:
    """Several places by id, in one statement."""
    return {row.id: row for row in rows(Place.objects.filter(pk__in=set(place_ids)))}


def place_by_code(code: str) -> PlaceRow | None:
    """The place in force under this code. Codes begin with the community's own."""
    return next(iter(rows(Place.objects.filter(_open(None), code=code).order_by("id")[:1])), None)


def children(place_id: int, on: date | None = None) -> list[PlaceRow]:
    """The places directly below, by code."""
    return rows(Place.objects.filter(_open(on), parent_id=place_id).order_by("code"))


def subtree(path: str, *levels: str, on: date | None = None) -> list[PlaceRow]:
    """The place of this path and all below it, or only those of some levels, by code."""
    found = Place.objects.filter(_open(on), path__startswith=path)
    return rows((found.filter(level__in=levels) if levels else found).order_by("code"))


def ancestors(place: PlaceRow, *, with_itself: bool = True) -> list[PlaceRow]:
    """The way from the community down to the place (its crumb)."""
    ids = [int(part) for part in place.path.split(".") if part]
    wanted = ids if with_itself else ids[:-1]
    return rows(Place.objects.filter(pk__in=wanted).order_by("path"))


def buildings(community_id: int, on: date | None = None) -> list[PlaceRow]:
    """A community's buildings, by code."""
    found = Place.objects.filter(_open(on), community_id=community_id, level=Level.BUILDING.value)
    return rows(found.order_by("code"))


def boundaries(community_id: int, *levels: str) -> list[tuple[PlaceRow, dict[str, Any]]]:
    """Places with their outlines (GeoJSON, WGS-84): the community and its grids, or the levels named."""
    wanted = levels or (Level.COMMUNITY.value, Level.GRID.value)
    found = Place.objects.filter(
        _open(None), community_id=community_id, level__in=wanted, boundary__isnull=False
    ).order_by("code")
    return [(_place(values[:-1]), values[-1]) for values in found.values_list(*PLACE_FIELDS, "boundary")]


def by_qr(code: str) -> PlaceRow | None:
    """The place where this code hangs; None for an unknown or replaced code and a closed place."""
    return next(iter(rows(Place.objects.filter(_open(None), qr_code=code))), None)


def where_replaced(code: str) -> PlaceRow | None:
    """The community in which this code once hung and was replaced; where exactly is not told to who holds a lost code."""
    hung = QrCode.objects.filter(code=code, replaced_at__isnull=False)
    return next(iter(rows(Place.objects.filter(pk__in=hung.values("community")))), None)


# Divisions


def division(code: str) -> DivisionRow | None:
    """The division in force under this code."""
    return next(iter(_divisions(Division.objects.filter(code=code, valid_to__isnull=True))), None)


def divisions_above(code: str) -> list[DivisionRow]:
    """Province, city, county and street of a community code, from the top, as far as they are known."""
    codes = [code[:digits].ljust(12, "0") for digits in (2, 4, 6, 9)]
    return _divisions(Division.objects.filter(code__in=codes, valid_to__isnull=True).order_by("code"))


def _divisions(found: QuerySet[Division]) -> list[DivisionRow]:
    listed = found.values_list("code", "level", "name_zh", "name_en", "parent__code")
    return [DivisionRow(*values) for values in listed]


# Duties


def in_force(on: date) -> Q:
    """Duties that open doors on the day."""
    return (
        Q(from_date__lte=on)
        & (Q(until_date__isnull=True) | Q(until_date__gt=on))
        & Q(account__is_active=True, organisation__closed_at__isnull=True)
    )


def duty_rows(found: QuerySet[Duty]) -> list[DutyRow]:
    """The duties of a queryset as frozen rows, in one statement."""
    listed = found.select_related("place", "account", "organisation")
    return [_duty(each) for each in listed]


def _duty(duty: Duty) -> DutyRow:
    body = duty.organisation
    return DutyRow(
        id=duty.pk,
        account_id=duty.account_id,
        person=duty.account.short_name,
        role=duty.role,
        title=duty.title,
        place=_place([getattr(duty.place, field) for field in PLACE_FIELDS]),
        organisation_id=duty.organisation_id,
        organisation_zh=body.name_zh if body else "",
        organisation_en=body.name_en if body else "",
        from_date=duty.from_date,
        until_date=duty.until_date,
    )


def duty_holders(place: PlaceRow, role: str, on: date) -> list[DutyRow]:
    """Who serves in this role on the day: at the place itself, else at the nearest place above."""
    ids = [int(part) for part in place.path.split(".") if part]
    held = Duty.objects.filter(in_force(on), place_id__in=ids, role=role)
    found = duty_rows(held.order_by("from_date", "id"))
    if not found:
        return []
    nearest = max(each.place.depth for each in found)
    return [each for each in found if each.place.depth == nearest]


def grid_team(place: PlaceRow, on: date) -> dict[str, list[DutyRow]]:
    """一警两员 and everybody else who serves here or above, nearest first, by role, in one statement.

    Programs serve as well, but nobody can call them: they have no phone and are not told of.
    """
    ids = [int(part) for part in place.path.split(".") if part]
    team: dict[str, list[DutyRow]] = {}
    people_here = Duty.objects.filter(in_force(on), place_id__in=ids, account__phone_index__isnull=False)
    for each in duty_rows(people_here):
        team.setdefault(each.role, []).append(each)
    for members in team.values():
        members.sort(key=lambda each: (-each.place.depth, each.from_date, each.id))
    return team


def duties(community_id: int, on: date | None = None) -> list[DutyRow]:
    """A community's duties in force on the day, or all that ever were."""
    found = Duty.objects.filter(community_id=community_id)
    found = found.filter(in_force(on)) if on else found
    return duty_rows(found.order_by("place__path", "role", "from_date"))


def duty(duty_id: int) -> DutyRow | None:
    """One duty."""
    return next(iter(duty_rows(Duty.objects.filter(pk=duty_id))), None)


def staff_of(organisation_id: int, on: date) -> list[DutyRow]:
    """Who serves for an organisation on the day."""
    return duty_rows(
        Duty.objects.filter(in_force(on), organisation_id=organisation_id).order_by("role", "id")
    )


def serves_anywhere(account_id: int, on: date) -> bool:
    """Whether the account holds a duty other than being a resident."""
    return Duty.objects.filter(in_force(on), account_id=account_id).exclude(role="resident").exists()


# Memberships, residences


def home(account_id: int) -> PlaceRow | None:
    """The place (or community) the account last tied itself to."""
    last = Membership.objects.filter(account_id=account_id).order_by("-since", "-id").first()
    return place(last.place_id or last.community_id) if last else None


def memberships(account_id: int) -> list[tuple[int, int | None, datetime]]:
    """Community, place there, and since when, newest first."""
    found = Membership.objects.filter(account_id=account_id).order_by("-since", "-id")
    return list(found.values_list("community_id", "place_id", "since"))


def residences(community_id: int, *, waiting: bool | None = None) -> list[ResidenceRow]:
    """A community's residences not ended: those that wait, those that are proved (the first to run out first), or all.

    Walled by scope.
    """
    found = Residence.objects.filter(community_id=community_id, ended_at__isnull=True)
    if waiting is not None:
        found = found.filter(bound_at__isnull=waiting)
    return _residences(found.order_by(*(("expires_date", "id") if waiting is False else ("asked_at", "id"))))


def residences_of(account_id: int) -> list[ResidenceRow]:
    """An account's own residences in the communities entered."""
    return _residences(Residence.objects.filter(account_id=account_id).order_by("-asked_at"))


def residence(residence_id: int) -> ResidenceRow | None:
    """One residence, if its community has been entered."""
    return next(iter(_residences(Residence.objects.filter(pk=residence_id))), None)


def _residences(found: QuerySet[Residence]) -> list[ResidenceRow]:
    listed = found.select_related("dwelling").annotate(person=F("account__short_name"))
    return [
        ResidenceRow(
            id=each.pk,
            community_id=each.community_id,
            account_id=each.account_id,
            person=each.person,
            dwelling=_place([getattr(each.dwelling, field) for field in PLACE_FIELDS]),
            basis=each.basis,
            asked_at=each.asked_at,
            first_approver_id=each.first_approver_id,
            second_approver_id=each.second_approver_id,
            bound_at=each.bound_at,
            expires_date=each.expires_date,
            ended_at=each.ended_at,
            ended_why=each.ended_why,
            ended_reason=each.ended_reason,
            ended_words=each.ended_words,
        )
        for each in listed
    ]


def tied_to(place: PlaceRow, *, after: int, most: int) -> list[int]:
    """The accounts tied to a place or to one below it, by membership or residence, in order of their ids.

    :param after: only ids above this one, so that a long list can be gone through in steps.
    """
    found: set[int] = set()
    for rows_ in _ties(place):
        beyond = rows_.filter(account_id__gt=after).order_by("account_id")
        found |= set(beyond.values_list("account_id", flat=True).distinct()[:most])
    return sorted(found)[:most]


def how_many_tied(place: PlaceRow) -> int:
    """How many accounts `tied_to` finds in all."""
    member, at_home = (rows_.order_by().values("account_id") for rows_ in _ties(place))
    return member.union(at_home).count()


def _ties(place: PlaceRow) -> tuple[QuerySet[Membership], QuerySet[Residence]]:
    member = Membership.objects.filter(community_id=place.community_id)
    at_home = Residence.objects.filter(
        community_id=place.community_id, ended_at__isnull=True, bound_at__isnull=False
    )
    if place.level != Level.COMMUNITY.value:
        member = member.filter(place__path__startswith=place.path)
        at_home = at_home.filter(dwelling__path__startswith=place.path)
    return member, at_home


# What a community wants


def setting(community_id: int, key: str, at: datetime) -> Any:
    """What the community wants of ``key`` at this moment, or the default.

    :raises KeyError: a key nobody has declared (rules/wishes.py).
    """
    default = wishes.DECLARED[key].default
    found = _settings(community_id, at).filter(key=key).order_by("-valid_from", "-id")
    values = list(found.values_list("value", flat=True)[:1])
    return values[0] if values else default


def settings(community_id: int, at: datetime) -> Mapping[str, SettingRow]:
    """All declared settings of a community at this moment, in one statement."""
    found = {key: SettingRow(key, wish.default, None, None) for key, wish in wishes.DECLARED.items()}
    dated = _settings(community_id, at).order_by("valid_from", "id")
    for row in dated.values_list("key", "value", "valid_from", "set_by_id"):
        if row[0] in found:
            found[row[0]] = SettingRow(*row)
    return found


def _settings(community_id: int, at: datetime) -> QuerySet[CommunitySetting]:
    return CommunitySetting.objects.filter(community_id=community_id, valid_from__lte=at)
