"""The official account for programs: how it is set up, its menu, its own answers, the codes of places."""

from __future__ import annotations

from typing import Annotated, Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from ninja import Path, Router

from linli.cases.pages.settings import KEEPERS
from linli.cases.queries import reference
from linli.grids import queries as places
from linli.integrations.wechat import access, platform
from linli.integrations.wechat.actions import keeping, scenes
from linli.integrations.wechat.models import ChatAnswer, OfficialAccount, SceneCode
from linli.integrations.wechat.rules import menus
from linli.integrations.wechat.schemas import (
    AccountIn,
    AccountOut,
    ChatAnswerIn,
    ChatAnswerOut,
    EntryIn,
    MenuIn,
    MenuOut,
    SceneAsked,
    SceneIn,
    SceneOut,
)
from linli.kernel.access import NotFound
from linli.kernel.api import (
    FieldRefused,
    actor_of,
    answer,
    answer_tagged,
    at,
    create,
    operation,
    unchanged,
    utc,
)
from linli.kernel.api_types import PathId

SCOPE = "admin"
MOST = 20_000
wechat = Router(tags=["wechat"])
routers = (wechat,)
Code = Annotated[str, Path(pattern=r"^[0-9]{12}$", description="12-digit code of the community")]


def _account(request: HttpRequest, code: str) -> OfficialAccount:
    found = access.account(actor_of(request), reference.community_id(code))
    if found is None:
        raise NotFound
    return found


def _out(row: OfficialAccount, code: str) -> dict[str, Any]:
    return {
        "community": code,
        "name": row.name,
        "app_id": row.app_id,
        "original_id": row.original_id,
        "mode": row.mode,
        "datum": row.datum,
        "on": row.on,
        "callback": f"{platform.own_base()}{reverse('wechat:callback', args=[row.key])}",
        "has_secret": bool(row.secret),
        "has_aes_key": bool(row.aes_key),
        "trouble": row.trouble,
        "proved_at": utc(row.proved_at),
        "heard_at": utc(row.heard_at),
        "menu_pushed_at": utc(row.menu_pushed_at),
    }


@wechat.get("/wechat/{code}", response=AccountOut, summary="The official account of a community")
@operation("wechat.api_account", who=KEEPERS, scope=SCOPE, tagged=True)
def account(request: HttpRequest, code: Code) -> HttpResponse:
    """How it is set up and how it goes. Secrets are never told."""
    return answer_tagged(request, _out(_account(request, code), code))


@wechat.put("/wechat/{code}", response=AccountOut, summary="Set the official account up")
@operation("wechat.api_save", who=KEEPERS, scope=SCOPE, guarded=True)
def save(request: HttpRequest, code: Code, body: AccountIn) -> HttpResponse:
    """Makes it or changes it; an empty secret leaves the one that is there."""
    community_id = reference.community_id(code)
    with unchanged(request, lambda: _out(_account(request, code), code)):
        row = keeping.save(
            actor=actor_of(request),
            community_id=community_id,
            wanted=keeping.Wanted(**body.model_dump()),
            at=at(request),
        )
    return answer_tagged(request, _out(row, code))


@wechat.get("/wechat/{code}/menu", response=MenuOut, summary="The menu")
@operation("wechat.api_menu", who=KEEPERS, scope=SCOPE, tagged=True)
def menu(request: HttpRequest, code: Code) -> HttpResponse:
    """As it is kept here, or the usual one where nobody has changed it."""
    return answer_tagged(request, _menu(_account(request, code), code))


@wechat.put("/wechat/{code}/menu", response=MenuOut, summary="Change the menu")
@operation("wechat.api_save_menu", who=KEEPERS, scope=SCOPE, guarded=True)
def save_menu(request: HttpRequest, code: Code, body: MenuIn) -> HttpResponse:
    """All of it. Followers see it once it is pushed."""
    row = _account(request, code)
    with unchanged(request, lambda: _menu(row, code)):
        row = keeping.save_menu(
            actor=actor_of(request),
            community_id=row.community_id,
            menu=tuple(_button(one) for one in body.menu),
            at=at(request),
        )
    return answer_tagged(request, _menu(row, code))


@wechat.post("/wechat/{code}/menu/push", response=MenuOut, summary="Give the menu to the platform")
@operation("wechat.api_push_menu", who=KEEPERS, scope=SCOPE)
def push_menu(request: HttpRequest, code: Code) -> HttpResponse:
    """Refused with the platform's number as the limit where it said no."""
    row = _account(request, code)
    try:
        keeping.push_menu(actor=actor_of(request), community_id=row.community_id, at=at(request))
    except platform.Refused as refused:
        raise FieldRefused("menu", "platform_refused", refused.code) from refused
    row.refresh_from_db()
    return answer(_menu(row, code))


def _button(one: EntryIn) -> menus.Button:
    return menus.Button(one.name, one.kind, one.value, tuple(_button(lower) for lower in one.below))


