"""Reading what was written about a household: never without the line in the log that its people see."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from linli.fieldwork import access
from linli.fieldwork.models import CarePlan, Recheck, Visit
from linli.fieldwork.queries import households
from linli.grids import queries_plates as places
from linli.kernel import audit, limits
from linli.kernel.access import Actor, NotFound
from linli.people.actions.contact import TooManyReveals, WhyRead

__all__ = ["TooManyReveals", "Words", "read", "read_visit"]


@dataclass(frozen=True, slots=True)
class Words:
    """What was written, by visit and by plan."""

    visits: dict[int, str]
    plans: dict[int, str]


def read(*, actor: Actor, dwelling_id: int, at: datetime) -> Words:
    """The words of a household's visits and plans; who lives there sees who read them.

    :raises NotFound: a household that the actor may not know of.
    :raises TooManyReveals: over the limit of an hour or a day.
    """
    home = access.find_household(actor, dwelling_id, at)
    _count(actor)
    community_id = home.grid.community_id
    plans = CarePlan.objects.filter(community_id=community_id, dwelling_id=dwelling_id, ended_at__isnull=True)
    with transaction.atomic():
        _written_down(actor, community_id, dwelling_id, f"household:{dwelling_id}", at)
        shown = households.visible(home, actor).order_by("-at", "-pk")[: households.MOST]
        return Words(
            {row.pk: row.words for row in shown if row.words},
            {
                row.pk: row.words
                for row in plans
                if row.words and access.may_know_plan(actor, row, home.reach)
            },
        )


def read_visit(*, actor: Actor, recheck: Recheck, at: datetime) -> str:
    """The words of a visit that was looked at again, for who decides or wrote them; written down as those of a household.

    :param recheck: one that this person decides, or of a record of their own.
    :raises NotFound: it is not of a visit, or the visit is gone.
    :raises TooManyReveals: over the limit of an hour or a day.
    """
    visits = Visit.objects.filter(pk=recheck.record_id, community_id=recheck.community_id)
    held = visits.first() if recheck.record == "visit" else None
    if held is None:
        raise NotFound
    _count(actor)
    with transaction.atomic():
        _written_down(actor, held.community_id, held.dwelling_id, f"recheck:{recheck.pk}", at)
        return held.words or ""


def _count(actor: Actor) -> None:
    """One more look of this person at what is kept of people."""
    if not limits.allow("reveal", "staff", str(actor.account_id)):
        raise TooManyReveals


def _written_down(actor: Actor, community_id: int, dwelling_id: int, task: str, at: datetime) -> None:
    """The line that who lives there sees."""
    living: list[int | None] = [*places.residents_of(community_id, dwelling_id)]
    for account_id in living or [None]:
        audit.reveal(
            community_id=community_id,
            actor=actor,
            subject=f"household:{dwelling_id}",
            subject_account_id=account_id,
            fields=["visits"],
            purpose=WhyRead.VISIT.value,
            at=at,
            task=task,
            role=",".join(sorted(actor.roles(community_id))),
        )
