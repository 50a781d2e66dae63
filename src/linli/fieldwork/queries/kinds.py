"""The kinds of help of a community."""

from __future__ import annotations

from datetime import date

from django.utils import translation

from linli.faces.languages import reads_english
from linli.fieldwork import words_kinds
from linli.fieldwork.models import ServiceKind
from linli.fieldwork.rules import services as rules

#: In which every kind has a name of its own.
LANGUAGES = ("zh-hans", "en")


def own(community_id: int) -> list[rules.Kind]:
    """What a community itself has set, the newest first."""
    rows = ServiceKind.objects.filter(community_id=community_id).order_by("code", "-from_date")
    return [
        rules.Kind(*row) for row in rows.values_list("code", "name_zh", "name_en", "from_date", "until_date")
    ]


def of_community(community_id: int, day: date) -> dict[str, rules.Kind]:
    """The kinds on a day, by code."""
    return rules.kinds(own(community_id), day)


def name(kind: rules.Kind, language: str) -> str:
    """The name in the reader's language, Chinese where there is no other."""
    if kind in rules.SHIPPED and language not in LANGUAGES:
        with translation.override(language):
            return str(words_kinds.SHIPPED[kind.code])
    return kind.name_en if reads_english(language) and kind.name_en else kind.name_zh


def names(community_id: int, language: str) -> dict[str, str]:
    """What every kind that ever was is called now."""
    every = (*rules.SHIPPED, *sorted(own(community_id), key=lambda one: one.from_date))
    return {kind.code: name(kind, language) for kind in every}
