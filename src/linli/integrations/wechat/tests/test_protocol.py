"""Signatures, envelopes, messages, menus: by themselves, and against an independent peer (wechatpy)."""

from __future__ import annotations

import base64
import time
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from wechatpy import parse_message
from wechatpy.crypto import WeChatCrypto
from wechatpy.replies import TextReply
from wechatpy.utils import check_signature

from linli.integrations.wechat.rules import (
    envelope,
    errors,
    menus,
    messages,
    scenes,
    signing,
    windows,
    wishes,
)
from linli.integrations.wechat.rules.envelope import BadEnvelope
from linli.integrations.wechat.rules.menus import Button
from linli.integrations.wechat.rules.messages import BadMessage
from linli.integrations.wechat.rules.windows import Window
from linli.integrations.wechat.tests.stage import AES_KEY, APP_ID, TOKEN

KEY = envelope.key_of(AES_KEY)
TEXT = (
    "<xml><ToUserName><![CDATA[gh_1]]></ToUserName><FromUserName><![CDATA[o1]]></FromUserName>"
    "<CreateTime>1795399200</CreateTime><MsgType><![CDATA[text]]></MsgType>"
    "<Content><![CDATA[路灯不亮 <b>&amp;]]></Content><MsgId>23456789012345678</MsgId></xml>"
)


def event(name: str, more: str) -> bytes:
    return (
        "<xml><ToUserName>gh_1</ToUserName><FromUserName>o1</FromUserName><CreateTime>1795399200</CreateTime>"
        f"<MsgType>event</MsgType><Event>{name}</Event>{more}</xml>"
    ).encode()


# --- against the peer ---------------------------------------------------------------------------------------------


def test_the_peer_makes_the_signature_we_expect() -> None:
    signed = signing.signature(TOKEN, "1795399200", "nonce")
    check_signature(TOKEN, signed, "1795399200", "nonce")
    assert signing.is_signed(signed, TOKEN, "1795399200", "nonce")


def test_the_peer_reads_our_envelope_and_we_read_the_peers() -> None:
    crypto = WeChatCrypto(TOKEN, AES_KEY, APP_ID)
    theirs = messages.fields_of(crypto.encrypt_message(TEXT, "n", "1795399200").encode())
    assert signing.is_signed(theirs["MsgSignature"], TOKEN, "1795399200", "n", theirs["Encrypt"])
    assert envelope.unseal(theirs["Encrypt"], key=KEY, app_id=APP_ID) == TEXT
    sealed = envelope.seal(TEXT, key=KEY, app_id=APP_ID)
    ours = messages.sealed_reply(
        envelope=sealed, signed=signing.signature(TOKEN, "1", "n", sealed), timestamp="1", nonce="n"
    )
    assert crypto.decrypt_message(ours, signing.signature(TOKEN, "1", "n", sealed), "1", "n") == TEXT


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (TEXT.encode(), "text"),
        (event("subscribe", "<EventKey>qrscene_grid:1</EventKey><Ticket>t</Ticket>"), "subscribe"),
        (event("SCAN", "<EventKey>grid:1</EventKey><Ticket>t</Ticket>"), "scan"),
        (event("CLICK", "<EventKey>progress</EventKey>"), "click"),
    ],
)
def test_the_peer_and_we_read_the_same(body: bytes, kind: str) -> None:
    theirs: Any = parse_message(body)
    ours = messages.read(body)
    assert (ours.openid, ours.kind) == (theirs.source, kind)
    if kind == "text":
        assert (ours.words, ours.key) == (theirs.content, f"m:{theirs.id}")
        return
    found = getattr(theirs, "key", None) or theirs.scene_id
    assert (scenes.scene_of(ours.words) or ours.words) == (scenes.scene_of(found) or found)


def test_the_peer_reads_our_passive_reply() -> None:
    reply = messages.text_reply(
        to="o1", from_="gh_1", words="编号 <261123> & 好", at=messages.read(TEXT.encode()).sent_at
    )
    theirs = TextReply(content="编号 <261123> & 好", source="gh_1", target="o1", time=1795399200).render()
    assert (
        messages.fields_of(reply.encode())["Content"]
        == messages.fields_of(theirs.encode())["Content"].strip()
    )


def test_the_official_vector_of_page_signatures() -> None:
    told: dict[str, Any] = {
        "ticket": "sM4AOVdWfPE4DxkXGEs8VMCPGGVi4C3VM0P37wVUCFvkVAy_90u5h9nbSlYy3-Sl-HhTdfl2fzFy1AOcHKP7qg",
        "nonce": "Wm3WZYTPz0wzccnW",
        "timestamp": 1414587457,
    }
    assert signing.page_signature(**told, url="http://mp.weixin.qq.com?params=value#x") == (
        "0f9de62fce790f9a083d5c99e95740ceb90c27ed"
    )


