from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client

from linli.kernel import access, clock
from linli.kernel.models import AuditEntry
from linli.people import access as doors
from linli.people import models, queries
from linli.people.actions import organisations, tokens
from linli.people.tests.conftest import AT
from linli.people.tests.test_my_data import ELSEWHERE, HERE, staff

pytestmark = [pytest.mark.django_db, pytest.mark.urls("linli.people.tests.urls")]
COMMITTEE = models.Organisation.Kind.COMMITTEE


def own(account: models.Account, role: str = "dispatcher") -> access.Actor:
    return staff(account.pk, role)


def test_the_secret_is_given_once_and_not_kept(li: models.Account) -> None:
    token, secret = tokens.issue_token(actor=own(li), name="接口", scopes=["cases:read"], at=AT)
    assert secret.startswith("lnl_")
    assert len(secret) > 40
    found = queries.account_by_token(secret, at=AT)
    assert found is not None
    assert found.account_id == li.pk
    with connection.cursor() as cursor:
        cursor.execute("SELECT t::text FROM people_apitoken t")
        assert secret not in cursor.fetchone()[0]
    assert token.digest == queries.token_digest(secret)


def test_ended_late_and_closed_tokens_open_nothing(li: models.Account) -> None:
    token, secret = tokens.issue_token(actor=own(li), name="a", scopes=["cases:read"], at=AT)
    assert queries.account_by_token(secret, at=AT + timedelta(days=365)) is None
    assert queries.account_by_token(secret + "x", at=AT) is None
    tokens.revoke_token(actor=own(li), token_id=token.pk, at=AT)
    assert queries.account_by_token(secret, at=AT) is None
    _, secret = tokens.issue_token(actor=own(li), name="b", scopes=["cases:read"], at=AT)
    models.Account.objects.filter(pk=li.pk).update(is_active=False)
    assert queries.account_by_token(secret, at=AT) is None


def test_nobody_ends_somebody_elses_token(li: models.Account, wang: models.Account) -> None:
    token, _ = tokens.issue_token(actor=own(li), name="a", scopes=["cases:read"], at=AT)
    with pytest.raises(access.NotFound):
        tokens.revoke_token(actor=own(wang), token_id=token.pk, at=AT)


def test_a_token_never_may_more_than_its_person(li: models.Account) -> None:
    with pytest.raises(access.Forbidden, match="admin_only"):
        tokens.issue_token(actor=own(li), name="a", scopes=["admin"], at=AT)
    with pytest.raises(access.Forbidden, match="not_yours"):
        tokens.issue_token(actor=own(li), name="a", scopes=["cases:read"], community_id=ELSEWHERE, at=AT)
    by_token = access.Actor(account_id=li.pk, token_id=1)
    with pytest.raises(access.Forbidden, match="token"):
        tokens.issue_token(actor=by_token, name="a", scopes=["cases:read"], at=AT)
    made, _ = tokens.issue_token(actor=own(li, "admin"), name="a", scopes=["admin"], at=AT)
    assert made.scopes == ["admin"]


def test_residents_have_no_tokens_page_and_no_settings(client: Client, li: models.Account) -> None:
    client.force_login(li)
    for path in ("/me/tokens/", "/desk/settings/organisations/"):
        assert client.get(path).status_code == 403, path


@pytest.mark.parametrize(
    "path",
    [
        "/me/",
        "/me/data/",
        "/me/tokens/",
        "/me/second-factor/",
        "/me/password/",
        "/desk/settings/organisations/",
    ],
)
def test_strangers_are_led_to_the_sign_in_page(client: Client, path: str) -> None:
    response = client.get(path)
    assert response.status_code == 302
    assert response["Location"].startswith("/sign-in/?next=")


def opened(
    actor: access.Actor, name: str = "铝兴社区居委会", community_id: int = HERE
) -> models.Organisation:
    return organisations.create_organisation(
        actor=actor,
        community_id=community_id,
        kind=COMMITTEE,
        sign=organisations.Sign(name_zh=name, name_en="Lüxing Residents' Committee"),
        at=AT,
    )


def test_a_leader_opens_renames_and_closes(db: None) -> None:
    leader = staff(role="community_leader")
    made = opened(leader)
    with pytest.raises(organisations.NameTaken):
        opened(leader)
    organisations.rename_organisation(
        actor=leader, organisation_id=made.pk, sign=organisations.Sign(name_zh="新居委会"), at=AT
    )
    assert queries.organisation_names([made.pk], "en") == {made.pk: "新居委会"}
    organisations.close_organisation(actor=leader, organisation_id=made.pk, at=AT)
    with pytest.raises(access.NotFound):
        organisations.close_organisation(actor=leader, organisation_id=made.pk, at=AT)
    assert list(queries.organisations([HERE])) == []
    assert opened(leader, "新居委会").pk != made.pk
    verbs = AuditEntry.objects.filter(object=f"organisation:{made.pk}").order_by("pk")
    assert [entry.verb.removeprefix("people.") for entry in verbs] == [
        "create_organisation",
        "rename_organisation",
        "close_organisation",
    ]


def test_others_neither_open_nor_see_them(db: None) -> None:
    made = opened(staff(role="admin"))
    sign = organisations.Sign(name_zh="别的")
    for outsider in (staff(role="dispatcher"), staff(role="admin", community_id=ELSEWHERE), access.ANONYMOUS):
        with pytest.raises(access.Forbidden):
            opened(outsider, "别的")
        with pytest.raises(access.NotFound):
            doors.find_organisation(outsider, made.pk)
        with pytest.raises(access.NotFound):
            organisations.rename_organisation(actor=outsider, organisation_id=made.pk, sign=sign, at=AT)
        assert not doors.visible_organisations(outsider).exists()


# Over the API, with the whole house around it


@pytest.mark.urls("linli.site.urls")
def test_a_token_opens_the_api_from_the_header_only(client: Client, li: models.Account) -> None:
    _, secret = tokens.issue_token(actor=own(li), name="a", scopes=["cases:read"], at=clock.now())
    bearer = {"Authorization": f"Bearer {secret}"}
    answer = client.get("/api/v1/me", headers=bearer)
    assert answer.status_code == 200
    assert answer.json()["account_id"] == li.pk
    assert answer.json()["scopes"] == ["cases:read"]
    assert models.ApiToken.objects.get().last_used_date is not None
    for query in ({"token": secret}, {"access_token": secret}, {"q": secret}):
        refused = client.get("/api/v1/me", query)
        assert refused.status_code == 400
        assert refused.json()["code"] == "token_in_query"
        assert client.get("/api/v1/me", query, headers=bearer).status_code == 400
    for header in (f"Bearer {secret}x", f"Basic {secret}", f"bearer{secret}", ""):
        assert client.get("/api/v1/me", headers={"Authorization": header}).status_code == 401


@pytest.mark.urls("linli.site.urls")
def test_a_session_cookie_does_not_open_the_api(client: Client, li: models.Account) -> None:
    client.force_login(li)
    assert client.get("/api/v1/me").status_code == 401


@pytest.mark.urls("linli.site.urls")
def test_without_the_scope_or_the_duty_the_api_is_closed(client: Client, li: models.Account) -> None:
    _, secret = tokens.issue_token(actor=own(li), name="a", scopes=["cases:read"], at=clock.now())
    bearer = {"Authorization": f"Bearer {secret}"}
    assert client.get("/api/v1/organisations", headers=bearer).status_code == 403
    made = client.post("/api/v1/organisations", data="{}", content_type="application/json", headers=bearer)
    assert made.status_code in {403, 422}
