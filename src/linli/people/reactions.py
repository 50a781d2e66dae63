"""What the people room does by itself when something has happened."""

from __future__ import annotations

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.models import Session

from linli.people.events import AccountErased

BATCH = 500


def forget_sessions(fact: AccountErased) -> None:
    """Remove what an erased person's browsers had left with us: a begun report may stand in a session.

    Sessions do not say whose they are without being read, so all are; the account's new epoch has ended them already.
    """
    wanted = str(fact.account_id)
    theirs = [
        session.pk
        for session in Session.objects.iterator(chunk_size=BATCH)
        if session.get_decoded().get(SESSION_KEY) == wanted
    ]
    Session.objects.filter(pk__in=theirs).delete()