def _menu(row: OfficialAccount, code: str) -> dict[str, Any]:
    pushed, changed = row.menu_pushed_at, row.menu_changed_at
    held = row.menu or menus.as_data(menus.usual(code))
    return {"menu": held, "pushed": pushed is not None and (changed or pushed) <= pushed}


@wechat.get("/wechat/{code}/answers", response=list[ChatAnswerOut], summary="The community's own answers")
@operation("wechat.api_answers", who=KEEPERS, scope=SCOPE, tagged=True)
def answers(request: HttpRequest, code: Code) -> HttpResponse:
    """To frequent questions in the chat."""
    rows = ChatAnswer.objects.filter(community_id=_account(request, code).community_id).order_by("pk")
    return answer_tagged(request, [_said(row) for row in rows])


@wechat.post("/wechat/{code}/answers", response={201: ChatAnswerOut}, summary="Add an answer")
@operation("wechat.api_add_answer", who=KEEPERS, scope=SCOPE, creates=True)
def add_answer(request: HttpRequest, code: Code, body: ChatAnswerIn) -> HttpResponse:
    """Said at once when somebody asks with one of its phrases."""
    community_id = _account(request, code).community_id

    def make() -> int:
        return int(_save_answer(request, community_id, None, body).pk)

    return create(request, make=make, read=lambda pk: _said(ChatAnswer.objects.get(pk=pk)))


@wechat.get("/wechat/{code}/answers/{int:answer_id}", response=ChatAnswerOut, summary="One answer")
@operation("wechat.api_answer", who=KEEPERS, scope=SCOPE, tagged=True)
def one_answer(request: HttpRequest, code: Code, answer_id: PathId) -> HttpResponse:
    """As it is said today."""
    return answer_tagged(request, _read_answer(_account(request, code).community_id, answer_id))


@wechat.put("/wechat/{code}/answers/{int:answer_id}", response=ChatAnswerOut, summary="Change an answer")
@operation("wechat.api_change_answer", who=KEEPERS, scope=SCOPE, guarded=True)
def change_answer(request: HttpRequest, code: Code, answer_id: PathId, body: ChatAnswerIn) -> HttpResponse:
    """All of it."""
    community_id = _account(request, code).community_id
    with unchanged(request, lambda: _read_answer(community_id, answer_id)):
        row = _save_answer(request, community_id, answer_id, body)
    return answer_tagged(request, _said(row))


def _read_answer(community_id: int, answer_id: int) -> dict[str, Any]:
    row = ChatAnswer.objects.filter(community_id=community_id, pk=answer_id).first()
    if row is None:
        raise NotFound
    return _said(row)


@wechat.delete("/wechat/{code}/answers/{int:answer_id}", response={204: None}, summary="Take an answer away")
@operation("wechat.api_drop_answer", who=KEEPERS, scope=SCOPE)
def drop_answer(request: HttpRequest, code: Code, answer_id: PathId) -> HttpResponse:
    """Gone; the audit entry stays."""
    keeping.drop_answer(
        actor=actor_of(request),
        community_id=_account(request, code).community_id,
        answer_id=answer_id,
        at=at(request),
    )
    return HttpResponse(status=204)


def _save_answer(
    request: HttpRequest, community_id: int, answer_id: int | None, body: ChatAnswerIn
) -> ChatAnswer:
    values = body.model_dump()
    values["words"] = values.pop("phrases")
    return keeping.save_answer(
        actor=actor_of(request), community_id=community_id, answer_id=answer_id, values=values, at=at(request)
    )


def _said(row: ChatAnswer) -> dict[str, Any]:
    return {
        "id": row.pk,
        "phrases": row.words,
        "answer_zh": row.answer_zh,
        "answer_en": row.answer_en,
        "link": row.link,
        "on": row.on,
    }


@wechat.get("/wechat/{code}/scenes", response=list[SceneOut], summary="The codes of places")
@operation("wechat.api_scenes", who=KEEPERS, scope=SCOPE, tagged=True)
def scene_codes(request: HttpRequest, code: Code) -> HttpResponse:
    """Whoever scans one follows the account and is known to stand at that place."""
    held = list(SceneCode.objects.filter(account=_account(request, code)).order_by("place__path")[:MOST])
    known = places.places(one.place_id for one in held)
    told = [
        {
            "place_code": known[one.place_id].code,
            "scene": one.scene,
            "state": one.state,
            "url": one.url,
            "why": one.code,
        }
        for one in held
        if one.place_id in known
    ]
    return answer_tagged(request, told)


@wechat.post("/wechat/{code}/scenes", response={202: SceneAsked}, summary="Have codes of places made")
@operation("wechat.api_ask_scenes", who=KEEPERS, scope=SCOPE)
def ask_scenes(request: HttpRequest, code: Code, body: SceneIn) -> HttpResponse:
    """For every place of a level that has none; a place keeps its code for good. They are made within minutes."""
    row = _account(request, code)
    asked = scenes.ask(
        actor=actor_of(request), community_id=row.community_id, level=body.level, at=at(request)
    )
    return answer({"asked": asked}, status=202)
