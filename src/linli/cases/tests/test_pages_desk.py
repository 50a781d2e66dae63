"""The workbench: everybody begins at their own queue, and a case goes all the way through its pages."""

from __future__ import annotations

import pytest

from linli.cases.rules.workflow import State
from linli.cases.tests.cast import AT, Cast
from linli.cases.tests.desk import at_desk, photo, text
from linli.kernel import clock

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def monday_morning(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: AT)


def test_the_whole_story_goes_through_the_pages(cast: Cast) -> None:
    desk = at_desk(cast, cast.dispatcher)
    entered = desk.client.post(
        "/desk/new/",
        {
            "key": "k1",
            "channel": "desk",
            "words": "8 栋门口的路灯不亮，老人晚上不敢下楼",
            "kind": "help",
            "building": "8 栋",
            "contact_name": "张三",
            "contact_phone": "13800138000",
        },
    )
    assert entered.status_code == 200, text(entered)[:2000]
    number = entered.context["receipt"].number
    assert "张三" not in text(desk.case(number))
    sent = desk.move(
        number,
        "dispatch",
        to=f"o{cast.property_company.pk}",
        category_code="facilities.lighting",
        urgency="normal",
    )
    assert sent.status_code == 302, text(sent)[:3000]
    handler = at_desk(cast, cast.property_handler)
    assert number in text(handler.get("/desk/"))
    assert handler.move(number, "sign").status_code == 302
    done = handler.move(number, "handled", answer="灯泡已更换，今晚起亮灯。", pictures=photo())
    assert done.status_code == 302, text(done)[:3000]
    verifier = at_desk(cast, cast.verifier)
    assert number in text(verifier.get("/desk/"))
    assert verifier.move(number, "close", answer="灯泡已更换，今晚起亮灯。").status_code == 302
    called = verifier.move(number, "follow_up", reached="yes", solved="yes", stars="5")
    assert called.status_code == 302, text(called)[:3000]
    case = cast.case(number)
    assert (case.state, case.solved, case.stars) == (State.FOLLOWED_UP, True, 5)
