"""The daily and weekly brief: which figures it tells, and what is worth a sentence. Pure.

A brief is kept as numbers and codes, so that it reads the same later and in either language. Sentences follow from the
numbers by the rules below, always in this order; nothing is said that no number supports.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo
from enum import StrEnum
from typing import Any

from linli.controlroom.rules.figures import NONE, Period, period_of_days

FLOW = ("reported", "accepted", "settled", "returned", "reopened", "urged")
STANDING = ("open", "open_at_risk", "open_broken", "open_urgent", "joint_open", "supervised_open")
RATES = ("response_rate", "solved_rate", "satisfied_rate", "three_rates_score", "on_time_rate")
ALL = (*FLOW, *STANDING, *RATES)
MOST_LISTED = 5
CURVE_DAYS = 14  # of a daily brief
RISE = 1.5  # so many times as many as before is worth a sentence …
RISE_LEAST = 5  # … from so many cases on
TIMES_LEAST = 10  # so many there must have been before to say it as a multiple: six after one is five more, not "six times"
DROP = 0.05  # a rate that fell by five points is worth one, if it was measured on as many cases


class Kind(StrEnum):
    """How much time a brief is about."""

    DAILY = "daily"
    WEEKLY = "weekly"


def period_of(kind: Kind, day: date, zone: tzinfo) -> Period:
    """What a brief of this last day is about: the day, or the seven days that end with it."""
    first = day if kind is Kind.DAILY else day - timedelta(days=6)
    return period_of_days(first, day, zone)


def before(period: Period) -> Period:
    """The same length of time just before."""
    length = period.end - period.start
    return Period("days", period.start - length, period.start)


def due(at: datetime, *, hour: int, zone: tzinfo) -> tuple[tuple[Kind, date], ...]:
    """Which briefs ought to be there at this moment: yesterday's, and the last whole week's (Monday to Sunday).

    :param hour: of the local day at which the morning's briefs are made.
    """
    local = at.astimezone(zone)
    today = local.date() if local.hour >= hour else local.date() - timedelta(days=1)
    yesterday = today - timedelta(days=1)
    sunday = today - timedelta(days=today.weekday() + 1)
    return (Kind.DAILY, yesterday), (Kind.WEEKLY, sunday)


@dataclass(frozen=True, slots=True)
class Sentence:
    """Something worth saying: a code, and what goes into its words."""

    code: str
    values: Mapping[str, Any]
    figure: str = ""  # the figure that opens the cases behind it
    grave: bool = False


def sentences(told: Mapping[str, Any]) -> tuple[Sentence, ...]:
    """What the numbers say, in a fixed order.

    :param told: a brief as `actions.briefs` keeps it.
    """
    return tuple([*_flow(told), *_standing(told), *_rates(told), *_trouble(told)])


def _value(told: Mapping[str, Any], code: str, *, earlier: bool = False) -> float | None:
    found = told["figures"].get(code, {})
    value: float | None = found.get("before" if earlier else "value")
    return value


def _count(told: Mapping[str, Any], code: str, *, earlier: bool = False) -> int:
    return int(_value(told, code, earlier=earlier) or 0)


def _flow(told: Mapping[str, Any]) -> Iterator[Sentence]:
    new, earlier = _count(told, "reported"), _count(told, "reported", earlier=True)
    settled = _count(told, "settled")
    if not new and not settled:
        yield Sentence("quiet", {}, "reported")
    else:
        yield Sentence("flow", {"reported": new, "settled": settled, "before": earlier}, "reported")
    if new >= RISE_LEAST and new >= RISE * earlier and earlier:
        yield _rise(new, earlier)
    top = _first(told["categories"])
    if top and new >= RISE_LEAST:
        yield Sentence(
            "top_category", {"category": top["key"], "count": top["count"], "all": new}, "reported"
        )


def _rise(new: int, earlier: int) -> Sentence:
    if earlier < TIMES_LEAST:
        return Sentence("more", {"more": new - earlier, "before": earlier}, "reported", grave=True)
    return Sentence("rise", {"times": round(new / earlier, 1), "before": earlier}, "reported", grave=True)


def _standing(told: Mapping[str, Any]) -> Iterator[Sentence]:
    values = {code: _count(told, code) for code in ("open", "open_at_risk", "open_broken")}
    yield Sentence("standing", values, "open")
    worst = _first(told["overdue"])
    if values["open_broken"] and worst:
        found = {"body": worst["key"], "count": worst["count"], "all": values["open_broken"]}
        yield Sentence("overdue", found, "open_broken", grave=True)
    for code in ("open_urgent", "joint_open", "supervised_open"):
        if _count(told, code):
            yield Sentence(code, {"count": _count(told, code)}, code, grave=code == "open_urgent")


def _rates(told: Mapping[str, Any]) -> Iterator[Sentence]:
    rates = {code: _value(told, code) for code in ("response_rate", "solved_rate", "satisfied_rate")}
    if any(value is not None for value in rates.values()):
        yield Sentence("rates", rates, "three_rates_score")
    for code in (*rates, "on_time_rate"):
        now, earlier = _value(told, code), _value(told, code, earlier=True)
        sample = told["figures"].get(code, {}).get("denominator") or 0
        if now is not None and earlier is not None and earlier - now >= DROP and sample >= RISE_LEAST:
            yield Sentence("fell", {"figure": code, "now": now, "before": earlier}, code, grave=True)


def _trouble(told: Mapping[str, Any]) -> Iterator[Sentence]:
    for code in ("returned", "reopened", "urged"):
        if _count(told, code):
            yield Sentence(code, {"count": _count(told, code)}, code)
    for topic in told["hot"][:1]:
        yield Sentence("hot", topic)
    for repeat in told["repeats"][:1]:
        yield Sentence("repeat", repeat)


def _first(groups: Sequence[Mapping[str, Any]]) -> Mapping[str, Any] | None:
    named = [group for group in groups if group["key"] != NONE and group["count"]]
    return named[0] if named else None


def largest(groups: Mapping[str, float], most: int = MOST_LISTED) -> list[dict[str, Any]]:
    """The largest groups, the larger before the smaller, equal ones by their key."""
    ordered = sorted(
        ((key, value) for key, value in groups.items() if value), key=lambda one: (-one[1], one[0])
    )
    return [{"key": key, "count": int(value)} for key, value in ordered[:most]]
