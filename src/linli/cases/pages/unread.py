"""What is new for a resident: answers to what they reported or joined that were not opened here, their word wanted.

What was opened is kept in the session, by number, with the moment: an answer that comes later is new again.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.http import HttpRequest

from linli.cases.models import Case
from linli.cases.pages import pocket
from linli.cases.queries import answered
from linli.kernel import scope
from linli.people.pages.ways import Asked

OPENED = "linli.opened"  # of a session: number -> second at which its page was last shown
MOST_OPENED = 60
NEWS = timedelta(days=30)  # an older answer is no news, opened or not


def mark(request: Asked, number: str) -> None:
    """The page of this case is being shown: its answer is not new any more."""
    kept = dict(request.session.get(OPENED, {}))
    kept.pop(number, None)
    kept[number] = int(request.now.timestamp())
    request.session[OPENED] = dict(list(kept.items())[-MOST_OPENED:])


def is_new(request: HttpRequest, number: str, answered_at: datetime) -> bool:
    """Whether an answer of this moment was not opened here since."""
    seen = request.session.get(OPENED, {}).get(number)
    return not isinstance(seen, int) or seen < int(answered_at.timestamp())


def numbers(request: Asked) -> frozenset[str]:
    """The numbers of everything with an answer that is new, by account and by the receipts in the pocket."""
    since = request.now - NEWS
    found: dict[str, datetime] = {}
    if request.actor.signed_in:
        found |= answered.of_account(request.actor, since=since)
    receipts = [kept for one in pocket.held(request) if (kept := pocket.receipt(request, one)) is not None]
    if receipts:
        with scope.within(kept.community_id for kept in receipts):
            found |= answered.of_numbers([kept.number for kept in receipts], since=since)
    return frozenset(number for number, at in found.items() if is_new(request, number, at))


def mark_if_answered(request: Asked, case: Case, number: str) -> None:
    """Remember that an answer was opened; cases still under way leave the session alone."""
    if answered.is_answered(case) and is_new(request, number, case.state_at):
        mark(request, number)
