"""Nameplates: how those who serve are shown; written by themselves or by the desk."""

from __future__ import annotations

import uuid
from dataclasses import asdict
from datetime import datetime
from functools import partial
from typing import BinaryIO

from django.db import transaction

from linli.grids import access as doors
from linli.grids import queries, queries_plates
from linli.grids.models import Nameplate
from linli.grids.rules import nameplates as rules
from linli.kernel import access, audit, media, text
from linli.kernel.refusals import Refused
from linli.people import queries as people
from linli.people import rules as people_rules


def show_nameplate(
    *, actor: access.Actor, community_id: int, account_id: int, plate: rules.Plate, at: datetime
) -> Nameplate:
    """Say how somebody who serves in a community is reached there.

    :raises access.NotFound: the person does not serve there, or is not the actor's affair.
    :raises Refused: see `rules.faults`.
    """
    doors.require_nameplate(actor, community_id, account_id, queries.day_of(at))
    tidied = rules.tidy(plate)
    serving = queries_plates.serving(community_id, queries.day_of(at)) - {account_id}
    found = rules.faults(
        tidied,
        personal=lambda words: bool(text.blocking(words)),
        private=_is_private,
        serves=serving.__contains__,
    )
    if found:
        raise Refused(*found)
    wanted = {**asdict(tidied), "languages": list(tidied.languages)}
    with transaction.atomic():
        row = _locked(community_id, account_id, at)
        changed = [name for name, value in wanted.items() if getattr(row, name) != value]
        if changed:
            for name in changed:
                setattr(row, name, wanted[name])
            _keep(actor, row, "grids.show_nameplate", {"changed": changed}, at)
    return row


def hang_picture(
    *, actor: access.Actor, community_id: int, account_id: int, file: bytes | BinaryIO, at: datetime
) -> Nameplate:
    """Put another picture on a nameplate; the old one is deleted.

    :raises access.NotFound: as for `show_nameplate`.
    :raises media.MediaRefused: what was sent is no picture that can be taken.
    """
    doors.require_nameplate(actor, community_id, account_id, queries.day_of(at))
    stored = media.accept(file, purpose="portrait")
    return _picture(actor, community_id, account_id, (stored.path, stored.thumb_path or ""), at)


def take_picture_down(*, actor: access.Actor, community_id: int, account_id: int, at: datetime) -> Nameplate:
    """Leave a nameplate without a picture; the file is deleted.

    :raises access.NotFound: as for `show_nameplate`.
    """
    doors.require_nameplate(actor, community_id, account_id, queries.day_of(at))
    return _picture(actor, community_id, account_id, ("", ""), at)


def _picture(
    actor: access.Actor, community_id: int, account_id: int, paths: tuple[str, str], at: datetime
) -> Nameplate:
    with transaction.atomic():
        row = _locked(community_id, account_id, at)
        old = [path for path in (row.path, row.thumb_path) if path]
        row.path, row.thumb_path = paths
        row.ticket = uuid.uuid4() if row.path else None
        verb = "grids.hang_picture" if row.path else "grids.take_picture_down"
        _keep(actor, row, verb, {}, at)
        transaction.on_commit(partial(remove_files, old))
    return row


def remove_files(paths: list[str]) -> None:
    """Delete pictures that no nameplate names any more."""
    for path in paths:
        media.remove(path)


def _locked(community_id: int, account_id: int, at: datetime) -> Nameplate:
    row, _made = Nameplate.objects.select_for_update().get_or_create(
        community_id=community_id, account_id=account_id, defaults={"changed_at": at}
    )
    return row


def _keep(actor: access.Actor, row: Nameplate, verb: str, detail: dict[str, object], at: datetime) -> None:
    row.changed_at = at
    row.save()
    audit.record(
        community_id=row.community_id,
        actor=actor,
        verb=verb,
        object=f"account:{row.account_id}",
        at=at,
        detail=detail,
    )


def _is_private(phone: str) -> bool:
    """Whether somebody signs in with this number."""
    try:
        return people.account_by_phone(people_rules.normal_phone(phone)) is not None
    except people_rules.BadPhone:
        return False
