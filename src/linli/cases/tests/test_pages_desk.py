"""The workbench: everybody begins at their own queue, and a case goes all the way through its pages."""

from __future__ import annotations

import re
from typing import Any

import pytest

from linli.cases.actions.settings import routing as routing_rules
from linli.cases.forms import desk as forms
from linli.cases.rules.workflow import MEETINGS, TABLE, Need, State, Verb
from linli.cases.tests.cast import AT, Cast
from linli.cases.tests.desk import ENTRY, LIGHTING, at_desk, buttons, photo, text

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("monday_morning")]


# -- the whole story ---------------------------------------------------------------------------------------


def test_the_whole_story_goes_through_the_pages(cast: Cast) -> None:
    desk = at_desk(cast, cast.dispatcher)
    entered = desk.client.post(
        "/desk/new/", {**ENTRY, "contact_name": "张三", "contact_phone": "13800138000"}
    )
    number = entered.context["receipt"].number
    assert entered.context["receipt"].code in text(entered)
    given: Any = {"to": f"o{cast.property_company.pk}", "category_code": LIGHTING, "urgency": "normal"}
    assert desk.move(number, "dispatch", **given).status_code == 302
    handler = at_desk(cast, cast.property_handler)
    assert number in text(handler.get("/desk/"))
    assert handler.move(number, "sign").status_code == 302
    words = "灯泡已更换，今晚起亮灯。"
    assert handler.move(number, "handled", answer=words, pictures=photo()).status_code == 302
    verifier = at_desk(cast, cast.verifier)
    assert number in text(verifier.get("/desk/"))
    assert verifier.move(number, "close", answer=words).status_code == 302
    assert verifier.move(number, "follow_up", reached="yes", solved="yes", stars="5").status_code == 302
    case = cast.case(number)
    assert (case.state, case.solved, case.stars) == (State.FOLLOWED_UP, True, 5)
    page = text(verifier.case(number))
    assert page.count(words) >= 2
    assert "/thumb/" in page


def test_the_next_right_move_is_one_button_with_its_consequence(cast: Cast) -> None:
    sheet = routing_rules.Sheet("路灯给物业", organisation_id=cast.property_company.pk)
    routing_rules.add_rule(actor=cast.leader.actor(), community_id=cast.here.id, sheet=sheet, at=AT)
    number = cast.report(category_code=LIGHTING).number
    desk = at_desk(cast, cast.dispatcher)
    page = text(desk.case(number))
    assert "受理并派给 安居物业" in page
    assert "须在 4 工作时内签收（今天 15:30 前）。" in page
    assert "路灯给物业" in page
    primary = re.search(r'<form[^>]*/dispatch/"[^>]*>.*?</form>', page, re.DOTALL)
    assert primary is not None
    hidden = dict(re.findall(r'name="(\w+)" value="([^"]*)"', primary.group()))
    assert desk.client.post(f"/desk/case/{number}/dispatch/", hidden).status_code == 302
    case = cast.case(number)
    assert (case.state, case.organisation_id) == (State.DISPATCHED, cast.property_company.pk)


def test_every_need_of_every_move_has_its_field() -> None:
    whose = {name: need for name, need in forms._NEED_OF.items()}
    for step in TABLE:
        shown = forms.names(step, forms.Offered(publish=True))
        met = {need for name in shown for need in whose.get(name, frozenset())}
        met |= {Need.PROOF} if "pictures" in shown else set()
        met |= {Need.SOLVED} if "solved" in shown else set()
        met |= {Need.PLACE} if "building" in shown else set()
        if step.verb not in {Verb.RATE, Verb.WITHDRAW, Verb.WHISTLE, *MEETINGS}:
            assert set(step.needs) <= met, step.verb


