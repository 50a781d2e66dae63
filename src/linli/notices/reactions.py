"""Who is told when something happened: one function a fact. Twice changes nothing: a fact tells each recipient once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from functools import partial
from typing import Any

from django.urls import reverse

from linli.cases import events as cases
from linli.cases.queries import chasing, told
from linli.cases.queries.told import MoveNews, News
from linli.cases.rules.ladder import Act
from linli.cases.rules.promises import Stage
from linli.grids import events as grids
from linli.grids import queries as places
from linli.grids.rules.duties import VOUCHERS
from linli.kernel.events import Fact, name_of
from linli.notices import hearers, saying
from linli.notices.actions.telling import tell
from linli.notices.rules import hearing
from linli.notices.rules.addressing import To
from linli.people import words as people_words

More = Callable[[str], Mapping[str, Any]]
STAFF_KINDS = ("work_", "alarm_")


def _named(fact: Fact, *parts: object) -> str:
    """The fact's name for ever."""
    return ":".join([name_of(type(fact)), *(str(part) for part in parts)])


def _link(kind: str, number: str) -> str:
    """Where the recipient reads on: the resident's page of the case, or the workbench's."""
    page = "cases:desk_case" if kind.startswith(STAFF_KINDS) else "cases:case"
    return reverse(page, args=[number])


def _tell_case(
    kind: str,
    news: News,
    to: Iterable[To],
    *,
    fact: str,
    at: datetime,
    more: More | None = None,
    stage: str = "",
    answer: str = "",
    link: str = "",
) -> None:
    tell(
        community_id=news.community_id,
        kind=kind,
        fact=fact,
        to=to,
        values=saying.of_case(news, more, stage=stage, answer=answer),
        link=link or _link(kind, news.number),
        subject=news.number,
        at=at,
    )


def _case(community_id: int, number: str) -> News | None:
    """The case, unless it came with an import: of old tables nobody is told."""
    news = told.case(community_id, number)
    return None if news is None or news.imported else news


# -- cases -------------------------------------------------------------------------------------------------------------


def tell_of_report(fact: cases.CaseReported) -> None:
    """The receipt for whoever reported it, and a word to the room."""
    news = _case(fact.community_id, fact.number)
    if news is None:
        return
    name = _named(fact, fact.number)
    _tell_case("case_received", news, hearers.reporter(news), fact=name, at=fact.at, stage=Stage.ACCEPT)
    if not news.quarantined:
        _tell_case("work_new", news, [To.room()], fact=name, at=fact.at, stage=Stage.ACCEPT)


def tell_of_move(fact: cases.CaseMoved) -> None:
    """Whatever the table of moves says, to whom it says."""
    if fact.verb not in {verb.value for verb in hearing.TABLE}:
        return
    news = _case(fact.community_id, fact.number)
    move = told.move(news.id, fact.seq) if news else None
    if news is None or move is None:
        return
    for one in hearing.heard(fact.verb, dict(move.data)):
        _tell_case(
            one.kind,
            news,
            hearers.of_move(one.who, news, move, places.day_of(fact.at)),
            fact=_named(fact, fact.number, fact.seq),
            at=fact.at,
            more=partial(_of_move, one.kind, news, move),
            stage=one.stage,
            answer=move.answer or news.answer if one.kind in {"case_settled", "case_told"} else move.answer,
        )


def _of_move(kind: str, news: News, move: MoveNews, language: str) -> Mapping[str, Any]:
    """What the words of a move name beside the case's own."""
    say = _MORE.get(kind)
    found: dict[str, Any] = {"reason": saying.reason(move.reason)}
    if say is not None:
        found |= say(news, move, language)
    return found


def _returned(news: News, move: MoveNews, language: str) -> Mapping[str, Any]:
    again = int(move.data.get("round") or 1)
    return {"round": again if again > 1 else ""}


def _ruled(news: News, move: MoveNews, language: str) -> Mapping[str, Any]:
    return {"ruling": saying.ruling(str(move.data.get("ruling", "")))}


def _asked(news: News, move: MoveNews, language: str) -> Mapping[str, Any]:
    days = float(move.data.get("days") or 0)
    return {"request": saying.request(str(move.data.get("request"))), "days": f"{days:g}" if days else ""}


def _decided(news: News, move: MoveNews, language: str) -> Mapping[str, Any]:
    granted = bool(move.data.get("granted"))
    return {
        "request": saying.request(str(move.data.get("request"))),
        "decision": saying.decision(granted),
    }


def _paused(news: News, move: MoveNews, language: str) -> Mapping[str, Any]:
    until = move.data.get("until")
    return {"until": saying.moment(datetime.fromisoformat(until)) if until else ""}


def _urged(news: News, move: MoveNews, language: str) -> Mapping[str, Any]:
    return {"times": news.urges if news.urges > 1 else ""}


