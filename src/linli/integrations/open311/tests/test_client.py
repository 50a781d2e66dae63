"""The client: a case goes to another city's server, is followed there, and its result comes back as a move."""

from __future__ import annotations

from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
from PIL import Image

from linli.cases.events import CaseMoved
from linli.cases.models import Attachment, Move
from linli.cases.rules.intake import Refused
from linli.cases.rules.workflow import Verb
from linli.cases.tests.cast import AT, Cast
from linli.integrations.open311 import reactions
from linli.integrations.open311.actions import endpoints, files, forwarding, own_data, sending
from linli.integrations.open311.models import Endpoint, Forward, LinkedFile, Question, Shows
from linli.integrations.open311.ports import Line
from linli.integrations.open311.tests.apps import ELSEWHERE, LIGHTING, App, key_for
from linli.integrations.open311.tests.lines import SERVICES, TAKEN, URL, OurServer, Server, standing, xml
from linli.kernel.access import Forbidden, NotFound
from linli.kernel.outside import Answer, Unreached

pytestmark = [pytest.mark.django_db]
SOON = AT + timedelta(minutes=1)


def endpoint(cast: Cast, line: Line | None = None, **more: Any) -> Endpoint:
    """Another city's server, its list read."""
    wanted = endpoints.Wanted(name="省城 311", url=f"{URL}/", **{"api_key": "secret-key", **more})
    leader = cast.leader.actor()
    with cast.inside():
        made = endpoints.enter(actor=leader, community_id=cast.here.id, wanted=wanted, at=AT)
        read = line or Server({"GET services.xml": SERVICES})
        endpoints.look(actor=leader, community_id=cast.here.id, endpoint_id=made.pk, at=AT, line=read)
        made.refresh_from_db()
    return made


def forwarded(cast: Cast, to: Endpoint, code: str = "L1", **more: Any) -> tuple[str, Forward]:
    """A resident's report, sent on by the dispatcher."""
    number = cast.report().number
    given = {"words": "路灯不亮", "address": "8 栋", **more}
    wanted = forwarding.Wanted(to.pk, code, **given)
    with cast.inside():
        return number, forwarding.forward(actor=cast.dispatcher.actor(), number=number, wanted=wanted, at=AT)


def now(cast: Cast, row: Forward) -> Forward:
    """The row as it is kept."""
    with cast.inside():
        return Forward.objects.get(pk=row.pk)


def notes(cast: Cast, number: str) -> list[str]:
    """What the house noted on the case."""
    with cast.inside():
        found = Move.objects.filter(case__number=number, verb="note").order_by("seq")
        return list(found.values_list("note", flat=True))


def test_a_case_goes_to_our_own_server_in_another_community_and_its_result_comes_back(
    cast: Cast, app: App
) -> None:
    with cast.inside(cast.elsewhere):
        key = key_for(cast.elsewhere, Shows.NOW, "金阳转办")
    line = OurServer()
    to = endpoint(cast, line, jurisdiction=ELSEWHERE, api_key=key, repeats=True)
    assert LIGHTING in {one["service_code"] for one in to.services}
    number, row = forwarded(cast, to, LIGHTING)
    assert sending.send_waiting(SOON, line) == 1
    sent = now(cast, row)
    assert (sent.state, sent.trouble) == ("followed", "")
    there = cast.case(sent.remote_id)
    assert (there.community_id, there.words, there.channel) == (cast.elsewhere.id, "路灯不亮", "open311")
    assert sent.remote_id in notes(cast, number)[0]
    assert sending.follow(SOON + timedelta(minutes=6), line) == 1
    assert now(cast, row).remote_status == "open"
    cast.move(sent.remote_id, Verb.REPLY, cast.elsewhere.dispatcher, at=AT, answer="已更换灯头，今晚亮灯。")
    sending.follow(SOON + timedelta(minutes=12), line)
    closed = now(cast, row)
    assert (closed.state, closed.remote_status) == ("closed", "closed")
    assert "已更换灯头" in notes(cast, number)[-1]
    assert cast.case(number).state == "reported"  # a person here decides


