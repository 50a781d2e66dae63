"""Reading what was written about a household: never without the line in the log that its people see."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from linli.fieldwork import access
from linli.fieldwork.models import CarePlan
from linli.fieldwork.queries import households
from linli.grids import queries_plates as places
from linli.kernel import audit, limits
from linli.kernel.access import Actor
from linli.people.actions.contact import TooManyReveals, WhyRead

__all__ = ["TooManyReveals", "Words", "read"]


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
    if not limits.allow("reveal", "staff", str(actor.account_id)):
        raise TooManyReveals
    community_id = home.grid.community_id
    plans = CarePlan.objects.filter(community_id=community_id, dwelling_id=dwelling_id, ended_at__isnull=True)
    with transaction.atomic():
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
                task=f"household:{dwelling_id}",
                role=",".join(sorted(actor.roles(community_id))),
            )
        shown = households.visible(home, actor).order_by("-at", "-pk")[: households.MOST]
        return Words(
            {row.pk: row.words for row in shown if row.words},
            {
                row.pk: row.words
                for row in plans
                if row.words and access.may_know_plan(actor, row, home.reach)
            },
        )
