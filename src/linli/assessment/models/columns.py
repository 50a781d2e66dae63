"""What the tables of this room have in common."""

from __future__ import annotations

from enum import StrEnum

from django.conf import settings
from django.db import models
from django.db.models import Q


def person(*, null: bool = True) -> models.ForeignKey[object, object]:
    """Somebody with an account."""
    return models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=null, related_name="+", db_index=False
    )


def known(table: str, field: str, values: type[StrEnum]) -> models.CheckConstraint:
    """A column that holds only these codes."""
    return models.CheckConstraint(
        condition=Q(**{f"{field}__in": [value.value for value in values]}),
        name=f"assessment_{table}_{field}_known",
    )
