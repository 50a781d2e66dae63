"""The form on paper: printed for a place, typed in by staff on its writer's behalf, with a receipt to hand over."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from linli.cases import paper_form
from linli.cases.models import Case
from linli.cases.paper_form import Sheet
from linli.cases.tests.cast import Cast, sign_in
from linli.cases.tests.desk import ENTRY, at_desk, text
from linli.grids.queries import subtree
from linli.kernel import sealed

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("monday_morning")]
PAGE = re.compile(rb"/Type\s*/Page\b")


@pytest.mark.parametrize("language", ["zh-hans", "en", "ja"])
def test_the_blank_form_is_one_sheet_for_anybody(client: Client, cast: Cast, language: str) -> None:
    answer = client.get(f"/place/{cast.building.code}/form.pdf", {"language": language, "each": "building"})
    assert answer["Content-Type"] == "application/pdf"
    assert len(PAGE.findall(answer.content)) == 1
    assert len(answer.content) < 40_000, "no font is carried along"


def test_staff_print_a_sheet_for_every_building(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    drawn: list[Sheet] = []

    def keep(sheets: list[Sheet], *, title: str) -> bytes:
        drawn.extend(sheets)
        return title.encode()

    monkeypatch.setattr(paper_form, "draw", keep)
    worker = at_desk(cast, cast.grid_worker)
    worker.get(f"/place/{cast.here.code}/form.pdf", each="building")
    assert len(drawn) == len(subtree(cast.here.places["community"].path, "building")) > 1
    assert any(sheet.place.endswith(" · 8 栋") for sheet in drawn)
    assert len({sheet.address for sheet in drawn}) == len(drawn), "each has its own code"
    assert all("/p/" in sheet.address or "/place/" in sheet.address for sheet in drawn)
    assert all("0851-85550001" in sheet.hand_in for sheet in drawn)


def test_a_worker_types_in_a_pile(cast: Cast) -> None:
    worker = at_desk(cast, cast.grid_worker)
    address = f"/desk/new/?road=paper&place={cast.building.code}"
    first = text(worker.client.get(address))
    assert re.search(r'name="channel" value="paper"[^>]*checked', first)
    assert 'value="8 栋"' in first, "the building stands there already"
    given = {**ENTRY, "channel": "paper", "contact_name": "陈奶奶", "contact_phone": "13812345678"}
    done = worker.client.post(address, given)
    receipt = done.context["receipt"]
    case = cast.case(receipt.number)
    assert (case.channel, case.reporter_id, case.assisted_by_id) == (
        "paper",
        None,
        cast.grid_worker.account_id,
    )
    assert case.contact_phone == "13812345678"
    assert case.contact_index == sealed.blind_index("phone", "13812345678")
    said = text(done)
    assert said.count(receipt.code) == 2, "on the page and on the slip"
    assert "13812345678" not in said.partition("desk-slip")[2]
    assert f'href="/desk/new/?road=paper&amp;place={cast.building.code}"' in said
    assert "您今天录入了 1 张纸质表" in text(worker.client.get(address))
    assert "您今天录入了 0 张纸质表" in text(at_desk(cast, cast.dispatcher).client.get(address))
    shown = text(at_desk(cast, cast.dispatcher).case(receipt.number))
    assert "纸质表" in shown
    assert f"由 {cast.grid_worker.name} 代为录入" in shown


def test_the_writer_follows_it_with_what_stands_on_the_slip(client: Client, cast: Cast) -> None:
    receipt = at_desk(cast, cast.dispatcher).client.post(
        "/desk/new/", {**ENTRY, "channel": "paper", "anonymous": "on", "contact_phone": "13812345678"}
    ).context["receipt"]  # fmt: skip
    assert cast.case(receipt.number).contact_phone is None
    asked = text(client.get(f"/follow/?number={receipt.number}"))
    assert f'value="{receipt.number}"' in asked
    client.post("/follow/", {"number": receipt.number, "code": receipt.code})
    assert "工作人员替您登记" in text(client.get(f"/case/{receipt.number}/"))


def test_a_place_elsewhere_and_a_strange_road_are_left_aside(cast: Cast) -> None:
    worker = at_desk(cast, cast.dispatcher)
    page = text(worker.client.get(f"/desk/new/?road=telepathy&place={cast.elsewhere.code}"))
    assert re.search(r'name="channel" value="desk"[^>]*checked', page)
    assert text(worker.client.get("/desk/new/?road=paper&place=%00")) != ""


def test_a_resident_types_in_nothing_for_others(cast: Cast) -> None:
    home = sign_in(Client(), cast.resident)
    assert home.post("/desk/new/", {**ENTRY, "channel": "paper"}).status_code in (302, 403)
    with cast.inside():
        assert not Case.objects.exists()
