"""The pages of topics, repeat problems and lasting fixes, as people with and without rights open them."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from linli.cases.tests.cast import AT, Cast
from linli.cases.tests.desk import Colleague, at_desk, text
from linli.triage import queries
from linli.triage.actions import fixes, topics, working_out
from linli.triage.models import LastingFix, Topic, TopicRun
from linli.triage.tests.test_finding_repeats import sheet
from linli.triage.tests.test_finding_topics import GARBAGE, LIFT, told

pytestmark = pytest.mark.usefixtures("monday_morning")
READERS = ("dispatcher", "leader", "auditor")


@pytest.fixture
def dispatcher(cast: Cast) -> Colleague:
    return at_desk(cast, cast.dispatcher)


def worked_out(cast: Cast) -> tuple[int, list[str]]:
    """The lift's topic and its cases."""
    made = told(cast, LIFT, days_ago=1)
    told(cast, GARBAGE, days_ago=2)
    working_out.work_out(community_id=cast.here.id, at=AT)
    with cast.inside():
        found = next(one for one in queries.hot(cast.here.id, at=AT) if "电梯" in one.words)
    return found.id, made


def came_back(cast: Cast) -> int:
    """A lamp that was settled twice and is dark again."""
    for n in range(3):
        at = AT - timedelta(days=30 - 10 * n)
        who = (cast.resident, cast.neighbour)[n % 2]
        number = cast.report("8 栋的灯又不亮了", by=who, key=f"b{n}", at=at, limited=False).number
        if n < 2:
            cast.settled(number, at=at)
        else:
            cast.dispatched(number, at=at)
    working_out.work_out(community_id=cast.here.id, at=AT)
    with cast.inside():
        return queries.repeats(cast.here.id, at=AT)[0].id


def post(colleague: Colleague, path: str, **form: Any) -> Any:
    return colleague.client.post(path, form)


@pytest.mark.parametrize("path", ["/desk/topics/", "/desk/repeats/"])
def test_an_empty_community_is_told_what_will_be_here(dispatcher: Colleague, path: str) -> None:
    page = dispatcher.get(path)
    assert page.status_code == 200
    assert "还没有运算过" in text(page)
    assert "ll-empty" in text(page)


@pytest.mark.parametrize("who", READERS)
def test_those_who_may_read_see_topics_with_their_parts(cast: Cast, who: str) -> None:
    topic_id, _ = worked_out(cast)
    page = text(at_desk(cast, cast.everybody()[who]).get("/desk/topics/"))
    assert f"/desk/topics/{topic_id}/" in page
    assert "4 人反映" in page
    assert ("/desk/topics/run/" in page) == (who != "auditor")


@pytest.mark.parametrize("who", ["grid_worker", "property_handler", "verifier", "admin", "resident"])
@pytest.mark.parametrize("path", ["/desk/topics/", "/desk/repeats/", "/desk/fixes/new/"])
def test_others_are_kept_out(cast: Cast, who: str, path: str) -> None:
    assert at_desk(cast, cast.everybody()[who]).get(path).status_code in {302, 403, 404}


def test_another_community_finds_nothing(cast: Cast) -> None:
    topic_id, _ = worked_out(cast)
    stranger = at_desk(cast, cast.elsewhere.dispatcher)
    assert stranger.get(f"/desk/topics/{topic_id}/").status_code == 404
    assert post(stranger, f"/desk/topics/{topic_id}/rename/", name="x").status_code == 404
    assert "电梯" not in text(stranger.get("/desk/topics/"))


@pytest.mark.parametrize("path", ["/desk/topics/999999/", "/desk/repeats/999999/", "/desk/fixes/999999/"])
def test_what_is_not_there_is_not_found(dispatcher: Colleague, path: str) -> None:
    assert dispatcher.get(path).status_code == 404


@pytest.mark.parametrize("query", ["?days=7", "?days=30&known=0", "?days=x", "?days=-1", "?known=nonsense"])
def test_any_period_is_answered(cast: Cast, dispatcher: Colleague, query: str) -> None:
    worked_out(cast)
    assert dispatcher.client.get(f"/desk/topics/{query}").status_code == 200


def test_a_topic_shows_its_cases_and_what_can_be_done(cast: Cast, dispatcher: Colleague) -> None:
    topic_id, made = worked_out(cast)
    page = text(dispatcher.get(f"/desk/topics/{topic_id}/"))
    assert all(number in page for number in made)
    assert "发起联合办理" in page
    reader = text(at_desk(cast, cast.auditor).get(f"/desk/topics/{topic_id}/"))
    assert "发起联合办理" not in reader
    assert "不是这件事" not in reader


