"""The doors of the hotline: their pushes, the pages of the desk and of the settings, the command."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from linli.cases.rules.workflow import Verb
from linli.cases.tests.cast import AT, Cast
from linli.cases.tests.desk import at_desk, text
from linli.integrations.hotline.actions import sending
from linli.integrations.hotline.cli import hotline as command
from linli.integrations.hotline.fake.desk import Desk
from linli.integrations.hotline.models import Line, Order
from linli.integrations.hotline.tests.connected import MAPPING, arrive, held, open_line, order, outbox
from linli.kernel import scope

pytestmark = pytest.mark.usefixtures("monday_morning")
HEADER = "工单编号,标题,诉求内容,来电时间,诉求类型\n"


def push(line: Line, body: Any, **headers: str) -> Any:
    told = body if isinstance(body, bytes) else json.dumps(body).encode()
    return Client().post(
        f"/hotline/{line.key}/orders", told, content_type="application/json", headers=headers
    )


def table(text_of_it: str, name: str = "orders.csv") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, text_of_it.encode(), content_type="text/csv")


def test_pushed_orders_are_answered_one_by_one(cast: Cast) -> None:
    line, secret = open_line(cast)
    body = {"orders": [order("P1"), order("P2", level="很急"), order("P1")]}
    answer = push(line, body, Authorization=f"Bearer {secret}")
    told = answer.json()
    assert answer.status_code == 200
    assert [(one["number"], one["code"], one["result"]) for one in told["orders"]] == [
        ("P1", "0", "taken"),
        ("P2", "1", "refused"),
        ("P1", "0", "same"),
    ]
    assert told["orders"][0]["our_number"] == held(line, "P1").case_number
    assert told["orders"][1]["wrongs"][0]["field"] == "urgency"


def test_a_push_may_be_signed_and_is_refused_when_stale_or_changed(cast: Cast) -> None:
    line, secret = open_line(cast)
    body, stamp = json.dumps(order("S1")).encode(), str(int(AT.timestamp()))
    good = sending.signature(secret, stamp, body)
    old = str(int((AT - timedelta(minutes=6)).timestamp()))
    tries = [
        ({"X-Timestamp": stamp, "X-Signature": good}, body.replace(b"S1", b"S2"), 401),
        ({"X-Timestamp": old, "X-Signature": sending.signature(secret, old, body)}, body, 401),
        ({"X-Timestamp": "soon", "X-Signature": good}, body, 401),
        ({"Authorization": "Bearer "}, body, 401),
        ({"Authorization": "Bearer 密"}, body, 401),
        ({}, body, 401),
    ]
    mapping = MAPPING.replace('rows = "orders"', 'rows = ""')
    with scope.within([cast.here.id]):
        Line.objects.filter(pk=line.pk).update(mapping=mapping)
    for headers, sent, status in tries:
        assert push(line, sent, **headers).status_code == status, headers
    assert push(line, body, **{"X-Timestamp": stamp, "X-Signature": f"sha256={good}"}).status_code == 200
    assert Client().post("/hotline/nobody/orders", b"{}", content_type="application/json").status_code == 404


@pytest.mark.parametrize("body", [b"", b"{", b"[1", b"null", b'{"orders": 5}', b"\xff\xfe", b"[" * 20_000])
def test_a_push_of_rubbish_is_refused_in_words(cast: Cast, body: bytes) -> None:
    line, secret = open_line(cast)
    answer = push(line, body, Authorization=f"Bearer {secret}")
    assert (answer.status_code, answer.json()["code"]) == (422, "no_orders")


def test_too_many_orders_at_once_are_refused_whole(cast: Cast) -> None:
    line, secret = open_line(cast)
    answer = push(line, {"orders": [order(str(n)) for n in range(501)]}, Authorization=f"Bearer {secret}")
    assert (answer.status_code, answer.json()["code"]) == (422, "too_many")
    with scope.within([cast.here.id]):
        assert not Order.objects.exists()


def test_the_desk_looks_at_a_table_takes_it_in_and_compares(cast: Cast) -> None:
    line, _secret = open_line(cast)
    desk = at_desk(cast, cast.dispatcher)
    there = f"/desk/hotline/table/{line.pk}/"
    told = HEADER + "T1,井盖,3 栋前井盖松动,2026-11-23 09:00,投诉\nT2,,?,昨天,投诉\n"
    page = text(desk.client.post(there, {"table": table(told), "look": "1"}))
    assert "还没有收下" in page
    with scope.within([cast.here.id]):
        assert not Order.objects.exists()
    page = text(desk.client.post(there, {"table": table(told), "take": "1"}))
    assert "T2" in page
    number = held(line, "T1").case_number
    assert number in page
    page = text(desk.client.post(there, {"table": table(HEADER + "T9,a,bcd,,投诉\n"), "reconcile": "1"}))
    assert "对方有，我方没有" in page
    assert desk.client.post(there, {"take": "1"}).status_code == 422
    bad = SimpleUploadedFile("orders.xlsx", b"PK no", content_type="application/zip")
    assert desk.client.post(there, {"table": bad, "take": "1"}).status_code == 422
    other = text(desk.client.post(there, {"table": table("a,b\n1,2\n"), "take": "1"}))
    assert "工单编号" in other


def test_the_case_shows_their_number_and_search_finds_it(cast: Cast) -> None:
    line, _secret = open_line(cast)
    number = arrive(line, order("GY777")).done[0].our_number
    desk = at_desk(cast, cast.dispatcher)
    assert "GY777" in text(desk.case(number))
    assert number in text(desk.get("/desk/", q="GY777"))
    assert number in text(desk.get("/desk/hotline/", q="GY777"))
    assert "GY777" in text(desk.get("/desk/hotline/"))


def test_a_case_sent_to_the_hotline_gets_their_number_and_their_word_beside_it(
    cast: Cast, hotline: tuple[Desk, str]
) -> None:
    line, _secret = open_line(cast, address=hotline[1])
    number = cast.report("小区外市政道路上的红绿灯坏了，我的电话 13812345678").number
    desk = at_desk(cast, cast.dispatcher)
    there = f"/desk/hotline/send/{number}/"
    page = text(desk.case(number))
    assert page.index("desk-facts") < page.index(there), "a way onward stands after what is known of the case"
    assert "13812345678" not in text(desk.get(there)).split("<textarea")[1].split("</textarea")[0]
    refused = desk.client.post(there, {"line": line.pk, "words": "请致电 13812345678"})
    assert refused.status_code == 422
    words = "市政道路红绿灯故障，请转交管部门处理"
    assert desk.client.post(there, {"line": line.pk, "words": words}).status_code == 302
    assert desk.client.post(there, {"line": line.pk, "words": words}).status_code == 422  # a second tap
    assert sending.sweep(AT + timedelta(minutes=1)) == 1
    (sent,) = [body for path, body in hotline[0].heard if path == "/orders"]
    assert (sent["extOrderNo"], sent["content"], sent["channel"]) == (number, words, "社区转办")
    said = order(
        "ZB000001", extOrderNo=number, status="已办结", opinion="交管部门已修复", content="", title=""
    )
    assert arrive(line, said, at=AT + timedelta(days=1)).done[0].result == "changed"
    assert arrive(line, said, at=AT + timedelta(days=1)).done[0].result == "same"
    page = text(desk.case(number))
    assert "ZB000001" in page
    assert "交管部门已修复" in page
    assert cast.case(number).state == "reported"  # a person decides


def test_pulling_asks_page_by_page_and_says_when_it_cannot(cast: Cast, hotline: tuple[Desk, str]) -> None:
    line, _secret = open_line(cast, address=hotline[1])
    hotline[0].orders = [order(f"L{n}") for n in range(51)]
    desk = at_desk(cast, cast.dispatcher)
    assert desk.client.post(f"/desk/hotline/pull/{line.pk}/").status_code == 302
    with scope.within([cast.here.id]):
        assert Order.objects.count() == 51
    hotline[0].refuse = 5
    failed = desk.client.post(f"/desk/hotline/pull/{line.pk}/")
    assert failed.status_code == 422
    assert "503" in text(failed)
    assert "503" in text(desk.get("/desk/hotline/"))


def test_a_leader_connects_a_hotline_tries_the_mapping_and_reads_the_secret_once(cast: Cast) -> None:
    leader = at_desk(cast, cast.leader)
    form = {
        "name_zh": "示例 12345",
        "mapping": MAPPING,
        "pull_minutes": "0",
        "active": "on",
        "address": "",
        "name_en": "",
    }
    tried = text(
        leader.client.post("/desk/settings/hotline/new/", {**form, "try": "1", "sample": json.dumps(order())})
    )
    assert "GY001" in tried
    assert "13812345678" not in tried.split("<form")[0]
    broken = leader.client.post("/desk/settings/hotline/new/", {**form, "mapping": "[fields", "save": "1"})
    assert broken.status_code == 422
    inside = leader.client.post(
        "/desk/settings/hotline/new/", {**form, "address": "http://10.0.0.1/", "save": "1"}
    )
    assert inside.status_code == 422
    made = leader.client.post("/desk/settings/hotline/new/", {**form, "save": "1"})
    with scope.within([cast.here.id]):
        line = Line.objects.get()
        first = line.secret or ""
    assert first in text(made)
    assert made["Cache-Control"] == "private, no-store"
    assert first not in text(leader.get(f"/desk/settings/hotline/{line.pk}/"))
    again = leader.client.post("/desk/settings/hotline/new/", {**form, "save": "1"})
    assert "另一条线路" in text(again)
    renewed = text(leader.client.post(f"/desk/settings/hotline/{line.pk}/secret/"))
    assert first not in renewed
    assert push(line, {"orders": []}, Authorization=f"Bearer {first}").status_code == 401


def test_others_find_no_door(cast: Cast) -> None:
    line, _secret = open_line(cast)
    number = cast.report().number
    for person in (cast.property_handler, cast.grid_worker, cast.elsewhere.people["dispatcher"]):
        colleague = at_desk(cast, person)
        for path in (f"/desk/hotline/send/{number}/", f"/desk/settings/hotline/{line.pk}/"):
            assert colleague.get(path).status_code in {403, 404}, (person.name, path)
        assert colleague.client.post(f"/desk/hotline/pull/{line.pk}/").status_code in {403, 404}
        assert line.name_zh not in text(colleague.get("/desk/hotline/"))


def test_what_was_given_up_is_sent_again_by_a_tap(cast: Cast, hotline: tuple[Desk, str]) -> None:
    line, _secret = open_line(cast, address=hotline[1])
    arrive(line, order())
    (message,) = outbox(line)
    with scope.within([cast.here.id]):
        type(message).objects.update(state="dead")
    desk = at_desk(cast, cast.dispatcher)
    assert "再发一次" in text(desk.get("/desk/hotline/", view="stuck"))
    answer = desk.client.post(f"/desk/hotline/again/{message.pk}/", {"view": "stuck"})
    assert answer["Location"] == "/desk/hotline/?view=stuck"
    assert outbox(line)[0].state == "waiting"


def test_results_leave_as_a_table_and_the_same_table_can_be_had_again(cast: Cast) -> None:
    line, _secret = open_line(cast)
    number = arrive(line, order("=1+1")).done[0].our_number
    desk = at_desk(cast, cast.dispatcher)
    answer = desk.client.post(f"/desk/hotline/results/{line.pk}/")
    told = answer.content.decode("utf-8-sig")
    assert told.splitlines()[0].startswith("工单编号")
    assert number in told
    assert "\n=1+1" not in told  # a number is never a formula
    batch = answer["Content-Disposition"].split("hotline-")[1].split(".csv")[0]
    assert desk.get(f"/desk/hotline/results/{line.pk}/", batch=batch).content == answer.content
    assert desk.get(f"/desk/hotline/results/{line.pk}/", batch="nothing").status_code == 404


def test_the_command_imports_exports_and_reconciles(cast: Cast, tmp_path: Path) -> None:
    line, _secret = open_line(cast)
    orders = tmp_path / "orders.csv"
    orders.write_text(
        HEADER + "C1,井盖,3 栋前井盖松动,2026-11-23 09:00,投诉\nC2,,?,昨天,投诉\n", encoding="utf-8"
    )

    def run(*words: str) -> Any:
        return CliRunner().invoke(command, list(words))

    assert "1 taken" in run("import", str(orders), "--dry-run").output
    took = run("import", str(orders), "--json")
    assert took.exit_code == 3
    assert json.loads(took.output)["taken"] == 1
    assert "1 same" in run("import", str(orders)).output
    out = tmp_path / "results.xlsx"
    assert run("export", str(out)).exit_code == 0
    assert out.stat().st_size > 1000
    differing = run("reconcile", str(orders), "--json")
    assert differing.exit_code == 3
    assert json.loads(differing.output)["differences"][0]["number"] == "C2"
    assert run("import", str(orders), "--line", "nobody").exit_code == 2
    assert outbox(line)[0].state == "sent"


def test_a_reported_case_moves_on_while_the_hotline_is_asked_nothing(cast: Cast) -> None:
    number = cast.report().number
    assert (
        cast.move(number, Verb.ACCEPT, cast.dispatcher, category_code="facilities.lighting").state
        == "accepted"
    )
