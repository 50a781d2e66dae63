"""A carrier that writes down what it is given and answers as it is told."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from linli.notices.ports import Carried, Letter, Result

Answer = Callable[[str, Letter], Carried]


def takes(address: str, letter: Letter) -> Carried:
    """Takes everything."""
    return Carried(Result.SENT, reference=f"ref-{letter.key}")


@dataclass
class FakeCarrier:
    """One road. ``known`` None: everybody is reached, at their own number."""

    road: str
    answer: Answer = takes
    known: dict[int, str] | None = None
    carried: list[tuple[str, Letter]] = field(default_factory=list)

    def address(
        self, *, community_id: int, account_id: int | None, organisation_id: int | None, at: datetime
    ) -> str | None:
        """As the port says."""
        if self.known is not None:
            return self.known.get(account_id or 0)
        return f"{self.road}:{account_id or organisation_id}"

    def carry(self, letters: Sequence[tuple[str, Letter]], *, at: datetime) -> Sequence[Carried]:
        """As the port says."""
        self.carried += letters
        return [self.answer(address, letter) for address, letter in letters]

    @property
    def words(self) -> list[str]:
        """What was carried."""
        return [letter.words for _address, letter in self.carried]
