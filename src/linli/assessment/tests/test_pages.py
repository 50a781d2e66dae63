"""The league's doors: a worker reads and appeals, the leader reviews, announces and decides, others read what they may."""

from __future__ import annotations

import io
import re
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from openpyxl import load_workbook
from PIL import Image

from linli.assessment.actions import adjusting, evaluating, publishing, schemes
from linli.assessment.actions import runs as running
from linli.assessment.actions import stars as honouring
from linli.assessment.models import Appeal, Certificate, EvaluationSheet, Publication, Run, SchemeVersion
from linli.assessment.queries import evaluating as evaluated
from linli.assessment.queries import runs as runs_of
from linli.assessment.queries import stars
from linli.assessment.rules import checklist, late
from linli.assessment.rules.late import Came, Moved
from linli.assessment.tests.test_runs import BEFORE, TUESDAY, WEEK, published, settle, week
from linli.cases.tests.cast import Cast, Person, sign_in
from linli.kernel.access import Forbidden, NotFound
from linli.kernel.clock import LOCAL
from linli.kernel.refusals import Refused

__all__ = ["published", "settle", "week"]
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("this_evening")]


def announced(cast: Cast, run: Run) -> Run:
    """Reviewed by the dispatcher, announced by the leader."""
    with cast.inside():
        running.review(actor=cast.dispatcher.actor(), run_id=run.pk, at=TUESDAY, note="看过离群值")
        return running.announce(actor=cast.leader.actor(), run_id=run.pk, at=TUESDAY)


def ok(client: Client, address: str, status: int = 200) -> str:
    answer = client.get(address)
    assert answer.status_code == status, (address, answer.status_code)
    return answer.content.decode() if "text" in answer.get("Content-Type", "") else ""


def test_a_worker_opens_the_own_score_down_to_its_rows_and_nobody_elses(
    client: Client, cast: Cast, week: Run
) -> None:
    mine, other = cast.grid_worker.account_id, cast.assistant.account_id
    sign_in(client, cast.grid_worker)
    ok(client, f"/league/{week.pk}/{mine}/", 404)  # nobody was told yet
    announced(cast, week)
    assert f"/league/{week.pk}/{mine}/" in ok(client, "/league/")
    page = ok(client, f"/league/{week.pk}/{mine}/")
    assert "on_time" in page
    part = ok(client, f"/league/{week.pk}/{mine}/on_time/")
    with cast.inside():
        held = next(one for one in runs_of.parts(week.pk, mine) if one.indicator == "on_time")
        numbers = [row.number for row in runs_of.rows_behind(week.pk, "cases", held.counted)]
    assert numbers
    assert all(f"/desk/case/{number}/" in part for number in numbers)
    assert "从 0% 起开始得分，到 100% 得满分，中间均匀增加。" in part
    assert "从 0 起开始得分，到 4 得满分" in ok(client, f"/league/{week.pk}/{mine}/cases_done/")
    ok(client, f"/league/{week.pk}/{other}/", 404)
    ok(client, f"/league/{week.pk}/{other}/on_time/", 404)
    ok(client, f"/desk/league/{week.pk}/", 403)
    sign_in(client, cast.elsewhere.leader)
    ok(client, f"/league/{week.pk}/{mine}/", 404)


def test_every_row_of_the_leaders_table_has_a_cell_below_every_head(
    client: Client, cast: Cast, week: Run
) -> None:
    sign_in(client, cast.leader)
    assert table_of(client, week) == [5] * (week.subjects + 1)
    who = cast.assistant.account_id
    with cast.inside():
        asked = adjusting.propose(
            actor=cast.leader.actor(), run_id=week.pk, subject_id=who, points=3_000, reason="help_elsewhere",
            why="周三支援其他网格", evidence="调度记录 12 号", key=uuid4(), at=TUESDAY,
        )  # fmt: skip
        _, made = adjusting.decide(
            actor=cast.admin.actor(), adjustment_id=asked.pk, granted=True, answer="情况属实。", at=TUESDAY
        )
    assert made is not None
    assert table_of(client, made) == [6] * (week.subjects + 1)


def table_of(client: Client, run: Run) -> list[int]:
    """How many cells each line of the leader's table has, its head first."""
    table = ok(client, f"/desk/league/{run.pk}/").partition("<table")[2].partition("</table>")[0]
    return [len(re.findall("<t[hd][ >]", row)) for row in table.split("<tr>")[1:]]


def test_the_leader_reads_what_came_after_a_result_was_final(client: Client, cast: Cast, week: Run) -> None:
    who = cast.assistant
    note = late.as_plain((Came("cases", (7,), (8, 9)),), (Moved(who.account_id, 1000, 2500),), TUESDAY)
    with cast.inside():
        Run.objects.filter(pk=week.pk).update(late=note)
    sign_in(client, cast.leader)
    page = ok(client, f"/desk/league/{week.pk}/")
    assert "新增 1 条，更改 2 条" in page
    assert "1 → 2.5" in page


