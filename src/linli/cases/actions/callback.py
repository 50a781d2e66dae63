"""Calling residents back: the number, what came of each call, and the reasoned answer to who is not satisfied."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction

from linli.cases.actions import callback_draw, moves, reveal
from linli.cases.actions.moves import Conflict
from linli.cases.models import CallBack, CallTry
from linli.cases.queries import callback_plan
from linli.cases.rules import callback as rules
from linli.cases.rules.callback import Tried
from linli.cases.rules.intake import MAX_WORDS, Refused, Wrong
from linli.cases.rules.moves import Given
from linli.cases.rules.workflow import CHECKERS, SETTLED, State, Verb
from linli.kernel import audit, scope, text
from linli.kernel.access import Actor, Forbidden, NotFound
from linli.kernel.clock import LOCAL
from linli.people.actions.contact import Contact, WhyRead

READERS = CHECKERS | {"auditor"}
HELD = timedelta(minutes=20)  # so long others see that somebody has the number on the screen
LATEST_AGAIN = timedelta(days=14)
TWICE = timedelta(seconds=90)  # the same call, sent a second time
NOT_REACHED = {Tried.REFUSED: "refused", Tried.WRONG_NUMBER: "wrong_number"}
REASON_OF = {"came_back": "came_back", "answer_unclear": "answer_unclear", "not_done": "not_solved"}


@dataclass(frozen=True, slots=True)
class Said:
    """The filled-in page of a call."""

    outcome: Tried
    tries_seen: int | None = None  # calls noted when the page was opened; None: whatever there is
    solved: bool | None = None
    stars: int | None = None
    complaint: str = ""
    words: str = ""
    wants_reopening: bool | None = None
    again_at: datetime | None = None


def communities(actor: Actor, *roles: str) -> frozenset[int]:
    """The communities in which the actor holds one of these roles."""
    wanted = set(roles) or READERS
    return frozenset(grant.community_id for grant in actor.grants if grant.role in wanted)


def find(actor: Actor, callback_id: int, *, lock: bool = False) -> CallBack:
    """The call-back of this id, for those who call and those who audit; with its case.

    :raises NotFound: there is none for this actor.
    """
    rows = CallBack.objects.select_for_update(of=("self",)) if lock else CallBack.objects.all()
    rows = rows.select_related("case", "case__grid", "case__building", "case__organisation")
    row = rows.filter(pk=callback_id, community_id__in=communities(actor)).first()
    if row is None:
        raise NotFound
    return row


def require_caller(actor: Actor, row: CallBack) -> None:
    """Nothing, when the actor may call this resident.

    :raises Forbidden: not_your_move, or needs_another_person for who handled the case.
    """
    if row.community_id not in communities(actor, *CHECKERS):
        raise Forbidden("not_your_move")
    if row.case.handled_by_id is not None and row.case.handled_by_id == actor.account_id:
        raise Forbidden("needs_another_person")


def may_call(actor: Actor, row: CallBack) -> bool:
    """Whether the actor may call this resident."""
    try:
        require_caller(actor, row)
    except Forbidden:
        return False
    return True


def show_number(*, actor: Actor, callback_id: int, at: datetime) -> Contact:
    """Give the resident's number, with its log row, and let others see who has it.

    :raises NotFound: no such call-back for this actor, or no number was left.
    :raises Forbidden: the actor may not call this resident.
    :raises TooManyReveals: over the limit of an hour or a day.
    """
    with scope.within(actor.communities):
        row = find(actor, callback_id)
        require_caller(actor, row)
        # A transaction of its own: the look stands in the log even where what follows fails.
        contact = reveal.reveal(actor=actor, number=row.case.number, why=WhyRead.FOLLOW_UP, at=at)
        CallBack.objects.filter(pk=row.pk).update(held_by=actor.account_id, held_at=at)
    return contact


def held_by_another(row: CallBack, actor: Actor, at: datetime) -> int | None:
    """Who else has the number on the screen now."""
    fresh = row.held_at is not None and at - row.held_at < HELD
    return row.held_by_id if fresh and row.held_by_id != actor.account_id else None


def note(*, actor: Actor, callback_id: int, said: Said, at: datetime) -> CallBack:
    """Keep how a call went, and what follows: the result, another try, or not reached by rule.

    :raises NotFound: no such call-back for this actor.
    :raises Forbidden: the actor may not call this resident.
    :raises Conflict: it is over, or somebody else noted a call meanwhile.
    :raises Refused: something is missing or wrong; nothing was written.
    """
    with scope.within(actor.communities), transaction.atomic():
        row = find(actor, callback_id, lock=True)
        require_caller(actor, row)
        if _sent_twice(row, actor, said, at):
            return row
        if row.state not in {CallBack.State.OPEN, CallBack.State.SKIPPED} or not row.last:
            raise Conflict("not_open")
        if said.tries_seen is not None and said.tries_seen != row.tries:
            raise Conflict("somebody_faster")
        found = wrongs(said, at=at)
        if found:
            raise Refused(*found)
        _note_try(row, actor, said, at)
        _follow(row, actor, said, at)
    return find_within(actor, callback_id)


def find_within(actor: Actor, callback_id: int) -> CallBack:
    """`find`, with the actor's communities entered."""
    with scope.within(actor.communities):
        return find(actor, callback_id)