def test_a_topic_is_renamed_marked_and_opened_again(cast: Cast, dispatcher: Colleague) -> None:
    topic_id, _ = worked_out(cast)
    there = f"/desk/topics/{topic_id}/"
    assert post(dispatcher, f"{there}rename/", name="8 栋电梯").url == there
    assert f'{there}known/?days=90"' in text(dispatcher.get(there, days="90"))
    assert post(dispatcher, f"{there}rename/?days=90", name="8 栋电梯").url == f"{there}?days=90"
    assert "8 栋电梯" in text(dispatcher.get(there))
    wrong = post(dispatcher, f"{there}known/", note="")
    assert wrong.status_code == 422
    assert "这一项必填" in text(wrong) or "ll-error" in text(wrong)
    post(dispatcher, f"{there}known/", note="周五换配件")
    assert "周五换配件" in text(dispatcher.get("/desk/topics/"))
    assert "周五换配件" not in text(dispatcher.get("/desk/topics/", known="0"))
    post(dispatcher, f"{there}open/")
    with cast.inside():
        assert Topic.objects.get(pk=topic_id).state == "open"


def test_two_topics_become_one_and_the_old_address_leads_on(cast: Cast, dispatcher: Colleague) -> None:
    topic_id, _ = worked_out(cast)
    with cast.inside():
        other = Topic.objects.exclude(pk=topic_id).get().pk
    answer = post(dispatcher, f"/desk/topics/{topic_id}/merge/", into=other)
    assert answer.url == f"/desk/topics/{other}/"
    assert dispatcher.get(f"/desk/topics/{topic_id}/").url == f"/desk/topics/{other}/"
    assert post(dispatcher, f"/desk/topics/{topic_id}/merge/", into=other).url == f"/desk/topics/{other}/"
    for into in ("", "abc", other, "9" * 30):
        assert post(dispatcher, f"/desk/topics/{other}/merge/", into=into).status_code == 422


def test_a_case_is_taken_out_and_put_in_again(cast: Cast, dispatcher: Colleague) -> None:
    topic_id, made = worked_out(cast)
    there = f"/desk/topics/{topic_id}/"
    post(dispatcher, f"{there}out/", number=made[0])
    assert made[0] not in text(dispatcher.get(there))
    assert post(dispatcher, f"{there}in/", number="000000000000").status_code == 422
    post(dispatcher, f"{there}in/", number=made[0])
    assert made[0] in text(dispatcher.get(there))
    assert post(dispatcher, f"{there}out/", number="x").status_code == 404
    assert post(dispatcher, f"{there}dance/").url == there


def test_a_joint_case_is_started_from_the_page(cast: Cast, dispatcher: Colleague) -> None:
    topic_id, made = worked_out(cast)
    there = f"/desk/topics/{topic_id}/"
    assert post(dispatcher, f"{there}join/", head="").status_code == 422
    answer = dispatcher.client.post(f"{there}join/", {"head": made[0], "case": made}, follow=True)
    assert "并入 3 件" in text(answer)
    assert cast.case(made[1]).state == "merged"
    assert f"/desk/case/{made[0]}/" in text(answer)


def test_a_working_out_is_asked_for_once(cast: Cast, dispatcher: Colleague) -> None:
    for _ in range(2):
        assert post(dispatcher, "/desk/topics/run/").url == "/desk/topics/"
    assert post(dispatcher, "/desk/topics/run/", **{"from": "repeats"}).url == "/desk/repeats/"
    with cast.inside():
        assert TopicRun.objects.count() == 1
    assert "正在运算" in text(dispatcher.get("/desk/topics/"))


def test_a_problem_that_comes_back_shows_its_cost(cast: Cast, dispatcher: Colleague) -> None:
    repeat_id = came_back(cast)
    assert f"/desk/repeats/{repeat_id}/" in text(dispatcher.get("/desk/repeats/"))
    page = text(dispatcher.get(f"/desk/repeats/{repeat_id}/"))
    assert "反复出现" in page
    assert "3 次 × " in page


def test_its_case_says_that_it_keeps_coming_back(cast: Cast, dispatcher: Colleague) -> None:
    repeat_id = came_back(cast)
    with cast.inside():
        fixes.make(
            actor=cast.leader.actor(),
            community_id=cast.here.id,
            sheet=sheet(cast),
            at=AT,
            repeat_id=repeat_id,
        )
    new = cast.report("8栋的灯又黑了", key="new", limited=False).number
    cast.dispatched(new)
    page = text(dispatcher.case(new))
    assert "反复出现" in page
    assert "换 8 栋整条线路" in page
    assert f"/desk/repeats/{repeat_id}/" in page
    handler = text(at_desk(cast, cast.property_handler).case(new))
    assert "反复出现" in handler
    assert f"/desk/repeats/{repeat_id}/" not in handler


def test_its_case_says_that_many_write_about_it(cast: Cast, dispatcher: Colleague) -> None:
    topic_id, made = worked_out(cast)
    assert f"/desk/topics/{topic_id}/" in text(dispatcher.case(made[0]))
    other = cast.report("请问几点开门", key="other", limited=False).number
    assert "desk-note" not in text(dispatcher.case(other))


