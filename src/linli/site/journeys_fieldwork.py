"""Where the work in the grids and telling people meet: hand-overs, help to be confirmed, records looked at again."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from datetime import date
from typing import Any

from django.urls import reverse

from linli.fieldwork import words_rechecks
from linli.fieldwork.events import (
    HandOverAccepted,
    HandOverDeclined,
    HandOverOffered,
    RecheckAsked,
    RecheckDecided,
    RecheckFound,
    ServiceAnswered,
    ServiceGiven,
)
from linli.fieldwork.queries import handing, kinds, services
from linli.fieldwork.rules.rechecks import Found
from linli.grids import queries as places
from linli.notices import hearers, saying
from linli.notices.actions.telling import tell
from linli.notices.rules.addressing import To
from linli.people import queries as people


def tell_of_offer(fact: HandOverOffered) -> None:
    """Whoever is to take a grid's open work over hears of it; why the giver cannot go on stands on its page alone."""
    _tell_of_handover(
        fact, "work_handover", {fact.receiver_id}, fact.giver_id, lambda language: {"items": fact.items}
    )


def tell_of_taking(fact: HandOverAccepted) -> None:
    """The giver, and the leader who offered it for them, hear that it was taken over, and how much stays."""
    _tell_of_handover(
        fact,
        "work_handover_taken",
        {fact.giver_id, handing.offered_by(fact.handover_id)},
        fact.receiver_id,
        lambda language: {"taken": fact.taken, "left": fact.left or ""},
    )


def tell_of_no_handover(fact: HandOverDeclined) -> None:
    """The other side hears that nothing changes hands: the receiver declined, or it was taken back."""
    declined = fact.by_id == fact.receiver_id
    giving = {fact.giver_id, handing.offered_by(fact.handover_id)}
    _tell_of_handover(
        fact,
        "work_handover_ended",
        giving if declined else {fact.receiver_id},
        fact.by_id,
        lambda language: {"how": saying.not_handed_over(declined=declined)},
    )


def _tell_of_handover(
    fact: HandOverOffered | HandOverAccepted | HandOverDeclined,
    kind: str,
    to: Collection[int | None],
    other_id: int,
    more: Callable[[str], Mapping[str, Any]],
) -> None:
    """Tell these accounts what became of a hand-over, and through whom."""
    cards, grid = people.cards([other_id]), places.place(fact.grid_id)
    tell(
        community_id=fact.community_id,
        kind=kind,
        fact=f"fieldwork.{type(fact).__name__}:{fact.handover_id}",
        to=hearers.persons(to),
        values=saying.plain(
            fact.community_id,
            lambda language: {
                "worker": cards[other_id].short_name if other_id in cards else "",
                "grid": grid.name(language) if grid else "",
                **more(language),
            },
        ),
        link=reverse("fieldwork:handover", args=[fact.handover_id]),
        at=fact.at,
    )


def tell_of_service(fact: ServiceGiven) -> None:
    """Whom help was written down for is asked whether it was given; without an account nobody is told."""
    row = services.told(fact.community_id, fact.service_id)
    if row is None or not row.hearers:
        return
    cards = people.cards([row.worker_id])
    tell(
        community_id=fact.community_id,
        kind="service_given",
        fact=f"fieldwork.ServiceGiven:{fact.service_id}",
        to=[To.person(one) for one in row.hearers],
        values=saying.plain(
            fact.community_id,
            lambda language: {
                "worker": cards[row.worker_id].short_name if row.worker_id in cards else "",
                "service": kinds.names(fact.community_id, language).get(row.kind, row.kind),
                "day": saying.day(places.day_of(row.at)),
            },
        ),
        link=reverse("fieldwork:my_service", args=[fact.service_id]),
        at=fact.at,
    )


def tell_of_service_denied(fact: ServiceAnswered) -> None:
    """Who wrote the help down hears that the resident says it was not given, and can answer."""
    if fact.said != "no":
        return
    tell(
        community_id=fact.community_id,
        kind="work_service_denied",
        fact=f"fieldwork.ServiceAnswered:{fact.service_id}:{fact.at.isoformat()}",
        to=[To.person(fact.worker_id)],
        values=saying.plain(
            fact.community_id,
            lambda language: {"service": kinds.names(fact.community_id, language).get(_kind(fact), "")},
        ),
        link=reverse("fieldwork:service", args=[fact.service_id]),
        at=fact.at,
    )


def _kind(fact: ServiceAnswered) -> str:
    row = services.told(fact.community_id, fact.service_id)
    return row.kind if row else ""


def tell_of_recheck(fact: RecheckAsked) -> None:
    """Somebody is to go and look at a record again."""
    tell(
        community_id=fact.community_id,
        kind="work_recheck",
        fact=f"fieldwork.RecheckAsked:{fact.recheck_id}:{int(fact.second)}:{fact.visitor_id}",
        to=[To.person(fact.visitor_id)],
        values=saying.plain(fact.community_id),
        link=reverse("fieldwork:recheck", args=[fact.recheck_id]),
        at=fact.at,
    )


def tell_of_finding(fact: RecheckFound) -> None:
    """The worker hears what was found, and until when to answer."""
    tell(
        community_id=fact.community_id,
        kind="work_recheck_found",
        fact=f"fieldwork.RecheckFound:{fact.recheck_id}",
        to=[To.person(fact.worker_id)],
        values=saying.plain(
            fact.community_id, lambda language: {"until": saying.day(date.fromisoformat(fact.until))}
        ),
        link=reverse("fieldwork:my_recheck", args=[fact.recheck_id]),
        at=fact.at,
    )


def tell_of_recheck_decided(fact: RecheckDecided) -> None:
    """The worker hears how it ended, unless nothing was wrong and nothing was asked."""
    if fact.outcome not in {"false", "mistaken"}:
        return
    tell(
        community_id=fact.community_id,
        kind="work_recheck_decided",
        fact=f"fieldwork.RecheckDecided:{fact.recheck_id}",
        to=[To.person(fact.worker_id)],
        values=saying.plain(
            fact.community_id,
            lambda language: {"outcome": words_rechecks.OUTCOMES[Found(fact.outcome)]},
        ),
        link=reverse("fieldwork:my_recheck", args=[fact.recheck_id]),
        at=fact.at,
    )
