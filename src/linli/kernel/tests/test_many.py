"""Writing many rows at once: every kind of value arrives as it was, and only the rows named change."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from linli.kernel.models import AuditEntry, CalendarDay
from linli.kernel.postgres import many

AT = datetime(2026, 11, 23, 2, 0, 0, 123456, tzinfo=UTC)
pytestmark = pytest.mark.django_db


def entry(number: int) -> AuditEntry:
    detail = {"words": "引号\"'\\ 🏠", "n": number, "none": None, "list": [1, 2]}
    return AuditEntry(community_id=7, at=AT, verb="case.test", object=f"case:{number}", detail=detail)


def test_what_is_inserted_arrives_as_it_was() -> None:
    assert many.insert([entry(number) for number in range(3)]) == 3
    for number, row in enumerate(AuditEntry.objects.filter(verb="case.test").order_by("pk")):
        expected = entry(number)
        for name in ("community_id", "at", "actor_id", "actor_role", "object", "detail", "request_id"):
            assert getattr(row, name) == getattr(expected, name), name


def test_only_the_rows_and_fields_named_change() -> None:
    first = date(2026, 11, 23)
    rows = [
        CalendarDay.objects.create(date=first + timedelta(days=n), working=True, note=str(n), set_at=AT)
        for n in range(3)
    ]
    for row in rows:
        row.note, row.working = f"{row.note}'\\", False
    assert many.update(rows[:2], ["note"]) == 2
    held = CalendarDay.objects.filter(pk__in=[row.pk for row in rows]).order_by("date")
    assert [(row.note, row.working) for row in held] == [("0'\\", True), ("1'\\", True), ("2", True)]


def test_nothing_is_written_for_no_rows() -> None:
    assert (many.insert([]), many.update([], ["note"])) == (0, 0)
