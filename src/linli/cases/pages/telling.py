"""A case told to the one who reported it: plain sentences, what is still to come, who has it, and the clock."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from linli.cases import words
from linli.cases.models import Attachment, Case
from linli.cases.pages import clock_face
from linli.cases.queries import reference
from linli.cases.queries.story import ClockView, Entry, Story
from linli.cases.rules.workflow import ENDED, OPEN, SETTLED, State, Verb
from linli.faces.words import Clock, due_time
from linli.kernel import numbering
from linli.people import queries as people

LONGEST = 72  # half-width letters of a headline


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture, voice note or film as a page shows it."""

    url: str
    thumb: str
    kind: str
    words: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the timeline, as ``faces/parts/timeline.html`` takes it."""

    words: str
    state: str = "done"
    at: datetime | None = None
    who: str = ""
    note: str = ""
    pictures: tuple[Picture, ...] = ()
    sounds: tuple[Picture, ...] = ()


def picture(file: Attachment) -> Picture:
    """How a page shows an attachment."""
    url = reverse("cases:file", args=[file.ticket])
    thumb = reverse("cases:thumb", args=[file.ticket]) if file.thumb_path else ""
    return Picture(url, thumb, file.kind)


def headline(case: Case) -> str:
    """What to call a case: the beginning of its first line, as much as two lines of a phone hold."""
    first = case.words.strip().splitlines()[0] if case.words.strip() else case.number
    room = LONGEST
    for place, letter in enumerate(first):
        room -= 2 if unicodedata.east_asian_width(letter) in "WF" else 1
        if room < 0:
            return f"{first[:place].rstrip()}…"
    return first


def lines(told: Story, language: str) -> list[Line]:
    """The timeline: what happened, in plain words, then what is still to come."""
    found: list[Line] = []
    last_answer = ""
    for entry in told.entries:
        said = _said(entry, told.case, language)
        if not said:
            continue
        note = "" if entry.answer == last_answer else entry.answer
        last_answer = entry.answer or last_answer
        shown = [picture(file) for file in entry.attachments]
        found.append(
            Line(
                words=said,
                at=entry.at,
                note=note,
                pictures=tuple(each for each in shown if each.thumb),
                sounds=tuple(each for each in shown if not each.thumb),
            )
        )
    state = State(told.case.state)
    if found and state in OPEN:
        last = found[-1]
        found[-1] = Line(last.words, "now", last.at, last.who, last.note, last.pictures, last.sounds)
    return found + [Line(each, "next") for each in to_come(told.case)]


def _said(entry: Entry, case: Case, language: str) -> str:
    tell = SAID.get(Verb(entry.verb))
    return tell(entry, case, language) if tell else ""


def _mine(entry: Entry) -> bool:
    return entry.role == "reporter"


def _category(code: object, case: Case, language: str) -> str:
    row = reference.categories(case.community_id).get(str(code or ""))
    return row.name(language) if row else ""


def _reported(entry: Entry, case: Case, language: str) -> str:
    if entry.data.get("split_from"):
        number = numbering.pretty_number(str(entry.data["split_from"]))
        return _("Taken out of the report %(number)s as a matter of its own") % {"number": number}
    return _("You reported it") if _mine(entry) else _("It was written down for you")


def _accepted(entry: Entry, case: Case, language: str) -> str:
    about = _category(entry.data.get("category"), case, language)
    return _("Accepted · %(about)s") % {"about": about} if about else _("Accepted")


def _declined(entry: Entry, case: Case, language: str) -> str:
    return _("Not accepted: %(why)s") % {"why": words.label(words.REASONS, entry.reason)}


def _merged(entry: Entry, case: Case, language: str) -> str:
    return _("Joined with an earlier report of the same matter; you hear what comes of it")


def _parted(entry: Entry, case: Case, language: str) -> str:
    return _("It turned out to be a matter of its own; it is taken up by itself")


def _split(entry: Entry, case: Case, language: str) -> str:
    number = numbering.pretty_number(str(entry.data.get("into") or ""))
    return _("A second matter in it has its own number now: %(number)s") % {"number": number}


def _dispatched(entry: Entry, case: Case, language: str) -> str:
    return _("Sent to %(body)s") % {"body": entry.body} if entry.body else _("Sent to the one who sees to it")


def _signed(entry: Entry, case: Case, language: str) -> str:
    if entry.body:
        return _("%(body)s has taken it on") % {"body": entry.body}
    return _("It has been taken on")


def _returned(entry: Entry, case: Case, language: str) -> str:
    why = {"why": words.label(words.REASONS, entry.reason)}
    if entry.data.get("arbitrated"):
        return _("It was sent back again: %(why)s; a named person now decides who sees to it") % why
    return _("It was sent back: %(why)s") % why


def _ruled(entry: Entry, case: Case, language: str) -> str:
    if entry.data.get("ruling") in {"overruled", "assigned"}:
        return _("Decided: %(body)s sees to it") % {"body": entry.body} if entry.body else _("Decided")
    return _("Decided: somebody else sees to it")


def _decided(entry: Entry, case: Case, language: str) -> str:
    if not entry.data.get("granted"):
        return ""
    if entry.data.get("request") == "extend":
        due_at = str(entry.data.get("due_at") or "")
        if not due_at:
            return _("It needs more time, and that was granted")
        moment = datetime.fromisoformat(due_at)
        return _("It needs more time; that was granted until %(day)s") % {"day": due_time(moment, entry.at)}
    until = str(entry.data.get("until") or "")
    pause = entry.data.get("request") == "pause"
    said = _("Work waits until %(day)s") if pause else _("Put off until %(day)s")
    day = due_time(datetime.fromisoformat(until), entry.at) if until else ""
    return said % {"day": day}


def _handled(entry: Entry, case: Case, language: str) -> str:
    if entry.body:
        return _("%(body)s says it is put right") % {"body": entry.body}
    return _("It is said to be put right")


def _redone(entry: Entry, case: Case, language: str) -> str:
    why = words.label(words.REASONS, entry.reason)
    return _("The check found it is not right yet (%(why)s); work goes on") % {"why": why}


def _called(entry: Entry, case: Case, language: str) -> str:
    if entry.data.get("reached") is not False:
        return _("We called you back")
    return {
        "refused": _("We called; you did not want to say anything about it"),
        "wrong_number": _("We called; the number was not right"),
    }.get(entry.reason, _("We called; nobody answered"))


def _rated(entry: Entry, case: Case, language: str) -> str:
    solved = _("You said: solved") if entry.data.get("solved") else _("You said: not solved")
    stars = entry.data.get("stars")
    return f"{solved} · {'★' * int(stars)}" if stars else solved


def _reopened(entry: Entry, case: Case, language: str) -> str:
    why = {"why": words.label(words.REASONS, entry.reason)}
    if entry.role == "supporter":
        return _("A neighbour who joined says it is not solved; it is taken up again")
    if _mine(entry):
        return _("You asked to take it up again: %(why)s") % why
    return _("Taken up again: %(why)s") % why


def _voided(entry: Entry, case: Case, language: str) -> str:
    return _("Struck off: %(why)s") % {"why": words.label(words.REASONS, entry.reason)}


def _added(entry: Entry, case: Case, language: str) -> str:
    if _mine(entry):
        return _("You added")
    return _("%(body)s adds") % {"body": entry.body} if entry.body else _("The staff add")


def _urged(entry: Entry, case: Case, language: str) -> str:
    return _("You asked how it is going") if _mine(entry) else _("The dispatch desk asked to hurry")


def _joined(entry: Entry, case: Case, language: str) -> str:
    return _("%(body)s was asked to help") % {"body": entry.body}


def _part_done(entry: Entry, case: Case, language: str) -> str:
    return _("%(body)s has done its part") % {"body": entry.body}


def _called_together(entry: Entry, case: Case, language: str) -> str:
    names = people.organisation_names(entry.data.get("bodies") or (), language)
    known = {
        "bodies": pgettext("between names", ", ").join(
            names[body] for body in entry.data.get("bodies") or () if body in names
        )
    }
    return _("%(bodies)s were called to the place together") % known


def _concluded(entry: Entry, case: Case, language: str) -> str:
    names = people.organisation_names(entry.data.get("bodies") or (), language)
    if not names:
        return _("The meeting on the spot has ended")
    return _("%(bodies)s met on the spot and agreed") % {
        "bodies": pgettext("between names", ", ").join(names.values())
    }


def _classified(entry: Entry, case: Case, language: str) -> str:
    about = _category(entry.data.get("category"), case, language)
    return _("Filed under %(about)s") % {"about": about} if about else ""


def _plain(say: Callable[[], str]) -> Callable[[Entry, Case, str], str]:
    return lambda entry, case, language: say()


#: Verbs that are not here are not told: they are the house's own affairs.
SAID: dict[Verb, Callable[[Entry, Case, str], str]] = {
    Verb.REPORT: _reported,
    Verb.ACCEPT: _accepted,
    Verb.DECLINE: _declined,
    Verb.MERGE: _merged,
    Verb.PART: _parted,
    Verb.SPLIT: _split,
    Verb.DISPATCH: _dispatched,
    Verb.SIGN: _signed,
    Verb.RETURN: _returned,
    Verb.RULE: _ruled,
    Verb.START: _plain(lambda: _("Work has begun")),
    Verb.CONTACT: _plain(lambda: _("You were contacted")),
    Verb.DECIDE: _decided,
    Verb.RESUME: _plain(lambda: _("Work goes on")),
    Verb.HANDLED: _handled,
    Verb.SETTLE: _plain(lambda: _("Put right on the spot")),
    Verb.CHECK: _plain(lambda: _("Somebody else checks the result")),
    Verb.CLOSE: _plain(lambda: _("Checked and closed")),
    Verb.REDO: _redone,
    Verb.FOLLOW_UP: _called,
    Verb.RATE: _rated,
    Verb.REOPEN: _reopened,
    Verb.WITHDRAW: _plain(lambda: _("You withdrew it")),
    Verb.VOID: _voided,
    Verb.ADD: _added,
    Verb.URGE: _urged,
    Verb.JOINT: _joined,
    Verb.TASK_DONE: _part_done,
    Verb.CLASSIFY: _classified,
    Verb.WHISTLE: _called_together,
    Verb.CONCLUDE: _concluded,
    Verb.CALL_OFF: _plain(lambda: _("The meeting on the spot was called off")),
    Verb.JUSTIFY: _plain(lambda: _("We answer what you told us on the phone")),
    Verb.RELOCATE: _plain(lambda: _("The place was corrected")),
}
#: The dispatch desk has it: it is not yet, or no longer, with anybody who works on it.
AT_THE_DESK = frozenset({State.REPORTED, State.ACCEPTED, State.RETURNED, State.RULED, State.REOPENED})
#: How far a case has come: the milestones still ahead are told after what happened.
_COME: dict[State, int] = {
    State.REPORTED: 0,
    State.ACCEPTED: 1,
    State.RULED: 1,
    State.REOPENED: 1,
    State.RETURNED: 1,
    State.DISPATCHED: 2,
    State.SIGNED: 3,
    State.HANDLING: 3,
    State.PAUSED: 3,
    State.HANDLED: 4,
    State.VERIFYING: 4,
    State.CLOSED: 5,
    State.FOLLOWED_UP: 5,
}


def to_come(case: Case) -> list[str]:
    """What is still to come, in order; nothing once the case has ended otherwise than settled."""
    ahead = (
        pgettext("to come", "Accepted, or an answer why not"),
        pgettext("to come", "Sent to the one who sees to it"),
        pgettext("to come", "Taken on"),
        pgettext("to come", "Put right"),
        pgettext("to come", "Checked by somebody else"),
        pgettext("to come", "You say whether it is solved"),
    )
    come = _COME.get(State(case.state))
    if come is None or (State(case.state) in SETTLED and case.solved is not None):
        return []
    return list(ahead[come:])


def standing(case: Case) -> str:
    """Where a case stands, in one plain word for its reporter."""
    state = State(case.state)
    if case.quarantined and state is State.REPORTED:
        return pgettext("standing", "Waiting to be read")
    if state in SETTLED:
        return pgettext("standing", "Settled") if case.solved is not False else pgettext("standing", "Closed")
    return {
        State.REPORTED: pgettext("standing", "Received"),
        State.DECLINED: pgettext("standing", "Not accepted"),
        State.MERGED: pgettext("standing", "Joined with another"),
        State.ACCEPTED: pgettext("standing", "Accepted"),
        State.RULED: pgettext("standing", "Accepted"),
        State.RETURNED: pgettext("standing", "Being sorted out"),
        State.DISPATCHED: pgettext("standing", "On its way"),
        State.PAUSED: pgettext("standing", "Waiting"),
        State.HANDLED: pgettext("standing", "Being checked"),
        State.VERIFYING: pgettext("standing", "Being checked"),
        State.WITHDRAWN: pgettext("standing", "Withdrawn"),
        State.VOIDED: pgettext("standing", "Struck off"),
        State.ARCHIVED: pgettext("standing", "Archived"),
        State.REOPENED: pgettext("standing", "Taken up again"),
    }.get(state, pgettext("standing", "In hand"))


def promise(told: Story) -> tuple[str, Clock] | None:
    """What the reporter waits for now, and how it stands: the promise due first; none once it has ended."""
    if State(told.case.state) in ENDED:
        return None
    shown = _running(told.clocks)
    if shown is None:
        return None
    promised = {
        "accept": _("Answer whether it is taken up"),
        "dispatch": _("Send it to the one who sees to it"),
        "sign": _("Somebody takes it on"),
        "first_contact": _("First word to you"),
        "resolve": pgettext("promise", "Put right"),
        "rule": _("Decide who sees to it"),
        "verify": _("Check the result"),
    }.get(shown.row.stage, "")
    return promised, clock_face.face(shown)


def _running(views: Iterable[ClockView]) -> ClockView | None:
    running = [view for view in views if view.row.stopped_at is None and view.row.task_id is None]
    dated = [view for view in running if view.row.due_at]
    return min(dated or running, key=lambda view: view.row.due_at or view.row.started_at, default=None)
