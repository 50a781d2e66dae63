"""Whistles and call-backs, planted in both communities of the stage."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from linli.cases.actions import whistle
from linli.cases.models import CallBack, CallbackRule, CallTry, Case, NextStep, Task
from linli.cases.rules.whistle import Blown, Part
from linli.cases.tests.cast import Community

IDS = ("whistle_id", "call_id", "callback_id", "line_id")


def fill(community: Community, number: str, settled: str, *, at: datetime) -> dict[str, Any]:
    """A row in every walled table of theirs; the ids as the parameters of addresses name them.

    :param settled: a closed case, which is to be called back.
    """
    clerk = community.people["dispatcher"].actor(at)
    bodies = [community.organisations[name].pk for name in ("property_company", "department")]
    wanted = Blown(tuple(Part(body) for body in bodies), at, "8 栋门口", "请到场会商")
    held, _again = whistle.blow(actor=clerk, number=number, wanted=wanted, at=at)
    case = Case.objects.get(community_id=community.id, number=number)
    own: dict[str, Any] = {"community_id": community.id}
    task = Task.objects.create(case=case, organisation_id=bodies[0], words="围挡", asked_at=at, **own)
    NextStep.objects.create(whistle=held, task=task, until=at + timedelta(days=3), **own)
    row = CallBack.objects.get(case__number=settled, **own)
    CallTry.objects.create(callback=row, number=1, at=at, outcome="no_answer", **own)
    CallBack.objects.filter(pk=row.pk).update(tries=1)
    line = CallbackRule.objects.create(share=Decimal(100), valid_from=date(2025, 1, 1), **own)
    return {
        "whistle_id": held.pk,
        "call_id": held.calls.earliest("pk").pk,
        "callback_id": row.pk,
        "line_id": line.pk,
        "act": "excuse",
        "part": "called",
    }


def absent() -> dict[str, Any]:
    """What there is none of."""
    return {**dict.fromkeys(IDS, 999_999_999), "act": "excuse", "part": "called"}