def _sent_twice(row: CallBack, actor: Actor, said: Said, at: datetime) -> bool:
    """Whether this very call was noted a moment ago by the same person: the form was sent twice."""
    if said.tries_seen is None or said.tries_seen >= row.tries:
        return False
    last = row.calls.order_by("-number").first()
    same = last is not None and last.by_id == actor.account_id and last.outcome == said.outcome
    return bool(same and last and at - last.at < TWICE and said.tries_seen == row.tries - 1)


def wrongs(said: Said, *, at: datetime) -> list[Wrong]:
    """Everything wrong with the page of a call."""
    found = []
    if len(said.words) > MAX_WORDS:
        found.append(Wrong("words", "too_long", str(MAX_WORDS)))
    if said.outcome is Tried.CALL_AGAIN:
        found += _again_wrongs(said.again_at, at)
    if said.outcome is Tried.REACHED:
        found += _answer_wrongs(said)
    return found


def _again_wrongs(again_at: datetime | None, at: datetime) -> list[Wrong]:
    if again_at is None:
        return [Wrong("again_at", "missing")]
    if again_at <= at:
        return [Wrong("again_at", "in_the_past")]
    return [Wrong("again_at", "too_far", str(LATEST_AGAIN.days))] if again_at > at + LATEST_AGAIN else []


def _answer_wrongs(said: Said) -> list[Wrong]:
    found = [Wrong("solved", "missing")] if said.solved is None else []
    if said.stars is not None and not 1 <= said.stars <= 5:
        found.append(Wrong("stars", "one_to_five"))
    if not is_unsatisfied(said.solved, said.stars):
        return found
    if said.complaint not in rules.COMPLAINTS:
        found.append(Wrong("complaint", "unknown" if said.complaint else "missing"))
    if said.complaint == "other" and not said.words.strip():
        found.append(Wrong("words", "other_without_words"))
    if said.wants_reopening is None:
        found.append(Wrong("wants_reopening", "missing"))
    return found


def is_unsatisfied(solved: bool | None, stars: int | None) -> bool:
    """Whether what the resident says calls for more: not solved, or fewer than three stars."""
    return solved is False or (stars is not None and stars < rules.LEAST_CONTENT)


def _note_try(row: CallBack, actor: Actor, said: Said, at: datetime) -> None:
    row.tries += 1
    CallTry.objects.create(
        community_id=row.community_id,
        callback=row,
        number=row.tries,
        at=at,
        by_id=actor.account_id,
        outcome=said.outcome.value,
        note="" if said.outcome is Tried.REACHED else said.words.strip(),
    )
    row.again_at = said.again_at if said.outcome is Tried.CALL_AGAIN else None
    row.held_by, row.held_at = None, None
    row.save(update_fields=["tries", "again_at", "held_by", "held_at"])


def _follow(row: CallBack, actor: Actor, said: Said, at: datetime) -> None:
    """What a call leads to: the move that ends the call-back, and the one that takes the case up again."""
    if said.outcome is Tried.REACHED:
        _reached(row, actor, said, at)
    elif said.outcome in NOT_REACHED:
        _move(row, actor, at, Given(Verb.FOLLOW_UP, reached=False, reason=NOT_REACHED[said.outcome]))
    elif said.outcome is Tried.NO_ANSWER:
        _not_reached(row, actor, at)
    _record(row, actor, f"note_call_{said.outcome}", at)


def _not_reached(row: CallBack, actor: Actor, at: datetime) -> None:
    """End it as not reached once enough was tried; before that say from when another try counts."""
    tries = row.calls.filter(outcome=Tried.NO_ANSWER).values_list("at", flat=True)
    left = rules.lacking(tries, callback_plan.in_force(row.community_id, at.astimezone(LOCAL).date()).terms)
    if left.nothing:
        _move(row, actor, at, Given(Verb.FOLLOW_UP, reached=False, reason="unreachable"))
        return
    row.again_at = left.not_before
    row.save(update_fields=["again_at"])


