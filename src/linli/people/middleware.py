"""Ends the session of staff who were silent for half an hour; stands after the middleware that finds the actor."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _

from linli.kernel import access
from linli.people import sessions
from linli.people.pages import ways


class StaffIdle:
    """Looks at every page request of a signed-in person; residents stay signed in, staff do not."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: Any, view: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> HttpResponse | None:
        """Sign out whoever was away too long, and lead them back to this page."""
        actor: access.Actor = getattr(request, "actor", access.ANONYMOUS)
        if not actor.signed_in or actor.token_id is not None:
            return None
        if not sessions.has_gone_idle(request, staff=actor.staff or actor.superuser, at=request.now):
            return None
        sessions.close_session(request)
        messages.info(request, _("You were away for half an hour, so we signed you out."))
        return HttpResponseRedirect(ways.via("people:sign_in", request.get_full_path()))
