"""The assistant beside the form: off by default, masked, within its budget, on record, and never in the way."""

from __future__ import annotations

from typing import Any

import pytest

from linli.cases.tests.cast import Cast
from linli.cases.tests.desk import HTMX, at_desk, text
from linli.kernel.access import NotFound
from linli.triage import ports
from linli.triage.actions import assisting
from linli.triage.models import AssistantCall
from linli.triage.ports import Completion, Unavailable
from linli.triage.rules.assisting import Material

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("monday_morning")]
WORDS = "我叫王小明，8 栋门口的路灯不亮，电话13812345678"


class Fake:
    """An assistant that says what it is told to, and remembers what it was shown."""

    version = "fake-1"

    def __init__(self) -> None:
        self.says: str | Unavailable = "路灯已由【待填】于【待填】更换。"
        self.seen: list[Material] = []

    def summarise(self, material: Material, *, language: str) -> Completion:
        self.seen.append(material)
        if isinstance(self.says, Unavailable):
            raise self.says
        return Completion(self.says, 300, 40)

    draft_answer = summarise


@pytest.fixture
def machine(settings: Any) -> Any:
    settings.LINLI_ASSISTANT_URL = "https://models.example.org/v1"
    held = Fake()
    ports.plug_assistant(held)
    yield held
    ports.plug_assistant(None)


def test_without_an_endpoint_nothing_of_it_is_there(cast: Cast) -> None:
    desk, number = at_desk(cast, cast.dispatcher), cast.report(words=WORDS).number
    assert f"/desk/assistant/{number}/" not in text(desk.get(f"/desk/case/{number}/reply/"))
    assert desk.client.post(f"/desk/assistant/{number}/answer/").status_code == 404
    assert "关" in text(desk.get("/desk/assistant/"))


def test_a_draft_is_made_from_masked_words_shown_as_one_and_recorded_without_text(
    cast: Cast, machine: Fake
) -> None:
    desk, number = at_desk(cast, cast.dispatcher), cast.report(words=WORDS).number
    form = text(desk.get(f"/desk/case/{number}/reply/"))
    assert f"/desk/assistant/{number}/answer/" in form
    part = desk.client.post(f"/desk/assistant/{number}/answer/", headers=HTMX)
    assert "更换" in text(part)
    assert "fake-1" in text(part)
    (seen,) = machine.seen
    assert "王小明" not in seen.words
    assert "13812345678" not in seen.words
    assert number not in str(seen)
    with cast.inside():
        (call,) = AssistantCall.objects.all()
    assert (call.kind, call.outcome, call.tokens_in, call.tokens_out) == ("answer", "done", 300, 40)
    assert call.asked_by_id == cast.dispatcher.account_id
    assert cast.case(number).answer == ""  # nothing was sent or kept
    listed = text(desk.get("/desk/assistant/"))
    assert "fake-1" in listed
    assert number in listed


def test_without_javascript_it_is_a_page_of_its_own(cast: Cast, machine: Fake) -> None:
    desk, number = at_desk(cast, cast.dispatcher), cast.report(words=WORDS).number
    page = desk.client.post(f"/desk/assistant/{number}/summary/")
    assert page.status_code == 200
    assert "<!doctype html>" in text(page).lower()


@pytest.mark.parametrize("code", ["timeout", "busy", "failed", "refused", "garbled", "too_long"])
def test_when_it_fails_the_form_goes_on_without_it(cast: Cast, machine: Fake, code: str) -> None:
    machine.says = Unavailable(code)
    desk, number = at_desk(cast, cast.dispatcher), cast.report(words=WORDS).number
    part = desk.client.post(f"/desk/assistant/{number}/answer/", headers=HTMX)
    assert part.status_code == 200
    assert 'role="status"' in text(part)
    assert desk.client.post(f"/desk/assistant/{number}/answer/").status_code == 503
    with cast.inside():
        assert set(AssistantCall.objects.values_list("outcome", flat=True)) == {code}


def test_what_it_writes_is_text_and_nothing_else(cast: Cast, machine: Fake) -> None:
    machine.says = "<script>alert(1)</script> 见 https://evil.example 13812345678"
    desk, number = at_desk(cast, cast.dispatcher), cast.report(words=WORDS).number
    part = text(desk.client.post(f"/desk/assistant/{number}/summary/", headers=HTMX))
    assert "<script>alert" not in part
    assert "evil.example" not in part
    assert "13812345678" not in part


def test_self_harm_violence_and_sensitive_matters_never_leave(cast: Cast, machine: Fake) -> None:
    desk = at_desk(cast, cast.dispatcher)
    for words in ("我不想活了", "老公又打我了"):
        number = cast.report(words=words).number
        assert desk.client.post(f"/desk/assistant/{number}/summary/", headers=HTMX).status_code == 200
    number = cast.report(words="邻居的事", category_code="family").number
    desk.client.post(f"/desk/assistant/{number}/summary/", headers=HTMX)
    assert machine.seen == []


def test_the_days_budget_of_a_community_ends_and_says_so(cast: Cast, machine: Fake, settings: Any) -> None:
    settings.LINLI_ASSISTANT_TOKENS = 2500
    desk, number = at_desk(cast, cast.dispatcher), cast.report(words=WORDS).number
    for _ in range(4):
        last = desk.client.post(f"/desk/assistant/{number}/answer/", headers=HTMX)
    assert 0 < len(machine.seen) < 4
    assert "额度" in text(last)


def test_nobody_of_another_community_and_nobody_who_only_reads_asks_it(cast: Cast, machine: Fake) -> None:
    number = cast.report(words=WORDS).number
    for person in (cast.elsewhere.people["dispatcher"], cast.resident, cast.stranger):
        with pytest.raises(NotFound):
            assisting.propose(
                actor=person.actor(),
                number=number,
                kind="answer",
                language="zh-hans",
                at=cast.case(number).reported_at,
            )
    auditor = at_desk(cast, cast.here.people["auditor"])
    assert auditor.client.post(f"/desk/assistant/{number}/answer/").status_code == 403
    desk = at_desk(cast, cast.dispatcher)
    assert desk.client.post(f"/desk/assistant/{number}/poem/").status_code == 404
    assert machine.seen == []
