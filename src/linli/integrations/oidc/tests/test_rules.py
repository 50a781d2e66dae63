from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from linli.integrations.oidc import rules
from linli.integrations.oidc.rules import Begun, Untrusted

pytestmark = pytest.mark.rules
AT = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
NOW = AT.timestamp()
GOOD: dict[str, Any] = {
    "iss": "https://id.example", "aud": "linli", "sub": "7", "exp": NOW + 300, "iat": NOW, "nonce": "n"
}  # fmt: skip


def refused(**other: Any) -> str:
    claims = {key: value for key, value in {**GOOD, **other}.items() if value is not None}
    with pytest.raises(Untrusted) as caught:
        rules.check_claims(claims, issuer="https://id.example", client_id="linli", nonce="n", at=AT)
    return caught.value.code


def subject(**other: Any) -> str:
    return rules.check_claims(
        {**GOOD, **other}, issuer="https://id.example", client_id="linli", nonce="n", at=AT
    )


def test_a_right_token_names_its_subject() -> None:
    assert subject() == "7"
    assert subject(aud=["linli"]) == subject(aud=["linli", "other"], azp="linli") == "7"


@pytest.mark.parametrize(
    ("other", "code"),
    [
        ({"iss": "https://evil.example"}, "wrong_issuer"),
        ({"aud": "other"}, "wrong_audience"),
        ({"aud": ["linli", "other"]}, "wrong_audience"),
        ({"aud": ["linli", "other"], "azp": "other"}, "wrong_audience"),
        ({"aud": None}, "wrong_audience"),
        ({"exp": None}, "expired"),
        ({"exp": "soon"}, "expired"),
        ({"exp": True}, "expired"),
        ({"iat": None}, "from_the_future"),
        ({"nbf": NOW + 500}, "from_the_future"),
        ({"iat": NOW - 3600}, "expired"),
        ({"nonce": None}, "wrong_nonce"),
        ({"nonce": "m"}, "wrong_nonce"),
        ({"sub": None}, "no_subject"),
        ({"sub": ""}, "no_subject"),
        ({"sub": 7}, "no_subject"),
        ({"sub": "x" * 256}, "no_subject"),
    ],
)
def test_anything_wrong_with_a_token_is_refused(other: dict[str, Any], code: str) -> None:
    assert refused(**other) == code


def test_clocks_may_differ_by_two_minutes() -> None:
    assert subject(exp=NOW - 119, iat=NOW - 400) == subject(iat=NOW + 119) == "7"
    assert refused(exp=NOW - 121, iat=NOW - 400) == "expired"
    assert refused(iat=NOW + 121) == "from_the_future"


def test_metadata_must_be_whole_and_of_the_issuer_itself() -> None:
    told = {
        "issuer": "https://id.example", "authorization_endpoint": "https://id.example/a", "token_endpoint": "https://id.example/t",
        "jwks_uri": "https://id.example/k",
    }  # fmt: skip
    assert rules.metadata(told, issuer="https://id.example").basic
    for wrong, code in (
        ({**told, "issuer": "https://evil.example"}, "other_issuer"),
        ({**told, "jwks_uri": None}, "bad_metadata"),
        ([], "bad_metadata"),
        ({**told, "code_challenge_methods_supported": ["plain"]}, "no_pkce"),
    ):
        with pytest.raises(Untrusted, match=code):
            rules.metadata(wrong, issuer="https://id.example")


def test_a_challenge_is_that_of_the_standard() -> None:
    """RFC 7636, appendix B."""
    verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
    assert rules.challenge(verifier) == "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"


def test_a_sign_in_begun_holds_ten_minutes_for_its_provider() -> None:
    begun = Begun.new("one", "/desk/", link=False, at=AT)
    assert begun.holds(key="one", at=AT + timedelta(minutes=10))
    assert not begun.holds(key="one", at=AT + timedelta(minutes=11))
    assert not begun.holds(key="two", at=AT)
    assert not begun.holds(key="one", at=AT - timedelta(seconds=1))


def test_phones_and_mail_count_only_when_they_are_verified() -> None:
    phone = {"phone_number": "+8613800138000", "phone_number_verified": True}
    assert rules.phone_of(phone, "phone_number") == "+8613800138000"
    assert (
        rules.phone_of(phone, "")
        == rules.phone_of({**phone, "phone_number_verified": "true"}, "phone_number")
        == ""
    )
    mail = {"email": "a@Street.GOV.cn", "email_verified": True}
    assert rules.domain_fits(mail, ["street.gov.cn"])
    assert rules.domain_fits({}, [])
    assert not rules.domain_fits(mail, ["gov.cn"])
    assert not rules.domain_fits({**mail, "email_verified": False}, ["street.gov.cn"])
    assert rules.tidy_domains("@A.cn， b.cn、a.cn\n") == ["a.cn", "b.cn"]


def test_a_second_factor_is_what_the_provider_says_in_amr() -> None:
    assert rules.asked_twice({"amr": ["pwd", "otp"]})
    assert not rules.asked_twice({"amr": ["pwd"]})
    assert not rules.asked_twice({"amr": "otp"})
    assert not rules.asked_twice({})
