"""What a move brings with it, and what is wrong with it. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from linli.cases.rules.intake import MAX_PICTURES, MAX_SOUNDS, MAX_WORDS, PlaceGiven, Wrong
from linli.cases.rules.whistle import Answered, Blown, CalledOff, Concluded
from linli.cases.rules.workflow import Need, Step, Verb

LONGEST_HANG_DAYS = 366
LONGEST_LETTER_DAYS = 90


@dataclass(frozen=True, slots=True)
class Given:
    """The filled-in form of a move; only what its verb needs is looked at."""

    verb: Verb
    reason: str = ""
    note: str = ""
    answer: str = ""
    words: str = ""
    category_code: str = ""
    urgency: str = ""
    organisation_id: int | None = None
    handler_id: int | None = None
    target: str = ""  # number of the case to merge into
    ruling: str = ""  # upheld | overruled | assigned
    request: str = ""  # extend | pause | hang
    amount: Decimal | None = None
    until: datetime | None = None
    granted: bool | None = None
    solved: bool | None = None
    reached: bool | None = None
    stars: int | None = None
    place: PlaceGiven | None = None
    task_id: int | None = None
    uploads: tuple[str, ...] = ()
    public_words: str = ""
    publish: bool | None = None
    letter: str = ""  # letter | talk: what a supervision is; empty: a letter
    supervisor_id: int | None = None  # who supervises; None: whoever opens it
    meeting: Blown | Answered | Concluded | CalledOff | None = None  # of a whistle

    def brought(self) -> frozenset[str]:
        """Which needs are met by what is filled in, before looking whether it is right."""
        has = {
            Need.CATEGORY: bool(self.category_code),
            Need.REASON: bool(self.reason),
            Need.NOTE: bool(self.note.strip()),
            Need.ANSWER: bool(self.answer.strip()),
            Need.PROOF: bool(self.uploads),
            Need.TARGET: bool(self.target),
            Need.BODY: self.organisation_id is not None or self.handler_id is not None,
            Need.ORGANISATION: self.organisation_id is not None,
            Need.HANDLER: self.handler_id is not None,
            Need.RULING: self.ruling in {"upheld", "overruled", "assigned"},
            Need.REQUEST: self.request in {"extend", "pause", "hang"},
            Need.GRANTED: self.granted is not None,
            Need.SOLVED: self.solved is not None or self.reached is False,
            Need.DEADLINE: self.until is not None,
            Need.PLACE: self.place is not None,
            Need.TASK: self.task_id is not None,
            Need.MEETING: self.meeting is not None,
            Need.WORDS: bool(self.words.strip()) or bool(self.uploads and self.verb is Verb.ADD),
        }
        return frozenset(need.value for need, there in has.items() if there)


def wrongs(step: Step, given: Given, *, at: datetime) -> tuple[Wrong, ...]:
    """Everything wrong with a form beyond what it lacks."""
    found: list[Wrong] = []
    for name in ("note", "answer", "words", "public_words"):
        if len(getattr(given, name)) > MAX_WORDS:
            found.append(Wrong(name, "too_long", str(MAX_WORDS)))
    if step.reasons and given.reason and given.reason not in step.reasons:
        found.append(Wrong("reason", "unknown", ", ".join(step.reasons)))
    if given.stars is not None and not 1 <= given.stars <= 5:
        found.append(Wrong("stars", "one_to_five"))
    if len(given.uploads) > MAX_PICTURES + MAX_SOUNDS:
        found.append(Wrong("uploads", "too_many", str(MAX_PICTURES)))
    if given.until is not None and given.until <= at:
        found.append(Wrong("until", "in_the_past"))
    if step.verb is Verb.ASK:
        found += _request_wrongs(given, at=at)
    found += _chasing_wrongs(step, given, at=at)
    return tuple(found)


def _chasing_wrongs(step: Step, given: Given, *, at: datetime) -> list[Wrong]:
    found = [] if given.letter in {"", "letter", "talk"} else [Wrong("letter", "unknown")]
    if step.verb is Verb.SUPERVISE and given.until is not None:
        if (given.until - at).days > LONGEST_LETTER_DAYS:
            found.append(Wrong("until", "too_far", str(LONGEST_LETTER_DAYS)))
    if given.ruling == "assigned" and given.organisation_id is None and given.handler_id is None:
        found.append(Wrong("body", "missing"))
    return found


def _request_wrongs(given: Given, *, at: datetime) -> list[Wrong]:
    if given.request == "extend":
        return (
            []
            if given.amount is not None and 0 < given.amount <= 1000
            else [Wrong("amount", "positive_amount")]
        )
    if given.until is None:
        return [Wrong("until", "missing")]
    if (given.until - at).days > LONGEST_HANG_DAYS:
        return [Wrong("until", "too_far", str(LONGEST_HANG_DAYS))]
    return []
