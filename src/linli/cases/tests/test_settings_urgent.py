from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client

from linli.cases.actions.settings import urgent as keeping
from linli.cases.models import UrgentRow
from linli.cases.queries import reference, urgent
from linli.cases.rules.intake import Refused
from linli.cases.rules.urgent_phrases import DangerKind
from linli.cases.tests.cast import AT, Cast
from linli.cases.tests.desk import at_desk, text
from linli.kernel.access import Forbidden, NotFound
from linli.kernel.models import AuditEntry

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("monday_morning")]
LIST = "/desk/settings/urgent/"
FORM = {"kind": "hazard", "phrase": "水塔…漏/裂", "level": "critical", "may_come": "normal", "on": "on"}


@pytest.fixture(autouse=True)
def _fresh() -> Any:
    reference.forget()
    yield
    reference.forget()


def rings(cast: Cast, words: str) -> bool:
    return cast.case(cast.report(words=words).number).urgency == "critical"


def add(cast: Cast, phrase: str, **more: Any) -> UrgentRow:
    return keeping.add_line(
        actor=cast.leader.actor(),
        community_id=cast.here.id,
        line=keeping.Line(kind="hazard", phrase=phrase),
        at=AT,
        **more,
    )


def test_a_line_of_our_own_rings_from_its_day_on_and_only_here(cast: Cast) -> None:
    assert not rings(cast, "水塔裂了")
    add(cast, "水塔…漏/裂")
    assert rings(cast, "水塔裂了")
    assert urgent.listed(cast.elsewhere.id).of("own.1") is None
    add(cast, "狮子", valid_from=date(2026, 12, 24))
    assert not rings(cast, "门口有狮子")
    with cast.inside():
        assert AuditEntry.objects.filter(verb="cases.add_urgent").count() == 2


def test_a_shipped_line_is_switched_off_by_a_version_of_our_own_and_taken_back(cast: Cast) -> None:
    line = keeping.Line(kind="fire", phrase="冒烟", on=False)
    who: dict[str, Any] = {"actor": cast.leader.actor(), "community_id": cast.here.id, "at": AT}
    keeping.change_line(code="fire.smoke", line=line, **who)
    assert not rings(cast, "楼道冒烟")
    assert urgent.listed(cast.here.id).version.startswith("list-3+")
    keeping.drop_line(code="fire.smoke", **who)
    assert rings(cast, "楼道冒烟")


def test_a_change_keeps_what_was_said_before(cast: Cast) -> None:
    row = add(cast, "水塔裂")
    UrgentRow.objects.filter(pk=row.pk).update(valid_from=AT.date() - timedelta(days=9))
    keeping.change_line(
        actor=cast.leader.actor(),
        community_id=cast.here.id,
        code=row.code,
        line=keeping.Line(kind="hazard", phrase="水塔漏"),
        at=AT,
    )
    said = [(one.phrase, one.valid_to) for one in urgent.versions(cast.here.id, row.code)]
    assert said == [("水塔漏", None), ("水塔裂", AT.date() - timedelta(days=1))]


@pytest.mark.parametrize("change", [{"phrase": "火"}, {"kind": "ghost"}, {"level": "loud"}, {"phrase": "a…"}])
def test_a_line_that_cannot_work_is_refused(cast: Cast, change: dict[str, Any]) -> None:
    wanted: dict[str, Any] = {"kind": "fire", "phrase": "着火"} | change
    line = keeping.Line(**wanted)
    with pytest.raises(Refused):
        keeping.add_line(actor=cast.leader.actor(), community_id=cast.here.id, line=line, at=AT)
    with pytest.raises(Refused):
        add(cast, "水塔裂", valid_from=date(2026, 1, 1))


def test_only_who_keeps_the_community_changes_its_list(cast: Cast) -> None:
    line = keeping.Line(kind="fire", phrase="着火")
    for person, why in (
        (cast.dispatcher, Forbidden),
        (cast.resident, NotFound),
        (cast.elsewhere.leader, NotFound),
    ):
        with pytest.raises(why):
            keeping.add_line(actor=person.actor(), community_id=cast.here.id, line=line, at=AT)
    with pytest.raises(NotFound):
        keeping.change_line(
            actor=cast.leader.actor(), community_id=cast.here.id, code="no.such", line=line, at=AT
        )
    with pytest.raises(NotFound):
        keeping.drop_line(actor=cast.leader.actor(), community_id=cast.here.id, code="fire.smoke", at=AT)


def test_the_page_lists_the_lines_and_lets_a_sentence_explain_itself(cast: Cast) -> None:
    keeper = at_desk(cast, cast.leader)
    page = text(keeper.get(LIST))
    assert "fire.burning" in page
    assert "119" in page
    tried = text(keeper.client.post(LIST, {"try": "1", "sentence": "去年着火，现在又冒烟了<b>"}))
    assert "去年" in tried
    assert "fire.smoke" in tried
    assert "了<b>" not in tried
    nothing = keeper.client.post(LIST, {"try": "1", "sentence": "路灯不亮"})
    assert nothing.status_code == 200


