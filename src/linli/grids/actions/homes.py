"""Proofs of homes as time goes by: their bearers are reminded, and a proof that ran out ends."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from linli.grids import events as facts
from linli.grids import queries
from linli.grids.actions.members import lower_level, record_home
from linli.grids.models import Residence
from linli.grids.rules import homes
from linli.grids.rules.words import Ended
from linli.kernel import access, events, scope

BATCH = 200


def sweep(at: datetime) -> int:
    """Remind whose proof ends soon and end what ran out, community by community; returns how many."""
    done = 0
    for community_id in queries.communities_with(_due(queries.day_of(at))):
        with scope.within([community_id]):
            while some := _some(community_id, at):
                done += some
    return done


def _some(community_id: int, at: datetime) -> int:
    """A batch of them; another worker has others."""
    today = queries.day_of(at)
    with transaction.atomic():
        held = _due(today).filter(community_id=community_id).select_for_update(skip_locked=True, of=("self",))
        found = list(held.order_by("id")[:BATCH])
        for residence in found:
            if homes.has_run_out(residence.expires_date or date.max, today):
                _end(residence, at)
            else:
                _remind(residence, today, at)
    return len(found)


def _due(today: date) -> QuerySet[Residence]:
    """Those that ran out, and those whose bearer is to be reminded: not of a home that is asked anew already."""
    anew = Residence.objects.filter(
        account_id=OuterRef("account_id"),
        dwelling_id=OuterRef("dwelling_id"),
        ended_at__isnull=True,
        bound_at__isnull=True,
    )
    soon = Q()
    for days in homes.REMINDED_DAYS:
        unsaid = Q(reminded_days__isnull=True) | Q(reminded_days__gt=days)
        soon |= Q(expires_date__lte=today + timedelta(days=days)) & unsaid
    bound = Residence.objects.filter(ended_at__isnull=True, bound_at__isnull=False)
    return bound.filter(Q(expires_date__lt=today) | (soon & ~Exists(anew)))


def _end(residence: Residence, at: datetime) -> None:
    residence.ended_at, residence.ended_why = at, Ended.RAN_OUT.value
    residence.save(update_fields=["ended_at", "ended_why"])
    record_home(access.SYSTEM, "grids.end_residence", residence, at, why=Ended.RAN_OUT.value)
    lower_level(access.SYSTEM, residence.account_id, at)
    events.publish(facts.ResidenceEnded(residence.community_id, residence.pk, residence.account_id, at))


def _remind(residence: Residence, today: date, at: datetime) -> None:
    until = residence.expires_date or date.max
    days = homes.reminder(until, today, reminded_days=residence.reminded_days)
    assert days is not None  # the query asks for nothing else
    residence.reminded_days = days
    residence.save(update_fields=["reminded_days"])
    events.publish(
        facts.ResidenceExpiring(
            residence.community_id, residence.pk, residence.account_id, until.isoformat(), days, at
        )
    )
