"""Pages of the handbook: written as drafts, published, taken back to the shipped words, hidden."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from uuid import UUID

from django.db import transaction

from linli.kernel import audit, events, text
from linli.kernel.access import Actor, NotFound
from linli.kernel.refusals import Outdated, Refused, Wrong
from linli.training import access, shipped
from linli.training.events import HandbookPublished
from linli.training.models import PageDraft, PageVersion
from linli.training.rules import handbook
from linli.training.rules.handbook import PageKind, Sheet

PAGES_MOST = 300


def write_page(
    *, actor: Actor, community_id: int, slug: str, sheet: Sheet, version: int, at: datetime
) -> PageDraft:
    """Keep a draft: a new one, or another version of the one that is there.

    :param version: of the draft that was looked at; 0 where there was none.
    :raises NotFound, Forbidden: see `access.require_writer`.
    :raises Refused: see `handbook.faults`; slug: not_a_code, too_many.
    :raises Outdated: another version stands by now.
    """
    access.require_writer(actor, community_id)
    made = _checked(slug, sheet)
    with transaction.atomic():
        row = PageDraft.objects.select_for_update().filter(community_id=community_id, slug=slug).first()
        if (row.version if row else 0) != version:
            raise Outdated
        if row is None:
            _room_for_more(community_id)
            ours = shipped.page(slug)
            row = PageDraft(
                community_id=community_id, slug=slug, based_on=ours.number if ours else 0, version=0
            )
        for name, value in asdict(made).items():
            setattr(row, name, value)
        row.version, row.changed_at, row.changed_by_id = row.version + 1, at, actor.account_id
        row.save()
        _record(actor, "training.write_page", community_id, slug, at, {"version": row.version})
    return row


def drop_draft(*, actor: Actor, community_id: int, slug: str, at: datetime) -> None:
    """Throw a draft away; what is published stays. Twice changes nothing.

    :raises NotFound, Forbidden: see `access.require_writer`.
    """
    access.require_writer(actor, community_id)
    with transaction.atomic():
        if PageDraft.objects.filter(community_id=community_id, slug=slug).delete()[0]:
            _record(actor, "training.drop_draft", community_id, slug, at, {})


def publish_page(
    *, actor: Actor, community_id: int, slug: str, version: int, reason: str, key: UUID, at: datetime
) -> PageVersion:
    """Let everybody read the draft from now on. The same key again gives what it made the first time.

    :param version: of the draft that was looked at.
    :param reason: why it changes, in a line.
    :raises NotFound, Forbidden: see `access.require_keeper`; there is no draft.
    :raises Refused: reason: missing, too_long, personal; see `handbook.faults`.
    :raises Outdated: the draft was changed in the meantime.
    """
    access.require_keeper(actor, community_id)
    said = checked_reason(reason)
    with transaction.atomic():
        known = PageVersion.objects.filter(community_id=community_id, key=key).first()
        if known is not None:
            return known
        draft = PageDraft.objects.select_for_update().filter(community_id=community_id, slug=slug).first()
        if draft is None:
            raise NotFound
        if draft.version != version:
            raise Outdated
        sheet = _checked(slug, Sheet(**{name: getattr(draft, name) for name in handbook.SHEET_FIELDS}))
        made = _next(actor, draft.community_id, slug, PageKind.TEXT, sheet, said, key, at, draft.based_on)
        draft.delete()
    return made


def turn_page(
    *, actor: Actor, community_id: int, slug: str, kind: PageKind, reason: str, key: UUID, at: datetime
) -> PageVersion:
    """Read the shipped page again (`SHIPPED`), or no page any more (`HIDDEN`); its versions stay.

    :raises NotFound, Forbidden: see `access.require_keeper`; there never was such a page.
    :raises Refused: reason: missing, too_long, personal; kind: not_shipped.
    """
    access.require_keeper(actor, community_id)
    said = checked_reason(reason)
    ours = shipped.page(slug)
    if kind is PageKind.TEXT or (kind is PageKind.SHIPPED and ours is None):
        raise Refused(Wrong("kind", "not_shipped"))
    with transaction.atomic():
        known = PageVersion.objects.filter(community_id=community_id, key=key).first()
        if known is not None:
            return known
        last = PageVersion.objects.filter(community_id=community_id, slug=slug).order_by("-number").first()
        if last is None and ours is None:
            raise NotFound
        sheet = ours.sheet if ours else Sheet(**{name: getattr(last, name) for name in handbook.SHEET_FIELDS})
        based_on = ours.number if ours else 0
        return _next(actor, community_id, slug, kind, sheet, said, key, at, based_on)


def _next(
    actor: Actor,
    community_id: int,
    slug: str,
    kind: PageKind,
    sheet: Sheet,
    reason: str,
    key: UUID,
    at: datetime,
    based_on: int,
) -> PageVersion:
    last = PageVersion.objects.filter(community_id=community_id, slug=slug).order_by("-number").first()
    made = PageVersion.objects.create(
        community_id=community_id,
        slug=slug,
        number=last.number + 1 if last else 1,
        key=key,
        kind=kind.value,
        based_on=based_on,
        reason=reason,
        published_at=at,
        published_by_id=actor.account_id,
        **asdict(sheet),
    )
    _record(
        actor, "training.publish_page", community_id, slug, at, {"number": made.number, "kind": kind.value}
    )
    events.publish(HandbookPublished(community_id, slug, made.number, kind.value, at))
    return made


def personal(words: str) -> bool:
    """Whether a text holds numbers of persons."""
    return bool(text.blocking(words))


def _checked(slug: str, sheet: Sheet) -> Sheet:
    tidied = handbook.tidy(sheet)
    found = handbook.faults(tidied, personal=personal)
    if not handbook.is_slug(slug):
        found = (Wrong("slug", "not_a_code"), *found)
    if found:
        raise Refused(*found)
    return tidied


def checked_reason(reason: str) -> str:
    """Why something is published, in a line.

    :raises Refused: reason: missing, too_long, personal.
    """
    said = " ".join(reason.split())
    if not said:
        raise Refused(Wrong("reason", "missing"))
    if len(said) > handbook.REASON_MOST:
        raise Refused(Wrong("reason", "too_long", str(handbook.REASON_MOST)))
    if personal(said):
        raise Refused(Wrong("reason", "personal"))
    return said


def _room_for_more(community_id: int) -> None:
    drafts = PageDraft.objects.filter(community_id=community_id).count()
    pages = PageVersion.objects.filter(community_id=community_id).values("slug").distinct().count()
    if drafts + pages >= PAGES_MOST:
        raise Refused(Wrong("slug", "too_many", str(PAGES_MOST)))


def _record(
    actor: Actor, verb: str, community_id: int, slug: str, at: datetime, detail: dict[str, object]
) -> None:
    audit.record(
        community_id=community_id, actor=actor, verb=verb, object=f"page:{slug}", at=at, detail=detail
    )
