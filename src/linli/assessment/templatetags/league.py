"""How points and values of the league are written."""

from __future__ import annotations

from datetime import date, datetime
from fractions import Fraction
from typing import Any

from django import template

from linli.assessment import saying

register = template.Library()


@register.filter
def points(thousandths: int | None) -> str:
    """Thousandths of a point as people write points: 87.5; a dash where there are none."""
    return saying.points(thousandths)


@register.filter
def signed(thousandths: int) -> str:
    """The same with its sign."""
    return f"+{saying.points(thousandths)}" if thousandths > 0 else saying.points(thousandths)


@register.filter
def percent(value: Fraction | None) -> str:
    """A share as a percentage."""
    return saying.percent(value)


@register.filter
def named(words: dict[str, Any], code: str) -> str:
    """What a code is called."""
    return str(words.get(code, code))


@register.filter
def moment(at: datetime | date) -> str:
    """A day, or a moment to the minute, local."""
    return saying.moment(at)


@register.filter
def until(at: datetime) -> str:
    """The moment at which something ends; midnight is the end of the day: 24:00."""
    return saying.until(at)
