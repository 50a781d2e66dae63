"""Me too: a neighbour joins an open case, says later whether it is solved for them, or leaves again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from linli.cases import access_joined, events
from linli.cases.actions import attaching, intake_write, moves, supporters
from linli.cases.actions.limited import subject
from linli.cases.models import Case, Supporter
from linli.cases.queries import reference
from linli.cases.rules import intake
from linli.cases.rules.intake import Refused, Wrong
from linli.cases.rules.moves import Given
from linli.cases.rules.workflow import SETTLED, State, Verb
from linli.kernel import audit, limits, live, numbering, sealed
from linli.kernel import events as outbox
from linli.kernel.access import Actor, Forbidden, NotFound
from linli.kernel.scope import within

MOST_SAID = 2000


@dataclass(frozen=True, slots=True)
class Joined:
    """What somebody who joined keeps: the case's number with a code of their own, and how many say the same."""

    number: str
    code: str
    supporters: int
    again: bool  # this person had joined before


@dataclass(frozen=True, slots=True)
class Word:
    """What somebody says of the answer."""

    solved: bool | None = None
    stars: int | None = None
    words: str = ""
    again: bool = False  # if it is not solved: take it up again


def join(
    *,
    actor: Actor,
    community_id: int,
    number: str,
    at: datetime,
    words: str = "",
    contact_phone: str = "",
    person: str = "",
    network: str = "",
    uploads: tuple[str, ...] = (),
    limited: bool = True,
) -> Joined:
    """Count somebody as one more person with the same matter; doing it twice is doing it once.

    :param words: what this person has to add; staff alone read it.
    :param person: who a passer-by without a phone is: something this browser or program keeps.
    :param network: where a passer-by comes from, for the limits, which are those of reports.
    :param uploads: tickets of pictures and voice notes; staff alone see them.
    :param limited: False where limits are not this program's business, as in a demo's past.
    :raises NotFound: no such open case, or none that neighbours may see.
    :raises Refused: the words or the phone cannot be taken; too much at once.
    :raises moves.Conflict: ``yours_already``: this person reported it.
    :raises Forbidden: ``sign_in_to_report``: the community wants to know who reports.
    """
    if not actor.signed_in and not reference.takes_unnamed(community_id, at):
        raise Forbidden("sign_in_to_report")
    words = intake.clean_words(words)
    phone = contact_phone.strip()
    _check(words, phone)
    who = _who(actor, phone, person)
    with within(actor.communities | {community_id}):
        if limited:
            _take_room(actor, community_id, number, who, network)
        with transaction.atomic():
            case = access_joined.find_joinable(community_id, number)
            if _is_reporter(actor, case, phone):
                raise moves.Conflict("yours_already")
            done = _write(actor, case, who, words, phone, at)
            if uploads and not done.again:
                attaching.attach(case.community_id, case.number, uploads, purpose="joined", seq=None)
            return done


def _check(words: str, phone: str) -> None:
    given = intake.Report(words or "……", intake.Channel.PAGE, contact_phone=phone)
    found = [one for one in intake.wrongs(given) if one.code != "too_short"]
    if found:
        raise Refused(*found)


def _who(actor: Actor, phone: str, person: str) -> str:
    if actor.signed_in:
        return f"account:{actor.account_id}"
    if phone:
        return f"phone:{sealed.NORMAL_FORMS['phone'](phone)}"
    if not person:
        raise Refused(Wrong("contact_phone", "missing"))
    return f"browser:{person}"


def _take_room(actor: Actor, community_id: int, number: str, who: str, network: str) -> None:
    """The allowance of reports; one who has joined already takes nothing of it."""
    held = Supporter.objects.filter(
        community_id=community_id,
        case__number=numbering.parse_number(number) or "",
        person_key__in=supporters.keys_of(who),
        left_at__isnull=True,
    )
    if not held.exists() and not limits.allow("report", *subject(actor, network)):
        raise Refused(Wrong("joins", "too_much_now"))


def _is_reporter(actor: Actor, case: Case, phone: str) -> bool:
    if actor.signed_in and case.reporter_id == actor.account_id:
        return True
    return bool(phone) and case.contact_index in sealed.blind_indexes("phone", phone)


