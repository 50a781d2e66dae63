"""From a fact to a receiver: once noted, signed, tried again, given up, sent once more."""

from __future__ import annotations

import json
import threading
from collections import Counter
from datetime import datetime, timedelta
from typing import Any

import jsonschema
import pytest

from linli.cases.events import CaseMoved, CaseReported
from linli.cases.rules.intake import Refused
from linli.cases.tests.cast import AT, Cast
from linli.integrations.webhooks import catalog, reactions
from linli.integrations.webhooks.actions import keeping, post
from linli.integrations.webhooks.actions.keeping import Wanted
from linli.integrations.webhooks.models import Attempt, Delivery, Endpoint
from linli.integrations.webhooks.rules import retrying, signing
from linli.integrations.webhooks.tests.receiver import Receiver
from linli.kernel import clock, scope
from linli.kernel.access import Forbidden, NotFound
from linli.kernel.models import AuditEntry
from linli.notices.models import Notice

pytestmark = pytest.mark.django_db
MOVED = "cases.CaseMoved"


@pytest.fixture(autouse=True)
def in_this_thread(monkeypatch: pytest.MonkeyPatch) -> None:
    """The database's clock stands still at the cast's morning."""
    monkeypatch.setattr(clock, "of_database", lambda: AT)


def made(cast: Cast, url: str, *facts: str) -> tuple[Endpoint, str]:
    with cast.inside():
        return keeping.make(
            actor=cast.leader.actor(), community_id=cast.here.id, at=AT, wanted=Wanted("市平台", url, facts or (MOVED,))
        )  # fmt: skip


def moved(cast: Cast, seq: int = 1, *, at: datetime = AT, community: int = 0) -> CaseMoved:
    return CaseMoved(
        community or cast.here.id, "261123-048213", at, "dispatch", "accepted", "dispatched", seq, 7
    )


def noted(cast: Cast, *facts: Any) -> None:
    for fact in facts:
        with scope.within([fact.community_id]):
            reactions.note(fact)


def sent(at: datetime = AT) -> int:
    return post.Post(2).settle(at)


def only(cast: Cast) -> Delivery:
    with cast.inside():
        return Delivery.objects.get()


def test_a_fact_arrives_signed_as_an_event_that_fits_its_schema(cast: Cast, receiver: Receiver) -> None:
    endpoint, secret = made(cast, receiver.url)
    noted(cast, moved(cast))
    assert sent() == 1
    ((headers, body),) = receiver.came
    told = json.loads(body)
    jsonschema.validate(told["data"], catalog.schema(MOVED))
    assert (told["type"], told["subject"], told["time"]) == (MOVED, "261123-048213", "2026-11-23T02:00:00Z")
    assert told["source"].endswith(f"/communities/{cast.here.code}")
    assert headers["Linli-Event-Id"] == told["id"] == only(cast).event_id
    assert signing.fits(headers["Linli-Signature"], body, secret=secret, now=int(AT.timestamp()))
    with cast.inside():
        row, tried = Delivery.objects.get(), Attempt.objects.get()
        endpoint.refresh_from_db()
    assert (row.state, row.tries, row.ended_at) == ("delivered", 1, AT)
    assert (tried.status, tried.address) == (204, "127.0.0.1")
    assert "Linli-Signature" in tried.request_head
    assert endpoint.delivered_at == AT
    assert sent(AT + timedelta(days=1)) == 0


def test_a_reaction_that_runs_twice_notes_a_fact_once(cast: Cast, receiver: Receiver) -> None:
    made(cast, receiver.url)
    noted(cast, moved(cast), moved(cast), moved(cast, 2))
    with cast.inside():
        assert Delivery.objects.count() == 2


