"""Announcements, from the desk to the residents' pages, the feed and the API."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from linli.cases.tests.cast import Cast, sign_in
from linli.cases.tests.desk import photo
from linli.grids.queries import day_of
from linli.kernel.tests.test_media_documents import pdf

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
    desk.cookies["django_language"] = "en"
    assert "No water on Thursday" in body(desk.get("/desk/announcements/"))
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


def test_pictures_and_documents_are_kept_over_a_mistake_and_read_by_everybody(
    client: Client, cast: Cast, this_evening: datetime
) -> None:
    desk = sign_in(Client(), cast.leader)
    files = [
        photo("停水范围.png"),
        SimpleUploadedFile("通知.pdf", pdf()),
        SimpleUploadedFile("x.svg", b"<svg/>"),
    ]
    wrong = desk.post("/desk/announcements/new/", {**given(cast, this_evening), "files": files})
    page = body(wrong)
    assert wrong.status_code == 422
    assert "可以上传图片（JPG、PNG、WebP）和 PDF" in page
    tickets = re.findall(r'name="keep" value="([0-9a-f-]{36})"', page)
    assert len(tickets) == 2
    assert desk.get(f"/desk/announcements/files/{tickets[0]}/").status_code == 200
    done = desk.post("/desk/announcements/new/", {**given(cast, this_evening), "keep": tickets})
    assert done.status_code == 302
    code = cast.here.code
    (told,) = client.get(f"/api/v1/places/{code}/announcements").json()
    assert [(one["kind"], one["name"]) for one in told["files"]] == [
        ("picture", "停水范围.png"),
        ("document", "通知.pdf"),
    ]
    shown = body(client.get(f"/place/{code}/announcements/{told['id']}/"))
    assert "通知.pdf" in shown
    paper = client.get(told["files"][1]["url"])
    assert paper["Content-Disposition"].startswith("attachment")
    assert client.get(f"{told['files'][0]['url']}thumb/").status_code == 200
    other = told["files"][0]["url"].replace(code, cast.elsewhere.code)
    assert client.get(other).status_code == 404
    desk.post(
        f"/desk/announcements/{told['id']}/",
        {**given(cast, this_evening), "version": "1", "keep": tickets[:1]},
    )
    assert client.get(told["files"][1]["url"]).status_code == 404
    desk.post(f"/desk/announcements/{told['id']}/withdraw/")
    assert client.get(told["files"][0]["url"]).status_code == 404
