"""Codes in words, for the templates of the workbench."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django import template

from linli.cases import words, words_calls
from linli.cases.rules.routing import Reason, Tried

if TYPE_CHECKING:
    from linli.cases.pages.desk_frame import Frame

register = template.Library()


@register.filter
def word(code: str, table: str) -> str:
    """{{ case.state|word:"STATES" }}: a code by the table of ``cases.words`` it belongs to."""
    return words.label(getattr(words, table), code)


@register.filter
def call_word(code: str, table: str) -> str:
    """{{ part|call_word:"ATTENDANCE" }}: the same for the tables of ``cases.words_calls``."""
    return words.label(getattr(words_calls, table), code)


@register.filter
def words_of(text: str) -> list[str]:
    """{% for value in "yes no"|words_of %}: a few plain words to go through."""
    return text.split()


@register.filter
def first_failed(tried: Tried) -> Reason | None:
    """{{ tried|first_failed }}: the first condition of a routing rule that did not hold."""
    return next((reason for reason in tried.why if not reason.ok), None)


@register.simple_tag
def reason_words(code: str, value: str, frame: Frame) -> str:
    """What a condition of a routing rule wanted or found, in words."""
    if code == "category":
        return frame.category(value) if value else ""
    if code == "place":
        place = frame.place_at(value)
        return place.name(frame.language) if place else value
    if code == "kind":
        return "、".join(words.label(words.KINDS, kind) for kind in value.split())
    if code == "weekday":
        return "、".join(frame.weekday(number) for number in value.split())
    if code == "level":
        return "、".join(words.label(words.LEVELS, level) for level in value.split())
    if code == "in_force":
        return value.replace("/", " – ").removesuffix(" – ")
    return value
