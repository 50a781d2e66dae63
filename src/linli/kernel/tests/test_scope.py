"""The connection always stands in the scope that the code entered, whatever is rolled back in between."""

from __future__ import annotations

from datetime import UTC, datetime
from threading import Thread

import pytest
from django.db import DatabaseError, connection, transaction

from linli.kernel import scope
from linli.kernel.models import AccessLog, AuditEntry
from linli.kernel.scope import within

AT = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)


def seen_by_the_database() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('linli.scope', true)")
        return str(cursor.fetchone()[0])


def fail(*communities: int) -> None:
    """An error of the database under this scope."""
    with within(communities):
        assert seen_by_the_database() == scope.as_text(communities)
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1 / 0")


def stumble(*communities: int) -> None:
    """An error of ours under this scope."""
    with within(communities):
        assert seen_by_the_database() == scope.as_text(communities)
        raise ZeroDivisionError


class TestEntering:
    """The scope as the code knows it."""

    def test_nothing_is_entered_at_first(self) -> None:
        assert scope.current() == ""
        assert scope.communities() == frozenset()

    def test_the_text_is_in_order_and_without_doubles(self) -> None:
        assert scope.as_text([7, 3, 7]) == "3,7"
        assert scope.as_text([]) == ""

    def test_leaving_a_block_returns_to_where_we_were(self) -> None:
        scope.enter([1])
        with within([2, 3]):
            assert scope.communities() == {2, 3}
            with within([]):
                assert scope.communities() == frozenset()
            assert scope.communities() == {2, 3}
        assert scope.communities() == {1}

    def test_an_error_leaves_the_block_too(self) -> None:
        with pytest.raises(ZeroDivisionError), within([2]):
            raise ZeroDivisionError
        assert scope.current() == ""

    def test_each_thread_stands_on_its_own(self) -> None:
        found = []
        with within([5]):
            thread = Thread(target=lambda: found.append(scope.current()))
            thread.start()
            thread.join()
        assert found == [""]

    @pytest.mark.parametrize("community", ["x", None, "1;2"])
    def test_only_numbers_are_entered(self, community: object) -> None:
        with pytest.raises((TypeError, ValueError)):
            scope.enter([community])  # type: ignore[list-item]


@pytest.mark.django_db
class TestTheConnection:
    """What PostgreSQL reads."""

    def test_it_follows_what_was_entered(self) -> None:
        for communities in ([], [1], [1, 2], [2], []):
            with within(communities):
                assert seen_by_the_database() == scope.as_text(communities)
        assert seen_by_the_database() == ""

    def test_a_rolled_back_savepoint_leaves_no_wrong_scope(self) -> None:
        with within([1]):
            assert seen_by_the_database() == "1"
            with pytest.raises(DatabaseError), transaction.atomic():
                fail(2)
            assert seen_by_the_database() == "1"
        assert seen_by_the_database() == ""

    def test_an_error_under_another_scope_can_be_caught_and_work_goes_on(self) -> None:
        with within([1]), transaction.atomic():
            with pytest.raises(DatabaseError), transaction.atomic():
                fail(2)
            assert not connection.needs_rollback
            assert seen_by_the_database() == "1"

    def test_a_scope_first_set_inside_a_savepoint_does_not_outlive_it(self) -> None:
        with pytest.raises(DatabaseError), transaction.atomic():
            fail(9)
        assert seen_by_the_database() == ""
        with within([9]):
            assert seen_by_the_database() == "9"

    def test_nested_savepoints_each_fall_back_to_their_own(self) -> None:
        with within([1]), transaction.atomic():
            with pytest.raises(DatabaseError), transaction.atomic():
                self.well_then_fail()
            assert seen_by_the_database() == "1"

    def well_then_fail(self) -> None:
        with within([2]), transaction.atomic():
            assert seen_by_the_database() == "2"
        fail(3)

    def test_a_prepared_statement_stands_in_the_scope_too(self) -> None:
        say = "SELECT current_setting('linli.scope', true) WHERE %(one)s::int = 1"
        for communities in ([4], [5, 6]):
            with within(communities):
                row = connection.fetch_prepared(say, {"one": 1})  # type: ignore[attr-defined]  # our own backend
            assert row == (scope.as_text(communities),)

    def test_a_hot_statement_is_planned_once_and_others_never_by_themselves(self) -> None:
        hot, others = "SELECT %(one)s::int + 4711", "SELECT 4712"
        for _ in range(7):
            connection.fetch_prepared(hot, {"one": 1})  # type: ignore[attr-defined]  # our own backend
            with connection.cursor() as cursor:
                cursor.execute(others)
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM pg_prepared_statements WHERE statement LIKE '%471_'")
            assert cursor.fetchone() == (1,)

    def test_changing_the_scope_costs_one_statement_and_staying_none(self) -> None:
        seen_by_the_database()
        before = connection.linli_statements  # type: ignore[attr-defined]  # our own backend
        with within([1]):
            seen_by_the_database()
            seen_by_the_database()
        assert connection.linli_statements - before == 3  # type: ignore[attr-defined]  # as above


