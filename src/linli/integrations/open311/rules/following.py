"""The way of a case that was sent on: its states, when it is tried and looked at again. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from linli.kernel import backoff


class Stand(StrEnum):
    """Where a forward stands."""

    WAITING = "waiting"  # to be sent, or to be sent again
    SENDING = "sending"  # on the line at this moment; found here after a crash it is unsure
    UNSURE = "unsure"  # perhaps it arrived: a person says
    TOKEN = "token"  # taken; the number is still to be asked for
    FOLLOWED = "followed"  # it has a number and is open there
    TOLD = "told"  # taken, and never told about: a blackbox
    CLOSED = "closed"  # closed there; looked at a while longer, for it may be opened again
    REFUSED = "refused"  # not taken there
    WITHDRAWN = "withdrawn"  # called back by a person before it was sent


#: Nothing is asked about these any more by itself.
RESTING = frozenset({Stand.UNSURE, Stand.TOLD, Stand.REFUSED, Stand.WITHDRAWN})
MOST_TRIES = 8
FIRST_WAIT, LONGEST_WAIT = timedelta(minutes=1), timedelta(minutes=64)
STUCK = timedelta(minutes=5)  # a request lasts at most half a minute
LOOKED_AFTER_CLOSING = timedelta(days=14)


def again_at(at: datetime, tries: int) -> datetime | None:
    """When a try that failed is repeated: after 1, 2, 4 … 64 minutes; None: no more."""
    return (
        at + backoff.wait(tries, first=FIRST_WAIT, longest=LONGEST_WAIT) if 0 < tries < MOST_TRIES else None
    )


def look_at(
    stand: Stand, at: datetime, *, sent_at: datetime, closed_at: datetime | None = None
) -> datetime | None:
    """When to ask about it next: often at first, then seldom; closed ones once a day for two weeks."""
    if stand is Stand.CLOSED:
        return at + timedelta(days=1) if at - (closed_at or at) < LOOKED_AFTER_CLOSING else None
    if stand not in {Stand.FOLLOWED, Stand.TOKEN}:
        return None
    age = at - sent_at
    if age < timedelta(hours=1):
        return at + timedelta(minutes=2 if stand is Stand.TOKEN else 5)
    return at + (timedelta(minutes=30) if age < timedelta(days=7) else timedelta(hours=6))


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a try to send."""

    stand: Stand
    remote_id: str = ""
    token: str = ""
    trouble: str = ""  # a code, or what the other side said


def sent(status: int, told: Mapping[str, object] | None, complaint: str, *, repeats: bool) -> Outcome:
    """What an answer to our request means.

    :param told: the first thing of the answer, None when it could not be read.
    :param repeats: the server knows repetition keys, so asking again is harmless.
    """
    if 200 <= status < 300:
        if told is None:
            return Outcome(Stand.WAITING if repeats else Stand.UNSURE, trouble="garbled")
        number, token = str(told.get("service_request_id") or ""), str(told.get("token") or "")
        stand = Stand.FOLLOWED if number else Stand.TOKEN if token else Stand.TOLD
        return Outcome(stand, number[:100], token[:200])
    if status in {429, 503}:
        return Outcome(Stand.WAITING, trouble=complaint or "busy")
    if status >= 500:
        return Outcome(Stand.WAITING if repeats else Stand.UNSURE, trouble=complaint or "status")
    if 300 <= status < 400:
        return Outcome(Stand.REFUSED, trouble="moved")
    return Outcome(Stand.REFUSED, trouble=complaint or ("key" if status in {401, 403} else "status"))


def lost(code: str, *, repeats: bool) -> Outcome:
    """What no answer at all means: where the line broke after the request may have gone out, nobody knows."""
    if code == "address":
        return Outcome(Stand.REFUSED, trouble=code)
    surely_not_sent = code in {"inside", "unknown_host", "tls"}
    return Outcome(Stand.WAITING if surely_not_sent or repeats else Stand.UNSURE, trouble=code)
