"""Promises that run out, rungs of the ladder, letters past their day."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from functools import partial
from typing import Any

from linli.cases import events as cases
from linli.cases.queries import chasing, told
from linli.cases.rules.ladder import Act
from linli.cases.rules.promises import Stage
from linli.grids import queries as places
from linli.notices import hearers, saying
from linli.notices.reactions.case_news import case_of, named, tell_case
from linli.notices.rules.addressing import To


def tell_of_risk(fact: cases.PromiseAtRisk) -> None:
    """Whoever keeps the promise hears that little is left of it."""
    news = case_of(fact.community_id, fact.number)
    if news is None:
        return
    to = hearers.by_stage(news, fact.stage, fact.organisation_id, places.day_of(fact.at))
    tell_case(
        "work_at_risk",
        news,
        to,
        fact=named(fact, fact.number, fact.stage, fact.due_at.isoformat(), fact.organisation_id or ""),
        at=fact.at,
        more=partial(_stage_and_due, fact.stage, fact.due_at),
    )


def tell_of_broken_promise(fact: cases.PromiseBroken) -> None:
    """Whoever should have kept it; and the people who wait, where it is the promise to resolve."""
    news = case_of(fact.community_id, fact.number)
    if news is None:
        return
    name = named(fact, fact.number, fact.stage, fact.due_at.isoformat(), fact.organisation_id or "")
    more = partial(_stage_and_due, fact.stage, fact.due_at)
    to = hearers.by_stage(news, fact.stage, fact.organisation_id, places.day_of(fact.at))
    tell_case("work_broken", news, to, fact=name, at=fact.at, more=more)
    if fact.stage == Stage.RESOLVE and fact.organisation_id == news.organisation_id:
        tell_case("case_late", news, hearers.reporters(news), fact=name, at=fact.at, more=more)


def _stage_and_due(stage: str, due_at: datetime, language: str) -> Mapping[str, Any]:
    return {"stage": saying.stage(stage), "due": saying.moment(due_at)}


def tell_of_rung(fact: cases.LadderClimbed) -> None:
    """Those for whom the rung is meant, and the groups of the body (or the room, where it goes to the leader)."""
    news = case_of(fact.community_id, fact.number)
    if news is None:
        return
    on = places.day_of(fact.at)
    accounts = chasing.told_of(fact.community_id, Act(fact.act), news.organisation_id, news.handler_id, on)
    group = (
        To.body(news.organisation_id) if news.organisation_id and fact.act != Act.TELL_LEADER else To.room()
    )
    tell_case(
        "work_ladder",
        news,
        [group, *hearers.persons(accounts)],
        fact=named(fact, fact.number, fact.stage, fact.level, fact.at.isoformat()),
        at=fact.at,
        more=lambda language: {
            "stage": saying.stage(fact.stage),
            "act": saying.act(fact.act),
            "level": fact.level,
        },
        stage=fact.stage,
    )


def tell_of_overdue_letter(fact: cases.LetterOverdue) -> None:
    """The body's heads and the supervisor."""
    news, letter = case_of(fact.community_id, fact.number), told.letter(fact.letter_id)
    if news is None or letter is None:
        return
    to = hearers.body(fact.community_id, fact.organisation_id, places.day_of(fact.at))
    tell_case(
        "work_letter_overdue",
        news,
        [*to, *hearers.persons([letter[3]])],
        fact=named(fact, fact.letter_id),
        at=fact.at,
        more=lambda language: {
            "letter": saying.letter(*letter[:3]),
            "due": saying.moment(fact.due_at),
            "body": saying.body_name(fact.organisation_id, language),
        },
    )
