"""Settings: keys of apps, what is offered, other cities' servers, what is under way. For the community's keepers."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import Count, Q
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from linli.cases.pages import desk_frame, here, settings
from linli.cases.pages.desk_frame import Frame
from linli.cases.pages.here import Asked
from linli.cases.rules.intake import Refused
from linli.integrations.open311 import speaking, words
from linli.integrations.open311.actions import endpoints, keys, services
from linli.integrations.open311.forms import EndpointForm, KeyForm, OfferForm, QuestionForm
from linli.integrations.open311.models import AppKey, Endpoint, Forward, LinkedFile, OfferedService, Question
from linli.integrations.open311.queries import catalog
from linli.kernel.access import NotFound, policy

CURRENT = "open311:settings"
LATELY = 20


@policy("open311.settings", who=settings.KEEPERS)
@require_http_methods(["GET", "HEAD", "POST"])
def index(request: Asked) -> HttpResponse:
    """Everything; POST makes a key, which is on the page once."""
    made = desk_frame.keeper_frame(request)
    form, context = KeyForm(request.POST or None), dict[str, Any]()
    if request.method == "POST" and form.is_valid():
        try:
            row, secret = keys.issue(
                actor=request.actor, community_id=made.community_id, wanted=form.wanted(), at=request.now
            )
            context, form = {"secret": secret, "key": row}, KeyForm()
        except Refused as refused:
            form.say(refused.wrongs)
    context |= {
        "form": form,
        "base": speaking.base(request),
        "keys": _keys(made),
        "services": _services(made),
        "endpoints": _endpoints(made),
        "forwards": _forwards(made),
        "files": _files(made),
    }
    return settings.show(made, "open311/settings.html", CURRENT, context, status=422 if form.errors else 200)


def _keys(made: Frame) -> list[dict[str, Any]]:
    rows = AppKey.objects.filter(community_id=made.community_id).order_by("-made_at", "-pk")
    now = made.request.now
    return [
        {
            "row": row,
            "shows": words.label(words.SHOWS, row.shows),
            "over": row.revoked_at is not None or (row.expires_at is not None and row.expires_at <= now),
        }
        for row in rows
    ]


def _services(made: Frame) -> list[dict[str, Any]]:
    offered = catalog.services(made.community_id, made.language)
    every = catalog.all_services(made.community_id, made.language)
    return [
        {"one": one, "offered": code in offered, "type": words.label(words.TYPES, one.type.value)}
        for code, one in every.items()
    ]


def _endpoints(made: Frame) -> list[dict[str, Any]]:
    open_ = Q(forwards__ended_at__isnull=True, forwards__pk__isnull=False)
    found = Endpoint.objects.filter(community_id=made.community_id, ended_at=None)
    rows = found.annotate(under_way=Count("forwards", filter=open_)).order_by("name")
    return [
        {
            "row": row,
            "services": len(row.services),
            "under_way": row.under_way,
            "trouble": words.label(words.TROUBLES, row.trouble),
        }
        for row in rows
    ]


def _forwards(made: Frame) -> list[dict[str, Any]]:
    rows = Forward.objects.filter(community_id=made.community_id).select_related("endpoint")
    return [forward_told(row) for row in rows.order_by("-asked_at", "-pk")[:LATELY]]


def forward_told(row: Forward) -> dict[str, Any]:
    """A forward as pages show it."""
    return {
        "row": row,
        "stand": words.label(words.STANDS, row.state),
        "grave": row.state in {"unsure", "refused"},
        "done": row.state == "closed",
        "trouble": words.label(words.TROUBLES, row.trouble),
    }


def _files(made: Frame) -> list[dict[str, Any]]:
    rows = LinkedFile.objects.filter(community_id=made.community_id).exclude(state="kept").exclude(trouble="")
    return [
        {"row": row, "trouble": words.label(words.TROUBLES, row.trouble)}
        for row in rows.order_by("-asked_at")[:LATELY]
    ]


@policy("open311.revoke_key", who=settings.KEEPERS)
@require_POST
def revoke_key(request: Asked, key_id: int) -> HttpResponse:
    """End a key at once."""
    made = desk_frame.keeper_frame(request)
    keys.revoke(actor=request.actor, community_id=made.community_id, key_id=key_id, at=request.now)
    messages.success(request, _("The key is void. The app that holds it can report no more."))
    return redirect("open311:settings")


@policy("open311.settings_service", who=settings.KEEPERS)
@require_http_methods(["GET", "HEAD", "POST"])
def service(request: Asked, category_code: str) -> HttpResponse:
    """How one category is offered, and what is asked for it."""
    made = desk_frame.keeper_frame(request)
    found = catalog.all_services(made.community_id, made.language).get(category_code)
    if found is None:
        raise NotFound
    asks = request.method == "POST" and "code" in request.POST
    offer = OfferForm(
        None if asks or request.method != "POST" else request.POST, initial=_offer(made, category_code)
    )
    question = QuestionForm(request.POST) if asks else _question(made, category_code)
    form = question if asks else offer
    if request.method == "POST" and form.is_valid() and _kept(made, category_code, form):
        messages.success(request, _("Saved."))
        return redirect("open311:settings_service", category_code)
    rows = Question.objects.filter(community_id=made.community_id, category_code=category_code)
    context = {
        "service": found,
        "offer": offer,
        "form": question,
        "wrong": form if form.errors else None,
        "questions": [
            {
                "row": row,
                "kind": words.label(words.DATATYPES, row.datatype),
                "said": catalog.question(row, made.language),
            }
            for row in rows.order_by("order", "code")
        ],
    }
    return settings.show(made, "open311/service.html", CURRENT, context, status=422 if form.errors else 200)


def _offer(made: Frame, category_code: str) -> dict[str, Any]:
    row = OfferedService.objects.filter(community_id=made.community_id, category_code=category_code).first()
    if row is None:
        found = catalog.all_services(made.community_id, made.language)[category_code]
        return {"offered": not found.sensitive, "type": found.type.value}
    return {name: getattr(row, name) for name in ("offered", "type", "description_zh", "description_en")}


def _question(made: Frame, category_code: str) -> QuestionForm:
    wanted = made.request.GET.get("question", "")[:40]
    held = Question.objects.filter(community_id=made.community_id, category_code=category_code, code=wanted)
    row = held.first() if wanted else None
    return QuestionForm.of(row) if row else QuestionForm()


def _kept(made: Frame, category_code: str, form: OfferForm | QuestionForm) -> bool:
    where: dict[str, Any] = {
        "actor": made.request.actor,
        "community_id": made.community_id,
        "category_code": category_code,
        "at": made.request.now,
    }
    try:
        if isinstance(form, QuestionForm):
            services.ask(wanted=form.wanted(), **where)
        else:
            services.offer(wanted=form.wanted(), **where)
    except Refused as refused:
        form.say(refused.wrongs)
        return False
    return True


@policy("open311.drop_question", who=settings.KEEPERS)
@require_POST
def drop_question(request: Asked, category_code: str, question_code: str) -> HttpResponse:
    """Ask it no more."""
    made = desk_frame.keeper_frame(request)
    services.drop(
        actor=request.actor,
        community_id=made.community_id,
        category_code=category_code,
        code=question_code,
        at=request.now,
    )
    messages.success(request, _("It is not asked any more."))
    return redirect("open311:settings_service", category_code)


@policy("open311.new_endpoint", who=settings.KEEPERS)
@require_http_methods(["GET", "HEAD", "POST"])
def new_endpoint(request: Asked) -> HttpResponse:
    """Enter another city's server."""
    return _endpoint(request, None)


