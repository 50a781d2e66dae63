"""The community's own register of households: listed anew from a table, asked when somebody says where they live."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from linli.grids import access as doors
from linli.grids import queries
from linli.grids.actions.members import prove_by_register
from linli.grids.models import HouseholdEntry, Place, Residence
from linli.grids.rules import register as rules
from linli.grids.rules.words import Level
from linli.kernel import access, audit, scope
from linli.kernel.postgres import many
from linli.people import queries as people
from linli.people import rules as people_rules


class BadRegister(Exception):
    """A table that cannot be taken: what is wrong, line by line. Nothing was changed."""

    def __init__(self, faults: list[rules.Fault]) -> None:
        super().__init__(", ".join(f"{fault.line}:{fault.code}" for fault in faults[:5]))
        self.faults = faults


@dataclass(frozen=True, slots=True)
class Listed:
    """What came of it: entries, and residents who waited and are proved by them now."""

    entries: int
    proved: int


def list_households(*, actor: access.Actor, community_id: int, content: bytes, at: datetime) -> Listed:
    """Put this table in place of the community's register, all of it or nothing, and prove whom it has.

    Only keyed indexes of the phones are kept; homes proved before stay until their day.

    :raises access.NotFound: the actor has no duty in the community.
    :raises access.Forbidden: keepers_only.
    :raises BadRegister: lines that cannot be taken.
    """
    doors.require_keeper(actor, community_id)
    table = rules.read(content)
    entries = [] if table.faults else _entries(table, community_id, at)
    if table.faults:
        raise BadRegister(table.faults[: rules.MOST_FAULTS])
    with scope.within([community_id]):
        with transaction.atomic():
            HouseholdEntry.objects.filter(community_id=community_id).delete()
            many.insert(entries)
            audit.record(
                community_id=community_id,
                actor=actor,
                verb="grids.list_households",
                object=f"community:{community_id}",
                at=at,
                detail={"entries": len(entries)},
            )
        waiting = Residence.objects.filter(
            community_id=community_id, ended_at__isnull=True, bound_at__isnull=True
        )
        proved = [
            one.pk
            for one in waiting.order_by("asked_at", "id")
            if _is_affair_of(actor, one) and prove_by_register(actor=actor, residence_id=one.pk, at=at)
        ]
    return Listed(len(entries), len(proved))


def _is_affair_of(actor: access.Actor, residence: Residence) -> bool:
    return actor is access.SYSTEM or doors.may_vouch(actor, residence)


def _entries(table: rules.Table, community_id: int, at: datetime) -> list[HouseholdEntry]:
    """One entry for each door and phone; lines that cannot be one go to the faults of the table."""
    codes = Place.objects.filter(
        community_id=community_id, level=Level.DWELLING.value, valid_to__isnull=True
    ).values_list("code", "id")
    known = dict(codes)
    found: dict[tuple[int, bytes], HouseholdEntry] = {}
    for line, code, phone in table.rows:
        if code not in known:
            table.faults.append(rules.Fault(line, "unknown_dwelling", code[:48]))
            continue
        try:
            index = people.phone_index(people_rules.normal_phone(phone))
        except people_rules.BadPhone:
            table.faults.append(rules.Fault(line, "bad_phone"))
            continue
        found[known[code], index] = HouseholdEntry(
            community_id=community_id, dwelling_id=known[code], phone_index=index, listed_at=at
        )
    return list(found.values())


def knows(account_id: int, dwelling_code: str) -> bool:
    """Whether the register of the dwelling's community has this person there: the port `HouseholdRegister`."""
    person, dwelling = people.account(account_id), queries.place_by_code(dwelling_code)
    if person is None or person.phone_index is None or dwelling is None:
        return False
    with scope.within([dwelling.community_id]):
        entries = HouseholdEntry.objects.filter(
            community_id=dwelling.community_id,
            dwelling_id=dwelling.id,
            phone_index=person.phone_index,
        )
        return entries.exists()
