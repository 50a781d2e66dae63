"""Blowing the whistle and what follows: each is one move, brought by a page or an operation of its own."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from linli.cases import access
from linli.cases.actions import moves
from linli.cases.actions import report as reporting
from linli.cases.actions.moves import Conflict
from linli.cases.actions.report import Receipt
from linli.cases.models import Call, Whistle
from linli.cases.rules.intake import Report
from linli.cases.rules.moves import Given
from linli.cases.rules.whistle import Answered, Blown, CalledOff, Concluded
from linli.cases.rules.workflow import Verb
from linli.kernel import scope
from linli.kernel.access import Actor, NotFound


def find(actor: Actor, whistle_id: int) -> Whistle:
    """The whistle of this id on the actor's workbench, with its case.

    :raises NotFound: there is none, or no duty opens its case.
    """
    with scope.within(actor.communities):
        whistle = Whistle.objects.filter(pk=whistle_id, community_id__in=actor.staff_communities).first()
        if whistle is None:
            raise NotFound
        seen = access.staff_view(actor).filter(pk=whistle.case_id)
        case = seen.select_related("grid", "building", "organisation").first()
    if case is None:
        raise NotFound
    whistle.case = case
    return whistle


def find_call(actor: Actor, call_id: int) -> Call:
    """The call of one body, with its whistle, for this actor.

    :raises NotFound: there is none, or no duty opens its case.
    """
    with scope.within(actor.communities):
        call = Call.objects.select_related("whistle__case").filter(pk=call_id).first()
    if call is None:
        raise NotFound
    call.whistle = find(actor, call.whistle_id)
    return call


def blow(
    *, actor: Actor, number: str, wanted: Blown, at: datetime, version: int | None = None
) -> tuple[Whistle, bool]:
    """Call bodies to a place at a time about a case; and whether that was done before by the same form.

    :raises NotFound: no such case for this actor.
    :raises Forbidden: the actor may not call bodies about it.
    :raises Conflict: a whistle is out already, or the case has moved on.
    :raises Refused: something is missing or wrong in the call.
    """
    held = _sent_before(actor, number, wanted.key)
    if held is not None:
        return held, True
    given = Given(verb=Verb.WHISTLE, meeting=wanted)
    try:
        case = moves.take(actor=actor, number=number, given=given, at=at, version=version)
    except Conflict:
        held = _sent_before(actor, number, wanted.key)
        if held is None:
            raise
        return held, True
    with scope.within(actor.communities):
        made = Whistle.objects.get(case=case, state=Whistle.State.OPEN)
    return find(actor, made.pk), False


def _sent_before(actor: Actor, number: str, key: str) -> Whistle | None:
    if not key:
        return None
    with scope.within(actor.communities):
        rows = Whistle.objects.filter(community_id__in=actor.staff_communities, caller_id=actor.account_id)
        return rows.filter(key=key, case__number=number).first()


def report_and_blow(
    *,
    actor: Actor,
    community_id: int,
    report: Report,
    wanted: Blown,
    at: datetime,
    key: str,
    network: str = "",
) -> tuple[Receipt, Whistle]:
    """Take a report in and call the bodies about it: both or neither.

    :raises KeyReused: the key belongs to another report.
    :raises Forbidden: the actor may not report here, or may not call bodies at this place.
    :raises Refused: something is missing or wrong.
    """
    with transaction.atomic():
        receipt = reporting.report(
            actor=actor, community_id=community_id, report=report, at=at, key=key, network=network
        )
        whistle, _again = blow(actor=actor, number=receipt.number, wanted=wanted, at=at)
    return receipt, whistle


def tell(*, actor: Actor, call_id: int, verb: Verb, said: Answered, at: datetime) -> Call:
    """Keep an answer, an arrival, a leaving or an excuse of one body.

    :param verb: ``answer_call``, ``arrive`` or ``excuse``.
    :raises NotFound: no such call of an open whistle for this actor.
    :raises Forbidden: neither of the body, nor the caller, nor of the desk.
    :raises Conflict: the whistle has ended.
    :raises Refused: what is said cannot be.
    """
    call = find_call(actor, call_id)
    if verb is Verb.ARRIVE and not said.left and call.arrived_at is not None:
        return call  # tapped twice
    given = Given(verb=verb, meeting=said)
    moves.take(actor=actor, number=call.whistle.case.number, given=given, at=at)
    with scope.within(actor.communities):
        call.refresh_from_db(fields=[field.name for field in Call._meta.fields if field.name != "whistle"])
    return call


def conclude(*, actor: Actor, wanted: Concluded, public_words: str, at: datetime) -> Whistle:
    """Sign the joint conclusion.

    :raises NotFound: no such whistle for this actor.
    :raises Forbidden: not_your_whistle.
    :raises Conflict: it has ended already.
    :raises Refused: something is missing or wrong.
    """
    whistle = find(actor, wanted.whistle_id)
    given = Given(verb=Verb.CONCLUDE, meeting=wanted, answer=public_words)
    moves.take(actor=actor, number=whistle.case.number, given=given, at=at)
    return find(actor, wanted.whistle_id)


def call_off(*, actor: Actor, whistle_id: int, reason: str, note: str, at: datetime) -> Whistle:
    """Call a whistle off; nobody was absent.

    :raises NotFound: no such whistle for this actor.
    :raises Forbidden: not_your_whistle.
    :raises Conflict: it has ended already.
    :raises Refused: the reason is missing or unknown.
    """
    whistle = find(actor, whistle_id)
    given = Given(verb=Verb.CALL_OFF, meeting=CalledOff(whistle_id), reason=reason, note=note)
    moves.take(actor=actor, number=whistle.case.number, given=given, at=at)
    return find(actor, whistle_id)
