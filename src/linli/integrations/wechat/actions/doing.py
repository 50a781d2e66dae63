"""What a turn of the conversation asks to be done: each calls the room below once, and may be asked twice."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from linli.cases import access, access_joined, words
from linli.cases.actions import joining, moves
from linli.cases.actions import report as reporting
from linli.cases.pages import alike, telling
from linli.cases.queries import story
from linli.cases.rules import workflow
from linli.cases.rules.intake import Channel, Refused, Report
from linli.cases.rules.kinds import Kind
from linli.cases.rules.moves import Given
from linli.cases.rules.workflow import SETTLED, State, Verb
from linli.grids import queries as places
from linli.grids.actions import members
from linli.grids.rows import PlaceRow
from linli.grids.rules.words import Level
from linli.integrations.wechat import saying
from linli.integrations.wechat.actions import consent
from linli.integrations.wechat.actions.ears import LocalEars, place_of
from linli.integrations.wechat.models import Follower, InboxMessage, OfficialAccount
from linli.integrations.wechat.rules import talk as talks
from linli.integrations.wechat.rules.messages import Heard
from linli.integrations.wechat.rules.talk import Act, Do, Say, Talk
from linli.kernel import numbering
from linli.kernel.access import ANONYMOUS, Actor, Forbidden, NotFound
from linli.kernel.idempotency import KeyReused
from linli.people.actions import accounts
from linli.people.rules import Purpose

AGREED = frozenset({Purpose.ACCOUNT, Purpose.NOTICES})


@dataclass(slots=True)
class Done:
    """What came of it: what to say, what changed in the conversation and in what is known of the follower."""

    talk: Talk
    says: tuple[Say, ...] = ()
    number: str = ""  # of the case that the message's files belong to
    joined: bool = False


@dataclass(slots=True)
class Doing:
    """One message being worked off."""

    account: OfficialAccount
    follower: Follower
    message: InboxMessage
    heard: Heard
    at: datetime
    actor: Actor
    language: str

    @property
    def community_id(self) -> int:
        """The account's community, which is entered."""
        return self.account.community_id

    @property
    def key(self) -> str:
        """The key of what this message makes."""
        return f"wechat:{self.message.pk}"


def actor_of(follower: Follower, at: datetime) -> Actor:
    """The follower as one who acts: by what everybody may, whatever duties the person holds."""
    found = places.actor(follower.person_id, at) if follower.person_id else None
    return replace(found, grants=(), superuser=False) if found else ANONYMOUS


def do(act: Act, talk: Talk, doing: Doing) -> Done:
    """Do what the turn asks."""
    return DOES[act.do](act, talk, doing)


# --- reporting ----------------------------------------------------------------------------------------------------


def _submit(act: Act, talk: Talk, doing: Doing) -> Done:
    _know(doing, agreed=not act.danger)
    draft = act.draft
    tickets, waiting = files(doing, (*draft.pictures, *draft.sounds))
    report = Report(
        words=draft.words or _("Voice message; listen to the recording."),
        channel=Channel.WECHAT,
        kind=Kind.INQUIRY if draft.inquiry else Kind.HELP,
        place=place_of(doing.account, draft),
        danger=act.danger,
        uploads=tuple(tickets.values()),
    )
    try:
        receipt = reporting.report(
            actor=doing.actor,
            community_id=doing.community_id,
            report=report,
            at=doing.at,
            key=doing.key,
            network=f"wechat:{doing.follower.pk}",
        )
    except KeyReused:
        # The same message, worked off again after a crash; a file came in between, so the two do not look the same.
        return _submitted_before(doing, talk)
    except (Refused, Forbidden) as no:
        return Done(replace(draft, step=talks.Step.CONFIRM), (Say("refused", (("why", _why(no)),)),))
    _belong(doing, (*draft.pictures, *draft.sounds), tickets, receipt.number)
    said = Say("received", (
        ("number", receipt.number), ("due_at", receipt.due_at), ("quarantined", receipt.quarantined),
        ("words", draft.words), ("danger", act.danger), ("waiting", waiting),
    ))  # fmt: skip
    return Done(_after(talk, receipt.number, doing), (said,), receipt.number)


