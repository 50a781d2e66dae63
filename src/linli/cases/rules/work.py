"""A case as work that somebody did: by whom, when, and how it went. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Worked:
    """One case, told by what counts of it. Moments are None for what has not happened."""

    id: int
    number: str
    grid_id: int | None
    worker_id: int | None  # who reported it handled or settled it, else to whom it was sent
    held_by: tuple[int, ...]  # everybody in whose hands it was: signed, sent back, handled, settled
    found_by_id: int | None  # the colleague who found it on a round
    kind: str
    channel: str
    ended: str  # "" | declined | merged | withdrawn | voided
    reported_at: datetime
    accepted_at: datetime | None
    handled_at: datetime | None
    closed_at: datetime | None
    response_at: (
        datetime | None
    )  # when it was signed for and its reporter contacted, or when that was due and not done
    responded: bool | None  # in time; None while it is not due
    resolve_at: datetime | None  # when it was handled, or when that was due and not done
    on_time: bool | None
    checked_at: datetime | None  # the first check
    passed_first: bool | None
    solved: bool | None  # the resident's own last word
    satisfied_at: datetime | None  # the call-back, where a lottery drew it
    satisfied: bool | None
    came_back_at: (
        datetime | None
    )  # taken up again, or the same at the same building within thirty days of closing
    returned_at: datetime | None
    returned_by_id: int | None
    located: bool  # at a building
    category_changed: bool  # after it was first sorted
    complete: bool  # category, place and answer are there
