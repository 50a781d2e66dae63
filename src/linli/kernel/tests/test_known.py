"""A statement put together once gives what its queryset gives, whoever asks and with whatever values."""

from __future__ import annotations

import threading
from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.db import connection
from django.db.models import F, QuerySet, Value
from django.test.utils import CaptureQueriesContext

from linli.kernel.models import AuditEntry, AuditSeal, WorkHours
from linli.kernel.postgres.known import Known

AT = datetime(2026, 11, 23, 2, tzinfo=UTC)


def hours(community_id: int, weekday: int) -> WorkHours:
    return WorkHours.objects.create(
        community_id=community_id,
        weekday=weekday,
        from_date=date(2026, 1, 1),
        spans=[["09:00", "12:00"]],
    )


def by_community(community_id: int, least: int) -> QuerySet[WorkHours]:
    found = WorkHours.objects.filter(community_id=community_id, pk__gte=least).order_by("weekday")
    return found.annotate(double=F("weekday") * Value(2))


def plain(row: Any) -> tuple[Any, ...]:
    return row.spans, row.weekday, row.double, row.set_at


@pytest.mark.django_db
def test_it_gives_what_the_queryset_gives() -> None:
    rows = [hours(community_id, weekday) for community_id in (71, 72) for weekday in range(4)]
    known = Known(2, by_community)
    for values in ((71, 1), (72, rows[6].pk), (71, rows[6].pk), (73, 1)):
        with CaptureQueriesContext(connection) as asked:
            found = known(*values)
        assert len(asked) == 1
        wanted = list(by_community(*values))
        assert found == wanted
        assert [plain(row) for row in found] == [plain(row) for row in wanted]


@pytest.mark.django_db
def test_related_rows_and_columns_left_out_come_as_from_the_queryset() -> None:
    entry = AuditEntry.objects.create(community_id=7, at=AT, verb="x", object="y", detail={"a": [1]})
    AuditSeal.objects.create(entry=entry, community_id=7, seq=1, prev=b"", hash=b"h")
    known = Known(
        1,
        lambda community_id: (
            AuditSeal.objects.select_related("entry").defer("prev").filter(community_id=community_id)
        ),
    )
    known(1)
    with CaptureQueriesContext(connection) as asked:
        (seal,) = known(7)
        assert (seal.entry.detail, bytes(seal.hash)) == ({"a": [1]}, b"h")
    assert len(asked) == 1
    assert seal.get_deferred_fields() == {"prev"}
    assert bytes(seal.prev) == b""


@pytest.mark.django_db
def test_what_it_gives_can_be_saved() -> None:
    hours(71, 1)
    (row,) = Known(2, by_community)(71, 0)
    row.spans = []
    row.save()
    assert WorkHours.objects.get(pk=row.pk).spans == []


def test_it_takes_as_many_values_as_were_left_open() -> None:
    with pytest.raises(TypeError, match="2 values are open, 1 were given"):
        Known(2, by_community)(71)


def test_threads_that_ask_first_at_once_get_the_same(committed_db: None) -> None:
    hours(71, 1)
    known, found = Known(2, by_community), list[int]()

    def ask() -> None:
        found.extend(row.weekday for row in known(71, 0))
        connection.close()

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [1, 1, 1, 1]
