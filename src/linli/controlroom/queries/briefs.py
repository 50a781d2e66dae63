"""What a brief tells, gathered from the figures, the topics and the repeat problems of a community."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from linli.cases.queries import replays
from linli.controlroom.models import BriefRow
from linli.controlroom.queries import figures
from linli.controlroom.rules import briefs
from linli.controlroom.rules.briefs import Kind
from linli.controlroom.rules.figures import By, Period
from linli.kernel.clock import LOCAL
from linli.triage import queries as triage


def gather(community_id: int, kind: Kind, day: date, *, at: datetime) -> dict[str, Any]:
    """Everything a brief says, as numbers and codes.

    :param day: its last day.
    :param at: when it is made: what is open is open then.
    """
    period = briefs.period_of(kind, day, LOCAL)
    asked: dict[str, Any] = {"community_id": community_id, "at": at}
    now = {one.code: one for one in figures.figures(briefs.ALL, **asked, period=period)}
    flowing = [code for code in briefs.ALL if code not in briefs.STANDING]
    earlier = {one.code: one for one in figures.figures(flowing, **asked, period=briefs.before(period))}
    return {
        "at": at.isoformat(),
        "from": period.start.astimezone(LOCAL).date().isoformat(),
        "to": day.isoformat(),
        "figures": {
            code: {
                "value": one.value,
                "unit": one.unit,
                "numerator": one.numerator,
                "denominator": one.denominator,
                "excluded": one.excluded,
                "definition": one.definition,
                "before": earlier[code].value if code in earlier else None,
            }
            for code, one in now.items()
        },
        "categories": _groups("reported", By.CATEGORY, period, asked),
        "overdue": _groups("open_broken", By.ORGANISATION, period, asked),
        "days": _days(community_id, kind, period, at),
        "late": _late(community_id, at),
        "hot": _hot(community_id, at),
        "repeats": _repeats(community_id, at),
    }


def _groups(code: str, by: By, period: Period, asked: dict[str, Any]) -> list[dict[str, Any]]:
    found = figures.figures([code], **asked, period=period, by=by.value)
    return briefs.largest({one.group: one.value or 0 for one in found})


def _days(community_id: int, kind: Kind, period: Period, at: datetime) -> list[dict[str, Any]]:
    length = briefs.CURVE_DAYS if kind is Kind.DAILY else (period.end - period.start).days
    wide = Period("days", period.end - timedelta(days=length), period.end)
    found = figures.figures(
        ["reported", "settled"], community_id=community_id, period=wide, at=at, by=By.DAY.value
    )
    days: dict[str, dict[str, Any]] = {}
    for one in found:
        days.setdefault(one.group, {"day": one.group})[one.code] = int(one.value or 0)
    return [days[day] for day in sorted(days)]


def _late(community_id: int, at: datetime) -> list[dict[str, Any]]:
    """The open cases that are longest past their time."""
    return [
        {
            "number": one.number,
            "category": one.category,
            "body": one.organisation_id,
            "stage": one.stage,
            "due_at": one.due_at.isoformat(),
        }
        for one in replays.late(community_id, at=at, most=briefs.MOST_LISTED)
    ]


def _hot(community_id: int, at: datetime) -> list[dict[str, Any]]:
    return [
        {"id": one.id, "topic": one.words, "place": one.place, "count": one.cases}
        for one in triage.hot(community_id, at=at, limit=3, known=False)
    ]


def _repeats(community_id: int, at: datetime) -> list[dict[str, Any]]:
    return [
        {"id": one.id, "place": one.place, "category": one.category_code, "count": one.times}
        for one in triage.repeats(community_id, at=at, limit=3, fixed=False)
    ]


def kept(community_id: int, kind: Kind, day: date) -> BriefRow | None:
    """The brief that was made of this day, if there is one."""
    return BriefRow.objects.filter(community_id=community_id, kind=kind.value, day=day).first()


def newest(community_id: int, *, most: int = 60) -> list[BriefRow]:
    """The briefs of a community, newest first."""
    return list(BriefRow.objects.filter(community_id=community_id).order_by("-day", "kind")[:most])
