"""Runs: computed when a period has ended, reviewed by a person, announced, final. Every version keeps its inputs."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date, datetime
from fractions import Fraction
from typing import Any

from django.db import transaction
from django.db.models import Max

from linli.assessment import access
from linli.assessment.actions import stars
from linli.assessment.actions.recording import one_at_a_time, record
from linli.assessment.events import RunAnnounced, RunComputed, RunFinal, RunReviewed, RunSuperseded
from linli.assessment.indicators import INDICATORS
from linli.assessment.models import Adjustment, Appeal, Part, Run, RunInput, SchemeVersion, Score
from linli.assessment.queries import schemes, sources, subjects
from linli.assessment.queries.runs import inputs_of
from linli.assessment.rules import rows, scheme_text, scoring
from linli.assessment.rules.periods import Period, holding
from linli.assessment.rules.runs import OPEN, READERS, STEPS, Cause, Ruling, State, Verb
from linli.assessment.rules.scheme import Scheme
from linli.assessment.versions import code_version
from linli.grids.queries import day_of
from linli.kernel import calendar, scope
from linli.kernel.access import SYSTEM, Actor, Forbidden, NotFound
from linli.kernel.refusals import Refused, Wrong
from linli.kernel.worktime import UNIT_SECONDS, Unit

LONGEST_NOTE = 300
BATCH = 1000


@dataclass(frozen=True, slots=True)
class _Made:
    """What a version of a run is made from and why."""

    version: SchemeVersion
    scheme: Scheme
    inputs: rows.Inputs
    cause: Cause
    late: dict[str, Any] = field(default_factory=dict)


def compute(
    *,
    actor: Actor,
    community_id: int,
    scheme_id: int,
    since_date: date,
    at: datetime,
    cause: Cause = Cause.ASKED,
) -> Run:
    """Compute the run of a period from what is known now. Where nothing has changed, the run that holds is given.

    A run that has been computed before is superseded by the new version, which has to be reviewed anew.

    :raises NotFound: no such scheme here, or not the actor's affair.
    :raises Forbidden: not_your_door, final.
    :raises Refused: since_date (not_a_beginning, not_ended, no_version).
    """
    access.require(actor, community_id, READERS)
    version = _version(community_id, scheme_id, since_date, at)
    scheme = scheme_text.read(version.says)
    with scope.within([community_id]), transaction.atomic():
        one_at_a_time(scheme_id, since_date)
        held = holds(community_id, scheme_id, since_date)
        if held is not None and State(held.state) not in OPEN:
            raise Forbidden("final")
        inputs = _gathered(community_id, version, scheme, since_date)
        if held is not None and _same(held, inputs):
            return held
        why = Cause.LATE_FACTS if held is not None and cause is Cause.ASKED else cause
        return _write(actor, held, _Made(version, scheme, inputs, why), at)


def _version(community_id: int, scheme_id: int, since: date, at: datetime) -> SchemeVersion:
    found = schemes.version_on(scheme_id, since)
    if found is None or found.community_id != community_id:
        if schemes.exists(community_id, scheme_id):
            raise Refused(Wrong("since_date", "no_version"))
        raise NotFound
    begins, until = holding(Period(found.says["period"]), since)
    if begins != since:
        raise Refused(Wrong("since_date", "not_a_beginning", begins.isoformat()))
    if day_of(at) < until:
        raise Refused(Wrong("since_date", "not_ended", until.isoformat()))
    return found


def _gathered(community_id: int, version: SchemeVersion, scheme: Scheme, since: date) -> rows.Inputs:
    """Everything the run is computed from, as it is known now, with what people have decided about it."""
    until = holding(scheme.period, since)[1]
    bare = rows.Inputs(
        since_date=since,
        until_date=until,
        ranked=schemes.ranking_on(community_id),
        subjects=subjects.subjects(community_id, scheme, since, until),
    )
    decided = with_decisions(bare, community_id, version.scheme_id)
    return replace(decided, rows=known_now(community_id, scheme, bare))


def known_now(community_id: int, scheme: Scheme, inputs: rows.Inputs) -> dict[str, tuple[Any, ...]]:
    """The rows of a run's time and subjects as they are known now."""
    wanted = sources.Wanted(community_id, inputs.since, inputs.until, inputs.subjects)
    return sources.rows(scheme, wanted)


