"""The reference data a new community starts from: categories, promises, routing, ladder and approvals; examples."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction

from linli.cases.actions.settings import approvals, ladder
from linli.cases.models import ApprovalRow, Category, LadderRow, PromiseRow, RoutingRow
from linli.cases.queries import reference as kept
from linli.cases.rules import reference
from linli.grids import access as places
from linli.kernel import audit
from linli.kernel.access import Actor


def install(*, actor: Actor, community_id: int, at: datetime, from_date: date) -> int:
    """Give a community the shipped rows of reference; returns how many.

    :raises NotFound, Forbidden: the actor does not keep the community.
    :raises AlreadyThere: the community has categories of its own; nothing is changed.
    """
    places.require_keeper(actor, community_id)
    categories = reference.read_categories(reference.shipped("categories"))
    promises = reference.read_promises(reference.shipped("promises"), categories)
    routing = reference.read_routing(reference.shipped("routing"), categories)
    with transaction.atomic():
        if Category.objects.filter(community_id=community_id).exists():
            raise AlreadyThere
        Category.objects.bulk_create(
            _category(one, community_id, number, from_date) for number, one in enumerate(categories)
        )
        PromiseRow.objects.bulk_create(_promise(one, community_id, from_date) for one in promises)
        RoutingRow.objects.bulk_create(_routing(one, community_id, from_date) for one in routing)
        rungs = LadderRow.objects.bulk_create(ladder.rows_of_examples(community_id, from_date))
        paths = ApprovalRow.objects.bulk_create(approvals.rows_of_examples(community_id, from_date))
        rows = len(categories) + len(promises) + len(routing) + len(rungs) + len(paths)
        audit.record(
            community_id=community_id,
            actor=actor,
            verb="cases.install_defaults",
            object=f"community:{community_id}",
            at=at,
            detail={"rows": rows},
        )
    kept.forget(community_id)
    return rows


class AlreadyThere(Exception):
    """The community has its own categories already."""


def _category(one: reference.Category, community_id: int, order: int, from_date: date) -> Category:
    return Category(
        community_id=community_id,
        code=one.code,
        name_zh=one.name_zh,
        name_en=one.name_en,
        kind=one.kind.value,
        keywords=list(one.keywords),
        sensitive=one.sensitive,
        order=order,
        valid_from=from_date,
        example=True,
    )


def _promise(one: reference.ExamplePromise, community_id: int, from_date: date) -> PromiseRow:
    return PromiseRow(
        community_id=community_id,
        category_code=one.category_code or "",
        urgency=one.urgency.value if one.urgency else "",
        stage=one.promise.stage.value,
        amount=one.promise.amount,
        unit=one.promise.unit.value,
        start_rule=one.promise.start_rule.value,
        valid_from=from_date,
        source=one.source_zh,
        example=True,
    )


def _routing(one: reference.ExampleRouting, community_id: int, from_date: date) -> RoutingRow:
    rule = one.rule
    return RoutingRow(
        community_id=community_id,
        order=rule.order,
        name=rule.name,
        category_code=rule.category_code or "",
        kinds=sorted(kind.value for kind in rule.kinds),
        weekdays=sorted(rule.weekdays) if rule.weekdays is not None else None,
        from_time=rule.from_time,
        to_time=rule.to_time,
        organisation_kind=rule.target.organisation_kind or "",
        role=rule.target.role or "",
        level=rule.target.level or "",
        valid_from=from_date,
        example=True,
    )
