"""Results of other cities' servers as moves of our cases."""

from __future__ import annotations

from datetime import datetime

from linli.cases.actions import moves
from linli.cases.rules.intake import Refused
from linli.cases.rules.moves import Given
from linli.cases.rules.workflow import Verb
from linli.kernel import text
from linli.kernel.access import SYSTEM, Forbidden, NotFound

CANNOT = (moves.Conflict, Forbidden, NotFound, Refused)


class CaseOutcomes:
    """Fills `ports.Outcomes`: as the desk's answer where that is wished and still fits, else as a note for colleagues."""

    def learned(
        self, *, community_id: int, number: str, note: str, answer: str, public: bool, at: datetime
    ) -> str:
        """As the port says. What the other side wrote is masked before a resident may read it."""
        if public and answer:
            reply = Given(verb=Verb.REPLY, answer=text.mask_text(answer), note=note)
            if self._moved(number, reply, at):
                return "answered"
        return "noted" if self._moved(number, Given(verb=Verb.NOTE, note=note), at) else "case_gone"

    def _moved(self, number: str, given: Given, at: datetime) -> bool:
        try:
            moves.take(actor=SYSTEM, number=number, given=given, at=at)
        except CANNOT:
            return False
        return True
