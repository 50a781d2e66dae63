"""Uploaded files: taken under a ticket, and shown only to those who may see the case."""

from __future__ import annotations

import uuid

from django.http import HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from linli.cases import access
from linli.cases.models import Attachment
from linli.cases.pages import outbox, pocket, taking
from linli.cases.pages.here import Asked
from linli.cases.queries.files import is_told
from linli.cases.rules.intake import Refused
from linli.kernel import scope
from linli.kernel.access import PUBLIC, NotFound, policy
from linli.kernel.media.sending import stream


@policy("cases.upload_page", who=PUBLIC)
@require_POST
def upload(request: Asked) -> HttpResponse:
    """Take one file for the report or move being written; answers with its ticket and small picture.

    ``place`` names the place of a report that waited on the phone; without it the file is for where the reader is.
    """
    where = outbox.place_of(request, request.POST.get("place", ""))
    file = request.FILES.get("file")
    if where is None:
        return _turned(_("This place is no longer there."), 409)
    if file is None:
        return _turned(_("Choose a file first."), 422)
    try:
        kept = taking.one(request, where.community.id, file)
    except Refused as refused:
        wrong = refused.wrongs[0]
        status = 429 if wrong.code == "too_much_now" else 413 if wrong.code == "media.too_large" else 422
        return _turned(taking.in_words(wrong), status)
    shown = {
        "ticket": str(kept.ticket),
        "kind": kept.kind,
        "url": reverse("cases:file", args=[kept.ticket]),
        "thumb": reverse("cases:thumb", args=[kept.ticket]) if kept.thumb_path else "",
    }
    return JsonResponse(shown, status=201)


def _turned(words: str, status: int) -> JsonResponse:
    return JsonResponse({"error": words}, status=status, json_dumps_params={"ensure_ascii": False})


@policy("cases.file", who=PUBLIC)
@require_safe
def file(request: Asked, ticket: uuid.UUID) -> HttpResponseBase:
    """The file itself."""
    found = _find(request, ticket)
    return stream(request, found.path, f"{found.kind}-{found.pk}")


@policy("cases.thumb", who=PUBLIC)
@require_safe
def thumb(request: Asked, ticket: uuid.UUID) -> HttpResponseBase:
    """The small picture of a picture."""
    found = _find(request, ticket)
    if not found.thumb_path:
        raise NotFound
    return stream(request, found.thumb_path, f"{found.kind}-{found.pk}-small")


def _find(request: Asked, ticket: uuid.UUID) -> Attachment:
    """The attachment, if this reader may see it. Published cases do not open their pictures.

    :raises NotFound: for everybody else, and for tickets that do not exist.
    """
    scope.enter(request.actor.communities | pocket.communities(request))
    found = Attachment.objects.select_related("case").filter(ticket=ticket).first()
    if found is None or not _may_see(request, found):
        raise NotFound
    return found


def _may_see(request: Asked, found: Attachment) -> bool:
    case = found.case
    if case is None:
        own = request.actor.signed_in and found.uploaded_by_id == request.actor.account_id
        return own or pocket.has_uploaded(request, str(found.ticket))
    if access.staff_view(request.actor).filter(pk=case.pk).exists():
        return True
    kept = pocket.receipt(request, case.number)
    holds = kept is not None and kept.community_id == case.community_id
    if not holds and (not request.actor.signed_in or case.reporter_id != request.actor.account_id):
        return False
    return is_told(found)
