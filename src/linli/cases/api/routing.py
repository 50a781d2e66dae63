"""Routing rules: the list in its order, new versions, drafts and a trial."""

from __future__ import annotations

from datetime import time
from typing import Annotated, Any

from django.http import HttpRequest, HttpResponse
from ninja import Query

from linli.cases.actions.settings import keeping, routing
from linli.cases.api.routers import KEEPERS, served, settings
from linli.cases.models import RoutingRow
from linli.cases.queries import routing_trial
from linli.cases.queries.routing_trial import Shown
from linli.cases.rules.routing import RoutingRule
from linli.cases.schemas.routing import InForceIn, OrderIn, RuleIn, RuleOut, RuleSheet, TrialIn, TrialOut
from linli.cases.schemas.settings import LastDayIn
from linli.kernel.access import STAFF, NotFound
from linli.kernel.api import actor_of, answer, answer_tagged, at, create, operation, unchanged
from linli.kernel.api_types import Community, PathId

Gone = {204: None}


def _out(row: RoutingRow) -> dict[str, Any]:
    return {
        "id": row.pk,
        "order": row.order,
        "name": row.name,
        "draft": row.draft,
        "category": row.category_code,
        "place_id": row.place_id,
        "kinds": row.kinds,
        "weekdays": row.weekdays,
        "from_time": _clock(row.from_time),
        "to_time": _clock(row.to_time),
        "organisation_id": row.organisation_id,
        "organisation_kind": row.organisation_kind,
        "role": row.role,
        "level": row.level,
        "valid_from": row.valid_from,
        "valid_to": row.valid_to,
    }


def _clock(moment: time | None) -> str | None:
    return f"{moment:%H:%M}" if moment else None


def _rows(request: HttpRequest, community_id: int) -> list[RoutingRow]:
    return list(routing.current(community_id, keeping.today(at(request))))


def _read(request: HttpRequest, community_id: int, rule_id: int) -> dict[str, Any]:
    row = next((row for row in _rows(request, community_id) if row.pk == rule_id), None)
    if row is None:
        raise NotFound
    return _out(row)


@settings.get("/routing", response=list[RuleOut], summary="Who gets a case first")
@operation("settings.routing", who=STAFF, scope="cases:read", tagged=True)
def index(
    request: HttpRequest,
    community: Community,
    drafts: Annotated[bool, Query(description="drafts as well")] = True,
) -> HttpResponse:
    """The rules in force or to come, and the drafts, in their order: the first that matches wins."""
    found = _rows(request, served(actor_of(request), community))
    return answer_tagged(request, [_out(row) for row in found if drafts or not row.draft])


@settings.get("/routing/{int:rule_id}", response=RuleOut, summary="One routing rule")
@operation("settings.rule", who=STAFF, scope="cases:read", tagged=True)
def read(request: HttpRequest, rule_id: PathId, community: Community) -> HttpResponse:
    """As in the list."""
    return answer_tagged(request, _read(request, served(actor_of(request), community), rule_id))


@settings.post("/routing", response={201: RuleOut}, summary="Add a routing rule")
@operation("settings.add_rule", who=KEEPERS, scope="admin", creates=True)
def add(request: HttpRequest, body: RuleIn) -> HttpResponse:
    """At the end of the list, in force from a day on or as a draft."""
    community_id = served(actor_of(request), body.community)

    def make() -> int:
        row = routing.add_rule(
            actor=actor_of(request),
            community_id=community_id,
            sheet=body.sheet(),
            at=at(request),
            draft=body.draft,
            valid_from=body.valid_from,
        )
        return row.pk

    return create(
        request,
        make=make,
        read=lambda rule_id: _read(request, community_id, rule_id),
        path=f"/api/v1/routing/{{id}}?community={body.community}",
    )


