"""What a community offers to other programs: how a category answers, and what is asked beside the description."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from linli.cases.actions.settings import keeping
from linli.cases.queries import reference
from linli.cases.rules.intake import Refused, Wrong
from linli.grids import queries as places
from linli.integrations.open311.models import CatalogStand, OfferedService, Question
from linli.integrations.open311.queries import catalog
from linli.integrations.open311.rules.questions import CODE, LISTS, DataType
from linli.integrations.open311.rules.services import Type
from linli.kernel import scope
from linli.kernel.access import Actor, NotFound

MOST_QUESTIONS, MOST_CHOICES = 20, 50


@dataclass(frozen=True, slots=True)
class Offer:
    """How a category is offered."""

    offered: bool
    type: str
    description_zh: str = ""
    description_en: str = ""


@dataclass(frozen=True, slots=True)
class Asked:
    """A question as it is entered; ``choices`` one a line: ``key 中文 | English``."""

    code: str
    datatype: str
    description_zh: str
    description_en: str = ""
    hint_zh: str = ""
    hint_en: str = ""
    required: bool = False
    variable: bool = True
    order: int = 10
    choices: str = ""


def offer(*, actor: Actor, community_id: int, category_code: str, wanted: Offer, at: datetime) -> None:
    """Let a category be offered in this way from now on.

    :raises NotFound: no such category.
    :raises Refused: type (unknown), description_zh, description_en (too_long).
    """
    keeping.require(actor, community_id)
    _require_known(community_id, category_code)
    wrongs = [
        Wrong(name, "too_long", "400")
        for name in ("description_zh", "description_en")
        if len(getattr(wanted, name)) > 400
    ]
    if wanted.type not in set(Type):
        wrongs.append(Wrong("type", "unknown"))
    if wrongs:
        raise Refused(*wrongs)
    with transaction.atomic():
        OfferedService.objects.update_or_create(
            community_id=community_id,
            category_code=category_code,
            defaults={
                "offered": wanted.offered,
                "type": wanted.type,
                "description_zh": wanted.description_zh.strip(),
                "description_en": wanted.description_en.strip(),
                "changed_at": at,
            },
        )
        detail: dict[str, object] = {"offered": wanted.offered, "type": wanted.type}
        _record(actor, community_id, "offer", category_code, at, detail)


def ask(*, actor: Actor, community_id: int, category_code: str, wanted: Asked, at: datetime) -> None:
    """Ask this beside the description; a question of the same code is changed.

    :raises NotFound: no such category.
    :raises Refused: code, datatype, description_zh, choices … with why.
    """
    keeping.require(actor, community_id)
    _require_known(community_id, category_code)
    choices = _choices(wanted.choices) if wanted.datatype in LISTS else []
    wrongs = _wrongs(community_id, category_code, wanted, choices)
    if wrongs:
        raise Refused(*wrongs)
    with transaction.atomic():
        Question.objects.update_or_create(
            community_id=community_id,
            category_code=category_code,
            code=wanted.code,
            defaults={
                "datatype": wanted.datatype,
                "order": wanted.order,
                "required": wanted.required and wanted.variable,
                "variable": wanted.variable,
                "description_zh": wanted.description_zh.strip(),
                "description_en": wanted.description_en.strip(),
                "hint_zh": wanted.hint_zh.strip(),
                "hint_en": wanted.hint_en.strip(),
                "choices": choices,
                "changed_at": at,
            },
        )
        _record(actor, community_id, "ask", category_code, at, {"code": wanted.code})


def drop(*, actor: Actor, community_id: int, category_code: str, code: str, at: datetime) -> None:
    """Ask it no more. Twice changes nothing."""
    keeping.require(actor, community_id)
    with transaction.atomic():
        found = Question.objects.filter(community_id=community_id, category_code=category_code, code=code)
        if found.delete()[0]:
            _record(actor, community_id, "drop", category_code, at, {"code": code})


def _choices(lines: str) -> list[dict[str, str]]:
    found = []
    for line in lines.splitlines():
        key, _, names = line.strip().partition(" ")
        zh, _, en = names.partition("|")
        if key:
            found.append({"key": key[:40], "zh": (zh.strip() or key)[:80], "en": en.strip()[:80]})
    return found


def _wrongs(
    community_id: int, category_code: str, wanted: Asked, choices: list[dict[str, str]]
) -> list[Wrong]:
    found = []
    if not CODE.fullmatch(wanted.code):
        found.append(Wrong("code", "code_shape"))
    if wanted.datatype not in set(DataType):
        found.append(Wrong("datatype", "unknown"))
    if not wanted.description_zh.strip():
        found.append(Wrong("description_zh", "missing"))
    texts = ("description_zh", "description_en", "hint_zh", "hint_en")
    found += [Wrong(name, "too_long", "200") for name in texts if len(getattr(wanted, name)) > 200]
    if wanted.datatype in LISTS and wanted.variable:
        keys = [one["key"] for one in choices]
        if len(keys) < 2 or len(keys) > MOST_CHOICES or len(set(keys)) != len(keys):
            found.append(Wrong("choices", "choices_shape", str(MOST_CHOICES)))
    held = Question.objects.filter(community_id=community_id, category_code=category_code)
    if held.exclude(code=wanted.code).count() >= MOST_QUESTIONS:
        found.append(Wrong("code", "too_many_questions", str(MOST_QUESTIONS)))
    return found


def _require_known(community_id: int, category_code: str) -> None:
    if category_code not in catalog.all_services(community_id, "zh-hans"):
        raise NotFound


def _record(
    actor: Actor, community_id: int, verb: str, category_code: str, at: datetime, detail: dict[str, object]
) -> None:
    keeping.note(
        community_id=community_id,
        actor=actor,
        verb=f"open311.{verb}",
        thing=f"service:{category_code}",
        at=at,
        detail=detail,
    )
    reference.forget(community_id)
    transaction.on_commit(lambda: reference.forget(community_id))
    transaction.on_commit(lambda: note_change(community_id, at))


def note_change(community_id: int, at: datetime) -> int:
    """Note that a list is another than it was; returns 1 when it is."""
    said = catalog.digest(community_id)
    held = CatalogStand.objects.filter(community_id=community_id).first()
    if held is not None and held.digest == said:
        return 0
    CatalogStand.objects.update_or_create(
        community_id=community_id, defaults={"digest": said, "changed_at": at}
    )
    return 1


def note_changes(at: datetime) -> int:
    """Look at every community's list: categories change, begin and end on their days too."""
    count = 0
    for community in places.communities():
        with scope.within([community.id]):
            count += note_change(community.id, at)
    return count