def test_a_line_is_added_changed_tried_on_past_cases_and_ended_on_the_pages(cast: Cast) -> None:
    number = cast.report(words="水塔裂了一条缝").number
    keeper = at_desk(cast, cast.leader)
    assert "说事" not in text(keeper.get(LIST))  # the first step of a report is called so, not a phrase
    tried = text(keeper.client.post(LIST, FORM | {"past": "1"}))
    assert number in tried
    assert not UrgentRow.objects.exists()
    assert keeper.client.post(LIST, FORM).status_code == 302
    one = f"{LIST}own.1/"
    assert "水塔…漏/裂" in text(keeper.get(one))
    assert (
        keeper.client.post(one, FORM | {"phrase": "水塔倒", "inside": "水塔倒影、 倒计时"}).status_code == 302
    )
    held = urgent.listed(cast.here.id).of("own.1")
    assert held is not None
    assert (held.phrase, held.inside) == ("水塔倒", ("水塔倒影", "倒计时"))
    wrong = keeper.client.post(one, FORM | {"phrase": "水"})
    assert wrong.status_code == 422
    assert keeper.client.post(one, {"drop": "1"}).status_code == 302
    assert urgent.listed(cast.here.id).of("own.1") is None


def test_what_a_resident_is_told_is_the_communitys_own(cast: Cast) -> None:
    keeper = at_desk(cast, cast.leader)
    there = f"{LIST}advice/self_harm/"
    assert "12356" in text(keeper.get(there))
    form = {
        "numbers": "12356 心理援助 Listening line\n0851-1234567 社区夜间值班",
        "words_zh": "我们在。",
        "words_en": "",
    }
    assert keeper.client.post(there, form).status_code == 302
    (told,) = urgent.advice(cast.here.id, [DangerKind.SELF_HARM])
    assert told.words("en") == "我们在。"  # said in Chinese rather than not at all
    assert told.numbers[1] == ("0851-1234567", "社区夜间值班", "")
    assert keeper.client.post(there, form | {"numbers": "hello"}).status_code == 422
    assert keeper.client.post(there, form | {"words_zh": " "}).status_code == 422
    assert keeper.client.post(there, {"drop": "1"}).status_code == 302
    assert "12356" in urgent.advice(cast.here.id, [DangerKind.SELF_HARM])[0].words("zh-hans")
    assert keeper.get(f"{LIST}advice/ghost/").status_code == 404


def test_others_are_not_let_in(cast: Cast, client: Client) -> None:
    assert at_desk(cast, cast.dispatcher).get(LIST).status_code == 403
    assert client.get(LIST).status_code == 302


def test_while_typing_a_resident_reads_what_to_do_now(cast: Cast, client: Client) -> None:
    client.get(f"/report/?place={cast.here.code}")
    part = text(client.post("/report/danger/", {"words": "厨房着火了"}))
    assert "119" in part
    assert text(client.post("/report/danger/", {"words": "路灯不亮"})).strip() == ""
    gentle = text(client.post("/report/danger/", {"words": "我不想活了"}))
    assert "12356" in gentle
    assert "110" in text(client.post("/report/danger/", {"words": "", "danger": "on"}))


def test_the_tap_of_a_resident_rings_and_says_what_to_do(cast: Cast, client: Client) -> None:
    client.get(f"/report/?place={cast.here.code}")
    client.post("/report/", {"words": "快来看看", "kind": "help", "danger": "on"})
    assert "110" in text(client.get("/report/place/"))
    client.post("/report/place/", {"how": "unknown"})
    sent = client.post("/report/send/", {"who": "anonymous"}, follow=True)
    assert "110" in text(sent)
    (number,) = [part for part in sent.request["PATH_INFO"].split("/") if part.isdigit()]
    assert cast.case(number).urgency == "critical"


def test_the_bar_rings_for_the_desk_says_nothing_twice_and_is_answered_once(cast: Cast) -> None:
    number = cast.report(words="3栋着火了").number
    desk, colleague = at_desk(cast, cast.dispatcher), at_desk(cast, cast.leader)
    page = text(desk.get("/desk/"))
    assert 'data-alarm="/desk/alarm/"' in page
    assert f"/desk/alarm/{number}/" in page
    first = desk.part("/desk/alarm/")
    again = desk.client.get("/desk/alarm/", headers={"If-None-Match": first["ETag"]})
    assert again.status_code == 304
    done = desk.client.post(f"/desk/alarm/{number}/")
    assert done["Location"] == f"/desk/case/{number}/"
    assert number not in text(desk.part("/desk/alarm/"))
    late = colleague.client.post(f"/desk/alarm/{number}/", follow=True)
    assert "已经在处理了" in text(late)
    assert text(desk.case(number)).count("desk-rang") == 1
    assert (
        at_desk(cast, cast.elsewhere.people["dispatcher"]).client.post(f"/desk/alarm/{number}/").status_code
        == 404
    )
