"""Homes to be confirmed, confirmed or not, and duties given and ended."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.urls import reverse
from django.utils import translation

from linli.grids import events as grids
from linli.grids import queries as places
from linli.grids import words as place_words
from linli.grids.rules.duties import VOUCHERS
from linli.grids.rules.words import Ended
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


def tell_of_home_expiring(fact: grids.ResidenceExpiring) -> None:
    """Whose home it is: still to be shown again in time."""
    row = places.residence(fact.residence_id)
    if row is not None and row.ended_at is None:
        _tell_home("home_expiring", fact, {"until": fact.until})


def tell_of_home_ended(fact: grids.ResidenceEnded) -> None:
    """Whose home it was, with the reason; not who said so themselves, and not who goes on under a newer proof."""
    row = places.residence(fact.residence_id)
    if row is None or row.ended_why in (Ended.MOVED, Ended.RENEWED):
        return
    kind = "home_refused" if row.ended_why == Ended.REFUSED else "home_ended"

    def reason(language: str) -> str:
        with translation.override(language):
            return place_words.end_reason(row.ended_why, row.ended_reason, row.ended_words)

    _tell_home(kind, fact, {}, reason)


def _tell_home(
    kind: str,
    fact: grids.ResidenceBound | grids.ResidenceExpiring | grids.ResidenceEnded,
    more: Mapping[str, str],
    reason: Callable[[str], str] | None = None,
) -> None:
    row = places.residence(fact.residence_id)
    place = row.dwelling if row else None

    def said(language: str) -> Mapping[str, str]:
        told = {"place": place.name(language) if place else "", **more}
        return told | ({"reason": reason(language)} if reason else {})

    tell(
        community_id=fact.community_id,
        kind=kind,
        fact=named(fact, fact.residence_id, fact.at.isoformat()),
        to=[To.person(fact.account_id)],
        values=saying.plain(fact.community_id, said),
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
