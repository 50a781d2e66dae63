"""People and their places: following one, and being bound to a dwelling on proof (identity level L3)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import IntegrityError, connection, transaction

from linli.grids import access as doors
from linli.grids import events as facts
from linli.grids import ports, queries
from linli.grids.models import Residence
from linli.grids.rows import ResidenceRow
from linli.grids.rules import homes
from linli.grids.rules.words import Basis, Ended, EndReason, Level
from linli.kernel import access, audit, events, text
from linli.people import queries as people
from linli.people import rules as people_rules
from linli.people.actions import accounts

REASON_MOST = 200
# A second scan in the same community moves the place; a scan of the community itself forgets none. Nothing is
# written (and nothing returned) when all stays as it is.
_FOLLOW = """
INSERT INTO grids_membership AS m (community_id, account_id, place_id, since) VALUES (%s, %s, %s, %s)
ON CONFLICT ON CONSTRAINT grids_membership_once DO UPDATE
   SET place_id = EXCLUDED.place_id, since = EXCLUDED.since
 WHERE EXCLUDED.place_id IS NOT NULL AND m.place_id IS DISTINCT FROM EXCLUDED.place_id
RETURNING id
"""


def follow(*, actor: access.Actor, place_id: int, at: datetime) -> bool:
    """Tie a person to a place's community, and to the place; returns whether it is new.

    :raises access.NotFound: nobody is signed in, or there is no such open place.
    """
    place = queries.place(place_id)
    if not actor.signed_in or place is None or place.valid_to is not None:
        raise access.NotFound
    inside = None if place.level == Level.COMMUNITY else place.id
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(_FOLLOW, (place.community_id, actor.account_id, inside, at))
            if cursor.fetchone() is None:
                return False
        audit.record(
            community_id=place.community_id,
            actor=actor,
            verb="grids.follow",
            object=f"place:{place.id}",
            at=at,
        )
        events.publish(facts.PlaceFollowed(place.community_id, actor.account_id or 0, place.id, at))
    return True


def ask_residence(*, actor: access.Actor, dwelling_id: int, at: datetime) -> ResidenceRow:
    """Write down that somebody says to live in a dwelling; asking twice is asking once.

    Where the home is proved already it is asked anew only when that proof ends soon (`rules.homes`).

    :raises access.NotFound: nobody is signed in, or no such dwelling.
    """
    dwelling = doors.find_dwelling(actor, dwelling_id)
    account_id = actor.account_id or 0  # a dwelling is found only for somebody signed in
    held = Residence.objects.filter(dwelling_id=dwelling.id, account_id=account_id, ended_at__isnull=True)
    proved = held.filter(expires_date__isnull=False).first()
    if proved and not homes.renewable(proved.expires_date or date.max, queries.day_of(at)):
        return _row(proved)
    try:
        with transaction.atomic():
            asked = Residence.objects.create(
                community_id=dwelling.community_id,
                dwelling_id=dwelling.id,
                account_id=account_id,
                asked_at=at,
            )
            record_home(actor, "grids.ask_residence", asked, at)
            events.publish(facts.ResidenceAsked(asked.community_id, asked.pk, account_id, at))
    except IntegrityError:
        asked = held.get(bound_at__isnull=True)
    return _row(asked)


def prove_by_register(*, actor: access.Actor, residence_id: int, at: datetime) -> bool:
    """Bind a residence if the register has it; False where there is none, or it does not know.

    :raises access.NotFound: not a residence the actor asked for or may vouch for.
    """
    try:
        bind_residence(actor=actor, residence_id=residence_id, at=at)
    except (access.Forbidden, ports.NotWired):
        return False
    return True


def vouch_residence(*, actor: access.Actor, residence_id: int, at: datetime) -> ResidenceRow:
    """Add a staff member's word to a residence; the second person's word binds it.

    :raises access.NotFound: not a residence the actor may vouch for.
    :raises access.Forbidden: own_residence; second_person, when the same person vouches again; already_bound.
    """
    with transaction.atomic():
        residence = _locked(actor, residence_id)
        if residence.account_id == actor.account_id:
            raise access.Forbidden("own_residence")
        if residence.first_approver_id is None:
            residence.first_approver_id = actor.account_id
            residence.save(update_fields=["first_approver"])
        elif residence.first_approver_id == actor.account_id:
            raise access.Forbidden("second_person")
        else:
            residence.second_approver_id = actor.account_id
            _bind(actor, residence, Basis.TWO_APPROVALS, at)
        record_home(actor, "grids.vouch_residence", residence, at)
    return _row(residence)


def bind_residence(*, actor: access.Actor, residence_id: int, at: datetime) -> ResidenceRow:
    """Bind a residence that the household register confirms.

    :raises access.NotFound: not a residence the actor asked for or may vouch for.
    :raises access.Forbidden: not_in_register; already_bound.
    :raises ports.NotWired: there is no register; two members of staff vouch instead.
    """
    with transaction.atomic():
        residence = _locked(actor, residence_id)
        if not ports.register_has(residence.account_id, residence.dwelling.code):
            raise access.Forbidden("not_in_register")
        _bind(actor, residence, Basis.REGISTER, at)
    return _row(residence)


@dataclass(frozen=True, slots=True)
class Reason:
    """Why staff end a residence, as its resident reads it."""

    code: EndReason
    words: str = ""


class BadReason(Exception):
    """A reason that cannot be given to the resident; ``code`` says why."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def end_residence(
    *, actor: access.Actor, residence_id: int, at: datetime, reason: Reason | None = None
) -> None:
    """Refuse, give up or take back a residence; the level resting on it falls.

    :param reason: needed of staff.
    :raises access.NotFound: neither the actor's own nor one the actor may vouch for.
    :raises BadReason: reason_missing; too_long; personal.
    """
    residence = doors.find_residence(actor, residence_id)
    own = residence.account_id == actor.account_id
    why = Ended.MOVED if own else Ended.TAKEN_BACK if residence.bound_at else Ended.REFUSED
    given = Reason(EndReason.OTHER) if own else _checked(reason)
    with transaction.atomic():
        over = {"ended_at": at, "ended_why": why.value, "ended_words": given.words}
        over["ended_reason"] = "" if own else given.code.value
        if not Residence.objects.filter(pk=residence.pk, ended_at__isnull=True).update(**over):
            raise access.NotFound
        record_home(actor, "grids.end_residence", residence, at, why=why.value)
        lower_level(actor, residence.account_id, at)
        events.publish(facts.ResidenceEnded(residence.community_id, residence.pk, residence.account_id, at))


