"""The door for receipts: the carrier says later whether a message arrived."""

from __future__ import annotations

import hmac
import json
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, QueryDict
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from linli.integrations.sms import rules
from linli.integrations.sms.adapter import HttpSms
from linli.integrations.sms.rules import Receipts
from linli.kernel.access import PUBLIC, policy
from linli.notices import ports
from linli.notices.actions.receipts import receive
from linli.people.pages.ways import Asked

MOST_BYTES = 256 * 1024


@policy("sms.receipts", who=PUBLIC)
@csrf_exempt
@require_POST
def receipts(request: Asked) -> HttpResponse:
    """Take the receipts of one call; who does not know the key learns nothing."""
    if not _knows_the_key(request):
        return HttpResponse(status=403)
    raw = request.read(MOST_BYTES + 1)
    said = _read(request, raw)
    if len(raw) > MOST_BYTES or said is None:
        return HttpResponse(status=400)
    carrier = ports.carrier("sms")
    told = carrier.asking.receipts if isinstance(carrier, HttpSms) else Receipts()
    for one in rules.receipts(told, said):
        receive(road="sms", reference=one.reference, arrived=one.arrived, code=one.code, at=request.now)
    return HttpResponse(told.answer, content_type="text/plain; charset=utf-8")


def _knows_the_key(request: HttpRequest) -> bool:
    key = str(settings.LINLI_SMS_RECEIPT_KEY)
    given = request.headers.get("Authorization", "").removeprefix("Bearer ") or request.GET.get("key", "")
    return bool(key) and hmac.compare_digest(key.encode(), given.encode())


def _read(request: HttpRequest, raw: bytes) -> Any:
    if "form" in request.headers.get("Content-Type", ""):
        return QueryDict(raw).dict()
    try:
        return json.loads(raw)
    except (ValueError, RecursionError):
        return None
