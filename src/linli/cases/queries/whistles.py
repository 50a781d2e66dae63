"""Whistles as pages, figures and the wall read them: what is out now, who is there, and how bodies come when called."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from datetime import datetime, timedelta

from django.db.models import Prefetch, Q, QuerySet

from linli.cases import access
from linli.cases.models import Call, NextStep, Whistle
from linli.cases.rules import whistle as rules
from linli.cases.rules.whistle import Meeting, Standing, State
from linli.kernel.access import Actor
from linli.people import queries as people

CALLS = Call.objects.select_related("organisation", "task").order_by("pk")
STEPS = NextStep.objects.select_related("task__organisation").order_by("pk")
#: Columns of `Attendance` and the standings that count in each; ``called`` and ``answered`` are counted apart.
COUNTED = {
    "in_time": (Standing.ARRIVED,),
    "late": (Standing.LATE,),
    "absent": (Standing.ABSENT,),
    "excused": (Standing.EXCUSED,),
    "off": (Standing.OFF,),
    "open": (Standing.CALLED, Standing.COMING, Standing.DECLINED, Standing.EXPECTED),
}
PARTS = ("called", "answered", "late_answers", *COUNTED)


@dataclass(frozen=True, slots=True)
class CallNow:
    """One called body as it stands."""

    call: Call
    standing: Standing
    late_minutes: int  # beyond the time agreed; 0 in time, or not there


@dataclass(frozen=True, slots=True)
class WhistleNow:
    """One whistle as it stands, with its case and its bodies."""

    whistle: Whistle
    calls: tuple[CallNow, ...]

    def count(self, *standings: Standing) -> int:
        """How many bodies stand so."""
        return sum(one.standing in standings for one in self.calls)

    @property
    def there(self) -> int:
        """How many have arrived, in time or late."""
        return self.count(Standing.ARRIVED, Standing.LATE)


@dataclass(frozen=True, slots=True)
class Attendance:
    """How one body came when it was called, over a period (by the time of the meeting)."""

    organisation_id: int
    called: int = 0
    answered: int = 0
    late_answers: int = 0  # answered only after the time of the meeting, or not before arriving late
    in_time: int = 0
    late: int = 0
    absent: int = 0
    excused: int = 0
    off: int = 0  # called off, or the case ended, before anybody had to be there
    open: int = 0  # not decided yet

    @property
    def due(self) -> int:
        """How often it had to be there."""
        return self.in_time + self.late + self.absent

    @property
    def share_in_time(self) -> float | None:
        """In time, of those times it had to be there; None where it never had to."""
        return self.in_time / self.due if self.due else None


def meeting_of(whistle: Whistle) -> Meeting:
    """A whistle as the rules read it."""
    grace = timedelta(minutes=whistle.grace_minutes)
    return Meeting(whistle.meet_at, State(whistle.state), whistle.ended_at, grace)


def standing_of(call: Call, whistle: Whistle, at: datetime) -> Standing:
    """How a called body stands."""
    called = rules.Called(
        answer=rules.Answer(call.answer),
        excused=call.excused_at is not None,
        answered_at=call.answered_at,
        arrived_at=call.arrived_at,
    )
    return rules.standing(called, meeting_of(whistle), at=at)


def as_it_stands(whistle: Whistle, at: datetime) -> WhistleNow:
    """A whistle with its calls loaded, as it stands now."""
    return WhistleNow(whistle, tuple(_call_now(call, whistle, at) for call in whistle.calls.all()))


def _call_now(call: Call, whistle: Whistle, at: datetime) -> CallNow:
    standing = standing_of(call, whistle, at)
    if standing is not Standing.LATE or call.arrived_at is None:
        return CallNow(call, standing, 0)
    return CallNow(call, standing, int((call.arrived_at - whistle.meet_at).total_seconds() // 60))


def _whole(rows: QuerySet[Whistle]) -> QuerySet[Whistle]:
    return rows.select_related("case", "case__grid", "case__building").prefetch_related(
        Prefetch("calls", CALLS), Prefetch("steps", STEPS)
    )


def one(whistle_id: int, at: datetime) -> WhistleNow:
    """One whistle with everything about it; whether the reader may see it was asked before."""
    return as_it_stands(_whole(Whistle.objects.filter(pk=whistle_id))[0], at)


def seen(actor: Actor, community_id: int) -> QuerySet[Whistle]:
    """The whistles of the cases the actor sees on the workbench."""
    cases = access.staff_view(actor).filter(community_id=community_id)
    return Whistle.objects.filter(community_id=community_id, case__in=cases)


def listed(rows: QuerySet[Whistle], at: datetime, *, limit: int, after: int = 0) -> tuple[WhistleNow, ...]:
    """Some whistles of a list, as they stand."""
    return tuple(as_it_stands(whistle, at) for whistle in _whole(rows)[after : after + limit])


def out(rows: QuerySet[Whistle]) -> QuerySet[Whistle]:
    """Those not ended, the next meeting first."""
    return rows.filter(state=Whistle.State.OPEN).order_by("meet_at", "pk")


def ended(rows: QuerySet[Whistle]) -> QuerySet[Whistle]:
    """Those ended, the newest meeting first."""
    return rows.exclude(state=Whistle.State.OPEN).order_by("-meet_at", "-pk")


def now(community_id: int, *, at: datetime, limit: int = 20) -> tuple[WhistleNow, ...]:
    """What is out in a community, the next meeting first; for the wall."""
    return listed(out(Whistle.objects.filter(community_id=community_id)), at, limit=limit)


def of_case(case_id: int, at: datetime) -> tuple[WhistleNow, ...]:
    """The whistles of a case, the newest first."""
    return listed(Whistle.objects.filter(case_id=case_id).order_by("-called_at", "-pk"), at, limit=20)


def of_bodies(actor: Actor, community_id: int) -> QuerySet[Whistle]:
    """The whistles by which one of the actor's bodies was called."""
    bodies = actor.organisations(community_id)
    calls = Call.objects.filter(community_id=community_id, organisation_id__in=bodies)
    return Whistle.objects.filter(community_id=community_id, pk__in=calls.values("whistle_id"))