def test_an_endpoint_hears_what_it_asked_for_in_its_own_community_only(
    cast: Cast, receiver: Receiver
) -> None:
    made(cast, receiver.url)
    noted(
        cast,
        CaseReported(cast.here.id, "261123-048213", AT, "page"),
        moved(cast, community=cast.elsewhere.id),
    )
    with cast.inside(cast.here, cast.elsewhere):
        assert Delivery.objects.count() == 0
    with cast.inside():
        Endpoint.objects.update(facts=["*"])
    noted(cast, CaseReported(cast.here.id, "261123-048213", AT, "page"))
    assert only(cast).fact == "cases.CaseReported"


def test_a_failing_receiver_is_tried_again_later_and_spared_meanwhile(cast: Cast, receiver: Receiver) -> None:
    made(cast, receiver.url)
    receiver.statuses = [500, 204]
    receiver.body = b"database is down"
    noted(cast, moved(cast), moved(cast, 2))
    with cast.inside():
        Endpoint.objects.update(failures=1)  # one at a time while it fails
    sent()
    with cast.inside():
        first = Delivery.objects.order_by("pk").first()
        assert first is not None
        assert (first.state, first.why, first.tries) == ("waiting", "status", 1)
        assert Endpoint.objects.get().rest_until_at == AT + retrying.rest_after(2)
        assert Attempt.objects.get().answer_body == "database is down"
    assert sent(AT + timedelta(seconds=5)) == 0
    assert sent(AT + timedelta(seconds=60)) == 2
    assert len(receiver.came) == 3
    with cast.inside():
        assert set(Delivery.objects.values_list("state", flat=True)) == {"delivered"}
        assert Endpoint.objects.get().failures == 0


def test_what_cannot_arrive_becomes_a_dead_letter_and_goes_once_more_by_hand(
    cast: Cast, receiver: Receiver
) -> None:
    made(cast, receiver.url)
    receiver.statuses = [503]
    noted(cast, moved(cast))
    at = AT
    for _ in range(retrying.MOST_TRIES):
        assert sent(at) == 1
        row = only(cast)
        at = row.next_at + timedelta(minutes=10)
    assert (row.state, row.tries, row.why) == ("dead", retrying.MOST_TRIES, "status")
    receiver.statuses = [200]
    with cast.inside():
        keeping.replay(actor=cast.leader.actor(), delivery_id=row.pk, at=at)
    assert sent(at) == 1
    again = only(cast)
    assert (again.state, again.replays, again.event_id) == ("delivered", 1, row.event_id)
    assert receiver.came[-1][1] == receiver.came[0][1]


def test_an_address_inside_a_redirect_and_nobody_there_each_say_why(
    cast: Cast, receiver: Receiver, settings: Any
) -> None:
    made(cast, receiver.url)
    noted(cast, moved(cast))
    receiver.statuses, receiver.headers = [302], {"Location": "http://169.254.169.254/"}
    sent()
    assert (only(cast).why, len(receiver.came)) == ("redirect", 1)
    settings.LINLI_OUTSIDE_PRIVATE = []
    sent(AT + timedelta(hours=1))
    assert only(cast).why == "address"
    with cast.inside():
        Endpoint.objects.update(failures=0)
        row = Endpoint.objects.get()
        row.url = "https://127.0.0.1:1/"
        row.save()
    sent(AT + timedelta(hours=3))
    assert only(cast).why == "inside"


def test_gone_pauses_the_endpoint_and_a_ping_still_goes(cast: Cast, receiver: Receiver) -> None:
    endpoint, _secret = made(cast, receiver.url)
    receiver.statuses = [410, 204]
    noted(cast, moved(cast))
    sent()
    noted(cast, moved(cast, 2))
    assert sent(AT + timedelta(hours=1)) == 0
    with cast.inside():
        endpoint.refresh_from_db()
        assert (endpoint.state, endpoint.paused_why) == ("paused", "gone")
        assert AuditEntry.objects.filter(verb="webhooks.pause_endpoint", actor_id=None).count() == 1
        told = Notice.objects.filter(kind="work_endpoint_paused", account_id=cast.leader.account_id).get()
        assert (told.title, told.link) == (
            "推送地址「市平台」已暂停",
            f"/desk/settings/webhooks/{endpoint.pk}/",
        )
        assert "410" in told.words
        ping = keeping.ping(actor=cast.leader.actor(), endpoint_id=endpoint.pk, at=AT + timedelta(hours=1))
    assert sent(AT + timedelta(hours=1)) == 1
    with cast.inside():
        ping.refresh_from_db()
        assert ping.state == "delivered"
        keeping.resume(actor=cast.leader.actor(), endpoint_id=endpoint.pk, at=AT + timedelta(hours=2))
    assert sent(AT + timedelta(hours=2)) == 1
    assert json.loads(receiver.came[-1][1])["data"]["seq"] == 2


