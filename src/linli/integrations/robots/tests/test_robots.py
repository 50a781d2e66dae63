"""Robots against a maker who checks as strictly as the real ones."""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from linli.cases.tests.cast import AT, Cast
from linli.integrations.robots.base import RobotCarrier
from linli.integrations.robots.dingtalk import DingtalkRobots
from linli.integrations.robots.dingtalk import signature as dingtalk_signature
from linli.integrations.robots.feishu import FeishuRobots
from linli.integrations.robots.feishu import signature as feishu_signature
from linli.integrations.robots.tests.makers import Makers
from linli.integrations.robots.wecom import WecomRobots
from linli.notices.models import Robot
from linli.notices.ports import Letter, Result

pytestmark = pytest.mark.django_db
KINDS: dict[str, type[RobotCarrier]] = {
    "wecom": WecomRobots,
    "dingtalk": DingtalkRobots,
    "feishu": FeishuRobots,
}
HERE = ("127.0.0.1",)


@pytest.fixture
def makers(settings: Any) -> Iterator[Makers]:
    settings.LINLI_OUTSIDE_PRIVATE = ["127.0.0.1"]
    with Makers(now=AT.timestamp()).running() as found:
        yield found


def robot(cast: Cast, road: str, address: str, secret: str | None = "SEC-fake") -> str:
    made = Robot.objects.create(
        community_id=cast.here.id, road=road, name=road, address=address, secret=secret,
        made_by_id=cast.leader.account_id, made_at=AT,
    )  # fmt: skip
    return str(made.pk)


def letter(words: str = "261123-000001　照明　8 栋") -> Letter:
    return Letter("linli-1-wecom-0", 1, "work_new", "新诉求待受理", words, "zh-hans")


@pytest.mark.parametrize("road", sorted(KINDS))
def test_a_message_arrives_signed_as_the_maker_wants_it(cast: Cast, makers: Makers, road: str) -> None:
    with cast.inside():
        address = robot(cast, road, makers.url(road))
        said = KINDS[road](HERE).carry([(address, letter())], at=AT)
    assert [one.result for one in said] == [Result.SENT]
    assert makers.heard == [(road, "新诉求待受理\n261123-000001　照明　8 栋")]


@pytest.mark.parametrize(("road", "code"), [("dingtalk", "310000"), ("feishu", "19021"), ("wecom", "93000")])
def test_a_wrong_secret_or_key_is_refused_with_the_makers_code(
    cast: Cast, makers: Makers, road: str, code: str
) -> None:
    with cast.inside():
        address = robot(cast, road, makers.url(road).replace("key=K", "key=other"), "SEC-other")
        said = KINDS[road](HERE).carry([(address, letter())], at=AT)[0]
    assert (said.result, said.code) == (Result.REFUSED, code)


@pytest.mark.parametrize(
    ("road", "status", "answer", "result", "code"),
    [
        ("wecom", 200, {"errcode": 45009}, Result.LATER, "45009"),
        ("dingtalk", 200, {"errcode": 130101}, Result.LATER, "130101"),
        ("feishu", 200, {"code": 9499}, Result.LATER, "9499"),
        ("feishu", 200, {"StatusCode": 0}, Result.SENT, ""),
        ("wecom", 200, {"errcode": 12345}, Result.LATER, "12345"),
        ("wecom", 502, {}, Result.LATER, "http_502"),
        ("wecom", 429, {}, Result.LATER, "http_429"),
        ("wecom", 302, {}, Result.REFUSED, "http_302"),
        ("wecom", 200, {"ok": True}, Result.LATER, "garbled"),
    ],
)
def test_each_answer_means_what_the_maker_means_by_it(
    cast: Cast, makers: Makers, road: str, status: int, answer: dict[str, Any], result: Result, code: str
) -> None:
    makers.say.append((status, answer))
    with cast.inside():
        address = robot(cast, road, makers.url(road))
        said = KINDS[road](HERE).carry([(address, letter())], at=AT)[0]
    assert (said.result, said.code) == (result, code)


def test_a_long_message_is_cut_between_characters_and_calls_nobody(cast: Cast, makers: Makers) -> None:
    with cast.inside():
        address = robot(cast, "wecom", makers.url("wecom"))
        WecomRobots(HERE).carry([(address, letter("@所有人 <@all> " + "路灯不亮" * 400))], at=AT)
    words = makers.heard[0][1]
    assert len(words.encode()) <= 2048
    assert words.endswith("…")
    assert "@" not in words


