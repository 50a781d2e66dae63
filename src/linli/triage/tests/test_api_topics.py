"""Topics, repeat problems and lasting fixes for programs."""

from __future__ import annotations

from typing import Any

import pytest

from linli.cases.tests.cast import AT, Cast
from linli.cases.tests.programs import HERE, READ, WRITE, program
from linli.triage.models import LastingFix, Topic
from linli.triage.tests.test_pages_topics import came_back, worked_out

pytestmark = pytest.mark.usefixtures("monday_morning")


def fix_of(cast: Cast, **more: Any) -> dict[str, Any]:
    return {
        "community": HERE, "title": "换线路", "plan": "整条更换", "organisation_id": cast.property_company.pk,
        "from_date": "2026-11-23", "until_date": "2026-12-31", **more,
    }  # fmt: skip


def test_topics_come_with_what_their_heat_is_made_of(cast: Cast) -> None:
    topic_id, made = worked_out(cast)
    answer = program(cast.auditor, READ).get("/topics", community=HERE).body
    found = next(one for one in answer["items"] if one["id"] == topic_id)
    assert sorted(found["members"]) == sorted(made)
    points = [
        found["heat"][name] for name in ("people_points", "votes_points", "days_points", "growth_points")
    ]
    assert found["heat"]["total"] == pytest.approx(sum(points), abs=0.1)
    assert answer["as_of"]
    one = program(cast.auditor, READ).get(f"/topics/{topic_id}").body
    assert one["title"] == found["title"]


def test_a_merged_topic_is_gone(cast: Cast) -> None:
    topic_id, _ = worked_out(cast)
    with cast.inside():
        other = Topic.objects.exclude(pk=topic_id).get()
        Topic.objects.filter(pk=topic_id).update(state="merged", merged_into=other)
    assert program(cast.dispatcher).get(f"/topics/{topic_id}").status == 404


def test_repeat_problems_come_dearest_first(cast: Cast) -> None:
    repeat_id = came_back(cast)
    answer = program(cast.dispatcher).get("/repeats", community=HERE).body
    assert [one["id"] for one in answer["items"]] == [repeat_id]
    assert answer["items"][0]["times"] == 3
    assert program(cast.dispatcher).get(f"/repeats/{repeat_id}").body["fix"] is None


def test_a_fix_is_written_once_for_a_key_and_changed_by_its_tag(cast: Cast) -> None:
    repeat_id = came_back(cast)
    desk = program(cast.dispatcher)
    body = fix_of(cast, repeat_id=repeat_id)
    first = desk.post("/fixes", body, key="k1")
    again = desk.post("/fixes", body, key="k1")
    assert (first.status, again.status) == (201, 201)
    assert first.body == again.body
    assert len(first.body["cases"]) == 3
    with cast.inside():
        assert LastingFix.objects.count() == 1
    there = f"/fixes/{first.body['id']}"
    read = desk.get(there)
    sheet = {name: value for name, value in body.items() if name not in {"community", "repeat_id"}}
    changed = desk.put(there, {**sheet, "state": "under_way"}, tag=read.headers["ETag"])
    assert changed.body["state"] == "under_way"
    assert desk.put(there, sheet, tag=read.headers["ETag"]).status == 412
    refused = desk.put(there, {**sheet, "state": "done"})
    assert refused.status == 422
    assert refused.body["errors"][0]["field"] == "result"
    assert [one["id"] for one in desk.get("/fixes", community=HERE).body] == [first.body["id"]]


def test_rights_are_those_of_the_pages(cast: Cast) -> None:
    topic_id, _ = worked_out(cast)
    for who in (cast.grid_worker, cast.resident):
        assert program(who).get("/topics", community=HERE).status == 403
    elsewhere = program(cast.elsewhere.dispatcher)
    assert elsewhere.get("/topics", community=HERE).status == 404
    assert elsewhere.get(f"/topics/{topic_id}").status == 404
    assert program(cast.auditor, READ, WRITE).post("/fixes", fix_of(cast)).status == 403
    assert program(cast.dispatcher, "places:read").get("/topics", community=HERE).status == 403
    assert AT