def test_a_week_goes_from_draft_to_the_card_and_an_appeal_is_won(
    client: Client, cast: Cast, week: Run
) -> None:
    leader, late = cast.leader, cast.assistant
    rule = publishing.Wanted("group", "number", 3, 9, when_final=False, basis="")
    with cast.inside():
        publishing.set_rule(
            actor=leader.actor(), community_id=cast.here.id, wanted=rule, key=uuid4(), at=BEFORE
        )
    sign_in(client, cast.dispatcher)
    assert "scores.pdf" in ok(client, f"/desk/league/{week.pk}/?sensitivity=1")
    client.post(f"/desk/league/{week.pk}/review/", {"note": "看过"})
    sign_in(client, leader)
    assert client.post(f"/desk/league/{week.pk}/announce/").status_code == 302
    with cast.inside():
        week.refresh_from_db()
        assert week.state == "announced"
        assert publishing.sweep(datetime(2026, 12, 1, 8, tzinfo=LOCAL)) == 0  # before its hour
        at = week.announced_at or TUESDAY
        assert publishing.sweep(at.replace(hour=3)) == 1  # eleven in Guiyang
        assert publishing.sweep(at.replace(hour=4)) == 0
        card = Publication.objects.get()
    board = ok(Client(), f"/board/{cast.here.code}/{card.ticket}/")
    assert cast.grid_worker.account.name not in board
    assert "网格员 0" in board
    picture = next(part for part in board.split('"') if part.endswith(".png") and "/board/" in part)
    drawn = Image.open(io.BytesIO(Client().get(picture).content))
    assert drawn.size[0] == 1080
    sign_in(client, late)
    address = f"/league/{week.pk}/{late.account_id}/on_time/"
    with cast.inside():
        held = next(one for one in runs_of.parts(week.pk, late.account_id) if one.indicator == "on_time")
        (row,) = held.rest
    key = str(uuid4())
    sent = {"words": "那天系统停电，已电话告知", "row": str(row), "key": key}
    assert client.post(address, sent).status_code == 302
    assert client.post(address, sent).status_code == 302  # a second click makes no second appeal
    with cast.inside():
        (appeal,) = Appeal.objects.all()
    sign_in(client, cast.auditor)
    ok(client, "/desk/league/appeals/")
    deciding = f"/desk/league/appeals/{appeal.pk}/"
    assert "那天系统停电" in ok(client, deciding)
    decision = {"won": "yes", "row": str(row), "how": "on_time:yes", "answer": "停电属实，按时计算"}
    assert client.post(deciding, decision).status_code == 302
    with cast.inside():
        newer = Run.objects.exclude(pk=week.pk).get()
        before, now = (runs_of.of_subject(one, late.account_id) for one in (week.pk, newer.pk))
        assert before is not None
        assert now is not None
        assert (now.total or 0) > (before.total or 0)
    assert "<img" not in ok(Client(), f"/board/{cast.here.code}/{card.ticket}/")  # corrected: no longer shown
    assert Client().get(picture).status_code == 404


def test_papers_and_tables_are_for_those_who_read_everybodys_scores(
    client: Client, cast: Cast, week: Run
) -> None:
    sign_in(client, cast.leader)
    paper = client.get(f"/desk/league/{week.pk}/scores.pdf")
    assert paper.content.startswith(b"%PDF")
    table = load_workbook(io.BytesIO(client.get(f"/desk/league/{week.pk}/scores.xlsx").content))
    assert table.active is not None
    assert table.active.max_row > 4
    assert client.get(f"/desk/league/{week.pk}/scores.exe").status_code == 404
    sign_in(client, cast.grid_worker)
    assert client.get(f"/desk/league/{week.pk}/scores.pdf").status_code == 403


def test_whoever_reviewed_does_not_decide_and_another_community_sees_nothing(
    client: Client, cast: Cast, week: Run
) -> None:
    announced(cast, week)
    sign_in(client, cast.assistant)
    address = f"/league/{week.pk}/{cast.assistant.account_id}/on_time/"
    client.post(address, {"words": "这里不对，请看看", "row": "", "key": str(uuid4())})
    with cast.inside():
        appeal = Appeal.objects.get()
    sign_in(client, cast.dispatcher)
    answer = client.post(f"/desk/league/appeals/{appeal.pk}/", {"won": "no", "answer": "维持原分"})
    assert answer.status_code == 422
    sign_in(client, cast.elsewhere.leader)
    assert client.get(f"/desk/league/appeals/{appeal.pk}/").status_code in {403, 404}


