"""The demo's line: a hotline of its own, played by ``fake/``, for the first community."""

from __future__ import annotations

from datetime import datetime
from urllib.parse import urlsplit

from django.conf import settings

from linli.integrations.hotline.actions import lines
from linli.integrations.hotline.fake.desk import Desk
from linli.integrations.hotline.models import Line
from linli.integrations.hotline.pages.settings import EXAMPLE
from linli.kernel import scope
from linli.kernel.access import SYSTEM

NAME = "示例市 12345"


def connect(community_id: int, *, at: datetime) -> None:
    """Open the line once, and lead it to where this demo serves now."""
    port = urlsplit(settings.LINLI_BASE_URL).port or 80
    address = f"http://127.0.0.1:{port}/demo/hotline/api"
    with scope.within([community_id]):
        held = Line.objects.filter(community_id=community_id, name_zh=NAME).first()
        if held is not None:
            Line.objects.filter(pk=held.pk).update(address=address)
            return
    text = EXAMPLE.read_text(encoding="utf-8")
    sheet = lines.Sheet(NAME, "Example City 12345", text, address, Desk().token, 1, active=True)
    lines.keep(actor=SYSTEM, community_id=community_id, sheet=sheet, at=at)