# --- by themselves ------------------------------------------------------------------------------------------------


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=300))
def test_any_text_comes_back_out_of_its_envelope(text: str) -> None:
    text = text.encode(errors="ignore").decode()
    assert envelope.unseal(envelope.seal(text, key=KEY, app_id=APP_ID), key=KEY, app_id=APP_ID) == text


@settings(max_examples=80, deadline=None)
@given(st.integers(min_value=0, max_value=8 * 288 - 1))
def test_a_flipped_bit_never_gives_another_message_that_is_signed(bit: int) -> None:
    sealed = envelope.seal(TEXT, key=KEY, app_id=APP_ID)
    blob = bytearray(base64.b64decode(sealed))
    blob[bit // 8 % len(blob)] ^= 1 << bit % 8
    changed = base64.b64encode(bytes(blob)).decode()
    signed = signing.signature(TOKEN, "1", "n", sealed)
    assert not signing.is_signed(signed, TOKEN, "1", "n", changed)


@pytest.mark.parametrize(
    "bad", ["", "!!", "AAAA", base64.b64encode(bytes(16)).decode(), base64.b64encode(bytes(64)).decode()]
)
def test_what_is_no_envelope_is_refused(bad: str) -> None:
    with pytest.raises(BadEnvelope):
        envelope.unseal(bad, key=KEY, app_id=APP_ID)


def test_an_envelope_for_another_account_is_refused() -> None:
    with pytest.raises(BadEnvelope):
        envelope.unseal(envelope.seal(TEXT, key=KEY, app_id="wxother"), key=KEY, app_id=APP_ID)


@pytest.mark.parametrize("letters", ["", "short", AES_KEY + "=", AES_KEY[:-1] + "!", AES_KEY + "A"])
def test_a_key_has_43_letters(letters: str) -> None:
    with pytest.raises(BadEnvelope):
        envelope.key_of(letters)


@pytest.mark.parametrize(
    "body",
    [
        b'<!DOCTYPE x [<!ENTITY a "b">]><xml><A>&a;</A></xml>',
        b'<!DOCTYPE x SYSTEM "file:///etc/passwd"><xml/>',
        b'<!DOCTYPE l [<!ENTITY l0 "l"><!ENTITY l1 "&l0;&l0;">]><xml><A>&l1;</A></xml>',
        b"<xml><A>&unknown;</A></xml>",
        b"<xml><A>",
        b"",
        b"<a><b><c><d><e><f><g>1</g></f></e></d></c></b></a>",
        b"<xml>" + b"".join(b"<A%d>1</A%d>" % (n, n) for n in range(80)) + b"</xml>",
        b"<xml>" + b"x" * 70_000 + b"</xml>",
        TEXT.encode("utf-16"),
    ],
)
def test_what_is_no_plain_message_is_refused(body: bytes) -> None:
    with pytest.raises(BadMessage):
        messages.read(body)


@pytest.mark.parametrize("left_out", ["FromUserName", "MsgType", "CreateTime"])
def test_who_what_and_when_are_needed(left_out: str) -> None:
    fields = messages.fields_of(TEXT.encode())
    with pytest.raises(BadMessage):
        messages.heard({name: value for name, value in fields.items() if name != left_out})


def test_two_events_of_one_second_are_two_and_one_that_comes_twice_is_one() -> None:
    first, second = event("subscribe", "<EventKey></EventKey>"), event("CLICK", "<EventKey>help</EventKey>")
    assert messages.read(first).key != messages.read(second).key
    assert messages.read(first).key == messages.read(first).key


def test_several_answers_of_one_window_stay_apart() -> None:
    inner = "".join(
        f"<List><TemplateId>{one}</TemplateId><SubscribeStatusString>{said}</SubscribeStatusString></List>"
        for one, said in (("t1", "accept"), ("t2", "reject"))
    )
    read = dict(
        messages.read(
            event("subscribe_msg_popup_event", f"<SubscribeMsgPopupEvent>{inner}</SubscribeMsgPopupEvent>")
        ).fields
    )
    assert read["SubscribeMsgPopupEvent.List.TemplateId"].split("\n") == ["t1", "t2"]


def test_a_long_answer_is_cut_on_a_letter() -> None:
    cut = messages.fit("灯" * 900)
    assert len(cut.encode()) <= messages.REPLY_BYTES
    assert cut.endswith("…")


def test_a_signature_is_fresh_for_a_while_by_either_clock() -> None:
    now = time.time()
    assert signing.is_fresh(str(int(now) - 500), now)
    assert signing.is_fresh(str(int(now) + 500), now)
    assert not any(
        signing.is_fresh(each, now) for each in (str(int(now) - 700), "", "-5", "１２３", "9" * 13)
    )


def test_the_window_opens_by_what_somebody_does_and_shuts_by_time_and_number() -> None:
    at = messages.read(TEXT.encode()).sent_at
    opened = windows.after(Window(), kind="text", is_event=False, at=at)
    assert (opened.left, opened.is_open(at)) == (5, True)
    assert windows.after(opened, kind="click", is_event=True, at=at).left == 5
    assert windows.after(Window(), kind="click", is_event=True, at=at).left == 3
    assert windows.after(opened, kind="view", is_event=True, at=at) == opened
    assert not opened.is_open(at + windows.OPEN_FOR)
    for _ in range(5):
        opened = windows.spent(opened)
    assert not opened.is_open(at)


@pytest.mark.parametrize(
    ("key", "place", "door"),
    [
        ("qrscene_grid:520103001001-001", "520103001001-001", ""),
        ("grid:520103001001-001", "520103001001-001", ""),
        ("p:ABCD2345", "", "ABCD2345"),
        ("https://linli.example/p/abcd2345/?x=1", "", "ABCD2345"),
    ],
)
def test_a_scene_names_a_place(key: str, place: str, door: str) -> None:
    scene = scenes.scene_of(key)
    assert scene
    assert (scene.place_code, scene.door_code) == (place, door)


@pytest.mark.parametrize("key", ["", "hello", "grid:", "planet:5", "grid:a b", "https://evil.example/x"])
def test_other_codes_name_none(key: str) -> None:
    assert scenes.scene_of(key) is None


def test_the_usual_menu_is_one_the_platform_takes() -> None:
    menu = menus.usual("520113008006")
    assert menus.faults(menu) == ()
    assert menus.from_data(menus.as_data(menu)) == menu
    told = menus.as_platform(menu, "https://linli.example")
    assert told["button"][1]["sub_button"][1]["url"] == "https://linli.example/settled/520113008006/"


@pytest.mark.parametrize(
    ("menu", "code"),
    [
        ((), "one_to_three"),
        ((Button("", "click", "help"),), "no_name"),
        ((Button("六个汉字太长了", "click", "help"),), "long_name"),
        ((Button("看", "view", "javascript:1"),), "no_page"),
        ((Button("看", "click", "unknown"),), "unknown_key"),
        ((Button("看", "dance", "x"),), "unknown_kind"),
        ((Button("多", below=(Button("一", "click", "help"),) * 6),), "five_below"),
    ],
)
def test_a_menu_that_would_not_work_says_why(menu: tuple[Button, ...], code: str) -> None:
    assert [one.code for one in menus.faults(menu)] == [code]


def test_every_code_of_the_reference_has_a_reaction() -> None:
    known = (40001, 42001, 40029, 40164, 43004, 43101, 45009, 45011, 45015, 45047, 47003, 48001)
    assert all(code in errors.REACTIONS for code in known)
    assert errors.reaction(85064) is errors.Reaction.SETTING
    assert errors.reaction(99999) is errors.Reaction.AGAIN


@pytest.mark.parametrize(
    ("words", "want", "number"),
    [
        ("进度", "progress", ""), ("查一下进度", "progress", ""), ("办得怎么样了？", "progress", ""),
        ("进度 261123-048213", "progress", "261123048213"), ("261123048213", "progress", "261123048213"),
        ("查询２６１１２３－０４８２１３", "progress", "261123048213"),
        ("status of 261123-048213", "progress", "261123048213"),
        ("我也遇到 261123-048213", "join", "261123048213"),
        ("帮助", "help", ""), ("你好！", "help", ""),
        ("电话", "contact", ""), ("报修", "report", ""), ("English", "language", ""),
        ("261123-048213 还没修好，又漏水了", "nothing", ""), ("8栋楼道灯坏了", "nothing", ""),
        ("138 1234 5678", "nothing", ""),
    ],
)  # fmt: skip
def test_what_a_line_asks_for(words: str, want: str, number: str) -> None:
    read = wishes.read(words)
    assert (read.want.value, read.number) == (want, number)


@pytest.mark.parametrize(
    ("words", "mark"),
    [
        ("5", 5),
        ("５", 5),
        ("五星", 5),
        ("4分", 4),
        ("⭐⭐⭐", 3),
        ("满意", 5),
        ("没解决", 1),
        ("1", 1),
        ("6", None),
        ("55", None),
        ("灯还不亮", None),
    ],
)
def test_what_mark_a_line_gives(words: str, mark: int | None) -> None:
    assert wishes.stars(words) == mark


@pytest.mark.parametrize(
    ("words", "asks"),
    [
        ("请问居住证怎么办理？", True), ("老年卡在哪里可以办", True), ("图书室几点开门", True),
        ("How do I get a parking permit?", True),
        ("怎么又停水了？", False), ("楼道灯什么时候才能修好？", False), ("为什么没人管", False), ("垃圾三天没清了", False),
    ],
)  # fmt: skip
def test_asking_is_told_from_complaining(words: str, asks: bool) -> None:
    assert wishes.is_question(words) is asks