def _lettered(news: News, move: MoveNews, language: str) -> Mapping[str, Any]:
    data = move.data
    until = data.get("until")
    return {
        "letter": saying.letter(
            str(data.get("kind")), int(data.get("year") or 0), int(data.get("serial") or 0)
        ),
        "due": saying.moment(datetime.fromisoformat(until)) if until else "",
    }


def _brought_in(news: News, move: MoveNews, language: str) -> Mapping[str, Any]:
    return {"body": saying.body_name(move.organisation_id, language)}


def _by_body(news: News, move: MoveNews, language: str) -> Mapping[str, Any]:
    return {"body": saying.body_name(move.organisation_id, language), **_returned(news, move, language)}


_MORE: dict[str, Callable[[News, MoveNews, str], Mapping[str, Any]]] = {
    "work_returned": _by_body,
    "work_ruled": _ruled,
    "work_asked": _asked,
    "work_decided": _decided,
    "case_paused": _paused,
    "work_urged": _urged,
    "work_letter": _lettered,
    "work_task": _brought_in,
}


def tell_of_risk(fact: cases.PromiseAtRisk) -> None:
    """Whoever keeps the promise hears that little is left of it."""
    news = _case(fact.community_id, fact.number)
    if news is None:
        return
    to = hearers.by_stage(news, fact.stage, fact.organisation_id, places.day_of(fact.at))
    _tell_case(
        "work_at_risk",
        news,
        to,
        fact=_named(fact, fact.number, fact.stage, fact.due_at.isoformat(), fact.organisation_id or ""),
        at=fact.at,
        more=partial(_stage_and_due, fact.stage, fact.due_at),
    )


def tell_of_broken_promise(fact: cases.PromiseBroken) -> None:
    """Whoever should have kept it; and the people who wait, where it is the promise to resolve."""
    news = _case(fact.community_id, fact.number)
    if news is None:
        return
    name = _named(fact, fact.number, fact.stage, fact.due_at.isoformat(), fact.organisation_id or "")
    more = partial(_stage_and_due, fact.stage, fact.due_at)
    to = hearers.by_stage(news, fact.stage, fact.organisation_id, places.day_of(fact.at))
    _tell_case("work_broken", news, to, fact=name, at=fact.at, more=more)
    if fact.stage == Stage.RESOLVE and fact.organisation_id == news.organisation_id:
        _tell_case("case_late", news, hearers.reporters(news), fact=name, at=fact.at, more=more)


def _stage_and_due(stage: str, due_at: datetime, language: str) -> Mapping[str, Any]:
    return {"stage": saying.stage(stage), "due": saying.moment(due_at)}


