"""The routing rules: added, changed, moved up and down, ended; drafts wait until they are put in force."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from django.db import transaction
from django.db.models import F, Max, Q, QuerySet

from linli.cases.actions.settings import keeping
from linli.cases.models import RoutingRow
from linli.cases.queries import reference
from linli.cases.rules import routing
from linli.cases.rules.intake import Refused, Wrong
from linli.cases.rules.kinds import Kind
from linli.grids import queries as places
from linli.grids.rules.words import Level, Role
from linli.kernel.access import Actor, NotFound
from linli.people import queries as people
from linli.people.models import Organisation

ROLES = frozenset(role.value for role in Role) - {"resident", "auditor", "admin"}
FIELD_OF_PROBLEM = {
    "name_missing": "name",
    "target_missing": "target",
    "target_ambiguous": "target",
    "role_without_level": "level",
    "level_without_role": "level",
    "category_malformed": "category_code",
    "place_malformed": "place_id",
    "weekdays_empty": "weekdays",
    "weekday_unknown": "weekdays",
    "window_half_open": "from_time",
    "window_empty": "from_time",
    "never_in_force": "valid_from",
}


@dataclass(frozen=True, slots=True)
class Sheet:
    """What a rule says: under which conditions, and to whom. An empty condition is always true."""

    name: str
    category_code: str = ""
    place_id: int | None = None
    kinds: tuple[str, ...] = ()
    weekdays: tuple[int, ...] | None = None
    from_time: time | None = None
    to_time: time | None = None
    organisation_id: int | None = None
    organisation_kind: str = ""
    role: str = ""
    level: str = ""


def check(community_id: int, sheet: Sheet) -> None:
    """Nothing, when the rule can be used in this community.

    :raises Refused: with everything that is wrong with it.
    """
    found = [
        *_unknown(community_id, sheet),
        *(Wrong(FIELD_OF_PROBLEM.get(code, "name"), code) for code in routing.check(as_rule(sheet))),
    ]
    if len(sheet.name) > 80:
        found.append(Wrong("name", "too_long", "80"))
    if found:
        raise Refused(*found)


def as_rule(
    sheet: Sheet, *, rule_id: int = 0, order: int = 0, valid_from: date = date.min
) -> routing.RoutingRule:
    """The sheet as the rules read it: for checking and trying it before anything is written."""
    place = places.place(sheet.place_id) if sheet.place_id else None
    return routing.RoutingRule(
        id=rule_id,
        order=order,
        name=sheet.name.strip(),
        target=routing.Target(
            organisation_id=sheet.organisation_id,
            organisation_kind=sheet.organisation_kind or None,
            role=sheet.role or None,
            level=sheet.level or None,
        ),
        category_code=sheet.category_code or None,
        place_path=place.path if place else None,
        kinds=frozenset(Kind(kind) for kind in sheet.kinds if kind in set(Kind)),
        weekdays=frozenset(sheet.weekdays) if sheet.weekdays is not None else None,
        from_time=sheet.from_time,
        to_time=sheet.to_time,
        valid_from=valid_from,
    )


def add_rule(
    *,
    actor: Actor,
    community_id: int,
    sheet: Sheet,
    at: datetime,
    draft: bool = False,
    first: bool = False,
    valid_from: date | None = None,
) -> RoutingRow:
    """Add a rule at the end or the beginning of the list, in force from a day on or as a
    draft.

    :raises Refused: something in the sheet is wrong; nothing was written.
    """
    keeping.require(actor, community_id)
    check(community_id, sheet)
    day = keeping.from_day(valid_from, at)
    with transaction.atomic():
        row = RoutingRow.objects.create(
            community_id=community_id,
            order=_room_before_all(community_id) if first else _last_order(community_id) + 1,
            valid_from=day,
            draft=draft,
            set_by_id=actor.account_id,
            **_values(sheet),
        )
        _record(actor, "add_routing", row, at, {"draft": draft, "now": _said(row)})
    return row


def change_rule(
    *,
    actor: Actor,
    community_id: int,
    rule_id: int,
    sheet: Sheet,
    at: datetime,
    valid_from: date | None = None,
) -> RoutingRow:
    """Let a rule say something else from a day on; what it said until then stays.

    :raises NotFound: no rule of this id is in force, to come or a draft there.
    :raises Refused: something in the sheet is wrong; nothing was written.
    """
    keeping.require(actor, community_id)
    check(community_id, sheet)
    day = keeping.from_day(valid_from, at)
    with transaction.atomic():
        row = _find(community_id, rule_id, at)
        before = _said(row)
        changes = {**_values(sheet), "set_by_id": actor.account_id}
        row = _amend(row, changes) if row.draft else keeping.renew(row, day, changes)
        _record(actor, "change_routing", row, at, {"was": rule_id, "before": before, "now": _said(row)})
    return row


def move_rule(*, actor: Actor, community_id: int, rule_id: int, up: bool, at: datetime) -> None:
    """Let a rule change places with its neighbour, from today on; at the end it stays.

    :raises NotFound: no rule of this id is in force, to come or a draft there.
    """
    keeping.require(actor, community_id)
    with transaction.atomic():
        rows = list(current(community_id, keeping.today(at)).select_for_update(of=("self",)))
        position = next((index for index, row in enumerate(rows) if row.pk == rule_id), None)
        if position is None:
            raise NotFound
        other = position - 1 if up else position + 1
        if not 0 <= other < len(rows):
            return
        rows[position], rows[other] = rows[other], rows[position]
        for order, row in enumerate(rows, start=1):
            if row.order != order:
                _reorder(row, order, at)
        _record(actor, "move_routing", rows[other], at, {"was": rule_id, "order": other + 1})


def put_in_force(
    *, actor: Actor, community_id: int, rule_id: int, at: datetime, valid_from: date | None = None
) -> RoutingRow:
    """Make a draft hold from a day on.

    :raises NotFound: no draft of this id there.
    :raises Refused: the day is past.
    """
    keeping.require(actor, community_id)
    day = keeping.from_day(valid_from, at)
    with transaction.atomic():
        row = _find(community_id, rule_id, at, draft=True)
        row = _amend(row, {"draft": False, "valid_from": day, "set_by_id": actor.account_id})
        _record(actor, "put_routing_in_force", row, at, {"now": _said(row)})
    return row


def end_rule(*, actor: Actor, community_id: int, rule_id: int, last_day: date, at: datetime) -> None:
    """End a rule after a day; a draft, or a rule that has not begun, goes away.

    :raises NotFound: no rule of this id is in force, to come or a draft there.
    :raises Refused: the day is past.
    """
    keeping.require(actor, community_id)
    keeping.from_day(last_day, at, field="last_day")
    with transaction.atomic():
        row = _find(community_id, rule_id, at)
        detail = {"last_day": last_day.isoformat(), "said": _said(row)}
        if row.draft or row.valid_from > last_day:
            _record(actor, "drop_routing", row, at, detail)
            row.delete()
            return
        row.valid_to = last_day
        row.save(update_fields=["valid_to"])
        _record(actor, "end_routing", row, at, detail)


def current(community_id: int, day: date) -> QuerySet[RoutingRow]:
    """The rules in force or to come, and the drafts, in their order."""
    found = RoutingRow.objects.filter(community_id=community_id)
    still = Q(valid_to__isnull=True) | Q(valid_to__gte=day)
    return found.filter(still).select_related("place", "organisation").order_by("order", "id")


def _find(community_id: int, rule_id: int, at: datetime, *, draft: bool | None = None) -> RoutingRow:
    found = current(community_id, keeping.today(at)).filter(pk=rule_id)
    found = found if draft is None else found.filter(draft=draft)
    row = found.select_for_update(of=("self",)).first()
    if row is None:
        raise NotFound
    return row


def _amend(row: RoutingRow, changes: dict[str, Any]) -> RoutingRow:
    for name, value in changes.items():
        setattr(row, name, value)
    row.save()
    return row


def _reorder(row: RoutingRow, order: int, at: datetime) -> None:
    if row.draft:
        _amend(row, {"order": order})
    else:
        keeping.renew(row, keeping.today(at), {"order": order})


def _last_order(community_id: int) -> int:
    last = RoutingRow.objects.filter(community_id=community_id).aggregate(last=Max("order"))["last"]
    return int(last or 0)


def _room_before_all(community_id: int) -> int:
    """Room before every rule: all of them move down together, which changes no order, today's or yesterday's."""
    RoutingRow.objects.filter(community_id=community_id).update(order=F("order") + 1)
    return 0


def _values(sheet: Sheet) -> dict[str, Any]:
    return {
        "name": sheet.name.strip(),
        "category_code": sheet.category_code,
        "place_id": sheet.place_id,
        "kinds": sorted(sheet.kinds),
        "weekdays": sorted(sheet.weekdays) if sheet.weekdays is not None else None,
        "from_time": sheet.from_time,
        "to_time": sheet.to_time,
        "organisation_id": sheet.organisation_id,
        "organisation_kind": sheet.organisation_kind,
        "role": sheet.role,
        "level": sheet.level,
    }


def _said(row: RoutingRow) -> dict[str, Any]:
    names: Sequence[str] = (
        *(field for field in Sheet.__dataclass_fields__),
        "order",
        "valid_from",
        "valid_to",
    )
    return keeping.plain(row, names)


def _unknown(community_id: int, sheet: Sheet) -> list[Wrong]:
    found = []
    if sheet.category_code and sheet.category_code not in reference.categories(community_id):
        found.append(Wrong("category_code", "unknown"))
    place = places.place(sheet.place_id) if sheet.place_id else None
    if sheet.place_id and (place is None or place.community_id != community_id or place.valid_to):
        found.append(Wrong("place_id", "unknown"))
    if not set(sheet.kinds) <= {kind.value for kind in Kind}:
        found.append(Wrong("kinds", "unknown"))
    bodies = people.organisations([community_id])
    if sheet.organisation_id and not bodies.filter(pk=sheet.organisation_id).exists():
        found.append(Wrong("target", "unknown"))
    if sheet.organisation_kind and sheet.organisation_kind not in Organisation.Kind.values:
        found.append(Wrong("target", "unknown"))
    if sheet.role and sheet.role not in ROLES:
        found.append(Wrong("target", "unknown"))
    if sheet.level and sheet.level not in {level.value for level in Level}:
        found.append(Wrong("level", "unknown"))
    return found


def _record(actor: Actor, verb: str, row: RoutingRow, at: datetime, detail: dict[str, Any]) -> None:
    keeping.record(
        community_id=row.community_id,
        actor=actor,
        verb=verb,
        thing=f"routing:{row.pk}",
        at=at,
        detail=detail,
    )
