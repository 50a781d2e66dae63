"""Announcements and telling people: who hears of one, when, once; and when it is changed or taken down."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from linli.cases.tests.cast import AT, Cast, Person, sign_in
from linli.grids.queries import day_of
from linli.kernel import events
from linli.notices.actions import mailing
from linli.notices.models import Notice
from linli.publishing import actions
from linli.publishing.models import Announcement
from linli.publishing.rules import Draft, Tell
from linli.site import announcing

pytestmark = pytest.mark.django_db
NEW = "/desk/announcements/new/"


@pytest.fixture
def heard(monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """What the worker would do with the facts published since: the journeys of announcements."""
    found: list[Any] = []
    publish = events.publish

    def note(*facts: Any) -> None:
        found.extend(facts)
        publish(*facts)

    monkeypatch.setattr(events, "publish", note)

    def work() -> None:
        for fact in list(found):
            for reaction in events._reactions.get(type(fact), {}).values():
                if reaction.__module__ == announcing.__name__:
                    reaction(fact)
                    reaction(fact)  # at least once, so perhaps twice
        found.clear()

    return work


def draft(at: datetime = AT, **more: Any) -> Draft:
    told = {"title_zh": "周四停水", "words_zh": "9 时至 17 时检修水管。", "title_en": "", "words_en": ""}
    days = {"from_date": day_of(at), "last_date": day_of(at) + timedelta(days=3)}
    return Draft(**{**told, **days, **more})


def published(cast: Cast, place: str = "building", tell: Tell = Tell.USUAL, **more: Any) -> Any:
    return actions.publish(
        actor=cast.leader.actor(),
        place_id=cast.here.places[place].id,
        draft=draft(**more),
        key=uuid4(),
        at=AT,
        tell=tell,
    )


def told(cast: Cast, person: Person) -> list[tuple[str, str]]:
    rows = Notice.objects.filter(account_id=person.account_id).order_by("pk")
    return list(rows.values_list("title", "state"))


def test_everybody_at_the_place_is_told_once_and_nobody_elsewhere(
    cast: Cast, heard: Callable[[], None]
) -> None:
    with cast.inside():
        row = published(cast)
        heard()
        assert mailing.spread(AT) == 2  # the resident and her neighbour
        assert [title for title, _state in told(cast, cast.resident)] == ["周四停水"]
        kept = Notice.objects.get(account_id=cast.resident.account_id)
        assert kept.link.endswith(f"/announcements/{row.pk}/")
        heard()
        assert mailing.spread(AT + timedelta(minutes=1)) == 0
        (one,) = announcing.MailingsOfAnnouncements().mailed(cast.here.id, row.pk)
        assert (one.about, one.people, one.stopped) == ("first", 2, False)


def test_nobody_is_told_where_its_author_does_not_want_it(cast: Cast, heard: Callable[[], None]) -> None:
    with cast.inside():
        published(cast, tell=Tell.NO)
        heard()
        assert mailing.spread(AT) == 0


def test_what_is_written_ahead_is_told_on_its_morning_and_not_before(
    cast: Cast, heard: Callable[[], None]
) -> None:
    later = AT + timedelta(days=2)
    with cast.inside():
        row = published(cast, from_date=day_of(later), last_date=day_of(later))
        assert actions.begin_due(later.replace(hour=7)) == 0
        heard()
        assert mailing.spread(later) == 0
        assert actions.begin_due(later.replace(hour=8)) == 1
        assert actions.begin_due(later.replace(hour=9)) == 0
        heard()
        assert mailing.spread(later.replace(hour=9)) == 2
        row.refresh_from_db()
        assert row.begun_at == later.replace(hour=8)


def test_a_change_goes_into_what_waits_and_a_correction_is_told_to_everybody(
    cast: Cast, heard: Callable[[], None]
) -> None:
    with cast.inside():
        row = published(cast)
        heard()
        mailing.spread(AT)
        leader, again = cast.leader.actor(), {"announcement_id": row.pk, "at": AT + timedelta(minutes=1)}
        actions.change(actor=leader, draft=draft(title_zh="周五停水"), version=1, **again)
        heard()
        assert [title for title, _ in told(cast, cast.resident)] == ["周五停水"]
        Notice.objects.filter(account_id=cast.neighbour.account_id).update(state="sent")
        actions.change(actor=leader, draft=draft(title_zh="周六停水"), version=2, **again | {"again": True})
        heard()
        assert mailing.spread(AT + timedelta(minutes=2)) == 2
        assert told(cast, cast.resident)[0] == ("周五停水", "given_up")
        assert told(cast, cast.resident)[1][0] == "更正：周六停水"
        assert [title for title, _ in told(cast, cast.neighbour)] == ["周五停水", "更正：周六停水"]


def test_who_was_told_hears_that_it_no_longer_holds_and_nobody_else(
    cast: Cast, heard: Callable[[], None]
) -> None:
    with cast.inside():
        row = published(cast)
        heard()
        mailing.spread(AT)
        Notice.objects.filter(account_id=cast.resident.account_id).update(state="sent")
        later = AT + timedelta(minutes=5)
        actions.withdraw(actor=cast.leader.actor(), announcement_id=row.pk, at=later, tell=True)
        heard()
        assert mailing.spread(later) == 1
        assert [title for title, _ in told(cast, cast.resident)] == ["周四停水", "不再有效：周四停水"]
        assert told(cast, cast.neighbour) == [("周四停水", "given_up")]


def test_one_withdrawn_before_the_worker_comes_to_it_is_told_to_nobody(
    cast: Cast, heard: Callable[[], None]
) -> None:
    with cast.inside():
        row = published(cast)
        actions.withdraw(actor=cast.leader.actor(), announcement_id=row.pk, at=AT, tell=True)
        heard()
        assert mailing.spread(AT) == 0


def test_the_desk_asks_how_many_before_it_goes_out(cast: Cast, monday_morning: datetime) -> None:
    desk, day = sign_in(Client(), cast.leader), day_of(monday_morning)
    building = cast.here.places["building"].id
    form = {
        "place": building, "title_zh": "周四停水", "words_zh": "检修水管。", "tell": "urgent",
        "from_date": day.isoformat(), "last_date": day.isoformat(), "key": str(uuid4()),
    }  # fmt: skip
    asked = desk.post(NEW, form)
    page = asked.content.decode()
    assert asked.status_code == 200
    assert "确认通知 2 人" in page
    assert "短信最多 2 条" in page
    with cast.inside():
        assert Announcement.objects.count() == 0
        sure = f"{building}:urgent:first"
        for _twice in range(2):
            assert desk.post(NEW, {**form, "sure": sure}).status_code == 302
        row = Announcement.objects.get()
    shown = desk.get(f"/desk/announcements/{row.pk}/").content.decode()
    assert "还没有通知任何人" in shown
    worker = sign_in(Client(), cast.grid_worker)
    assert 'value="urgent"' not in worker.get(NEW).content.decode()
    refused = worker.post(NEW, {**form, "key": str(uuid4()), "sure": sure})
    assert refused.status_code == 422
