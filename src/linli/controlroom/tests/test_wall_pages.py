"""The wall's pages: who sees it, what it never shows, that it opens the rows, and what a screen without a person may."""

from __future__ import annotations

import re
import time
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from linli.cases.models import Case
from linli.cases.rules.intake import PlaceGiven, Refused
from linli.cases.tests.cast import Cast
from linli.controlroom import kept
from linli.controlroom.actions import screens
from linli.controlroom.models import Screen
from linli.controlroom.tests.walling import as_, fresh, made_screen, read, reported  # noqa: F401  (a fixture among them)
from linli.kernel import clock
from linli.kernel.access import Forbidden, NotFound

pytestmark = pytest.mark.django_db
PATHS = ("/control/", "/control/panels/", "/control/list/")


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("name", ["dispatcher", "leader", "auditor", "police"])
def test_those_who_watch_over_the_community_see_the_wall(cast: Cast, name: str, path: str) -> None:
    read(as_(getattr(cast, name)), path)


@pytest.mark.parametrize("path", [*PATHS, "/control/screens/", "/control/weather/"])
@pytest.mark.parametrize("name", ["resident", "grid_worker", "property_handler", "stranger"])
def test_nobody_else_does(cast: Cast, name: str, path: str) -> None:
    person = cast.stranger if name == "stranger" else getattr(cast, name)
    assert as_(person).get(path).status_code == 403
    assert Client().get(path).status_code == 302


def test_another_community_is_not_there(cast: Cast) -> None:
    assert as_(cast.dispatcher).get(f"/control/?community={cast.elsewhere.id}").status_code == 404
    assert as_(cast.dispatcher).get("/control/?community=999999999999999999999").status_code == 200


def test_the_wall_shows_what_came_in_and_nobodys_words(cast: Cast) -> None:
    number = reported(cast)
    cast.dispatched(number, at=clock.now() - timedelta(minutes=3))
    said = read(as_(cast.dispatcher))
    assert f"/desk/case/{number}/" in said
    assert "照明" in said
    assert "CANARYWORDS" not in said
    assert "张三" not in said
    assert cast.resident.name not in said
    assert cast.resident.phone not in said


def test_each_figure_opens_its_rows(cast: Cast) -> None:
    reported(cast)
    said = read(as_(cast.leader))
    for code in (
        "reported",
        "open",
        "open_in_time",
        "open_at_risk",
        "open_broken",
        "open_paused",
        "supervised_open",
    ):
        block = re.search(rf'data-figure="{code}".*?</dd>', said, re.S)
        assert block is not None, code
        assert f"/control/figures/{code}/rows/?part=numerator" in block[0]


def test_the_police_see_the_numbers_but_only_the_cases_of_their_duties(cast: Cast) -> None:
    said = read(as_(cast.police))
    assert "data-figure" in said
    assert "/control/figures/" not in said


def test_a_case_without_a_place_is_no_mark_for_the_police_of_one_grid(cast: Cast) -> None:
    number = reported(cast, place=PlaceGiven())
    assert number in read(as_(cast.dispatcher))
    assert number not in read(as_(cast.police))


def test_quarantined_reports_are_no_news(cast: Cast) -> None:
    number = reported(cast)
    with cast.inside():
        Case.objects.filter(number=number).update(quarantined=True)
    assert number not in read(as_(cast.dispatcher))


def test_an_emergency_is_marked_in_words(cast: Cast) -> None:
    reported(cast, "CANARY 8 栋着火了，火很大")
    said = read(as_(cast.dispatcher))
    assert "data-urgent" in said
    assert "紧急" in said or "危急" in said


def test_the_parts_bring_a_fresh_permit_and_the_same_markup(cast: Cast) -> None:
    client = as_(cast.dispatcher)
    said = read(client, "/control/panels/")
    assert "data-wall-answer" in said
    assert f"wall%3A{cast.here.id}" in said
    assert said.count("data-panel=") == 11


