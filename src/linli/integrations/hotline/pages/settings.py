"""Settings: the community's lines to hotlines; a mapping is tried before it holds."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from linli.cases.pages import desk_frame, settings
from linli.cases.pages.desk_frame import Frame
from linli.cases.pages.here import Asked
from linli.cases.rules.intake import Refused
from linli.integrations.hotline import access, words
from linli.integrations.hotline.actions import lines as keeping
from linli.integrations.hotline.forms import LineForm
from linli.integrations.hotline.models import Line
from linli.integrations.hotline.rules import mapping as mappings
from linli.integrations.hotline.rules import orders
from linli.integrations.hotline.rules.mapping import BadMapping
from linli.kernel.access import NotFound, policy

CURRENT = "hotline:settings"
EXAMPLE = Path(__file__).parents[1] / "data" / "example.toml"
LONGEST_SAMPLE = 20_000


@policy("hotline.settings", who=settings.KEEPERS)
@require_safe
def index(request: Asked) -> HttpResponse:
    """The lines there are."""
    made = desk_frame.keeper_frame(request)
    found = [
        {"line": line, "name": line.name(made.language), "said": words.said(line.pull_said)}
        for line in access.lines(request.actor, made.community_id)
    ]
    return settings.show(made, "hotline/settings.html", CURRENT, {"lines": found})


@policy("hotline.settings_new", who=settings.KEEPERS)
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: Asked) -> HttpResponse:
    """Open a line; the form begins with the example."""
    made = desk_frame.keeper_frame(request)
    initial = {"mapping": EXAMPLE.read_text(encoding="utf-8"), "pull_minutes": 0, "active": True}
    return _form(request, made, None, initial)


@policy("hotline.settings_line", who=settings.KEEPERS)
@require_http_methods(["GET", "HEAD", "POST"])
def line(request: Asked, line_id: int) -> HttpResponse:
    """Change a line, or try its mapping on an order."""
    held = _mine(request, line_id)
    made = desk_frame.frame(request, held.community_id)
    return _form(request, made, held, LineForm.of(held))


def _mine(request: Asked, line_id: int) -> Line:
    held = access.line(request.actor, line_id)
    if not request.actor.roles(held.community_id) & access.KEEPERS:
        raise NotFound
    return held


def _form(request: Asked, made: Frame, held: Line | None, initial: dict[str, Any]) -> HttpResponse:
    form = LineForm(request.POST or None, initial=initial)
    sample = request.POST.get("sample", "")[:LONGEST_SAMPLE]
    tried = None
    if request.method == "POST" and "try" in request.POST:
        tried = _tried(request.POST.get("mapping", ""), sample)
    elif request.method == "POST" and form.is_valid():
        try:
            kept, secret = keeping.keep(
                actor=request.actor,
                community_id=made.community_id,
                sheet=form.sheet(),
                at=request.now,
                line=held,
            )
        except Refused as refused:
            form.say(refused.wrongs)
        else:
            return _kept(request, made, kept, secret)
    context = {"form": form, "line": held, "sample": sample, "tried": tried, "fields": mappings.FIELDS}
    if held is not None:
        context["push_at"] = request.build_absolute_uri(f"/hotline/{held.key}/orders")
    status = 422 if form.is_bound and form.errors and tried is None else 200
    return settings.show(made, "hotline/line.html", CURRENT, context, status=status)


def _kept(request: Asked, made: Frame, kept: Line, secret: str) -> HttpResponse:
    if not secret:
        messages.success(request, _("Saved."))
        return redirect("hotline:settings")
    return _secret_page(request, made, kept, secret)


def _secret_page(request: Asked, made: Frame, kept: Line, secret: str) -> HttpResponse:
    context = {
        "line": kept,
        "secret": secret,
        "push_at": request.build_absolute_uri(f"/hotline/{kept.key}/orders"),
    }
    answer = settings.show(made, "hotline/secret.html", CURRENT, context)
    answer["Cache-Control"] = "private, no-store"
    return answer


@policy("hotline.settings_secret", who=settings.KEEPERS)
@require_POST
def secret(request: Asked, line_id: int) -> HttpResponse:
    """A new secret for their pushes, shown once."""
    held = _mine(request, line_id)
    made = desk_frame.frame(request, held.community_id)
    fresh = keeping.renew_secret(actor=request.actor, line=held, at=request.now)
    return _secret_page(request, made, held, fresh)


def _tried(mapping_text: str, sample: str) -> dict[str, Any]:
    """What a mapping makes of one order, field by field, or everything that is wrong."""
    try:
        mapping = mappings.load(mapping_text)
        rows = mappings.rows_of(
            json.loads(sample), mapping.pull.rows if mapping.pull and '"data"' in sample else ""
        )
    except BadMapping as bad:
        return {"wrongs": [f"{one.field}: {words.wrong(one)}" for one in bad.wrongs]}
    except (ValueError, RecursionError):
        return {"wrongs": [_("Paste one order of theirs as JSON, as they send it.")]}
    read = orders.read(rows[0] if rows else None, mapping)
    if isinstance(read, tuple):
        return {"wrongs": [f"{one.field}: {words.wrong(one)}" for one in read]}
    shown = (
        "number",
        "our_number",
        "tells",
        "words",
        "called_at",
        "due_at",
        "category",
        "kind",
        "urgency",
        "address",
        "point",
    )
    return {
        "read": [(name, getattr(read, name)) for name in shown if getattr(read, name)],
        "contact": bool(read.phone),
    }
