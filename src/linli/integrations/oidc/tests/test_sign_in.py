"""Staff come in through a provider that really runs beside the tests."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client

from linli.cases.tests.cast import AT, Cast, Community, sign_in
from linli.integrations.oidc import metadata
from linli.integrations.oidc.actions import keeping
from linli.integrations.oidc.actions.keeping import Wanted
from linli.integrations.oidc.models import Identity, Provider
from linli.integrations.oidc.tests.browsing import CLIENT, SECRET, Elsewhere
from linli.kernel.models import AuditEntry

pytestmark = pytest.mark.django_db
START = "/sign-in/oidc/testkey/"


@pytest.fixture(autouse=True)
def reachable(settings: Any) -> None:
    settings.LINLI_OUTSIDE_PRIVATE = ["127.0.0.0/8"]
    settings.LINLI_STAFF_MFA = False
    metadata.forget()


def entered(community: Community, issuer: str) -> Provider:
    wanted = Wanted("街道统一身份", "Street ID", issuer, CLIENT, SECRET, "phone_number", False, (), ())
    made = keeping.make(actor=community.leader.actor(), community_id=community.id, wanted=wanted, at=AT)
    made.key = "testkey"
    made.save()
    return made


@pytest.fixture
def provider(cast: Cast, elsewhere: Elsewhere) -> Provider:
    return entered(cast.here, elsewhere.issuer)


def come(client: Client, elsewhere: Elsewhere, name: str, start: str = START, **changed: str) -> Any:
    """All the way: out, signed in there, back; ``changed`` parts of the answer on the way."""
    out = client.get(start)
    assert out.status_code == 302, out.content.decode()
    landed = urlsplit(elsewhere.through(out["Location"], name=name))
    answer = {key: values[0] for key, values in parse_qs(landed.query).items()}
    return client.get(landed.path, {**answer, **changed})


def who(client: Client) -> int | None:
    found = client.session.get("_auth_user_id")
    return int(found) if found else None


def test_the_button_stands_on_the_sign_in_page_in_both_languages(client: Client, provider: Provider) -> None:
    assert "街道统一身份" in client.get("/sign-in/").content.decode()
    client.cookies["django_language"] = "en"
    assert "Street ID" in client.get("/sign-in/?next=/desk/").content.decode()


def test_somebody_whose_phone_is_verified_there_comes_in_and_is_bound(
    client: Client, cast: Cast, provider: Provider, elsewhere: Elsewhere
) -> None:
    before = client.session.session_key
    came = come(client, elsewhere, "alice", f"{START}?next=/desk/whistles/")
    assert (came.status_code, came["Location"]) == (302, "/desk/whistles/")
    assert who(client) == cast.dispatcher.account_id
    assert client.session.session_key != before
    with cast.inside():
        assert AuditEntry.objects.filter(verb="oidc.bind", actor_id=cast.dispatcher.account_id).count() == 1
    Provider.objects.update(phone_claim="")
    again = Client()
    assert come(again, elsewhere, "alice").status_code == 302
    assert who(again) == cast.dispatcher.account_id


def test_somebody_unknown_stays_outside_until_they_bind_their_account(
    client: Client, cast: Cast, provider: Provider, elsewhere: Elsewhere
) -> None:
    stopped = come(client, elsewhere, "bob")
    assert (stopped.status_code, who(client)) == (403, None)
    signed_in = Client()
    sign_in(signed_in, cast.verifier)
    assert "街道统一身份" in signed_in.get("/me/identities/").content.decode()
    bound = come(signed_in, elsewhere, "bob", f"{START}?link=1")
    assert bound["Location"] == "/me/identities/"
    assert come(client, elsewhere, "bob").status_code == 302
    assert who(client) == cast.verifier.account_id
    other = Client()
    sign_in(other, cast.auditor)
    assert come(other, elsewhere, "bob", f"{START}?link=1").status_code == 403
    row = Identity.objects.get()
    assert other.post(f"/me/identities/{row.pk}/end/").status_code == 302
    assert Identity.objects.count() == 1
    assert signed_in.post(f"/me/identities/{row.pk}/end/").status_code == 302
    assert Identity.objects.count() == 0


def test_coming_in_gives_no_duty_and_needs_one(
    client: Client, cast: Cast, provider: Provider, elsewhere: Elsewhere
) -> None:
    Provider.objects.update(roles=["community_leader"])
    assert come(client, elsewhere, "alice").status_code == 403
    Provider.objects.update(key="other")
    entered(cast.elsewhere, elsewhere.issuer)
    assert come(client, elsewhere, "alice").status_code == 403
    assert who(client) is None
    assert Identity.objects.count() == 0


def test_mail_domains_keep_others_out(client: Client, provider: Provider, elsewhere: Elsewhere) -> None:
    Provider.objects.update(domains=["other.gov.cn"])
    assert come(client, elsewhere, "alice").status_code == 403
    Provider.objects.update(domains=["street.example.gov.cn"])
    assert come(client, elsewhere, "alice").status_code == 302


def test_the_second_factor_is_asked_for_unless_the_provider_is_trusted_with_it(
    client: Client, provider: Provider, elsewhere: Elsewhere, settings: Any
) -> None:
    settings.LINLI_STAFF_MFA = True
    assert come(client, elsewhere, "alice")["Location"].startswith("/me/second-factor/")
    Provider.objects.update(trusts_second_factor=True)
    trusted = Client()
    assert come(trusted, elsewhere, "alice")["Location"] == "/desk/"
    assert trusted.get("/desk/").status_code == 200


def test_what_comes_back_to_another_browser_or_twice_or_changed_is_refused(
    client: Client, provider: Provider, elsewhere: Elsewhere
) -> None:
    out = client.get(START)["Location"]
    landed = urlsplit(elsewhere.through(out, name="alice"))
    stranger = Client()
    assert stranger.get(f"{landed.path}?{landed.query}").status_code == 403
    assert client.get(f"{landed.path}?{landed.query}").status_code == 302
    assert Client().get(f"{landed.path}?{landed.query}").status_code == 403
    again = Client()
    assert come(again, elsewhere, "alice", state="x" * 32).status_code == 403
    assert come(again, elsewhere, "alice", code="x" * 30).status_code == 502
    assert come(again, elsewhere, "alice", iss="https://evil.example").status_code == 502
    assert come(again, elsewhere, "alice", error="access_denied").status_code == 403
    assert who(again) is None
    asked = parse_qs(urlsplit(out).query)
    assert asked["code_challenge_method"] == ["S256"]
    assert len(asked["nonce"][0]) >= 32


def test_a_provider_that_changes_its_key_is_believed_and_a_strange_key_is_not(
    client: Client, provider: Provider, elsewhere: Elsewhere, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert come(client, elsewhere, "alice").status_code == 302
    elsewhere.rotate()
    assert come(Client(), elsewhere, "alice").status_code == 502  # its keys were read a moment ago
    monkeypatch.setattr(metadata, "AGAIN_SECONDS", 0.0)
    assert come(Client(), elsewhere, "alice").status_code == 302


def test_an_unreachable_provider_says_so_and_the_phone_still_works(
    client: Client, provider: Provider
) -> None:
    Provider.objects.update(issuer="http://127.0.0.1:9/o")
    stopped = client.get(START)
    assert stopped.status_code == 502
    assert "/sign-in/" in stopped.content.decode()
    assert client.get("/sign-in/oidc/nobody/").status_code == 404


def test_a_leader_enters_tries_changes_and_ends_a_provider(
    client: Client, cast: Cast, elsewhere: Elsewhere
) -> None:
    sign_in(client, cast.leader)
    page = "/desk/settings/sign-in/"
    form = {"name_zh": "街道 🏛", "issuer": elsewhere.issuer, "client_id": CLIENT, "secret": SECRET}
    assert client.post(page, {**form, "issuer": "http://example.org"}).status_code == 422
    made = client.post(page, form)
    assert made.status_code == 302
    one = made["Location"]
    assert client.post(page, form).status_code == 422
    assert elsewhere.issuer in client.post(one, {"try": "1"}).content.decode()
    assert SECRET not in client.get(one).content.decode()
    assert (
        client.post(one, {**form, "secret": "", "domains": "@gov.cn", "roles": ["dispatcher"]}).status_code
        == 302
    )
    row = Provider.objects.get()
    assert (row.secret, row.domains, row.roles) == (SECRET, ["gov.cn"], ["dispatcher"])
    Provider.objects.update(issuer="http://127.0.0.1:9/o")
    assert client.post(one, {"try": "1"}).status_code == 200
    other = Client()
    sign_in(other, cast.elsewhere.leader)
    assert other.get(one).status_code == 404
    sign_in(other, cast.dispatcher)
    assert other.get(page).status_code == 403
    assert client.post(f"{one}end/").status_code == 302
    row.refresh_from_db()
    assert row.secret is None
    assert client.get(one).status_code == 404