def test_the_police_hear_that_something_changed_but_not_which_case(cast: Cast) -> None:
    said = read(as_(cast.police), "/control/panels/")
    assert f"community%3A{cast.here.id}" in said
    assert "wall%3A" not in said


@pytest.mark.parametrize("heard", ["", "abc", "9" * 13, "1", "-1", "99999999999999999999", "١٢٣٤٥٦٧٨٩٠١٢٣"])
def test_what_one_claims_to_have_heard_breaks_nothing(cast: Cast, heard: str) -> None:
    assert as_(cast.dispatcher).get("/control/panels/", {"v": heard}).status_code == 200


def test_news_that_one_has_heard_of_are_in_the_next_answer(cast: Cast) -> None:
    client = as_(cast.dispatcher)
    read(client)
    number = cast.report("井盖没了", at=clock.now()).number
    assert number not in client.get("/control/panels/").content.decode()
    time_of_news = int(clock.now().timestamp() * 1000)
    time.sleep(kept.LEAST_APART.total_seconds() + 0.05)
    assert number in client.get("/control/panels/", {"v": time_of_news}).content.decode()


def test_the_wall_is_english_for_who_reads_english(cast: Cast) -> None:
    reported(cast)
    client = as_(cast.dispatcher)
    client.cookies["django_language"] = "en"
    said = read(client)
    assert "Dispatch room" in said
    assert "What happens" in said
    assert "Lighting" in said or "Not sorted yet" in said


def test_the_full_list_has_the_most_pressing_first(cast: Cast) -> None:
    calm = reported(cast)
    pressing = reported(cast, "CANARY 8 栋着火了，火很大", key="two")
    said = read(as_(cast.dispatcher), "/control/list/")
    assert said.index(pressing[:6] + "-" + pressing[6:]) < said.index(calm[:6] + "-" + calm[6:])
    part = read(as_(cast.dispatcher), "/control/list/?part=1")
    assert "<html" not in part


