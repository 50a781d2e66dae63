"""Organisations of a community: opened, renamed, closed by its leader or admin."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction

from linli.kernel import access, audit, events
from linli.people import access as doors
from linli.people import events as facts
from linli.people import models


class NameTaken(Exception):
    """An organisation of this name is open in the community."""


@dataclass(frozen=True, slots=True)
class Sign:
    """What stands on an organisation's door."""

    name_zh: str
    name_en: str = ""
    phone: str = ""


def create_organisation(
    *, actor: access.Actor, community_id: int, kind: models.Organisation.Kind, sign: Sign, at: datetime
) -> models.Organisation:
    """Open an organisation in the community.

    :raises access.Forbidden: when the actor does not lead or administer the community.
    :raises NameTaken: when one of this name is open there.
    """
    doors.require_keeper(actor, community_id)
    try:
        with transaction.atomic():
            made = models.Organisation.objects.create(
                community_id=community_id,
                kind=kind,
                name_zh=sign.name_zh.strip(),
                name_en=sign.name_en.strip(),
                phone=sign.phone.strip(),
                created_at=at,
            )
            _record(actor, "people.create_organisation", made, at)
            events.publish(
                facts.OrganisationOpened(community_id=community_id, organisation_id=made.pk, at=at)
            )
    except IntegrityError as error:
        raise NameTaken from error
    return made


def rename_organisation(
    *, actor: access.Actor, organisation_id: int, sign: Sign, at: datetime
) -> models.Organisation:
    """Change what stands on the door; the audit entry keeps what stood there.

    :raises access.NotFound: not an open organisation of a community that the actor keeps.
    :raises NameTaken: when another one of this name is open there.
    """
    found = doors.find_organisation(actor, organisation_id)
    before = {"name_zh": found.name_zh, "name_en": found.name_en}
    try:
        with transaction.atomic():
            found.name_zh, found.name_en, found.phone = (
                sign.name_zh.strip(),
                sign.name_en.strip(),
                sign.phone.strip(),
            )
            found.save(update_fields=["name_zh", "name_en", "phone"])
            _record(actor, "people.rename_organisation", found, at, {"before": before})
            events.publish(
                facts.OrganisationRenamed(community_id=found.community_id, organisation_id=found.pk, at=at)
            )
    except IntegrityError as error:
        raise NameTaken from error
    return found


def close_organisation(*, actor: access.Actor, organisation_id: int, at: datetime) -> models.Organisation:
    """Close an organisation: it stays in the history and takes no new work.

    :raises access.NotFound: not an open organisation of a community that the actor keeps.
    """
    found = doors.find_organisation(actor, organisation_id)
    with transaction.atomic():
        closed = models.Organisation.objects.filter(pk=found.pk, closed_at=None).update(closed_at=at)
        if not closed:
            raise access.NotFound
        found.closed_at = at
        _record(actor, "people.close_organisation", found, at)
        events.publish(
            facts.OrganisationClosed(community_id=found.community_id, organisation_id=found.pk, at=at)
        )
    return found


def _record(
    actor: access.Actor,
    verb: str,
    organisation: models.Organisation,
    at: datetime,
    detail: dict[str, object] | None = None,
) -> None:
    audit.record(
        community_id=organisation.community_id,
        actor=actor,
        verb=verb,
        object=f"organisation:{organisation.pk}",
        at=at,
        detail=detail,
    )
