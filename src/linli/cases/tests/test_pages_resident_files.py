"""Pictures and voice notes: taken, refused in words, and shown only to those who may see the case."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from linli.cases.models import Attachment
from linli.cases.tests.cast import Cast, sign_in
from linli.cases.tests.ground import picture_bytes
from linli.cases.tests.resident import (
    WORDS,
    at_building,
    body,
    number_in,
    photo,
    say,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("this_evening")]


class TestFiles:
    """Pictures and voice notes."""

    def test_pictures_of_step_one_hang_at_the_case(self, client: Client, cast: Cast) -> None:
        at_building(client, cast)
        say(client, pictures=[photo("a.jpg"), photo("b.jpg")])
        assert body(client.get("/report/")).count("/thumb/") == 2
        client.post("/report/place/", {"how": "here"})
        sent = client.post("/report/send/", {"who": "anonymous"})
        with cast.inside():
            assert Attachment.objects.filter(case__number=number_in(sent)).count() == 2
        assert "/thumb/" in body(client.get(f"/case/{number_in(sent)}/"))

    def test_a_picture_can_be_taken_out_again(self, client: Client, cast: Cast) -> None:
        at_building(client, cast)
        say(client, pictures=[photo()])
        page = body(client.get("/report/"))
        ticket = re.search(r'name="remove" value="([0-9a-f-]+)"', page)
        assert ticket
        answer = client.post("/report/", {"words": WORDS, "remove": ticket.group(1)})
        assert "/thumb/" not in body(answer)
        assert WORDS in body(answer)

    def test_a_file_that_cannot_be_taken_is_named_with_its_reason(self, client: Client, cast: Cast) -> None:
        at_building(client, cast)
        answer = say(client, pictures=[photo("evil.jpg", b"<svg onload=alert(1)>"), photo("good.jpg")])
        assert answer.status_code == 422
        assert "evil.jpg" in body(answer)
        assert body(answer).count("/thumb/") == 1
        assert WORDS in body(answer)

    def test_a_picture_that_is_too_large_says_how_large(self, client: Client, cast: Cast) -> None:
        at_building(client, cast)
        huge = picture_bytes() + b"\x00" * 12_000_000
        answer = say(client, pictures=[photo("huge.jpg", huge)])
        assert "12 MB" in body(answer)
        assert "10 MB" in body(answer)

    def test_the_tenth_picture_is_left_out(self, client: Client, cast: Cast) -> None:
        at_building(client, cast)
        answer = say(client, pictures=[photo(f"{n}.jpg") for n in range(10)])
        assert body(answer).count("/thumb/") == 9

    def test_the_upload_door_gives_a_ticket(self, client: Client, cast: Cast) -> None:
        at_building(client, cast)
        answer = client.post("/upload/", {"file": photo()})
        assert answer.status_code == 201
        assert client.get(answer.json()["thumb"]).status_code == 200
        assert Client().get(answer.json()["url"]).status_code == 404

    def test_a_file_is_served_so_that_no_browser_runs_it(self, client: Client, cast: Cast) -> None:
        at_building(client, cast)
        answer = client.get(client.post("/upload/", {"file": photo()}).json()["url"])
        assert answer["Content-Type"] == "image/jpeg"
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert answer["Content-Disposition"].startswith("inline; filename=")
        assert answer["Cache-Control"].startswith("private")

    def test_a_part_of_a_file_can_be_asked_for(self, client: Client, cast: Cast) -> None:
        at_building(client, cast)
        url = client.post("/upload/", {"file": photo()}).json()["url"]
        part = client.get(url, headers={"Range": "bytes=0-9"})
        assert (part.status_code, len(part.content)) == (206, 10)
        assert client.get(url, headers={"Range": "bytes=999999-"}).status_code == 200

    def test_who_may_see_a_picture_of_a_case(self, cast: Cast) -> None:
        ticket = cast.picture(cast.resident)
        number = cast.report(uploads=(ticket,), publish=True).number
        cast.settled(number)
        seen = {
            name: sign_in(Client(), person).get(f"/files/{ticket}/").status_code
            for name, person in cast.everybody().items()
        }
        allowed = {name for name, status in seen.items() if status == 200}
        assert allowed == {
            "resident", "grid_worker", "police", "assistant", "building_head", "dispatcher", "verifier",
            "property_handler", "leader", "community_leader", "auditor", "admin",
        }  # fmt: skip
        assert Client().get(f"/files/{ticket}/").status_code == 404

    def test_somebody_who_sends_too_much_is_told_to_send_the_words(self, client: Client, cast: Cast) -> None:
        at_building(client, cast)
        for _ in range(2):
            client.post("/upload/", {"file": photo("big.jpg", b"\xff" * 9_900_000)})
        answer = client.post("/upload/", {"file": photo("one-more.jpg", b"\xff" * 900_000)})
        assert answer.status_code == 429
        assert "先发文字" in answer.json()["error"]