def test_the_wall_costs_few_statements_and_the_next_look_nearly_none(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    moment = clock.now()
    monkeypatch.setattr(clock, "now", lambda: moment)
    reported(cast)
    client = as_(cast.dispatcher)
    client.get("/control/panels/")
    kept.forget()
    before = connection.linli_statements  # type: ignore[attr-defined]
    client.get("/control/panels/")
    cold = connection.linli_statements - before  # type: ignore[attr-defined]
    client.get("/control/panels/")
    warm = connection.linli_statements - before - cold  # type: ignore[attr-defined]
    assert cold <= 45, cold
    assert warm <= 6, warm


class TestScreens:
    """Links for screens that look without a person."""

    def test_the_leader_makes_a_link_that_is_shown_once(self, cast: Cast) -> None:
        client = as_(cast.leader)
        answer = client.post("/control/screens/", {"name": "值班室", "days": "7", "language": "en"})
        link = re.search(r"/control/screen/([\w-]+)/", answer.content.decode())
        assert link is not None
        assert link[1] not in client.get("/control/screens/").content.decode()
        with cast.inside():
            held = Screen.objects.get()
        assert link[1].partition("-")[2].encode() not in bytes(held.digest)

    def test_the_link_opens_the_wall_without_a_person_and_leaves_the_address(self, cast: Cast) -> None:
        number = reported(cast)
        _, token = made_screen(cast)
        screen = Client()
        answer = screen.get(f"/control/screen/{token}/")
        assert answer.status_code == 302
        assert token not in answer["Location"]
        held = answer.cookies["linli-screen"]
        assert held["httponly"]
        assert held["path"] == "/control/screen/"
        said = read(screen, "/control/screen/")
        assert number in said  # as the key of a line of the stream
        assert "/desk/case/" not in said
        assert "/control/figures/" not in said
        assert "/desk/" not in re.sub(r"<script.*?</script>", "", said, flags=re.S)
        assert "CANARYWORDS" not in said
        for path in ("panels", "list"):
            read(screen, f"/control/screen/{path}/")
        assert screen.get("/control/").status_code == 302
        assert screen.get("/desk/").status_code == 302
        assert screen.get(f"/desk/case/{number}/").status_code == 302

    def test_a_link_speaks_the_language_it_was_made_for(self, cast: Cast) -> None:
        _, token = made_screen(cast, language="en")
        screen = Client()
        screen.get(f"/control/screen/{token}/")
        assert "Dispatch room" in read(screen, "/control/screen/")

    def test_a_revoked_link_opens_nothing_at_once(self, cast: Cast) -> None:
        held, token = made_screen(cast)
        screen = Client()
        screen.get(f"/control/screen/{token}/")
        answer = as_(cast.leader).post(f"/control/screens/{held.pk}/revoke/")
        assert answer.status_code == 302
        for path in ("", "panels/", "list/"):
            assert screen.get(f"/control/screen/{path}").status_code == 403
        assert Client().get(f"/control/screen/{token}/").status_code == 403

    def test_a_link_ends_by_itself(self, cast: Cast) -> None:
        _, token = made_screen(cast, days=1, at=clock.now() - timedelta(hours=25))
        assert Client().get(f"/control/screen/{token}/").status_code == 403

    @pytest.mark.parametrize(
        "token",
        ["x", "1-", "1-aaaaaaaaaaaaaaaaaaaaaaaa", "-", "999999999999999999999-" + "a" * 30, "１-" + "a" * 30],
    )
    def test_a_guessed_link_looks_like_one_that_ended(self, cast: Cast, token: str) -> None:
        assert Client().get(f"/control/screen/{token}/").status_code == 403

    def test_the_token_of_one_community_opens_no_other(self, cast: Cast) -> None:
        _, token = made_screen(cast)
        other = f"{cast.elsewhere.id}-{token.partition('-')[2]}"
        assert Client().get(f"/control/screen/{other}/").status_code == 403

    @pytest.mark.parametrize("name", ["dispatcher", "auditor", "police"])
    def test_only_the_leader_makes_links(self, cast: Cast, name: str) -> None:
        assert as_(getattr(cast, name)).get("/control/screens/").status_code == 403
        with pytest.raises(Forbidden):
            screens.make_screen(
                actor=getattr(cast, name).actor(),
                community_id=cast.here.id,
                name="x",
                days=1,
                language="en",
                at=clock.now(),
            )

    def test_a_leader_reaches_no_link_of_another_community(self, cast: Cast) -> None:
        held, _ = made_screen(cast)
        client = as_(cast.elsewhere.leader)
        assert client.post(f"/control/screens/{held.pk}/revoke/").status_code == 404
        with pytest.raises(NotFound):
            screens.make_screen(
                actor=cast.elsewhere.leader.actor(),
                community_id=cast.here.id,
                name="x",
                days=1,
                language="en",
                at=clock.now(),
            )

    @pytest.mark.parametrize(
        ("given", "field"),
        [
            ({"name": " "}, "name"),
            ({"name": "大" * 41}, "name"),
            ({"days": 2}, "days"),
            ({"days": 3650}, "days"),
        ],
    )
    def test_what_is_wrong_is_said(self, cast: Cast, given: dict[str, Any], field: str) -> None:
        with pytest.raises(Refused) as refused:
            made_screen(cast, **given)
        assert refused.value.wrongs[0].field == field
        answer = as_(cast.leader).post(
            "/control/screens/", {"name": "x", "days": "30", "language": "en", **given}
        )
        assert answer.status_code == 422

    def test_there_are_not_endlessly_many(self, cast: Cast) -> None:
        for number in range(20):
            made_screen(cast, name=f"屏 {number}")
        with pytest.raises(Refused):
            made_screen(cast)
        answer = as_(cast.leader).post("/control/screens/", {"name": "x", "days": "30", "language": "en"})
        assert "20" in answer.content.decode()