# -- who sees and may do what --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("who", "offered"),
    [
        ("property_handler", {"sign", "return", "start", "note"}),
        ("dispatcher", {"urge", "note", "classify", "transfer"}),
        ("leader", {"supervise", "void"}),
        ("grid_worker", {"settle", "note"}),
        ("verifier", {"note"}),
        ("auditor", set()),
        ("admin", set()),
    ],
)
def test_everybody_is_offered_their_own_moves(cast: Cast, who: str, offered: set[str]) -> None:
    number = cast.report().number
    cast.dispatched(number)
    shown = buttons(text(at_desk(cast, cast.here.people[who]).case(number)))
    assert offered <= shown
    if not offered:
        assert shown == set()


@pytest.mark.parametrize(
    ("who", "verb"),
    [
        ("verifier", "sign"),
        ("auditor", "note"),
        ("property_handler", "dispatch"),
        ("dispatcher", "sign"),
        ("grid_worker", "void"),
        ("admin", "accept"),
    ],
)
def test_a_move_of_somebody_else_has_no_button_and_is_refused(cast: Cast, who: str, verb: str) -> None:
    number = cast.report().number
    cast.dispatched(number)
    colleague = at_desk(cast, cast.here.people[who])
    assert verb not in buttons(text(colleague.case(number)))
    before = cast.case(number).version
    assert colleague.move(number, verb, reason="test", note="x").status_code == 403
    assert colleague.client.get(f"/desk/case/{number}/{verb}/").status_code == 403
    assert cast.case(number).version == before


def test_the_handler_may_not_check_their_own_work(cast: Cast) -> None:
    number = cast.report(category_code=LIGHTING).number
    worker = at_desk(cast, cast.grid_worker)
    done = worker.move(number, "settle", answer="灯泡已更换。", pictures=photo())
    assert done.status_code == 302
    assert "close" not in buttons(text(worker.case(number)))
    assert worker.move(number, "close", answer="好").status_code == 403


def test_another_community_finds_nothing_behind_any_address(cast: Cast) -> None:
    number = cast.report().number
    cast.dispatched(number)
    with cast.inside():
        clock_id = cast.case(number).clocks.earliest("pk").pk
    for person in (cast.elsewhere.dispatcher, cast.elsewhere.leader):
        other = at_desk(cast, person)
        for path in ("", "map/", "note/", f"clock/{clock_id}/"):
            assert other.client.get(f"/desk/case/{number}/{path}").status_code == 404, path
        for path in ("note/", "reveal/", "sign/"):
            assert other.client.post(f"/desk/case/{number}/{path}", {"note": "x"}).status_code == 404, path
        listed = text(other.get("/desk/", tab="all")) + text(other.part("/desk/rows/", tab="all", q=number))
        assert f'data-row="{number}"' not in listed
    asked = at_desk(cast, cast.elsewhere.dispatcher).get("/desk/", community=str(cast.here.id))
    assert asked.status_code == 404


def test_a_grid_worker_sees_their_grid_and_not_the_next_one(cast: Cast) -> None:
    number = cast.report().number
    assert at_desk(cast, cast.grid_worker).case(number).status_code == 200
    assert at_desk(cast, cast.other_grid_worker).case(number).status_code == 404


def test_residents_have_no_workbench_and_strangers_are_asked_to_sign_in(cast: Cast, client: Any) -> None:
    number = cast.report().number
    resident = at_desk(cast, cast.resident)
    assert resident.get("/desk/").status_code == 403
    assert resident.case(number).status_code == 403
    answer = client.get(f"/desk/case/{number}/")
    assert (answer.status_code, answer["Location"][:10]) == (302, "/sign-in/?")


# -- two at once ---------------------------------------------------------------------------------------------


def test_whoever_was_slower_reads_what_happened_and_keeps_their_words(cast: Cast) -> None:
    number = cast.report().number
    slow = at_desk(cast, cast.dispatcher)
    seen = cast.case(number).version
    cast.move(number, Verb.ACCEPT, cast.leader, category_code=LIGHTING)
    answer = slow.move(
        number, "decline", version=seen, reason="no_fact", answer="核实后没有这回事。", note="已电话问过"
    )
    page = text(answer)
    assert answer.status_code == 409
    assert "李书记" in page
    assert "已受理 · 照明" in page
    assert "核实后没有这回事。" in page
    assert f'name="version" value="{seen + 1}"' in page
    assert cast.case(number).state == State.ACCEPTED
    again = slow.move(number, "decline", reason="no_fact", answer="核实后没有这回事。")
    assert (again.status_code, cast.case(number).state) == (302, State.DECLINED)


