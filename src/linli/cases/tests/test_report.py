"""Taking in a report: once under any number of retries, committed before it is receipted, never refused for its number."""

from __future__ import annotations

import json
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, transaction

from linli.cases.actions import report as reporting
from linli.cases.models import Attachment, Case, ClockRow, Move
from linli.cases.rules.intake import Channel, PlaceGiven, Refused, Report
from linli.cases.rules.kinds import Kind
from linli.cases.tests.cast import AT, Cast
from linli.grids import queries as places
from linli.grids.actions.wishes import set_setting
from linli.kernel import events, numbering
from linli.kernel.access import Forbidden
from linli.kernel.idempotency import KeyReused
from linli.kernel.models import AuditEntry, Idempotency

db = pytest.mark.django_db
WORDS = "8 栋门口的路灯不亮，晚上看不见路"


def codes(error: pytest.ExceptionInfo[Refused]) -> set[tuple[str, str]]:
    return {(wrong.field, wrong.code) for wrong in error.value.wrongs}


def jobs() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM procrastinate_jobs")
        return int(cursor.fetchone()[0])


@db
def test_the_jobs_that_the_statement_writes_are_those_the_queue_would_write(cast: Cast) -> None:
    """The statement inserts them itself, which is cheaper; procrastinate's own function says how they must look."""
    cast.report()
    columns = (
        "status, queue_name, task_name, priority, lock, queueing_lock, args, scheduled_at, attempts, worker_id,"
        " abort_requested"
    )
    with connection.cursor() as cursor:
        cursor.execute("SELECT args FROM procrastinate_jobs ORDER BY id DESC LIMIT 1")
        [(args,)] = cursor.fetchall()
        args = args if isinstance(args, str) else json.dumps(args)
        cursor.execute(events.DEFER_SQL, (events.QUEUE, events.TASK, f"[{args}]"))
        cursor.execute(f"SELECT {columns} FROM procrastinate_jobs ORDER BY id DESC LIMIT 2")
        theirs, ours = cursor.fetchall()
    assert ours == theirs


