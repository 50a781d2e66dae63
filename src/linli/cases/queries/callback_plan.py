"""What a community decided about calling residents back: the plan's lines, the terms, the script."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from linli.cases.models import CallbackRule, CallbackTerms
from linli.cases.queries import reference
from linli.cases.rules.callback import PlanRule, Terms


@dataclass(frozen=True, slots=True)
class DatedTerms:
    """The terms of a span of days, with the community's own words."""

    terms: Terms
    script: dict[str, dict[str, str]]
    valid_from: date
    valid_to: date | None

    def holds_on(self, day: date) -> bool:
        """Whether these terms are in force on a day."""
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)


def read_rules(community_id: int) -> tuple[PlanRule, ...]:
    """Every dated line of the plan, fresh."""
    return tuple(
        as_rule(row) for row in CallbackRule.objects.filter(community_id=community_id).order_by("pk")
    )


def as_rule(row: CallbackRule) -> PlanRule:
    """A row as the rules read it."""
    return PlanRule(
        share=row.share,
        category_code=row.category_code,
        organisation_id=row.organisation_id,
        channel=row.channel,
        trigger=row.trigger,
        minimum=row.minimum,
        valid_from=row.valid_from,
        valid_to=row.valid_to,
        id=row.pk,
    )


def dated_terms(community_id: int) -> tuple[DatedTerms, ...]:
    """Every version of the terms, the oldest first."""

    def read() -> tuple[DatedTerms, ...]:
        rows = CallbackTerms.objects.filter(community_id=community_id).order_by("valid_from")
        return tuple(
            DatedTerms(
                Terms(row.tries, row.days, row.parts, row.apart_hours, row.from_time, row.to_time),
                row.script,
                row.valid_from,
                row.valid_to,
            )
            for row in rows
        )

    return reference.keep("callback_terms", community_id, read)


def in_force(community_id: int, day: date) -> DatedTerms:
    """The terms of a day; ours where the community has decided nothing."""
    held = [one for one in dated_terms(community_id) if one.holds_on(day)]
    return held[-1] if held else DatedTerms(Terms(), {}, date.min, None)
