"""Reports and moves: residents hear what becomes of what they said, colleagues what they are to do."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from functools import partial
from typing import Any

from linli.cases import events as cases
from linli.cases.queries import told
from linli.cases.queries.told import MoveNews, News
from linli.cases.rules.promises import Stage
from linli.grids import queries as places
from linli.notices import hearers, saying
from linli.notices.reactions.case_news import case_of, named, tell_case
from linli.notices.rules import hearing
from linli.notices.rules.addressing import To


def tell_of_report(fact: cases.CaseReported) -> None:
    """The receipt for whoever reported it, and a word to the room."""
    news = case_of(fact.community_id, fact.number)
    if news is None:
        return
    name = named(fact, fact.number)
    tell_case("case_received", news, hearers.reporter(news), fact=name, at=fact.at, stage=Stage.ACCEPT)
    if not news.quarantined:
        tell_case("work_new", news, [To.room()], fact=name, at=fact.at, stage=Stage.ACCEPT)


def tell_of_move(fact: cases.CaseMoved) -> None:
    """Whatever the table of moves says, to whom it says."""
    if fact.verb not in {verb.value for verb in hearing.TABLE}:
        return
    news = case_of(fact.community_id, fact.number)
    move = told.move(news.id, fact.seq) if news else None
    if news is None or move is None:
        return
    for one in hearing.heard(fact.verb, dict(move.data)):
        tell_case(
            one.kind,
            news,
            hearers.of_move(one.who, news, move, places.day_of(fact.at)),
            fact=named(fact, fact.number, fact.seq),
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
