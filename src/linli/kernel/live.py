"""Tells open screens that something changed: a topic and a version, never content; screens ask for what they may see."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.db import connection

from linli.kernel import ticket

CHANNEL = "linli_live"


def touch(topic: str, version: int) -> None:
    """Announce, with the commit, that ``topic`` (``"community:3"``) now has ``version``."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_notify(%s, %s)", (CHANNEL, f"{topic} {version}"))


def permit(topics: list[str], *, at: datetime, lasts: timedelta = timedelta(hours=8)) -> str:
    """A ticket to listen to these topics; the live process checks it without a database."""
    return ticket.issue(topics, str(settings.SECRET_KEY), until=int((at + lasts).timestamp()))