def card(png: bytes) -> Letter:
    return replace(
        letter("1. 王师傅  87.5\nhttps://l.example/b/1"), link="https://l.example/b/1", draw=lambda: png
    )


PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 200


@pytest.mark.parametrize(
    ("road", "heard"),
    [
        (
            "wecom",
            [
                ("wecom picture", hashlib.md5(PNG, usedforsecurity=False).hexdigest()),
                ("wecom", "新诉求待受理\nhttps://l.example/b/1"),
            ],
        ),
        ("dingtalk", [("dingtalk", "新诉求待受理\n1. 王师傅  87.5\nhttps://l.example/b/1")]),
        ("feishu", [("feishu", "新诉求待受理\n1. 王师傅  87.5\nhttps://l.example/b/1")]),
    ],
)
def test_a_card_is_a_picture_where_the_maker_shows_one_and_words_elsewhere(
    cast: Cast, makers: Makers, road: str, heard: list[tuple[str, str]]
) -> None:
    with cast.inside():
        address = robot(cast, road, makers.url(road))
        said = KINDS[road](HERE).carry([(address, card(PNG))], at=AT)
    assert [one.result for one in said] == [Result.SENT]
    assert makers.heard == heard


@pytest.mark.parametrize("png", [b"", b"GIF89a", PNG + b"0" * 2 * 1024 * 1024])
def test_a_picture_that_is_missing_or_refused_leaves_the_words(
    cast: Cast, makers: Makers, png: bytes
) -> None:
    with cast.inside():
        address = robot(cast, "wecom", makers.url("wecom"))
        said = WecomRobots(HERE).carry([(address, card(png))], at=AT)
    assert [one.result for one in said] == [Result.SENT]
    assert [road for road, _words in makers.heard] == ["wecom"]
    assert "王师傅" in makers.heard[0][1]


def test_a_picture_that_is_to_be_sent_later_says_nothing_yet(cast: Cast, makers: Makers) -> None:
    makers.say.append((200, {"errcode": 45009}))
    with cast.inside():
        address = robot(cast, "wecom", makers.url("wecom"))
        said = WecomRobots(HERE).carry([(address, card(PNG))], at=AT)[0]
    assert (said.result, makers.heard) == (Result.LATER, [])


def test_a_robot_speaks_at_most_so_often_and_says_when_again(cast: Cast, makers: Makers) -> None:
    with cast.inside():
        address = robot(cast, "wecom", makers.url("wecom"))
        said = WecomRobots(HERE, per_minute=3).carry([(address, letter())] * 4, at=AT)
    assert [one.result for one in said] == [Result.SENT] * 3 + [Result.LATER]
    assert said[3].after is not None
    assert timedelta(0) < said[3].after <= timedelta(seconds=60)


def test_only_the_makers_hosts_are_asked(cast: Cast, makers: Makers, settings: Any) -> None:
    with cast.inside():
        inside = robot(cast, "wecom", makers.url("wecom"))
        other = WecomRobots(("qyapi.weixin.qq.com",)).carry([(inside, letter())], at=AT)[0]
        settings.LINLI_OUTSIDE_PRIVATE = []
        hidden = WecomRobots(HERE).carry([(inside, letter())], at=AT)[0]
        gone = WecomRobots(HERE).carry([("999999", letter())], at=AT)[0]
    assert (other.result, other.code) == (Result.REFUSED, "host")
    assert hidden.result is Result.REFUSED
    assert (gone.result, gone.code) == (Result.CLOSED, "stopped")
    assert makers.heard == []


def test_a_person_is_not_reached_by_a_robot_and_a_bodys_group_is(cast: Cast) -> None:
    carrier = WecomRobots(HERE)
    asked: dict[str, Any] = {"community_id": cast.here.id, "at": AT}
    with cast.inside():
        mine = robot(cast, "wecom", "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=k")
        assert carrier.address(account_id=1, organisation_id=None, **asked) is None
        assert carrier.address(account_id=None, organisation_id=None, **asked) == mine
        assert carrier.address(account_id=None, organisation_id=5, **asked) is None


def test_signatures_are_made_as_the_makers_describe_them() -> None:
    secret, at = "this is secret", 1_700_000_000
    ding = hmac.new(secret.encode(), f"{at}000\n{secret}".encode(), hashlib.sha256).digest()
    fei = hmac.new(f"{at}\n{secret}".encode(), b"", hashlib.sha256).digest()
    assert dingtalk_signature(secret, at * 1000) == base64.b64encode(ding).decode()
    assert feishu_signature(secret, at) == base64.b64encode(fei).decode()
