"""What communities and persons want of being told: which kinds, by which roads, in which words, at which hours."""

from __future__ import annotations

import functools
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from datetime import datetime
from importlib import resources
from pathlib import Path

from django.conf import settings
from django.utils.translation import to_locale

from linli.cases.queries import reference
from linli.faces import languages as tongues
from linli.grids import queries as places
from linli.notices import models
from linli.notices.models import KindChoice, Preference, TemplateRow
from linli.notices.rules import kinds
from linli.notices.rules.delivery import NO_WISHES, Wishes
from linli.notices.rules.kinds import Text

OF_A_LANGUAGE = "notices.toml"  # in its folder, beside LC_MESSAGES: [kind] title, page, short
LOCALE = Path(models.__file__).with_name("locale")


@functools.cache
def shipped() -> Mapping[str, Mapping[str, Text]]:
    """The words that come with the program: kind → language → text."""
    raw = resources.files("linli.notices").joinpath("data", "templates.toml").read_text(encoding="utf-8")
    found = {
        kind: {language: Text(**parts) for language, parts in by_language.items()}
        for kind, by_language in tomllib.loads(raw).items()
    }
    for language in tongues.spoken():
        for kind, text in of_files(language.code).items():
            found.setdefault(kind, {}).setdefault(language.code, text)
    return found


def of_files(language: str) -> Mapping[str, Text]:
    """The words by kind that the files of a language hold; none for most."""
    found: dict[str, Text] = {}
    for folder in (
        LOCALE,
        *reversed(settings.LOCALE_PATHS),
    ):  # an operator's own goes before ours, kind by kind
        path = Path(folder) / to_locale(language) / OF_A_LANGUAGE
        if path.is_file():
            said = tomllib.loads(path.read_text(encoding="utf-8"))
            found |= {kind: Text(**parts) for kind, parts in said.items()}
    return found


def shipped_text(kind: str, language: str) -> Text:
    """The words of a kind as shipped, or as another room brought them.

    In a language that has none: English, Chinese.

    :raises KeyError: a kind that has none.
    """
    return _held(kind)[_spoken(kind, language)]


def _held(kind: str) -> Mapping[str, Text]:
    return {**shipped().get(kind, {}), **kinds.BROUGHT.get(kind, {})}


def _spoken(kind: str, language: str) -> str:
    """In which language a reader of this one is told of a kind."""
    held = _held(kind)
    if not held:
        raise KeyError(kind)
    return next(one for one in tongues.order(language) if one in held)


def _rows(community_id: int) -> dict[tuple[str, str], TemplateRow]:
    """The last row of each kind and language."""

    def read() -> dict[tuple[str, str], TemplateRow]:
        rows = TemplateRow.objects.filter(community_id=community_id).order_by("valid_from", "pk")
        return {(row.kind, row.language): row for row in rows}

    return reference.keep("notice_templates", community_id, read)


def own_text(community_id: int, kind: str, language: str) -> TemplateRow | None:
    """The community's own words for a kind; None where the shipped ones hold."""
    row = _rows(community_id).get((kind, language))
    return None if row is None or row.shipped else row


def text(community_id: int, kind: str, language: str) -> Text:
    """The words that hold for a kind in a language: the community's own, part by part, before the shipped ones."""
    held = shipped_text(kind, language)
    own = own_text(community_id, kind, language) or own_text(community_id, kind, _spoken(kind, language))
    if own is None:
        return held
    return Text(**{part: getattr(own, part) or words for part, words in asdict(held).items()})


def _choices(community_id: int) -> dict[str, KindChoice]:
    def read() -> dict[str, KindChoice]:
        rows = KindChoice.objects.filter(community_id=community_id).order_by("valid_from", "pk")
        return {row.kind: row for row in rows}

    return reference.keep("notice_kinds", community_id, read)


def choice(community_id: int, kind: str) -> KindChoice | None:
    """What the community wants of a kind; None: as shipped."""
    return _choices(community_id).get(kind)


def told_at_all(community_id: int, kind: str) -> bool:
    """Whether the community tells of this kind; what may save a life cannot be switched off."""
    row = choice(community_id, kind)
    return row is None or row.on or kinds.KINDS[kind].group in kinds.FIXED


def roads_of(community_id: int, kind: str) -> tuple[str, ...] | None:
    """The roads the community chose for a kind; None: as shipped."""
    row = choice(community_id, kind)
    return None if row is None else tuple(row.roads)


def hours(community_id: int, at: datetime) -> str:
    """The community's quiet hours."""
    return reference.keep(
        "notice_hours", community_id, lambda: str(places.setting(community_id, "quiet_hours", at))
    )


def digest_hour(community_id: int, at: datetime) -> int:
    """At which hour the daily digest goes out."""
    return reference.keep(
        "notice_digest", community_id, lambda: int(places.setting(community_id, "digest_hour", at))
    )


def wishes(account_ids: Iterable[int]) -> dict[int, Wishes]:
    """What these persons want; those who never said are left out."""
    found = Preference.objects.filter(account_id__in=set(account_ids))
    return {row.account_id: as_wishes(row) for row in found}


def languages(account_ids: Iterable[int]) -> dict[int, str]:
    """The language of messages that persons chose beside their account's."""
    rows = Preference.objects.filter(account_id__in=set(account_ids)).exclude(language="")
    return dict(rows.values_list("account_id", "language"))


def wishes_of(account_id: int) -> Wishes:
    """What a person wants."""
    return wishes([account_id]).get(account_id, NO_WISHES)


def as_wishes(row: Preference) -> Wishes:
    """A row as the rules read it."""
    return Wishes(off=_pairs(row.off), on=_pairs(row.on), quiet=row.quiet, digest=row.digest)


def _pairs(held: Iterable[str]) -> frozenset[tuple[str, str]]:
    return frozenset((group, road) for group, _, road in (one.partition(":") for one in held))
