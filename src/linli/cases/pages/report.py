"""Saying something, in three short steps; nothing is lost between them, and sending twice makes one case."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from linli.cases.forms.report import PlaceIt, SayIt, SendIt, say
from linli.cases.pages import alike, danger, drafts, finding, here, pocket, sending, taking
from linli.cases.pages.drafts import Draft
from linli.cases.pages.here import Asked, Here
from linli.cases.queries import reference
from linli.cases.rules import intake
from linli.cases.rules.intake import Channel, Refused, Report
from linli.grids import queries as places
from linli.kernel import access, sealed
from linli.kernel.access import PUBLIC, policy
from linli.kernel.idempotency import KeyReused
from linli.people import queries as people
from linli.people import rules as people_rules


def _start(request: Asked) -> Here | HttpResponse:
    """Where we are; or the way to say where, or to sign in where passers-by may not report."""
    code = request.GET.get("place", "")
    if code:
        place = places.place_by_code(code)
        if place is not None and place.valid_to is None:
            here.remember(request, place.id)
    where = here.find(request)
    if where is None:
        return here.show(
            request,
            "cases/resident/which.html",
            {"communities": places.communities(), "next": reverse("cases:report"), "tab": "report"},
        )
    signed_in = request.actor.signed_in
    if not signed_in and not places.setting(where.community.id, "anonymous_reports", request.now):
        return redirect(sign_in_and_return(where))
    return where


def sign_in_and_return(where: Here) -> str:
    """The way through signing in back to step 1. Signing in forgets the session, so the place goes along."""
    back = f"{reverse('cases:report')}?{urlencode({'place': where.place.code})}"
    return f"{settings.LOGIN_URL}?{urlencode({'next': back})}"


def _page(
    request: Asked, where: Here, step: int, context: dict[str, Any], *, status: int = 200
) -> HttpResponse:
    template = {1: "say", 2: "place", 3: "send"}[step]
    draft: Draft = context["draft"]
    frame = {
        "tab": "report",
        "steps": [_("Words"), _("Place"), _("Send")],
        "step": step,
        **danger.told(where.community.id, draft.words, tapped=draft.danger),
        "pictures": [taking.shown(file) for file in draft.files],
        "sign_in": sign_in_and_return(where),
    }
    if step == 1:
        frame |= _for_the_device(request, where)
    return here.show(
        request, f"cases/resident/report_{template}.html", {**frame, **context}, at=where, status=status
    )


def _for_the_device(request: Asked, where: Here) -> dict[str, Any]:
    """What a phone must know to write a report without net: whose it is, where it is, whom to call."""
    return {
        "owner": pocket.marked(request),
        "named": finding.at_the_end_of(where.way),
        "desk_phone": taking.desk_phones(where.community.id).desk,
        "unnamed": reference.takes_unnamed(where.community.id, request.now),
    }


@policy("cases.report", who=PUBLIC)
@require_http_methods(["GET", "POST"])
def words(request: Asked) -> HttpResponse:
    """Step 1: what it is about."""
    where = _start(request)
    if isinstance(where, HttpResponse):
        return where
    if request.method == "GET":
        draft = drafts.begin(request, where.community.id)
        form = SayIt(initial={"words": draft.words, "kind": draft.kind, "danger": draft.danger})
        return _page(request, where, 1, {"form": form, "draft": draft})
    sent = _sent_already(request)
    if sent is not None:
        return sent
    draft = drafts.begin(request, where.community.id)
    form = SayIt(request.POST)
    form.full_clean()
    said = intake.clean_words(request.POST.get("words", ""))[: intake.MAX_WORDS + 1]
    kind = form.cleaned_data.get("kind") or draft.kind
    tapped = bool(form.cleaned_data.get("danger"))
    draft = drafts.save(request, draft, words=said, kind=kind, danger=tapped)
    draft, refused = taking.into_draft(request, draft)
    stay = bool(refused) or "remove" in request.POST or "stay" in request.POST
    if not stay:
        form.errors.pop("words", None)
        say(form, [one for one in intake.wrongs(Report(said, Channel.PAGE)) if one.field == "words"])
        if not form.errors:
            return redirect("cases:report_place")
    shown = SayIt(initial={"words": said, "kind": kind, "danger": tapped}) if stay else form
    status = 422 if refused or (not stay and form.errors) else 200
    return _page(request, where, 1, {"form": shown, "draft": draft, "refused": refused}, status=status)


@policy("cases.report_place", who=PUBLIC)
@require_http_methods(["GET", "POST"])
def place(request: Asked) -> HttpResponse:
    """Step 2: where it is."""
    begun = _begun(request)
    if isinstance(begun, HttpResponse):
        return begun
    where, draft = begun
    if request.method == "GET":
        return _page(request, where, 2, _place_context(where, draft))
    form = PlaceIt(request.POST)
    valid = form.is_valid()
    given = form.cleaned_data
    draft = _placed(request, where, draft, given)
    if "find" in request.POST:
        draft = drafts.save(request, draft, how="elsewhere", place_id=None)
        found = finding.buildings(where.community.id, draft.address)
        return _page(request, where, 2, {**_place_context(where, draft), "found": found, "searched": True})
    if valid and given["how"] == "elsewhere" and draft.place == intake.PlaceGiven():
        form.add_error("address", _("Say where it is, or choose that you do not know."))
        valid = False
    if not valid:
        return _page(request, where, 2, {**_place_context(where, draft), "form": form}, status=422)
    return redirect("cases:report_send")


def _placed(request: Asked, where: Here, draft: Draft, given: dict[str, Any]) -> Draft:
    """The draft with the place as chosen; a building of another community is left out."""
    how = given.get("how") or draft.how
    chosen = where.place.id if how == "here" else given.get("building")
    row = places.place(chosen) if chosen else None
    inside = row is not None and row.community_id == where.community.id
    pin = (given.get("lon"), given.get("lat")) if how == "elsewhere" else (None, None)
    return drafts.save(
        request,
        draft,
        how=how,
        place_id=chosen if inside else None,
        address=(given.get("address") or "").replace("\x00", "") if how == "elsewhere" else "",
        lon=pin[0] if None not in pin else None,
        lat=pin[1] if None not in pin else None,
    )


def _place_context(where: Here, draft: Draft) -> dict[str, Any]:
    known = where.place if where.place.id != where.community.id else None
    meant = None if draft.how else finding.meant(where.community.id, draft.words, where.place)
    chosen = meant.id if meant else draft.place_id if draft.how == "elsewhere" else None
    spot = finding.named(chosen) if chosen else None
    return {
        "draft": draft,
        "known": finding.named(known.id) if known else None,
        "found": [spot] if spot else [],
        "meant": spot.name if spot and meant else "",
        "how": draft.how or ("here" if known and not meant else "elsewhere"),
    }


@policy("cases.report_send", who=PUBLIC)
@require_http_methods(["GET", "POST"])
def send(request: Asked) -> HttpResponse:
    """Step 3: who says it, a last look, and off it goes."""
    begun = _begun(request)
    if isinstance(begun, HttpResponse):
        return begun
    where, draft = begun
    account = people.account(request.actor.account_id) if request.actor.account_id else None
    context: dict[str, Any] = {
        "draft": draft,
        "where": finding.said(draft),
        "phone": _shown_phone(account),
        "account": account,
        "alike": alike.near(request, draft.community_id, draft.words, alike.of_draft(draft)),
    }
    if request.method == "GET":
        begun_with = {"who": "account" if account else "other", "publish": _agreed(request)}
        form = _send_form(draft, None, initial=begun_with)
        return _page(request, where, 3, {**context, "form": form})
    form = _send_form(draft, request.POST)
    if form.is_valid():
        sent = _deliver(request, draft, form, account)
        if sent is not None:
            return sent
    return _page(request, where, 3, {**context, "form": form}, status=422)


def _send_form(draft: Draft, data: Any, **more: Any) -> SendIt:
    """The form of step 3; whether the result may be shown is not asked where the community shows none."""
    form = SendIt(data, **more)
    if reference.publishing(draft.community_id) == "never":
        del form.fields["publish"]
    return form


def _deliver(request: Asked, draft: Draft, form: SendIt, account: Any) -> HttpResponse | None:
    try:
        receipt = sending.hand_in(request, draft, form.cleaned_data, account)
    except Refused as refused:
        for wrong in say(form, refused.wrongs):
            form.add_error(None, taking.in_words(wrong))
        return None
    except KeyReused:
        form.add_error(None, _("This report was sent already in another form. Begin a new one."))
        return None
    return redirect("cases:receipt", number=receipt.number)


def _begun(request: Asked) -> tuple[Here, Draft] | HttpResponse:
    """The draft and where we are; the receipt if it was sent, or step 1 if nothing has been said."""
    sent = _sent_already(request)
    if sent is not None:
        return sent
    draft, where = drafts.load(request), here.find(request)
    if draft is None or where is None or where.community.id != draft.community_id or not draft.words:
        held = pocket.held(request)
        if draft is None and held and request.method == "GET":
            return redirect("cases:receipt", number=held[0])
        messages.info(request, _("Please begin with what it is about."))
        return redirect("cases:report")
    return where, draft


def _sent_already(request: Asked) -> HttpResponseRedirect | None:
    number = pocket.became_of(request, request.POST.get("idempotency_key", ""))
    return redirect("cases:receipt", number=number) if number else None


def _shown_phone(account: Any) -> str:
    return sealed.mask_phone(account.phone) if account and account.phone else ""


def _agreed(request: Asked) -> bool:
    account_id = request.actor.account_id
    return bool(account_id and people.has_consent(account_id, people_rules.Purpose.PUBLISH))


@policy("cases.receipt", who=PUBLIC)
@require_http_methods(["GET"])
def receipt(request: Asked, number: str) -> HttpResponse:
    """What the reporter keeps: number, code, what happens next, by when, who. Only for the session that sent it."""
    held = pocket.receipt(request, number)
    if held is None:
        return redirect("cases:case", number=number)
    if not held.fresh:
        raise access.NotFound
    context = taking.receipt_context(request, held)
    return here.show(request, "cases/resident/receipt.html", {**context, "tab": "report"})
