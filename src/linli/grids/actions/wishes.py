"""What a community wants: a new dated row for every change."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from linli.grids import access as doors
from linli.grids import events as facts
from linli.grids import queries
from linli.grids.models import CommunitySetting
from linli.grids.rules import wishes
from linli.kernel import access, audit, events


def set_setting(*, actor: access.Actor, community_id: int, key: str, value: Any, at: datetime) -> Any:
    """Write down what a community wants from now on; returns the value as it was read.

    :raises access.NotFound: a community in which the actor has no duty.
    :raises access.Forbidden: keepers_only.
    :raises wishes.BadWish: an unknown setting, or a value it cannot have.
    """
    doors.require_keeper(actor, community_id)
    wanted = wishes.checked(key, value)
    if queries.setting(community_id, key, at) == wanted:
        return wanted
    with transaction.atomic():
        CommunitySetting.objects.update_or_create(
            community_id=community_id,
            key=key,
            valid_from=at,
            defaults={"value": wanted, "set_by_id": actor.account_id},
        )
        audit.record(
            community_id=community_id,
            actor=actor,
            verb="grids.set_setting",
            object=f"setting:{key}",
            at=at,
            detail={"value": wanted},
        )
        events.publish(facts.SettingChanged(community_id, key, at))
    return wanted


def set_settings(*, actor: access.Actor, community_id: int, values: Mapping[str, Any], at: datetime) -> None:
    """Write down several wishes at once, all or none; what stays as it is makes no row.

    :raises access.NotFound: a community in which the actor has no duty.
    :raises access.Forbidden: keepers_only.
    :raises wishes.BadWish: an unknown setting, or a value it cannot have.
    """
    with transaction.atomic():
        for key, value in values.items():
            set_setting(actor=actor, community_id=community_id, key=key, value=value, at=at)
