"""The other side in a demo: what one does there reaches the community, and nothing of it is there outside a demo."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from linli.cases.tests.cast import AT, Cast
from linli.cases.tests.desk import text
from linli.integrations.hotline import demo
from linli.integrations.hotline.models import Line
from linli.kernel import scope


@pytest.fixture
def shown(settings: Any, tmp_path: Path) -> Client:
    settings.LINLI_DEMO = True
    settings.HOME = tmp_path
    settings.LINLI_BASE_URL = "http://127.0.0.1:8123"
    return Client()


@pytest.mark.django_db
def test_an_order_rung_in_is_handed_out_and_what_comes_back_is_shown(
    shown: Client, monday_morning: Any
) -> None:
    assert shown.post("/demo/hotline/", {"words": "路灯不亮了", "address": "8 栋"}).status_code == 302
    known = {"Authorization": "Bearer their-token"}
    (order,) = shown.get("/demo/hotline/api/orders?page=1", headers=known).json()["data"]
    there = f"/demo/hotline/api/orders/{order['orderNo']}/receipt"
    for _ in range(2):
        said = shown.post(
            there,
            {"extOrderNo": "261123000001"},
            content_type="application/json",
            headers={**known, "Idempotency-Key": "k"},
        )
        assert said.json() == {"code": "0"}
    page = text(shown.get("/demo/hotline/"))
    assert page.count("261123000001") == 1
    shown.post(f"/demo/hotline/say/{order['orderNo']}/", {"state": "催办"})
    assert shown.get("/demo/hotline/api/orders", headers=known).json()["data"][0]["status"] == "催办"
    assert shown.get("/demo/hotline/api/orders").status_code == 401
    assert shown.post(there, b"{", content_type="application/json", headers=known).status_code == 400


@pytest.mark.django_db
def test_outside_a_demo_there_is_no_other_side(settings: Any) -> None:
    settings.LINLI_DEMO = False
    assert Client().get("/demo/hotline/").status_code == 404
    assert Client().get("/demo/hotline/api/orders").status_code == 404


def test_the_demos_line_is_opened_once_and_follows_the_port(cast: Cast, shown: Client, settings: Any) -> None:
    settings.LINLI_OUTSIDE_PRIVATE = ["127.0.0.0/8"]
    demo.connect(cast.here.id, at=AT)
    settings.LINLI_BASE_URL = "http://127.0.0.1:8124"
    demo.connect(cast.here.id, at=AT)
    with scope.within([cast.here.id]):
        assert Line.objects.get().address == "http://127.0.0.1:8124/demo/hotline/api"
