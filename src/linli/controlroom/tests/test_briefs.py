"""Briefs: what they say follows from the numbers, each is made once, and it reads on page, paper and as a message."""

from __future__ import annotations

import io
import json
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as some

from linli.cases.tests.cast import AT, Cast
from linli.cases.tests.desk import at_desk, text
from linli.controlroom.actions import briefs as making
from linli.controlroom.models import BriefRow
from linli.controlroom.rules import briefs
from linli.controlroom.rules.briefs import Kind
from linli.controlroom.tests.days import a_day

ZONE = ZoneInfo("Asia/Shanghai")
db = [pytest.mark.django_db, pytest.mark.usefixtures("this_evening")]
TODAY = AT.astimezone(ZONE).date()
TOMORROW = AT + timedelta(days=1)


def told(**figures: float | None) -> dict[str, Any]:
    """Numbers of a brief, with what they were before as ``reported_before=``."""
    found: dict[str, dict[str, float | None]] = {code: {"value": 0, "before": 0} for code in briefs.ALL}
    for code in briefs.RATES:
        found[code] = {"value": None, "before": None}
    for code in briefs.RATES:
        found[code]["denominator"] = 20
    for name, value in figures.items():
        code, earlier = name.removesuffix("_before"), name.endswith("_before")
        found[code]["before" if earlier else "value"] = value
    return {"figures": found, "categories": [], "overdue": [], "hot": [], "repeats": []}


def codes(numbers: dict[str, Any]) -> list[str]:
    return [one.code for one in briefs.sentences(numbers)]


def test_a_day_without_cases_says_so() -> None:
    assert codes(told()) == ["quiet", "standing"]


def test_a_rise_is_told_from_five_cases_on_and_half_as_many_more() -> None:
    assert "more" in codes(told(reported=9, reported_before=6))
    assert "more" not in codes(told(reported=8, reported_before=6))
    assert "more" not in codes(told(reported=4, reported_before=1))
    assert "more" not in codes(told(reported=9, reported_before=0))


def test_a_rise_from_a_few_is_told_as_a_count_and_only_from_ten_on_as_a_multiple() -> None:
    few, many = codes(told(reported=6, reported_before=1)), codes(told(reported=15, reported_before=10))
    assert ("more" in few, "rise" in few) == (True, False)
    assert ("more" in many, "rise" in many) == (False, True)


def test_a_rate_that_fell_by_five_points_is_told_and_one_that_cannot_be_measured_is_not() -> None:
    assert codes(told(solved_rate=0.85, solved_rate_before=0.90)).count("fell") == 1
    assert "fell" not in codes(told(solved_rate=0.86, solved_rate_before=0.90))
    assert "fell" not in codes(told(solved_rate=None, solved_rate_before=0.90))
    few = told(solved_rate=0.5, solved_rate_before=0.90)
    few["figures"]["solved_rate"]["denominator"] = 4
    assert "fell" not in codes(few)


def test_the_body_with_most_overdue_is_named_only_while_something_is_overdue() -> None:
    late = told(open=4, open_broken=3) | {"overdue": [{"key": "-", "count": 2}, {"key": "7", "count": 1}]}
    named = [one for one in briefs.sentences(late) if one.code == "overdue"]
    assert named[0].values == {"body": "7", "count": 1, "all": 3}
    assert "overdue" not in codes(told(open=4) | {"overdue": [{"key": "7", "count": 1}]})


@given(some.integers(0, 2 * 365 * 24 * 60), some.integers(0, 23))
def test_what_is_due_is_always_whole_days_that_have_ended(minutes: int, hour: int) -> None:
    at = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
    (daily, day), (weekly, last) = briefs.due(at, hour=hour, zone=ZONE)
    assert (daily, weekly) == (Kind.DAILY, Kind.WEEKLY)
    assert last.weekday() == 6
    for kind, end in ((daily, day), (weekly, last)):
        period = briefs.period_of(kind, end, ZONE)
        assert period.end <= at
        assert briefs.before(period).end == period.start
    assert at - briefs.period_of(daily, day, ZONE).end < timedelta(hours=24 + hour + 1)


