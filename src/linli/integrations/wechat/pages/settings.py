"""Settings of the official account: itself, its menu, its templates, its own answers, and how it is."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from linli.cases.pages import desk_frame, settings
from linli.cases.pages.desk_frame import Frame
from linli.cases.pages.here import Asked
from linli.cases.rules.intake import Refused
from linli.integrations.wechat import access, platform, words
from linli.integrations.wechat.actions import keeping
from linli.integrations.wechat.forms import AccountForm, AnswerForm, MenuForm, TemplateForm
from linli.integrations.wechat.models import (
    ChatAnswer,
    Follower,
    InboxMessage,
    NoticeTemplate,
    OfficialAccount,
    Outgoing,
)
from linli.integrations.wechat.rules import menus
from linli.kernel.access import NotFound, policy
from linli.notices.rules import kinds

CURRENT = "wechat:settings"


@policy("wechat.settings", who=settings.KEEPERS)
@require_http_methods(["GET", "HEAD", "POST"])
def index(request: Asked) -> HttpResponse:
    """The account, its callback address, and how it is."""
    made = desk_frame.keeper_frame(request)
    account = access.account(request.actor, made.community_id)
    form = AccountForm(request.POST if request.method == "POST" else None, initial=_initial(account))
    if request.method == "POST" and form.is_valid() and _saved(made, form):
        return redirect(CURRENT)
    context = {
        "form": form,
        "account": account,
        "callback": f"{platform.own_base()}{reverse('wechat:callback', args=[account.key])}"
        if account
        else "",
        "trouble": words.trouble(account.trouble) if account and account.trouble else "",
        "counts": _counts(account) if account else {},
    }
    return settings.show(made, "wechat/settings.html", CURRENT, context, status=422 if form.errors else 200)


def _initial(account: OfficialAccount | None) -> dict[str, Any]:
    if account is None:
        return {"mode": "aes", "datum": "gcj02", "on": True}
    return {name: getattr(account, name) for name in ("name", "app_id", "original_id", "mode", "datum", "on")}


def _saved(made: Frame, form: AccountForm) -> bool:
    try:
        keeping.save(
            actor=made.request.actor,
            community_id=made.community_id,
            wanted=form.wanted(),
            at=made.request.now,
        )
    except Refused as refused:
        for wrong in refused.wrongs:
            form.say(wrong.field, words.wrong(wrong.code))
        return False
    messages.success(made.request, _("Saved."))
    return True


def _counts(account: OfficialAccount) -> dict[str, int]:
    followers = Follower.objects.filter(account=account)
    return {
        "followers": followers.filter(follows=True).count(),
        "tied": followers.filter(person__isnull=False).count(),
        "waiting": InboxMessage.objects.filter(
            account=account, state__in=("waiting", "working", "fetching")
        ).count(),
        "failed": InboxMessage.objects.filter(account=account, state="failed").count(),
        "unsent": Outgoing.objects.filter(follower__account=account, state="failed").count(),
    }


def _mine(request: Asked) -> tuple[Frame, OfficialAccount]:
    made = desk_frame.keeper_frame(request)
    account = access.account(request.actor, made.community_id)
    if account is None:
        raise NotFound
    return made, account


@policy("wechat.settings_token", who=settings.KEEPERS)
@require_POST
def token(request: Asked) -> HttpResponse:
    """Show the token once more: the platform's console asks for the same."""
    made, account = _mine(request)
    context = {"account": account, "token": account.token}
    return settings.show(made, "wechat/token.html", CURRENT, context)


@policy("wechat.settings_look", who=settings.KEEPERS)
@require_http_methods(["GET", "HEAD"])
def look(request: Asked) -> HttpResponse:
    """What is right and what is not, each in plain words with what to do."""
    made, account = _mine(request)
    found = [
        (one, *words.finding(one.code, one.state, one.value)) for one in keeping.look(account, at=request.now)
    ]
    return settings.show(made, "wechat/look.html", CURRENT, {"account": account, "found": found})


@policy("wechat.settings_menu", who=settings.KEEPERS)
@require_http_methods(["GET", "HEAD", "POST"])
def menu(request: Asked) -> HttpResponse:
    """The menu: what it will look like, changed, and pushed."""
    made, account = _mine(request)
    held = menus.from_data(account.menu) or menus.usual(made.community.code)
    form = MenuForm(request.POST if request.method == "POST" else None, menu=held)
    wrongs: list[str] = []
    if request.method == "POST" and form.is_valid():
        try:
            keeping.save_menu(
                actor=request.actor, community_id=made.community_id, menu=form.menu(), at=request.now
            )
        except Refused as refused:
            wrongs = [
                words.menu_wrong(wrong.field.removeprefix("menu."), wrong.code) for wrong in refused.wrongs
            ]
        else:
            return _push(made) if "push" in request.POST else _told(request)
    context = {
        "account": account,
        "form": form,
        "shown": held,
        "wrongs": wrongs,
        "stale": _is_stale(account),
        "keys": menus.KEYS,
    }
    return settings.show(made, "wechat/menu.html", CURRENT, context, status=422 if wrongs else 200)


