"""Schemes: drafted, tried, published from a period on. What was published is never changed and never back-dated."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Max

from linli.assessment import access
from linli.assessment.actions.recording import one_at_a_time, record
from linli.assessment.events import SchemePublished
from linli.assessment.models import SchemeRow, SchemeVersion
from linli.assessment.queries import publishing, schemes
from linli.assessment.rules import lawful, scheme_text
from linli.assessment.rules.periods import Period, begins
from linli.assessment.rules.runs import KEEPERS
from linli.assessment.rules.scheme import Scheme
from linli.assessment.rules.scheme_text import BadScheme
from linli.grids.queries import day_of
from linli.kernel.access import Actor, Forbidden, NotFound
from linli.kernel.refusals import Outdated, Refused, Wrong

LONGEST, LEAST_WHY = 300, 4
MOST_SCHEMES = 30


def draft(*, actor: Actor, community_id: int, says: Any, key: UUID, at: datetime) -> SchemeVersion:
    """Begin a scheme. The same key again gives what it made the first time.

    :raises NotFound: no duty here.
    :raises Forbidden: not_your_door.
    :raises Refused: says.<path> for each fault; schemes (too_many).
    """
    access.require(actor, community_id, KEEPERS)
    scheme = _read(says)
    if SchemeRow.objects.filter(community_id=community_id, closed_at__isnull=True).count() >= MOST_SCHEMES:
        raise Refused(Wrong("schemes", "too_many", str(MOST_SCHEMES)))
    with transaction.atomic():
        row, made = SchemeRow.objects.get_or_create(
            community_id=community_id,
            key=key,
            defaults={
                "level": scheme.level.value,
                "period": scheme.period.value,
                "made_by_id": actor.account_id,
                "made_at": at,
            },
        )
        if not made:
            return row.versions.order_by("number")[:1].get()
        return _draft(actor, row, scheme, at)


def adopt(*, actor: Actor, community_id: int, code: str, key: UUID, at: datetime) -> SchemeVersion:
    """Begin a scheme with one that comes with Linli.

    :raises NotFound: there is none of this code. Else as `draft`.
    """
    says = schemes.shipped().get(code)
    if says is None:
        raise NotFound
    return draft(actor=actor, community_id=community_id, says=says, key=key, at=at)


def redraft(*, actor: Actor, scheme_id: int, at: datetime) -> SchemeVersion:
    """Begin the next version of a scheme with what the last one says; the draft that is there, if there is one.

    :raises NotFound: not the actor's affair.
    :raises Forbidden: not_your_door, closed.
    """
    row = access.find_scheme(actor, scheme_id)
    access.require(actor, row.community_id, KEEPERS)
    with transaction.atomic():
        one_at_a_time(row.pk)
        if row.closed_at is not None:
            raise Forbidden("closed")
        last = row.versions.order_by("-number")[:1].get()
        if last.published_at is None:
            return last
        return _draft(actor, row, scheme_text.read(last.says), at)


def _draft(actor: Actor, row: SchemeRow, scheme: Scheme, at: datetime) -> SchemeVersion:
    last = row.versions.aggregate(last=Max("number"))["last"] or 0
    made = SchemeVersion.objects.create(
        community_id=row.community_id,
        scheme=row,
        number=last + 1,
        says=scheme_text.as_plain(scheme),
        made_by_id=actor.account_id,
        made_at=at,
    )
    record(actor, row.community_id, "draft", f"scheme:{row.pk}", at, detail={"version": made.number})
    return made


def edit(*, actor: Actor, version_id: int, says: Any, edits: int, at: datetime) -> SchemeVersion:
    """Change a draft as a whole.

    :param edits: of the draft that was looked at.
    :raises NotFound: not the actor's affair.
    :raises Forbidden: not_your_door, published.
    :raises Outdated: somebody else changed it meanwhile.
    :raises Refused: says.<path> for each fault; says.level, says.period (fixed) once a version was published.
    """
    scheme = _read(says)
    with transaction.atomic():
        row = _open_draft(actor, version_id)
        if row.edits != edits:
            raise Outdated
        held = row.scheme
        for name in ("level", "period"):
            if getattr(held, name) != getattr(scheme, name).value:
                if row.number > 1:
                    raise Refused(Wrong(f"says.{name}", "fixed", getattr(held, name)))
                setattr(held, name, getattr(scheme, name).value)
                held.save(update_fields=[name])
        row.says, row.edits = scheme_text.as_plain(scheme), edits + 1
        row.save(update_fields=["says", "edits"])
        record(actor, row.community_id, "edit", f"scheme:{row.scheme_id}", at, detail={"version": row.number})
    return row


def _open_draft(actor: Actor, version_id: int) -> SchemeVersion:
    row = access.find_version(actor, version_id, lock=True)
    access.require(actor, row.community_id, KEEPERS)
    if row.published_at is not None:
        raise Forbidden("published")
    return row


def publish(
    *,
    actor: Actor,
    version_id: int,
    at: datetime,
    valid_from: date | None = None,
    why: str,
    legal_basis: str = "",
) -> SchemeVersion:
    """Let a draft hold from a period on: the first that begins today or later, or on the day given.

    :raises NotFound: not the actor's affair.
    :raises Forbidden: not_your_door, published.
    :raises Refused: why (missing, too_long), legal_basis (missing: it breaks rules that bind; too_long), valid_from
        (in_the_past, not_a_beginning, taken).
    """
    with transaction.atomic():
        row = _open_draft(actor, version_id)
        one_at_a_time(row.scheme_id)
        scheme = scheme_text.read(row.says)
        day = _from(row, scheme, valid_from, day_of(at))
        rule = publishing.rule(row.community_id)
        found = lawful.of_scheme(
            scheme,
            ranking=schemes.ranking_on(row.community_id),
            published=rule.published,
            naming=rule.naming,
            consented=rule.consented,
        )
        _said(why, legal_basis, needs_basis=lawful.binding(found))
        row.valid_from, row.published_by_id, row.published_at = day, actor.account_id, at
        row.why, row.legal_basis = why.strip(), legal_basis.strip()
        row.findings = sorted({one.rule.code for one in found if one.rule.binds})
        row.save()
        fact = SchemePublished(row.community_id, row.scheme_id, row.number, day.isoformat(), at)
        detail = {"version": row.number, "from": day.isoformat(), "breaks": row.findings}
        record(actor, row.community_id, "publish", f"scheme:{row.scheme_id}", at, fact, detail=detail)
    return row


def _from(row: SchemeVersion, scheme: Scheme, wanted: date | None, today: date) -> date:
    first = begins(Period(scheme.period), today)
    day = wanted or first
    if day < today:
        raise Refused(Wrong("valid_from", "in_the_past"))
    if begins(Period(scheme.period), day) != day:
        raise Refused(Wrong("valid_from", "not_a_beginning", first.isoformat()))
    taken = SchemeVersion.objects.filter(scheme_id=row.scheme_id, valid_from__gte=day)
    if taken.filter(published_at__isnull=False).exists():
        raise Refused(Wrong("valid_from", "taken"))
    return day


def _said(why: str, legal_basis: str, *, needs_basis: bool) -> None:
    wrong = []
    if len(why.strip()) < LEAST_WHY:
        wrong.append(Wrong("why", "missing"))
    if needs_basis and len(legal_basis.strip()) < LEAST_WHY:
        wrong.append(Wrong("legal_basis", "missing"))
    said = {"why": why, "legal_basis": legal_basis}
    wrong += [
        Wrong(name, "too_long", str(LONGEST)) for name, words in said.items() if len(words.strip()) > LONGEST
    ]
    if wrong:
        raise Refused(*wrong)


def drop(*, actor: Actor, version_id: int, at: datetime) -> None:
    """Throw a draft away; with the only draft of a scheme the scheme goes too.

    :raises NotFound: not the actor's affair.
    :raises Forbidden: not_your_door, published.
    """
    with transaction.atomic():
        row = _open_draft(actor, version_id)
        held, number = row.scheme, row.number
        record(actor, row.community_id, "drop", f"scheme:{held.pk}", at, detail={"version": number})
        row.delete()
        if not held.versions.exists():
            held.delete()


def close(*, actor: Actor, scheme_id: int, at: datetime) -> SchemeRow:
    """No more runs of this scheme; what was computed stays. Twice changes nothing.

    :raises NotFound: not the actor's affair.
    :raises Forbidden: not_your_door.
    """
    row = access.find_scheme(actor, scheme_id)
    access.require(actor, row.community_id, KEEPERS)
    with transaction.atomic():
        one_at_a_time(row.pk)
        if SchemeRow.objects.filter(pk=row.pk, closed_at__isnull=True).update(closed_at=at):
            record(actor, row.community_id, "close", f"scheme:{row.pk}", at)
    row.refresh_from_db()
    return row


def _read(says: Any) -> Scheme:
    """The scheme of what was sent.

    :raises Refused: says.<path> for each fault.
    """
    try:
        return scheme_text.read(says)
    except BadScheme as problem:
        raise Refused(
            *(Wrong(f"says.{fault.path}", fault.code, fault.limit) for fault in problem.faults)
        ) from problem
