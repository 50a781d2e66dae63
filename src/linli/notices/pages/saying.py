"""A notice and its tries as pages show them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from linli.notices import words
from linli.notices.models import Attempt, Notice
from linli.notices.rules.delivery import State
from linli.notices.rules.kinds import KINDS

GRAVE = frozenset({State.GIVEN_UP})


@dataclass(frozen=True, slots=True)
class Line:
    """One notice in a list."""

    id: int
    title: str
    words: str
    at: datetime
    unread: bool
    how: str  # SMS · Arrived
    group: str
    urgent: bool
    url: str


@dataclass(frozen=True, slots=True)
class Try:
    """One try by a road."""

    road: str
    at: datetime
    result: str
    good: bool
    why: str
    receipt: str
    receipt_at: datetime | None


def line(one: Notice) -> Line:
    """A notice in its recipient's list."""
    kind = KINDS.get(one.kind)
    return Line(
        id=one.pk,
        title=one.title,
        words=one.words,
        at=one.told_at,
        unread=one.read_at is None,
        how=how(one),
        group=words.label(words.GROUPS, kind.group.value) if kind else "",
        urgent=one.urgency == "critical",
        url=reverse("notices:notice", args=[one.pk]),
    )


def how(one: Notice) -> str:
    """By which road, and how far: SMS · Arrived; said of what only stands on the page too."""
    state = State(one.state)
    if one.sent_at is not None and state in {State.READ, State.SENT, State.ARRIVED}:
        done = State.ARRIVED if state is State.ARRIVED else State.SENT
        return f"{words.label(words.ROADS, one.road)} · {words.label(words.STATES, done.value)}"
    if state in {State.RESTING, State.READ}:
        return words.label(words.ROADS, "page")
    return words.label(words.STATES, one.state)


def attempt(one: Attempt) -> Try:
    """A try in words."""
    why = words.label(words.REASONS, one.code) if one.code else ""
    return Try(
        road=words.label(words.ROADS, one.road),
        at=one.at,
        result=words.label(words.RESULTS, one.result),
        good=one.result == "sent" and one.receipt != Attempt.Receipt.FAILED,
        why=why,
        receipt=words.label(words.RECEIPTS, one.receipt) if one.receipt else "",
        receipt_at=one.receipt_at,
    )


def recipient(one: Notice) -> str:
    """To whom, as staff may see it: a colleague or resident by the short name, a group by its name."""
    if one.robot is not None:
        return one.robot.name
    if one.account is not None:
        return str(getattr(one.account, "short_name", "")) or _("somebody")
    return pgettext("notice", "the phone left with the report")