def test_what_waited_three_days_is_given_up_and_all_of_it_can_be_sent_again(
    cast: Cast, receiver: Receiver
) -> None:
    endpoint, _secret = made(cast, receiver.url)
    with cast.inside():
        keeping.pause(actor=cast.leader.actor(), endpoint_id=endpoint.pk, at=AT)
    noted(cast, *[moved(cast, seq) for seq in range(1, 6)])
    later = AT + timedelta(days=4)
    assert sent(later) == 0
    with cast.inside():
        assert set(Delivery.objects.values_list("state", "why")) == {("dead", "too_old")}
        keeping.resume(actor=cast.leader.actor(), endpoint_id=endpoint.pk, at=later)
        assert keeping.replay_dead(actor=cast.leader.actor(), endpoint_id=endpoint.pk, at=later) == 5
    assert sent(later) == 5


def test_while_a_secret_is_exchanged_both_sign_and_later_the_new_one_alone(
    cast: Cast, receiver: Receiver
) -> None:
    endpoint, old = made(cast, receiver.url)
    with cast.inside():
        new = keeping.exchange_secret(actor=cast.leader.actor(), endpoint_id=endpoint.pk, hours=24, at=AT)
    noted(cast, moved(cast))
    sent()
    noted(cast, moved(cast, 2))
    after = AT + timedelta(hours=25)
    sent(after)
    (first, body), (second, other) = receiver.came
    now = int(AT.timestamp())
    assert all(signing.fits(first["Linli-Signature"], body, secret=one, now=now) for one in (old, new))
    assert signing.fits(second["Linli-Signature"], other, secret=new, now=int(after.timestamp()))
    assert not signing.fits(second["Linli-Signature"], other, secret=old, now=int(after.timestamp()))
    post.forget(after)
    with cast.inside():
        assert Endpoint.objects.get().former_secret is None


def test_a_slow_receiver_holds_up_neither_the_round_nor_another_receiver(
    cast: Cast, receiver: Receiver
) -> None:
    made(cast, receiver.url)
    receiver.held = threading.Event()
    noted(cast, *[moved(cast, seq) for seq in range(1, 9)])
    rounds = post.Post(8)
    assert rounds.go(AT) == 0  # at once, with four under way
    with cast.inside():
        assert Delivery.objects.filter(claimed_until_at__isnull=False).count() == retrying.AT_ONCE
    assert post.Post(8).go(AT) == 0  # another worker takes only what nobody has claimed
    receiver.held.set()
    rounds.settle(AT)
    post.Post(8).settle(AT + retrying.LEASE + timedelta(seconds=1))
    with cast.inside():
        assert set(Delivery.objects.values_list("state", flat=True)) == {"delivered"}


def test_a_claim_of_a_killed_worker_is_taken_up_again_under_the_same_id(
    cast: Cast, receiver: Receiver
) -> None:
    made(cast, receiver.url)
    noted(cast, moved(cast))
    with cast.inside():
        (lost,) = post.claim(AT, busy=Counter(), room=5)
    assert sent(AT + timedelta(seconds=30)) == 0
    assert sent(AT + retrying.LEASE + timedelta(seconds=1)) == 1
    assert receiver.came[0][0]["Linli-Event-Id"] == lost.headers["Linli-Event-Id"]


