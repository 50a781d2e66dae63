"""SMS by a carrier's own description: requests, answers, codes, receipts."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import pytest
from django.test import Client

from linli.cases.tests.cast import AT, Cast
from linli.integrations.sms import rules
from linli.integrations.sms.adapter import HttpSms
from linli.integrations.sms.rules import BadSms
from linli.integrations.sms.tests.carrier import FakeSms
from linli.notices import ports
from linli.notices.models import Attempt, Notice
from linli.notices.ports import Letter, Result
from linli.people.ports import NotSent

BODY = {"mobile": "{phone}", "content": "{words}", "outId": "{key}", "params": [{"n": "{number}"}]}
FILE = {
    "sign": "【铝兴社区】",
    "headers": {"Authorization": "Bearer {secret}"},
    "body": BODY,
    "good": ["0"],
    "later": [3001],
    "reference": "data.msgid",
    "receipts": {"rows": "data", "reference": "msgid", "arrived": ["DELIVRD"], "code": "err"},
}
LETTER = Letter(
    "linli-7-sms-0",
    1,
    "case_settled",
    "已办结",
    "您反映的「照明」已办结",
    "zh-hans",
    fields={"number": "261123-000001"},
)


@pytest.fixture
def far(settings: Any) -> Iterator[FakeSms]:
    settings.LINLI_OUTSIDE_PRIVATE = ["127.0.0.1"]
    with FakeSms().running() as found:
        yield found


def carrier(far: FakeSms, **more: Any) -> HttpSms:
    return HttpSms(rules.read({**FILE, "url": far.url, **more}), "KEY-1")


def test_a_message_goes_out_as_the_carrier_wants_it(far: FakeSms) -> None:
    said = carrier(far).carry([("+8613900001111", LETTER)], at=AT)[0]
    assert (said.result, said.reference) == (Result.SENT, "m1")
    assert far.heard[0]["auth"] == "Bearer KEY-1"
    assert json.loads(far.heard[0]["raw"]) == {
        "mobile": "13900001111",
        "content": "【铝兴社区】您反映的「照明」已办结",
        "outId": "linli-7-sms-0",
        "params": [{"n": "261123-000001"}],
    }


def test_a_form_is_sent_where_the_carrier_wants_one(far: FakeSms) -> None:
    carrier(far, form=True, body={"to": "{e164}", "text": "{words} {phone}"}).carry(
        [("+8613900001111", LETTER)], at=AT
    )
    assert parse_qs(far.heard[0]["raw"].decode())["to"] == ["+8613900001111"]


@pytest.mark.parametrize(
    ("status", "answer", "result", "code"),
    [
        (200, {"code": "0"}, Result.SENT, ""),
        (200, {"code": 3001}, Result.LATER, "3001"),
        (200, {"code": 9}, Result.REFUSED, "9"),
        (200, {}, Result.REFUSED, "None"),
        (503, {}, Result.LATER, "http_503"),
        (401, {}, Result.REFUSED, "http_401"),
    ],
)
def test_each_answer_means_what_the_file_says(
    far: FakeSms, status: int, answer: Any, result: Result, code: str
) -> None:
    far.say.append((status, answer))
    said = carrier(far).carry([("+8613900001111", LETTER)], at=AT)[0]
    assert (said.result, said.code) == (result, code)


def test_many_go_at_once_and_keep_their_order(far: FakeSms) -> None:
    letters = [(f"+861390000{n:04d}", LETTER) for n in range(20)]
    said = carrier(far).carry(letters, at=AT)
    assert [one.result for one in said] == [Result.SENT] * 20
    phones = {json.loads(one["raw"])["mobile"] for one in far.heard}
    assert len(phones) == 20


def test_a_sign_in_code_goes_the_same_way_and_says_when_it_does_not(far: FakeSms) -> None:
    made = carrier(far)
    made.send("+8613900001111", "123456", "en")
    assert "Your code is 123456" in json.loads(far.heard[0]["raw"])["content"]
    far.say.append((500, {}))
    with pytest.raises(NotSent):
        made.send("+8613900001111", "123456", "zh-hans")


def test_what_is_filled_in_is_not_filled_again() -> None:
    assert rules.filled("{words}", {"words": "{secret} {", "secret": "S"}) == "{secret} {"
    assert rules.filled("a {none} {words", {"words": "x"}) == "a {none} {words"


@pytest.mark.parametrize(
    "told",
    [
        {},
        {"url": "https://x.example", "colour": "red"},
        {"url": "https://x.example", "body": {"to": "{phone}"}},
    ],
)
def test_a_file_that_cannot_work_is_refused(told: dict[str, Any]) -> None:
    with pytest.raises(BadSms):
        rules.read(told)


def test_a_file_is_read_from_the_disk(tmp_path: Path) -> None:
    path = tmp_path / "sms.toml"
    path.write_text('url = "https://sms.example/send"\n[body]\nto = "{phone}"\ntext = "{words}"\n')
    assert HttpSms.from_file(str(path)).asking.good == ("0",)
    with pytest.raises(BadSms):
        HttpSms.from_file(str(tmp_path / "none.toml"))


@pytest.mark.django_db
def test_receipts_come_in_with_the_key_and_not_without(cast: Cast, far: FakeSms, settings: Any) -> None:
    with cast.inside():
        notice = Notice.objects.create(
            community_id=cast.here.id, fact="f", kind="case_settled", recipient="a1", language="zh-hans", title="t",
            words="w", urgency="prompt", state="sent", roads=["sms"], road="sms", made=1, told_at=AT, begun_at=AT,
        )  # fmt: skip
        Attempt.objects.create(
            community_id=cast.here.id, notice=notice, road="sms", n=1, at=AT, result="sent", reference="m1"
        )
    settings.LINLI_SMS_RECEIPT_KEY = "door-key"
    before = ports.carrier("sms")
    ports.plug(carrier(far))
    try:
        body = {
            "data": [
                {"msgid": "m1", "status": "DELIVRD", "err": "000"},
                {"msgid": "nobody", "status": "X"},
                7,
            ]
        }
        send: dict[str, Any] = {
            "path": "/notices/receipts/sms/",
            "data": json.dumps(body),
            "content_type": "application/json",
        }
        assert Client().post(**send).status_code == 403
        assert Client().post(**send, headers={"Authorization": "Bearer wrong"}).status_code == 403
        answer = Client().post(**send, headers={"Authorization": "Bearer door-key"})
        assert (answer.status_code, answer.content) == (200, b"OK")
        bad: dict[str, Any] = {**send, "path": "/notices/receipts/sms/?key=door-key", "data": "{"}
        assert Client().post(**bad).status_code == 400
    finally:
        ports.unplug("sms")
        if before:
            ports.plug(before)
    with cast.inside():
        assert Notice.objects.get().state == "arrived"
