"""Announcements, from the desk to the residents' pages, the feed and the API."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from linli.cases.tests.cast import Cast, sign_in
from linli.grids.queries import day_of

pytestmark = pytest.mark.django_db


def body(response: Any) -> str:
    return str(response.content.decode())


def given(cast: Cast, at: datetime, **more: str) -> dict[str, str]:
    day = day_of(at)
    told = {"place": str(cast.here.id), "title_zh": "周四停水 🚰", "words_zh": "检修水管。\n<b>请储水</b>"}
    days = {"from_date": day.isoformat(), "last_date": (day + timedelta(days=3)).isoformat()}
    return {**told, **days, **more}


def test_what_the_leader_writes_everybody_below_reads(
    client: Client, cast: Cast, this_evening: datetime
) -> None:
    desk = sign_in(Client(), cast.leader)
    english = {"title_en": "No water on Thursday", "words_en": "The pipes are mended."}
    done = desk.post("/desk/announcements/new/", given(cast, this_evening, **english))
    assert done.status_code == 302, body(done)
    assert "周四停水 🚰" in body(desk.get(done["Location"]))
    code = cast.here.places["building"].code
    page = body(client.get(f"/place/{code}/"))
    assert "周四停水 🚰" in page
    link = page.split(f'href="/place/{cast.here.code}/announcements/')[1].split('"')[0]
    shown = body(client.get(f"/place/{cast.here.code}/announcements/{link}"))
    assert "&lt;b&gt;请储水" in shown
    feed = client.get(f"/place/{code}/announcements.atom")
    assert feed["Content-Type"].startswith("application/atom+xml")
    assert "周四停水 🚰" in body(feed)
    told = client.get(f"/api/v1/places/{code}/announcements").json()
    assert [row["title_en"] for row in told] == ["No water on Thursday"]
    assert "周四停水" not in body(client.get(f"/place/{cast.elsewhere.code}/announcements/"))
    assert client.get(f"/place/{cast.elsewhere.code}/announcements/{link}").status_code == 404
    assert "No water on Thursday" in body(client.get(f"/place/{code}/", headers={"accept-language": "en"}))


def test_the_form_says_what_is_wrong_at_its_field(cast: Cast, this_evening: datetime) -> None:
    desk = sign_in(Client(), cast.leader)
    answer = desk.post("/desk/announcements/new/", given(cast, this_evening, words_zh="电话 13812345678"))
    assert answer.status_code == 422
    assert "这里有个人号码" in body(answer)
    assert sign_in(Client(), cast.resident).get("/desk/announcements/").status_code in (302, 403)
