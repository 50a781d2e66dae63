"""What every template may use."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from linli.cases.pages import desk_frame, pocket, unread
from linli.cases.pages.here import Asked
from linli.integrations.wechat.pages.sharing import Accounts
from linli.kernel import access, clock
from linli.notices.queries import inbox

WORKBENCH = "/desk/"


def site(request: HttpRequest) -> dict[str, Any]:
    """The actor, the present moment, the demo mark and the reader's face (language, 长辈版)."""
    return {
        "actor": getattr(request, "actor", access.ANONYMOUS),
        "now": getattr(request, "now", None) or clock.now(),
        "demo": settings.LINLI_DEMO,
        "elder": request.COOKIES.get("linli-elder") == "1",
        "live_url": settings.LINLI_LIVE_URL,
        "mine_count": SimpleLazyObject(lambda: _new_answers(request)),  # likewise
        "share_template": "wechat/share.html",
        "wechat_accounts": Accounts(request),
        "owner": SimpleLazyObject(lambda: _owner(request)),  # of what this device keeps
        "unread": SimpleLazyObject(lambda: _unread(request)),  # asked for by residents' pages alone
    }


def _new_answers(request: Any) -> int:
    return len(unread.numbers(request)) if hasattr(request, "actor") else 0


def _owner(request: Any) -> str:
    return pocket.owner(request) if hasattr(request, "actor") and hasattr(request, "session") else ""


def _unread(request: HttpRequest) -> int:
    actor = getattr(request, "actor", access.ANONYMOUS)
    return inbox.unread(actor) if actor.signed_in else 0


def workbench(request: Asked) -> dict[str, Any]:
    """The head of the workbench for its pages in rooms below the cases; looked up when a page shows it, and only then."""
    actor = getattr(request, "actor", access.ANONYMOUS)
    if not request.path.startswith(WORKBENCH) or not actor.staff_communities:
        return {}
    held = SimpleLazyObject(lambda: desk_frame.head(request))

    def later(name: str) -> Any:
        return SimpleLazyObject(lambda: held[name])

    return {**desk_frame.PARTS, **{name: later(name) for name in desk_frame.HEAD}}