def _submitted_before(doing: Doing, talk: Talk) -> Done:
    last = (
        access.own(doing.actor)
        .filter(community_id=doing.community_id, channel=Channel.WECHAT)
        .order_by("-pk")
        .first()
    )
    if last is None:
        return Done(talk, (Say("wait"),))
    said = Say("received", (("number", last.number), ("due_at", last.due_at), ("words", last.words)))
    return Done(_after(talk, last.number, doing), (said,), last.number)


def _after(talk: Talk, number: str, doing: Doing) -> Talk:
    return replace(talk, last=number, last_at=doing.at.timestamp())


def _why(no: Refused | Forbidden) -> str:
    if isinstance(no, Forbidden):
        return words.label(words.HINDRANCES, no.code)
    wrong = no.wrongs[0]
    return words.wrong(wrong.code, field=wrong.field, limit=wrong.limit)


def files(doing: Doing, messages: tuple[int, ...]) -> tuple[dict[int, str], int]:
    """The tickets of the files that were fetched, by message, and how many are still to come."""
    rows = InboxMessage.objects.filter(pk__in=messages, follower=doing.follower).order_by("pk")
    held = {row.pk: str(row.ticket) for row in rows if row.ticket is not None and not row.case_number}
    waiting = sum(1 for row in rows if row.ticket is None and row.state != InboxMessage.State.FAILED)
    return held, waiting


def _belong(
    doing: Doing, messages: tuple[int, ...], tied: dict[int, str], number: str, *, joined: bool = False
) -> None:
    """Note which case the files belong to; those that were not tied to it yet are left to the sweep."""
    rows = InboxMessage.objects.filter(pk__in=messages, follower=doing.follower)
    rows.filter(pk__in=list(tied)).update(case_number=number, joined=joined)
    rows.exclude(pk__in=list(tied)).exclude(state=InboxMessage.State.FAILED).update(
        case_number=number, joined=joined, state=InboxMessage.State.FETCHING, due_at=doing.at
    )


def _know(doing: Doing, *, agreed: bool) -> None:
    """Give the follower an account of level 1, unless there is one."""
    if doing.follower.person_id is not None:
        return
    purposes = AGREED if agreed else frozenset[Purpose]()
    with transaction.atomic():
        person = accounts.open_by_wechat(language=doing.language, purposes=purposes, at=doing.at)
        doing.follower.person_id, doing.follower.bound_at = person.pk, doing.at
        doing.follower.save(update_fields=["person", "bound_at"])
    doing.actor = actor_of(doing.follower, doing.at)
    place = doing.follower.place_id or doing.community_id
    members.follow(actor=doing.actor, place_id=place, at=doing.at)
    doing.actor = actor_of(doing.follower, doing.at)


def _join(act: Act, talk: Talk, doing: Doing) -> Done:
    _know(doing, agreed=True)
    tickets, _waiting = files(doing, (*act.draft.pictures, *act.draft.sounds))
    try:
        done = joining.join(
            actor=doing.actor,
            community_id=doing.community_id,
            number=act.number,
            at=doing.at,
            words=act.draft.words,
            network=f"wechat:{doing.follower.pk}",
            uploads=tuple(tickets.values()),
        )
    except NotFound:
        return Done(talk, (Say("no_such_case"),))
    except moves.Conflict as conflict:
        return Done(talk, (Say("yours_already" if conflict.code == "yours_already" else "not_now"),))
    except (Refused, Forbidden) as no:
        return Done(talk, (Say("refused", (("why", _why(no)),)),))
    _belong(doing, (*act.draft.pictures, *act.draft.sounds), tickets, done.number, joined=True)
    return Done(
        talk, (Say("joined", (("number", done.number), ("people", done.supporters + 1))),), done.number, True
    )


