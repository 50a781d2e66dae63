"""The cast: Li Fang, a resident; Wang Jun, who serves (the port says so); a stranger with a new phone."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import pytest
from django.test import Client

from linli.faces.tests.browser import chromium, chromium_of_module  # noqa: F401  (fixtures)
from linli.people import models, ports, rules
from linli.people.actions import accounts

AT = datetime(2026, 11, 23, 6, 0, tzinfo=UTC)
LI_PHONE = "+8613811110001"
WANG_PHONE = "+8613811110002"
NEW_PHONE = "+8613811110003"
PASSWORD = "Ping-An-2026"  # noqa: S105  (of an invented person)


@dataclass
class Outbox:
    """A carrier that keeps what it was given."""

    sent: list[tuple[str, str, str]] = field(default_factory=list)

    def send(self, phone: str, code: str, language: str) -> None:
        self.sent.append((phone, code, language))

    def last_code(self, phone: str) -> str:
        return next(code for to, code, _ in reversed(self.sent) if to == phone)


@dataclass
class Roster:
    """Who serves."""

    serving: set[int] = field(default_factory=set)

    def __call__(self, account_id: int, at: datetime) -> bool:
        return account_id in self.serving


@pytest.fixture
def outbox() -> Iterator[Outbox]:
    """The codes that were sent in this test."""
    before = ports._sockets.code_sender
    box = Outbox()
    ports.wire(code_sender=box)
    yield box
    ports._sockets.code_sender = before


@pytest.fixture
def roster() -> Iterator[Roster]:
    """Who serves in this test; nobody at first."""
    before = ports._sockets.is_staff
    people = Roster()
    ports.wire(is_staff=people)
    yield people
    ports._sockets.is_staff = before


def resident(phone: str = LI_PHONE, name: str = "李芳", password: str | None = PASSWORD) -> models.Account:
    """A resident who signed up at AT."""
    profile = accounts.Profile(name=name, language="zh-hans", elder=False)
    purposes = frozenset({rules.Purpose.ACCOUNT, rules.Purpose.CONTACT})
    return accounts.sign_up(phone=phone, profile=profile, purposes=purposes, password=password, at=AT)


@pytest.fixture
def li(db: None, outbox: Outbox, roster: Roster) -> models.Account:
    """Li Fang, who lives here."""
    return resident()


@pytest.fixture
def wang(db: None, outbox: Outbox, roster: Roster) -> models.Account:
    """Wang Jun, who serves as a grid worker."""
    account = resident(WANG_PHONE, "王军")
    roster.serving.add(account.pk)
    return account


def sign_in(client: Client, phone: str = LI_PHONE, password: str = PASSWORD, **more: str) -> Any:
    """Come in through the page."""
    return client.post("/sign-in/", {"phone": phone, "password": password, **more})
