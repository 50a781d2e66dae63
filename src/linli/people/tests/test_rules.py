from __future__ import annotations

import base64
from datetime import UTC, date, datetime, timedelta

import pytest

from linli.people import rules
from linli.people.rules import Level, Right

pytestmark = pytest.mark.rules
TODAY = date(2026, 11, 23)
AT = datetime(2026, 11, 23, 6, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("right", "least"),
    [
        (Right.READ_PUBLIC, 0),
        (Right.REPORT, 0),
        (Right.POLL, 1),
        (Right.COMMENT, 2),
        (Right.ACTIVITY, 2),
        (Right.RESIDENTS_VOTE, 3),
        (Right.DELIBERATE, 3),
        (Right.OWNERS_VOTE, 4),
        (Right.STAND, 4),
        (Right.CHANGE_ROLL, 4),
    ],
)
def test_each_right_begins_at_its_level(right: Right, least: int) -> None:
    may = [rules.may(right, level, until_date=None, today=TODAY) for level in range(5)]
    assert may == [level >= least for level in range(5)]


def test_every_right_has_a_level() -> None:
    assert set(rules.LEAST_LEVEL) == set(Right)


def test_a_proof_counts_on_its_last_day_and_falls_to_the_phone_on_the_next() -> None:
    last = TODAY
    assert rules.effective_level(3, until_date=last, today=TODAY) is Level.RESIDENT
    assert rules.effective_level(4, until_date=last, today=TODAY + timedelta(days=1)) is Level.PHONE
    assert rules.effective_level(1, until_date=last, today=TODAY + timedelta(days=1)) is Level.WECHAT


def test_nine_failures_cost_nothing_and_then_the_pause_doubles_up_to_an_hour() -> None:
    assert [rules.pause_seconds(n) for n in (0, 1, 9, 10, 11, 12, 13)] == [0, 0, 0, 30, 60, 120, 240]
    assert rules.pause_seconds(17) == 3600
    assert rules.pause_seconds(10_000) == 3600


@pytest.mark.parametrize(
    "typed",
    [
        "13812345678",
        "138 1234 5678",
        "+86 138-1234-5678",
        "008613812345678",
        "８６１３８１２３４５６７８",
        "8613812345678",
    ],
)
def test_a_phone_is_understood_however_it_is_typed(typed: str) -> None:
    assert rules.normal_phone(typed) == "+8613812345678"


@pytest.mark.parametrize(
    "typed",
    ["", "12345", "12812345678", "1381234567", "138123456789", "0851-84612345", "a13812345678", "1" * 500],
)
def test_other_numbers_are_refused_without_being_repeated(typed: str) -> None:
    with pytest.raises(rules.BadPhone) as refused:
        rules.normal_phone(typed)
    assert not typed or typed not in str(refused.value)


