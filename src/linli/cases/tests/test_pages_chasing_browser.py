"""The pages of chasing in a real browser: settings, returns, a letter, a case under supervision, the reporter's page."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from playwright.sync_api import Browser

from linli.cases.actions import sweeping
from linli.cases.actions.settings import approvals, ladder
from linli.cases.models import Supervision
from linli.cases.rules.workflow import Verb
from linli.cases.tests.cast import AT, Cast
from linli.cases.tests.test_moves_chasing import returned_twice
from linli.cases.tests.test_pages_desk_browser import colleague
from linli.cases.tests.test_pages_desk_browser import running as running
from linli.cases.tests.test_pages_desk_browser import site as site
from linli.faces.tests import axe
from linli.faces.tests.browser import DESK, PHONE

pytestmark = [
    pytest.mark.browser,
    pytest.mark.rounds,
    pytest.mark.slow,
    pytest.mark.usefixtures("monday_morning"),
]
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def lay_out(cast: Cast) -> dict[str, Any]:
    """A ladder, paths of approval, a case returned twice, one supervised, one that asks for much time."""
    leader = cast.leader.actor()
    ladder.begin_with_examples(actor=leader, community_id=cast.here.id, at=AT - 30 * DAY)
    approvals.begin_with_examples(actor=leader, community_id=cast.here.id, at=AT - 30 * DAY)
    approvals.appoint(
        actor=leader, community_id=cast.here.id, what="head", account_id=cast.property_handler.account_id,
        organisation_id=cast.property_company.pk, at=AT,
    )  # fmt: skip
    old = cast.dispatched(
        cast.report("楼道灯坏了半个月没人修", key="old", at=AT - 30 * DAY).number, at=AT - 30 * DAY
    )
    cast.move(old.number, Verb.SIGN, cast.property_handler, at=AT - 30 * DAY + HOUR)
    sweeping.sweep(AT)
    cast.move(old.number, Verb.EXPLAIN, cast.property_handler, at=AT, note="灯具已到货，今天下午安装。")
    cast.move(
        old.number,
        Verb.SUPERVISE,
        cast.leader,
        at=AT,
        until=AT + DAY,
        note="今天必须恢复照明，安装后报照片。",
    )
    much = cast.dispatched(cast.report("小区东门道闸坏了", key="much").number).number
    cast.move(much, Verb.SIGN, cast.property_handler)
    cast.move(
        much, Verb.ASK, cast.property_handler, request="hang", until=AT + 60 * DAY, note="等街道维修资金到账"
    )
    again = returned_twice(cast)
    cast.move(again, Verb.URGE, cast.resident)
    with cast.inside():
        letter = Supervision.objects.filter(case__number=old.number).latest("pk")
    return {"old": old.number, "much": much, "again": again, "letter": letter.pk}


def pages(made: dict[str, Any]) -> tuple[str, ...]:
    return (
        "/desk/settings/ladder/",
        "/desk/settings/approvals/",
        "/desk/returns/",
        "/desk/returns/rows/?part=returned",
        f"/desk/case/{made['old']}/letter/{made['letter']}/",
        f"/desk/case/{made['old']}/",
        f"/desk/case/{made['much']}/",
        f"/desk/case/{made['again']}/rule/",
        f"/desk/case/{made['old']}/supervise/",
    )


@pytest.mark.parametrize(
    ("language", "size"), [("zh-hans", DESK), ("en", PHONE)], ids=["chinese", "english-phone"]
)
def test_the_pages_of_chasing_are_without_a_fault(
    committed_cast: Cast,
    running: Browser,
    site: str,
    language: str,
    size: dict[str, int],
) -> None:
    made = lay_out(committed_cast)
    context, page = colleague(running, site, committed_cast.leader, size=size, language=language)
    for path in pages(made):
        answer = page.goto(path)
        assert answer is not None
        assert answer.status == 200, path
        assert axe.check(page) == [], path
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path
    context.close()


def test_a_body_answers_its_letter_and_the_leader_lifts_it_without_javascript(
    committed_cast: Cast,
    running: Browser,
    site: str,
) -> None:
    cast = committed_cast
    number = cast.dispatched(cast.report().number).number
    cast.move(number, Verb.SUPERVISE, cast.leader, until=AT + DAY, note="明天前恢复照明")
    context, page = colleague(running, site, cast.property_handler, script=False)
    page.goto(f"/desk/case/{number}/explain/")
    page.fill("[name=note]", "今晚安装")
    page.click(".desk-move__form button.weui-btn_primary")
    assert "今晚安装" in page.inner_text(".desk-letters")
    context.close()
    context, page = colleague(running, site, cast.leader, script=False)
    page.goto(f"/desk/case/{number}/lift/")
    page.fill("[name=note]", "已恢复")
    page.click(".desk-move__form button.weui-btn_primary")
    assert "督办人已解除" in page.inner_text(".desk-letters")
    assert cast.case(number).supervised_until is None
    context.close()
