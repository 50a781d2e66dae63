"""One-tap sign-in of the demo's synthetic people; outside a demo every door here is closed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.core import signing
from django.urls import reverse

from linli.kernel import access
from linli.people import models, ports, queries

SALT = "linli.people.demo"


@dataclass(frozen=True, slots=True)
class Door:
    """One button of the demo's front door."""

    community: str
    role: str
    title: str
    name: str
    path: str


def sign_in_path(account: models.Account | int) -> str:
    """The path that signs this demo person in with one tap.

    :raises access.NotFound: outside a demo.
    """
    _only_in_demo()
    account_id = account if isinstance(account, int) else account.pk
    return reverse("people:demo_as", args=[signing.dumps(account_id, salt=SALT)])


def account_of(token: str) -> models.Account:
    """The synthetic person of a path.

    :raises access.NotFound: outside a demo, for a bad token, and for anybody who is not synthetic.
    """
    _only_in_demo()
    try:
        account_id = signing.loads(token, salt=SALT)
    except signing.BadSignature as error:
        raise access.NotFound from error
    account = models.Account.objects.filter(pk=account_id, example=True, is_active=True).first()
    if account is None:
        raise access.NotFound
    return account


def doors(language: str, at: datetime) -> list[Door]:
    """All buttons, in the order in which grids names the people."""
    _only_in_demo()
    people = ports.demo_people(language, at)
    names = queries.names(person.account_id for person in people)
    return [
        Door(
            community=person.community,
            role=person.role,
            title=person.title,
            name=names.get(person.account_id, ""),
            path=sign_in_path(person.account_id),
        )
        for person in people
    ]


def _only_in_demo() -> None:
    if not settings.LINLI_DEMO:
        raise access.NotFound
