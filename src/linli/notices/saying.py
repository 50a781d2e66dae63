"""What notices name: a case's number, matter, place, body and times, in the reader's language.

A message stands on a lock screen and in a group of colleagues: no resident's name or words, the place no finer than a
building, and of a discreet case neither matter nor place nor answer.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime, time, timedelta
from typing import Any

from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from linli.cases import words
from linli.cases.queries import reference
from linli.cases.queries.told import News
from linli.cases.words_chasing import LETTERS
from linli.grids import queries as places
from linli.kernel import numbering
from linli.people import queries as people

Values = Mapping[str, str]
LONGEST_ANSWER = 160


def moment(at: datetime | None) -> str:
    """11月23日 18:00, 23 Nov 18:00; midnight belongs to the day that ends. Said without "today": it is read later."""
    if at is None:
        return ""
    local = timezone.localtime(at)
    if local.time() == time.min:
        return f"{day(local.date() - timedelta(days=1))} 24:00"
    return f"{day(local.date())} {local:%H:%M}"


def day(on: date) -> str:
    """11月23日, 23 Nov."""
    months = (_("Jan"), _("Feb"), _("Mar"), _("Apr"), pgettext("short month", "May"), _("Jun"), _("Jul"), _("Aug"),
              _("Sep"), _("Oct"), _("Nov"), _("Dec"))  # fmt: skip
    return pgettext("notice", "%(day)s %(month)s") % {"day": on.day, "month": months[on.month - 1]}


def clock_time(at: datetime) -> str:
    """18:05."""
    return f"{timezone.localtime(at):%H:%M}"


def community_name(community_id: int, language: str) -> str:
    """What the community is called."""
    found = places.place(community_id)
    return found.name(language) if found else ""


def body_name(organisation_id: int | None, language: str) -> str:
    """What a body is called; empty for none."""
    if organisation_id is None:
        return ""
    return people.organisation_names([organisation_id], language).get(organisation_id, "")


def matter(news: News, language: str) -> str:
    """What a case is about: its category, else its kind; a discreet one by its kind alone."""
    row = reference.every_category(news.community_id).get(news.category_code)
    if row is not None and not news.discreet:
        return row.name(language)
    return words.label(words.KINDS, news.kind)


def of_case(
    news: News, more: Callable[[str], Mapping[str, Any]] | None = None, *, stage: str = "", answer: str = ""
) -> Callable[[str], Values]:
    """What the words about a case may name, by language.

    :param stage: the promise that ``due`` speaks of; empty: the one to resolve it.
    :param answer: the public answer, where it is the news.
    :param more: values of this kind alone; they go before the others.
    """

    def values(language: str) -> Values:
        with translation.override(language):
            place = places.place(news.place_id) if news.place_id and not news.discreet else None
            found = {
                "community": community_name(news.community_id, language),
                "number": numbering.pretty_number(news.number),
                "matter": matter(news, language),
                "place": place.name(language) if place else "",
                "body": _who(news, language),
                "due": moment(news.due.get(stage or "resolve")),
                "answer": "" if news.discreet else short(answer),
            }
            return {**found, **({key: str(value) for key, value in more(language).items()} if more else {})}

    return values


def _who(news: News, language: str) -> str:
    """Who handles it: a body by its name; a person on the ground is the community's own colleague."""
    if news.organisation_id is not None:
        return body_name(news.organisation_id, language)
    return pgettext("notice", "the grid worker") if news.handler_id else ""


def short(words_: str) -> str:
    """An answer as a message carries it; the whole of it is on the page."""
    one_line = " ".join(words_.split())
    return one_line if len(one_line) <= LONGEST_ANSWER else f"{one_line[: LONGEST_ANSWER - 1]}…"


def plain(
    community_id: int, more: Callable[[str], Mapping[str, Any]] | None = None
) -> Callable[[str], Values]:
    """What words that are not about a case may name, by language."""

    def values(language: str) -> Values:
        with translation.override(language):
            found = {key: str(value) for key, value in more(language).items()} if more else {}
            return {"community": community_name(community_id, language), **found}

    return values


def place_name(place_id: int | None, language: str) -> str:
    """What a place is called, with the building or grid above a dwelling."""
    found = places.place(place_id) if place_id else None
    return found.name(language) if found else ""


def reason(code: str) -> str:
    """What a reason code says; nothing for a code of a later program."""
    return words.label(words.REASONS, code) if code in words.REASONS else ""


def act(code: str) -> str:
    """What a rung of the ladder does, as a heading."""
    said = {
        "remind": pgettext("ladder", "Reminder"),
        "tell_body": pgettext("ladder", "To the head of the body"),
        "tell_leader": pgettext("ladder", "To the community's leader"),
        "supervise": pgettext("ladder", "Supervision"),
        "talk": pgettext("ladder", "Called in for a talk"),
    }
    return said.get(code, code)


def ruling(code: str) -> str:
    """What was ruled on a return."""
    return words.label(words.RULINGS, code) if code in words.RULINGS else ""


def request(code: str) -> str:
    """What was asked for."""
    said = {
        "extend": pgettext("request", "more time"),
        "pause": pgettext("request", "a pause"),
        "hang": pgettext("request", "on hold until later"),
    }
    return said.get(code, code)


def decision(granted: bool) -> str:
    """What was decided."""
    return pgettext("request", "granted") if granted else pgettext("request", "refused")


def stage(code: str) -> str:
    """What a promise is about."""
    return words.label(words.STAGES, code) if code in words.STAGES else code


def dangers(kinds: str) -> str:
    """What somebody may be in danger of."""
    said = [words.label(words.DANGERS, kind) for kind in kinds.split() if kind in words.DANGERS]
    return pgettext("list", ", ").join(said) or words.label(words.URGENCIES, "critical")


def letter(kind: str, year: int, serial: int) -> str:
    """What a letter is called, as on its paper: 督办〔2026〕7号."""
    if kind not in LETTERS:
        return kind
    called = (
        _("Talk no. %(serial)s of %(year)s") if kind == "talk" else _("Letter no. %(serial)s of %(year)s")
    )
    return called % {"serial": serial, "year": year}


def answered(how: str) -> str:
    """What a called body said."""
    said = {
        "coming": pgettext("whistle", "is coming"),
        "declined": pgettext("whistle", "cannot come"),
        "excused": pgettext("whistle", "was excused"),
    }
    return said.get(how, how)


def not_handed_over(*, declined: bool) -> str:
    """How a hand-over did not come about."""
    return pgettext("hand-over", "declined") if declined else pgettext("hand-over", "took back")


def whistle_ended(how: str) -> str:
    """How a whistle ended."""
    said = {
        "concluded": pgettext("whistle", "concluded"),
        "called_off": pgettext("whistle", "called off"),
        "lapsed": pgettext("whistle", "over, as the case ended"),
    }
    return said.get(how, how)
