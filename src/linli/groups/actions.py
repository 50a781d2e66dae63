"""Groups: opened, described anew, counted, closed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from uuid import UUID

from django.db import transaction

from linli.grids import access as doors
from linli.grids import queries as places
from linli.grids import queries_plates as plates
from linli.groups import access, files, rules
from linli.groups.events import GroupClosed, GroupOpened, HeadsCounted
from linli.groups.models import ChatGroup, GroupCode, HeadCount
from linli.kernel import audit, events, text
from linli.kernel.access import Actor
from linli.kernel.media import Stored
from linli.kernel.refusals import Outdated, Refused, Wrong


def open_group(*, actor: Actor, place_id: int, sign: rules.Sign, key: UUID, at: datetime) -> ChatGroup:
    """Put a group into the directory. The same key again gives what it made the first time.

    :raises NotFound: a place that does not concern the actor.
    :raises Forbidden: not_your_place.
    :raises Refused: see `rules.wrong_sign`; owner: nobody_there.
    """
    place = doors.find_served(actor, place_id, rules.KEEPERS)
    _check_sign(sign, place.community_id, at)
    with transaction.atomic():
        row, made = ChatGroup.objects.get_or_create(
            community_id=place.community_id,
            key=key,
            defaults={**asdict(sign), "place_id": place.id, "made_at": at},
        )
        if made:
            _record(actor, "groups.open_group", row, at, {"place": place.code})
            events.publish(GroupOpened(row.community_id, row.pk, row.place_id, at))
    return row


def change_group(*, actor: Actor, group_id: int, sign: rules.Sign, version: int, at: datetime) -> ChatGroup:
    """Describe it anew; what stood before stays in the audit entry.

    :raises NotFound: absent, closed, or not the actor's affair.
    :raises Outdated: another version stands by now.
    :raises Refused: as for a new one.
    """
    with transaction.atomic():
        row, place = access.find(actor, group_id, lock=True)
        _check_sign(sign, place.community_id, at)
        wanted = asdict(sign)
        before = {name: getattr(row, name) for name in wanted if getattr(row, name) != wanted[name]}
        if not before:
            return row
        if row.version != version:
            raise Outdated
        for name in before:
            setattr(row, name, wanted[name])
        row.version += 1
        row.save(update_fields=[*before, "version"])
        _record(actor, "groups.change_group", row, at, {"before": before})
    return row


def close_group(*, actor: Actor, group_id: int, at: datetime) -> ChatGroup:
    """It is no more; its counts stay.

    :raises NotFound: absent, closed already, or not the actor's affair.
    """
    with transaction.atomic():
        row, _place = access.find(actor, group_id, lock=True)
        row.closed_at = at
        row.save(update_fields=["closed_at"])
        GroupCode.objects.filter(group=row, ended_at__isnull=True).update(ended_at=at)
        _record(actor, "groups.close_group", row, at, None)
        events.publish(GroupClosed(row.community_id, row.pk, row.place_id, at))
    return row


def count_heads(
    *,
    actor: Actor,
    group_id: int,
    count: rules.Count,
    key: UUID,
    at: datetime,
    pictures: Sequence[Stored] = (),
) -> HeadCount:
    """Write down a count. The same key again gives what it made the first time.

    :param pictures: stored ones (`files.store`) by which it can be checked, at most three; seen by its keepers alone.
    :raises NotFound: absent, closed, or not the actor's affair.
    :raises Refused: see `rules.wrong_count`; pictures: too_many.
    """
    row, place = access.find(actor, group_id)
    found = rules.wrong_count(count, today=places.day_of(at), households=place.households, personal=_personal)
    if len(pictures) > rules.PROOFS_MOST:
        found = (*found, Wrong("pictures", "too_many"))
    if found:
        raise Refused(*found)
    with transaction.atomic():
        counted, made = HeadCount.objects.get_or_create(
            community_id=row.community_id,
            key=key,
            defaults={
                **asdict(count),
                "group_id": row.pk,
                "counted_by_id": actor.account_id,
                "made_at": at,
            },
        )
        if made:
            for one in pictures:
                files.keep(actor, row, one, at=at, count=counted)
            detail: dict[str, object] = {"people": count.people, "households": count.households}
            _record(actor, "groups.count_heads", row, at, {**detail, "pictures": len(pictures)})
            told = count.counted_date.isoformat(), count.people, count.households
            events.publish(HeadsCounted(row.community_id, row.pk, row.place_id, at, *told))
    return counted


def set_code(
    *, actor: Actor, group_id: int, code: rules.Code, at: datetime, picture: Stored | None = None
) -> GroupCode:
    """Show another way in from now on; the one before stops working here at once.

    :raises NotFound: absent, closed, or not the actor's affair.
    :raises Refused: see `rules.wrong_code`.
    """
    with transaction.atomic():
        row, _place = access.find(actor, group_id, lock=True)
        found = rules.wrong_code(
            code, platform=row.platform, has_picture=picture is not None, today=places.day_of(at)
        )
        if found:
            raise Refused(*found)
        file = None if picture is None else files.keep(actor, row, picture, at=at)
        GroupCode.objects.filter(group=row, ended_at__isnull=True).update(ended_at=at)
        made = GroupCode.objects.create(
            community_id=row.community_id,
            group=row,
            picture=file,
            link=code.link,
            last_date=code.last_date,
            set_by_id=actor.account_id,
            set_at=at,
        )
        _record(actor, "groups.set_code", row, at, {"last_date": code.last_date.isoformat()})
    return made


def drop_code(*, actor: Actor, group_id: int, at: datetime) -> None:
    """Show no way in any more. Twice changes nothing.

    :raises NotFound: absent, closed, or not the actor's affair.
    """
    with transaction.atomic():
        row, _place = access.find(actor, group_id, lock=True)
        if GroupCode.objects.filter(group=row, ended_at__isnull=True).update(ended_at=at):
            _record(actor, "groups.drop_code", row, at, None)


def _personal(words: str) -> bool:
    return bool(text.blocking(words))


def _check_sign(sign: rules.Sign, community_id: int, at: datetime) -> None:
    found = list(rules.wrong_sign(sign, personal=_personal))
    if sign.owner_id is not None:
        serving = plates.serving(community_id, places.day_of(at))
        if sign.owner_id not in serving:
            found.append(Wrong("owner", "nobody_there"))
    if found:
        raise Refused(*found)


def _record(actor: Actor, verb: str, row: ChatGroup, at: datetime, detail: dict[str, object] | None) -> None:
    audit.record(
        community_id=row.community_id, actor=actor, verb=verb, object=f"group:{row.pk}", at=at, detail=detail
    )
