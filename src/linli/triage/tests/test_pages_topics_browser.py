"""Topics, repeat problems and lasting fixes in a real browser: without a fault, on a phone, without JavaScript."""

from __future__ import annotations

import os
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from linli.cases.tests.cast import AT, Cast
from linli.cases.tests.test_pages_desk_browser import colleague
from linli.faces.tests import axe
from linli.faces.tests.browser import DESK, PHONE
from linli.triage import queries
from linli.triage.actions import fixes
from linli.triage.tests.test_finding_repeats import sheet
from linli.triage.tests.test_finding_topics import told
from linli.triage.tests.test_pages_topics import came_back, worked_out

pytestmark = [
    pytest.mark.browser,
    pytest.mark.rounds,
    pytest.mark.slow,
    pytest.mark.usefixtures("monday_morning"),
]
PICTURES = os.environ.get("LINLI_TEST_PICTURES", "")


def pages_of(cast: Cast) -> dict[str, str]:
    """Every page of these, with something on it."""
    told(cast, ("8栋电梯又坏了", "电梯坏了走楼梯上班"), days_ago=3, key="earlier")
    topic_id, _ = worked_out(cast)
    repeat_id = came_back(cast)
    with cast.inside():
        fix = fixes.make(
            actor=cast.leader.actor(),
            community_id=cast.here.id,
            sheet=sheet(cast),
            at=AT,
            repeat_id=repeat_id,
        )
        assert queries.hot(cast.here.id, at=AT + timedelta(minutes=1))
    return {
        "topics": "/desk/topics/",
        "topic": f"/desk/topics/{topic_id}/",
        "repeats": "/desk/repeats/",
        "repeat": f"/desk/repeats/{repeat_id}/",
        "fix": f"/desk/fixes/{fix.pk}/",
        "new": "/desk/fixes/new/",
    }


def test_no_page_has_a_fault_and_none_is_wider_than_a_phone(
    running: Browser,
    site: str,
    committed_cast: Cast,
) -> None:
    pages = pages_of(committed_cast)
    for size, language in ((DESK, "zh-hans"), (PHONE, "en")):
        context, page = colleague(running, site, committed_cast.dispatcher, size=size, language=language)
        page.set_default_timeout(40_000)
        for name, there in pages.items():
            answer = page.goto(there)
            assert answer is not None
            assert answer.status == 200
            assert axe.check(page) == [], name
            assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), name
            if PICTURES:
                page.screenshot(path=Path(PICTURES) / f"{name}-{language[:2]}.png", full_page=True)
        context.close()


def test_a_dispatcher_names_a_topic_and_starts_a_joint_case_without_javascript(
    running: Browser,
    site: str,
    committed_cast: Cast,
) -> None:
    topic_id, made = worked_out(committed_cast)
    _context, page = colleague(running, site, committed_cast.dispatcher, script=False)
    page.goto("/desk/topics/")
    page.click(f'a[href^="/desk/topics/{topic_id}/"]')
    page.fill("#f-name-field", "8 栋电梯")
    page.click('form[action*="/rename/"] button')
    assert "8 栋电梯" in page.inner_text("h1")
    page.click('form[action*="/join/"] button')
    assert "并入 3 件" in page.inner_text("#flash")
    assert sum(committed_cast.case(number).state == "merged" for number in made) == 3
