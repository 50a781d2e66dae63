"""What the platform's error codes mean to us. Pure; the meanings that no page confirms are defaults."""

from __future__ import annotations

from enum import StrEnum


class Reaction(StrEnum):
    """What is done about a refusal."""

    REFRESH = "refresh"  # fetch a new token once, try once more
    AGAIN = "again"  # back off and try later
    TOMORROW = "tomorrow"  # the day's quota is used
    CLOSED = "closed"  # this road is not open to this person now
    GONE = "gone"  # the person does not follow the account (any more)
    DECLINED = "declined"  # the person does not want this notice
    LOG_IN = "log_in"  # the sign-in code is used or wrong
    SETTING = "setting"  # somebody must change a setting; said to the administrator
    REFUSED = "refused"  # it will never be taken like this


REACTIONS: dict[int, Reaction] = {
    -1: Reaction.AGAIN,
    40001: Reaction.REFRESH,
    40014: Reaction.REFRESH,
    42001: Reaction.REFRESH,
    40013: Reaction.SETTING,
    40125: Reaction.SETTING,
    40164: Reaction.SETTING,
    40029: Reaction.LOG_IN,
    40163: Reaction.LOG_IN,
    40003: Reaction.GONE,
    43004: Reaction.GONE,
    43101: Reaction.DECLINED,
    45009: Reaction.TOMORROW,
    45011: Reaction.AGAIN,
    45015: Reaction.CLOSED,
    45047: Reaction.CLOSED,
    40007: Reaction.REFUSED,
    40037: Reaction.SETTING,
    47003: Reaction.SETTING,
    48001: Reaction.SETTING,
    50001: Reaction.SETTING,
}
MOST_TRIES = 4  # of what fails with a code nobody knows


def reaction(code: int) -> Reaction:
    """What is done about a code; unknown ones are tried again, a bounded number of times."""
    if 85000 <= code < 86000:
        return Reaction.SETTING
    return REACTIONS.get(code, Reaction.AGAIN)