def _reached(row: CallBack, actor: Actor, said: Said, at: datetime) -> None:
    _move(row, actor, at, Given(Verb.FOLLOW_UP, reached=True, solved=said.solved, stars=said.stars))
    unsatisfied = is_unsatisfied(said.solved, said.stars)
    again = bool(unsatisfied and said.wants_reopening)
    CallBack.objects.filter(pk=row.pk).update(
        said=said.words.strip(),
        complaint=said.complaint if unsatisfied else "",
        wants_reopening=said.wants_reopening if unsatisfied else None,
        reopened=again,
    )
    if again:
        reason = REASON_OF.get(said.complaint, "other")
        words = text.mask_text(said.words.strip())
        _move(row, actor, at, Given(Verb.REOPEN, reason=reason, words=words))


def _move(row: CallBack, actor: Actor, at: datetime, given: Given) -> None:
    moves.take(actor=actor, number=row.case.number, given=given, at=at)


def _record(row: CallBack, actor: Actor, verb: str, at: datetime) -> None:
    roles = sorted(actor.roles(row.community_id) & CHECKERS)
    audit.record(
        community_id=row.community_id,
        actor=actor,
        role=roles[0] if roles else "",
        verb=f"cases.{verb}",
        object=f"callback:{row.pk}",
        at=at,
        detail={"case": row.case.number, "tries": row.tries},
    )


# -- the reasoned answer -----------------------------------------------------------------------------------


def may_be_answered(row: CallBack) -> bool:
    """Whether a reasoned answer is in place: the resident is not satisfied, and the case was not taken up again."""
    unsatisfied = row.outcome == rules.Outcome.REACHED and is_unsatisfied(row.solved, row.stars)
    return unsatisfied and row.last and State(row.case.state) in SETTLED and row.approved is not True


def propose(*, actor: Actor, callback_id: int, answer: str, at: datetime) -> CallBack:
    """Propose a reasoned answer to a resident who is not satisfied; a leader approves it.

    :raises NotFound: no such call-back for this actor.
    :raises Forbidden: the actor may not call this resident.
    :raises Conflict: there is nothing to answer, or one waits already.
    :raises Refused: it is empty, too long, or holds what must not be public.
    """
    with scope.within(actor.communities), transaction.atomic():
        row = find(actor, callback_id, lock=True)
        require_caller(actor, row)
        if not may_be_answered(row) or (row.answer_at is not None and row.approved is None):
            raise Conflict("not_open")
        found = [Wrong("answer", f"holds_{finding.kind}") for finding in text.blocking(answer)]
        if not answer.strip():
            found = [Wrong("answer", "missing")]
        if len(answer) > MAX_WORDS:
            found.append(Wrong("answer", "too_long", str(MAX_WORDS)))
        if found:
            raise Refused(*found)
        row.answer, row.answer_by_id, row.answer_at = answer.strip(), actor.account_id, at
        row.approved, row.ruled_by_id, row.ruled_at, row.ruling_note = None, None, None, ""
        row.save(
            update_fields=[
                "answer", "answer_by", "answer_at", "approved", "ruled_by", "ruled_at", "ruling_note",
            ]
        )  # fmt: skip
        _record(row, actor, "propose_answer", at)
    return row


def decide(
    *, actor: Actor, callback_id: int, approved: bool, answer: str = "", note: str = "", at: datetime
) -> CallBack:
    """Approve a reasoned answer, so that the resident reads it, or send it back with a note.

    :param answer: the words as they are approved; empty: as they were proposed.
    :raises NotFound: no such call-back for this actor.
    :raises Forbidden: not a leader, or the one who proposed it.
    :raises Conflict: nothing waits.
    :raises Refused: sent back without a note, or words that must not be public.
    """
    with scope.within(actor.communities), transaction.atomic():
        row = find(actor, callback_id, lock=True)
        if row.community_id not in communities(actor, "community_leader"):
            raise Forbidden("not_your_move")
        if row.answer_by_id == actor.account_id:
            raise Forbidden("needs_another_person")
        waiting = callback_draw.waiting_answer(row.case)
        if waiting is None or waiting.pk != row.pk:
            raise Conflict("nothing_proposed")
        if approved:
            _move(row, actor, at, Given(Verb.JUSTIFY, answer=answer.strip() or row.answer, note=note))
        else:
            _send_back(row, actor, note, at)
    return find_within(actor, callback_id)


def _send_back(row: CallBack, actor: Actor, note: str, at: datetime) -> None:
    if not note.strip():
        raise Refused(Wrong("note", "missing"))
    if len(note) > MAX_WORDS:
        raise Refused(Wrong("note", "too_long", str(MAX_WORDS)))
    row.approved, row.ruled_by_id, row.ruled_at, row.ruling_note = False, actor.account_id, at, note.strip()
    row.save(update_fields=["approved", "ruled_by", "ruled_at", "ruling_note"])
    _record(row, actor, "send_answer_back", at)
