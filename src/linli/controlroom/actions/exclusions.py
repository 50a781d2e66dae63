"""Leaving one case out of rates: asked for with a reason, decided by a second person, lifted again."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import IntegrityError, transaction

from linli.cases import access as cases
from linli.cases.rules.intake import Refused, Wrong
from linli.controlroom import access
from linli.controlroom.actions.recording import record
from linli.controlroom.models import Exclusion
from linli.controlroom.rules import exclusions as rules
from linli.kernel.access import Actor, Forbidden


def ask(*, actor: Actor, number: str, codes: Sequence[str], reason: str, why: str, at: datetime) -> Exclusion:
    """Ask that a case be left out of rates; it counts until somebody else has agreed.

    :param codes: of the rates; empty for all of them.
    :raises NotFound: no such case for this actor.
    :raises Forbidden: the actor may not ask.
    :raises Refused: a value is unknown, the reason is too short, or the case is asked for or left out already.
    """
    case = cases.find_at_work(actor, number)
    access.require(actor, case.community_id, access.ASKERS)
    wanted = [code for code in rules.EXCLUDABLE if code in set(codes)]
    wrong = [Wrong("codes", "unknown", code) for code in codes if code not in rules.EXCLUDABLE]
    wrong += [] if reason in rules.REASONS else [Wrong("reason", "unknown")]
    wrong += _words("why", why)
    if wrong:
        raise Refused(*wrong)
    try:
        with transaction.atomic():
            made = Exclusion.objects.create(
                community_id=case.community_id,
                case=case,
                codes=[] if len(wanted) == len(rules.EXCLUDABLE) else wanted,
                reason=reason,
                why=why.strip(),
                asked_by_id=actor.person_id,
                asked_at=at,
            )
            _record(actor, made, "ask_exclusion", case.number, at)
    except IntegrityError as error:
        raise Refused(Wrong("number", "already_asked")) from error
    return made


def decide(*, actor: Actor, exclusion_id: int, granted: bool, answer: str, at: datetime) -> Exclusion:
    """Grant or refuse an exclusion; whoever asked for it may not.

    :raises NotFound: none of this id for the actor.
    :raises Forbidden: needs_another_person, already_decided, or not a leader.
    :raises Refused: the answer says nothing.
    """
    with transaction.atomic():
        held = access.exclusion(actor, exclusion_id, lock=True)
        access.require(actor, held.community_id, access.DECIDERS)
        why_not = rules.may_decide(standing(held), actor.account_id)
        if why_not:
            raise Forbidden(why_not)
        wrong = _words("answer", answer)
        if wrong:
            raise Refused(*wrong)
        held.granted, held.answer = granted, answer.strip()
        held.decided_by_id, held.decided_at = actor.person_id, at
        held.save(update_fields=["granted", "answer", "decided_by", "decided_at"])
        _record(actor, held, "grant_exclusion" if granted else "refuse_exclusion", held.case.number, at)
    return held


def lift(*, actor: Actor, exclusion_id: int, at: datetime) -> Exclusion:
    """Let a case count again, or take back what was asked.

    :raises NotFound: none of this id for the actor.
    :raises Forbidden: already_ended; what others asked for, and what is granted, is lifted by a leader.
    """
    with transaction.atomic():
        held = access.exclusion(actor, exclusion_id, lock=True)
        own = held.asked_by_id == actor.account_id and held.decided_at is None
        access.require(actor, held.community_id, access.ASKERS if own else access.DECIDERS)
        why_not = rules.may_lift(standing(held))
        if why_not:
            raise Forbidden(why_not)
        held.lifted_by_id, held.lifted_at = actor.person_id, at
        held.save(update_fields=["lifted_by", "lifted_at"])
        _record(actor, held, "lift_exclusion", held.case.number, at)
    return held


def standing(held: Exclusion) -> rules.Standing:
    """What the rules look at."""
    return rules.Standing(
        held.asked_by_id, held.decided_at is not None, bool(held.granted), held.lifted_at is not None
    )


def _words(field: str, said: str) -> list[Wrong]:
    if len(said.strip()) < rules.LEAST_WORDS:
        return [Wrong(field, "too_short", str(rules.LEAST_WORDS))]
    return [Wrong(field, "too_long", str(rules.MOST_WORDS))] if len(said) > rules.MOST_WORDS else []


def _record(actor: Actor, held: Exclusion, verb: str, number: str, at: datetime) -> None:
    record(
        community_id=held.community_id,
        actor=actor,
        roles=access.ASKERS,
        verb=verb,
        thing=f"case:{number}",
        at=at,
        detail={"exclusion": held.pk, "codes": held.codes, "reason": held.reason},
    )
