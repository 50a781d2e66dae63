"""What joining, parting and splitting cases changes: the effects of merge, part, split, and of taking up again."""

from __future__ import annotations

import json
from collections.abc import Callable

from django.db import OperationalError

from linli.cases.actions import clocks, danger, effects, intake_row, intake_write, pairs, placing, supporters
from linli.cases.actions.doing import Doing, Effect
from linli.cases.models import Case, ClockRow, Move
from linli.cases.queries import reference
from linli.cases.rules import intake
from linli.cases.rules.intake import Channel, PlaceHow, Refused, Report, Wrong
from linli.cases.rules.kinds import Kind
from linli.cases.rules.moves import Given
from linli.cases.rules.promises import Stage, Urgency
from linli.cases.rules.workflow import DESK, OPEN, Verb
from linli.kernel import idempotency, numbering

PRESSING = (Urgency.NORMAL, Urgency.URGENT, Urgency.CRITICAL)


def merge(doing: Doing) -> Effect:
    """The case ends in another open one; its reporter stands with the people of that one from now on."""
    case = doing.case
    number = numbering.parse_number(doing.given.target)
    target = _target(case, number) if number else None
    if target is None or target.pk == case.pk or target.state not in OPEN:
        raise Refused(Wrong("target", "not_an_open_case"))
    case.merged_into = target
    case.closed_at = doing.at
    Case.objects.filter(pk=case.pk).update(merged_into=target)  # counted with it below
    raised = _raise(target, case.urgency)
    supporters.carry(case, target, at=doing.at)
    supporters.recount(target)
    pairs.keep(case, target, same=True, actor=doing.actor, at=doing.at)
    return Effect(data={"into": target.number, **({"raised": case.urgency} if raised else {})})


def _raise(target: Case, urgency: str) -> bool:
    """A matter is as pressing as its most pressing report."""
    if PRESSING.index(Urgency(urgency)) <= PRESSING.index(Urgency(target.urgency)):
        return False
    Case.objects.filter(pk=target.pk).update(urgency=urgency)
    return True


def _target(case: Case, number: str) -> Case | None:
    """The other case, locked: two people who merge two cases crosswise do not wait for each other for ever."""
    found = Case.objects.filter(community_id=case.community_id, number=number)
    try:
        return found.select_for_update(of=("self",), nowait=True).first()
    except OperationalError as error:
        raise Refused(Wrong("target", "busy")) from error


def part(doing: Doing) -> Effect:
    """A merged case is its own again: its promises run on as if never stopped, the other's answer is not its own."""
    case = doing.case
    head = case.merged_into
    merged = Move.objects.filter(case=case, verb=Verb.MERGE.value).order_by("-seq").first()
    dropped = [row for row in doing.clocks if row.met is None and _ended_with(row, merged)]
    clocks.run_on(dropped, [Stage(row.stage) for row in dropped])
    case.merged_into, case.closed_at = None, None
    Case.objects.filter(pk=case.pk).update(merged_into=None)
    supporters.release(case, at=doing.at)
    if head is not None:
        supporters.recount(head)
        pairs.keep(case, head, same=False, actor=doing.actor, at=doing.at)
    outcome = merged.from_state if merged else ""
    return Effect(outcome=outcome, data={"from": head.number if head else ""})


def _ended_with(row: ClockRow, merged: Move | None) -> bool:
    return merged is not None and row.stopped_at is not None and row.stopped_at >= merged.at


def split(doing: Doing) -> Effect:
    """A second matter in a report becomes a case of its own: same reporter, same receipt code, promises from now."""
    case, words = doing.case, intake.clean_words(doing.given.words)
    _check_split(doing, words)
    second = _second(case, doing.given, words)
    heard = danger.hear(case.community_id, second, words)
    values = intake_row.values(
        doing.actor, case.community_id, second, words=words, heard=heard, where=_where(case), at=doing.at
    )
    key = f"split:{case.pk}:{doing.seq}"
    values |= {
        "reporter": case.reporter_id,
        "assisted_by": case.assisted_by_id,
        "actor": doing.actor.account_id,
        "role": min(doing.may & DESK),
        "data": json.dumps({**json.loads(values["data"]), "split_from": case.number}),
        "key": idempotency.key_digest("split", key),
        "body": idempotency.body_digest(case.community_id, key),
        "example": case.example,
    }
    receipt = intake_write.write(values, [])
    made = Case.objects.filter(community_id=case.community_id, number=receipt.number)
    made.update(split_from=case, code_digest=bytes(case.code_digest))
    pairs.keep(case, made.get(), same=False, actor=doing.actor, at=doing.at)
    return Effect(data={"into": receipt.number})


def _second(case: Case, given: Given, words: str) -> Report:
    """The second matter as its reporter would have reported it."""
    return Report(
        words=words,
        channel=Channel(case.channel),
        kind=Kind(case.kind),
        category_code=given.category_code,
        urgency=Urgency(given.urgency) if given.urgency else None,
        contact_name=case.contact_name or "",
        contact_phone=case.contact_phone or "",
        publish=case.publish,
        anonymous=case.anonymous,
    )


def _check_split(doing: Doing, words: str) -> None:
    found = list(intake.wrongs(Report(words, Channel.DESK)))
    category = doing.given.category_code
    if category and category not in reference.categories(doing.case.community_id):
        found.append(Wrong("category_code", "unknown"))
    if doing.given.urgency and doing.given.urgency not in {one.value for one in Urgency}:
        found.append(Wrong("urgency", "unknown"))
    if found:
        raise Refused(*found)


def _where(case: Case) -> placing.Where:
    """Where the second matter is: where the first one is, until somebody corrects it."""
    return placing.Where(
        PlaceHow(case.place_how),
        case.grid_id,
        case.building_id,
        case.place_path,
        case.lon,
        case.lat,
        case.address,
    )


def reopen(doing: Doing) -> Effect:
    """Everybody is asked again once it is settled again."""
    supporters.ask_again(doing.case)
    return effects.reopen(doing)


EFFECTS: dict[Verb, Callable[[Doing], Effect]] = {
    Verb.MERGE: merge,
    Verb.PART: part,
    Verb.SPLIT: split,
    Verb.REOPEN: reopen,
}
