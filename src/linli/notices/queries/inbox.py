"""What a person was told: the list, one of them with its tries, how many are unread."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import QuerySet

from linli.kernel.access import Actor
from linli.notices import access
from linli.notices.models import Attempt, Notice
from linli.notices.rules.delivery import State

SHOWN = 20
MOST_COUNTED = 99


@dataclass(frozen=True, slots=True)
class Page:
    """A page of the list; ``older`` is the cursor of the next one, 0 for none."""

    rows: tuple[Notice, ...]
    older: int


def page(actor: Actor, *, unread: bool = False, before: int = 0, size: int = SHOWN) -> Page:
    """The newest notices of a person, older than the cursor; in one statement."""
    found = access.own(actor)
    found = found.filter(read_at__isnull=True) if unread else found
    found = found.filter(pk__lt=before) if before else found
    rows = list(found.order_by("-pk")[: size + 1])
    return Page(tuple(rows[:size]), rows[size - 1].pk if len(rows) > size else 0)


def unread(actor: Actor) -> int:
    """How many notices the person has not read; a hundred counts as ninety-nine."""
    found = access.own(actor).filter(read_at__isnull=True)
    return len(found.order_by().values_list("pk", flat=True)[:MOST_COUNTED])


def attempts(notice: Notice) -> QuerySet[Attempt]:
    """The tries of a notice, in order; of one told with others those of that one."""
    whose = notice.into_id if notice.state == State.GATHERED.value and notice.into_id else notice.pk
    return Attempt.objects.filter(notice_id=whose).order_by("n")
