"""Somebody may be in danger: everybody on duty hears it, at any hour."""

from __future__ import annotations

from linli.cases import events as cases
from linli.cases.queries import told
from linli.grids import queries as places
from linli.notices import hearers, saying
from linli.notices.reactions.case_news import case_of, named, tell_case
from linli.notices.rules.addressing import To


def tell_of_alarm(fact: cases.UrgentRaised) -> None:
    """Everybody who may answer it, at any hour."""
    news = case_of(fact.community_id, fact.number)
    if news is None:
        return
    tell_case(
        "alarm_raised",
        news,
        hearers.hear_alarm(news, 0, places.day_of(fact.at)),
        fact=named(fact, fact.number, fact.at.isoformat()),
        at=fact.at,
        more=lambda language: {"dangers": saying.dangers(fact.kinds)},
    )


def tell_of_unanswered_alarm(fact: cases.UrgentUnanswered) -> None:
    """As many again, and more people each time."""
    news = case_of(fact.community_id, fact.number)
    if news is None:
        return
    minutes = int((fact.at - fact.rung_at).total_seconds() // 60)
    kinds = told.rings_for(news.id)
    tell_case(
        "alarm_unanswered",
        news,
        hearers.hear_alarm(news, fact.level, places.day_of(fact.at)),
        fact=named(fact, fact.number, fact.rung_at.isoformat(), fact.level),
        at=fact.at,
        more=lambda language: {"dangers": saying.dangers(kinds), "minutes": minutes},
    )


def tell_of_answered_alarm(fact: cases.UrgentAnswered) -> None:
    """The room, so that nobody runs twice."""
    news = case_of(fact.community_id, fact.number)
    if news is None:
        return
    kinds = told.rings_for(news.id)
    tell_case(
        "alarm_answered",
        news,
        [To.room()],
        fact=named(fact, fact.number, fact.at.isoformat()),
        at=fact.at,
        more=lambda language: {"dangers": saying.dangers(kinds)},
    )
