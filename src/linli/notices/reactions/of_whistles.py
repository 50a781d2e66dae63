"""Bodies called to a place: who is called, who answers, who is there, what was agreed."""

from __future__ import annotations

from django.urls import reverse

from linli.cases import events as cases
from linli.cases.queries import told
from linli.grids import queries as places
from linli.notices import hearers, saying
from linli.notices.reactions.case_news import case_of, named, tell_case
from linli.notices.rules.addressing import To


def tell_of_whistle(fact: cases.WhistleBlown) -> None:
    """Every body that is called."""
    news, whistle = case_of(fact.community_id, fact.number), told.whistle(fact.whistle_id)
    if news is None or whistle is None:
        return
    on = places.day_of(fact.at)
    to = [one for body in whistle.bodies for one in hearers.body(fact.community_id, body, on)]
    tell_case(
        "work_whistle",
        news,
        to,
        fact=named(fact, fact.whistle_id),
        at=fact.at,
        more=lambda language: {"meet": saying.moment(whistle.meet_at), "where": whistle.place},
        link=_whistle_page(fact.whistle_id),
    )


def _whistle_page(whistle_id: int) -> str:
    return reverse("cases:whistle_one", args=[whistle_id])


def tell_of_answer(fact: cases.WhistleAnswered) -> None:
    """Whoever called hears what the body said."""
    news, whistle = case_of(fact.community_id, fact.number), told.whistle(fact.whistle_id)
    if news is None or whistle is None:
        return
    tell_case(
        "work_whistle_answered",
        news,
        [To.room(), *hearers.persons([whistle.caller_id])],
        fact=named(fact, fact.whistle_id, fact.organisation_id, fact.how, fact.at.isoformat()),
        at=fact.at,
        more=lambda language: {
            "called": saying.body_name(fact.organisation_id, language),
            "how": saying.answered(fact.how),
        },
        link=_whistle_page(fact.whistle_id),
    )


def tell_of_arrival(fact: cases.BodyArrived) -> None:
    """Whoever called hears that the body is there."""
    news, whistle = case_of(fact.community_id, fact.number), told.whistle(fact.whistle_id)
    if news is None or whistle is None:
        return
    tell_case(
        "work_arrived",
        news,
        [To.room(), *hearers.persons([whistle.caller_id])],
        fact=named(fact, fact.whistle_id, fact.organisation_id, fact.arrived_at.isoformat()),
        at=fact.at,
        more=lambda language: {
            "called": saying.body_name(fact.organisation_id, language),
            "at": saying.clock_time(fact.arrived_at),
        },
        link=_whistle_page(fact.whistle_id),
    )


def tell_of_conclusion(fact: cases.WhistleConcluded) -> None:
    """Every body that was called; and the people who wait, where something was agreed that they may read."""
    news, whistle = case_of(fact.community_id, fact.number), told.whistle(fact.whistle_id)
    if news is None or whistle is None:
        return
    on = places.day_of(fact.at)
    to = [one for body in whistle.bodies for one in hearers.body(fact.community_id, body, on)]
    name = named(fact, fact.whistle_id)
    tell_case(
        "work_whistle_ended",
        news,
        to,
        fact=name,
        at=fact.at,
        more=lambda language: {"how": saying.whistle_ended(fact.how)},
        link=_whistle_page(fact.whistle_id),
    )
    if fact.how == "concluded" and whistle.public_words:
        tell_case(
            "case_told", news, hearers.reporters(news), fact=name, at=fact.at, answer=whistle.public_words
        )
