"""The audit log: written with the act, sealed into one chain a community; whoever changes it is found out."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg
import pytest
from django.db import connection, transaction

from linli.kernel import audit, logs, scope
from linli.kernel.access import ANONYMOUS, SYSTEM, Actor, Forbidden
from linli.kernel.models import AccessLog, AuditEntry, AuditSeal

AT = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
LATER = AT + timedelta(hours=1)
CLERK = Actor(account_id=7)


def write(verb: str = "case.close", community_id: int = 1, **detail: Any) -> AuditEntry:
    audit.record(
        community_id=community_id, actor=CLERK, verb=verb, object="case:261123000001", at=AT, detail=detail
    )
    return AuditEntry.objects.latest("pk")


def faults(**more: Any) -> list[tuple[int, int, str]]:
    return [(fault.community_id, fault.entry_id, fault.code) for fault in audit.verify(at=LATER, **more)]


@pytest.mark.django_db
class TestWriting:
    """One entry an act."""

    def test_an_entry_says_who_did_what_to_what_when_and_in_which_request(self) -> None:
        logs.set_request_id("abc123")
        audit.record(
            community_id=1,
            actor=CLERK,
            role="dispatcher",
            verb="case.close",
            object="case:1",
            at=AT,
            detail={"n": 1},
        )
        (entry,) = audit.entries(community_id=1, object="case:1")
        assert (entry.actor_id, entry.role, entry.verb, entry.at) == (7, "dispatcher", "case.close", AT)
        assert (entry.detail, entry.request_id, entry.seq, entry.digest) == ({"n": 1}, "abc123", None, "")

    def test_what_is_rolled_back_was_not_done(self) -> None:
        with transaction.atomic():
            write()
            transaction.set_rollback(True)
        assert not AuditEntry.objects.exists()

    def test_the_entries_of_an_object_are_those_of_its_community(self) -> None:
        write()
        write(community_id=2)
        assert len(audit.entries(community_id=1, object="case:261123000001")) == 1

    def test_the_house_acts_without_a_name(self) -> None:
        audit.record(community_id=1, actor=SYSTEM, verb="case.archive", object="case:1", at=AT)
        assert AuditEntry.objects.get().actor_id is None


@pytest.mark.django_db
class TestLooking:
    """Reading personal data leaves a row, or it is not read."""

    def look(self, actor: Actor = CLERK, community_id: int = 1) -> None:
        audit.reveal(
            community_id=community_id, actor=actor, subject="case:1", subject_account_id=9, fields=["phone"],
            purpose="handle_case", at=AT, role="dispatcher", task="case:1",
        )  # fmt: skip

    def test_the_person_sees_who_looked_why_and_at_what(self) -> None:
        with scope.within([1]):
            self.look()
            (look,) = audit.looks_at(9, limit=10)
        assert (look.reader_id, look.fields, look.purpose, look.task) == (
            7,
            ("phone",),
            "handle_case",
            "case:1",
        )

    def test_nobody_looks_without_a_name(self) -> None:
        for nobody in (ANONYMOUS, SYSTEM):
            with scope.within([1]), pytest.raises(Forbidden):
                self.look(nobody)
        with scope.within([1]):
            assert not AccessLog.objects.exists()

    def test_looks_elsewhere_are_behind_the_wall(self) -> None:
        with scope.within([1, 2]):
            self.look()
            self.look(community_id=2)
        with scope.within([1]):
            assert len(audit.looks_at(9, limit=10)) == 1
            assert len(audit.looks_at_subject(community_id=2, subject="case:1")) == 0


@pytest.mark.django_db
class TestSealing:
    """The chain grows by sealing."""

    def test_each_community_has_its_own_chain(self) -> None:
        for community in (1, 2, 1, 2, 1):
            write(community_id=community)
        assert audit.seal_pending() == 5
        found = AuditSeal.objects.order_by("community_id", "seq").values_list("community_id", "seq")
        assert list(found) == [(1, 1), (1, 2), (1, 3), (2, 1), (2, 2)]
        assert faults() == []

    def test_sealing_goes_on_where_it_stopped(self) -> None:
        for _ in range(5):
            write()
        assert [audit.seal_pending(limit=2) for _ in range(4)] == [2, 2, 1, 0]
        assert faults() == []

    def test_second_by_second_only_what_is_new_is_looked_at_and_what_appears_late_is_found_all_the_same(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(audit, "BATCH", 2)
        sealer, now = audit.Sealer(), 1000.0
        monkeypatch.setattr(time, "monotonic", lambda: now)
        with connection.cursor() as cursor:  # a transaction that lasts has its number, and is not seen yet
            cursor.execute("SELECT nextval(pg_get_serial_sequence('kernel_auditentry', 'id'))")
            late = cursor.fetchone()[0]
        for _ in range(3):
            write()
        assert [sealer.go(), sealer.go()] == [2, 1]
        now += audit.BACK_SECONDS
        assert sealer.go() == 0
        AuditEntry.objects.create(pk=late, community_id=1, verb="case.close", object="case:1", at=AT)
        assert sealer.go() == 0
        now += audit.FAR_EVERY_SECONDS
        assert sealer.go() == 1

    def test_a_backlog_is_sealed_to_its_end(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(audit, "BATCH", 2)
        sealer, now = audit.Sealer(), 1000.0
        monkeypatch.setattr(time, "monotonic", lambda: now)
        sealer.go()
        for _ in range(5):
            write()
        done = []
        for _ in range(4):
            done.append(sealer.go())
            now += audit.BACK_SECONDS
        assert done == [2, 2, 1, 0]

    def test_an_entry_that_nobody_seals_is_named(self) -> None:
        write()
        audit.seal_pending()
        late = write()
        assert faults() == [(1, late.pk, "unsealed")]
        assert list(audit.verify(at=AT)) == []

    def test_what_people_write_in_details_survives_the_trip_through_the_database(self) -> None:
        write(words="路灯 ☀ “不亮”", number=1.5, nested={"b": [1, None, True], "a": "é"}, blank="")
        audit.seal_pending()
        assert faults() == []

    def test_the_digest_is_shown_beside_the_entry(self) -> None:
        write()
        audit.seal_pending()
        (entry,) = audit.entries(community_id=1, object="case:261123000001")
        assert (entry.seq, len(entry.digest)) == (1, 64)
        assert [head.hash for head in audit.heads()] == [entry.digest]


def test_two_sealers_at_once_make_one_chain(committed_db: None) -> None:
    for _ in range(40):
        write()

    def seal(_turn: int) -> int:
        try:
            return audit.seal_pending(limit=10)
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        sealed = sum(pool.map(seal, range(24)))
    while (more := audit.seal_pending()) > 0:
        sealed += more
    assert sealed == 40
    assert faults() == []


@pytest.fixture
def tamper(committed_db: None, database_server: Any) -> Iterator[Callable[[str], None]]:
    """What somebody with all rights on the database does to it, past triggers and keys."""
    name = str(connection.settings_dict["NAME"])
    with psycopg.connect(database_server.postgres.superuser_url(name), autocommit=True) as superuser:
        superuser.execute("SET session_replication_role = replica")

        def run(statement: str) -> None:
            changed = superuser.execute(statement.encode()).rowcount
            assert changed, statement

        yield run


class TestTampering:
    """Six sealed entries in two communities; somebody with all rights changes them."""

    @pytest.fixture(autouse=True)
    def chain(self, committed_db: None) -> None:
        for community in (1, 2, 1, 2, 1, 1):
            write(community_id=community, n=community)
        audit.seal_pending()
        assert faults() == []

    def entry(self, seq: int) -> int:
        return AuditSeal.objects.get(community_id=1, seq=seq).entry_id

    @pytest.mark.parametrize(
        "change",
        [
            "verb = 'case.void'",
            "actor_id = 8",
            "actor_id = NULL",
            "at = at + interval '1 microsecond'",
            "object = 'case:261123000002'",
            "detail = detail || '{\"n\": 2}'",
            "detail = '{}'",
            "actor_role = 'leader'",
            "request_id = 'x'",
            "community_id = 2",
        ],
    )
    def test_a_changed_entry_is_named(self, tamper: Callable[[str], None], change: str) -> None:
        wanted = self.entry(2)
        tamper(f"UPDATE kernel_auditentry SET {change} WHERE id = {wanted}")
        assert faults() == [(1, wanted, "changed")]

    def test_a_removed_entry_is_named(self, tamper: Callable[[str], None]) -> None:
        gone, after = self.entry(2), self.entry(3)
        tamper(f"DELETE FROM kernel_auditentry WHERE id = {gone}")
        assert faults() == [(1, after, "gap"), (1, gone, "missing")]

    def test_the_last_entry_removed_is_named(self, tamper: Callable[[str], None]) -> None:
        gone = self.entry(4)
        tamper(f"DELETE FROM kernel_auditentry WHERE id = {gone}")
        assert faults() == [(1, gone, "missing")]

    def test_an_entry_removed_with_its_seal_leaves_a_gap(self, tamper: Callable[[str], None]) -> None:
        gone, after = self.entry(2), self.entry(3)
        tamper(f"DELETE FROM kernel_auditseal WHERE entry_id = {gone}")
        tamper(f"DELETE FROM kernel_auditentry WHERE id = {gone}")
        assert faults() == [(1, after, "gap")]

    def test_closing_the_gap_breaks_the_chain(self, tamper: Callable[[str], None]) -> None:
        gone, after = self.entry(2), self.entry(3)
        tamper(f"DELETE FROM kernel_auditseal WHERE entry_id = {gone}")
        tamper(f"DELETE FROM kernel_auditentry WHERE id = {gone}")
        tamper("UPDATE kernel_auditseal SET seq = seq - 1 WHERE community_id = 1 AND seq > 2")
        assert faults() == [(1, after, "broken_link")]

    def test_an_end_that_was_cut_off_is_told_by_a_head_kept_outside(
        self, tamper: Callable[[str], None]
    ) -> None:
        kept, gone = audit.heads(), self.entry(4)
        tamper(f"DELETE FROM kernel_auditseal WHERE entry_id = {gone}")
        tamper(f"DELETE FROM kernel_auditentry WHERE id = {gone}")
        assert faults() == []
        assert faults(known=kept) == [(1, 0, "cut")]

    def test_a_chain_made_anew_is_told_by_a_head_kept_outside(self, tamper: Callable[[str], None]) -> None:
        kept, forged = audit.heads(), self.entry(4)
        tamper(f"UPDATE kernel_auditentry SET verb = 'case.void' WHERE id = {forged}")
        tamper("DELETE FROM kernel_auditseal WHERE community_id = 1")
        audit.seal_pending()
        assert faults() == []
        assert faults(known=kept) == [(1, forged, "cut")]

    def test_growing_since_the_head_was_kept_is_no_fault(self) -> None:
        kept = audit.heads()
        write()
        audit.seal_pending()
        assert faults(known=kept) == []

    def test_a_forged_entry_with_a_seal_of_its_own_is_named(self, tamper: Callable[[str], None]) -> None:
        tamper(
            "INSERT INTO kernel_auditentry (id, community_id, at, verb, object, detail, actor_role, request_id)"
            " VALUES (999, 1, now(), 'case.close', 'case:1', '{}', '', '')"
        )
        tamper(
            "INSERT INTO kernel_auditseal (entry_id, community_id, seq, prev, hash)"
            " SELECT 999, 1, 5, hash, sha256('guess'::bytea) FROM kernel_auditseal WHERE community_id = 1 AND seq = 4"
        )
        assert faults() == [(1, 999, "changed")]

    def test_swapped_entries_are_both_named(self, tamper: Callable[[str], None]) -> None:
        one, two = self.entry(2), self.entry(3)
        tamper(f"UPDATE kernel_auditentry SET id = 9999 WHERE id = {one}")
        tamper(f"UPDATE kernel_auditentry SET id = {one} WHERE id = {two}")
        tamper(f"UPDATE kernel_auditentry SET id = {two} WHERE id = 9999")
        tamper(f"UPDATE kernel_auditentry SET verb = 'case.swapped' WHERE id = {one}")
        assert (1, one, "changed") in faults()