def with_decisions(inputs: rows.Inputs, community_id: int, scheme_id: int) -> rows.Inputs:
    """The inputs with every adjustment granted and every correction won for this period."""
    mine = {"community_id": community_id, "scheme_id": scheme_id, "since_date": inputs.since_date}
    granted = Adjustment.objects.filter(**mine, granted=True).order_by("pk")
    won = Appeal.objects.filter(
        community_id=community_id,
        run__scheme_id=scheme_id,
        run__since_date=inputs.since_date,
        state=Ruling.WON.value,
    ).order_by("pk")
    return replace(
        inputs,
        adjusted=tuple(rows.Adjusted(one.pk, one.subject_id, one.points) for one in granted),
        corrected=tuple(
            rows.Corrected(one.pk, source, row_id, column, value)
            for one in won
            for source, row_id, column, value in one.corrections
        ),
    )


def holds(community_id: int, scheme_id: int, since: date) -> Run | None:
    """The version of a period that holds, locked."""
    found = Run.objects.select_for_update().filter(
        community_id=community_id, scheme_id=scheme_id, since_date=since
    )
    return found.exclude(state=State.SUPERSEDED.value).first()


def _same(held: Run, inputs: rows.Inputs) -> bool:
    return held.digest == rows.digest(rows.as_plain(inputs)) and held.code_version == code_version()


def correct(*, actor: Actor, held: Run, cause: Cause, at: datetime) -> Run:
    """The next version of a run, from its own inputs and what people have decided since. In the caller's transaction.

    What was announced stays so: the new version takes its place, with the review and the time for appeals of the old.
    """
    inputs = with_decisions(inputs_of(held.pk), held.community_id, held.scheme_id)
    version = SchemeVersion.objects.get(pk=held.version_id)
    return _write(actor, held, _Made(version, scheme_text.read(version.says), inputs, cause), at)


def catch_up(*, held: Run, inputs: rows.Inputs, late: dict[str, Any], at: datetime) -> Run:
    """The next version of a run that is not final, from rows that came late; in the caller's transaction."""
    version = SchemeVersion.objects.get(pk=held.version_id)
    scheme = scheme_text.read(version.says)
    return _write(SYSTEM, held, _Made(version, scheme, inputs, Cause.LATE_FACTS, late), at)


_CARRIED = (
    "state",
    "reviewed_by_id",
    "reviewed_at",
    "review_note",
    "announced_by_id",
    "announced_at",
    "appeals_until",
)


def _write(actor: Actor, held: Run | None, made: _Made, at: datetime) -> Run:
    result = scoring.score(made.scheme, made.inputs)
    decided = made.cause in {Cause.APPEAL, Cause.ADJUSTMENT}
    carried = {name: getattr(held, name) for name in _CARRIED} if held is not None and decided else {}
    if held is not None:
        Run.objects.filter(pk=held.pk).update(state=State.SUPERSEDED.value, superseded_at=at)
    community_id, scheme_id = made.version.community_id, made.version.scheme_id
    mine = Run.objects.filter(
        community_id=community_id, scheme_id=scheme_id, since_date=made.inputs.since_date
    )
    run = Run.objects.create(
        community_id=community_id,
        scheme_id=scheme_id,
        version=made.version,
        since_date=made.inputs.since_date,
        until_date=made.inputs.until_date,
        number=(mine.aggregate(last=Max("number"))["last"] or 0) + 1,
        cause=made.cause.value,
        ranked=made.inputs.ranked,
        digest=rows.digest(rows.as_plain(made.inputs)),
        code_version=code_version(),
        result_digest=scoring.result_digest(result),
        subjects=len(result.scores),
        computed_by_id=actor.account_id,
        computed_at=at,
        late=made.late,
        **carried,
    )
    RunInput.objects.create(community_id=community_id, run=run, packed=rows.pack(made.inputs))
    _keep(run, result)
    facts: list[Any] = [RunComputed(community_id, run.pk, run.cause, at)]
    if held is not None:
        facts.append(RunSuperseded(community_id, held.pk, run.pk, at))
    record(actor, community_id, "compute", f"run:{run.pk}", at, *facts, detail={"cause": run.cause})
    return run


