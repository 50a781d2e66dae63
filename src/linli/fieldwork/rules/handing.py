"""What of a worker's open work may change hands. Pure."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from linli.fieldwork.rules.team import WORDS_MOST
from linli.fieldwork.rules.words import ItemKind, WhyHandOver
from linli.kernel.refusals import Wrong


@dataclass(frozen=True, slots=True)
class Offer:
    """A hand-over as it is offered."""

    grid_id: int
    giver_id: int
    receiver_id: int
    why: WhyHandOver
    words: str = ""
    key: UUID | None = None


@dataclass(frozen=True, slots=True)
class Open:
    """One open thing: what it is, and its row."""

    kind: ItemKind
    record_id: int


def wrong_offer(offer: Offer, *, in_team: Collection[int]) -> tuple[Wrong, ...]:
    """Everything that keeps a hand-over from being offered.

    :param in_team: the accounts that serve the grid in its team today.
    """
    found = []
    if offer.receiver_id == offer.giver_id:
        found.append(Wrong("receiver", "same_person"))
    elif offer.receiver_id not in in_team:
        found.append(Wrong("receiver", "not_in_team"))
    if len(offer.words) > WORDS_MOST:
        found.append(Wrong("words", "too_long"))
    return tuple(found)