def _is_stale(account: OfficialAccount) -> bool:
    """Whether the menu was changed since it was pushed."""
    pushed = account.menu_pushed_at
    return pushed is None or (account.menu_changed_at or pushed) > pushed


def _told(request: Asked) -> HttpResponse:
    messages.success(request, _("Saved. Followers see it once it is pushed."))
    return redirect("wechat:settings_menu")


def _push(made: Frame) -> HttpResponse:
    request = made.request
    try:
        keeping.push_menu(actor=request.actor, community_id=made.community_id, at=request.now)
        messages.success(request, _("Pushed. Followers see it within a day, new ones at once."))
    except platform.Refused as refused:
        messages.error(request, words.trouble(refused.code))
    return redirect("wechat:settings_menu")


@policy("wechat.settings_templates", who=settings.KEEPERS)
@require_http_methods(["GET", "HEAD", "POST"])
def templates(request: Asked) -> HttpResponse:
    """Which template of the platform carries which kind of notice."""
    made, account = _mine(request)
    known = [one for one in kinds.chosen() if "wechat" in one.possible_roads]
    choices = [(one.code, words.kind(one.code)) for one in known]
    form = TemplateForm(
        request.POST if request.method == "POST" else None, kinds=choices, initial=request.GET.dict()
    )
    if request.method == "POST" and form.is_valid() and _template_saved(made, form):
        return redirect("wechat:settings_templates")
    rows = NoticeTemplate.objects.filter(account=account).order_by("template_id", "kind")
    context = {
        "account": account,
        "form": form,
        "rows": [(row, words.kind(row.kind)) for row in rows],
        "names": [(words.kind(one.code), ", ".join([*one.names, "title", "words"])) for one in known],
    }
    return settings.show(made, "wechat/templates.html", CURRENT, context, status=422 if form.errors else 200)


def _template_saved(made: Frame, form: TemplateForm) -> bool:
    try:
        keeping.save_template(
            actor=made.request.actor,
            community_id=made.community_id,
            kind=form.cleaned_data["kind"],
            template_id=form.cleaned_data["template_id"].strip(),
            fields=form.wanted_fields(),
            long_term=form.cleaned_data["long_term"],
            at=made.request.now,
        )
    except Refused as refused:
        for wrong in refused.wrongs:
            form.add_error(
                "fields_text", " ".join(part for part in (wrong.limit, words.wrong(wrong.code)) if part)
            )
        return False
    messages.success(made.request, _("Saved."))
    return True


@policy("wechat.settings_answers", who=settings.KEEPERS)
@require_http_methods(["GET", "HEAD", "POST"])
def answers(request: Asked) -> HttpResponse:
    """The community's own answers to frequent questions; one is added."""
    made, account = _mine(request)
    form = AnswerForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        keeping.save_answer(
            actor=request.actor,
            community_id=made.community_id,
            answer_id=None,
            values=form.values(),
            at=request.now,
        )
        messages.success(request, _("Saved."))
        return redirect("wechat:settings_answers")
    rows = list(ChatAnswer.objects.filter(community_id=made.community_id).order_by("pk"))
    context = {"account": account, "form": form, "rows": rows}
    return settings.show(made, "wechat/answers.html", CURRENT, context, status=422 if form.errors else 200)


@policy("wechat.settings_answer", who=settings.KEEPERS)
@require_http_methods(["GET", "HEAD", "POST"])
def answer(request: Asked, answer_id: int) -> HttpResponse:
    """One answer, changed or taken away."""
    made, account = _mine(request)
    row = ChatAnswer.objects.filter(community_id=made.community_id, pk=answer_id).first()
    if row is None:
        raise NotFound
    who: dict[str, Any] = {
        "actor": request.actor,
        "community_id": made.community_id,
        "answer_id": row.pk,
        "at": request.now,
    }
    if request.method == "POST" and "drop" in request.POST:
        keeping.drop_answer(**who)
        messages.success(request, _("Taken away."))
        return redirect("wechat:settings_answers")
    initial = {
        "phrases": "，".join(row.words),
        "answer_zh": row.answer_zh,
        "answer_en": row.answer_en,
        "link": row.link,
        "on": row.on,
    }
    form = AnswerForm(request.POST if request.method == "POST" else None, initial=initial)
    if request.method == "POST" and form.is_valid():
        keeping.save_answer(**who, values=form.values())
        messages.success(request, _("Saved."))
        return redirect("wechat:settings_answers")
    context = {"account": account, "form": form, "row": row}
    return settings.show(made, "wechat/answer.html", CURRENT, context, status=422 if form.errors else 200)