def test_a_rolled_back_transaction_leaves_no_wrong_scope(committed_db: None) -> None:
    with within([1]):
        with pytest.raises(ZeroDivisionError), transaction.atomic():
            stumble(1)
        assert seen_by_the_database() == "1"
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        stumble(2)
    assert seen_by_the_database() == ""


def test_a_new_connection_begins_with_nothing(committed_db: None) -> None:
    with within([1]):
        assert seen_by_the_database() == "1"
        connection.close()
        assert seen_by_the_database() == "1"
    connection.close()
    assert seen_by_the_database() == ""


@pytest.mark.django_db
class TestTheWall:
    """A walled table of the kernel itself: who looked at whose data."""

    def look(self, community_id: int) -> AccessLog:
        return AccessLog.objects.create(
            community_id=community_id, at=AT, reader_id=1, subject="case:261123000001", purpose="handle_case"
        )

    def test_rows_are_seen_within_their_community_only(self) -> None:
        with within([1]):
            self.look(1)
            assert AccessLog.objects.count() == 1
        with within([2]):
            assert AccessLog.objects.count() == 0
        assert AccessLog.objects.count() == 0
        with within([1, 2]):
            assert AccessLog.objects.count() == 1

    def test_a_row_of_another_community_is_not_taken_in(self) -> None:
        for communities in ([], [2]):
            with within(communities), pytest.raises(DatabaseError), transaction.atomic():
                self.look(1)

    @pytest.mark.parametrize("forged", ["1) OR (true", "1;2", "{1}", "all"])
    def test_the_scope_is_read_as_numbers_and_never_as_a_condition(self, forged: str) -> None:
        with within([1]):
            self.look(1)
        with connection.cursor() as cursor:
            cursor.execute("SELECT set_config('linli.scope', %s, false)", [forged])
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM kernel_accesslog")


@pytest.mark.django_db
@pytest.mark.parametrize(
    "change",
    [
        "UPDATE kernel_auditentry SET verb = 'x'",
        "DELETE FROM kernel_auditentry",
        "TRUNCATE kernel_auditentry CASCADE",
        "UPDATE kernel_auditseal SET seq = 1",
        "DELETE FROM kernel_accesslog",
        "ALTER TABLE kernel_auditentry DISABLE TRIGGER linli_append_only",
        "DROP TRIGGER linli_append_only ON kernel_auditentry",
        "SET session_replication_role = replica",
        "ALTER TABLE kernel_accesslog DISABLE ROW LEVEL SECURITY",
        "DROP POLICY linli_wall ON kernel_accesslog",
        "CREATE OR REPLACE FUNCTION linli_scope() RETURNS bigint[] LANGUAGE sql AS $$ SELECT NULL::bigint[] $$",
        "SET ROLE linli_owner",
        "DELETE FROM django_migrations",
    ],
)
def test_the_application_cannot_take_its_walls_down(change: str) -> None:
    AuditEntry.objects.create(community_id=1, at=AT, verb="case.close", object="case:1")
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(change)
    assert AuditEntry.objects.get().verb == "case.close"
