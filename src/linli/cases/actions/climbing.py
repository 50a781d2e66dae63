"""The ladder is climbed: a promise that comes to a rung gets its move, its fact and, from supervision on, its letter."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any

from django.db.models import QuerySet

from linli.cases.actions import clocks, house, letters
from linli.cases.actions.house import BATCH, Deed
from linli.cases.events import LadderClimbed
from linli.cases.models import Case, ClockRow, Supervision
from linli.cases.queries import chasing
from linli.cases.rules import ladder, quiet
from linli.cases.rules.ladder import LETTERS, Act, Rung
from linli.cases.rules.promises import Stage, Urgency
from linli.cases.rules.workflow import State, Verb
from linli.grids import queries as places
from linli.kernel import calendar, events
from linli.kernel.clock import LOCAL
from linli.kernel.postgres import many
from linli.kernel.worktime import UNIT_SECONDS, Unit

#: From here on a case counts as escalated: more people know of it than those who work on it.
HIGH = frozenset({Act.TELL_LEADER, Act.SUPERVISE, Act.TALK})
CLOCK = (
    "community_id", "stage", "round", "amount", "unit", "start_rule", "promise_id", "started_at", "stopped_at", "pauses",
    "extensions", "ladder_at", "ladder_level",
)  # fmt: skip
KIND = {Act.SUPERVISE: Supervision.Kind.LETTER.value, Act.TALK: Supervision.Kind.TALK.value}


@dataclass
class Climb:
    """One batch under way: the ladders of the community as of a moment, and what came of it."""

    community_id: int
    at: datetime
    hush: bool
    climbed: list[tuple[ClockRow, Rung]] = field(default_factory=list)
    _ladders: dict[tuple[str, str, str], tuple[Rung, ...]] = field(default_factory=dict)

    @cached_property
    def days(self) -> calendar.WorkCalendar:
        """The community's calendar."""
        return calendar.load(self.community_id)

    def rungs(self, case: Case, stage: str) -> tuple[Rung, ...]:
        """The ladder of a promise; many cases share one."""
        key = (case.category_code, case.urgency, stage)
        if key not in self._ladders:
            self._ladders[key] = ladder.choose(
                chasing.ladder_rules(self.community_id),
                category_path=case.category_code or None,
                urgency=Urgency(case.urgency),
                stage=Stage(stage),
                on=self.at.astimezone(LOCAL).date(),
            )
        return self._ladders[key]

    def morning(self) -> datetime:
        """When people may be rung again."""
        hours = str(places.setting(self.community_id, "quiet_hours", self.at))
        return quiet.rings_at(hours, self.at.astimezone(LOCAL))


def due(at: datetime) -> QuerySet[ClockRow]:
    """The running promises whose ladder is to be looked at, in the communities entered."""
    return ClockRow.objects.filter(stopped_at__isnull=True, ladder_at__lt=at)


def batch(community_id: int, at: datetime, hush: bool) -> int:
    """Look at up to `BATCH` promises and climb where a rung is due; returns how many were looked at."""
    found = due(at).filter(community_id=community_id)
    read = (
        found.select_for_update(skip_locked=True, of=("self", "case"))
        .select_related("case")
        .only(*house.beside(*CLOCK))
    )
    rows = list(read.order_by("ladder_at", "pk")[:BATCH])
    if not rows:
        return 0
    this = Climb(community_id, at, hush)
    for row in rows:
        _look(this, row)
    many.update(rows, ["ladder_at", "ladder_level"])
    _write(this)
    return len(rows)


def _look(this: Climb, row: ClockRow) -> None:
    """Climb what is due, rung by rung, and say when to look again."""
    rungs, clock = this.rungs(row.case, row.stage), clocks.as_clock(row)
    hushed = this.hush and row.case.urgency != Urgency.CRITICAL
    following = ladder.following(rungs, clock, this.days, climbed=row.ladder_level)
    while following is not None and following.at < this.at and not hushed:
        row.ladder_level = following.rung.level
        this.climbed.append((row, following.rung))
        following = ladder.following(rungs, clock, this.days, climbed=row.ladder_level)
    if following is None:
        row.ladder_at = None
    else:
        row.ladder_at = max(this.morning(), following.at) if hushed else following.at