def test_a_result_answers_the_resident_where_that_is_wished(cast: Cast) -> None:
    line = Server({"GET services.xml": SERVICES, "POST requests.xml": TAKEN})
    number, row = forwarded(cast, endpoint(cast, answers=True))
    sending.send_waiting(SOON, line)
    line.says["GET requests.xml"] = standing("closed", "Done. Call 13912345678.")
    sending.follow(SOON + timedelta(minutes=6), line)
    case = cast.case(number)
    assert case.state == "closed"
    assert case.answer.startswith("Done.")
    assert "13912345678" not in case.answer
    told = now(cast, row)
    assert (told.agency, told.state) == ("Works", "closed")
    assert told.expected_at is not None


def test_each_change_is_told_once_and_what_is_opened_again_there_is_followed_on(cast: Cast) -> None:
    line = Server(
        {"GET services.xml": SERVICES, "POST requests.xml": TAKEN, "GET requests.xml": standing("open")}
    )
    number, row = forwarded(cast, endpoint(cast))
    sending.send_waiting(SOON, line)
    at = SOON
    for said in ("open", "open", "closed", "closed", "open"):
        line.says["GET requests.xml"] = standing(said, f"now {said}")
        at += timedelta(days=1, minutes=1)
        assert sending.follow(at, line) == 1
    assert [note.partition("now ")[2] for note in notes(cast, number)[1:]] == ["open", "closed", "open"]
    assert now(cast, row).state == "followed"


def test_a_token_becomes_a_number(cast: Cast) -> None:
    token = xml("<service_requests><request><token>t/1</token></request></service_requests>")
    line = Server({"GET services.xml": SERVICES, "POST requests.xml": token})
    _, row = forwarded(cast, endpoint(cast))
    sending.send_waiting(SOON, line)
    assert (now(cast, row).state, now(cast, row).token) == ("token", "t/1")
    empty = xml(
        "<service_requests><request><token>t</token><service_request_id/></request></service_requests>"
    )
    line.says["GET tokens/t%2F1.xml"] = empty
    sending.follow(SOON + timedelta(minutes=3), line)
    assert now(cast, row).state == "token"
    line.says["GET tokens/t%2F1.xml"] = TAKEN
    sending.follow(SOON + timedelta(minutes=6), line)
    assert (now(cast, row).state, now(cast, row).remote_id) == ("followed", "77")


@pytest.mark.parametrize(
    ("door", "answer", "repeats", "state", "trouble"),
    [
        (Unreached("unreachable", again=True), TAKEN, False, "waiting", "unreachable"),
        (Answer(500, {}, b"<html>"), TAKEN, False, "waiting", "status"),
        (SERVICES, Unreached("timeout", again=True), False, "unsure", "timeout"),
        (SERVICES, Unreached("timeout", again=True), True, "waiting", "timeout"),
        (SERVICES, Unreached("inside", again=False), False, "waiting", "inside"),
        (SERVICES, Answer(500, {}, b"oops"), False, "unsure", "status"),
        (SERVICES, Answer(503, {}, b""), False, "waiting", "busy"),
        (SERVICES, Answer(302, {}, b""), False, "refused", "moved"),
        (SERVICES, Answer(200, {}, b"thanks!"), False, "unsure", "garbled"),
        (SERVICES, Answer(200, {}, b"[]"), False, "told", ""),
        (SERVICES, Answer(200, {}, b'[{"service_request_id": 5}]'), False, "followed", ""),
        (SERVICES, Answer(403, {}, b""), False, "refused", "key"),
        (
            SERVICES,
            Answer(400, {}, b'[{"code":400,"description":"address required"}]'),
            False,
            "refused",
            "address required",
        ),
    ],
)
def test_what_goes_wrong_on_the_way_is_told(
    cast: Cast, door: Answer | Unreached, answer: Answer | Unreached, repeats: bool, state: str, trouble: str
) -> None:
    number, row = forwarded(cast, endpoint(cast, repeats=repeats))
    line = Server({"GET services.xml": door, "POST requests.xml": answer})
    sending.send_waiting(SOON, line)
    kept = now(cast, row)
    assert (kept.state, kept.trouble) == (state, trouble)
    assert bool(notes(cast, number)) == (state != "waiting")
    if state == "waiting":
        assert kept.next_at == SOON + timedelta(minutes=1)


def test_it_gives_up_after_eight_tries_and_a_person_may_begin_anew(cast: Cast) -> None:
    number, row = forwarded(cast, endpoint(cast))
    line, at = Server({}), AT
    for _ in range(12):
        at += timedelta(hours=3)
        sending.send_waiting(at, line)
    assert (now(cast, row).state, now(cast, row).tries) == ("refused", 8)
    with cast.inside():
        forwarding.decide(
            actor=cast.dispatcher.actor(), number=number, forward_id=row.pk, wish="again", at=at
        )
    sending.send_waiting(at, Server({"GET services.xml": SERVICES, "POST requests.xml": TAKEN}))
    assert now(cast, row).state == "followed"