class TestMaking:
    pytestmark = db

    def test_the_morning_makes_each_once_and_tells_of_it(self, cast: Cast) -> None:
        a_day(cast)
        assert making.make_due(TOMORROW) == 2 * 2
        assert making.make_due(TOMORROW + timedelta(hours=1)) == 0
        with cast.inside():
            daily = BriefRow.objects.get(community_id=cast.here.id, kind="daily")
        assert daily.day == TODAY
        assert daily.told["figures"]["reported"]["value"] > 0

    def test_before_the_communitys_hour_yesterday_is_not_told_yet(self, cast: Cast) -> None:
        early = datetime.combine(TODAY + timedelta(days=1), datetime.min.time(), ZONE) + timedelta(hours=6)
        making.make_due(early)
        with cast.inside():
            assert not BriefRow.objects.filter(community_id=cast.here.id, day=TODAY).exists()

    def test_a_day_that_goes_on_is_refused(self, cast: Cast) -> None:
        with pytest.raises(ValueError, match="whole days"), cast.inside():
            making.make(cast.here.id, Kind.DAILY, TODAY, at=AT)

    def test_it_stays_as_it_was_told(self, cast: Cast) -> None:
        a_day(cast)
        with cast.inside():
            first = making.make(cast.here.id, Kind.DAILY, TODAY, at=TOMORROW)
        cast.report("后来补录的一件", key="late", at=AT)
        with cast.inside():
            again = making.make(cast.here.id, Kind.DAILY, TODAY, at=TOMORROW + timedelta(hours=2))
        assert again.told == first.told


class TestReading:
    pytestmark = db

    @pytest.mark.parametrize("language", ["zh-hans", "en"])
    def test_it_reads_on_page_paper_and_as_a_message(self, cast: Cast, language: str) -> None:
        numbers = a_day(cast)
        with cast.inside():
            made = making.make(cast.here.id, Kind.DAILY, TODAY, at=TOMORROW)
        colleague = at_desk(cast, cast.leader)
        colleague.client.cookies["django_language"] = language
        address = f"/control/briefs/daily/{TODAY.isoformat()}/"
        page = text(colleague.get(address))
        reported = int(made.told["figures"]["reported"]["value"])
        assert (f"上报 {reported} 件" if language == "zh-hans" else f"{reported} cases were reported") in page
        assert f"/control/figures/reported/rows/?from={TODAY}&amp;to={TODAY}" in page
        assert not [number for number in numbers.values() if f"138{number}" in page]
        paper = colleague.get(address, format="pdf")
        assert paper.content.startswith(b"%PDF-")
        assert paper["Content-Type"] == "application/pdf"
        message = colleague.get(address, format="text").content.decode()
        assert message.splitlines()[-1].endswith(address)

    def test_its_figures_go_out_as_tables(self, cast: Cast) -> None:
        a_day(cast)
        colleague = at_desk(cast, cast.leader)
        for form in ("csv", "xlsx", "json"):
            answer = colleague.get("/control/briefs/now/weekly/", format=form)
            assert answer.status_code == 200
            if form == "xlsx":
                assert openpyxl.load_workbook(io.BytesIO(answer.content)).worksheets[0].max_row > 10
            if form == "json":
                assert json.loads(answer.content)["to"] == TODAY.isoformat()

    def test_what_is_no_brief_is_not_found_and_others_are_kept_out(self, cast: Cast) -> None:
        colleague = at_desk(cast, cast.dispatcher)
        for address in ("daily/2026-01-01/", "hourly/2026-01-01/", "daily/yesterday/", "now/hourly/"):
            assert colleague.get(f"/control/briefs/{address}").status_code == 404, address
        assert colleague.get("/control/briefs/now/daily/", format="exe").status_code == 404
        assert at_desk(cast, cast.police).get("/control/briefs/").status_code == 403

    def test_a_brief_of_another_community_is_never_seen(self, cast: Cast) -> None:
        a_day(cast)
        with cast.inside():
            making.make(cast.here.id, Kind.DAILY, TODAY, at=TOMORROW)
        foreign = at_desk(cast, cast.elsewhere.dispatcher)
        assert foreign.get(f"/control/briefs/daily/{TODAY.isoformat()}/").status_code == 404


def test_the_largest_groups_come_first_and_none_that_is_empty() -> None:
    found = briefs.largest({"b": 2, "a": 2, "c": 0, "d": 5}, most=2)
    assert found == [{"key": "d", "count": 5}, {"key": "a", "count": 2}]