def _write(actor: Actor, case: Case, who: str, words: str, phone: str, at: datetime) -> Joined:
    row = Supporter.objects.filter(case=case, person_key__in=supporters.keys_of(who)).first()
    again = row is not None and row.left_at is None
    code = intake_write.code_of(sealed.blind_index("joined_code", f"{case.community_id}:{case.number}:{who}"))
    if row is None:
        row = Supporter(
            community_id=case.community_id, case=case, person_key=supporters.key_of(who), joined_at=at
        )
        row.account_id, row.level = actor.account_id, actor.level
    row.code_digest, row.left_at = numbering.code_digest(code), None
    row.words = words or row.words
    if phone:
        row.contact_phone, row.contact_index = phone, sealed.blind_index("phone", phone)
    row.save()
    if again:
        return Joined(case.number, code, case.supporters, again=True)
    counted = supporters.recount(case)
    _record(actor, case, "case.join", at, {"supporters": counted})
    fact = events.CaseJoined(community_id=case.community_id, number=case.number, at=at, supporters=counted)
    outbox.publish(fact)
    return Joined(case.number, code, counted, again=False)


def _record(actor: Actor, case: Case, verb: str, at: datetime, detail: dict[str, object]) -> None:
    audit.record(
        community_id=case.community_id,
        actor=actor,
        role="supporter",
        verb=verb,
        object=f"case:{case.number}",
        at=at,
        detail=detail,
    )
    live.touch(f"community:{case.community_id}", int(at.timestamp() * 1000))


def held(*, actor: Actor, number: str, code: str = "") -> Supporter:
    """The joining of this person, or of whoever holds its receipt.

    :raises NotFound: when there is none.
    """
    return access_joined.find_by_code(number, code) if code else access_joined.find(actor, number)


def leave(*, actor: Actor, number: str, at: datetime, code: str = "") -> None:
    """Take somebody out of a case they joined; their words go with them.

    :raises NotFound: they have not joined it.
    """
    with within(_reach(actor, number, code)), transaction.atomic():
        row = held(actor=actor, number=number, code=code)
        case = Case.objects.select_for_update(of=("self",)).get(pk=row.case_id)
        row.left_at, row.words, row.said = at, "", ""
        row.contact_phone = row.contact_index = None
        row.save()
        counted = supporters.recount(case)
        _record(actor, case, "case.leave", at, {"supporters": counted})
        fact = events.CaseLeft(community_id=case.community_id, number=case.number, at=at, supporters=counted)
        outbox.publish(fact)


def _reach(actor: Actor, number: str, code: str) -> frozenset[int]:
    community = {access_joined.community_of_code(number, code)} if code else set()
    return actor.communities | frozenset(community)


def say(*, actor: Actor, row: Supporter, word: Word, at: datetime) -> bool:
    """Keep what a supporter says of the answer, and take the case up again where they may ask for it.

    :param row: as an access function gave it; its community must be entered.
    :returns: whether it was taken up again.
    :raises moves.Conflict: ``wrong_state`` before it is settled; ``reporter_says_solved``: to take it up again would go
        against the reporter's word, so what is left is a matter of its own.
    :raises Refused: nothing was said, or the time for taking it up again is over.
    """
    _check_word(word)
    with within(actor.communities | {row.community_id}), transaction.atomic():
        head = access_joined.head_of(row.case)
        case = Case.objects.select_for_update(of=("self",)).get(pk=head.pk)
        if State(case.state) not in SETTLED:
            raise moves.Conflict("wrong_state")
        wants = word.solved is False and word.again
        if wants and case.solved:
            raise moves.Conflict("reporter_says_solved")
        row.solved, row.stars, row.said, row.said_at = word.solved, word.stars, word.words.strip(), at
        row.save(update_fields=["solved", "stars", "said", "said_at"])
        _record(actor, case, "case.joined_word", at, {"solved": word.solved, "stars": word.stars})
        if wants:
            given = Given(verb=Verb.REOPEN, reason="not_solved")
            moves.take(actor=actor, number=case.number, given=given, at=at, joined=row)
    return wants


def _check_word(word: Word) -> None:
    if word.solved is None:
        raise Refused(Wrong("solved", "missing"))
    if word.stars is not None and not 1 <= word.stars <= 5:
        raise Refused(Wrong("stars", "one_to_five"))
    if len(word.words) > MOST_SAID:
        raise Refused(Wrong("words", "too_long", str(MOST_SAID)))


__all__ = ["Joined", "NotFound", "Word", "held", "join", "leave", "say"]