def test_what_a_dead_worker_left_is_unsure_unless_asking_again_is_harmless(cast: Cast) -> None:
    number, row = forwarded(cast, endpoint(cast))
    with cast.inside():
        Forward.objects.filter(pk=row.pk).update(state="sending", next_at=SOON)
    line = Server({"GET services.xml": SERVICES, "POST requests.xml": TAKEN})
    assert sending.send_waiting(SOON, line) == 0
    assert now(cast, row).state == "unsure"
    with cast.inside():
        say = {"actor": cast.dispatcher.actor(), "number": number, "forward_id": row.pk, "at": SOON}
        with pytest.raises(Refused):
            forwarding.decide(wish="arrived", **say)
        forwarding.decide(wish="arrived", remote_id="99", **say)
        Endpoint.objects.update(repeats=True)
        Forward.objects.filter(pk=row.pk).update(state="sending", next_at=SOON)
    sending.send_waiting(SOON, line)
    assert now(cast, row).remote_id == "77"


def test_a_case_that_is_dispatched_to_the_body_of_an_endpoint_goes_there_once(cast: Cast) -> None:
    to = endpoint(cast, organisation_id=cast.department.pk, service_code="L1")
    number = cast.report("路灯不亮，打 13912345678 找我").number
    cast.move(
        number, Verb.DISPATCH, cast.dispatcher, category_code=LIGHTING, organisation_id=cast.department.pk
    )
    fact = CaseMoved(cast.here.id, number, AT, "dispatch", "reported", "dispatched", 2, cast.department.pk)
    with cast.inside():
        for _ in range(2):
            reactions.forward_dispatched(fact)
        (row,) = Forward.objects.all()
    assert (row.endpoint_id, row.service_code, row.lon) == (to.pk, "L1", cast.building.lon)
    assert "13912345678" not in row.words


def test_a_sensitive_case_never_goes_by_itself(cast: Cast) -> None:
    endpoint(cast, organisation_id=cast.department.pk, service_code="L1")
    number = cast.report().number
    cast.move(
        number, Verb.DISPATCH, cast.dispatcher, category_code="family", organisation_id=cast.department.pk
    )
    with cast.inside():
        assert forwarding.dispatched(number=number, organisation_id=cast.department.pk, at=AT) is None


def test_only_the_desk_sends_on_and_nothing_private_leaves(cast: Cast) -> None:
    to = endpoint(cast)
    number = cast.report().number
    good = forwarding.Wanted(to.pk, "L1", "路灯不亮", "8 栋")
    for who, error in (
        (cast.elsewhere.dispatcher, NotFound),
        (cast.grid_worker, Forbidden),
        (cast.resident, NotFound),
    ):
        with cast.inside(), pytest.raises(error):
            forwarding.forward(actor=who.actor(), number=number, wanted=good, at=AT)
    wrongs = {
        "words": forwarding.Wanted(to.pk, "L1", "找 13912345678", "8 栋"),
        "service_code": forwarding.Wanted(to.pk, "none", "路灯不亮", "8 栋"),
        "address": forwarding.Wanted(to.pk, "L1", "路灯不亮", "", with_point=False),
    }
    for field, wanted in wrongs.items():
        with cast.inside(), pytest.raises(Refused) as refused:
            forwarding.forward(actor=cast.dispatcher.actor(), number=number, wanted=wanted, at=AT)
        assert [one.field for one in refused.value.wrongs] == [field]
    with cast.inside():
        forwarding.forward(actor=cast.dispatcher.actor(), number=number, wanted=good, at=AT)
        with pytest.raises(Refused):
            forwarding.forward(actor=cast.dispatcher.actor(), number=number, wanted=good, at=AT)


