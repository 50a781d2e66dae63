from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django import template
from django.http import HttpRequest
from django.template import Context
from django.urls import NoReverseMatch, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from linli.faces import assets, icons, languages, words

register = template.Library()


def _now(context: Context) -> datetime:
    """The moment the request began: the context's `now`, else `request.now`."""
    now = context.get("now") or getattr(context.get("request"), "now", None)
    if not isinstance(now, datetime):
        raise template.TemplateSyntaxError(
            "No `now` in the context and no `request.now`: is linli.site's middleware on?"
        )
    return now


@register.filter
def people_time(at: datetime | date | None, now: datetime | HttpRequest) -> str:
    """{{ case.reported_at|people_time:now }}: 今天 14:05. `now` may be the request."""
    if at is None:
        return ""
    return words.people_time(at, now if isinstance(now, datetime) else now.now)  # type: ignore[attr-defined]


@register.filter
def exact_time(at: datetime | date | None) -> str:
    """{{ at|exact_time }}: 2026-11-23 14:05:09."""
    return "" if at is None else words.exact_time(at)


@register.simple_tag(takes_context=True)
def when(context: Context, at: datetime | date | None) -> SafeString:
    """{% when case.reported_at %}: a <time> with the words people use and the exact time behind them."""
    if at is None:
        return mark_safe("")
    said = words.people_time(at, _now(context))
    return format_html('<time datetime="{}" title="{}">{}</time>', at.isoformat(), words.exact_time(at), said)


@register.simple_tag(takes_context=True)
def due(context: Context, at: datetime | None) -> SafeString:
    """{% due case.due_at %}: as {% when %}, but midnight is the end of a day: 今天 24:00."""
    if at is None:
        return mark_safe("")
    said = words.due_time(at, _now(context))
    return format_html('<time datetime="{}" title="{}">{}</time>', at.isoformat(), words.exact_time(at), said)


@register.inclusion_tag("faces/parts/clock.html", takes_context=True)
def clock(context: Context, face: words.Clock | None = None, **given: Any) -> dict[str, Any]:
    """{% clock case.clock %} or {% clock state="at_risk" unit="working_hour" left=10800 due_at=d %}.

    `face` is a words.Clock or anything with its names. Without `left`, plain units count from due_at to now.
    """
    made = (
        face
        if face is not None
        else words.Clock(
            state=given.get("state", "none"),
            unit=given.get("unit", "hour"),
            left_seconds=given.get("left"),
            due_at=given.get("due_at"),
            label=given.get("label", ""),
        )
    )
    left = made.left_seconds
    if left is None and made.due_at is not None and made.unit in ("hour", "calendar_day"):
        left = words.seconds_left(made.due_at, _now(context))
    return {
        "state": made.state,
        "words": words.clock_words(made.state, made.unit, left),
        "word": words.state_word(made.state),
        "due_at": made.due_at,
        "label": made.label,
        "shape": f"state-{made.state}",
    }


@register.simple_tag
def icon(name: str, label: str = "") -> SafeString:
    """{% icon "home" %}: an inline drawing, silent unless `label` is given."""
    solid = name in icons.SOLID
    path = icons.SOLID[name] if solid else icons.LINES[name]
    css = "icon icon_solid" if solid else "icon"
    spoken = format_html('role="img" aria-label="{}"', label) if label else mark_safe('aria-hidden="true"')
    return format_html('<svg class="{}" viewBox="0 0 24 24" {}><path d="{}"/></svg>', css, spoken, path)


@register.simple_tag
def asset(path: str) -> str:
    """{% asset "linli/parts.css" %}: its address with a digest."""
    return assets.url(path)


@register.simple_tag
def vendor(name: str) -> str:
    """{% vendor "htmx.js" %}: address of a vendored file; fails for one the manifest does not list."""
    return assets.vendor_url(name)


@register.simple_tag(takes_context=True)
def elder(context: Context) -> bool:
    """{% elder as on %}: whether this reader chose 长辈版."""
    request = context.get("request")
    return bool(request is not None and request.COOKIES.get("linli-elder") == "1")


@register.simple_tag
def languages_spoken() -> tuple[languages.Language, ...]:
    """{% languages_spoken as tongues %}: every language of the house."""
    return languages.spoken()


@register.simple_tag
def language_now() -> languages.Language:
    """{% language_now as tongue %}: the language this page is in."""
    now = get_language()
    return next((one for one in languages.spoken() if one.code == now), languages.HOUSE[0])


@register.simple_tag
def in_english() -> bool:
    """{% in_english as english %}: whether names kept in Chinese and English are shown in English here."""
    return languages.reads_english(get_language())


@register.simple_tag
def address(name: str, *args: Any, fallback: str = "") -> str:
    """{% address "portal:home" fallback="/" %}: reverse(), or the fallback while there is no such name."""
    try:
        return reverse(name, args=args)
    except NoReverseMatch:
        return fallback


@register.simple_tag(takes_context=True)
def query(context: Context, **changes: Any) -> str:
    """{% query page=2 %}: the present query string with these values changed; None removes one."""
    request = context.get("request")
    values = request.GET.copy() if request is not None else None
    if values is None:
        return "?"
    for name, value in changes.items():
        if value is None or value == "":
            values.pop(name, None)
        else:
            values[name] = str(value)
    return f"?{values.urlencode()}"


@register.filter
def get(mapping: Mapping[str, Any], key: str) -> Any:
    """{{ counts|get:name }}: a mapping's value by a name held in a variable."""
    return mapping.get(key)


@register.filter
def unlocalize_number(value: float | str | None) -> str:
    """{{ lon|unlocalize_number }}: a number as programs write it, nothing for None."""
    return "" if value is None else str(value)