def _add(act: Act, talk: Talk, doing: Doing) -> Done:
    """A picture or voice for the report just made: the sweep adds it once it is fetched."""
    case = _own(doing, act.number)
    if case is None or State(case.state) not in talks_open():
        return Done(replace(talk, last="", last_at=0.0), (Say("not_added"),))
    return Done(talk, (Say("being_added"),), case.number)


def talks_open() -> frozenset[State]:
    """The states in which a reporter may still add something."""
    from_ = workflow.STEPS[Verb.ADD].from_
    return frozenset(from_)


# --- asking -------------------------------------------------------------------------------------------------------


def _progress(act: Act, talk: Talk, doing: Doing) -> Done:
    if not doing.actor.signed_in:
        return Done(talk, (Say("no_such_case" if act.number else "none_yet"),))
    if act.number:
        return _one(act.number, talk, doing)
    found = list(_mine(doing).order_by("-reported_at", "-pk")[: saying.CASES])
    joined = [
        access_joined.head_of(row.case)
        for row in access_joined.own(doing.actor).select_related("case")[: saying.CASES]
    ]
    if len(found) + len(joined) == 1:
        return _one((found or joined)[0].number, talk, doing)
    if not found and not joined:
        return Done(talk, (Say("none_yet"),))
    told = tuple((case.number, telling.headline(case), telling.standing(case)) for case in found)
    told += tuple((case.number, alike.about(case), telling.standing(case)) for case in joined)
    return Done(talk, (Say("list", (("cases", told[: saying.CASES]),)),))


def _one(number: str, talk: Talk, doing: Doing) -> Done:
    case = _own(doing, number)
    if case is None:
        return _one_joined(number, talk, doing)
    told = story.story(case, doing.actor, at=doing.at, for_resident=True, language=doing.language)
    waits = State(case.state) in SETTLED and case.solved is None
    talk = replace(talk, rate=case.number) if waits else talk
    scene = saying.Scene(doing.account, doing.follower, talk, doing.at, first=False)
    return Done(talk, (Say("case", (("words", saying.of_case(case, told, scene)),)),))


def _one_joined(number: str, talk: Talk, doing: Doing) -> Done:
    try:
        row = access_joined.find(doing.actor, number)
    except NotFound:
        return Done(talk, (Say("no_such_case"),))
    head = access_joined.head_of(row.case)
    line = f"{numbering.pretty_number(row.case.number)} {alike.about(head)} — {telling.standing(head)}"
    settled = State(head.state) in SETTLED
    if settled and row.solved is None:
        talk = replace(talk, rate=row.case.number)
        line += "\n" + _("Is it solved? Reply 1 to 5 (5 is best), or “not solved”.")
    return Done(talk, (Say("case", (("words", line),)),))


def _mine(doing: Doing) -> Any:
    return (
        access.own(doing.actor)
        .filter(community_id=doing.community_id)
        .select_related("grid", "building", "organisation")
    )


def _own(doing: Doing, number: str) -> Any:
    return _mine(doing).filter(number=number).first() if doing.actor.signed_in else None


# --- the follower's mark --------------------------------------------------------------------------------------------


def _rate(act: Act, talk: Talk, doing: Doing) -> Done:
    solved = act.stars >= 3
    case = _own(doing, act.number)
    try:
        if case is None:
            _rate_joined(act, doing, solved=solved)
        elif (case.solved, case.stars) != (solved, act.stars):
            given = Given(verb=Verb.RATE, solved=solved, stars=act.stars)
            moves.take(actor=doing.actor, number=act.number, given=given, at=doing.at)
    except (NotFound, moves.Conflict, Forbidden, Refused):
        return Done(replace(talk, step=talks.Step.IDLE, rate=""), (Say("not_now"),))
    return Done(talk, (Say("thanks" if solved else "unsolved"),))


def _rate_joined(act: Act, doing: Doing, *, solved: bool, again: bool = False) -> None:
    row = access_joined.find(doing.actor, act.number)
    said = joining.Word(solved=solved, stars=act.stars or None, words=act.words, again=again)
    joining.say(actor=doing.actor, row=row, word=said, at=doing.at)