# -- schemes -------------------------------------------------------------------------------------------------


def test_a_scheme_broken_on_purpose_is_told_which_rule_and_needs_a_basis(client: Client, cast: Cast) -> None:
    with cast.inside():
        draft = schemes.draft(
            actor=cast.leader.actor(), community_id=cast.here.id, says=WEEK, key=uuid4(), at=BEFORE
        )
    sign_in(client, cast.leader)
    address = f"/desk/settings/league/{draft.scheme_id}/"
    page = ok(client, address)
    broken = dict(_fields(page))
    broken |= {"indicator_1": "online_time", "weight_1": "40", "form": "form"}
    assert client.post(address, broken).status_code == 302
    page = ok(client, address)
    assert "在线时长" in page
    assert "政务" in page  # the source stands beside it
    publish = {"form": "publish", "why": "社区议事会通过", "legal_basis": "", "valid_from": ""}
    answer = client.post(address, publish)
    assert answer.status_code == 422
    assert client.post(address, {**publish, "legal_basis": "某某文件〔2026〕1 号"}).status_code == 302
    with cast.inside():
        held = SchemeVersion.objects.get()
        assert "online_time" in held.findings
        assert held.legal_basis
    sign_in(client, cast.dispatcher)
    assert client.get(address).status_code == 403


def _fields(page: str) -> list[tuple[str, str]]:
    """What the form of a scheme would send: inputs and chosen options."""
    form = page.split('name="form" value="form"')[1].split("</form>")[0]
    found = re.findall(r'<input[^>]*name="([^"]+)"[^>]*value="([^"]*)"', form)
    for name, options in re.findall(r'<select[^>]*name="([^"]+)"[^>]*>(.*?)</select>', form, re.S):
        chosen = re.findall(r'<option value="([^"]*)" selected', options)
        found.append((name, chosen[0] if chosen else ""))
    return found


def test_weights_that_do_not_add_up_stand_at_the_form_and_try_it_writes_nothing(
    client: Client, cast: Cast
) -> None:
    with cast.inside():
        draft = schemes.draft(
            actor=cast.leader.actor(), community_id=cast.here.id, says=WEEK, key=uuid4(), at=BEFORE
        )
    sign_in(client, cast.leader)
    address = f"/desk/settings/league/{draft.scheme_id}/"
    wrong = {**dict(_fields(ok(client, address))), "weight_0": "61", "form": "form"}
    assert client.post(address, wrong).status_code == 422
    ok(client, f"{address}?try=1")
    with cast.inside():
        assert not Run.objects.exists()
    assert client.post(address, {"form": "data", "edits": "1", "says": "{not json"}).status_code == 422


def test_names_are_not_published_without_a_decision_of_the_community(client: Client, cast: Cast) -> None:
    sign_in(client, cast.leader)
    wanted = {
        "audience": "group",
        "naming": "full",
        "most": "3",
        "hour": "9",
        "basis": "",
        "key": str(uuid4()),
    }
    assert client.post("/desk/settings/league/", wanted).status_code == 422
    assert (
        client.post("/desk/settings/league/", {**wanted, "basis": "居民代表会议 2026-3 号"}).status_code
        == 302
    )
    assert client.post("/desk/settings/league/ranking/", {"on": "1", "basis": ""}).status_code == 302
    assert "居民代表会议 2026-3 号" in ok(client, "/desk/settings/league/")


# -- 七清七掌握 ------------------------------------------------------------------------------------------------


@pytest.fixture
def opened(cast: Cast) -> Any:
    """A round of the fourth quarter, opened by the sweep."""
    with cast.inside():
        evaluating.set_checklist(
            actor=cast.leader.actor(),
            community_id=cast.here.id,
            items=checklist.shipped(),
            asking=evaluating.Asking(asked=4, homes=1),
            key=uuid4(),
            at=BEFORE,
        )
        at = datetime(2026, 12, 14, 10, tzinfo=LOCAL)
        assert evaluating.sweep(at) >= 1
        assert evaluating.sweep(at) == 0
    return at


