"""The services of a community: its categories as it offers them, kept in the process for half a minute."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from linli.cases.queries import reference
from linli.cases.queries.reference import CategoryRow
from linli.faces.languages import reads_english
from linli.grids import queries as places
from linli.grids.rows import PlaceRow
from linli.integrations.open311 import models
from linli.integrations.open311.rules import wire
from linli.integrations.open311.rules.questions import Choice, DataType, Question
from linli.integrations.open311.rules.services import Service, Type
from linli.integrations.open311.rules.wire import Form

Kept = tuple[dict[str, models.OfferedService], dict[str, list[models.Question]]]
TONGUES = ("zh-hans", "en")


def communities() -> list[PlaceRow]:
    """The jurisdictions that this server has, kept a moment."""
    return reference.keep("open311.communities", 0, lambda: list(places.communities()))


def services(community_id: int, language: str) -> dict[str, Service]:
    """What is offered, by code, in the community's order."""
    every = all_services(community_id, language)
    rows, _ = _kept(community_id)
    return {code: one for code, one in every.items() if _offered(one, rows.get(code))}


def _offered(service: Service, row: models.OfferedService | None) -> bool:
    return row.offered if row is not None else not service.sensitive


def all_services(community_id: int, language: str) -> dict[str, Service]:
    """Every category that nothing hangs on, as it would be offered."""
    known = reference.categories(community_id)
    rows, asked = _kept(community_id)
    branches = {code.rpartition(".")[0] for code in known}
    return {
        code: _service(row, known, rows.get(code), asked.get(code, ()), language)
        for code, row in known.items()
        if code not in branches
    }


def _kept(community_id: int) -> Kept:
    def read() -> Kept:
        asked: dict[str, list[models.Question]] = defaultdict(list)
        for row in models.Question.objects.filter(community_id=community_id).order_by("order", "code"):
            asked[row.category_code].append(row)
        offered = models.OfferedService.objects.filter(community_id=community_id)
        return {row.category_code: row for row in offered}, dict(asked)

    return reference.keep("open311.services", community_id, read)


def _service(
    category: CategoryRow,
    known: dict[str, CategoryRow],
    row: models.OfferedService | None,
    asked: Iterable[models.Question],
    language: str,
) -> Service:
    english = reads_english(language)
    said = (row.description_en if english else row.description_zh) if row else ""
    above = known.get(category.top)
    heads = [known[code] for code in _above(category.code) if code in known]
    return Service(
        code=category.code,
        name=category.name(language),
        description=said
        or ((row.description_zh if row else "") if not english else "")
        or category.name(language),
        type=Type(row.type) if row else Type.REALTIME,
        keywords=category.keywords,
        group=above.name(language) if above and above.code != category.code else "",
        sensitive=category.sensitive or any(one.sensitive for one in heads),
        kind=category.kind,
        questions=tuple(question(one, language) for one in asked),
    )


def _above(code: str) -> list[str]:
    parts = code.split(".")
    return [".".join(parts[:count]) for count in range(1, len(parts))]


def question(row: models.Question, language: str) -> Question:
    """A question in a language; where its English is missing, the Chinese."""
    english = reads_english(language)

    def said(zh: str, en: str) -> str:
        return (en or zh) if english else zh

    return Question(
        code=row.code,
        order=row.order,
        datatype=DataType(row.datatype),
        required=row.required and row.variable,
        variable=row.variable,
        description=said(row.description_zh, row.description_en),
        hint=said(row.hint_zh, row.hint_en),
        choices=tuple(
            Choice(one["key"], said(one.get("zh", ""), one.get("en", "")) or one["key"])
            for one in row.choices
        ),
    )


def name_of(community_id: int, category_code: str, language: str) -> str:
    """What a category is called, ended ones too."""
    row = reference.every_category(community_id).get(category_code)
    return row.name(language) if row else ""


def is_sensitive(community_id: int, category_code: str) -> bool:
    """Whether a category, or one it hangs on, is sensitive."""
    known = reference.every_category(community_id)
    return any(known[one].sensitive for one in (category_code, *_above(category_code)) if one in known)


def digest(community_id: int) -> str:
    """A digest of everything the list and its definitions say, in both languages."""
    said = hashlib.sha256()
    for tongue in TONGUES:
        for one in services(community_id, tongue).values():
            said.update(wire.written(wire.services([one.as_told()]), Form.JSON))
            said.update(repr(replace(one, keywords=()).questions).encode())
    return said.hexdigest()


def changed_at(community_ids: Iterable[int]) -> datetime | None:
    """When one of these lists last changed, as the sweep saw it."""
    found = models.CatalogStand.objects.filter(community_id__in=list(community_ids))
    return found.order_by("-changed_at").values_list("changed_at", flat=True).first()
