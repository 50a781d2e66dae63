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


def test_a_topic_is_named_and_marked_as_it_was_seen(cast: Cast) -> None:
    topic_id, _ = worked_out(cast)
    desk = program(cast.dispatcher)
    there = f"/topics/{topic_id}"
    seen = desk.get(there).headers["ETag"]
    named = desk.put(f"{there}/name", {"name": " 8 栋电梯 "}, tag=seen)
    assert named.body["title"] == "8 栋电梯"
    assert desk.put(f"{there}/name", {"name": "别的"}, tag=seen).status == 412
    assert desk.put(f"{there}/name", {"name": "打电话 13800138000"}).body["errors"][0]["field"] == "name"
    assert desk.put(f"{there}/known", {"known": True}).body["errors"][0]["code"] == "missing"
    known = desk.put(f"{there}/known", {"known": True, "note": "28 日换曳引机"}, tag=named.headers["ETag"])
    assert (known.body["state"], known.body["note"]) == ("known", "28 日换曳引机")
    assert desk.put(f"{there}/known", {"known": False}).body["state"] == "open"
    assert desk.put(f"{there}/name", {"name": ""}).body["title"] not in {"", "8 栋电梯"}


def test_topics_are_merged_once_and_cases_go_in_and_out(cast: Cast) -> None:
    topic_id, made = worked_out(cast)
    with cast.inside():
        other = Topic.objects.exclude(pk=topic_id).get().pk
    desk = program(cast.dispatcher)
    assert desk.delete(f"/topics/{topic_id}/cases/{made[0]}").status == 204
    assert desk.delete(f"/topics/{topic_id}/cases/{made[0]}").status == 204  # said again, it is still out
    assert made[0] not in desk.get(f"/topics/{topic_id}").body["members"]
    assert made[0] in desk.put(f"/topics/{topic_id}/cases/{made[0]}", None).body["members"]
    assert desk.put(f"/topics/{topic_id}/cases/261123000000", None).status == 422
    assert desk.post(f"/topics/{topic_id}/merge", {"into": topic_id}).body["errors"][0]["code"] == "itself"
    first = desk.post(f"/topics/{other}/merge", {"into": topic_id})
    assert first.body["cases"] > len(made)
    assert desk.post(f"/topics/{other}/merge", {"into": topic_id}).body == first.body
    assert desk.get(f"/topics/{other}").status == 404


def test_a_joint_case_is_made_of_a_topic(cast: Cast) -> None:
    topic_id, made = worked_out(cast)
    desk = program(cast.dispatcher)
    joint = desk.post(f"/topics/{topic_id}/joint", {"head": made[0], "numbers": made[1:]})
    assert {one["number"]: one["hindrance"] for one in joint.body["items"]} == dict.fromkeys(made[1:], "")
    assert desk.get(f"/topics/{topic_id}").body["head"] == made[0]
    with cast.inside():
        other = Topic.objects.exclude(pk=topic_id).get().pk
    assert desk.post(f"/topics/{topic_id}/merge", {"into": other}).body["head"] == made[0]  # it follows
    assert desk.post(f"/topics/{other}/joint", {"head": "261123000000", "numbers": []}).status == 422


def test_only_the_desk_of_the_community_decides_on_topics(cast: Cast) -> None:
    topic_id, made = worked_out(cast)
    writes = (
        ("put", f"/topics/{topic_id}/name", {"name": "x"}),
        ("put", f"/topics/{topic_id}/known", {"known": False}),
        ("post", f"/topics/{topic_id}/merge", {"into": topic_id}),
        ("post", f"/topics/{topic_id}/joint", {"head": made[0], "numbers": []}),
        ("put", f"/topics/{topic_id}/cases/{made[0]}", None),
    )
    for who, status in ((cast.auditor, 403), (cast.resident, 403), (cast.elsewhere.dispatcher, 404)):
        asking = program(who)
        answers = [getattr(asking, verb)(path, body).status for verb, path, body in writes]
        assert answers == [status] * len(writes), who
        assert asking.delete(f"/topics/{topic_id}/cases/{made[0]}").status == status


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
