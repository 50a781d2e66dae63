"""Beside a case on the workbench: the same matter reported again, what was decided about it, and who else says it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from linli.cases import access, access_joined, ports, words, words_alike
from linli.cases.actions import supporters
from linli.cases.models import Case, Supporter
from linli.cases.pages import telling
from linli.cases.pages.desk_frame import Frame, place_of
from linli.cases.pages.telling import Picture
from linli.cases.queries import same
from linli.cases.rules.workflow import DESK

MOST_PEOPLE = 50


@dataclass(frozen=True, slots=True)
class Near:
    """Another case, as the panel shows it."""

    case: Case
    title: str
    place: str
    state: str
    percent: int = 0
    because: tuple[str, ...] = ()
    against: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Voice:
    """Somebody else who says the same: when, in which words, and what they say of the answer. Never who."""

    at: datetime
    words: str
    number: str  # of their own report, where it was merged
    solved: bool | None
    stars: int | None
    said: str


@dataclass(frozen=True, slots=True)
class Panel:
    """Everything of one matter beside a case."""

    near: tuple[Near, ...]
    apart: tuple[Near, ...]
    merged: tuple[Near, ...]
    head: Near | None
    origin: Near | None
    split: tuple[Near, ...]
    voices: tuple[Voice, ...]
    more_voices: int
    pictures: tuple[Picture, ...]
    may_decide: bool
    version: str


def panel(made: Frame, case: Case) -> Panel:
    """What stands beside a case."""
    seen = access.staff_view(made.request.actor)
    twins = same.twins(case, seen, at=made.request.now)
    visible = {
        row.pk for row in seen.filter(pk__in=[pk for pk in (case.merged_into_id, case.split_from_id) if pk])
    }
    head = access_joined.head_of(case)
    voices = supporters.of(case) if case.supporters else []
    return Panel(
        near=tuple(_twin(made, twin) for twin in twins),
        apart=tuple(_near(made, one) for one in same.said_apart(case, seen)),
        merged=tuple(_near(made, one) for one in same.merged_here(case, seen)),
        head=_near(made, head) if case.merged_into_id in visible else None,
        origin=_near(made, case.split_from) if case.split_from and case.split_from_id in visible else None,
        split=tuple(_near(made, one) for one in same.split_off(case, seen)),
        voices=tuple(_voice(row) for row in voices[:MOST_PEOPLE]),
        pictures=tuple(telling.picture(file) for file in same.pictures_joined(case) if file.thumb_path),
        more_voices=max(0, len(voices) - MOST_PEOPLE),
        may_decide=bool(made.roles & DESK),
        version=ports.likeness().version,
    )


def _near(made: Frame, case: Case) -> Near:
    state = words.label(words.STATES, case.state)
    return Near(case, telling.headline(case), place_of(case, made.language), state)


def _twin(made: Frame, twin: same.Twin) -> Near:
    said = [(reason, words_alike.why_alike(reason, made.category)) for reason in twin.alike.reasons]
    return Near(
        case=twin.case,
        title=telling.headline(twin.case),
        place=place_of(twin.case, made.language),
        state=words.label(words.STATES, twin.case.state),
        percent=twin.alike.percent,
        because=tuple(text for reason, text in said if not reason.against),
        against=tuple(text for reason, text in said if reason.against),
    )


def _voice(row: Supporter) -> Voice:
    number = row.merged.number if row.merged else ""
    told = row.words or (row.merged.words if row.merged else "")
    return Voice(row.joined_at, told, number, row.solved, row.stars, row.said)
