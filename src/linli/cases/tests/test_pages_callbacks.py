"""The pages of call-backs: the queue, one call with its script, the reasoned answer, the draw, the plan."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from click.testing import CliRunner

from linli.cases import cli
from linli.cases.models import CallBack, CallbackRule, CallbackTerms
from linli.cases.tests.calls import closed, row_of
from linli.cases.tests.cast import AT, Cast
from linli.cases.tests.desk import at_desk, text
from linli.kernel import clock
from linli.kernel.models import AccessLog

pytestmark = pytest.mark.django_db
LATER = AT + timedelta(days=1)


@pytest.fixture(autouse=True)
def next_morning(monkeypatch: pytest.MonkeyPatch) -> datetime:
    monkeypatch.setattr(clock, "now", lambda: LATER)
    return LATER


def page_of(cast: Cast, number: str) -> str:
    return f"/desk/callbacks/{row_of(cast, number).pk}/"


def test_the_queue_holds_who_is_to_be_called_the_special_first(cast: Cast) -> None:
    plain = closed(cast, "a")
    special = closed(cast, "b")
    with cast.inside():
        CallBack.objects.filter(case__number=special).update(triggers=["urgent"])
    page = text(at_desk(cast, cast.verifier).get("/desk/callbacks/"))
    assert page.index(special) < page.index(plain)


def test_no_queue_of_the_workbench_is_marked_as_open_beside_it(cast: Cast) -> None:
    closed(cast)
    page = text(at_desk(cast, cast.verifier).get("/desk/callbacks/"))
    head = page[page.index('id="tabs"') : page.index("</div>", page.index('id="tabs"'))]
    assert 'aria-current="page"' not in head


def test_the_page_of_a_call_has_matter_script_and_the_number_masked(cast: Cast) -> None:
    number = closed(cast)
    page = text(at_desk(cast, cast.verifier).get(page_of(cast, number)))
    assert "灯泡已更换" in page
    assert "您反映的问题解决了吗？" in page
    assert "Has what you reported been solved?" in page
    assert cast.resident.phone not in page


def test_the_number_is_shown_for_the_purpose(cast: Cast) -> None:
    number = closed(cast)
    answer = at_desk(cast, cast.verifier).client.post(page_of(cast, number) + "number/")
    assert cast.resident.phone in text(answer)
    with cast.inside():
        assert AccessLog.objects.get().purpose == "follow_up"
    assert "陈核查 " in text(at_desk(cast, cast.dispatcher).get("/desk/callbacks/"))


def test_what_was_said_is_kept_and_the_case_goes_on(cast: Cast) -> None:
    number = closed(cast)
    given = {"tries_seen": 0, "outcome": "reached", "solved": "yes", "stars": "4"}
    answer = at_desk(cast, cast.verifier).client.post(page_of(cast, number), given)
    assert answer.status_code == 302, text(answer)
    assert (row_of(cast, number).stars, cast.case(number).state) == (4, "followed_up")
    done = text(at_desk(cast, cast.verifier).get("/desk/callbacks/", view="done"))
    assert number in done


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({}, "请"),
        ({"outcome": "reached"}, "解决"),
        ({"outcome": "reached", "solved": "no"}, "不满意的原因"),
        ({"outcome": "call_again"}, "再次拨打的时间"),
        ({"outcome": "reached", "solved": "yes", "stars": "9"}, ""),
    ],
)
def test_what_lacks_is_said_and_nothing_typed_is_lost(cast: Cast, given: dict[str, Any], said: str) -> None:
    number = closed(cast)
    colleague = at_desk(cast, cast.verifier)
    answer = colleague.client.post(page_of(cast, number), {"words": "原话在此 😀", **given})
    assert answer.status_code == 422
    assert said in text(answer)
    assert "原话在此 😀" in text(answer)
    assert row_of(cast, number).tries == 0


def test_a_slower_colleague_is_told_and_keeps_what_was_typed(cast: Cast) -> None:
    number = closed(cast)
    page = page_of(cast, number)
    at_desk(cast, cast.verifier).client.post(page, {"tries_seen": 0, "outcome": "no_answer"})
    given = {"tries_seen": 0, "outcome": "reached", "solved": "yes", "words": "都好了"}
    answer = at_desk(cast, cast.dispatcher).client.post(page, given)
    assert answer.status_code == 409
    assert "都好了" in text(answer)


def test_an_unanswered_call_stays_in_the_queue_for_later(cast: Cast) -> None:
    number = closed(cast)
    at_desk(cast, cast.verifier).client.post(page_of(cast, number), {"tries_seen": 0, "outcome": "no_answer"})
    assert number not in text(at_desk(cast, cast.verifier).get("/desk/callbacks/"))
    assert number in text(at_desk(cast, cast.verifier).get("/desk/callbacks/", view="later"))


def test_a_reasoned_answer_goes_by_the_leader(cast: Cast) -> None:
    number = closed(cast)
    page = page_of(cast, number)
    given = {
        "tries_seen": 0, "outcome": "reached", "solved": "yes", "stars": "1", "complaint": "beyond_power",
        "wants_reopening": "no",
    }  # fmt: skip
    verifier = at_desk(cast, cast.verifier)
    verifier.client.post(page, given)
    assert number in text(verifier.get("/desk/callbacks/", view="unsatisfied"))
    verifier.client.post(page + "answer/", {"answer": "已报区里，明年三月前答复您。"})
    leader = at_desk(cast, cast.leader)
    assert number in text(leader.get("/desk/callbacks/", view="answers"))
    assert verifier.client.post(page + "answer/", {"do": "approve"}).status_code == 403
    assert leader.client.post(page + "answer/", {"do": "back"}).status_code == 422
    assert leader.client.post(page + "answer/", {"do": "approve", "answer": ""}).status_code == 302
    assert "已报区里，明年三月前答复您。" in text(at_desk(cast, cast.resident).get(f"/case/{number}/"))


@pytest.mark.parametrize(
    ("who", "status"),
    [("verifier", 200), ("dispatcher", 200), ("leader", 200), ("auditor", 200), ("property_handler", 403),
     ("grid_worker", 403), ("admin", 403), ("resident", 403)],
)  # fmt: skip
def test_who_opens_the_queue(cast: Cast, who: str, status: int) -> None:
    number = closed(cast)
    colleague = at_desk(cast, getattr(cast, who))
    assert colleague.get("/desk/callbacks/").status_code == status
    assert colleague.get(page_of(cast, number)).status_code == status


def test_of_another_community_it_is_not_there(cast: Cast) -> None:
    number = closed(cast)
    other = at_desk(cast, cast.elsewhere.people["dispatcher"])
    page = page_of(cast, number)
    for address in ("", "number/", "answer/"):
        assert other.client.post(page + address, {}).status_code == 404
    assert other.get(f"/desk/case/{number}/call-back/").status_code == 404
    assert number not in text(other.get("/desk/callbacks/"))


def test_the_case_leads_to_its_call(cast: Cast) -> None:
    number = closed(cast)
    answer = at_desk(cast, cast.verifier).get(f"/desk/case/{number}/call-back/")
    assert answer["Location"] == page_of(cast, number)


def test_an_auditor_repeats_the_draw(cast: Cast) -> None:
    number = closed(cast)
    auditor = at_desk(cast, cast.auditor)
    page = text(auditor.get("/desk/callbacks/draw/"))
    assert number in page
    table = auditor.get("/desk/callbacks/draw/", **{"as": "csv"})
    assert number in table.content.decode("utf-8-sig")
    assert at_desk(cast, cast.verifier).get("/desk/callbacks/draw/").status_code == 403
    with cast.inside():
        CallBack.objects.update(lot=7)
    assert "与记录不符" in text(auditor.get("/desk/callbacks/draw/", month="2026-11"))


def test_the_leader_keeps_the_plan(cast: Cast) -> None:
    closed(cast)
    leader = at_desk(cast, cast.leader)
    line = {
        "share": "30",
        "minimum": "3",
        "trigger": "",
        "category_code": "",
        "organisation": "",
        "channel": "",
    }
    tried = leader.client.post("/desk/settings/callbacks/", {**line, "try": "1"})
    assert tried.status_code == 200
    with cast.inside():
        assert not CallbackRule.objects.exists()
    past = leader.client.post("/desk/settings/callbacks/", {**line, "save": "1", "valid_from": "2026-11-24"})
    assert past.status_code == 422
    assert leader.client.post("/desk/settings/callbacks/", {**line, "save": "1"}).status_code == 302
    with cast.inside():
        row = CallbackRule.objects.get()
    assert (row.valid_from.isoformat(), row.minimum) == ("2026-11-25", 3)
    leader.client.post(f"/desk/settings/callbacks/{row.pk}/end/", {"last_day": "2026-11-30"})
    with cast.inside():
        assert CallbackRule.objects.get().valid_to.isoformat() == "2026-11-30"  # type: ignore[union-attr]  # set
    assert at_desk(cast, cast.dispatcher).get("/desk/settings/callbacks/").status_code == 403


def test_terms_and_script_are_the_communitys_own(cast: Cast) -> None:
    number = closed(cast)
    leader = at_desk(cast, cast.leader)
    terms = {
        "tries": 2, "days": 1, "parts": 1, "apart_hours": 1, "from_time": "08:30", "to_time": "21:00",
        "greeting_zh": "您好，铝兴社区回访。", "greeting_en": "Hello from Lüxing.",
    }  # fmt: skip
    wrong = leader.client.post("/desk/settings/callbacks/", {**terms, "to_time": "08:00"})
    assert wrong.status_code == 422
    assert leader.client.post("/desk/settings/callbacks/", terms).status_code == 302
    with cast.inside():
        assert CallbackTerms.objects.get().tries == 2
    assert "铝兴社区回访" in text(at_desk(cast, cast.verifier).get(page_of(cast, number)))


def test_noting_a_call_back_leads_from_the_case_to_its_script(cast: Cast) -> None:
    number = closed(cast)
    verifier = at_desk(cast, cast.verifier)
    answer = verifier.get(f"/desk/case/{number}/follow_up/")
    assert answer["Location"] == f"/desk/case/{number}/call-back/"
    within = verifier.part(f"/desk/case/{number}/follow_up/")
    assert within["HX-Redirect"] == f"/desk/case/{number}/call-back/"


def test_the_tab_to_call_back_holds_who_was_drawn(cast: Cast) -> None:
    drawn, not_drawn = closed(cast, "a"), closed(cast, "b")
    with cast.inside():
        CallBack.objects.filter(case__number=not_drawn).update(state="skipped", why="")
    page = text(at_desk(cast, cast.verifier).get("/desk/", tab="to_follow_up"))
    assert drawn in page
    assert not_drawn not in page


def test_the_draw_is_repeated_on_the_command_line(cast: Cast) -> None:
    closed(cast)
    again = ["draw", "--community", cast.here.code, "--month", "2026-11"]
    done = CliRunner().invoke(cli.cases, again)
    assert (done.exit_code, done.output.strip()) == (0, "1 closings, 1 drawn, 0 differ.")
    with cast.inside():
        CallBack.objects.update(lot=5)
    assert CliRunner().invoke(cli.cases, again).exit_code == 1
    assert CliRunner().invoke(cli.cases, ["draw", "--month", "2026-13"]).exit_code == 2
