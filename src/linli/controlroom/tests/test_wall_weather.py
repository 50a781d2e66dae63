"""The weather that staff enter and the alarms that ring, on the wall."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client

from linli.cases.tests.cast import Cast
from linli.controlroom.actions.weather import note_weather
from linli.controlroom.rules.weather import Sky
from linli.controlroom.tests.walling import as_, fresh, made_screen, read, reported  # noqa: F401  (a fixture among them)
from linli.kernel import clock

pytestmark = pytest.mark.django_db


class TestWeather:
    """The weather of the day by hand."""

    def test_the_desk_enters_it_and_the_wall_shows_it_with_its_source(self, cast: Cast) -> None:
        client = as_(cast.dispatcher)
        given = {
            "sky": "heavy_rain",
            "low": "8",
            "high": "13",
            "warning_rainstorm": "orange",
            "note": "排水泵已到位",
        }
        assert client.post("/control/weather/", given).status_code == 302
        said = read(client)
        assert "大雨" in said
        assert "8–13 °C" in said
        assert "橙色" in said
        assert "排水泵已到位" in said

    def test_it_can_be_taken_back(self, cast: Cast) -> None:
        client = as_(cast.dispatcher)
        client.post("/control/weather/", {"sky": "clear"})
        assert "wall-weather" in read(client)
        client.post("/control/weather/", {"take_back": "1"})
        assert "wall-weather" not in read(client)

    @pytest.mark.parametrize(
        "given",
        [
            {},
            {"sky": "green"},
            {"sky": "clear", "low": "x"},
            {"sky": "clear", "low": "99"},
            {"sky": "clear", "low": "9", "high": "3"},
            {"sky": "clear", "warning_hail": "pink"},
            {"sky": "clear", "note": "长" * 81},
            {"sky": "clear", "low": "1e3"},
            {"sky": "clear", "high": "٣"},
        ],
    )
    def test_nonsense_is_refused_in_words(self, cast: Cast, given: dict[str, str]) -> None:
        answer = as_(cast.dispatcher).post("/control/weather/", given)
        assert answer.status_code == 422
        assert 'role="alert"' in answer.content.decode()

    def test_yesterdays_weather_is_not_todays(self, cast: Cast) -> None:
        with cast.inside():
            note_weather(
                actor=cast.dispatcher.actor(),
                community_id=cast.here.id,
                sky=Sky.SNOW,
                at=clock.now() - timedelta(days=1),
            )
        assert "wall-weather" not in read(as_(cast.dispatcher))

    def test_only_the_desk_and_the_leader_enter_it(self, cast: Cast) -> None:
        assert as_(cast.auditor).post("/control/weather/", {"sky": "clear"}).status_code == 403
        assert as_(cast.leader).post("/control/weather/", {"sky": "clear"}).status_code == 302


class TestAlarms:
    """What rings in the room."""

    def rung(self, cast: Cast) -> str:
        return reported(cast, "CANARYWORDS 8 栋着火了，火很大")

    def test_an_alarm_is_told_without_words_with_the_numbers_to_call(self, cast: Cast) -> None:
        number = self.rung(cast)
        said = read(as_(cast.dispatcher), "/control/alarm/")
        assert said.count("data-alarm-id") == 1
        assert f"{number[:6]}-{number[6:]}" in said
        assert "tel:119" in said
        assert said.count('href="tel:119"') == 1
        assert "CANARYWORDS" not in said

    def test_what_is_shown_already_is_not_said_again(self, cast: Cast) -> None:
        self.rung(cast)
        client = as_(cast.dispatcher)
        tag = client.get("/control/alarm/")["ETag"]
        assert client.get("/control/alarm/", headers={"If-None-Match": tag}).status_code == 304

    def test_the_desk_answers_it_and_it_stops_for_all(self, cast: Cast) -> None:
        number = self.rung(cast)
        answer = as_(cast.dispatcher).post(f"/control/alarm/{number}/", headers={"HX-Request": "true"})
        assert answer.status_code == 200
        assert "data-alarm-id" not in answer.content.decode()
        assert "data-alarm-id" not in read(as_(cast.leader), "/control/alarm/")
        assert as_(cast.leader).post(f"/control/alarm/{number}/").status_code == 302  # twice changes nothing

    def test_who_only_looks_cannot_answer(self, cast: Cast) -> None:
        number = self.rung(cast)
        client = as_(cast.auditor)
        assert "data-alarm-answer" not in read(client, "/control/alarm/")
        assert client.post(f"/control/alarm/{number}/").status_code == 403
        assert as_(cast.elsewhere.dispatcher).post(f"/control/alarm/{number}/").status_code == 404

    def test_a_screen_hears_it_and_leads_nowhere(self, cast: Cast) -> None:
        self.rung(cast)
        _, token = made_screen(cast)
        screen = Client()
        screen.get(f"/control/screen/{token}/")
        said = read(screen, "/control/screen/alarm/")
        assert "data-alarm-id" in said
        assert "/desk/" not in said
        assert "data-alarm-answer" not in said
        assert "CANARYWORDS" not in said
