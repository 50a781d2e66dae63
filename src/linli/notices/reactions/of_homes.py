"""Homes to be confirmed, confirmed or not, and duties given and ended."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.urls import reverse

from linli.grids import events as grids
from linli.grids import queries as places
from linli.grids.rules.duties import VOUCHERS
from linli.notices import hearers, saying
from linli.notices.actions.telling import tell
from linli.notices.reactions.case_news import named
from linli.notices.rules.addressing import To
from linli.people import words as people_words


def tell_of_home_asked(fact: grids.ResidenceAsked) -> None:
    """Those who may confirm it."""
    row = places.residence(fact.residence_id)
    if row is None or row.bound_at is not None:
        return
    to = hearers.serving(fact.community_id, VOUCHERS, places.day_of(fact.at), place_path=row.dwelling.path)
    tell(
        community_id=fact.community_id,
        kind="work_home",
        fact=named(fact, fact.residence_id),
        to=[To.room(), *to],
        values=saying.plain(fact.community_id),
        link=reverse("grids:residences"),
        at=fact.at,
    )


def tell_of_home_bound(fact: grids.ResidenceBound) -> None:
    """Whose home it is."""
    _tell_home("home_bound", fact, {"until": fact.until})


def tell_of_home_ended(fact: grids.ResidenceEnded) -> None:
    """Whose home it was."""
    _tell_home("home_refused", fact, {})


def _tell_home(kind: str, fact: grids.ResidenceBound | grids.ResidenceEnded, more: Mapping[str, str]) -> None:
    row = places.residence(fact.residence_id)
    place = row.dwelling if row else None
    tell(
        community_id=fact.community_id,
        kind=kind,
        fact=named(fact, fact.residence_id, fact.at.isoformat()),
        to=[To.person(fact.account_id)],
        values=saying.plain(
            fact.community_id, lambda language: {"place": place.name(language) if place else "", **more}
        ),
        link=reverse("grids:home"),
        at=fact.at,
    )


def tell_of_duty(fact: grids.DutyGranted) -> None:
    """Who serves."""
    _tell_duty("duty_granted", fact)


def tell_of_duty_ended(fact: grids.DutyEnded) -> None:
    """Who served."""
    _tell_duty("duty_ended", fact)


def _tell_duty(kind: str, fact: grids.DutyGranted | grids.DutyEnded) -> None:
    row = places.duty(fact.duty_id)
    if row is None or fact.role == "resident":
        return

    def more(language: str) -> Mapping[str, Any]:
        role = row.title or str(people_words.ROLES.get(row.role, row.role))
        ends = fact.until if isinstance(fact, grids.DutyEnded) else ""
        return {
            "place": row.place.name(language),
            "role": role,
            "from": row.from_date.isoformat(),
            "until": ends,
        }

    tell(
        community_id=fact.community_id,
        kind=kind,
        fact=named(fact, fact.duty_id),
        to=[To.person(fact.account_id)],
        values=saying.plain(fact.community_id, more),
        link=reverse("people:me"),
        at=fact.at,
    )
