"""Records looked at again: the week's draw, what was found, the worker's answer, a second look, a person's decision."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date, datetime, time, timedelta

from django.db import transaction

from linli.fieldwork import access_rechecks as access
from linli.fieldwork.actions import draws
from linli.fieldwork.events import (
    RecheckAnswered,
    RecheckAsked,
    RecheckDecided,
    RecheckFound,
    RechecksDrawn,
)
from linli.fieldwork.models import Draw, Recheck
from linli.fieldwork.queries import records_of, texts
from linli.fieldwork.rules import aiming, signals
from linli.fieldwork.rules import rechecks as rules
from linli.fieldwork.rules.aiming import Plan
from linli.fieldwork.rules.rechecks import Found
from linli.grids import queries as grids
from linli.grids.rules.words import Level
from linli.kernel import audit, calendar, clock, events
from linli.kernel.access import SYSTEM, Actor, Forbidden
from linli.kernel.refusals import Refused, Wrong

#: So far back words, pictures and counts are compared with earlier ones.
LOOK_BACK = timedelta(weeks=2)
DRAWN_FROM = time(6)  # on a Monday, local
DUE_DAYS = 5  # working days for a re-visit


def plan_of(community_id: int, at: datetime) -> Plan:
    """How much a community looks at again."""
    wanted = grids.settings(community_id, at)
    return Plan(
        int(wanted["recheck_random_percent"].value),
        int(wanted["recheck_aimed_percent"].value),
        int(wanted["recheck_aimed_each"].value),
    )


def _start_of(week: date) -> datetime:
    return datetime.combine(week, time(), clock.LOCAL)


def draw_week(community_id: int, week: date, at: datetime) -> Draw | None:
    """Draw the records of a week that are looked at again; once. None when nothing was written down in it.

    :param week: its Monday.
    """
    since, until = _start_of(week), _start_of(week + timedelta(days=7))
    done = texts.texts(community_id, since - LOOK_BACK, until)
    found = signals.find(done)
    mine = [one for one in done if (one.made_at or one.until or one.at) >= since]
    known = set(Recheck.objects.filter(community_id=community_id).values_list("record", "record_id"))
    listed = [one for one in aiming.candidates(mine, found) if (one.record, one.record_id) not in known]
    if not listed:
        return None
    seed = draws.seed_of(community_id, draws.RECHECKS, week, at)
    plan = plan_of(community_id, at)
    with transaction.atomic():
        row, made = Draw.objects.get_or_create(
            community_id=community_id,
            week_date=week,
            defaults={
                "seed": seed,
                "random_percent": plan.random_percent,
                "aimed_percent": plan.aimed_percent,
                "most_each": plan.most_each,
                "inputs": records_of.inputs(listed),
                "digest": aiming.digest(listed),
                "made_at": at,
            },
        )
        if made:
            chosen = aiming.drawn(listed, seed.seed, plan)
            _send(row, chosen, mine, signals.by_record(found), at)
            _say_drawn(row, chosen, at)
    return row


def _say_drawn(row: Draw, chosen: Sequence[aiming.Drawn], at: datetime) -> None:
    how = Counter(one.how for one in chosen)
    detail: dict[str, object] = {
        "digest": row.digest,
        "records": len(row.inputs),
        "by_lot": how[aiming.RANDOM],
        "aimed": how[aiming.SIGNAL],
    }
    audit.record(
        community_id=row.community_id,
        actor=SYSTEM,
        verb="fieldwork.draw_rechecks",
        object=f"draw:{row.pk}",
        at=at,
        detail=detail,
    )
    events.publish(
        RechecksDrawn(
            row.community_id,
            row.pk,
            at,
            row.week_date.isoformat(),
            how[aiming.RANDOM],
            how[aiming.SIGNAL],
        )
    )


def _send(
    row: Draw,
    chosen: Sequence[aiming.Drawn],
    done: Iterable[signals.Done],
    of: dict[int, tuple[signals.Signal, ...]],
    at: datetime,
) -> None:
    """Make the re-visits, and ask somebody to go for each."""
    by_name = {(one.record, one.record_id): one for one in done}
    today = grids.day_of(at)
    due = aiming.due_date(today, DUE_DAYS, calendar.load(row.community_id).is_working_day)
    where = records_of.grids_of(
        row.community_id, [(one.candidate.record, one.candidate.record_id) for one in chosen]
    )
    staff = _Staff(row.community_id, today)
    for one in chosen:
        name = (one.candidate.record, one.candidate.record_id)
        said = of.get(by_name[name].key, ())
        made = Recheck.objects.create(
            community_id=row.community_id,
            draw=row,
            record=name[0],
            record_id=name[1],
            record_at=by_name[name].at,
            worker_id=one.candidate.worker_id,
            grid_id=where.get(name),
            drawn=one.how,
            lot=one.lot,
            signals=[[each.code.value, each.certainty, dict(each.figures)] for each in said],
            made_at=at,
            visitor_id=staff.choose(
                row.seed.seed, one.candidate.name, one.candidate.worker_id, where.get(name)
            ),
            due_date=due,
        )
        _ask(made, second=False, at=at)


def _ask(row: Recheck, *, second: bool, at: datetime) -> None:
    who = row.again_visitor_id if second else row.visitor_id
    if who is not None:
        events.publish(RecheckAsked(row.community_id, row.pk, who, at, second))


class _Staff:
    """Who could go, of a community on a day; counts those it sends."""

    def __init__(self, community_id: int, today: date) -> None:
        of: dict[int, set[int]] = {}
        able: set[int] = set()
        grid_ids = {place.id for place in grids.subtree(f"{community_id}.", Level.GRID.value)}
        for duty in grids.duties(community_id, today):
            held = {int(part) for part in duty.place.path.split(".") if part} & grid_ids
            of.setdefault(duty.account_id, set()).update(held)
            if duty.role in rules.VISITORS:
                able.add(duty.account_id)
        self._grids = {account: frozenset(held) for account, held in of.items()}
        self._able = able
        open_ = Recheck.objects.filter(community_id=community_id, decided_at__isnull=True)
        self._open = Counter(
            [*open_.filter(found="").values_list("visitor_id", flat=True)]
            + [*open_.filter(found_again="").values_list("again_visitor_id", flat=True)]
        )

    def able(self, worker_id: int, grid_id: int | None, but: Iterable[int] = ()) -> list[aiming.Visitor]:
        """Who may go to this record at all."""
        team = self._grids.get(worker_id, frozenset()) | ({grid_id} if grid_id else frozenset())
        kept = {worker_id, *but}
        return [
            aiming.Visitor(one, self._grids[one], self._open[one])
            for one in sorted(self._able - kept)
            if not (self._grids[one] & team)
        ]

    def choose(
        self, seed: str, name: str, worker_id: int, grid_id: int | None, but: frozenset[int] = frozenset()
    ) -> int | None:
        """Who goes; None when everybody is of the same team."""
        chosen = aiming.visitor(worker_id, frozenset(), self.able(worker_id, grid_id, but), seed, name)
        if chosen is not None:
            self._open[chosen] += 1
        return chosen


def able_to_go(row: Recheck, today: date) -> list[int]:
    """Who could go to a record instead of the one who was sent."""
    staff = _Staff(row.community_id, today)
    return [one.account_id for one in staff.able(row.worker_id, row.grid_id, _been(row))]


def _been(row: Recheck) -> list[int]:
    return [row.visitor_id] if row.found and row.visitor_id else []


def assign(*, actor: Actor, recheck_id: int, visitor_id: int, at: datetime) -> None:
    """Send somebody else.

    :raises NotFound: absent, or not the actor's to decide.
    :raises Refused: visitor: not_able; recheck: over.
    """
    today = grids.day_of(at)
    with transaction.atomic():
        row = access.find_to_decide(actor, recheck_id, lock=True)
        state = rules.state(records_of.standing(row), today)
        if state not in {rules.State.TO_VISIT, rules.State.TO_VISIT_AGAIN}:
            raise Refused(Wrong("recheck", "over"))
        if visitor_id not in able_to_go(row, today):
            raise Refused(Wrong("visitor", "not_able"))
        second = state is rules.State.TO_VISIT_AGAIN
        field = "again_visitor_id" if second else "visitor_id"
        if getattr(row, field) == visitor_id:
            return
        setattr(row, field, visitor_id)
        row.save(update_fields=[field.removesuffix("_id")])
        _record(actor, "fieldwork.assign_recheck", row, at, {"visitor": visitor_id, "second": second})
        _ask(row, second=second, at=at)


def report(*, actor: Actor, recheck_id: int, found: Found, words: str, at: datetime) -> None:
    """Say what the re-visit found. True or unclear ends it; else the worker may answer first.

    :raises NotFound: absent, or somebody else was asked.
    :raises Refused: recheck: not_yet; words: too_few_words, too_long.
    """
    today = grids.day_of(at)
    wrong = rules.wrong_words("words", words) if found is not Found.TRUE or words.strip() else ()
    if wrong:
        raise Refused(*wrong)
    with transaction.atomic():
        row = access.find_to_visit(actor, recheck_id, lock=True)
        state = rules.state(records_of.standing(row), today)
        if state is rules.State.TO_VISIT and row.visitor_id == actor.account_id:
            _first(actor, row, found, words, at)
        elif state is rules.State.TO_VISIT_AGAIN and row.again_visitor_id == actor.account_id:
            row.found_again, row.again_words, row.again_at = found.value, words.strip() or None, at
            row.save(update_fields=["found_again", "again_words", "again_at"])
            _record(actor, "fieldwork.report_recheck", row, at, {"found": found.value, "second": True})
        else:
            raise Refused(Wrong("recheck", "not_yet"))


def _first(actor: Actor, row: Recheck, found: Found, words: str, at: datetime) -> None:
    row.found, row.found_words, row.found_at = found.value, words.strip() or None, at
    _record(actor, "fieldwork.report_recheck", row, at, {"found": found.value, "second": False})
    if rules.at_once(found):
        row.outcome = Found.TRUE.value if found is Found.TRUE else ""
        row.decided_at = at
        row.save(update_fields=["found", "found_words", "found_at", "outcome", "decided_at"])
        _say_decided(row, at)
        return
    days = int(grids.setting(row.community_id, "recheck_answer_days", at))
    row.answer_until_date = aiming.due_date(
        grids.day_of(at), days, calendar.load(row.community_id).is_working_day
    )
    row.save(update_fields=["found", "found_words", "found_at", "answer_until_date"])
    events.publish(
        RecheckFound(
            row.community_id, row.pk, row.worker_id, at, found.value, row.answer_until_date.isoformat()
        )
    )


def reply(*, actor: Actor, recheck_id: int, admitted: bool, words: str, at: datetime) -> None:
    """The worker answers, once: agrees with what was found, or says how it was. Then somebody else looks once more.

    :raises NotFound: absent, or another worker's.
    :raises Refused: recheck: not_yet, answered; words: too_few_words, too_long.
    """
    wrong = rules.wrong_words("words", words)
    if wrong:
        raise Refused(*wrong)
    with transaction.atomic():
        row = access.find_of_worker(actor, recheck_id, lock=True)
        if row.replied_at is not None or row.decided_at is not None:
            raise Refused(Wrong("recheck", "answered"))
        if not row.found:
            raise Refused(Wrong("recheck", "not_yet"))
        row.reply, row.replied_at, row.admitted = words.strip(), at, admitted
        row.save(update_fields=["reply", "replied_at", "admitted"])
        _record(actor, "fieldwork.answer_recheck", row, at, {"admitted": admitted})
        events.publish(RecheckAnswered(row.community_id, row.pk, row.worker_id, at, admitted))
        send_again(row, at)


def send_again(row: Recheck, at: datetime) -> bool:
    """Ask a second person, where one is needed and there is one; whether that was done."""
    standing = records_of.standing(row)
    if not rules.needs_another(standing) or row.again_visitor_id is not None or row.found_again:
        return False
    today = grids.day_of(at)
    but = frozenset(_been(row))
    name = f"{row.record}:{row.record_id}:again"
    chosen = _Staff(row.community_id, today).choose(row.draw.seed.seed, name, row.worker_id, row.grid_id, but)
    if chosen is None:
        return False
    row.again_visitor_id = chosen
    row.save(update_fields=["again_visitor"])
    _ask(row, second=True, at=at)
    return True


def decide(*, actor: Actor, recheck_id: int, outcome: Found, reason: str, at: datetime) -> None:
    """A person who was not there decides what it was: true after all, a mistake, or false. With a reason.

    :raises NotFound: absent, or not the actor's to decide.
    :raises Forbidden: you_were_there, your_own.
    :raises Refused: recheck: not_yet, over; outcome: not_found_false, not_found_twice …; reason: too_few_words.
    """
    wrong = rules.wrong_words("reason", reason)
    if wrong:
        raise Refused(*wrong)
    with transaction.atomic():
        row = access.find_to_decide(actor, recheck_id, lock=True)
        why = rules.why_not_decide(records_of.standing(row), actor.person_id, outcome.value, grids.day_of(at))
        if why in {"you_were_there", "your_own"}:
            raise Forbidden(why)
        if why:
            raise Refused(Wrong("recheck" if why in {"not_yet", "over"} else "outcome", why))
        row.outcome, row.reason, row.decided_at = outcome.value, reason.strip(), at
        row.decided_by_id = actor.person_id
        row.save(update_fields=["outcome", "reason", "decided_at", "decided_by"])
        _record(actor, "fieldwork.decide_recheck", row, at, {"outcome": outcome.value, "drawn": row.drawn})
        _say_decided(row, at)


def _say_decided(row: Recheck, at: datetime) -> None:
    events.publish(
        RecheckDecided(
            row.community_id,
            row.pk,
            row.record,
            row.record_id,
            row.worker_id,
            at,
            row.outcome or Found.UNCLEAR.value,
            row.drawn,
        )
    )


def _record(actor: Actor, verb: str, row: Recheck, at: datetime, detail: dict[str, object]) -> None:
    audit.record(
        community_id=row.community_id,
        actor=actor,
        verb=verb,
        object=f"recheck:{row.pk}",
        at=at,
        detail=detail,
    )