def test_words_for_a_move_that_no_longer_fits_are_shown_again(cast: Cast) -> None:
    number = cast.report().number
    cast.dispatched(number)
    handler = at_desk(cast, cast.property_handler)
    seen = cast.case(number).version
    cast.move(number, Verb.VOID, cast.leader, reason="test", note="演练")
    answer = handler.move(number, "return", version=seen, reason="wrong_place", note="不在我们小区")
    assert answer.status_code == 409
    assert "不在我们小区" in text(answer)
    assert cast.case(number).state == State.VOIDED


def test_what_is_missing_is_said_beside_its_field_and_nothing_is_lost(cast: Cast) -> None:
    number = cast.report().number
    cast.dispatched(number)
    handler = at_desk(cast, cast.property_handler)
    handler.move(number, "sign")
    bare = handler.move(number, "handled", answer="换好了，电话 13800138000", by_htmx=True)
    page = text(bare)
    assert bare.status_code == 422
    assert "至少需要一张处置结果的照片" in page or "照片" in page
    assert "换好了，电话 13800138000" in page
    kept = handler.move(number, "handled", answer="换好了，电话 13800138000", pictures=photo())
    tickets = re.search(r'name="tickets" value="([0-9a-f-]{36})"', text(kept))
    assert kept.status_code == 422
    assert tickets is not None
    done = handler.move(number, "handled", answer="换好了。", tickets=tickets.group(1))
    assert (done.status_code, cast.case(number).state) == (302, State.HANDLED)


def test_a_file_that_is_no_picture_is_named_and_the_form_stays(cast: Cast) -> None:
    number = cast.report().number
    cast.dispatched(number)
    handler = at_desk(cast, cast.property_handler)
    handler.move(number, "sign")
    bad = photo("notes.png")
    bad.seek(0)
    bad.truncate()
    bad.write(b"this is no picture")
    bad.seek(0)
    answer = handler.move(number, "handled", answer="换好了。", pictures=bad)
    assert (answer.status_code, "notes.png" in text(answer)) == (422, True)


# -- parts of the page ---------------------------------------------------------------------------------------


def test_htmx_gets_the_case_its_row_and_the_side_and_no_page(cast: Cast) -> None:
    number = cast.report().number
    desk = at_desk(cast, cast.dispatcher)
    part = desk.part(f"/desk/case/{number}/", tab="to_accept")
    said = text(part)
    assert "<html" not in said
    assert f'id="row-{number}"' in said
    assert 'id="side" hx-swap-oob' in said
    assert "HX-Request" in part["Vary"]
    moved = desk.move(number, "accept", category_code=LIGHTING, urgency="normal", by_htmx=True)
    assert moved.status_code == 200
    assert "已受理" in text(moved)
    assert moved["HX-Replace-Url"] == f"/desk/case/{number}/"  # loading it again shows the case


def test_a_link_to_a_move_that_no_longer_fits_leads_to_the_case(cast: Cast) -> None:
    number = cast.report().number
    desk = at_desk(cast, cast.dispatcher)
    desk.move(number, "accept", category_code=LIGHTING, urgency="normal")
    late = desk.get(f"/desk/case/{number}/accept/")
    assert (late.status_code, late["Location"]) == (302, f"/desk/case/{number}/")


def test_nothing_on_the_pages_is_inline(cast: Cast) -> None:
    number = cast.report().number
    desk = at_desk(cast, cast.dispatcher)
    for path in ("/desk/", f"/desk/case/{number}/", f"/desk/case/{number}/dispatch/", "/desk/new/"):
        page = text(desk.get(path))
        assert not re.search(r"<[^>]+\sstyle=|<style|<[^>]+\son\w+=|<script(?![^>]*src=)", page), path