@policy("open311.endpoint", who=settings.KEEPERS)
@require_http_methods(["GET", "HEAD", "POST"])
def endpoint(request: Asked, server_id: int) -> HttpResponse:
    """One of them: its services as it tells them, and what is under way there."""
    return _endpoint(request, server_id)


def _endpoint(request: Asked, endpoint_id: int | None) -> HttpResponse:
    made = desk_frame.keeper_frame(request)
    row = _row(made, endpoint_id) if endpoint_id is not None else None
    bodies = [(body.pk, made.body_name(body.pk)) for body in made.bodies.values()]
    form = EndpointForm(request.POST or None, bodies=bodies, row=row)
    if request.method == "POST" and form.is_valid():
        try:
            kept = endpoints.enter(
                actor=request.actor,
                community_id=made.community_id,
                wanted=form.wanted(),
                at=request.now,
                endpoint_id=endpoint_id,
            )
        except Refused as refused:
            form.say(refused.wrongs)
        else:
            messages.success(request, _("Saved. Now read its list of services."))
            return redirect("open311:server", kept.pk)
    rows = row.forwards.select_related("endpoint").order_by("-asked_at")[:LATELY] if row else []
    context = {
        "endpoint": row,
        "form": form,
        "trouble": words.label(words.TROUBLES, row.trouble) if row else "",
        "forwards": [forward_told(one) for one in rows],
        "language": here.language(),
    }
    return settings.show(made, "open311/endpoint.html", CURRENT, context, status=422 if form.errors else 200)


def _row(made: Frame, endpoint_id: int) -> Endpoint:
    row = Endpoint.objects.filter(community_id=made.community_id, pk=endpoint_id, ended_at=None).first()
    if row is None:
        raise NotFound
    return row


@policy("open311.read_endpoint", who=settings.KEEPERS)
@require_POST
def read_endpoint(request: Asked, server_id: int) -> HttpResponse:
    """Read its services now."""
    made = desk_frame.keeper_frame(request)
    trouble = endpoints.look(
        actor=request.actor, community_id=made.community_id, endpoint_id=server_id, at=request.now
    )
    if trouble:
        messages.error(request, words.label(words.TROUBLES, trouble))
    else:
        messages.success(request, _("It answers. Its services are below."))
    return redirect("open311:server", server_id)


@policy("open311.end_endpoint", who=settings.KEEPERS)
@require_POST
def end_endpoint(request: Asked, server_id: int) -> HttpResponse:
    """Nothing new goes there."""
    made = desk_frame.keeper_frame(request)
    endpoints.end(actor=request.actor, community_id=made.community_id, endpoint_id=server_id, at=request.now)
    messages.success(request, _("Nothing new goes there. What is there already is followed on."))
    return redirect("open311:settings")
