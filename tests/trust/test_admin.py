"""Django's own admin site: for superusers who passed the second factor, and for nobody else at any of its addresses."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.urls import get_resolver

from linli.cases.tests import cast as casting
from linli.kernel import access
from linli.site.middleware import Who
from tests.trust.doors import _walk, admin_routes
from tests.trust.stage import ACTORS, Stage, fresh

#: Something in the place of every parameter, in Django's two ways of writing them.
FILLED = re.compile(r"<(?:\w+:)?\w+>|\^|\$|\(\?P<app_label>(\w+)[^)]*\)|\(\?P<url>\.\*\)")


def address(route: str) -> str:
    return "/" + FILLED.sub(lambda found: found[1] or ("" if found[0] in "^$" else "1"), route)


ADDRESSES = sorted({address(route) for route in admin_routes()})


def test_the_admin_site_is_walked() -> None:
    assert len(ADDRESSES) > 15
    assert not any(set("<>^$()") & set(one) for one in ADDRESSES)


def test_every_route_of_it_is_for_superusers() -> None:
    doors = [door for door in _walk(get_resolver(), "") if door.route.startswith("admin/")]
    assert {
        door.route for door in doors if door.policy is None or door.policy.who != access.SUPERUSER
    } == set()


@pytest.mark.parametrize("who", ACTORS)
def test_nobody_of_the_cast_gets_in(stage: Stage, who: str) -> None:
    for one in ADDRESSES:
        for method in ("GET", "POST"):
            response = stage.ask(who, method, one, program=False)
            kept_out = response.status_code == 403 or response.headers.get("Location", "").startswith(
                ("/sign-in/", "/me/second-factor/check/")
            )
            assert kept_out, (method, one, response.status_code)


def test_a_superuser_with_a_second_factor_gets_in(stage: Stage) -> None:
    browser = _strong(stage)
    assert browser.get("/admin/").status_code == 200
    for one in ADDRESSES:
        assert browser.get(one).status_code < 500, one


def test_it_lists_no_table_with_personal_data(stage: Stage) -> None:
    """Reading people\'s data goes through the pages, which write down who looked."""
    shown = _strong(stage).get("/admin/").content.decode()
    assert set(re.findall(r"/admin/(\w+)/\w+/", shown)) <= {"auth", "procrastinate"}


def test_the_admin_sites_own_sign_in_is_no_way_around(stage: Stage) -> None:
    answer = fresh().post("/admin/login/", {"username": "x", "password": casting.PASSWORD})
    assert answer.headers["Location"].startswith("/sign-in/")


def test_a_superuser_who_lost_it_is_out_at_once(stage: Stage) -> None:
    person = stage.people["superuser"]
    assert person is not None
    browser = _strong(stage)
    account = person.account
    account.is_superuser = account.is_staff = False
    account.save()
    assert browser.get("/admin/").status_code == 403


def test_a_view_without_a_policy_is_an_error_of_ours_and_opens_nothing(rf: Any) -> None:
    def forgotten(request: Any) -> None:
        raise AssertionError("it ran")

    request = rf.get("/forgotten/")
    request.user, request.now = _Nobody(), None
    with pytest.raises(LookupError, match="declares no policy"):
        Who(lambda request: None).process_view(request, forgotten, (), {})  # type: ignore[arg-type, return-value]


class _Nobody:
    is_authenticated = False
    pk = None


def _strong(stage: Stage) -> Any:
    person = stage.people["superuser"]
    assert person is not None
    return casting.sign_in(fresh(), person)