@db
class TestWhatIsWritten:
    """One statement, all of it or nothing."""

    def test_a_report_leaves_case_move_clock_audit_entry_job_and_membership(self, cast: Cast) -> None:
        before = jobs()
        receipt = cast.report()
        case = cast.case(receipt.number)
        with cast.inside():
            move, clock = Move.objects.get(case=case), ClockRow.objects.get(case=case)
        entry = AuditEntry.objects.get(object=f"case:{case.number}")
        assert (case.state, case.version, case.reported_at) == ("reported", 1, AT)
        assert (move.seq, move.verb, move.to_state, move.actor_id) == (
            1,
            "report",
            "reported",
            case.reporter_id,
        )
        assert (clock.stage, clock.started_at, clock.due_at) == ("accept", AT, receipt.due_at)
        assert (entry.verb, entry.actor_id, entry.community_id) == (
            "case.report",
            case.reporter_id,
            cast.here.id,
        )
        assert jobs() > before
        home = places.home(cast.resident.account_id)
        assert home is not None

    def test_what_identifies_the_reporter_is_sealed(self, cast: Cast) -> None:
        receipt = cast.report(contact_name="张居民", contact_phone="13812345678")
        with connection.cursor() as cursor, cast.inside():
            cursor.execute(
                "SELECT c::text, contact_name, contact_phone, code_digest FROM cases_case c WHERE number = %s",
                [receipt.number],
            )
            row, name, phone, digest = cursor.fetchone()
        for secret in ("张居民", "13812345678", receipt.code, receipt.code.replace("-", "")):
            assert secret not in row
            assert secret.encode() not in bytes(name) + bytes(phone) + bytes(digest)

    def test_a_refused_report_leaves_nothing(self, cast: Cast) -> None:
        for words in ("", " ", "?", "？！", "x" * 10_001):
            with pytest.raises(Refused):
                cast.report(words)
        with cast.inside():
            assert Case.objects.count() == 0
        assert Idempotency.objects.count() == 0

    def test_a_report_with_an_unknown_picture_leaves_nothing(self, cast: Cast) -> None:
        with pytest.raises(Refused) as error:
            cast.report(uploads=("00000000-0000-0000-0000-000000000000",))
        assert codes(error) == {("uploads", "unknown_ticket")}
        with cast.inside():
            assert Case.objects.count() == 0

    def test_a_picture_goes_along_once(self, cast: Cast) -> None:
        ticket = cast.picture(cast.resident)
        receipt = cast.report(uploads=(ticket,), key="one")
        with cast.inside():
            picture = Attachment.objects.get()
        assert (picture.case_id, picture.purpose) == (cast.case(receipt.number).pk, "report")
        with pytest.raises(Refused):
            cast.report("另一件事", uploads=(ticket,), key="two")

    def test_a_retry_with_a_picture_gives_the_same_receipt(self, cast: Cast) -> None:
        ticket = cast.picture(cast.resident)
        first = cast.report(uploads=(ticket,), key="one")
        again = cast.report(uploads=(ticket,), key="one")
        assert (again.number, again.code, again.again) == (first.number, first.code, True)

    @pytest.mark.parametrize(
        ("fields", "wrong"),
        [
            ({"place": PlaceGiven(lon=106.6)}, ("place", "half_a_point")),
            ({"place": PlaceGiven(lon=181, lat=0)}, ("place", "not_on_earth")),
            ({"place": PlaceGiven(address="长" * 201)}, ("place", "too_long")),
            ({"contact_phone": "call me"}, ("contact_phone", "not_a_phone")),
            ({"contact_name": "名" * 61}, ("contact_name", "too_long")),
            ({"uploads": tuple("abcdefghijk")}, ("uploads", "too_many")),
            ({"uploads": ("a", "a")}, ("uploads", "twice")),
            ({"uploads": ("no ticket",)}, ("uploads", "unknown_ticket")),
            ({"outside_number": "9" * 61}, ("outside_number", "too_long")),
            ({"category_code": "weather.rain"}, ("category", "unknown")),
        ],
    )
    def test_what_is_wrong_is_named(self, cast: Cast, fields: dict[str, Any], wrong: tuple[str, str]) -> None:
        with pytest.raises(Refused) as error:
            cast.report(**fields)
        assert wrong in codes(error)

    def test_a_building_of_another_community_is_refused(self, cast: Cast) -> None:
        with pytest.raises(Refused) as error:
            cast.report(place=PlaceGiven(building_id=cast.elsewhere.building.id))
        assert codes(error) == {("place", "elsewhere")}

    def test_what_cannot_be_located_is_taken_as_said(self, cast: Cast) -> None:
        case = cast.case(cast.report(place=PlaceGiven(address="老槐树下")).number)
        assert (case.grid_id, case.address, case.place_path) == (None, "老槐树下", f"{cast.here.id}.")

    def test_control_characters_are_taken_out(self, cast: Cast) -> None:
        case = cast.case(cast.report("路灯\x00不亮\x07了\r\n快来").number)
        assert case.words == "路灯不亮了\n快来"

    @pytest.mark.parametrize("channel", [Channel.DESK, Channel.PATROL, Channel.HOTLINE, Channel.IMPORT])
    def test_only_staff_here_enter_for_others(self, cast: Cast, channel: Channel) -> None:
        for person in (cast.resident, cast.elsewhere.dispatcher, cast.stranger, cast.nobody):
            with pytest.raises(Forbidden):
                cast.report(by=person, channel=channel)
        cast.report(by=cast.dispatcher, channel=channel)

    def test_where_the_community_asks_for_it_one_must_sign_in_by_whatever_door(self, cast: Cast) -> None:
        leader = cast.here.people["leader"].actor()
        set_setting(actor=leader, community_id=cast.here.id, key="anonymous_reports", value=False, at=AT)
        with pytest.raises(Forbidden, match="sign_in_to_report"):
            cast.report(by=cast.nobody)
        cast.report(by=cast.resident)

    def test_what_staff_enter_for_a_caller_is_not_their_own(self, cast: Cast) -> None:
        case = cast.case(cast.report(by=cast.dispatcher, channel=Channel.DESK).number)
        assert (case.reporter_id, case.assisted_by_id) == (None, cast.dispatcher.account_id)


@db
class TestRetrying:
    """The same key gives the same receipt."""

    def test_another_report_under_the_same_key_is_refused(self, cast: Cast) -> None:
        cast.report(key="k")
        changes: list[dict[str, Any]] = [
            {"words": "别的事情"},
            {"publish": True},
            {"kind": Kind.COMPLAINT},
            {"anonymous": True},
        ]
        for changed in changes:
            with pytest.raises(KeyReused):
                cast.report(**{"key": "k", **changed})
        with cast.inside():
            assert Case.objects.count() == 1

    def test_the_same_key_of_two_people_makes_two_cases(self, cast: Cast) -> None:
        first, second = cast.report(key="k"), cast.report(key="k", by=cast.neighbour)
        assert first.number != second.number
        assert first.code != second.code

    def test_without_a_key_every_report_is_a_new_one(self, cast: Cast) -> None:
        assert cast.report().number != cast.report().number

    def test_a_retry_finds_its_own_case_among_two_of_one_number(self, cast: Cast) -> None:
        first = cast.report(key="k")
        other = cast.report(community=cast.elsewhere)
        with cast.inside(cast.elsewhere):
            Case.objects.filter(number=other.number).update(number=first.number)
        with cast.inside(cast.here, cast.elsewhere):
            actor = cast.resident.actor()
            both = type(actor)(
                account_id=actor.account_id,
                level=actor.level,
                communities=frozenset({cast.here.id, cast.elsewhere.id}),
            )
            again = reporting.report(
                actor=both,
                community_id=cast.here.id,
                report=Report(
                    words=WORDS, channel=Channel.PAGE, kind=Kind.HELP, place=PlaceGiven(cast.building.id)
                ),
                at=AT,
                key="k",
            )
        assert (again.number, again.again) == (first.number, True)

    def test_a_retry_costs_nothing_of_the_allowance(self, cast: Cast) -> None:
        for _ in range(40):
            cast.report(by=cast.nobody, key="k")
        assert not cast.report("另一件事", by=cast.nobody, key="other").quarantined

    def test_the_code_is_stored_nowhere_and_fits_its_digest(self, cast: Cast) -> None:
        receipt = cast.report(key="k")
        assert numbering.code_matches(receipt.code, bytes(cast.case(receipt.number).code_digest))
        kept = Idempotency.objects.get()
        assert receipt.code not in str(kept.receipt)


