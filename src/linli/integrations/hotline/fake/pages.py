"""The other side in a demo: a page on which one answers the phone at 12345, and the server our messages reach.

What the hotline knows is a file of the demo's data folder, held while it is changed: several web processes share it.
"""

from __future__ import annotations

import fcntl
import json
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST

from linli.cases.pages.here import Asked
from linli.integrations.hotline import words
from linli.integrations.hotline.fake.desk import Desk
from linli.kernel.access import PUBLIC, NotFound, policy
from linli.kernel.clock import LOCAL

MOST = 200
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[+-]\d\d:\d\d$")
LONGEST = 2000
WHAT = {"receipt": "receipt", "return": "returned", "result": "result", "satisfaction": "satisfaction"}
STATES = ("催办", "撤单", "不同意退单", "同意退单", "已办结")


@contextmanager
def at_desk() -> Iterator[Desk]:
    """What the hotline knows, to be read and changed by one process at a time."""
    if not settings.LINLI_DEMO:
        raise NotFound
    file = Path(settings.HOME) / "demo-hotline.json"
    file.parent.mkdir(parents=True, exist_ok=True)
    with os.fdopen(os.open(file, os.O_RDWR | os.O_CREAT, 0o600), "r+", encoding="utf-8") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        text = held.read()
        desk = Desk(**json.loads(text)) if text else Desk()
        yield desk
        held.seek(0)
        held.truncate()
        held.write(json.dumps(asdict(desk), ensure_ascii=False))


@policy("hotline.demo", who=PUBLIC)
@require_http_methods(["GET", "HEAD", "POST"])
def page(request: Asked) -> HttpResponse:
    """Ring in an order; read what came back of each."""
    with at_desk() as desk:
        told = " ".join(request.POST.get("words", "").split())[:LONGEST]
        if request.method == "POST" and len(told) > 1 and len(desk.orders) < MOST:
            local = request.now.astimezone(LOCAL)
            desk.orders.insert(
                0, _order(desk, told, request.POST.get("address", "")[:200], f"{local:%Y-%m-%d %H:%M:%S}")
            )
        orders = [(order, _heard(desk, order["orderNo"])) for order in desk.orders]
        sent_here = [body for path, body in desk.heard if path == "/orders"]
    if request.method == "POST":
        return redirect("hotline:demo")
    return render(request, "hotline/demo.html", {"orders": orders, "sent_here": sent_here, "states": STATES})


def _order(desk: Desk, words: str, address: str, at: str) -> dict[str, Any]:
    number = f"GY{at[:10].replace('-', '')}{len(desk.orders) + 1:04d}"
    return {
        "orderNo": number,
        "title": words[:20],
        "content": words,
        "callTime": at,
        "caller": {"name": "示例来电人", "phone": "13800000000", "secret": "否"},
        "address": address,
        "appealType": "求助",
        "level": "一般",
        "status": "派单",
    }


def _heard(desk: Desk, number: str) -> list[tuple[str, str]]:
    """What came back of an order: the kind of message in words, and what it says."""
    start = f"/orders/{number}/"
    return [
        (
            str(words.KINDS[WHAT.get(path.removeprefix(start), "progress")]),
            " · ".join(_plain(value) for name, value in body.items() if value and name != "orderNo"),
        )
        for path, body in desk.heard
        if path.startswith(start)
    ]


def _plain(value: Any) -> str:
    """A value as people read it: moments by the local clock, without seconds."""
    told = str(value)
    if not _MOMENT.match(told):
        return told
    return f"{datetime.fromisoformat(told).astimezone(LOCAL):%Y-%m-%d %H:%M}"


@policy("hotline.demo_say", who=PUBLIC)
@require_POST
def say(request: Asked, number: str) -> HttpResponse:
    """The hotline urges, takes back, rules, or says what became of an order of ours."""
    state = request.POST.get("state", "")
    with at_desk() as desk:
        for order in desk.orders:
            if order["orderNo"] == number and state in STATES:
                order["status"] = state
                order["opinion"] = request.POST.get("opinion", "")[:LONGEST]
    return redirect("hotline:demo")


@csrf_exempt
@policy("hotline.demo_server", who=PUBLIC)
def server(request: Asked, rest: str) -> HttpResponse:
    """The hotline's server, as our messages reach it."""
    with at_desk() as desk:
        headers = {name.lower(): value for name, value in request.headers.items()}
        path = f"/{rest}?{request.META.get('QUERY_STRING', '')}"
        try:
            status, told = desk.answer(str(request.method), path, headers, request.body)
        except ValueError:
            status, told = 400, {"code": "400"}
    return JsonResponse(told, status=status)
