"""Staff pages with real duties behind them: the second factor, rights that end mid-session (T25)."""

# ruff: noqa: F811  (fixtures are taken over by importing them)

from __future__ import annotations

import base64
import time
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from linli.grids import actions as grids
from linli.grids.tests.conftest import Ground, few_places, fresh_locator, ground, laid  # noqa: F401  (fixtures)
from linli.kernel import access, clock, scope
from linli.people import models, rules
from linli.people.actions import accounts, contact, second_factors

pytestmark = pytest.mark.django_db
PASSWORD = "Ping-An-2026"  # noqa: S105  (of an invented person)
SETTINGS = "/desk/settings/organisations/"
Leader = Callable[[int], tuple[models.Account, Client, int]]


@pytest.fixture
def at() -> Any:
    """Now: the pages read the same clock."""
    return clock.now()


@pytest.fixture
def leader(ground: Ground) -> Leader:
    """Opens somebody with a password who leads a community: account, browser signed in, duty."""
    phones = iter(range(13870000000, 13870009999))

    def made(place_id: int) -> tuple[models.Account, Client, int]:
        phone = str(next(phones))
        profile = accounts.Profile(name="王建国", language="zh-hans", elder=False)
        purposes = frozenset({rules.Purpose.ACCOUNT})
        account = accounts.sign_up(
            phone=f"+86{phone}", profile=profile, purposes=purposes, password=PASSWORD, at=clock.now()
        )
        duty = grids.grant_duty(
            actor=access.SYSTEM,
            account_id=account.pk,
            role="community_leader",
            place_id=place_id,
            at=clock.now(),
        )
        client = Client()
        client.post("/sign-in/", {"phone": phone, "password": PASSWORD})
        return account, client, duty.id

    return made


def code_of(secret: str, steps: int) -> str:
    return rules.totp_code(base64.b32decode(secret), int(time.time()) // 30 + steps)


def test_staff_pages_open_only_after_the_second_factor(
    leader: Leader,
    ground: Ground,
    settings: Any,
) -> None:
    settings.LINLI_STAFF_MFA = True
    account, client, _ = leader(ground.luxing.id)
    led = client.get(SETTINGS)
    assert led["Location"] == f"/me/second-factor/check/?next={SETTINGS}"
    assert client.get(led["Location"])["Location"].startswith("/me/second-factor/?next=")
    secret = second_factors.new_secret()
    second_factors.add_app(account_id=account.pk, secret=secret, code=code_of(secret, -1), at=clock.now())
    assert client.get(SETTINGS).status_code == 302
    passed = client.post("/me/second-factor/check/", {"code": code_of(secret, 0), "next": SETTINGS})
    assert passed["Location"] == SETTINGS
    assert client.get(SETTINGS).status_code == 200


def test_a_duty_that_ends_closes_the_door_at_the_next_request(
    leader: Leader,
    ground: Ground,
    settings: Any,
) -> None:
    settings.LINLI_STAFF_MFA = False
    _, client, duty_id = leader(ground.luxing.id)
    assert client.get(SETTINGS).status_code == 200
    grids.end_duty(actor=access.SYSTEM, duty_id=duty_id, at=clock.now())
    assert client.get(SETTINGS).status_code == 403


def test_a_leader_keeps_only_her_own_communitys_organisations(
    leader: Leader,
    ground: Ground,
    settings: Any,
) -> None:
    settings.LINLI_STAFF_MFA = False
    _, here, _ = leader(ground.luxing.id)
    _, there, _ = leader(ground.riverside.id)
    new = {"community": ground.luxing.id, "kind": "committee", "name_zh": "铝兴社区居委会"}
    assert here.post(SETTINGS, new).status_code == 302
    made = models.Organisation.objects.get()
    assert "铝兴社区居委会" in here.get(SETTINGS).content.decode()
    assert "铝兴社区居委会" not in there.get(SETTINGS).content.decode()
    assert there.post(SETTINGS, {**new, "name_zh": "假居委会"}).status_code == 422
    for method, path in (("get", f"{SETTINGS}{made.pk}/"), ("post", f"{SETTINGS}{made.pk}/close/")):
        assert getattr(there, method)(path).status_code == 404
        assert getattr(there, method)(path.replace(str(made.pk), "999999")).status_code == 404
    renamed = {"name_zh": "铝兴居委会", "name_en": "", "phone": "0851-84612345"}
    assert here.post(f"{SETTINGS}{made.pk}/", renamed).status_code == 302
    assert here.post(f"{SETTINGS}{made.pk}/close/").status_code == 302
    assert here.get(f"{SETTINGS}{made.pk}/").status_code == 404


def test_residents_see_who_looked_and_why(leader: Leader, ground: Ground, settings: Any) -> None:
    settings.LINLI_STAFF_MFA = False
    account, client, _ = leader(ground.luxing.id)
    reader, _, _ = leader(ground.luxing.id)
    grant = access.Grant(
        role="dispatcher",
        community_id=ground.luxing.id,
        place_id=ground.luxing.id,
        place_path=ground.luxing.path,
    )
    actor = access.Actor(account_id=reader.pk, grants=(grant,), communities=frozenset({ground.luxing.id}))
    with scope.within([ground.luxing.id]):
        contact.reveal_contact(
            actor=actor,
            account_id=account.pk,
            community_id=ground.luxing.id,
            why=contact.WhyRead.FOLLOW_UP,
            task="case:261123000001",
            at=clock.now(),
        )
    page = client.get("/me/data/").content.decode()
    for said in ("王**", "姓名、手机号", "回访", "调度员", "case:261123000001", "铝兴社区"):
        assert said in page, said
