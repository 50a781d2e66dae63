"""What becomes of a case goes back to the hotline whose order it was."""

from __future__ import annotations

from django.db import transaction
from django.db.models import Q

from linli.cases.events import CaseMoved
from linli.cases.queries import steps
from linli.cases.queries.steps import Step
from linli.integrations.hotline.actions import outbox
from linli.integrations.hotline.models import Order
from linli.integrations.hotline.rules import orders
from linli.integrations.hotline.rules.mapping import Sends
from linli.integrations.hotline.rules.orders import Standing, Way
from linli.people import queries as people

ENDED = [Standing.GONE.value, Standing.REFUSED.value]


def follow(fact: CaseMoved) -> None:
    """Put the message that tells of this move into the outbox, for the case's order and for those merged into it."""
    step = steps.step(fact.community_id, fact.number, fact.seq)
    if step is None:
        return
    kind = orders.told_by(step.verb, step.reason)
    if kind is None:
        return
    merged = steps.merged_into(step.case_id) if kind is Sends.RESULT else []
    mine = Order.objects.filter(community_id=fact.community_id, way=Way.IN.value)
    wanted = mine.filter(Q(case_id=step.case_id) | Q(case_id__in=merged)).exclude(standing__in=ENDED)
    if not wanted.exists():
        return
    with transaction.atomic():
        for order in wanted.select_related("line").select_for_update(of=("self",)).order_by("pk"):
            _put(order, kind, step)


def _put(order: Order, kind: Sends, step: Step) -> None:
    # A move of the case it was merged into carries that case's numbers of moves: beyond those of its own.
    seq = step.seq if order.case_id == step.case_id else 10_000 + step.seq
    outbox.put(order, kind, seq, _values(step), at=step.at)
    order.standing = orders.standing_after(kind, Standing(order.standing)).value
    order.changed_at = max(order.changed_at, step.at)
    order.save(update_fields=["standing", "changed_at"])


def _values(step: Step) -> dict[str, object]:
    body = people.organisation_names([step.organisation_id]) if step.organisation_id else {}
    return {
        "state": step.state.value,
        "outcome": orders.outcome(step.verb, step.state),
        "words": step.words,
        "reason": step.reason,
        "body": body.get(step.organisation_id or 0, ""),
        "solved": step.solved,
        "stars": step.stars,
    }
