"""The environment's word, as the settings read it."""

from __future__ import annotations

import pytest
from django.test import Client

from linli.kernel.jobs import HEARTBEAT_SECONDS, STUCK_AFTER
from linli.site import settings

URL = "postgresql://linli_app@/linli?host=/run/linli"


def options(part: str, url: str = URL) -> str:
    found = settings.database(url, part)["OPTIONS"]
    assert isinstance(found, dict)
    return str(found.get("options", ""))


def test_pages_wait_seconds_for_the_database_and_commands_as_long_as_it_takes() -> None:
    assert "-c statement_timeout=5s" in options("web")
    assert "-c lock_timeout=3s" in options("web")
    assert options("") == ""


def test_a_worker_that_stands_still_gives_up_its_locks_before_its_jobs_are_given_to_another() -> None:
    given = settings.PATIENCE["worker"]["idle_in_transaction_session_timeout"]
    assert HEARTBEAT_SECONDS * 3 < int(given.removesuffix("s")) < STUCK_AFTER.total_seconds()


def test_the_operators_own_options_are_kept_and_go_last() -> None:
    given = options("web", URL + "&options=-c%20statement_timeout%3D9s")
    assert given.endswith("-c statement_timeout=9s")


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/sign-in/", "/api/v1/cases"])
def test_no_answer_may_stand_in_a_frame(path: str) -> None:
    answer = Client().get(path)
    assert answer["X-Frame-Options"] == "DENY"
    assert "frame-ancestors 'none'" in answer["Content-Security-Policy"]
