"""Reports that waited on a phone: whose they are, that they come once, and a way on from every refusal."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from django.test import Client

from linli.cases.models import Case
from linli.cases.tests.cast import AT, Cast, sign_in
from linli.cases.tests.resident import WORDS, at_building, body, code_in, key_of, photo, say
from linli.grids.actions import wishes

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("this_evening")]
KEY = "0" * 31 + "1"


def asked(client: Client) -> dict[str, Any]:
    """What the door tells a phone before it sends."""
    return dict(client.get("/report/outbox/").json())


def send(client: Client, cast: Cast, **more: Any) -> Any:
    given = {
        "owner": asked(client)["owner"],
        "idempotency_key": KEY,
        "place": cast.building.code,
        "words": WORDS,
        "kind": "help",
        "how": "here",
        "who": "anonymous",
        "tickets": "[]",
    }
    return client.post("/report/outbox/", given | more)


def count(cast: Cast) -> int:
    with cast.inside():
        return Case.objects.count()


def number_of(sent: Any) -> str:
    return str(sent.json()["url"]).rstrip("/").rpartition("/")[2]


def test_a_report_that_waited_is_taken_where_it_was_written_and_its_receipt_is_shown(
    client: Client, cast: Cast
) -> None:
    sent = send(client, cast)
    assert sent.status_code == 201
    case = cast.case(number_of(sent))
    assert (case.words, case.building_id, case.anonymous) == (WORDS, cast.building.id, True)
    assert sent.json()["number"] in sent.json()["words"]
    assert code_in(client.get(sent.json()["url"]))


def test_it_is_sent_under_the_account_that_wrote_it(client: Client, cast: Cast) -> None:
    sent = send(sign_in(client, cast.resident), cast, who="account")
    case = cast.case(number_of(sent))
    assert case.reporter_id == cast.resident.account_id
    with cast.inside():
        assert case.contact_phone == cast.resident.phone


def test_nobody_sends_what_another_person_wrote_on_the_same_phone(cast: Cast) -> None:
    resident, neighbour, passer_by = (
        sign_in(Client(), cast.resident),
        sign_in(Client(), cast.neighbour),
        Client(),
    )
    marks = {asked(each)["owner"] for each in (resident, neighbour, passer_by)}
    assert len(marks) == 3
    for other in marks - {asked(neighbour)["owner"]}:
        answer = send(neighbour, cast, owner=other)
        assert (answer.status_code, answer.json()["code"]) == (409, "other_owner")
    assert count(cast) == 0


def test_the_mark_of_an_account_is_the_same_after_signing_in_again_and_tells_nothing(cast: Cast) -> None:
    first = asked(sign_in(Client(), cast.resident))["owner"]
    assert asked(sign_in(Client(), cast.resident))["owner"] == first
    assert str(cast.resident.account_id) != first.lstrip("a")
    assert re.fullmatch(r"a[0-9a-f]{24}", first)


def test_sending_twice_makes_one_case(client: Client, cast: Cast) -> None:
    assert send(client, cast).json() == send(client, cast).json()
    assert count(cast) == 1


def test_what_step_three_has_sent_already_is_not_sent_again(client: Client, cast: Cast) -> None:
    say(at_building(client, cast))
    client.post("/report/place/", {"how": "here"})
    key = key_of(client.get("/report/send/"))
    first = client.post("/report/send/", {"who": "anonymous", "idempotency_key": key})
    assert send(client, cast, idempotency_key=key).json()["url"] == first["Location"]
    assert count(cast) == 1


def test_a_report_that_went_by_the_outbox_leaves_no_draft_behind(client: Client, cast: Cast) -> None:
    say(at_building(client, cast))
    key = key_of(client.get("/report/send/", follow=True))
    send(client, cast, idempotency_key=key)
    assert WORDS not in body(client.get("/report/"))


def test_pictures_go_ahead_one_by_one_and_come_with_the_report(client: Client, cast: Cast) -> None:
    taken = client.post("/upload/", {"file": photo(), "place": cast.building.code})
    assert taken.status_code == 201
    sent = send(client, cast, tickets=json.dumps([taken.json()["ticket"]]))
    with cast.inside():
        assert cast.case(number_of(sent)).attachments.count() == 1


def test_pictures_that_waited_too_long_are_asked_for_again(client: Client, cast: Cast) -> None:
    answer = send(client, cast, tickets='["00000000-0000-4000-8000-000000000000"]')
    assert (answer.status_code, answer.json()["code"]) == (409, "files_gone")
    assert count(cast) == 0


def test_the_same_key_with_other_words_is_said_so(cast: Cast) -> None:
    first, again = sign_in(Client(), cast.resident), sign_in(Client(), cast.resident)
    send(first, cast, who="account")
    answer = send(again, cast, who="account", words="是另外一件事，不是路灯")
    assert (answer.status_code, answer.json()["code"]) == (409, "key_reused")
    assert count(cast) == 1


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"words": "?"}, "至少 2 个字"),
        ({"how": "elsewhere", "address": ""}, "请说一下在哪里"),
        ({"who": "other", "contact_phone": "abc"}, "电话"),
        ({"tickets": "{"}, ""),
        ({"idempotency_key": ""}, ""),
    ],
)
def test_what_has_to_be_changed_is_said_in_words(client: Client, cast: Cast, wrong: Any, said: str) -> None:
    answer = send(client, cast, **wrong)
    assert (answer.status_code, answer.json()["code"]) == (422, "refused")
    assert said in " ".join(answer.json()["errors"])
    assert count(cast) == 0


@pytest.mark.parametrize("place", ["520113008006999", "x" * 30, "0"])
def test_a_place_that_is_gone_is_said_so_to_the_report_and_to_its_pictures(
    client: Client, cast: Cast, place: str
) -> None:
    answer = send(client, cast, place=place)
    assert (answer.status_code, answer.json()["code"]) == (409, "place_gone")
    assert client.post("/upload/", {"file": photo(), "place": place}).status_code == 409


def test_a_report_without_a_place_is_for_where_its_reader_is(client: Client, cast: Cast) -> None:
    assert send(client, cast, place="").json()["code"] == "place_gone"
    at_building(client, cast)
    assert cast.case(number_of(send(client, cast, place=""))).building_id == cast.building.id


def test_where_one_has_to_sign_in_it_waits_for_that(client: Client, cast: Cast) -> None:
    wishes.set_setting(
        actor=cast.leader.actor(), community_id=cast.here.id, key="anonymous_reports", value=False, at=AT
    )
    answer = send(client, cast)
    assert (answer.status_code, answer.json()["code"]) == (403, "sign_in")
    assert count(cast) == 0


def test_a_report_written_offline_that_tells_of_danger_rings(client: Client, cast: Cast) -> None:
    case = cast.case(number_of(send(client, cast, words="8 栋 3 楼着火了，冒浓烟")))
    assert case.urgency == "critical"


def test_the_page_for_when_there_is_no_net_is_the_same_for_everybody(cast: Cast) -> None:
    def shown(client: Client) -> str:
        answer = client.get("/report/offline/")
        assert not answer.cookies
        return re.sub(r'[nN]once(="|":")[^"]+"', "", body(answer))

    own = sign_in(Client(), cast.resident)
    at_building(own, cast)
    asked(own)
    assert shown(own) == shown(Client())
    assert 'name="linli-device" content=""' in shown(own)
    assert "csrf" not in shown(own).lower()


def test_the_report_page_says_whose_it_is_and_my_things_has_the_list(client: Client, cast: Cast) -> None:
    at_building(client, cast)
    page = body(client.get("/report/"))
    assert f'name="linli-device" content="{asked(client)["owner"]}"' in page
    assert f'data-place="{cast.building.code}"' in page
    assert "data-waiting" in body(client.get("/my/"))