def test_an_ended_endpoint_hears_nothing_and_cannot_be_woken(cast: Cast, receiver: Receiver) -> None:
    endpoint, _secret = made(cast, receiver.url)
    noted(cast, moved(cast))
    leader = cast.leader.actor()
    with cast.inside():
        keeping.end(actor=leader, endpoint_id=endpoint.pk, at=AT)
        keeping.end(actor=leader, endpoint_id=endpoint.pk, at=AT)
    noted(cast, moved(cast, 2))
    assert sent() == 0
    assert (only(cast).state, only(cast).why) == ("dead", "ended")
    with cast.inside():
        for act in (keeping.ping, keeping.resume, keeping.pause):
            with pytest.raises(Forbidden, match="ended"):
                act(actor=leader, endpoint_id=endpoint.pk, at=AT)
        with pytest.raises(Forbidden, match="ended"):
            keeping.replay(actor=leader, delivery_id=only(cast).pk, at=AT)


def test_only_who_keeps_the_community_makes_and_sees_endpoints(cast: Cast, receiver: Receiver) -> None:
    endpoint, _secret = made(cast, receiver.url)
    wanted = Wanted("x", receiver.url, (MOVED,))
    with cast.inside(), pytest.raises(Forbidden, match="keepers_only"):
        keeping.make(actor=cast.dispatcher.actor(), community_id=cast.here.id, wanted=wanted, at=AT)
    stranger = cast.elsewhere.leader.actor()
    with cast.inside(cast.here, cast.elsewhere):
        with pytest.raises(NotFound):
            keeping.make(actor=stranger, community_id=cast.here.id, wanted=wanted, at=AT)
        with pytest.raises(NotFound):
            keeping.ping(actor=stranger, endpoint_id=endpoint.pk, at=AT)


@pytest.mark.parametrize(
    ("wanted", "wrong"),
    [
        (Wanted(" ", "https://example.org/", (MOVED,)), ("name", "missing")),
        (Wanted("市平台", "https://example.org/", (MOVED,)), ("name", "taken")),
        (Wanted("x" * 61, "https://example.org/", (MOVED,)), ("name", "too_long")),
        (Wanted("x", "", (MOVED,)), ("url", "missing")),
        (Wanted("x", "http://example.org/", (MOVED,)), ("url", "plain_http")),
        (Wanted("x", "https://u:p@example.org/", (MOVED,)), ("url", "address")),
        (Wanted("x", "https://example.org/", ()), ("facts", "missing")),
        (Wanted("x", "https://example.org/", ("people.AccountErased",)), ("facts", "unknown")),
    ],
)
def test_a_wrong_endpoint_is_refused_with_its_field(
    cast: Cast, receiver: Receiver, wanted: Wanted, wrong: tuple[str, str]
) -> None:
    made(cast, receiver.url)
    with cast.inside(), pytest.raises(Refused) as caught:
        keeping.make(actor=cast.leader.actor(), community_id=cast.here.id, wanted=wanted, at=AT)
    assert [(one.field, one.code) for one in caught.value.wrongs] == [wrong]


def test_addresses_and_secrets_are_sealed_and_the_log_is_forgotten_after_a_month(
    cast: Cast, receiver: Receiver
) -> None:
    made(cast, receiver.url)
    noted(cast, moved(cast))
    sent()
    with cast.inside():
        ((url, secret),) = Endpoint.objects.values_list("url", "secret")
    held: tuple[Any, ...] = (url, secret)
    assert b"k3y" not in bytes(held[0])
    assert b"whsec" not in bytes(held[1])
    assert post.forget(AT + timedelta(days=29)) == 0
    assert post.forget(AT + timedelta(days=31)) == 1
    with cast.inside():
        assert (Attempt.objects.count(), Delivery.objects.count(), Endpoint.objects.count()) == (0, 0, 1)
