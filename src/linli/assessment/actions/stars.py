"""Stars after a final run, honours given and taken back, and the papers that prove them."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import transaction

from linli.assessment import access
from linli.assessment.events import StarsChanged
from linli.assessment.models import Certificate, Honour, Part, Run, Score, StarRow
from linli.assessment.rules import scheme_text, stars
from linli.assessment.rules.naming import Naming
from linli.assessment.rules.scoring import FALSE_RECORD
from linli.assessment.rules.stars import Outcome, Standing, StarRule, Step
from linli.assessment.rules.subjects import Level
from linli.grids import access as doors
from linli.grids import queries as places
from linli.grids import queries_plates as plates
from linli.kernel import audit, events, text
from linli.kernel.access import SYSTEM, Actor, Forbidden, NotFound
from linli.kernel.refusals import Refused, Wrong

TITLE_MOST, REASON_MOST = 40, 200
FALLEN = frozenset({Step.DOWN, Step.FALSIFIED, Step.LAPSED})


def award(run: Run, at: datetime) -> int:
    """Let everybody of a final run rise, fall or stay by the scheme's star rule; returns how many changed.

    Called in the transaction that makes the run final; a second time it changes nothing.
    """
    scheme = scheme_text.read(run.version.says)
    if scheme.stars is None or scheme.level is not Level.WORKER:
        return 0
    ends = run.until_date - timedelta(days=1)
    false = dict(Part.objects.filter(run=run, indicator=FALSE_RECORD).values_list("subject_id", "numerator"))
    held = _latest(run, ends)
    changed = 0
    for who, total in Score.objects.filter(run=run).order_by("subject_id").values_list("subject_id", "total"):
        before = held.get(who, stars.begin(scheme.stars))
        changed += _write(run, scheme.stars, who, before, Outcome(ends, total, false.get(who, 0)), at)
    return changed


def _latest(run: Run, ends: date) -> dict[int, Standing]:
    """Where everybody stood under this scheme before a day."""
    rows = (
        StarRow.objects.filter(
            community_id=run.community_id, run__scheme_id=run.scheme_id, ends_date__lt=ends
        )
        .order_by("account_id", "-ends_date", "-pk")
        .distinct("account_id")
    )
    return {row.account_id: standing(row) for row in rows}


def standing(row: StarRow) -> Standing:
    """A row as the rule reads it."""
    return Standing(row.stars, row.above, row.below, row.grace, row.until_date, Step(row.step))


def _write(run: Run, rule: StarRule, who: int, before: Standing, outcome: Outcome, at: datetime) -> int:
    now = stars.after(rule, before, outcome)
    _row, made = StarRow.objects.get_or_create(
        community_id=run.community_id,
        run=run,
        account_id=who,
        defaults={
            "ends_date": outcome.ends,
            "stars": now.stars,
            "before": before.stars,
            "step": now.step,
            "above": now.above,
            "below": now.below,
            "grace": now.grace,
            "until_date": now.until_date,
            "points": outcome.points,
            "made_at": at,
        },
    )
    if not made or now.stars == before.stars:
        return 0
    if now.step in FALLEN:
        _revoke_stars(run.community_id, who, above=now.stars, why=now.step.value, at=at)
    audit.record(
        community_id=run.community_id, actor=SYSTEM, verb="assessment.stars", object=f"account:{who}", at=at,
        detail={"run": run.pk, "before": before.stars, "stars": now.stars, "step": now.step.value},
    )  # fmt: skip
    events.publish(StarsChanged(run.community_id, who, run.pk, at, now.stars, before.stars))
    return 1


def _revoke_stars(community_id: int, who: int, *, above: int, why: str, at: datetime) -> None:
    """Papers that say more stars than are left no longer hold."""
    Certificate.objects.filter(
        community_id=community_id, account_id=who, star__stars__gt=above, revoked_at__isnull=True
    ).update(revoked_at=at, revoked_why=why)


def give_honour(
    *,
    actor: Actor,
    community_id: int,
    account_id: int,
    title_zh: str,
    title_en: str,
    reason: str,
    key: UUID,
    at: datetime,
) -> Honour:
    """Thank somebody who serves here, in words everybody may read. The same key again changes nothing.

    :raises NotFound: the actor does not serve there.
    :raises Forbidden: keepers_only.
    :raises Refused: account: nobody_there, oneself; title_zh, reason: missing, too_long, personal.
    """
    doors.require_keeper(actor, community_id)
    found = []
    if account_id not in plates.serving(community_id, places.day_of(at)):
        found.append(Wrong("account", "nobody_there"))
    if account_id == actor.account_id:
        found.append(Wrong("account", "oneself"))
    for name, value, most in (("title_zh", title_zh, TITLE_MOST), ("reason", reason, REASON_MOST)):
        found += _wrong_words(name, value, most)
    if found:
        raise Refused(*found)
    with transaction.atomic():
        row, made = Honour.objects.get_or_create(
            community_id=community_id,
            key=key,
            defaults={
                "account_id": account_id,
                "title_zh": title_zh.strip(),
                "title_en": title_en.strip(),
                "reason": reason.strip(),
                "given_by_id": actor.person_id,
                "given_at": at,
            },
        )
        if made:
            _record(actor, "assessment.give_honour", row, at, {"account": account_id})
    return row


def _wrong_words(name: str, value: str, most: int) -> list[Wrong]:
    if not value.strip():
        return [Wrong(name, "missing")]
    if len(value) > most:
        return [Wrong(name, "too_long", str(most))]
    return [Wrong(name, "personal")] if text.blocking(value) else []


def end_honour(*, actor: Actor, honour_id: int, why: str, at: datetime) -> Honour:
    """Take it back with a reason; its papers no longer hold. Twice changes nothing.

    :raises NotFound: absent, or not the actor's affair.
    :raises Refused: why: missing, too_long, personal.
    """
    row = access.find_honour(actor, honour_id)
    found = _wrong_words("why", why, REASON_MOST)
    if found:
        raise Refused(*found)
    with transaction.atomic():
        if Honour.objects.filter(pk=row.pk, ended_at__isnull=True).update(ended_at=at, ended_why=why.strip()):
            Certificate.objects.filter(honour=row, revoked_at__isnull=True).update(
                revoked_at=at, revoked_why="honour_ended"
            )
            _record(actor, "assessment.end_honour", row, at, None)
    return row


def issue(
    *, actor: Actor, naming: str, at: datetime, star_id: int | None = None, honour_id: int | None = None
) -> Certificate:
    """One's own certificate for the stars held or an honour, under the name one agrees to show. Asked again: the same.

    :raises NotFound: neither is the actor's own and in force.
    :raises Refused: naming: unknown.
    """
    if naming not in {*Naming}:
        raise Refused(Wrong("naming", "unknown"))
    star = _own_star(actor, star_id, places.day_of(at)) if star_id is not None else None
    honour = _own_honour(actor, honour_id) if honour_id is not None else None
    held = star or honour
    if held is None:
        raise NotFound
    with transaction.atomic():
        row, made = Certificate.objects.get_or_create(
            community_id=held.community_id,
            account_id=actor.person_id,
            star=star,
            honour=honour,
            revoked_at=None,
            defaults={"naming": naming, "issued_at": at, "until_date": star.until_date if star else None},
        )
        if not made and row.naming != naming:
            row.naming = naming
            row.save(update_fields=["naming"])
        audit.record(
            community_id=row.community_id, actor=actor, verb="assessment.issue_certificate",
            object=f"certificate:{row.pk}", at=at, detail={"naming": naming},
        )  # fmt: skip
    return row


def _own_star(actor: Actor, star_id: int, on: date) -> StarRow | None:
    row = StarRow.objects.filter(pk=star_id, account_id=actor.person_id).first()
    if row is None or not stars.holds(standing(row), on):
        return None
    newer = StarRow.objects.filter(
        community_id=row.community_id,
        account_id=row.account_id,
        run__scheme_id=row.run.scheme_id,
        ends_date__gt=row.ends_date,
    )
    return None if newer.exists() else row


def _own_honour(actor: Actor, honour_id: int) -> Honour | None:
    return Honour.objects.filter(pk=honour_id, account_id=actor.person_id, ended_at__isnull=True).first()


def revoke(*, actor: Actor, certificate_id: int, why: str, at: datetime) -> Certificate:
    """Take a certificate back: its holder, or a keeper of the community. Twice changes nothing.

    :raises NotFound: absent, or not the actor's affair.
    :raises Forbidden: nobody is signed in.
    :raises Refused: why: missing, too_long, personal.
    """
    if not actor.signed_in:
        raise Forbidden("nobody")
    row = access.find_certificate(actor, certificate_id)
    found = _wrong_words("why", why, REASON_MOST)
    if found:
        raise Refused(*found)
    with transaction.atomic():
        changed = Certificate.objects.filter(pk=row.pk, revoked_at__isnull=True).update(
            revoked_at=at, revoked_why=why.strip()
        )
        if changed:
            audit.record(
                community_id=row.community_id, actor=actor, verb="assessment.revoke_certificate",
                object=f"certificate:{row.pk}", at=at,
            )  # fmt: skip
    row.refresh_from_db()
    return row


def _record(actor: Actor, verb: str, row: Honour, at: datetime, detail: dict[str, object] | None) -> None:
    audit.record(
        community_id=row.community_id, actor=actor, verb=verb, object=f"honour:{row.pk}", at=at, detail=detail
    )
