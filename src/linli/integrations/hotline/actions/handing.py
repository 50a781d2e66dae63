"""The desk sends a case to the hotline: it is not the community's to settle."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from linli.cases import access as cases
from linli.cases.actions import moves
from linli.cases.rules.intake import MAX_WORDS, MIN_WORDS, Refused, Wrong, meaning_length
from linli.cases.rules.moves import Given
from linli.cases.rules.workflow import OPEN, State, Verb
from linli.integrations.hotline import access
from linli.integrations.hotline.actions import outbox
from linli.integrations.hotline.models import Order
from linli.integrations.hotline.rules.mapping import Sends
from linli.integrations.hotline.rules.orders import Standing, Way
from linli.kernel import scope, text
from linli.kernel.access import Actor, Forbidden


def hand_over(*, actor: Actor, number: str, line_id: int, words: str, at: datetime) -> Order:
    """Put a case before the hotline, in words that hold no personal data.

    The case stays with the desk until their answer is here: a note beside it says that it went, another what they said.

    :raises NotFound: no such case or line for this actor.
    :raises Forbidden: not a member of the desk.
    :raises Refused: the words are too short or hold personal data; the case has ended; it is with them already.
    """
    case = cases.find_at_work(actor, number)
    line = access.line(actor, line_id, community_id=case.community_id)
    if not actor.has(*access.DESK, community_id=case.community_id):
        raise Forbidden("not_your_move")
    wrongs = _wrongs(State(case.state), words)
    if wrongs:
        raise Refused(*wrongs)
    with scope.within([case.community_id]), transaction.atomic():
        cases.find(actor, number, lock=True)
        if Order.objects.filter(
            community_id=case.community_id,
            line=line,
            case=case,
            standing__in=[Standing.WAITING, Standing.OPEN],
        ).exists():
            raise Refused(Wrong("line", "there_already"))
        order = Order.objects.create(
            community_id=case.community_id,
            line=line,
            way=Way.OUT.value,
            case=case,
            case_number=case.number,
            standing=Standing.WAITING.value,
            received_at=at,
            changed_at=at,
        )
        values = {
            "words": words.strip(),
            "subject": words.strip().splitlines()[0][:60],
            "category": case.category_code,
            "address": text.mask_text(case.address),
        }
        outbox.put(order, Sends.ORDER, order.pk, values, at=at)
        note = Given(Verb.NOTE, note=f"→ {line.name_zh}: {words.strip()}"[:5000])
        moves.take(actor=actor, number=case.number, given=note, at=at)
    return order


def _wrongs(state: State, words: str) -> list[Wrong]:
    found = []
    if state not in OPEN:
        found.append(Wrong("words", "case_has_ended"))
    if meaning_length(words) < MIN_WORDS:
        found.append(Wrong("words", "too_short", str(MIN_WORDS)))
    if len(words) > MAX_WORDS:
        found.append(Wrong("words", "too_long", str(MAX_WORDS)))
    return found + [Wrong("words", f"holds_{finding.kind}") for finding in text.blocking(words)]
