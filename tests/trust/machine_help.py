"""What the machine help keeps, planted in both communities of the stage."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from linli.cases.models import Case
from linli.cases.tests.cast import Community
from linli.triage.models import (
    FixCase,
    LastingFix,
    LearnedModel,
    Repeat,
    RepeatCase,
    Topic,
    TopicMember,
    TopicRun,
)


def fill(community: Community, number: str, *, at: datetime) -> dict[str, Any]:
    """A row in every walled table of the room; the ids as the parameters of addresses name them."""
    own: dict[str, Any] = {"community_id": community.id}
    case = Case.objects.get(number=number, **own)
    topic = Topic.objects.create(phrase="路灯不亮", made_at=at, version="stage", **own)
    TopicMember.objects.create(topic=topic, case=case, certainty=1.0, joined_at=at, **own)
    TopicRun.objects.create(asked_at=at, finished_at=at, version="stage", **own)
    fix = LastingFix.objects.create(
        title="换线路", plan="整条线路更换", from_date=at.date(), until_date=at.date() + timedelta(days=60),
        made_at=at, changed_at=at, **own,
    )  # fmt: skip
    FixCase.objects.create(fix=fix, case=case, tied_at=at, **own)
    repeat = Repeat.objects.create(
        category_code="facilities.lighting", place_id=community.building.id, times=2, returns=1, residents=1,
        cost=2.0, open_cases=1, first_at=at, last_at=at, fix=fix, seen_at=at, version="stage", **own,
    )  # fmt: skip
    RepeatCase.objects.create(repeat=repeat, case=case, **own)
    LearnedModel.objects.create(
        version="learned-stage", trained_at=at, examples=60, held_out=15, decisions=75, macro_f1=0.5, accuracy=0.5,
        before="keywords-1", before_macro_f1=0.5, verdict="not_better", artefact=b"", **own,
    )  # fmt: skip
    return {"deed": "rename", "topic_id": topic.pk, "repeat_id": repeat.pk, "fix_id": fix.pk}


def absent() -> dict[str, Any]:
    """What there is none of."""
    return {"deed": "rename", **dict.fromkeys(("topic_id", "repeat_id", "fix_id"), 999_999_999)}
