"""The demo's phone and groups: every message that the console carried, as its recipient would see it."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from linli.integrations.console.carrier import Notes
from linli.kernel.access import PUBLIC, NotFound, policy
from linli.notices import words
from linli.people.pages.ways import Asked


@policy("console.messages", who=PUBLIC)
@require_safe
def messages(request: Asked) -> HttpResponse:
    """The last messages; only in a demo."""
    if not settings.LINLI_DEMO:
        raise NotFound
    rows = [
        {
            **row,
            "road_words": words.label(words.ROADS, row["road"]),
            "when": datetime.fromisoformat(row["at"]),
        }
        for row in sorted(Notes(settings.HOME).last(), key=lambda row: row["at"], reverse=True)
    ]
    phones = [row for row in rows if row["road"] == "sms"]
    groups = [row for row in rows if row["road"] != "sms"]
    return render(request, "notices/demo_messages.html", {"phones": phones, "groups": groups})
