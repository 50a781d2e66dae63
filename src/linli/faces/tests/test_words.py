from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from django.utils.translation import override

from linli.faces import words

NOW = datetime(2026, 11, 23, 6, 5, tzinfo=UTC)  # Monday, 14:05 in China
HOUR = 3600
DAY = 86400


def test_a_time_of_today_is_said_with_the_hour() -> None:
    with override("zh-hans"):
        assert words.people_time(NOW, NOW) == "今天 14:05"
    with override("en"):
        assert words.people_time(NOW, NOW) == "Today 14:05"


def test_yesterday_and_tomorrow_have_their_names() -> None:
    with override("zh-hans"):
        assert words.people_time(NOW - timedelta(hours=29), NOW) == "昨天 09:05"
        assert words.people_time(NOW + timedelta(hours=10), NOW) == "明天 00:05"


def test_the_day_changes_at_midnight_in_china_not_in_greenwich() -> None:
    late = datetime(2026, 11, 23, 15, 59, tzinfo=UTC)  # 23:59 in China
    with override("zh-hans"):
        assert words.people_time(late, NOW) == "今天 23:59"
        assert words.people_time(late + timedelta(minutes=1), NOW) == "明天 00:00"


def test_a_day_of_this_week_keeps_its_hour_and_an_older_one_does_not() -> None:
    with override("zh-hans"):
        assert words.people_time(NOW - timedelta(days=2), NOW) == "11月21日 周六 14:05"
        assert words.people_time(datetime(2026, 9, 2, 18, 0, tzinfo=UTC), NOW) == "9月3日 周四"
    with override("en"):
        assert words.people_time(datetime(2026, 9, 2, 18, 0, tzinfo=UTC), NOW) == "Thu 3 Sep"


def test_another_year_is_named() -> None:
    with override("zh-hans"):
        assert words.people_time(datetime(2025, 9, 3, 4, 0, tzinfo=UTC), NOW) == "2025年9月3日"
    with override("en"):
        assert words.people_time(datetime(2025, 5, 3, 4, 0, tzinfo=UTC), NOW) == "3 May 2025"


def test_midnight_as_a_deadline_is_the_end_of_the_day_before() -> None:
    with override("zh-hans"):
        assert words.due_time(datetime(2026, 11, 23, 16, 0, tzinfo=UTC), NOW) == "今天 24:00"
        assert words.due_time(datetime(2026, 12, 9, 16, 0, tzinfo=UTC), NOW) == "12月9日 周三 24:00"
        assert words.due_time(datetime(2026, 11, 23, 10, 0, tzinfo=UTC), NOW) == "今天 18:00"
    with override("en"):
        assert words.due_time(datetime(2026, 11, 23, 10, 0, tzinfo=UTC), NOW) == "today 18:00"
        assert words.due_time(datetime(2026, 11, 23, 16, 0, tzinfo=UTC), NOW) == "today 24:00"


def test_a_plain_date_has_no_hour() -> None:
    with override("zh-hans"):
        assert words.people_time(date(2026, 11, 22), NOW) == "昨天"
        assert words.people_time(date(2026, 9, 3), NOW) == "9月3日 周四"


def test_the_exact_time_is_local_to_the_second() -> None:
    assert words.exact_time(NOW) == "2026-11-23 14:05:00"
    assert words.exact_time(date(2026, 9, 3)) == "2026-09-03"


@pytest.mark.parametrize(
    ("seconds", "unit", "chinese", "english"),
    [
        (3 * HOUR, "working_hour", "3 工作时", "3 working hours"),
        (HOUR + 1, "working_hour", "1 工作时", "1 working hour"),
        (40 * 60, "working_hour", "40 分钟工作时间", "40 working minutes"),
        (2 * DAY, "working_day", "2 工作日", "2 working days"),
        (DAY - 1, "working_day", "23 小时", "23 hours"),
        (40 * 60, "hour", "40 分钟", "40 minutes"),
        (30 * HOUR, "hour", "30 小时", "30 hours"),
        (4 * DAY, "hour", "4 天", "4 days"),
        (50 * HOUR, "calendar_day", "2 天", "2 days"),
        (30 * HOUR, "calendar_day", "30 小时", "30 hours"),
        (59, "hour", "不到 1 分钟", "under a minute"),
        (0, "working_hour", "不到 1 分钟", "under a minute"),
    ],
)
def test_a_length_of_time_is_said_in_its_own_unit(
    seconds: int, unit: words.Unit, chinese: str, english: str
) -> None:
    with override("zh-hans"):
        assert words.span(seconds, unit) == chinese
    with override("en"):
        assert words.span(seconds, unit) == english


def test_a_length_is_rounded_down_so_that_no_more_is_promised_than_is_left() -> None:
    with override("en"):
        assert words.span(2 * HOUR - 1, "working_hour") == "1 working hour"


@pytest.mark.parametrize(
    ("state", "left", "chinese", "english"),
    [
        ("at_risk", 3 * HOUR, "还剩 3 工作时", "3 working hours left"),
        ("broken", -2 * HOUR, "超 2 工作时", "2 working hours over"),
        ("paused", 3 * HOUR, "暂停计时", "Clock paused"),
        ("met", 3 * HOUR, "按时完成", "Done in time"),
        ("missed", -HOUR, "迟了 1 工作时", "Late by 1 working hour"),
        ("none", None, "不限时", "No limit"),
        ("in_time", None, "时限内", "In time"),
    ],
)
def test_a_clock_says_what_is_left_or_over(
    state: words.State, left: int | None, chinese: str, english: str
) -> None:
    with override("zh-hans"):
        assert words.clock_words(state, "working_hour", left) == chinese
    with override("en"):
        assert words.clock_words(state, "working_hour", left) == english


def test_seconds_left_are_negative_after_the_moment() -> None:
    assert words.seconds_left(NOW, NOW + timedelta(minutes=1)) == -60
