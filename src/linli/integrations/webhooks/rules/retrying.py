"""When a delivery is tried again, when it is given up, how an endpoint that fails is spared."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from enum import StrEnum

from linli.kernel import backoff

#: After the first try, the second …: eleven tries over two days and seven hours.
WAITS = tuple(timedelta(seconds=each) for each in (10, 60, 300, 900, 3600, 7200, 14400, 28800, 57600, 86400))
MOST_TRIES = len(WAITS) + 1
GIVEN_UP_AFTER = timedelta(days=3)
#: Rest of a whole endpoint after failures in a row: 10 s, 20 s … 10 min; one request at a time tells whether it is back.
FIRST_REST, LONGEST_REST = timedelta(seconds=10), timedelta(minutes=10)
#: An answer may ask for more time (Retry-After), up to this.
LONGEST_ASKED_REST = timedelta(hours=1)
PAUSED_AFTER = timedelta(days=5)  # without one success
AT_ONCE, AT_ONCE_FAILING = 4, 1  # requests under way to one endpoint
LEASE = timedelta(seconds=90)
KEPT = timedelta(days=30)


class End(StrEnum):
    """What a try leads to."""

    DELIVERED = "delivered"
    AGAIN = "again"
    DEAD = "dead"


class Why(StrEnum):
    """Why a delivery has not arrived; besides these the codes of ``kernel.outside.Unreached``."""

    STATUS = "status"  # another status than 2xx
    REDIRECT = "redirect"
    GONE = "gone"
    TOO_OLD = "too_old"
    ENDED = "ended"


@dataclass(frozen=True, slots=True)
class Verdict:
    """What becomes of a delivery after a try, and of its endpoint."""

    end: End
    why: str = ""
    next_at: datetime | None = None
    rest_until_at: datetime | None = None
    pause: str = ""  # why the endpoint is paused: gone, failing


def after(
    *, status: int | None, why: str, tries: int, failures: int, failing_since: datetime | None, begun_at: datetime,
    at: datetime, asked_rest: timedelta | None = None,
) -> Verdict:  # fmt: skip
    """What follows from one try.

    :param status: of the answer; None where there was none, for which ``why`` says the reason.
    :param tries: of this delivery, this one counted.
    :param failures: of the endpoint in a row, this one not counted.
    :param failing_since: when the endpoint's present row of failures began.
    :param begun_at: when the delivery was made, or sent again by hand.
    :param asked_rest: what the answer asked for (Retry-After).
    """
    if status is not None and 200 <= status < 300:
        return Verdict(End.DELIVERED)
    if status == 410:
        return Verdict(End.DEAD, Why.GONE, pause=Why.GONE)
    why = why or (Why.REDIRECT if status is not None and 300 <= status < 400 else Why.STATUS)
    rest = max(rest_after(failures + 1), min(asked_rest or timedelta(0), LONGEST_ASKED_REST))
    pause = "failing" if failing_since is not None and at - failing_since >= PAUSED_AFTER else ""
    if tries >= MOST_TRIES or at - begun_at >= GIVEN_UP_AFTER:
        return Verdict(End.DEAD, why, rest_until_at=at + rest, pause=pause)
    wait = max(WAITS[tries - 1], min(asked_rest or timedelta(0), LONGEST_ASKED_REST))
    return Verdict(End.AGAIN, why, next_at=at + wait, rest_until_at=at + rest, pause=pause)


def rest_after(failures: int) -> timedelta:
    """How long an endpoint is left alone after so many failures in a row."""
    return backoff.wait(failures, first=FIRST_REST, longest=LONGEST_REST)


def asked_rest(value: str, *, at: datetime) -> timedelta | None:
    """How long an answer asks us to wait: the header Retry-After, in seconds or as a date; None for none."""
    text = value.strip()
    if text.isascii() and text.isdigit() and len(text) < 10:
        return timedelta(seconds=int(text))
    try:
        until: datetime = parsedate_to_datetime(text)
    except (TypeError, ValueError, IndexError):
        return None
    if until.tzinfo is None:
        return None
    left: timedelta = until - at
    return max(left, timedelta(0))
