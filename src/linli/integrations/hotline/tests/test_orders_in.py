"""Orders arrive, become cases once, and what becomes of the cases goes back."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from linli.cases.events import CaseMoved
from linli.cases.models import Move
from linli.cases.rules.workflow import Verb
from linli.cases.tests.cast import AT, Cast
from linli.integrations.hotline import reactions
from linli.integrations.hotline.actions import receiving, sending, tables
from linli.integrations.hotline.fake.desk import Desk
from linli.integrations.hotline.models import Line, Message
from linli.integrations.hotline.rules import mapping
from linli.integrations.hotline.tests.connected import arrive, held, open_line, order, outbox
from linli.kernel import events, scope
from linli.kernel.clock import LOCAL


@pytest.fixture
def line(cast: Cast, hotline: tuple[Desk, str]) -> Line:
    return open_line(cast, address=hotline[1])[0]


def happened(cast: Cast, number: str, line: Line) -> None:
    """The reactions to every move of a case, as the worker runs them (twice, for it may)."""
    with cast.inside():
        for move in Move.objects.filter(case__number=number).order_by("seq"):
            fact = CaseMoved(
                line.community_id, number, move.at, move.verb, move.from_state, move.to_state, move.seq, None
            )
            reactions.follow(fact)
            reactions.follow(fact)


def test_an_order_becomes_a_case_with_both_numbers_and_a_sealed_contact(cast: Cast, line: Line) -> None:
    outcome = arrive(line, order())
    (done,) = outcome.done
    case = cast.case(done.our_number)
    assert (done.result, case.channel, case.outside_number) == ("taken", "hotline", "GY001")
    assert (case.category_code, case.kind, case.address) == ("facilities.lighting", "complaint", "8 栋门口")
    assert (case.contact_name, case.contact_phone) == ("王芳", "13812345678")
    kept = held(line)
    assert (kept.case_number, kept.standing, kept.due_at) == (
        case.number,
        "open",
        AT + timedelta(days=7, hours=8),
    )
    (receipt,) = outbox(line)
    assert (receipt.kind, receipt.values["outcome"], receipt.state) == ("receipt", "taken", "waiting")


def test_the_same_order_again_changes_nothing(cast: Cast, line: Line) -> None:
    first = arrive(line, order(), order())
    again = arrive(line, order(), at=AT + timedelta(hours=1))
    assert [one.result for one in (*first.done, *again.done)] == ["taken", "same", "same"]
    assert cast.case(first.done[0].our_number).version == 1
    assert len(outbox(line)) == 1


def test_a_secret_caller_stays_unknown(cast: Cast, line: Line) -> None:
    told = order(caller={"name": "王芳", "phone": "13812345678", "secret": "是"})
    case = cast.case(arrive(line, told).done[0].our_number)
    assert (case.anonymous, case.contact_name or "", case.contact_phone or "") == (True, "", "")


def test_a_phone_field_with_more_in_it_gives_the_phone(cast: Cast, line: Line) -> None:
    told = order(caller={"name": "王芳", "phone": "手机：13812345678（晚上）", "secret": "否"})
    assert cast.case(arrive(line, told).done[0].our_number).contact_phone == "13812345678"


def test_a_bad_order_is_kept_with_its_reasons_and_told_once_until_it_is_mended(
    cast: Cast, line: Line
) -> None:
    bad = order("GY002", callTime="昨天", level="很急")
    done = [*arrive(line, bad).done, *arrive(line, bad).done]
    assert [one.result for one in done] == ["refused", "refused"]
    assert held(line, "GY002").standing == "refused"
    (receipt,) = outbox(line)
    assert "called_at: not_a_time" in receipt.values["wrongs"]
    assert arrive(line, order("GY002")).done[0].result == "taken"
    (receipt,) = outbox(line)
    assert receipt.values["outcome"] == "taken"


def test_an_order_without_a_number_is_named_by_its_line_and_the_others_are_taken(line: Line) -> None:
    outcome = arrive(line, order(""), order("GY003"), {"x": 1})
    assert [(one.line, one.result) for one in outcome.done] == [(1, "refused"), (2, "taken"), (3, "refused")]


def test_other_words_a_later_day_and_urging_reach_the_case(cast: Cast, line: Line) -> None:
    number = arrive(line, order()).done[0].our_number
    later = order(content="补充：五栋也不亮了", deadline="2026-12-05", status="催办")
    assert arrive(line, later, at=AT + timedelta(hours=5)).done[0].result == "changed"
    with cast.inside():
        verbs = list(cast.case(number).moves.order_by("seq").values_list("verb", flat=True))
    assert verbs == ["report", "add", "urge"]
    assert held(line).due_at == datetime(2026, 12, 5, 23, 59, 59, tzinfo=LOCAL)


def test_what_no_longer_fits_becomes_a_note_and_a_person_decides(cast: Cast, line: Line) -> None:
    number = arrive(line, order()).done[0].our_number
    cast.settled(number, at=AT + timedelta(hours=1))
    arrive(line, order(content="还有一盏也坏了"), at=AT + timedelta(days=2))
    with cast.inside():
        last = cast.case(number).moves.order_by("-seq")[0]
    assert last.verb == "note"
    assert "还有一盏也坏了" in last.note


def test_taken_back_by_them_it_is_withdrawn(cast: Cast, line: Line) -> None:
    number = arrive(line, order()).done[0].our_number
    arrive(line, order(status="撤单"), at=AT + timedelta(hours=1))
    assert (cast.case(number).state, held(line).standing) == ("withdrawn", "gone")


def test_receipt_progress_result_and_the_residents_word_go_back_once_each(
    cast: Cast, line: Line, hotline: tuple[Desk, str]
) -> None:
    desk = hotline[0]
    number = arrive(line, order()).done[0].our_number
    cast.settled(number, at=AT)
    cast.move(number, Verb.FOLLOW_UP, cast.dispatcher, at=AT + timedelta(days=1), solved=True, stars=5)
    happened(cast, number, line)
    assert sending.sweep(AT + timedelta(days=2)) == sending.sweep(AT + timedelta(days=2)) + len(outbox(line))
    (receipt,) = desk.heard_of("GY001", "receipt")
    assert receipt["extOrderNo"] == number
    (result,) = desk.heard_of("GY001", "result")
    assert result["result"] == "已办结"
    assert "亮灯" in result["opinion"] or result["opinion"]
    assert [one["status"] for one in desk.heard_of("GY001", "progress")] == ["已派遣", "已签收", "处置完毕"]
    assert desk.heard_of("GY001", "satisfaction")[0]["solved"] == "是"
    assert held(line).standing == "settled"
    assert "INTERNAL-CANARY" not in str(desk.heard)
    assert "13812345678" not in str(desk.heard)


def test_what_is_not_ours_is_sent_back_and_their_ruling_binds(
    cast: Cast, line: Line, hotline: tuple[Desk, str]
) -> None:
    number = arrive(line, order()).done[0].our_number
    cast.move(
        number, Verb.DECLINE, cast.dispatcher, reason="not_our_matter", answer="该路段由市政管理，请转市政。"
    )
    happened(cast, number, line)
    sending.sweep(AT + timedelta(hours=1))
    assert hotline[0].heard_of("GY001", "return")[0]["reason"] == "该路段由市政管理，请转市政。"
    assert held(line).standing == "returned"
    ruled = order(status="不同意退单", opinion="该路灯属小区共用部位")
    arrive(line, ruled, at=AT + timedelta(hours=3))
    assert (cast.case(number).state, held(line).standing) == ("reopened", "open")


def test_a_return_that_is_agreed_to_ends_the_order(cast: Cast, line: Line) -> None:
    number = arrive(line, order()).done[0].our_number
    cast.move(
        number, Verb.DECLINE, cast.dispatcher, reason="not_our_matter", answer="该路段由市政管理，请转市政。"
    )
    happened(cast, number, line)
    arrive(line, order(status="同意退单"), at=AT + timedelta(hours=3))
    assert (cast.case(number).state, held(line).standing) == ("declined", "gone")


def test_an_order_whose_case_was_merged_is_answered_by_the_head(
    cast: Cast, line: Line, hotline: tuple[Desk, str]
) -> None:
    head = cast.report("8 栋的路灯又坏了", key="head").number
    number = arrive(line, order()).done[0].our_number
    cast.move(number, Verb.MERGE, cast.dispatcher, target=head)
    cast.settled(head, at=AT)
    happened(cast, number, line)
    happened(cast, head, line)
    sending.sweep(AT + timedelta(days=1))
    assert len(hotline[0].heard_of("GY001", "result")) == 1
    assert held(line).standing == "settled"


def test_a_busy_hotline_is_tried_again_with_the_same_key_and_a_deaf_one_is_given_up(
    line: Line, hotline: tuple[Desk, str]
) -> None:
    desk = hotline[0]
    arrive(line, order())
    desk.refuse = 1
    at = AT
    sending.sweep(at)
    (message,) = outbox(line)
    assert (message.state, message.said, message.tries) == ("waiting", "http_503", 1)
    assert sending.sweep(at + timedelta(seconds=10)) == 0  # not before its time
    sending.sweep(at + timedelta(seconds=31))
    assert outbox(line)[0].state == "sent"
    desk.deaf = True
    arrive(line, order("GY009"))
    for _ in range(12):
        at += timedelta(hours=3)
        sending.sweep(at)
    dead = outbox(line)[-1]
    assert (dead.state, dead.said, dead.tries) == ("dead", "said_9", 10)
    desk.deaf = False
    with scope.within([line.community_id]):
        sending.send_again(dead, at)
    sending.sweep(at)
    assert outbox(line)[-1].state == "sent"


def test_a_message_taken_by_a_worker_that_died_leaves_later_with_the_same_key(
    line: Line, hotline: tuple[Desk, str]
) -> None:
    desk = hotline[0]
    arrive(line, order())
    with scope.within([line.community_id]):
        (taken,) = sending._claim(line.community_id, AT)
        assert sending.send(taken).code == ""  # it arrived, and the worker died before noting it
    assert sending.sweep(AT + timedelta(minutes=1)) == 0
    assert sending.sweep(AT + timedelta(minutes=3)) == 1
    assert len(desk.keys) == 2
    assert len(set(desk.keys)) == 1
    assert len(desk.heard) == 1


def test_a_line_without_a_server_exchanges_tables(cast: Cast, hotline: tuple[Desk, str]) -> None:
    line, _secret = open_line(cast, name="只用表格")
    number = arrive(line, order()).done[0].our_number
    cast.settled(number, at=AT)
    happened(cast, number, line)
    name, rows = tables.results(line, at=AT + timedelta(days=1))
    assert rows[0][0] == "工单编号"
    assert [(row[0], row[1], row[2]) for row in rows[1:]] == [
        ("GY001", number, "receipt"),
        ("GY001", number, "result"),
    ]
    assert tables.results(line, at=AT + timedelta(days=2))[1] == [rows[0]]  # each row leaves once
    assert tables.results(line, at=AT + timedelta(days=2), batch=name)[1] == rows


def test_reconciling_names_what_only_one_side_has(line: Line) -> None:
    arrive(line, order("GY001"), order("GY002"))
    theirs = [(1, order("GY001")), (2, order("GY003")), (3, order("GY002", status="已办结"))]
    differences, compared = tables.reconcile(line, theirs)
    assert compared == 3
    assert [(one.number, one.code) for one in differences] == [
        ("GY002", "standing"),
        ("GY003", "missing_here"),
    ]


def test_looking_first_writes_nothing(line: Line) -> None:
    arrive(line, order("GY001"))
    rows: list[Any] = [
        (1, order("GY001")),
        (2, order("GY002")),
        (3, order("GY001", content="变了变了")),
        (4, order("")),
    ]
    outcome = receiving.preview(mapping=mapping.load(line.mapping), rows=rows, line=line)
    assert [one.result for one in outcome.done] == ["same", "taken", "same", "refused"]
    with scope.within([line.community_id]):
        assert line.orders.count() == 1
        assert Message.objects.count() == 1


def test_another_community_never_sees_an_order(cast: Cast, line: Line) -> None:
    arrive(line, order())
    with scope.within([cast.elsewhere.id]):
        assert not Line.objects.exists()
        assert not Message.objects.exists()


def test_the_fact_of_a_move_is_heard() -> None:
    assert "hotline.reactions.follow" in str(events.connected()["cases.CaseMoved"])
