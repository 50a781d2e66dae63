"""The first day of a real server: from an empty database to an administrator at the desk, by commands alone."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from django.test import Client
from pytest_django import Settings

from linli.cases.cli import cases
from linli.grids.cli import places
from linli.grids.locate import locator
from linli.people.cli import people

pytestmark = pytest.mark.django_db
PHONE, PASSWORD = "13811112222", "Ping-An-2026"  # noqa: S105  (of an invented person)
COMMUNITY = "520113008006"


def run(group: object, *words: str, typed: str = "") -> Result:
    return CliRunner().invoke(group, list(words), input=typed)  # type: ignore[arg-type]  # click groups


@pytest.fixture
def community(tmp_path: Path) -> str:
    """A division and a community, imported."""
    locator.forget()
    divisions = tmp_path / "divisions.csv"
    divisions.write_text(
        "division_code,parent_code,level,name_zh\n"
        "520000000000,,province,贵州省\n520100000000,520000000000,city,贵阳市\n"
        "520113000000,520100000000,county,白云区\n520113008000,520113000000,street,龚家寨街道\n"
        f"{COMMUNITY},520113008000,community,铝兴社区\n",
        encoding="utf-8",
    )
    table = tmp_path / "places.csv"
    table.write_text(f"code,parent_code,level,name_zh\n{COMMUNITY},,community,铝兴社区\n", encoding="utf-8")
    done = run(places, "import", str(divisions), str(table), "--json")
    assert done.exit_code == 0, done.output
    assert json.loads(done.stdout)["written"]
    return COMMUNITY


def test_commands_lead_from_an_empty_database_to_an_administrator_at_the_desk(
    community: str, settings: Settings
) -> None:
    settings.LINLI_STAFF_MFA = True
    assert run(people, "open", PHONE, "--name", "王建国").exit_code == 0
    assert run(people, "set-password", PHONE, typed=f"{PASSWORD}\n{PASSWORD}\n").exit_code == 0
    assert run(places, "appoint", PHONE, "--place", community, "--role", "admin").exit_code == 0
    assert run(cases, "defaults", "--community", community).exit_code == 0

    browser = Client()
    came = browser.post("/sign-in/", {"phone": PHONE, "password": PASSWORD})
    assert came.status_code == 302, came.content.decode()
    desk = browser.get("/desk/settings/duties/")
    assert desk.status_code == 302
    assert "/me/second-factor/" in desk["Location"]

    settings.LINLI_STAFF_MFA = False
    assert browser.get("/desk/settings/duties/").status_code == 200
    assert "路灯" in browser.get("/desk/settings/categories/").content.decode()


def test_a_weak_password_and_an_unknown_phone_are_refused(community: str) -> None:
    assert run(people, "set-password", PHONE, "--stdin", typed=f"{PASSWORD}\n").exit_code == 1
    run(people, "open", PHONE, "--name", "王建国")
    weak = run(people, "set-password", PHONE, "--stdin", typed="12345678\n")
    assert weak.exit_code == 1
    assert run(people, "set-password", PHONE, "--stdin", typed=f"{PASSWORD}\n").exit_code == 0


def test_nobody_is_appointed_twice_or_where_the_role_has_no_place(community: str) -> None:
    words = ("appoint", PHONE, "--place", community, "--role")
    assert run(places, *words, "admin").exit_code == 1
    run(people, "open", PHONE, "--name", "王建国")
    assert run(places, *words, "admin").exit_code == 0
    assert run(places, *words, "admin").exit_code == 1
    assert run(places, *words, "building_head").exit_code == 1
    assert run(places, "appoint", "12345", "--place", community, "--role", "admin").exit_code == 2
    assert run(places, "appoint", PHONE, "--place", "520113008999", "--role", "admin").exit_code == 1


def test_defaults_never_touch_a_community_that_has_its_own(community: str) -> None:
    assert run(cases, "defaults", "--community", community).exit_code == 0
    assert run(cases, "defaults", "--community", community).exit_code == 1
    assert run(cases, "defaults", "--community", "520113008999").exit_code == 2
