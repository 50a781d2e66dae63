"""The category tree: added to, renamed, ended on a day. What a category was called then stays on record."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.db.models import Max, Q, QuerySet

from linli.cases.actions.settings import keeping
from linli.cases.models import Category
from linli.cases.rules.intake import Refused, Wrong
from linli.cases.rules.kinds import Kind
from linli.kernel.access import Actor, NotFound

MAX_CODE = 60
MAX_KEYWORDS = 60
KEPT = ("name_zh", "name_en", "kind", "keywords", "sensitive", "order")


@dataclass(frozen=True, slots=True)
class Sheet:
    """What is said of a category. ``keywords`` help the machine to propose it."""

    name_zh: str
    name_en: str
    kind: str = ""
    keywords: tuple[str, ...] = ()
    sensitive: bool = False
    order: int | None = None  # None: last


def add_category(*, actor: Actor, community_id: int, parent: str, sheet: Sheet, at: datetime) -> Category:
    """Hang a new category on the tree; its code is made from the English name.

    :raises Refused: a name is missing or too long, the parent is not in force, or a sibling has the name.
    """
    keeping.require(actor, community_id)
    day = keeping.today(at)
    _check(sheet)
    if parent and _in_force(community_id, day).filter(code=parent).first() is None:
        raise Refused(Wrong("parent", "unknown"))
    _check_name(community_id, parent, sheet, day, but="")
    with transaction.atomic():
        made = Category.objects.create(
            community_id=community_id,
            code=_free_code(community_id, parent, sheet.name_en),
            valid_from=day,
            **_values(sheet, order=_last_order(community_id) if sheet.order is None else sheet.order),
        )
        _record(actor, "add_category", made, at, {"now": keeping.plain(made, KEPT)})
    return made


def change_category(*, actor: Actor, community_id: int, code: str, sheet: Sheet, at: datetime) -> Category:
    """Let a category have other names, keywords or marks from today on.

    :raises NotFound: no category of this code is in force there.
    :raises Refused: something in the sheet is wrong; nothing was written.
    """
    keeping.require(actor, community_id)
    _check(sheet)
    _check_name(community_id, code.rpartition(".")[0], sheet, keeping.today(at), but=code)
    with transaction.atomic():
        row = _find(community_id, code, at)
        before = keeping.plain(row, KEPT)
        order = row.order if sheet.order is None else sheet.order
        row = keeping.renew(row, keeping.today(at), _values(sheet, order=order))
        _record(actor, "change_category", row, at, {"before": before, "now": keeping.plain(row, KEPT)})
    return row


def end_category(*, actor: Actor, community_id: int, code: str, last_day: date, at: datetime) -> Category:
    """End a category after a day; cases that have it keep it.

    :raises NotFound: no category of this code is in force there.
    :raises Refused: the day is past, or categories below are still in force then.
    """
    keeping.require(actor, community_id)
    keeping.from_day(last_day, at, field="last_day")
    with transaction.atomic():
        row = _find(community_id, code, at)
        below = Category.objects.filter(community_id=community_id, code__startswith=f"{code}.")
        if below.filter(Q(valid_to__isnull=True) | Q(valid_to__gt=last_day)).exists():
            raise Refused(Wrong("last_day", "has_categories_below"))
        row.valid_to = last_day
        row.save(update_fields=["valid_to"])
        _record(actor, "end_category", row, at, {"last_day": last_day.isoformat()})
    return row


def _in_force(community_id: int, day: date) -> QuerySet[Category]:
    return Category.objects.filter(community_id=community_id, valid_from__lte=day).filter(
        Q(valid_to__isnull=True) | Q(valid_to__gte=day)
    )


def _find(community_id: int, code: str, at: datetime) -> Category:
    found = _in_force(community_id, keeping.today(at)).filter(code=code).order_by("-valid_from")
    row = found.select_for_update().first()
    if row is None:
        raise NotFound
    return row


def _check(sheet: Sheet) -> None:
    found = []
    for name, most in (("name_zh", 60), ("name_en", 80)):
        value = getattr(sheet, name).strip()
        if not value:
            found.append(Wrong(name, "missing"))
        elif len(value) > most:
            found.append(Wrong(name, "too_long", str(most)))
    if sheet.kind and sheet.kind not in {kind.value for kind in Kind}:
        found.append(Wrong("kind", "unknown"))
    if len(sheet.keywords) > MAX_KEYWORDS:
        found.append(Wrong("keywords", "too_many_words", str(MAX_KEYWORDS)))
    if any(len(word) > 40 for word in sheet.keywords):
        found.append(Wrong("keywords", "too_long", "40"))
    if found:
        raise Refused(*found)


def _check_name(community_id: int, parent: str, sheet: Sheet, day: date, *, but: str) -> None:
    siblings = _in_force(community_id, day).filter(name_zh=sheet.name_zh.strip()).exclude(code=but)
    if any(row.code.rpartition(".")[0] == parent for row in siblings):
        raise Refused(Wrong("name_zh", "name_taken"))


def _values(sheet: Sheet, *, order: int) -> dict[str, object]:
    return {
        "name_zh": sheet.name_zh.strip(),
        "name_en": sheet.name_en.strip(),
        "kind": sheet.kind,
        "keywords": [word.strip() for word in sheet.keywords if word.strip()],
        "sensitive": sheet.sensitive,
        "order": order,
    }


def _free_code(community_id: int, parent: str, name_en: str) -> str:
    slug = re.sub(r"[^a-z0-9]+", "_", name_en.lower()).strip("_")
    slug = slug if slug[:1].isalpha() else f"c_{slug}".rstrip("_")
    stem = f"{parent}.{slug}" if parent else slug
    if len(stem) > MAX_CODE - 3:
        stem = stem[: MAX_CODE - 3].rstrip("_.")
    like = Category.objects.filter(community_id=community_id, code__startswith=stem)
    taken = set(like.values_list("code", flat=True))
    numbered = (f"{stem}_{number}" for number in range(2, len(taken) + 3))
    return next(code for code in (stem, *numbered) if code not in taken)


def _last_order(community_id: int) -> int:
    last = Category.objects.filter(community_id=community_id).aggregate(last=Max("order"))["last"]
    return 0 if last is None else int(last) + 1


def _record(actor: Actor, verb: str, row: Category, at: datetime, detail: dict[str, object]) -> None:
    keeping.record(
        community_id=row.community_id,
        actor=actor,
        verb=verb,
        thing=f"category:{row.code}",
        at=at,
        detail=detail,
    )
