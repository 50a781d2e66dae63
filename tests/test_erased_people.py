"""An erased person is on the list beside the keys, and the person's sessions are gone."""

from __future__ import annotations

import stat
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session

from linli.kernel import events
from linli.people import reactions
from linli.people.events import AccountErased
from linli.runtime.backup import erased
from linli.site import tombstones

AT = datetime.fromisoformat("2026-11-23T08:00:00+08:00")
FACT = AccountErased(community_id=0, account_id=17, at=AT)


def test_the_reactions_to_an_erasure_are_connected() -> None:
    assert set(events.connected()["people.AccountErased"]) == {
        "linli.site.tombstones.keep",
        "linli.people.reactions.forget_sessions",
    }


def test_the_list_is_private_and_says_number_and_moment_as_a_restore_reads_it(
    tmp_path: Path, settings: Any
) -> None:
    path = tmp_path / "secrets" / "erased.jsonl"
    settings.LINLI_ERASED_FILE = str(path)
    tombstones.keep(FACT)
    tombstones.keep(FACT)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert erased.read(path) == [(17, AT)]


@pytest.mark.django_db
def test_only_their_own_sessions_are_forgotten() -> None:
    for account in ("17", "171", None):
        session = SessionStore()
        session["linli.report"] = {"words": "我家的事"}
        if account:
            session[SESSION_KEY] = account
        session.create()
    reactions.forget_sessions(FACT)
    left = [session.get_decoded().get(SESSION_KEY) for session in Session.objects.all()]
    assert sorted(left, key=str) == ["171", None]