def _calls(community_id: int, start: datetime, end: datetime) -> QuerySet[Call]:
    period = Q(whistle__meet_at__gte=start, whistle__meet_at__lt=end)
    found = Call.objects.filter(period, community_id=community_id)
    return found.select_related("whistle").order_by("-whistle__meet_at", "-pk")


def attendance(community_id: int, *, start: datetime, end: datetime, at: datetime) -> tuple[Attendance, ...]:
    """How each body came to the meetings of [start, end), the one called most often first."""
    counts: dict[int, dict[str, int]] = {}
    for call in _calls(community_id, start, end):
        mine = counts.setdefault(call.organisation_id, dict.fromkeys(PARTS, 0))
        for part in parts_of(call, at):
            mine[part] += 1
    found = [Attendance(organisation_id=body, **mine) for body, mine in counts.items()]
    return tuple(sorted(found, key=lambda row: (-row.called, row.organisation_id)))


def parts_of(call: Call, at: datetime) -> tuple[str, ...]:
    """The columns of `Attendance` in which a call counts."""
    standing = standing_of(call, call.whistle, at)
    found = ["called", *(name for name, counted in COUNTED.items() if standing in counted)]
    if call.answered_at is not None:
        found.append("answered")
        if call.answered_at > call.whistle.meet_at:
            found.append("late_answers")
    return tuple(found)


def calls(
    community_id: int,
    part: str,
    *,
    start: datetime,
    end: datetime,
    at: datetime,
    organisation_id: int | None = None,
) -> tuple[CallNow, ...]:
    """The calls behind one number of `attendance`, with whistle and case, the newest first.

    :param part: one of `PARTS`.
    """
    rows = _calls(community_id, start, end).select_related("organisation", "task", "whistle__case")
    if organisation_id is not None:
        rows = rows.filter(organisation_id=organisation_id)
    return tuple(_call_now(call, call.whistle, at) for call in rows if part in parts_of(call, at))


def names(found: Iterable[WhistleNow]) -> dict[int, str]:
    """The names of everybody who did something in these whistles."""
    wanted: set[int] = set()
    for each in found:
        wanted |= {each.whistle.caller_id, each.whistle.ended_by_id or 0}
        for one_call in each.calls:
            call = one_call.call
            wanted |= {call.answered_by_id or 0, call.excused_by_id or 0, call.arrival_noted_by_id or 0}
    return people.names(wanted - {0})


def total(rows: Sequence[Attendance]) -> Attendance:
    """All bodies together, under the id 0."""
    counted = [field.name for field in fields(Attendance) if field.name != "organisation_id"]
    return Attendance(
        organisation_id=0, **{name: sum(getattr(row, name) for row in rows) for name in counted}
    )
