"""The sweeps that speak to other servers: claim in one transaction, ask outside of any, write in another."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet
from django.utils import translation
from django.utils.translation import gettext as _

from linli.grids import queries as places
from linli.integrations.open311 import asking_others, words
from linli.integrations.open311.asking_others import Seen, Trouble
from linli.integrations.open311.models import Endpoint, Forward
from linli.integrations.open311.ports import Line, outcomes
from linli.integrations.open311.rules import following, times
from linli.integrations.open311.rules.following import Outcome, Stand
from linli.kernel import outside, scope

BATCH = 20
TOGETHER = 50
OWN_LANGUAGE = "zh-hans"
FOLLOWED = (Stand.TOKEN.value, Stand.FOLLOWED.value, Stand.CLOSED.value)


def send_waiting(at: datetime, line: Line = outside.ask) -> int:
    """Send what waits; returns how many were tried. Safe in two workers at once and after a crash."""
    count = 0
    due = Forward.objects.filter(state__in=[Stand.WAITING.value, Stand.SENDING.value], next_at__lte=at)
    for community_id in places.communities_with(due):
        with scope.within([community_id]), translation.override(OWN_LANGUAGE):
            _give_back(community_id, at)
            for forward in _claimed(community_id, at):
                outcome = asking_others.send(forward, line)
                _keep(forward, outcome, at)
                count += 1
    return count


def _give_back(community_id: int, at: datetime) -> None:
    """What was on the line when a worker died: sent again where that is harmless, else a person has to look."""
    stuck = Forward.objects.filter(community_id=community_id, state=Stand.SENDING.value, next_at__lte=at)
    again = stuck.filter(endpoint__repeats=True).values_list("pk", flat=True)
    Forward.objects.filter(pk__in=list(again)).update(state=Stand.WAITING.value)
    stuck.update(state=Stand.UNSURE.value, next_at=None, trouble="crashed")


def _claimed(community_id: int, at: datetime) -> list[Forward]:
    with transaction.atomic():
        waiting = Forward.objects.filter(
            community_id=community_id, state=Stand.WAITING.value, next_at__lte=at
        )
        rows = list(
            waiting.select_related("endpoint")
            .select_for_update(skip_locked=True, of=("self",))
            .order_by("next_at")[:BATCH]
        )
        for row in rows:
            row.state, row.tries, row.next_at = Stand.SENDING.value, row.tries + 1, at + following.STUCK
            row.save(update_fields=["state", "tries", "next_at"])
    return rows


def _keep(forward: Forward, outcome: Outcome, at: datetime) -> None:
    stand, trouble = outcome.stand, outcome.trouble
    next_at = following.again_at(at, forward.tries) if stand is Stand.WAITING else None
    if stand is Stand.WAITING and next_at is None:
        stand = Stand.REFUSED
    taken = stand in {Stand.FOLLOWED, Stand.TOKEN, Stand.TOLD}
    if taken:
        next_at = following.look_at(stand, at, sent_at=at)
    with transaction.atomic():
        Forward.objects.filter(pk=forward.pk, state=Stand.SENDING.value).update(
            state=stand.value,
            next_at=next_at,
            trouble=trouble[:400],
            remote_id=outcome.remote_id,
            token=outcome.token,
            sent_at=at if taken else None,
            ended_at=at if stand in {Stand.REFUSED, Stand.TOLD} else None,
        )
        if taken or stand in {Stand.REFUSED, Stand.UNSURE}:
            _learn(forward, _sent_words(forward.endpoint, stand, outcome), "", at)


def _sent_words(endpoint: Endpoint, stand: Stand, outcome: Outcome) -> str:
    said = {
        "name": endpoint.name,
        "number": outcome.remote_id,
        "why": words.label(words.TROUBLES, outcome.trouble),
    }
    if stand is Stand.FOLLOWED:
        return _("Sent on to %(name)s; its number there is %(number)s.") % said
    if stand is Stand.REFUSED:
        return _("%(name)s did not take it: %(why)s") % said
    if stand is Stand.UNSURE:
        return _("Sent on to %(name)s, but we do not know whether it arrived: %(why)s") % said
    return _("Sent on to %(name)s.") % said


def follow(at: datetime, line: Line = outside.ask) -> int:
    """Ask how what was sent on stands; returns how many were asked about."""
    count = 0
    for community_id in places.communities_with(_followed(at)):
        with scope.within([community_id]), translation.override(OWN_LANGUAGE):
            for endpoint, rows in _due(community_id, at).items():
                _ask_tokens(endpoint, [row for row in rows if row.state == Stand.TOKEN.value], at, line)
                _ask_numbers(endpoint, [row for row in rows if row.state != Stand.TOKEN.value], at, line)
                count += len(rows)
    return count


def _followed(at: datetime) -> QuerySet[Forward]:
    return Forward.objects.filter(state__in=FOLLOWED, next_at__lte=at)


def _due(community_id: int, at: datetime) -> dict[Endpoint, list[Forward]]:
    with transaction.atomic():
        due = _followed(at).filter(community_id=community_id)
        locked = due.select_related("endpoint").select_for_update(skip_locked=True, of=("self",))
        rows = list(locked.order_by("next_at")[:TOGETHER])
        Forward.objects.filter(pk__in=[row.pk for row in rows]).update(next_at=at + following.STUCK)
    found: dict[Endpoint, list[Forward]] = defaultdict(list)
    for row in rows:
        found[row.endpoint].append(row)
    return found


def _ask_tokens(endpoint: Endpoint, rows: Iterable[Forward], at: datetime, line: Line) -> None:
    for row in rows:
        try:
            number, trouble = asking_others.number_of(row, line), ""
        except Trouble as refused:
            number, trouble = "", refused.told
        if number:
            row.state, row.remote_id = Stand.FOLLOWED.value, number
        _look_again(row, trouble, at)
        with transaction.atomic():
            row.save(update_fields=["state", "remote_id", "seen_at", "trouble", "next_at"])
            if number:
                note = _sent_words(endpoint, Stand.FOLLOWED, Outcome(Stand.FOLLOWED, number))
                _learn(row, note, "", at)


def _ask_numbers(endpoint: Endpoint, rows: list[Forward], at: datetime, line: Line) -> None:
    if not rows:
        return
    try:
        seen, trouble = asking_others.look(endpoint, [row.remote_id for row in rows], line), ""
    except Trouble as refused:
        seen, trouble = {}, refused.told
    for row in rows:
        told = seen.get(row.remote_id)
        _look_again(row, trouble or ("" if told else "gone"), at)
        with transaction.atomic():
            if told is not None:
                _take_over(row, told, at)
            row.save()


def _look_again(row: Forward, trouble: str, at: datetime) -> None:
    row.trouble = trouble[:400]
    row.next_at = following.look_at(
        Stand(row.state), at, sent_at=row.sent_at or row.asked_at, closed_at=row.ended_at
    )
    if not trouble:
        row.seen_at = at


def _take_over(row: Forward, told: Seen, at: datetime) -> None:
    """What is new there goes into the row and, as a move, into the case."""
    changed = (told.status, told.notes) != (row.remote_status, row.remote_notes)
    closing = told.status == "closed" and row.state != Stand.CLOSED.value
    row.remote_status, row.remote_notes, row.agency = told.status, told.notes, told.agency
    row.expected_at = times.read(told.expected) if told.expected else None
    if closing:
        row.state, row.ended_at = Stand.CLOSED.value, at
    elif told.status == "open" and row.state == Stand.CLOSED.value:
        row.state, row.ended_at = Stand.FOLLOWED.value, None
    if closing or not row.next_at:
        row.next_at = following.look_at(
            Stand(row.state), at, sent_at=row.sent_at or row.asked_at, closed_at=row.ended_at
        )
    if changed:
        _learn(row, _news(row), told.notes if closing else "", at)


def _news(row: Forward) -> str:
    said = {"name": row.endpoint.name, "number": row.remote_id, "notes": row.remote_notes or "–"}
    if row.remote_status == "closed":
        return _("Closed at %(name)s (%(number)s): %(notes)s") % said
    return _("News from %(name)s (%(number)s): %(notes)s") % said


def _learn(row: Forward, note: str, answer: str, at: datetime) -> None:
    outcome = outcomes().learned(
        community_id=row.community_id,
        number=row.number,
        note=note,
        answer=answer,
        public=row.endpoint.answers,
        at=at,
    )
    if outcome == "case_gone":
        row.trouble = outcome
