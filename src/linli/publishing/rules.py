"""What an announcement must be, and when it stands. Pure."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from linli.kernel.refusals import Wrong

TITLE_MOST, WORDS_MOST = 60, 4000
LONGEST = timedelta(days=366)
#: Duties that may tell everybody something, at their place and below it.
AUTHORS = ("community_leader", "admin", "dispatcher", "assistant", "grid_worker")
#: Duties that may have people told at any hour and by SMS.
URGENT_AUTHORS = ("community_leader", "admin", "dispatcher")
#: From when on people are told on the first day of what was written ahead. Local time.
MORNING = time(8)
FILES_MOST = 6


class Tell(StrEnum):
    """Whether people get a message about it, besides what stands on the pages."""

    NO = ""
    USUAL = "usual"  # by WeChat or e-mail, outside of quiet hours
    URGENT = "urgent"  # at any hour, and by SMS where nothing else reaches them


class State(StrEnum):
    """Where an announcement is in its life; it follows from its days."""

    COMING = "coming"
    STANDING = "standing"
    PAST = "past"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class Draft:
    """An announcement as somebody wrote it. Days are local; both stand."""

    title_zh: str
    words_zh: str
    from_date: date
    last_date: date
    title_en: str = ""
    words_en: str = ""
    pinned: bool = False


def tidy(draft: Draft) -> Draft:
    """The draft without blanks around its words and without breaks in its titles."""
    return Draft(
        title_zh=" ".join(draft.title_zh.split()),
        words_zh=draft.words_zh.replace("\r\n", "\n").strip(),
        from_date=draft.from_date,
        last_date=draft.last_date,
        title_en=" ".join(draft.title_en.split()),
        words_en=draft.words_en.replace("\r\n", "\n").strip(),
        pinned=draft.pinned,
    )


def faults(draft: Draft, *, personal: Callable[[str], bool]) -> tuple[Wrong, ...]:
    """Everything that keeps a tidied draft from being published.

    :param personal: whether a text holds numbers of persons (the publication linter).
    """
    found = [Wrong(name, "missing") for name in ("title_zh", "words_zh") if not getattr(draft, name)]
    if bool(draft.title_en) != bool(draft.words_en):
        found.append(Wrong("words_en" if draft.title_en else "title_en", "half_english"))
    for name in ("title_zh", "title_en", "words_zh", "words_en"):
        most = TITLE_MOST if name.startswith("title") else WORDS_MOST
        if len(getattr(draft, name)) > most:
            found.append(Wrong(name, "too_long"))
        if personal(getattr(draft, name)):
            found.append(Wrong(name, "personal"))
    if draft.last_date < draft.from_date:
        found.append(Wrong("last_date", "ends_before_it_begins"))
    elif draft.last_date - draft.from_date >= LONGEST:
        found.append(Wrong("last_date", "too_many_days"))
    return tuple(found)


def begins(from_date: date, *, at: datetime) -> bool:
    """Whether people may be told at this local moment: what was written ahead waits for the morning.

    :param at: local time.
    """
    return from_date < at.date() or (from_date == at.date() and at.time() >= MORNING)


def state(*, from_date: date, last_date: date, withdrawn: bool, today: date) -> State:
    """Where an announcement with these days is today."""
    if withdrawn:
        return State.WITHDRAWN
    if today < from_date:
        return State.COMING
    return State.STANDING if today <= last_date else State.PAST