@settings.put("/routing/{int:rule_id}", response=RuleOut, summary="Let a routing rule say something else")
@operation("settings.change_rule", who=KEEPERS, scope="admin", guarded=True)
def change(request: HttpRequest, rule_id: PathId, community: Community, body: RuleSheet) -> HttpResponse:
    """From a day on; what it said until then stays. A rule already in force goes on under a new id."""
    community_id = served(actor_of(request), community)
    with unchanged(request, lambda: _read(request, community_id, rule_id)):
        row = routing.change_rule(
            actor=actor_of(request),
            community_id=community_id,
            rule_id=rule_id,
            sheet=body.sheet(),
            at=at(request),
            valid_from=body.valid_from,
        )
    return answer_tagged(request, _out(row))


@settings.post("/routing/{int:rule_id}/in-force", response=RuleOut, summary="Put a draft in force")
@operation("settings.put_rule_in_force", who=KEEPERS, scope="admin")
def in_force(request: HttpRequest, rule_id: PathId, community: Community, body: InForceIn) -> HttpResponse:
    """From a day on."""
    row = routing.put_in_force(
        actor=actor_of(request),
        community_id=served(actor_of(request), community),
        rule_id=rule_id,
        at=at(request),
        valid_from=body.valid_from,
    )
    return answer(_out(row))


@settings.post("/routing/{int:rule_id}/order", response=list[RuleOut], summary="Move a rule up or down")
@operation("settings.order_rule", who=KEEPERS, scope="admin")
def order(request: HttpRequest, rule_id: PathId, community: Community, body: OrderIn) -> HttpResponse:
    """By one place, from today on; the whole list comes back."""
    community_id = served(actor_of(request), community)
    routing.move_rule(
        actor=actor_of(request), community_id=community_id, rule_id=rule_id, up=body.up, at=at(request)
    )
    return answer([_out(row) for row in _rows(request, community_id)])


@settings.post("/routing/{int:rule_id}/end", response=Gone, summary="End a routing rule")
@operation("settings.end_rule", who=KEEPERS, scope="admin")
def end(request: HttpRequest, rule_id: PathId, community: Community, body: LastDayIn) -> HttpResponse:
    """After a day; a draft, or a rule that has not begun, goes away."""
    routing.end_rule(
        actor=actor_of(request),
        community_id=served(actor_of(request), community),
        rule_id=rule_id,
        last_day=body.last_day,
        at=at(request),
    )
    return HttpResponse(status=204)


@settings.post("/routing/try", response=TrialOut, summary="Try rules on the cases of the last days")
@operation("settings.try_routing", who=KEEPERS, scope="admin")
def try_out(request: HttpRequest, body: TrialIn) -> HttpResponse:
    """Which cases would have gone elsewhere, and what is wrong in the set of rules; nothing is written."""
    community_id = served(actor_of(request), body.community)
    keeping.require(actor_of(request), community_id)
    rows = _rows(request, community_id)
    proposed = routing_trial.on_trial(rows) if body.rule is None else _with(community_id, rows, body)
    tried = routing_trial.run(community_id, proposed, days=body.days, at=at(request))
    return answer(
        {
            "days": tried.days,
            "cases": tried.cases,
            "unmatched": tried.unmatched,
            "differences": tried.differences,
            "shown": [_difference(one) for one in tried.shown],
            "problems": [
                {"rule_id": one.rule_id, "code": one.code, "other_id": one.other_id} for one in tried.problems
            ],
        }
    )


def _with(community_id: int, rows: list[RoutingRow], body: TrialIn) -> list[RoutingRule]:
    """The rules in force with the sheet in the place of the rule it changes, or last."""
    if body.rule is None:
        return []
    sheet = body.rule.sheet()
    routing.check(community_id, sheet)
    changed = next((row for row in rows if row.pk == body.rule_id), None)
    if body.rule_id is not None and changed is None:
        raise NotFound
    shown = [row for row in rows if not row.draft or row is changed]
    place = changed.order if changed else max((row.order for row in rows), default=0) + 1
    wanted = routing.as_rule(sheet, rule_id=body.rule_id or 0, order=place)
    return routing_trial.instead(routing_trial.on_trial(shown), wanted)


def _difference(one: Shown) -> dict[str, Any]:
    return {
        "number": one.case.number,
        "before_rule_id": one.before.id if one.before else None,
        "before": one.before.name if one.before else "",
        "after_rule_id": one.after.id if one.after else None,
        "after": one.after.name if one.after else "",
    }
