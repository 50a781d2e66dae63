"""What the rooms refuse, as a program reads it: status, stable code, and each field that is wrong."""

from __future__ import annotations

from dataclasses import dataclass, field

from linli.cases.actions.moves import Conflict
from linli.cases.rules.intake import Refused
from linli.kernel.access import Forbidden

#: Codes of fields that have a status of their own.
STATUS = {"too_much_now": 429, "media.too_large": 413}


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why something was not done."""

    status: int
    code: str
    errors: list[dict[str, str]] = field(default_factory=list)


def of(error: Exception) -> Refusal:
    """The refusal that an action's exception stands for; what is none of these is not found."""
    if isinstance(error, Refused):
        return _of_fields(error)
    if isinstance(error, Conflict):
        return Refusal(412 if error.code == "version" else 409, error.code)
    if isinstance(error, Forbidden):
        return Refusal(403, error.code)
    return Refusal(404, "not_found")


def _of_fields(refused: Refused) -> Refusal:
    errors = [{"field": one.field, "code": one.code, "limit": one.limit} for one in refused.wrongs]
    status = max((STATUS[one.code] for one in refused.wrongs if one.code in STATUS), default=422)
    return Refusal(status, {413: "too_large", 429: "too_many"}.get(status, "refused"), errors)
