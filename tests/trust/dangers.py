"""What sounds like danger, an alarm that was answered, a call of the assistant, in both communities of the stage."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from linli.cases.models import AdviceRow, Alarm, Case, UrgentRow
from linli.cases.tests.cast import Community
from linli.triage.models import AssistantCall


def fill(community: Community, number: str, *, at: datetime) -> dict[str, Any]:
    """Rows in the tables of danger; the parameters of addresses that name them."""
    own: dict[str, Any] = {"community_id": community.id}
    code = f"own.{community.id}"
    UrgentRow.objects.create(
        code=code,
        kind="hazard",
        level="urgent",
        may_come="normal",
        phrase="水塔裂",
        valid_from=at.date(),
        **own,
    )
    AdviceRow.objects.create(kind="hazard", words_zh="请绕开", valid_from=at.date(), **own)
    case = Case.objects.get(number=number, **own)
    # Answered: one that rings names its case on every page of the room, found or not.
    clerk = community.people["dispatcher"].account_id
    Alarm.objects.create(case=case, cause="tap", rung_at=at, answered_at=at, answered_by_id=clerk, **own)
    AssistantCall.objects.create(
        case=case, kind="summary", model="stage", asked_at=at, ms=1, outcome="done", **own
    )
    return {"settings_urgent_line.code": code, "settings_urgent_advice.kind": "hazard"}


def absent() -> dict[str, Any]:
    """Parameters that name nothing."""
    return {"settings_urgent_line.code": "own.999999", "settings_urgent_advice.kind": "no-such-kind"}