def test_a_lasting_fix_is_written_changed_and_ended(cast: Cast, dispatcher: Colleague) -> None:
    repeat_id = came_back(cast)
    there = f"/desk/fixes/new/?repeat={repeat_id}"
    assert "照明" in text(dispatcher.client.get(there))
    form = {
        "title": "换线路", "plan": "整条更换", "organisation_id": cast.property_company.pk, "budget": "",
        "from_date": "2026-11-23", "until_date": "2026-12-31", "state": "planned", "result": "",
    }  # fmt: skip
    wrong = dispatcher.client.post(there, {**form, "title": "", "until_date": "2026-01-01"})
    assert wrong.status_code == 422
    answer: Any = dispatcher.client.post(there, form)
    with cast.inside():
        fix = LastingFix.objects.get()
        assert fix.cases.count() == 3
    assert answer.url == f"/desk/fixes/{fix.pk}/"
    page = text(dispatcher.get(answer.url))
    assert "换线路" in page
    change = f"{answer.url}change/"
    late = dispatcher.client.post(change, {**form, "state": "done", "version": "1"})
    assert late.status_code == 422  # what came of it is needed
    done = {**form, "state": "done", "result": "没有再坏", "version": "1"}
    assert dispatcher.client.post(change, done).status_code == 302
    again = dispatcher.client.post(change, done)
    assert again.status_code == 409
    assert "刚才有人改过" in text(again)
    assert "没有再坏" in text(dispatcher.get(answer.url))


def test_a_problem_is_tied_to_a_fix_that_stands(cast: Cast, dispatcher: Colleague) -> None:
    repeat_id = came_back(cast)
    with cast.inside():
        fix = fixes.make(actor=cast.leader.actor(), community_id=cast.here.id, sheet=sheet(cast), at=AT)
    there = f"/desk/repeats/{repeat_id}/"
    for bad in ("", "x", "999999"):
        assert post(dispatcher, f"{there}fix/", fix=bad).status_code == 422
    post(dispatcher, f"{there}fix/", fix=fix.pk)
    assert f"/desk/fixes/{fix.pk}/" in text(dispatcher.get(there))
    post(dispatcher, f"{there}fix/", untie="1")
    assert f"/desk/fixes/{fix.pk}/" not in text(dispatcher.get(there))


def test_a_case_is_tied_to_a_fix_by_its_number(cast: Cast, dispatcher: Colleague) -> None:
    number = cast.report(key="tie").number
    with cast.inside():
        fix = fixes.make(actor=cast.leader.actor(), community_id=cast.here.id, sheet=sheet(cast), at=AT)
    there = f"/desk/fixes/{fix.pk}/"
    assert post(dispatcher, f"{there}cases/", number="1").status_code == 422
    post(dispatcher, f"{there}cases/", number=number)
    assert number in text(dispatcher.get(there))
    post(dispatcher, f"{there}cases/", number=number, untie="1")
    assert number not in text(dispatcher.get(there))


def test_the_auditor_reads_and_writes_nothing(cast: Cast) -> None:
    topic_id, made = worked_out(cast)
    auditor = at_desk(cast, cast.auditor)
    assert auditor.get(f"/desk/topics/{topic_id}/").status_code == 200
    assert post(auditor, f"/desk/topics/{topic_id}/out/", number=made[0]).status_code == 403
    assert post(auditor, "/desk/topics/run/").status_code == 403


def test_words_of_residents_are_never_markup(cast: Cast, dispatcher: Colleague) -> None:
    told(cast, ("<script>alert(1)</script>电梯坏了", "<script>alert(1)</script>电梯坏了两天"))
    working_out.work_out(community_id=cast.here.id, at=AT + timedelta(hours=1))
    for path in ("/desk/topics/",):
        assert "<script>alert(1)" not in text(dispatcher.get(path))


def test_english_is_complete(cast: Cast, dispatcher: Colleague) -> None:
    topic_id, _ = worked_out(cast)
    dispatcher.client.cookies["django_language"] = "en"
    for path in ("/desk/topics/", f"/desk/topics/{topic_id}/", "/desk/repeats/", "/desk/fixes/new/"):
        page = text(dispatcher.get(path))
        assert "热度" not in page
        assert "长效治理" not in page
    assert "4 people" in text(dispatcher.get("/desk/topics/"))


def test_a_topic_whose_cases_are_old_says_so(cast: Cast, dispatcher: Colleague) -> None:
    told(cast, LIFT, days_ago=120)
    working_out.work_out(community_id=cast.here.id, at=AT - timedelta(days=119))
    with cast.inside():
        topic_id = Topic.objects.get().pk
        topics.rename(actor=cast.dispatcher.actor(), topic_id=topic_id, name="旧事", at=AT)
    page = text(dispatcher.get(f"/desk/topics/{topic_id}/"))
    assert "近期没有人再反映" in page
    assert "旧事" in page
