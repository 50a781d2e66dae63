"""The settings page of proposed categories, opened by those who may and those who may not; looked at in a browser."""

from __future__ import annotations

import itertools
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.test import Client

from linli.cases import ports, reactions
from linli.cases.tests.cast import Cast, sign_in
from linli.cases.tests.desk import Colleague, at_desk, text
from linli.cases.tests.test_reactions import reported
from linli.faces.tests import axe
from linli.faces.tests.browser import DESK, PHONE
from linli.triage.classifier import DeskClassifier
from linli.triage.queries import learned
from linli.triage.rules import promoting
from linli.triage.tests.test_learning import TOAD, teach

pytestmark = pytest.mark.usefixtures("monday_morning")
PAGE = "/desk/settings/triage/"


@pytest.fixture(autouse=True)
def _fresh() -> None:
    machine = ports.classifier()
    assert isinstance(machine, DeskClassifier)
    machine.forget()


@pytest.fixture
def leader(cast: Cast) -> Colleague:
    return at_desk(cast, cast.leader)


def test_before_anything_was_learned_it_says_what_is_missing(leader: Colleague) -> None:
    page = leader.get(PAGE)
    assert page.status_code == 200
    assert "仅凭类别名称与关键词" in text(page)
    assert f"还差 {promoting.LEAST_DECISIONS} 件" in text(page)
    assert "现在就学习" not in text(page)


def tried(leader: Colleague, words: str) -> Any:
    return leader.client.post(PAGE, {"words": words})


def test_a_sentence_can_be_tried_and_the_answer_explains_itself(leader: Colleague) -> None:
    page = text(tried(leader, "楼下路灯不亮了"))
    assert "照明" in page
    assert "路灯" in page
    assert "不作建议" in text(tried(leader, "😀😀"))
    assert tried(leader, "灯" * 5000).status_code == 200
    assert "楼下路灯" not in text(leader.get(PAGE, words="楼下路灯不亮了"))  # words never stand in an address


def test_what_was_tried_is_shown_as_text_never_as_markup(leader: Colleague) -> None:
    assert "<script>alert" not in text(tried(leader, "<script>alert(1)</script>"))


def test_it_shows_what_is_in_use_with_its_marks_and_its_words(cast: Cast, leader: Colleague) -> None:
    row = teach(cast)
    page = text(leader.get(PAGE))
    assert row.version in page
    assert f"从 {row.examples} 件人工定类中学习" in page
    assert "因为更准而启用" in page
    assert any(word in page for word in row.words["facilities.lighting"])


def test_back_with_one_click_and_forward_again(cast: Cast, leader: Colleague) -> None:
    row = teach(cast)
    for version in (learned.BY_WORDS, row.version, row.version):
        assert leader.client.post(f"{PAGE}use/", {"version": version}).status_code == 302
        with cast.inside():
            now = learned.in_use(cast.here.id)
        assert (now.version if now else learned.BY_WORDS) == version


def test_a_version_that_is_not_there_is_not_found(leader: Colleague) -> None:
    for version in ("learned-1", "", "x" * 500):
        assert leader.client.post(f"{PAGE}use/", {"version": version}).status_code == 404


def test_with_too_little_it_says_so_and_asks_for_nothing(cast: Cast, leader: Colleague) -> None:
    answer = leader.client.post(f"{PAGE}learn/", follow=True)
    assert "还差" in text(answer)


@pytest.mark.parametrize(
    "who", ["dispatcher", "auditor", "police", "property_handler", "resident", "stranger"]
)
def test_others_neither_see_nor_change_it(cast: Cast, who: str) -> None:
    row = teach(cast)
    other = at_desk(cast, cast.everybody()[who])
    assert other.get(PAGE).status_code in {302, 403, 404}
    for deed in ("use", "learn"):
        assert other.client.post(f"{PAGE}{deed}/", {"version": learned.BY_WORDS}).status_code in {
            302,
            403,
            404,
        }
    with cast.inside():
        now = learned.in_use(cast.here.id)
    assert now is not None
    assert now.version == row.version


def test_another_community_is_not_kept_by_this_leader(cast: Cast, leader: Colleague) -> None:
    elsewhere = f"?community={cast.elsewhere.id}"
    assert leader.client.get(f"{PAGE}{elsewhere}").status_code in {403, 404}
    assert leader.client.post(f"{PAGE}use/{elsewhere}", {"version": learned.BY_WORDS}).status_code in {
        403,
        404,
    }


def test_the_proposal_beside_a_case_names_its_version(cast: Cast) -> None:
    row = teach(cast)
    number = cast.report(TOAD[0]).number
    with cast.inside():
        reactions.suggest_category(reported(cast, number))
    kept = cast.case(number).suggestion
    assert kept is not None
    assert kept["version"] == row.version
    assert kept["options"][0]["code"] == "facilities.lighting"


@pytest.mark.browser
@pytest.mark.slow
def test_in_a_browser_nothing_is_wrong_with_it(committed_cast: Cast, running: Any, site: str) -> None:
    teach(committed_cast)
    held = sign_in(Client(), committed_cast.leader).cookies[django_settings.SESSION_COOKIE_NAME].value
    for language, size in itertools.product(("zh-hans", "en"), (DESK, PHONE)):
        context = running.new_context(viewport=size, java_script_enabled=True, locale=language)
        context.add_cookies(
            [
                {"name": "linli", "value": held, "url": site},
                {"name": "django_language", "value": language, "url": site},
            ]
        )
        page = context.new_page()
        page.goto(f"{site}{PAGE}")
        page.fill("#words", "蛤蟆灯不亮了")
        page.click("form:has(#words) button")
        page.wait_for_selector("#tried")
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        assert axe.check(page) == []
        context.close()
