"""Adapter of the port ``Memory`` of the cases: the hotline's number and standing, beside a case."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext as _

from linli.cases.ports import Matter, Note
from linli.integrations.hotline import access, words
from linli.integrations.hotline.models import Line, Order
from linli.kernel.access import Actor
from linli.kernel.clock import LOCAL


class HotlineMemory:
    """What a hotline knows this case as; where it knows nothing of it, the way to send it there. One or two statements."""

    def notes(self, matter: Matter, *, actor: Actor, language: str) -> tuple[Note, ...]:
        """One note an order; else the door to the hotline, for the desk."""
        found = Order.objects.filter(community_id=matter.community_id, case_id=matter.case_id)
        orders = list(found.select_related("line").order_by("pk"))
        if orders:
            reads = bool(actor.roles(matter.community_id) & access.READERS)
            return tuple(_note(order, language, reads) for order in orders)
        return self._door(matter, actor)

    def _door(self, matter: Matter, actor: Actor) -> tuple[Note, ...]:
        if not actor.roles(matter.community_id) & access.DESK or not matter.number or not matter.open:
            return ()
        if not Line.objects.filter(community_id=matter.community_id, active=True).exists():
            return ()
        there = reverse("hotline:send", args=[matter.number])
        return (
            Note(_("Not the community's to settle? Send it to the hotline."), "phone", there, onward=True),
        )


def _note(order: Order, language: str, reads: bool) -> Note:
    told = [order.line.name(language), order.number, words.standing(order.standing)]
    if order.due_at is not None and order.standing in {"open", "returned"}:
        told.append(_("their day: %(day)s") % {"day": order.due_at.astimezone(LOCAL).strftime("%m-%d %H:%M")})
    there = f"{reverse('hotline:desk')}?q={order.number}" if reads and order.number else ""
    return Note(" · ".join(part for part in told if part), "phone", there)