def _write(this: Climb) -> None:
    if not this.climbed:
        return
    cases = house.one_of_each(row.case for row, _rung in this.climbed)
    sent = _letters(this, cases)
    deeds: list[Deed] = []
    for number, (row, rung) in enumerate(this.climbed):
        case = cases[row.case_id]
        case.version += 1
        case.escalated = case.escalated or rung.act in HIGH
        state = State(case.state)
        deeds.append(Deed(case, Verb.ESCALATE, state, case.version, _data(row, rung, sent.get(number))))
    many.update(list(cases.values()), ["version", "escalated", "supervised_until", "supervisor"])
    house.record(deeds, community_id=this.community_id, at=this.at)
    events.publish(*[_fact(this, row, rung, sent.get(n)) for n, (row, rung) in enumerate(this.climbed)])


def _data(row: ClockRow, rung: Rung, letter: Supervision | None) -> dict[str, Any]:
    data: dict[str, Any] = {
        "stage": row.stage,
        "round": row.round,
        "level": rung.level,
        "act": rung.act.value,
        "when": rung.when.value,
        "percent": rung.percent,
        "amount": str(rung.amount),
        "unit": rung.unit.value,
        "rule": rung.id,
    }
    if letter is not None:
        data |= {"letter": letter.pk, "kind": letter.kind, "year": letter.year, "serial": letter.serial}
        data["until"] = letter.due_at.isoformat()
    return data


def _fact(this: Climb, row: ClockRow, rung: Rung, letter: Supervision | None) -> LadderClimbed:
    return LadderClimbed(
        community_id=this.community_id,
        number=row.case.number,
        at=this.at,
        stage=row.stage,
        level=rung.level,
        act=rung.act.value,
        organisation_id=row.case.organisation_id,
        letter_id=letter.pk if letter else None,
    )


def _letters(this: Climb, cases: dict[int, Case]) -> dict[int, Supervision]:
    """The letters that this batch opens, by the place of their rung in it; one that stands is left to stand."""
    wanted = [(n, row, rung) for n, (row, rung) in enumerate(this.climbed) if rung.act in LETTERS]
    if not wanted:
        return {}
    ids = [row.case_id for _n, row, _rung in wanted]
    standing = Supervision.objects.filter(case_id__in=ids, ended_at__isnull=True)
    held = {(one.case_id, one.kind): one for one in standing}
    leading = min(chasing.leaders(this.community_id, this.at.astimezone(LOCAL).date()), default=None)
    found: dict[int, Supervision] = {}
    made: list[Supervision] = []
    for n, row, rung in wanted:
        key = (row.case_id, KIND[rung.act])
        if key not in held:
            held[key] = _letter(this, cases[row.case_id], row, rung, leading)
            made.append(held[key])
        found[n] = held[key]
    _number(this, made)
    Supervision.objects.bulk_create(made, batch_size=BATCH)
    for one in made:
        _watch(cases[one.case_id], one)
    return found


def _letter(this: Climb, case: Case, row: ClockRow, rung: Rung, leading: int | None) -> Supervision:
    seconds = int(rung.days * UNIT_SECONDS[Unit.WORKING_DAY])
    return Supervision(
        community_id=this.community_id,
        case_id=case.pk,
        kind=KIND[rung.act],
        year=this.at.astimezone(LOCAL).year,
        supervisor_id=leading if leading != case.handler_id else None,
        organisation_id=case.organisation_id,
        handler_id=case.handler_id,
        words="",
        level=rung.level,
        stage=row.stage,
        opened_at=this.at,
        due_at=this.days.add(Unit.WORKING_DAY, this.at, seconds),
    )


def _number(this: Climb, made: Sequence[Supervision]) -> None:
    for kind in sorted({one.kind for one in made}):
        of_kind = [one for one in made if one.kind == kind]
        serials = letters.next_serials(this.community_id, kind, of_kind[0].year, len(of_kind))
        for one, serial in zip(of_kind, serials, strict=True):
            one.serial = serial


def _watch(case: Case, one: Supervision) -> None:
    if case.supervised_until is None or one.due_at < case.supervised_until:
        case.supervised_until, case.supervisor_id = one.due_at, one.supervisor_id