@db
class TestLimits:
    """Over the limit a report is quarantined, never refused."""

    def test_the_eleventh_report_of_a_passer_by_is_quarantined_and_receipted(self, cast: Cast) -> None:
        receipts = [cast.report(by=cast.nobody, key=str(turn)) for turn in range(13)]
        assert [receipt.quarantined for receipt in receipts] == [False] * 10 + [True] * 3
        assert len({receipt.number for receipt in receipts}) == 13
        assert cast.case(receipts[-1].number).quarantined

    def test_an_emergency_over_the_limit_still_gets_its_urgency_and_clock(self, cast: Cast) -> None:
        for turn in range(10):
            cast.report(by=cast.nobody, key=str(turn))
        receipt = cast.report("8 栋 3 楼着火了，冒浓烟", by=cast.nobody)
        assert (receipt.quarantined, receipt.urgency) == (True, "critical")
        assert receipt.due_at == AT + timedelta(minutes=30)

    def test_one_persons_reports_do_not_use_up_anothers(self, cast: Cast) -> None:
        for turn in range(21):
            cast.report(key=str(turn))
        assert not cast.report(by=cast.neighbour).quarantined

    def test_imports_have_limits_of_their_own(self, cast: Cast) -> None:
        found = [cast.report(by=cast.nobody, limited=False, key=str(turn)) for turn in range(15)]
        assert not any(receipt.quarantined for receipt in found)


class TestReally:
    """With real commits and many at once."""

    def test_of_thirty_equal_requests_at_once_one_case_is_made(self, committed_cast: Cast) -> None:
        cast, barrier = committed_cast, threading.Barrier(30)

        def send(_turn: int) -> reporting.Receipt:
            barrier.wait()
            try:
                return cast.report(key="storm")
            finally:
                connection.close()

        with ThreadPoolExecutor(30) as pool:
            receipts = list(pool.map(send, range(30)))
        assert len({(receipt.number, receipt.code) for receipt in receipts}) == 1
        assert [receipt.again for receipt in receipts].count(False) == 1
        with cast.inside():
            assert (Case.objects.count(), Move.objects.count(), ClockRow.objects.count()) == (1, 1, 1)

    def test_a_receipt_is_there_only_once_the_case_is_committed(self, committed_cast: Cast) -> None:
        cast = committed_cast
        for uploads in ((), (cast.picture(cast.resident),)):
            receipt = cast.report(uploads=uploads, key=f"{len(uploads)}")
            assert _seen_by_another(cast, receipt.number) == 1

    def test_what_is_rolled_back_was_never_taken_in(self, committed_cast: Cast) -> None:
        cast = committed_cast
        with transaction.atomic():
            receipt = cast.report(key="k")
            assert _seen_by_another(cast, receipt.number) == 0
            transaction.set_rollback(True)
        assert Idempotency.objects.count() == 0
        assert not cast.report(key="k").again

    def test_of_thirty_reports_at_once_ten_pass_the_limit_and_none_is_lost(
        self, committed_cast: Cast
    ) -> None:
        cast, barrier = committed_cast, threading.Barrier(30)

        def send(turn: int) -> reporting.Receipt:
            barrier.wait()
            try:
                return cast.report(by=cast.nobody, key=f"storm {turn}")
            finally:
                connection.close()

        with ThreadPoolExecutor(30) as pool:
            receipts = list(pool.map(send, range(30)))
        assert [receipt.quarantined for receipt in receipts].count(False) == 10
        with cast.inside():
            assert Case.objects.count() == 30

    def test_a_number_that_is_taken_is_drawn_again(
        self, committed_cast: Cast, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        first = committed_cast.report(key="1")
        drawn = iter([first.number, first.number, "261123000001"])
        monkeypatch.setattr(numbering, "case_number", lambda at: next(drawn))
        assert committed_cast.report(key="2").number == "261123000001"


def _seen_by_another(cast: Cast, number: str) -> int:
    """How many cases of this number another connection sees now."""
    found: list[int] = []

    def look() -> None:
        with cast.inside():
            found.append(Case.objects.filter(number=number).count())
        connection.close()

    thread = threading.Thread(target=look)
    thread.start()
    thread.join()
    return found[0]