def tell_of_rung(fact: cases.LadderClimbed) -> None:
    """Those for whom the rung is meant, and the groups of the body (or the room, where it goes to the leader)."""
    news = _case(fact.community_id, fact.number)
    if news is None:
        return
    on = places.day_of(fact.at)
    accounts = chasing.told_of(fact.community_id, Act(fact.act), news.organisation_id, news.handler_id, on)
    group = (
        To.body(news.organisation_id) if news.organisation_id and fact.act != Act.TELL_LEADER else To.room()
    )
    _tell_case(
        "work_ladder",
        news,
        [group, *hearers.persons(accounts)],
        fact=_named(fact, fact.number, fact.stage, fact.level, fact.at.isoformat()),
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
    news, letter = _case(fact.community_id, fact.number), told.letter(fact.letter_id)
    if news is None or letter is None:
        return
    to = hearers.body(fact.community_id, fact.organisation_id, places.day_of(fact.at))
    _tell_case(
        "work_letter_overdue",
        news,
        [*to, *hearers.persons([letter[3]])],
        fact=_named(fact, fact.letter_id),
        at=fact.at,
        more=lambda language: {
            "letter": saying.letter(*letter[:3]),
            "due": saying.moment(fact.due_at),
            "body": saying.body_name(fact.organisation_id, language),
        },
    )


# -- whistles ----------------------------------------------------------------------------------------------------------


def tell_of_whistle(fact: cases.WhistleBlown) -> None:
    """Every body that is called."""
    news, whistle = _case(fact.community_id, fact.number), told.whistle(fact.whistle_id)
    if news is None or whistle is None:
        return
    on = places.day_of(fact.at)
    to = [one for body in whistle.bodies for one in hearers.body(fact.community_id, body, on)]
    _tell_case(
        "work_whistle",
        news,
        to,
        fact=_named(fact, fact.whistle_id),
        at=fact.at,
        more=lambda language: {"meet": saying.moment(whistle.meet_at), "where": whistle.place},
        link=_whistle_page(fact.whistle_id),
    )


def _whistle_page(whistle_id: int) -> str:
    return reverse("cases:whistle_one", args=[whistle_id])


def tell_of_answer(fact: cases.WhistleAnswered) -> None:
    """Whoever called hears what the body said."""
    news, whistle = _case(fact.community_id, fact.number), told.whistle(fact.whistle_id)
    if news is None or whistle is None:
        return
    _tell_case(
        "work_whistle_answered",
        news,
        [To.room(), *hearers.persons([whistle.caller_id])],
        fact=_named(fact, fact.whistle_id, fact.organisation_id, fact.how, fact.at.isoformat()),
        at=fact.at,
        more=lambda language: {
            "called": saying.body_name(fact.organisation_id, language),
            "how": saying.answered(fact.how),
        },
        link=_whistle_page(fact.whistle_id),
    )


def tell_of_arrival(fact: cases.BodyArrived) -> None:
    """Whoever called hears that the body is there."""
    news, whistle = _case(fact.community_id, fact.number), told.whistle(fact.whistle_id)
    if news is None or whistle is None:
        return
    _tell_case(
        "work_arrived",
        news,
        [To.room(), *hearers.persons([whistle.caller_id])],
        fact=_named(fact, fact.whistle_id, fact.organisation_id, fact.arrived_at.isoformat()),
        at=fact.at,
        more=lambda language: {
            "called": saying.body_name(fact.organisation_id, language),
            "at": saying.clock_time(fact.arrived_at),
        },
        link=_whistle_page(fact.whistle_id),
    )


def tell_of_conclusion(fact: cases.WhistleConcluded) -> None:
    """Every body that was called; and the people who wait, where something was agreed that they may read."""
    news, whistle = _case(fact.community_id, fact.number), told.whistle(fact.whistle_id)
    if news is None or whistle is None:
        return
    on = places.day_of(fact.at)
    to = [one for body in whistle.bodies for one in hearers.body(fact.community_id, body, on)]
    name = _named(fact, fact.whistle_id)
    _tell_case(
        "work_whistle_ended",
        news,
        to,
        fact=name,
        at=fact.at,
        more=lambda language: {"how": saying.whistle_ended(fact.how)},
        link=_whistle_page(fact.whistle_id),
    )
    if fact.how == "concluded" and whistle.public_words:
        _tell_case(
            "case_told", news, hearers.reporters(news), fact=name, at=fact.at, answer=whistle.public_words
        )


# -- alarms ------------------------------------------------------------------------------------------------------------


def tell_of_alarm(fact: cases.UrgentRaised) -> None:
    """Everybody who may answer it, at any hour."""
    news = _case(fact.community_id, fact.number)
    if news is None:
        return
    _tell_case(
        "alarm_raised",
        news,
        hearers.hear_alarm(news, 0, places.day_of(fact.at)),
        fact=_named(fact, fact.number, fact.at.isoformat()),
        at=fact.at,
        more=lambda language: {"dangers": saying.dangers(fact.kinds)},
    )


def tell_of_unanswered_alarm(fact: cases.UrgentUnanswered) -> None:
    """As many again, and more people each time."""
    news = _case(fact.community_id, fact.number)
    if news is None:
        return
    minutes = int((fact.at - fact.rung_at).total_seconds() // 60)
    kinds = told.rings_for(news.id)
    _tell_case(
        "alarm_unanswered",
        news,
        hearers.hear_alarm(news, fact.level, places.day_of(fact.at)),
        fact=_named(fact, fact.number, fact.rung_at.isoformat(), fact.level),
        at=fact.at,
        more=lambda language: {"dangers": saying.dangers(kinds), "minutes": minutes},
    )


def tell_of_answered_alarm(fact: cases.UrgentAnswered) -> None:
    """The room, so that nobody runs twice."""
    news = _case(fact.community_id, fact.number)
    if news is None:
        return
    kinds = told.rings_for(news.id)
    _tell_case(
        "alarm_answered",
        news,
        [To.room()],
        fact=_named(fact, fact.number, fact.at.isoformat()),
        at=fact.at,
        more=lambda language: {"dangers": saying.dangers(kinds)},
    )


# -- homes and duties --------------------------------------------------------------------------------------------------


def tell_of_home_asked(fact: grids.ResidenceAsked) -> None:
    """Those who may confirm it."""
    row = places.residence(fact.residence_id)
    if row is None or row.bound_at is not None:
        return
    to = hearers.serving(fact.community_id, VOUCHERS, places.day_of(fact.at), place_path=row.dwelling.path)
    tell(
        community_id=fact.community_id,
        kind="work_home",
        fact=_named(fact, fact.residence_id),
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
        fact=_named(fact, fact.residence_id, fact.at.isoformat()),
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
        fact=_named(fact, fact.duty_id),
        to=[To.person(fact.account_id)],
        values=saying.plain(fact.community_id, more),
        link=reverse("people:me"),
        at=fact.at,
    )
