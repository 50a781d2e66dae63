from __future__ import annotations

from django import template

from linli.training import showing
from linli.training.rules.said import Said

register = template.Library()


@register.filter
def tongue(said: Said) -> str:
    """{{ lesson.title|tongue }}: in the reader's language, Chinese where there is no other."""
    return showing.spoken(said)
