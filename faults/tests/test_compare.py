"""The comparison itself: it finds what is lost, doubled, half there or not done."""

# ruff: noqa: F811  (fixtures are taken over by importing them)

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.conf import settings
from django.db import connection

from faults.compare import Verdict, compare
from faults.journal import Journal, Line
from linli.cases.rules.intake import Channel
from linli.cases.tests.cast import Cast, committed_cast  # noqa: F401  (fixtures)
from linli.kernel import audit, events
from linli.runtime.testing.server import Use

WORDS = "第0-1次试报abc123:楼道灯不亮,请来看看。"


@pytest.fixture
def superuser(database_server: Use, committed_cast: Cast) -> Iterator[psycopg.Connection[Any]]:
    """A connection that sees every row."""
    url = database_server.postgres.superuser_url(connection.settings_dict["NAME"])
    with psycopg.connect(url, autocommit=True) as made:
        yield made


@pytest.fixture
def line(committed_cast: Cast) -> Line:
    """One report with a picture, and everything that follows it done."""
    ticket = committed_cast.picture(committed_cast.resident)
    receipt = committed_cast.report(WORDS, channel=Channel.API, key="k", uploads=(ticket,))
    follow()
    return Line("k", receipt.number, receipt.code, 1, 1)


def follow() -> None:
    """Do every job and seal every entry, as the worker does."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT id, args FROM procrastinate_jobs WHERE status = 'todo'")
        for job, args in cursor.fetchall():
            events.react(**json.loads(args))
            cursor.execute("UPDATE procrastinate_jobs SET status = 'succeeded' WHERE id = %s", [job])
    audit.seal_pending()


def judged(superuser: psycopg.Connection[Any], *lines: Line) -> Verdict:
    return compare(superuser, list(lines), Path(settings.HOME) / "media", settle=0)


def test_all_is_well(superuser: psycopg.Connection[Any], line: Line) -> None:
    verdict = judged(superuser, line)
    assert verdict.good, verdict
    assert (verdict.accepted, verdict.pictures) == (1, 1)


def test_it_finds_a_receipt_without_a_case(superuser: psycopg.Connection[Any], line: Line) -> None:
    verdict = judged(superuser, line, Line("other", "260101000000", "", 1))
    assert verdict.lost == ["260101000000"]
    assert not verdict.good


def test_it_finds_a_report_taken_twice(
    superuser: psycopg.Connection[Any], committed_cast: Cast, line: Line
) -> None:
    committed_cast.report(WORDS, channel=Channel.API, key="another")
    follow()
    assert judged(superuser, line).doubled == [WORDS]


@pytest.mark.parametrize("part", ["cases_clockrow", "cases_move", "kernel_auditentry"])
def test_it_finds_a_case_of_which_a_part_is_missing(
    superuser: psycopg.Connection[Any], line: Line, part: str
) -> None:
    superuser.execute("SET session_replication_role = replica")
    superuser.execute(f"DELETE FROM {part}".encode())
    assert [told.split()[0] for told in judged(superuser, line).incomplete] == [line.number]


def test_it_finds_a_picture_that_is_gone(
    superuser: psycopg.Connection[Any], line: Line, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Path, "exists", lambda self: "_small" in self.name)
    assert judged(superuser, line).lost_pictures == [line.number]


def test_it_finds_what_was_not_done_yet(
    superuser: psycopg.Connection[Any], committed_cast: Cast, line: Line
) -> None:
    committed_cast.report("第0-2次试报", channel=Channel.API, key="late")
    verdict = judged(superuser, line)
    assert verdict.undone_jobs == 1
    assert verdict.unsealed == 1
    assert not verdict.good


def test_the_journal_keeps_what_it_is_given(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "journal")
    lines = [Line(f"k{number}", "1", "c", number, 0) for number in range(3)]
    for each in lines:
        journal.write(each)
    assert Journal(tmp_path / "journal").read() == lines
