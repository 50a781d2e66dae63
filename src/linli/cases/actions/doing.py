"""A move under way: what it holds, what came of it, and what many verbs set: the category, and who is responsible."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from linli.cases.models import Case, ClockRow
from linli.cases.queries import reference
from linli.cases.rules.intake import Refused, Wrong
from linli.cases.rules.moves import Given
from linli.cases.rules.promises import Stage, Urgency
from linli.cases.rules.workflow import Verb
from linli.grids import queries as places
from linli.kernel.access import Actor
from linli.kernel.clock import LOCAL
from linli.people import queries as people


@dataclass(slots=True)
class Effect:
    """What came of it: an outcome that may choose the state, ids and codes for the record, the body concerned."""

    outcome: str = ""
    data: dict[str, Any] = field(default_factory=dict)
    organisation_id: int | None = None
    spares: frozenset[Stage] = frozenset()  # stages that need not begin after all


@dataclass(frozen=True, slots=True)
class Doing:
    """A move under way."""

    case: Case
    given: Given
    actor: Actor
    at: datetime
    clocks: list[ClockRow]
    seq: int
    may: frozenset[str]


def set_category(doing: Doing) -> None:
    given, case = doing.given, doing.case
    code = given.category_code or case.category_code
    if code not in reference.categories(case.community_id):
        raise Refused(Wrong("category_code", "unknown"))
    case.category_code = code
    if given.urgency:
        try:
            case.urgency = Urgency(given.urgency).value
        except ValueError as error:
            raise Refused(Wrong("urgency", "unknown")) from error


def set_body(doing: Doing) -> int | None:
    """Set who is responsible; a person must serve here, a body must be of this community and open."""
    given, case = doing.given, doing.case
    if given.organisation_id is not None:
        body = people.organisations([case.community_id]).filter(pk=given.organisation_id).first()
        if body is None:
            raise Refused(Wrong("organisation_id", "unknown"))
    case.organisation_id = given.organisation_id
    case.handler_id = None
    if given.handler_id is not None:
        set_handler(doing)
    return case.organisation_id


def set_handler(doing: Doing) -> None:
    case, handler_id = doing.case, doing.given.handler_id
    day = doing.at.astimezone(LOCAL).date()
    serving = [
        duty
        for duty in places.duties(case.community_id, day)
        if duty.account_id == handler_id and duty.role not in {"resident", "auditor", "admin"}
    ]
    if not serving:
        raise Refused(Wrong("handler_id", "not_serving_here"))
    bodies = {duty.organisation_id for duty in serving if duty.organisation_id}
    if (
        case.organisation_id is not None
        and doing.given.verb is Verb.TRANSFER
        and case.organisation_id not in bodies
    ):
        raise Refused(Wrong("handler_id", "of_another_body"))
    case.handler_id = handler_id
