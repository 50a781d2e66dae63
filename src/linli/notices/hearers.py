"""Who they are, whom a fact concerns: accounts and groups, found anew for every fact from duties in force that day."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date

from linli.cases.queries import chasing
from linli.cases.queries.told import MoveNews, News
from linli.cases.rules import ringing
from linli.cases.rules.promises import Stage
from linli.cases.rules.workflow import CHECKERS, DESK, LEADER
from linli.grids import queries as places
from linli.notices.rules import hearing
from linli.notices.rules.addressing import To

AT_DESK = frozenset({Stage.ACCEPT, Stage.DISPATCH, Stage.RULE, Stage.VERIFY, Stage.FOLLOW_UP})


def reporters(news: News) -> list[To]:
    """Who reported a case and who joined it, each once."""
    return [*reporter(news), *(_neighbour(one.id, one.account_id, one.has_phone) for one in news.neighbours)]


def reporter(news: News) -> list[To]:
    """Who reported it: the account, else the phone that was left."""
    if news.reporter_id is not None:
        return [To.person(news.reporter_id)]
    return [To.contact(news.number)] if news.has_phone else []


def _neighbour(supporter_id: int, account_id: int | None, has_phone: bool) -> To:
    if account_id is not None:
        return To.person(account_id)
    return To.neighbour(supporter_id) if has_phone else To("nobody")


def persons(account_ids: Iterable[int | None]) -> list[To]:
    """These accounts, in order."""
    return [To.person(one) for one in sorted({one for one in account_ids if one is not None})]


def body(community_id: int, organisation_id: int | None, on: date) -> list[To]:
    """A body's groups and its heads."""
    if organisation_id is None:
        return []
    return [To.body(organisation_id), *persons(chasing.heads(community_id, organisation_id, on))]


def responsible(news: News, on: date) -> list[To]:
    """Whoever a case is with: the person handling it and the body's groups, else its heads, else the desk."""
    if news.handler_id is not None:
        groups = [To.body(news.organisation_id)] if news.organisation_id else []
        return [To.person(news.handler_id), *groups]
    return body(news.community_id, news.organisation_id, on) or desk(news.community_id, on)


def serving(community_id: int, roles: Iterable[str], on: date, *, place_path: str = "") -> list[To]:
    """Everybody who serves in one of these roles; with a place those whose duty reaches it."""
    wanted = frozenset(roles)
    return persons(
        duty.account_id
        for duty in places.duties(community_id, on)
        if duty.role in wanted and (not place_path or place_path.startswith(duty.place.path))
    )


def desk(community_id: int, on: date) -> list[To]:
    """The room's groups and its dispatchers."""
    return [To.room(), *serving(community_id, ("dispatcher",), on)]


def leaders(community_id: int, on: date) -> list[To]:
    """Who leads the community."""
    return serving(community_id, LEADER, on)


def by_stage(news: News, stage: str, organisation_id: int | None, on: date) -> list[To]:
    """Who keeps the promise of a stage."""
    if stage in AT_DESK:
        checkers = stage in {Stage.VERIFY, Stage.FOLLOW_UP}
        return [To.room(), *serving(news.community_id, CHECKERS - DESK if checkers else ("dispatcher",), on)]
    if organisation_id is not None and organisation_id != news.organisation_id:
        return body(news.community_id, organisation_id, on)
    return responsible(news, on)


def hear_alarm(news: News, level: int, on: date) -> list[To]:
    """Who hears an alarm that went on so often: the room, and everybody whose duty reaches the place."""
    roles = ringing.HEARERS | (ringing.LATER if level > 0 else frozenset())
    ground = serving(news.community_id, roles - DESK, on, place_path=news.place_path)
    at_desk = serving(news.community_id, roles & DESK, on)
    return [To.room(), *dict.fromkeys([*at_desk, *ground])]


def of_move(who: str, news: News, move: MoveNews, on: date) -> list[To]:
    """The recipients that the table of moves names."""
    found: dict[str, Callable[[], list[To]]] = {
        hearing.REPORTERS: lambda: reporters(news),
        hearing.REPORTER: lambda: reporter(news),
        hearing.BODY: lambda: responsible(news, on),
        hearing.DESK: lambda: _ruling_desk(news, move, on),
        hearing.ROOM: lambda: [To.room()],
        hearing.ASKED: lambda: _deciders(news, move, on),
        hearing.RETURNER: lambda: body(news.community_id, _number(move.data.get("returned_by")), on),
        hearing.TASK_BODY: lambda: body(news.community_id, move.organisation_id, on),
    }
    return [one for one in found[who]() if one.kind != "nobody"]


def _ruling_desk(news: News, move: MoveNews, on: date) -> list[To]:
    if not move.data.get("arbitrated"):
        return desk(news.community_id, on)
    return [To.room(), *persons(chasing.arbiters(news.community_id, on) - {move.actor_id or 0})]


def _deciders(news: News, move: MoveNews, on: date) -> list[To]:
    if move.data.get("decider") == "community_leader":
        return leaders(news.community_id, on)
    return desk(news.community_id, on)


def _number(value: object) -> int | None:
    return value if isinstance(value, int) else None
