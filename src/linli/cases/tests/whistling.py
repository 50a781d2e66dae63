"""How tests blow the whistle and answer it."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from linli.cases.actions import whistle
from linli.cases.models import Call, Whistle
from linli.cases.queries import whistles
from linli.cases.rules.whistle import Answer, Answered, Blown, Part, Standing
from linli.cases.rules.workflow import Verb
from linli.cases.tests.cast import AT, Cast, Person

MEET = AT + timedelta(hours=2)
PUBLIC = "三家单位已到现场会商，三天内修好路面。"


def wanted(cast: Cast, *bodies: int, **changes: Any) -> Blown:
    parts = tuple(Part(body) for body in bodies or (cast.property_company.pk, cast.department.pk))
    return Blown(
        **{"parts": parts, "meet_at": MEET, "place": "8 栋门口", "words": "路面塌陷，请到场", **changes}
    )


def blow(cast: Cast, number: str, by: Person | None = None, *, at: datetime = AT, **changes: Any) -> Whistle:
    actor = (by or cast.grid_worker).actor(at)
    return whistle.blow(actor=actor, number=number, wanted=wanted(cast, **changes), at=at)[0]


def call_of(cast: Cast, held: Whistle, body: int) -> Call:
    with cast.inside():
        return Call.objects.select_related("task").get(whistle=held, organisation_id=body)


def tell(cast: Cast, call: Call, by: Person, verb: Verb, *, at: datetime = AT, **said: Any) -> Call:
    said.setdefault("answer", Answer.NONE)
    return whistle.tell(actor=by.actor(at), call_id=call.pk, verb=verb, said=Answered(call.pk, **said), at=at)


def standing(cast: Cast, call: Call, at: datetime) -> Standing:
    with cast.inside():
        fresh = Call.objects.select_related("whistle").get(pk=call.pk)
        return whistles.standing_of(fresh, fresh.whistle, at)


def codes(error: Any) -> set[tuple[str, str]]:
    return {(one.field, one.code) for one in error.value.wrongs}