def _reopen(act: Act, talk: Talk, doing: Doing) -> Done:
    case = _own(doing, act.number)
    try:
        if case is None:
            _rate_joined(act, doing, solved=False, again=True)
        elif State(case.state) is not State.REOPENED:
            given = Given(verb=Verb.REOPEN, reason="not_solved", words=act.words)
            moves.take(actor=doing.actor, number=act.number, given=given, at=doing.at)
    except (NotFound, moves.Conflict, Forbidden, Refused):
        return Done(talk, (Say("not_now"),))
    return Done(talk, (Say("reopened"),))


# --- coming, going, standing somewhere --------------------------------------------------------------------------------


def _followed(act: Act, talk: Talk, doing: Doing) -> Done:
    if not _newer(doing):
        return Done(talk)
    doing.follower.follows, doing.follower.follows_at = True, doing.heard.sent_at
    found = _place(act, doing)
    said = (Say("welcome"),)
    if found is None:
        return Done(talk, said)
    stood = _stand_at(found, talk, doing)
    return Done(stood.talk, (*said, *stood.says))


def _left(act: Act, talk: Talk, doing: Doing) -> Done:
    if _newer(doing):
        doing.follower.follows, doing.follower.follows_at = False, doing.heard.sent_at
        doing.follower.window_ends_at, doing.follower.window_left = None, 0
        return Done(Talk())
    return Done(talk)


def _newer(doing: Doing) -> bool:
    """Whether this coming or going is the last one by the platform's clock, however late it arrives."""
    last = doing.follower.follows_at
    return last is None or doing.heard.sent_at >= last


def _stand(act: Act, talk: Talk, doing: Doing) -> Done:
    found = _place(act, doing)
    return Done(talk, (Say("unknown_code"),)) if found is None else _stand_at(found, talk, doing)


def _place(act: Act, doing: Doing) -> PlaceRow | None:
    if act.scene is None:
        return None
    if act.scene.door_code:
        found = places.by_qr(act.scene.door_code)
    else:
        found = places.place_by_code(act.scene.place_code)
    return found if found is not None and found.valid_to is None else None


def _stand_at(place: PlaceRow, talk: Talk, doing: Doing) -> Done:
    if place.community_id != doing.community_id:
        other = places.place(place.community_id)
        known = (("community", other.name(doing.language) if other else ""), ("code", place.code))
        return Done(talk, (Say("elsewhere", known),))
    held = doing.follower.place_at
    if held is None or doing.heard.sent_at >= held:
        doing.follower.place_id, doing.follower.place_at = place.id, doing.heard.sent_at
        if doing.actor.signed_in:
            members.follow(actor=doing.actor, place_id=place.id, at=doing.at)
    says: tuple[Say, ...] = (Say("stood", (("place_id", place.id), ("code", place.code))),)
    ears = LocalEars(doing.account, doing.follower, doing.actor, doing.at)
    building = place.id if place.level == Level.BUILDING.value else None
    went_on = talks.stood(talk, building, ears)
    return Done(went_on.talk, (*says, *went_on.says))


def _consent(act: Act, talk: Talk, doing: Doing) -> Done:
    consent.heard(doing.follower, dict(doing.heard.fields), kind=doing.heard.kind, at=doing.at)
    return Done(talk)


def _language(act: Act, talk: Talk, doing: Doing) -> Done:
    return Done(talk, (Say("english" if doing.language == "en" else "chinese"),))


DOES: dict[Do, Callable[[Act, Talk, Doing], Done]] = {
    Do.SUBMIT: _submit,
    Do.PROGRESS: _progress,
    Do.JOIN: _join,
    Do.ADD: _add,
    Do.RATE: _rate,
    Do.REOPEN: _reopen,
    Do.FOLLOWED: _followed,
    Do.LEFT: _left,
    Do.STAND: _stand,
    Do.CONSENT: _consent,
    Do.LANGUAGE: _language,
}
