"""Codes of places: asked for, made by the sweep at the other side, taken along; and the account for programs."""

from __future__ import annotations

import io
import zipfile
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from linli.cases.tests.cast import AT, sign_in
from linli.cases.tests.programs import program
from linli.integrations.wechat.actions import scenes
from linli.integrations.wechat.models import SceneCode
from linli.integrations.wechat.tests.stage import APP_ID, ME, SECRET, Chat

pytestmark = pytest.mark.django_db
HERE = "/desk/settings/wechat/scenes/"


def codes(chat: Chat) -> list[Any]:
    with chat.inside():
        return list(SceneCode.objects.order_by("pk"))


def test_every_grid_gets_one_code_for_good_and_who_scans_it_stands_there(chat: Chat) -> None:
    leader = sign_in(Client(), chat.cast.leader)
    assert leader.get(HERE).status_code == 200
    for _twice in range(2):
        assert leader.post(HERE, {"level": "grid"})["Location"] == HERE
    assert {one.state for one in codes(chat)} == {"waiting"}
    number = scenes.sweep(AT)
    assert number == len(codes(chat)) >= 2
    assert scenes.sweep(AT) == 0
    first = codes(chat)[0]
    drawn = leader.get(f"{HERE}{first.pk}.svg")
    assert drawn["Content-Type"] == "image/svg+xml"
    archive = zipfile.ZipFile(io.BytesIO(leader.get(f"{HERE}all.zip").content))
    assert len(archive.namelist()) == number + 1
    assert first.scene in archive.read("codes.csv").decode()
    chat.other.scan(APP_ID, ME, first.scene)
    assert chat.follower().place_id == first.place_id
    worker = sign_in(Client(), chat.cast.grid_worker)
    assert worker.get(HERE).status_code in (302, 403)


def test_a_code_that_is_refused_says_why_and_can_be_asked_for_again(chat: Chat) -> None:
    leader = sign_in(Client(), chat.cast.leader)
    leader.post(HERE, {"level": "community"})
    chat.other.fault("code:/cgi-bin/qrcode/create", "48001x1")
    assert scenes.sweep(AT) == 0
    assert (codes(chat)[0].state, codes(chat)[0].code) == ("failed", "48001")
    assert leader.get(HERE).status_code == 200
    leader.post(HERE, {"level": "community"})
    assert scenes.sweep(AT + timedelta(seconds=1)) == 1
    assert leader.post(HERE, {"level": "dwelling"}).status_code == 404


def test_a_program_sets_the_account_up_and_never_reads_a_secret(chat: Chat) -> None:
    leader = program(chat.cast.admin, "admin")
    address = f"/wechat/{chat.cast.here.code}"
    held = leader.get(address)
    assert held.status == 200, held
    assert SECRET not in str(held.body)
    wanted = {"name": "铝兴社区", "app_id": APP_ID, "original_id": held.body["original_id"]}
    assert leader.put(address, wanted).status == 200
    menu = leader.get(f"{address}/menu")
    assert len(menu.body["menu"]) == 3
    entries = [{"name": "我要说", "kind": "click", "value": "report"}]
    assert leader.put(f"{address}/menu", {"menu": entries}).body["pushed"] is False
    assert leader.put(f"{address}/menu", {"menu": [{"name": "x", "kind": "fly"}]}).status == 422
    assert leader.post(f"{address}/menu/push", {}).body["pushed"] is True
    made = leader.post(f"{address}/answers", {"phrases": ["居住证明"], "answer_zh": "到服务大厅办理。"})
    assert made.status == 201
    one = f"{address}/answers/{made.body['id']}"
    assert (
        leader.put(one, {"phrases": ["居住证"], "answer_zh": "到大厅办理。", "on": False}).body["on"] is False
    )
    assert leader.delete(one).status == 204
    assert leader.post(f"{address}/scenes", {"level": "grid"}).body["asked"] >= 2
    assert {row["state"] for row in leader.get(f"{address}/scenes").body} == {"waiting"}
    assert program(chat.cast.admin, "cases:read").get(address).status == 403
