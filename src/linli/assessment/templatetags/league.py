"""How points and values of the league are written."""

from __future__ import annotations

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
