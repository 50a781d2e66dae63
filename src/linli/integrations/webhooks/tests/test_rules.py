from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from linli.cases.events import CaseMoved, CaseReported, PromiseBroken
from linli.integrations.webhooks.rules import documents, retrying, signing
from linli.integrations.webhooks.rules.retrying import End

pytestmark = pytest.mark.rules
AT = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
SECRET = "whsec_test"


def verdict(
    status: int | None, why: str = "", *, tries: int = 1, failures: int = 0, since: timedelta | None = None,
    begun: timedelta = timedelta(0), rest: timedelta | None = None,
) -> retrying.Verdict:  # fmt: skip
    return retrying.after(
        status=status, why=why, tries=tries, failures=failures, failing_since=AT - since if since is not None else None,
        begun_at=AT - begun, at=AT, asked_rest=rest,
    )  # fmt: skip


def test_a_signature_is_that_of_the_published_example() -> None:
    """The same numbers as in docs/events.md: receivers in other languages test against them."""
    assert signing.header([SECRET], moment=1763863200, body=b'{"id":"1"}') == (
        "t=1763863200,v1=3e91169c50317209d67b7abf76c75a3e4a6efc341b903cd043d702b77821192e"
    )


def test_a_right_signature_fits_and_a_changed_body_time_or_secret_does_not() -> None:
    given_ = signing.header(["whsec_new", SECRET], moment=1000, body=b"body")
    assert given_.count("v1=") == 2
    assert signing.fits(given_, b"body", secret=SECRET, now=1200)
    assert signing.fits(given_, b"body", secret="whsec_new", now=900)
    assert not signing.fits(given_, b"body2", secret=SECRET, now=1000)
    assert not signing.fits(given_, b"body", secret="whsec_other", now=1000)
    assert not signing.fits(given_, b"body", secret=SECRET, now=1301)
    assert not signing.fits(given_.replace("t=1000", "t=1001"), b"body", secret=SECRET, now=1000)


@given(st.text(max_size=80))
@settings(max_examples=60)
def test_no_odd_header_fits_or_stumbles(header: str) -> None:
    assert not signing.fits(header, b"body", secret=SECRET, now=1000)


def test_secrets_are_long_and_never_the_same() -> None:
    made = {signing.new_secret() for _ in range(50)}
    assert len(made) == 50
    assert all(one.startswith("whsec_") and len(one) > 45 for one in made)


@pytest.mark.parametrize("status", [200, 201, 202, 204, 299])
def test_any_2xx_is_delivered(status: int) -> None:
    assert verdict(status).end is End.DELIVERED


@pytest.mark.parametrize(
    ("status", "why", "said"),
    [(500, "", "status"), (404, "", "status"), (302, "", "redirect"),
     (None, "timeout", "timeout"), (None, "inside", "inside")],
)  # fmt: skip
def test_anything_else_is_tried_again_with_its_reason(status: int | None, why: str, said: str) -> None:
    found = verdict(status, why)
    assert (found.end, found.why, found.next_at) == (End.AGAIN, said, AT + timedelta(seconds=10))


def test_tries_are_spaced_over_more_than_two_days_and_then_given_up() -> None:
    waits = []
    for tries in range(1, retrying.MOST_TRIES):
        found = verdict(500, tries=tries)
        assert found.next_at is not None
        waits.append(found.next_at - AT)
    assert waits == sorted(waits)
    assert timedelta(days=2) < sum(waits, timedelta(0)) < retrying.GIVEN_UP_AFTER
    assert verdict(500, tries=retrying.MOST_TRIES).end is End.DEAD
    assert verdict(500, tries=2, begun=timedelta(days=3)).end is End.DEAD


def test_gone_ends_it_at_once_and_five_bad_days_pause_the_endpoint() -> None:
    gone = verdict(410)
    assert (gone.end, gone.pause) == (End.DEAD, "gone")
    assert verdict(500, since=timedelta(days=4, hours=23)).pause == ""
    assert verdict(500, since=timedelta(days=5)).pause == "failing"


def test_an_endpoint_rests_longer_with_every_failure_and_as_long_as_it_asks() -> None:
    rests = [retrying.rest_after(n) for n in range(1, 12)]
    assert rests[0] == timedelta(seconds=10)
    assert rests == sorted(rests)
    assert rests[-1] == retrying.rest_after(10_000) == timedelta(minutes=10)
    asked = verdict(429, rest=timedelta(minutes=30))
    assert asked.next_at == asked.rest_until_at == AT + timedelta(minutes=30)
    assert verdict(503, rest=timedelta(days=30)).next_at == AT + timedelta(hours=1)


@pytest.mark.parametrize(
    ("value", "seconds"),
    [("120", 120), (" 0 ", 0), ("Mon, 23 Nov 2026 02:05:00 GMT", 300), ("Mon, 23 Nov 2020 02:05:00 GMT", 0),
     ("soon", None), ("", None), ("-5", None), ("1e9", None), ("99999999999", None)],
)  # fmt: skip
def test_retry_after_is_read_as_seconds_or_as_a_date(value: str, seconds: int | None) -> None:
    found = retrying.asked_rest(value, at=AT)
    assert found == (None if seconds is None else timedelta(seconds=seconds))


def test_an_event_is_a_cloudevent_with_times_in_utc() -> None:
    fact = CaseMoved(3, "261123-048213", AT, "dispatch", "accepted", "dispatched", 4, 7)
    data = {"community_id": 3, "number": fact.number, "at": AT, "organisation_id": 7}
    told = documents.event(
        name="cases.CaseMoved", key="k" * 32, data=data, happened_at=AT, base="https://linli.example.org",
        community="520113008006",
    )  # fmt: skip
    assert told == {
        "specversion": "1.0",
        "id": "k" * 32,
        "source": "https://linli.example.org/communities/520113008006",
        "type": "cases.CaseMoved",
        "subject": "261123-048213",
        "time": "2026-11-23T02:00:00Z",
        "datacontenttype": "application/json",
        "dataschema": "https://linli.example.org/api/v1/events/cases.CaseMoved",
        "data": {"community_id": 3, "number": "261123-048213", "at": "2026-11-23T02:00:00Z", "organisation_id": 7},
    }  # fmt: skip


def test_the_same_fact_has_the_same_id_and_another_fact_another() -> None:
    first = documents.event_id("cases.CaseReported", {"number": "1", "at": "x"})
    assert first == documents.event_id("cases.CaseReported", {"at": "x", "number": "1"})
    assert first != documents.event_id("cases.CaseReported", {"number": "2", "at": "x"})
    assert first != documents.event_id("cases.CaseMoved", {"number": "1", "at": "x"})
    assert len(first) == 32


def test_a_schema_names_every_field_and_what_may_be_empty() -> None:
    told = documents.schema("cases.CaseMoved", CaseMoved)
    assert list(told["properties"]) == told["required"] == list(CaseMoved.__dataclass_fields__)
    assert told["properties"]["organisation_id"]["type"] == ["integer", "null"]
    assert documents.schema("x.Y", PromiseBroken)["properties"]["due_at"]["format"] == "date-time"
    assert documents.schema("x.Y", CaseReported)["properties"]["quarantined"]["type"] == "boolean"