def test_totp_agrees_with_the_vectors_of_rfc_6238() -> None:
    secret = b"12345678901234567890"
    for second, code in [
        (59, "94287082"),
        (1111111109, "07081804"),
        (1111111111, "14050471"),
        (1234567890, "89005924"),
        (2000000000, "69279037"),
        (20000000000, "65353130"),
    ]:
        assert rules.totp_code(secret, second // 30, digits=8) == code


def test_a_totp_code_counts_one_step_early_and_one_late_and_no_more() -> None:
    secret = base64.b32decode("JBSWY3DPEHPK3PXP")
    step = int(AT.timestamp()) // 30
    for away, counts in [(-2, False), (-1, True), (0, True), (1, True), (2, False)]:
        found = rules.totp_step(secret, rules.totp_code(secret, step + away), at=AT)
        assert found == (step + away if counts else None)


@pytest.mark.parametrize(
    "wanted",
    [
        "//evil.example",
        "///evil.example",
        "http://evil.example",
        "https:evil.example",
        "HTTPS://evil.example/",
        "javascript:alert(1)",
        "JaVaScRiPt:alert(1)",
        "data:text/html,x",
        "/\\evil.example",
        "\\\\evil.example",
        "/\t/evil.example",
        "/\n/evil.example",
        "\t//evil.example",
        " //evil.example",
        " /me/",
        "/\x00/evil.example",
        "/／evil.example",
        "／/evil.example",
        "evil.example",
        "me/",
        "?next=/me/",
        "#x",
        "@evil.example",
        "/..//evil.example/../",
        "/me/../..//evil.example",
        "ftp://evil.example",
        "mailto:x@evil.example",
        "/" + "a" * 600,
        "/sign-in/?next=/sign-in/",
        "/sign-out/",
        "/demo/as/abc/",
        "",
    ],
)
def test_it_goes_only_to_paths_of_this_site(wanted: str) -> None:
    assert rules.safe_next(wanted, default="/home/") == "/home/"


@pytest.mark.parametrize("wanted", ["/", "/me/", "/desk/cases/?q=路灯&state=open#x", "/r/8Z%2F/"])
def test_it_goes_to_where_the_reader_was(wanted: str) -> None:
    assert rules.safe_next(wanted, default="/home/") == wanted


def test_an_account_sleeps_after_half_a_year_of_silence_but_not_before_its_first_use() -> None:
    half_year = timedelta(days=180)
    assert not rules.is_asleep(proved_at=None, seen_at=None, at=AT)
    assert not rules.is_asleep(proved_at=AT - half_year, seen_at=None, at=AT)
    assert rules.is_asleep(proved_at=AT - half_year - timedelta(seconds=1), seen_at=None, at=AT)
    assert not rules.is_asleep(proved_at=AT - 2 * half_year, seen_at=AT - timedelta(days=1), at=AT)


def test_a_name_is_the_same_in_any_width_and_spacing() -> None:
    assert rules.same_name("欧阳小青", " 欧阳 小青 ")
    assert rules.same_name("Li Fang", "ＬＩ fang")
    assert not rules.same_name("李芳", "李")
    assert not rules.same_name("", "")


def test_a_network_is_a_neighbourhood_of_addresses() -> None:
    assert rules.network_of("203.0.113.77") == "203.0.113.0/24"
    assert rules.network_of("2001:db8:aaaa:bb01::1") == rules.network_of("2001:db8:aaaa:bbff::2")
    assert rules.network_of("nonsense") == rules.network_of("") == "-"


@pytest.mark.parametrize(
    "query",
    [{"token": "x"}, {"access_token": "x"}, {"Api-Key": "x"}, {"q": "lnl_abc"}, {"Authorization": "x"}],
)
def test_a_token_in_an_address_is_noticed(query: dict[str, str]) -> None:
    assert rules.carries_token(query)
    assert not rules.carries_token({"q": "路灯", "cursor": "abc"})


def test_scopes_keep_their_order_and_unknown_ones_are_refused() -> None:
    assert rules.checked_scopes(["admin", "cases:read", "admin"]) == ["cases:read", "admin"]
    for wrong in ([], ["cases:read", "everything"]):
        with pytest.raises(rules.BadScope):
            rules.checked_scopes(wrong)


def test_a_minor_rises_no_higher_than_the_phone() -> None:
    assert rules.highest_level(minor=True) is Level.PHONE
    assert rules.highest_level(minor=False) is Level.PROVED


@pytest.mark.parametrize(
    ("forwarded", "proxies", "seen"),
    [
        ("203.0.113.9", 0, "10.0.0.1"),
        ("203.0.113.9", 1, "203.0.113.9"),
        ("6.6.6.6, 203.0.113.9", 1, "203.0.113.9"),
        ("6.6.6.6, 203.0.113.9, 10.0.0.2", 2, "203.0.113.9"),
        ("", 1, "10.0.0.1"),
        ("203.0.113.9", 2, "10.0.0.1"),
    ],
)
def test_an_invented_address_is_not_believed(forwarded: str, proxies: int, seen: str) -> None:
    assert rules.client_address("10.0.0.1", forwarded, proxies=proxies) == seen
