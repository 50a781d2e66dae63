"""Help to residents: written down, confirmed or denied by the resident, called back, answered by the worker, taken back."""

from __future__ import annotations

import hmac
import secrets
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction

from linli.fieldwork import access, access_services
from linli.fieldwork.actions import draws
from linli.fieldwork.events import ServiceAnswered, ServiceGiven, ServiceWithdrawn
from linli.fieldwork.models import Service, ServiceAnswer, ServiceKind
from linli.fieldwork.queries import kinds
from linli.fieldwork.rules import services as rules
from linli.fieldwork.rules.services import Answer, Called, Way
from linli.grids import access as places
from linli.grids import queries as grids
from linli.grids.rows import PlaceRow
from linli.kernel import audit, events, identity, limits, sealed
from linli.kernel.access import Actor
from linli.kernel.refusals import Refused, Wrong
from linli.people import queries as people
from linli.people.actions.contact import TooManyReveals, WhyRead

CALL_PERCENT = "service_call_percent"


@dataclass(frozen=True, slots=True)
class Made:
    """A record and whether this call made it."""

    service: Service
    fresh: bool


def give(*, actor: Actor, grid_id: int, given: rules.Given, key: UUID, at: datetime) -> Made:
    """Write down help that the actor gave. The same key again gives what it made the first time.

    Whether the phone is that of an account is not told: the record looks the same.

    :raises NotFound: a grid or a household that is not the actor's affair.
    :raises Refused: see `rules.wrong_given`; dwelling: other_grid; phone: your_own.
    """
    grid, _reach = access.find_grid(actor, grid_id, at)
    _check(actor, grid, given, at)
    index = sealed.blind_index("fieldwork.phone", given.phone) if given.phone else None
    seed = draws.seed_of(grid.community_id, draws.SERVICES, grids.day_of(given.at).replace(day=1), at)
    with transaction.atomic():
        row, made = Service.objects.get_or_create(
            community_id=grid.community_id,
            key=key,
            defaults={
                "kind": given.kind,
                "worker_id": actor.person_id,
                "grid_id": grid.id,
                "dwelling_id": given.dwelling_id,
                "account_id": _account_of(given.phone, grid.community_id),
                "phone": identity.phone(given.phone) if given.phone else None,
                "phone_index": index,
                "words": given.words.strip(),
                "at": given.at,
                "made_at": at,
                **_lot(seed.seed, str(key), grid.community_id, at),
            },
        )
        if made:
            _record(actor, "fieldwork.give_service", row, at, {"kind": row.kind})
            events.publish(ServiceGiven(row.community_id, row.pk, grid.id, row.worker_id, at, row.kind))
    return Made(row, made)


def _check(actor: Actor, grid: PlaceRow, given: rules.Given, at: datetime) -> None:
    day = grids.day_of(given.at)
    found = list(
        rules.wrong_given(
            given, allowed=kinds.of_community(grid.community_id, day), at=at, is_phone=identity.is_mobile
        )
    )
    if given.dwelling_id is not None:
        home = access.find_household(actor, given.dwelling_id, at)
        if home.grid.id != grid.id:
            found.append(Wrong("dwelling", "other_grid"))
    me = people.account(actor.person_id)
    if given.phone and me is not None and me.phone == identity.phone(given.phone):
        found.append(Wrong("phone", "your_own"))
    if found:
        raise Refused(*found)


def _account_of(phone: str, community_id: int) -> int | None:
    """The account behind a phone, if it belongs to this community: it may answer on its page."""
    found = people.account_by_phone(identity.phone(phone)) if phone else None
    if found is None or not found.is_active:
        return None
    return found.pk if any(one[0] == community_id for one in grids.memberships(found.pk)) else None


def _lot(seed: str, name: str, community_id: int, at: datetime) -> dict[str, object]:
    mine = rules.lot(seed, name)
    return {"lot": mine, "drawn": rules.is_drawn(mine, int(grids.setting(community_id, CALL_PERCENT, at)))}


def withdraw(*, actor: Actor, service_id: int, at: datetime) -> None:
    """Take a record back: it counts no more, for or against anybody. Not once the resident has said anything.

    :raises NotFound: absent, or somebody else's.
    :raises Refused: service: answered.
    """
    with transaction.atomic():
        row = access_services.find_of_worker(actor, service_id, lock=True)
        if row.withdrawn_at is not None:
            return
        if row.answer:
            raise Refused(Wrong("service", "answered"))
        row.withdrawn_at = at
        row.save(update_fields=["withdrawn_at"])
        _record(actor, "fieldwork.withdraw_service", row, at, None)
        events.publish(ServiceWithdrawn(row.community_id, row.pk, row.grid_id, row.worker_id, at))


