"""Adapter of the port ``Memory`` of the cases: by which app a case came, and where it was sent on to."""

from __future__ import annotations

from django.db.models import BigIntegerField, CharField, Value
from django.urls import reverse
from django.utils.translation import gettext as _

from linli.cases.ports import Matter, Note
from linli.cases.queries import reference
from linli.cases.rules.workflow import DESK
from linli.integrations.open311 import words
from linli.integrations.open311.models import Endpoint, Filed, Forward
from linli.kernel.access import Actor

EMPTY = Value("", CharField())


class Open311Memory:
    """Which app it came by, where it was sent on to and how it stands there; else the way to send it. One statement."""

    def notes(self, matter: Matter, *, actor: Actor, language: str) -> tuple[Note, ...]:
        """One note for each; the door only for the desk, and only where there is a server."""
        if not matter.number:
            return ()
        desk = bool(actor.roles(matter.community_id) & DESK)
        there = reverse("open311:forward", args=[matter.number]) if desk else ""
        rows = _rows(matter)
        found = [
            Note(_("Came by the app %(name)s") % {"name": row[1]}, "globe") for row in rows if not row[0]
        ]
        sent = [
            Note(" · ".join(filter(None, (name, remote_id, words.label(words.STANDS, state)))), "send", there)
            for pk, name, remote_id, state in rows
            if pk
        ]
        if not sent and desk and matter.open and _any_server(matter.community_id):
            sent = [Note(_("Another city’s matter? Send it on."), "send", there, onward=True)]
        return (*found, *sent)


def _rows(matter: Matter) -> list[tuple[int, str, str, str]]:
    """What is known of the case: the app it came by (0), then each forward by its id."""
    here = {"community_id": matter.community_id, "number": matter.number}
    nought = Value(0, BigIntegerField())
    came = Filed.objects.filter(**here).values_list(nought, "key__name", EMPTY, EMPTY)
    went = Forward.objects.filter(**here).values_list("pk", "endpoint__name", "remote_id", "state")
    return sorted(came.union(went, all=True))


def _any_server(community_id: int) -> bool:
    """Whether a case could be sent on at all; kept a moment."""

    def read() -> bool:
        held = Endpoint.objects.filter(community_id=community_id, ended_at=None)
        return held.exclude(services=[]).exists()

    return reference.keep("open311.servers", community_id, read)