def _keep(run: Run, result: scoring.Result) -> None:
    scores = [
        Score(
            community_id=run.community_id,
            run=run,
            subject_kind=one.subject.level.value,
            subject_id=one.subject.id,
            total=one.total,
            rank=one.rank,
            peers=one.peers,
            band=one.band,
            load=one.subject.load,
        )
        for one in result.scores
    ]
    Score.objects.bulk_create(scores, batch_size=BATCH)
    parts = [
        _part(run, one.subject.id, order, part)
        for one in result.scores
        for order, part in enumerate(one.parts)
    ]
    Part.objects.bulk_create(parts, batch_size=BATCH)


def _part(run: Run, subject_id: int, order: int, part: scoring.Part) -> Part:
    source = INDICATORS[part.code].source if part.code in INDICATORS else ""
    return Part(
        community_id=run.community_id,
        run=run,
        subject_id=subject_id,
        order=order,
        indicator=part.code,
        numerator=part.measured.numerator,
        denominator=part.measured.denominator,
        points=part.points,
        most=part.most,
        why=part.why,
        explanation={
            "source": "rechecks" if part.code == scoring.FALSE_RECORD else source,
            "value": _exact(part.value),
            "attained": _exact(part.attained),
            "weight": _exact(part.weight),
            "counted": list(part.measured.counted),
            "rest": list(part.measured.rest),
            "excluded": [list(one) for one in part.measured.excluded],
        },
    )


def _exact(value: Fraction | None) -> str | None:
    return None if value is None else str(value)


# -- moves ---------------------------------------------------------------------------------------------------


def review(*, actor: Actor, run_id: int, at: datetime, note: str = "") -> Run:
    """A person has looked at it. Nobody is told before.

    :raises NotFound: not the actor's affair.
    :raises Forbidden: not_your_door, wrong_state.
    :raises Refused: note (too_long).
    """
    said = note.strip()
    if len(said) > LONGEST_NOTE:
        raise Refused(Wrong("note", "too_long", str(LONGEST_NOTE)))
    with transaction.atomic():
        run = _step(actor, run_id, Verb.REVIEW)
        run.reviewed_by_id, run.reviewed_at, run.review_note = actor.person_id, at, said
        run.save(update_fields=["state", "reviewed_by", "reviewed_at", "review_note"])
        record(actor, run.community_id, "review", f"run:{run.pk}", at,
               RunReviewed(run.community_id, run.pk, at))  # fmt: skip
    return run


def announce(*, actor: Actor, run_id: int, at: datetime) -> Run:
    """Those who are assessed may see their scores, and appeal for the scheme's number of working days.

    :raises NotFound: not the actor's affair.
    :raises Forbidden: not_your_door, wrong_state.
    """
    with transaction.atomic():
        run = _step(actor, run_id, Verb.ANNOUNCE)
        days = scheme_text.read(run.version.says).appeal_days
        work = calendar.load(run.community_id)
        until = work.add(Unit.WORKING_DAY, work.next_midnight(at), days * UNIT_SECONDS[Unit.WORKING_DAY])
        run.announced_by_id, run.announced_at, run.appeals_until = actor.person_id, at, until
        run.save(update_fields=["state", "announced_by", "announced_at", "appeals_until"])
        fact = RunAnnounced(run.community_id, run.pk, at, until.isoformat())
        record(actor, run.community_id, "announce", f"run:{run.pk}", at, fact)
    return run


def _step(actor: Actor, run_id: int, verb: Verb) -> Run:
    """The run, locked, with its next state, if this person may do this to it now."""
    step = STEPS[verb]
    run = access.find_run(actor, run_id, lock=True)
    access.require(actor, run.community_id, step.who)
    if State(run.state) not in step.from_:
        raise Forbidden("wrong_state")
    run.state = step.to.value
    return run


def finalise(*, actor: Actor, run_id: int, at: datetime) -> Run:
    """The time for appeals is over and every appeal is decided: nothing changes any more. Done by the house.

    :raises Forbidden: not_your_door, wrong_state, appeals_open (time left, or one waits for its decision).
    """
    with transaction.atomic():
        run = _step(actor, run_id, Verb.FINISH)
        waiting = Appeal.objects.filter(
            run__scheme_id=run.scheme_id, run__since_date=run.since_date, state=Ruling.OPEN.value
        )
        if run.appeals_until is None or at < run.appeals_until or waiting.exists():
            raise Forbidden("appeals_open")
        run.final_at = at
        run.save(update_fields=["state", "final_at"])
        stars.award(run, at)
        record(actor, run.community_id, "finalise", f"run:{run.pk}", at,
               RunFinal(run.community_id, run.pk, at))  # fmt: skip
    return run