def answer(*, actor: Actor, service_id: int, said: Answer, words: str, at: datetime) -> None:
    """The resident taps: it happened, or it did not. The last answer counts; each stays on record.

    :raises NotFound: not for this person.
    :raises Refused: words: too_long; service: too_late.
    """
    if len(words) > rules.ANSWER_MOST:
        raise Refused(Wrong("words", "too_long", str(rules.ANSWER_MOST)))
    with transaction.atomic():
        row = access_services.find_for_resident(actor, service_id, lock=True)
        if (at - row.at).days > rules.ANSWER_DAYS:
            raise Refused(Wrong("service", "too_late", str(rules.ANSWER_DAYS)))
        if row.answer == said:
            return
        _answered(actor, row, said, Way.TAP, words, at)


def show_code(*, actor: Actor, service_id: int, at: datetime) -> str:
    """A new code for the resident's own screen, to be read out to the helper; the one before is dead.

    :raises NotFound: not for this person.
    """
    code = rules.code_of(secrets.randbelow(10**rules.CODE_DIGITS))
    with transaction.atomic():
        row = access_services.find_for_resident(actor, service_id, lock=True)
        row.code_digest = _digest(row, code)
        row.code_over_at = at + rules.CODE_LASTS
        row.code_tries = 0
        row.code_for_id = actor.person_id
        row.save(update_fields=["code_digest", "code_over_at", "code_tries", "code_for"])
        _record(actor, "fieldwork.show_service_code", row, at, None)
    return code


def confirm_by_code(*, actor: Actor, service_id: int, typed: str, at: datetime) -> None:
    """The helper types the code that the resident read out. A few wrong tries, and the code is dead.

    :raises NotFound: absent, or somebody else's.
    :raises Refused: code: no_code, wrong, over; service: answered.
    """
    wrong = _try_code(actor, service_id, typed, at)
    if wrong is not None:
        raise Refused(wrong)


def _try_code(actor: Actor, service_id: int, typed: str, at: datetime) -> Wrong | None:
    """The try counts, whatever comes of it: so it is committed before it is refused."""
    code = rules.plain_code(typed)
    if not code:
        return Wrong("code", "no_code")
    with transaction.atomic():
        row = access_services.find_of_worker(actor, service_id, lock=True)
        if row.answer or row.withdrawn_at is not None:
            return Wrong("service", "answered")
        over = row.code_over_at is None or row.code_over_at < at or row.code_tries >= rules.CODE_TRIES
        if over or row.code_digest is None:
            return Wrong("code", "over")
        row.code_tries += 1
        right = hmac.compare_digest(bytes(row.code_digest), _digest(row, code))
        row.save(update_fields=["code_tries"])
        if not right:
            return Wrong("code", "wrong", str(rules.CODE_TRIES - row.code_tries))
        _answered(actor, row, Answer.YES, Way.CODE, "", at)
    return None


def _digest(row: Service, code: str) -> bytes:
    return sealed.blind_index("fieldwork.code", f"{row.seal_id}:{code}")


def called(*, actor: Actor, service_id: int, done: Called, words: str, calls: int, at: datetime) -> None:
    """Write down how a call to the resident went; by somebody other than the helper.

    :param calls: how many calls the caller knew of: a second click counts once.
    :raises NotFound: absent, or of a community where the actor calls nobody.
    :raises Forbidden: your_own.
    :raises Refused: words: too_long; service: answered, not_drawn.
    """
    if len(words) > rules.ANSWER_MOST:
        raise Refused(Wrong("words", "too_long", str(rules.ANSWER_MOST)))
    with transaction.atomic():
        row = access_services.find_to_call(actor, service_id, lock=True)
        if not row.drawn:
            raise Refused(Wrong("service", "not_drawn"))
        if row.answer or row.withdrawn_at is not None or row.called_out_at is not None:
            raise Refused(Wrong("service", "answered"))
        if row.calls != calls:
            return
        row.calls += 1
        if rules.ends(done, row.calls):
            row.called_out_at = at
        row.save(update_fields=["calls", "called_out_at"])
        if done in {Called.YES, Called.NO}:
            _answered(actor, row, Answer(done.value), Way.CALL_BACK, words, at)
            return
        _keep(actor, row, done, Way.CALL_BACK, words, at)
        _record(actor, "fieldwork.call_about_service", row, at, {"result": done.value})


def _answered(actor: Actor, row: Service, said: Answer, way: Way, words: str, at: datetime) -> None:
    before = row.answer
    row.answer, row.answered_by, row.answered_at = said.value, way.value, at
    row.code_digest = None
    row.save(update_fields=["answer", "answered_by", "answered_at", "code_digest"])
    _keep(actor, row, Called(said.value), way, words, at)
    _record(
        actor, "fieldwork.answer_service", row, at, {"said": said.value, "way": way.value, "before": before}
    )
    events.publish(
        ServiceAnswered(row.community_id, row.pk, row.grid_id, row.worker_id, at, said.value, way.value)
    )