def test_attributes_that_the_other_side_requires_are_asked_for_and_sent(cast: Cast, app: App) -> None:
    Question.objects.create(
        community_id=cast.elsewhere.id, category_code=LIGHTING, code="lamp", order=1, datatype="string",
        required=True, description_zh="编号", changed_at=AT,
    )  # fmt: skip
    with cast.inside(cast.elsewhere):
        key = key_for(cast.elsewhere)
    line = OurServer()
    to = endpoint(cast, line, jurisdiction=ELSEWHERE, api_key=key)
    with pytest.raises(Refused) as refused:
        forwarded(cast, to, LIGHTING)
    assert refused.value.wrongs[0].field == "attribute_lamp"
    _, row = forwarded(cast, to, LIGHTING, attributes={"lamp": ["A12"]})
    sending.send_waiting(SOON, line)
    assert cast.case(now(cast, row).remote_id).words == "路灯不亮\n\n编号：A12"


def test_an_address_that_cannot_be_used_is_refused_and_a_key_never_follows_to_another(cast: Cast) -> None:
    leader = cast.leader.actor()
    for url in (
        "ftp://x.example",
        "http://x.example/v2",
        "https://u:p@x.example",
        "https://x.example/v2?a=b",
        "",
    ):
        with cast.inside(), pytest.raises(Refused):
            endpoints.enter(actor=leader, community_id=cast.here.id, wanted=endpoints.Wanted("a", url), at=AT)
    to = endpoint(cast)
    moved = endpoints.Wanted("省城 311", "https://elsewhere.example/v2")
    with cast.inside():
        assert Endpoint.objects.get(pk=to.pk).api_key == "secret-key"
        endpoints.enter(actor=leader, community_id=cast.here.id, wanted=moved, at=AT, endpoint_id=to.pk)
        assert Endpoint.objects.get(pk=to.pk).api_key is None
        with pytest.raises(Forbidden):
            endpoints.enter(actor=cast.dispatcher.actor(), community_id=cast.here.id, wanted=moved, at=AT)


@pytest.mark.parametrize(
    ("answer", "trouble"),
    [
        (Answer(200, {}, b"<html><body>hello"), "garbled"),
        (Answer(200, {}, b'<!DOCTYPE x [<!ENTITY a "b">]><services/>'), "garbled"),
        (Answer(200, {}, b"[]"), "no_services"),
        (Answer(401, {}, b""), "key"),
        (Answer(301, {}, b""), "moved"),
        (Unreached("inside", again=False), "inside"),
        (Answer(404, {}, b'[{"code":404,"description":"no such city"}]'), "no such city"),
    ],
)
def test_a_server_that_does_not_answer_well_is_told_so(
    cast: Cast, answer: Answer | Unreached, trouble: str
) -> None:
    assert endpoint(cast, Server({"GET services.xml": answer})).trouble == trouble


def test_lists_in_other_servers_ways_are_read(cast: Cast) -> None:
    wrapped = b'{"services":[{"service_code":7,"service_name":"Lamp","metadata":false}]}'
    found = endpoint(cast, Server({"GET services.xml": Answer(200, {}, wrapped)}))
    assert [(one["service_code"], one["service_name"]) for one in found.services] == [("7", "Lamp")]


def picture() -> bytes:
    """A small picture."""
    held = BytesIO()
    Image.new("RGB", (20, 20), "blue").save(held, "PNG")
    return held.getvalue()


def test_a_linked_picture_is_fetched_once_and_trouble_is_noted(cast: Cast, app: App) -> None:
    good = app.filed({"media_url": "https://photos.example/1.png"})
    gone = app.filed({"media_url": "https://photos.example/2.png"})
    inside = app.filed({"media_url": "http://10.0.0.1/3.png"})
    line = Server(
        {
            "GET /1.png": Answer(200, {}, picture()),
            "GET /2.png": Answer(503),
            "GET /3.png": Unreached("inside", again=False),
        }
    )
    at = AT
    for _ in range(7):
        files.fetch_waiting(at, line)
        at += timedelta(days=1)
    with cast.inside():
        told = {row.number: (row.state, row.trouble, row.tries) for row in LinkedFile.objects.all()}
        assert told == {
            good: ("kept", "", 1), gone: ("failed", "status", 5), inside: ("failed", "inside", 1),
        }  # fmt: skip
        assert list(Attachment.objects.values_list("case__number", flat=True)) == [good]


def test_who_is_erased_is_erased_here_too(cast: Cast) -> None:
    number, row = forwarded(cast, endpoint(cast))
    assert own_data.held(cast.resident.account_id)["sent_on"][0]["number"] == number
    own_data.erase(cast.resident.account_id, AT)
    kept = now(cast, row)
    assert (kept.state, kept.words, kept.address, kept.lon) == ("withdrawn", "***", "", None)