def _checked(reason: Reason | None) -> Reason:
    if reason is None or (reason.code is EndReason.OTHER and not reason.words.strip()):
        raise BadReason("reason_missing")
    words = " ".join(reason.words.split())
    if len(words) > REASON_MOST:
        raise BadReason("too_long")
    if text.blocking(words):
        raise BadReason("personal")
    return Reason(reason.code, words)


def _locked(actor: access.Actor, residence_id: int) -> Residence:
    """The residence, its row locked, still to be bound."""
    doors.find_residence(actor, residence_id)
    residence = (
        Residence.objects.select_for_update(of=("self",)).select_related("dwelling").get(pk=residence_id)
    )
    if residence.ended_at is not None:
        raise access.NotFound
    if residence.bound_at is not None:
        raise access.Forbidden("already_bound")
    return residence


def _bind(actor: access.Actor, residence: Residence, basis: Basis, at: datetime) -> None:
    older = Residence.objects.filter(
        dwelling_id=residence.dwelling_id,
        account_id=residence.account_id,
        ended_at__isnull=True,
        bound_at__isnull=False,
    )
    older.update(ended_at=at, ended_why=Ended.RENEWED.value)
    days = int(queries.setting(residence.community_id, "residence_days", at))
    residence.basis = basis.value
    residence.bound_at = at
    residence.expires_date = queries.day_of(at) + timedelta(days=days)
    residence.save(update_fields=["second_approver", "basis", "bound_at", "expires_date"])
    account = people.account(residence.account_id)
    if account is not None and account.level <= people_rules.Level.RESIDENT:
        accounts.raise_level(
            actor=actor,
            account_id=residence.account_id,
            level=people_rules.Level.RESIDENT,
            until_date=residence.expires_date,
            at=at,
        )
    record_home(actor, "grids.bind_residence", residence, at)
    events.publish(
        facts.ResidenceBound(
            residence.community_id,
            residence.pk,
            residence.account_id,
            residence.expires_date.isoformat(),
            at,
        )
    )


def lower_level(actor: access.Actor, account_id: int, at: datetime) -> None:
    """Bring a person whom no proved home carries any more back to the level of the phone."""
    others = Residence.objects.filter(account_id=account_id, ended_at__isnull=True, bound_at__isnull=False)
    account = people.account(account_id)
    if account is None or account.level != people_rules.Level.RESIDENT or others.exists():
        return
    accounts.raise_level(
        actor=actor, account_id=account_id, level=people_rules.Level.PHONE, until_date=None, at=at
    )


def _row(residence: Residence) -> ResidenceRow:
    row = queries.residence(residence.pk)
    assert row is not None
    return row


def record_home(actor: access.Actor, verb: str, residence: Residence, at: datetime, **more: object) -> None:
    """The audit entry of an act on a residence."""
    audit.record(
        community_id=residence.community_id,
        actor=actor,
        verb=verb,
        object=f"residence:{residence.pk}",
        at=at,
        detail={"account": residence.account_id, "dwelling": residence.dwelling_id, **more},
    )