def test_a_round_opens_by_itself_others_write_and_the_worker_reads_why(
    client: Client, cast: Cast, opened: datetime
) -> None:
    with cast.inside():
        sheets = list(EvaluationSheet.objects.filter(worker_id=cast.grid_worker.account_id))
        assert len(sheets) == 2
        assert all(one.evaluator_id != one.worker_id for one in sheets)
        by_account = {person.account_id: person for person in _people(cast)}
        for sheet in sheets:
            asked = sheet.drawn_items
            marks = dict.fromkeys(asked, 3) | {asked[0]: 1}
            with pytest.raises(Refused):
                evaluating.write_sheet(
                    actor=by_account[sheet.evaluator_id].actor(), sheet_id=sheet.pk, marks=marks, evidence={},
                    version=1, at=opened,
                )  # fmt: skip
            evaluating.write_sheet(
                actor=by_account[sheet.evaluator_id].actor(), sheet_id=sheet.pk, marks=marks,
                evidence={asked[0]: "漏了两栋楼"}, version=1, at=opened,
            )  # fmt: skip
        assert evaluated.sheets(cast.here.id, BEFORE, datetime(2027, 1, 1, tzinfo=LOCAL)) == []  # still open
        evaluating.sweep(datetime(2027, 1, 1, 1, tzinfo=LOCAL))
        rows = evaluated.sheets(cast.here.id, BEFORE, datetime(2027, 1, 1, tzinfo=LOCAL))
        assert [(one.marks, one.most) for one in rows] == [(10, 12), (10, 12)]
        with pytest.raises(Forbidden):
            evaluating.write_sheet(
                actor=by_account[sheets[0].evaluator_id].actor(), sheet_id=sheets[0].pk, marks={}, evidence={},
                version=2, at=opened + timedelta(days=30),
            )  # fmt: skip
    sign_in(client, cast.grid_worker)
    assert "漏了两栋楼" in ok(client, "/league/")


def _people(cast: Cast) -> list[Person]:
    return list(cast.here.people.values())


def test_a_sheet_is_written_on_the_phone_by_its_evaluator_alone(
    client: Client, cast: Cast, opened: datetime
) -> None:
    with cast.inside():
        sheet = EvaluationSheet.objects.exclude(evaluator_id=cast.leader.account_id).first()
        assert sheet is not None
        evaluator = next(one for one in _people(cast) if one.account_id == sheet.evaluator_id)
    sign_in(client, evaluator)
    assert f"/league/sheets/{sheet.pk}/" in ok(client, "/league/sheets/")
    sent = {"version": "1"} | dict.fromkeys(sheet.drawn_items, "3")
    assert client.post(f"/league/sheets/{sheet.pk}/", {"version": "1"}).status_code == 422
    assert client.post(f"/league/sheets/{sheet.pk}/", sent).status_code == 302
    sign_in(client, cast.leader)
    ok(client, f"/league/sheets/{sheet.pk}/", 404)
    ok(client, "/desk/league/evaluations/")
    assert "示例" in ok(client, "/desk/settings/league/checklist/")


# -- stars, honours, certificates ----------------------------------------------------------------------------


def test_an_honour_proves_itself_under_the_name_its_holder_agreed_to(client: Client, cast: Cast) -> None:
    sign_in(client, cast.leader)
    given = {"account": str(cast.grid_worker.account_id), "title_zh": "热心网格员", "reason": "雨夜守护",
             "key": str(uuid4())}  # fmt: skip
    assert client.post("/desk/league/honours/", given).status_code == 302
    with cast.inside():
        (honour,) = stars.honours([cast.here.id])
    sign_in(client, cast.grid_worker)
    assert (
        client.post("/league/certificates/", {"honour": str(honour.pk), "naming": "none"}).status_code == 302
    )
    with cast.inside():
        paper = Certificate.objects.get()
    assert client.get(f"/league/certificates/{paper.pk}.pdf").content.startswith(b"%PDF")
    address = f"/certificate/{cast.here.code}/{paper.ticket}/"
    page = ok(Client(), address)
    assert "雨夜守护" in page
    assert cast.grid_worker.account.name not in page
    assert "有效" in page
    with cast.inside():
        honouring.end_honour(actor=cast.leader.actor(), honour_id=honour.pk, why="登记有误", at=TUESDAY)
    assert "收回" in ok(Client(), address)
    assert Client().get(f"/certificate/{cast.here.code}/wrong/").status_code == 404
    sign_in(client, cast.assistant)
    assert client.get(f"/league/certificates/{paper.pk}.pdf").status_code == 404
    assert (
        client.post("/league/certificates/", {"honour": str(honour.pk), "naming": "full"}).status_code == 404
    )


def test_residents_read_of_places_only_where_the_community_decided_so(client: Client, cast: Cast) -> None:
    address = f"/place/{cast.here.code}/league/"
    ok(client, address, 404)
    rule = publishing.Wanted("residents", "none", 3, 9, when_final=False, basis="")
    with cast.inside():
        publishing.set_rule(
            actor=cast.leader.actor(), community_id=cast.here.id, wanted=rule, key=uuid4(), at=BEFORE
        )
    for tongue in ("zh-CN", "en", "ja"):
        assert client.get(address, headers={"accept-language": tongue}).status_code == 200
    with pytest.raises((Forbidden, NotFound)):
        publishing.set_rule(
            actor=cast.resident.actor(), community_id=cast.here.id, wanted=rule, key=uuid4(), at=BEFORE
        )
