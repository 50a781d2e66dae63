"""Help is written down, and the resident says whether it was given."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import cast as cast_
from uuid import uuid4

import pytest
from django.test import Client

from linli.cases.tests.cast import Person, sign_in
from linli.fieldwork import words_kinds
from linli.fieldwork.actions import services as actions
from linli.fieldwork.models import Service
from linli.fieldwork.queries import kinds, records
from linli.fieldwork.queries import services as queries
from linli.fieldwork.rules.services import SHIPPED, Answer, Called, Given
from linli.grids import actions as grid_actions
from linli.grids import queries as grids
from linli.grids.rows import PlaceRow
from linli.grids.tests.conftest import Ground
from linli.kernel import scope
from linli.kernel.access import Actor, Forbidden, NotFound
from linli.kernel.refusals import Refused
from linli.people import queries as people
from linli.people.actions import tokens
from linli.people.models import Account

pytestmark = pytest.mark.django_db


@dataclass
class Cast:
    """Who is there: a worker, somebody she helped, a neighbour, a caller; and the door."""

    worker: Actor
    resident: Actor
    neighbour: Actor
    caller: Actor
    grid: PlaceRow
    door: PlaceRow
    at: datetime

    def give(self, **more: object) -> Service:
        phone = people.phones([self.resident.person_id])[self.resident.person_id]
        given = Given("e_commerce", "帮忙把干货上架", self.at - timedelta(hours=1), phone=phone)
        return actions.give(
            actor=self.worker, grid_id=self.grid.id, given=given, key=uuid4(), at=self.at
        ).service


@pytest.fixture
def cast(ground: Ground, staff: Callable[..., Actor], person: Callable[..., int], at: datetime) -> Cast:
    grid = ground.at("1001")
    door = grids.subtree(grid.path, "dwelling")[0]
    worker, caller = staff("grid_worker", grid), staff("dispatcher", ground.luxing)
    residents = []
    for name in ("周大妈", "钱老师"):
        account = person(name)
        Account.objects.filter(pk=account).update(phone_proved_at=at)
        actor = grids.actor(account, at)
        assert actor is not None
        grid_actions.follow(actor=actor, place_id=grid.id, at=at)
        again = grids.actor(account, at)
        assert again is not None
        residents.append(again)
    scope.enter([ground.luxing.id])
    return Cast(worker, residents[0], residents[1], caller, grid, door, at)


def signed_in(actor: Actor) -> Client:
    """A browser of this person."""
    return sign_in(Client(), Person(actor.person_id, actor.name, ""))


def program(actor: Actor, at: datetime) -> Client:
    """A program with a token of this person."""
    scopes = ["people:read", "cases:write"]
    _row, secret = tokens.issue_token(actor=replace(actor, mfa=True), name="program", scopes=scopes, at=at)
    return Client(headers={"Authorization": f"Bearer {secret}"})


def one(cast: Cast) -> queries.Served:
    (row,) = records.services(
        cast.grid.community_id, cast.at - timedelta(days=1), cast.at + timedelta(days=1)
    )
    return row


def test_it_counts_only_once_the_resident_says_so_and_the_last_word_counts(cast: Cast) -> None:
    made = cast.give()
    assert (one(cast).confirmed_by, one(cast).denied) == ("", False)
    actions.answer(actor=cast.resident, service_id=made.pk, said=Answer.NO, words="没有人来过", at=cast.at)
    assert (one(cast).confirmed_by, one(cast).denied) == ("", True)
    actions.reply(actor=cast.worker, service_id=made.pk, words="是在活动室帮的", at=cast.at)
    actions.answer(actor=cast.resident, service_id=made.pk, said=Answer.YES, words="", at=cast.at)
    assert (one(cast).confirmed_by, one(cast).denied) == ("tap", False)
    assert [row.said for row in queries.answers(made.pk)] == ["no", "yes"]


def test_only_who_was_helped_answers_and_never_the_helper(cast: Cast) -> None:
    made = cast.give()
    for actor in (cast.neighbour, cast.worker, cast.caller):
        with pytest.raises(NotFound):
            actions.answer(actor=actor, service_id=made.pk, said=Answer.YES, words="", at=cast.at)
    with pytest.raises(NotFound):
        actions.show_code(actor=cast.worker, service_id=made.pk, at=cast.at)


def test_a_code_is_read_out_and_dies_after_wrong_tries_or_time(cast: Cast) -> None:
    made = cast.give()
    code = actions.show_code(actor=cast.resident, service_id=made.pk, at=cast.at)
    other = "000000" if code != "000000" else "111111"
    for _ in range(5):
        with pytest.raises(Refused, match="wrong"):
            actions.confirm_by_code(actor=cast.worker, service_id=made.pk, typed=other, at=cast.at)
    with pytest.raises(Refused, match="over"):
        actions.confirm_by_code(actor=cast.worker, service_id=made.pk, typed=code, at=cast.at)
    code = actions.show_code(actor=cast.resident, service_id=made.pk, at=cast.at)
    with pytest.raises(Refused, match="over"):
        actions.confirm_by_code(
            actor=cast.worker, service_id=made.pk, typed=code, at=cast.at + timedelta(minutes=31)
        )
    actions.confirm_by_code(actor=cast.worker, service_id=made.pk, typed=code, at=cast.at)
    assert one(cast).confirmed_by == "code"
    assert code.encode() not in bytes(Service.objects.get(pk=made.pk).code_digest or b"")


def test_somebody_else_calls_those_drawn_after_two_days_and_a_second_click_counts_once(cast: Cast) -> None:
    made = cast.give()
    Service.objects.filter(pk=made.pk).update(drawn=True)
    later = cast.at + timedelta(days=2)
    assert not queries.to_call(cast.grid.community_id, cast.at)
    assert [row.pk for row in queries.to_call(cast.grid.community_id, later)] == [made.pk]
    for _ in range(2):
        actions.called(
            actor=cast.caller, service_id=made.pk, done=Called.NOT_REACHED, words="", calls=0, at=later
        )
    assert Service.objects.get(pk=made.pk).calls == 1
    actions.called(actor=cast.caller, service_id=made.pk, done=Called.YES, words="", calls=1, at=later)
    assert one(cast).confirmed_by == "call_back"
    assert not queries.to_call(cast.grid.community_id, later)
    with pytest.raises((NotFound, Forbidden)):
        actions.called(actor=cast.worker, service_id=made.pk, done=Called.YES, words="", calls=1, at=later)


def test_what_is_taken_back_counts_for_nothing_and_what_is_answered_stays(cast: Cast) -> None:
    made = cast.give()
    actions.withdraw(actor=cast.worker, service_id=made.pk, at=cast.at)
    assert records.services(cast.grid.community_id, cast.at - timedelta(days=1), cast.at) == []
    with pytest.raises(NotFound):
        actions.answer(actor=cast.resident, service_id=made.pk, said=Answer.YES, words="", at=cast.at)
    other = cast.give()
    actions.answer(actor=cast.resident, service_id=other.pk, said=Answer.NO, words="", at=cast.at)
    with pytest.raises(Refused, match="answered"):
        actions.withdraw(actor=cast.worker, service_id=other.pk, at=cast.at)


def test_the_words_and_the_phone_are_sealed_and_the_key_makes_one(cast: Cast) -> None:
    given = Given("e_commerce", "帮忙把干货上架", cast.at, dwelling_id=cast.door.id)
    key = uuid4()
    first, second = (
        actions.give(actor=cast.worker, grid_id=cast.grid.id, given=given, key=key, at=cast.at)
        for _ in range(2)
    )
    assert first.fresh
    assert not second.fresh
    assert first.service.pk == second.service.pk
    raw = Service.objects.filter(pk=first.service.pk).values_list("words", flat=True)[0]
    assert "干货".encode() not in bytes(cast_(bytes, raw))


def test_a_resident_says_no_with_one_tap_on_the_page(cast: Cast) -> None:
    made = cast.give()
    browser = signed_in(cast.resident)
    page = browser.get("/me/help/").content.decode()
    assert f"/me/help/{made.pk}/" in page
    assert browser.post(f"/me/help/{made.pk}/", {"said": "no"}).status_code == 302
    scope.enter([cast.grid.community_id])
    assert one(cast).denied
    stranger = signed_in(cast.neighbour)
    assert stranger.get(f"/me/help/{made.pk}/").status_code == 404


def test_the_pages_of_the_desk_open_for_those_they_are_for(cast: Cast) -> None:
    made = cast.give()
    worker, caller = signed_in(cast.worker), signed_in(cast.caller)
    for address in (
        "/desk/help/",
        f"/desk/help/new/?building={grids.subtree(cast.grid.path, 'building')[0].id}",
        f"/desk/help/{made.pk}/",
        "/desk/diary/",
        "/desk/rechecks/",
        "/desk/rechecks/?view=own",
    ):
        assert worker.get(address).status_code == 200, address
    assert worker.get("/desk/diary/paper.pdf").content.startswith(b"%PDF")
    assert caller.get("/desk/help/?view=all").status_code == 200
    assert caller.get(f"/desk/help/{made.pk}/call/").status_code == 200
    assert caller.get(f"/desk/help/{made.pk}/").status_code in (403, 404)
    assert worker.get(f"/desk/help/{made.pk}/call/").status_code in (403, 404)


def test_programs_write_help_down_once_and_the_resident_answers(cast: Cast) -> None:
    worker, resident, neighbour = (
        program(one, cast.at) for one in (cast.worker, cast.resident, cast.neighbour)
    )
    phone = people.phones([cast.resident.person_id])[cast.resident.person_id]
    body = {"grid_id": cast.grid.id, "kind": "e_commerce", "words": "帮忙把干货上架", "phone": phone}
    sent = [
        worker.post(
            "/api/v1/fieldwork/services",
            body,
            content_type="application/json",
            headers={"Idempotency-Key": "one"},
        )
        for _ in range(2)
    ]
    assert [one.status_code for one in sent] in ([201, 201], [201, 200])
    made = sent[0].json()
    assert sent[1].json()["id"] == made["id"]
    assert (made["confirmed_by"], made["denied"]) == ("", False)
    listed = resident.get("/api/v1/me/services").json()
    assert [one["id"] for one in listed] == [made["id"]]
    said = resident.post(
        f"/api/v1/me/services/{made['id']}/answer", {"said": "no"}, content_type="application/json"
    )
    assert said.json()["answer"] == "no"
    wrong = worker.post(
        "/api/v1/fieldwork/services", {**body, "kind": "nothing"}, content_type="application/json"
    )
    assert wrong.status_code == 422
    again = neighbour.post(
        f"/api/v1/me/services/{made['id']}/answer", {"said": "yes"}, content_type="application/json"
    )
    assert again.status_code == 404


def test_what_help_is_called_in_the_language_of_who_reads() -> None:
    (shipped, *_more) = SHIPPED
    said = {language: kinds.name(shipped, language) for language in ("zh-hans", "en", "ja")}
    assert said == {"zh-hans": shipped.name_zh, "en": shipped.name_en, "ja": "ネット販売の手伝い"}
    assert set(words_kinds.SHIPPED) == {kind.code for kind in SHIPPED}
    assert kinds.name(replace(shipped, name_zh="直播带货"), "ja") == shipped.name_en