def _keep(actor: Actor, row: Service, said: Called, way: Way, words: str, at: datetime) -> None:
    ServiceAnswer.objects.create(
        community_id=row.community_id,
        service=row,
        said=said.value,
        way=way.value,
        by_id=actor.account_id,
        words=words.strip() or None,
        at=at,
    )


def reply(*, actor: Actor, service_id: int, words: str, at: datetime) -> None:
    """The helper says something to a denial; once, it stands beside it.

    :raises NotFound: absent, or somebody else's.
    :raises Refused: words: missing, too_long; service: not_denied, replied.
    """
    if not words.strip():
        raise Refused(Wrong("words", "missing"))
    if len(words) > rules.ANSWER_MOST:
        raise Refused(Wrong("words", "too_long", str(rules.ANSWER_MOST)))
    with transaction.atomic():
        row = access_services.find_of_worker(actor, service_id, lock=True)
        if row.answer != Answer.NO:
            raise Refused(Wrong("service", "not_denied"))
        if row.replied_at is not None:
            raise Refused(Wrong("service", "replied"))
        row.reply, row.replied_at = words.strip(), at
        row.save(update_fields=["reply", "replied_at"])
        _record(actor, "fieldwork.reply_to_denial", row, at, None)


@dataclass(frozen=True, slots=True)
class Number:
    """Whom to call about a service: a number, and whose it is as far as lists show."""

    phone: str
    who: str


def number(*, actor: Actor, service_id: int, at: datetime) -> Number | None:
    """The number to call, with a line in the log of who looked; None where there is none.

    :raises NotFound: absent, or of a community where the actor calls nobody.
    :raises Forbidden: your_own.
    :raises TooManyReveals: over the limit.
    """
    row = access_services.find_to_call(actor, service_id)
    account_id = row.account_id or _who_lives_at(row)
    if not limits.allow("reveal", "staff", str(actor.account_id)):
        raise TooManyReveals
    with transaction.atomic():
        phone, who = row.phone or "", ""
        if account_id is not None:
            phone = phone or people.phones([account_id]).get(account_id, "")
            card = people.cards([account_id]).get(account_id)
            who = card.short_name if card else ""
        if not phone:
            return None
        audit.reveal(
            community_id=row.community_id,
            actor=actor,
            subject=f"service:{row.pk}",
            subject_account_id=account_id,
            fields=["phone"],
            purpose=WhyRead.FOLLOW_UP.value,
            at=at,
            task=f"service:{row.pk}",
            role=",".join(sorted(actor.roles(row.community_id))),
        )
    return Number(phone, who)


def _who_lives_at(row: Service) -> int | None:
    if row.dwelling_id is None:
        return None
    homes = grids.residences(row.community_id, waiting=False)
    mine = [one.account_id for one in homes if one.dwelling.id == row.dwelling_id]
    return next((one for one in mine if one != row.worker_id), None)


def set_kind(*, actor: Actor, community_id: int, kind: rules.Kind, at: datetime) -> None:
    """Set a kind of help from a day on; what held under its code before ends there. Never back-dated.

    :raises NotFound: a community that the actor does not keep.
    :raises Refused: see `rules.wrong_kind`.
    """
    places.require_keeper(actor, community_id)
    found = rules.wrong_kind(kind, today=grids.day_of(at))
    if found:
        raise Refused(*found)
    with transaction.atomic():
        same = ServiceKind.objects.select_for_update().filter(community_id=community_id, code=kind.code)
        same.filter(from_date__lt=kind.from_date, until_date__isnull=True).update(until_date=kind.from_date)
        ServiceKind.objects.update_or_create(
            community_id=community_id,
            code=kind.code,
            from_date=kind.from_date,
            defaults={
                "name_zh": kind.name_zh.strip(),
                "name_en": kind.name_en.strip(),
                "until_date": kind.until_date,
                "set_by_id": actor.person_id,
                "set_at": at,
            },
        )
        audit.record(
            community_id=community_id,
            actor=actor,
            verb="fieldwork.set_service_kind",
            object=f"service_kind:{kind.code}",
            at=at,
            detail={"from": kind.from_date.isoformat()},
        )


def _record(actor: Actor, verb: str, row: Service, at: datetime, detail: dict[str, object] | None) -> None:
    audit.record(
        community_id=row.community_id,
        actor=actor,
        verb=verb,
        object=f"service:{row.pk}",
        at=at,
        detail=detail,
    )
