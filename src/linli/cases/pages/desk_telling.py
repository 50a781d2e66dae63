"""A case told to colleagues: what was done, by whom, for which body, with the words only they read."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from decimal import Decimal
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import get_language, ngettext, pgettext
from django.utils.translation import gettext as _

from linli.cases import words, words_calls, words_chasing
from linli.cases.pages import telling
from linli.cases.pages.telling import Picture
from linli.cases.queries.story import OF_RESIDENTS, Entry, Story
from linli.cases.rules.intake import Channel
from linli.cases.rules.workflow import Verb
from linli.faces import words as face_words
from linli.kernel.clock import LOCAL
from linli.kernel.worktime import UNIT_SECONDS, Unit
from linli.people import queries as people


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the staff's timeline."""

    seq: int
    verb: str
    words: str
    at: datetime
    who: str
    role: str
    note: str  # internal
    answer: str  # public
    pictures: tuple[Picture, ...]
    sounds: tuple[Picture, ...]
    outside: bool  # done by the reporter, not by us
    now: bool


@dataclass(frozen=True, slots=True)
class Known:
    """Names that a line may speak of: people by account, categories by code."""

    people: Mapping[int, str]
    category: Callable[[str], str]
    bodies: Mapping[int, str]


def lines(told: Story, category: Callable[[str], str]) -> list[Line]:
    """The timeline, newest first: staff look for what has just happened."""
    keys = ("handler", "supervisor")
    handlers = {int(entry.data[key]) for entry in told.entries for key in keys if entry.data.get(key)}
    called = {int(body) for entry in told.entries for body in entry.data.get("bodies") or ()}
    bodies = people.organisation_names(called, get_language() or "zh-hans") if called else {}
    known = Known(people.names(handlers), category, bodies)
    last = told.entries[-1].seq if told.entries else 0
    return [_line(entry, known, now=entry.seq == last) for entry in reversed(told.entries)]


def _line(entry: Entry, known: Known, *, now: bool) -> Line:
    shown = [telling.picture(file) for file in entry.attachments]
    outside = entry.role in OF_RESIDENTS and entry.data.get("channel") != Channel.PATROL
    return Line(
        seq=entry.seq,
        verb=entry.verb,
        words=_said(entry, known),
        at=entry.at,
        who="" if outside else entry.who,
        role=_role(entry, outside=outside),
        note=entry.note,
        answer=entry.answer,
        pictures=tuple(each for each in shown if each.thumb),
        sounds=tuple(each for each in shown if not each.thumb),
        outside=outside,
        now=now,
    )


def _role(entry: Entry, *, outside: bool) -> str:
    if outside:
        return _("A neighbour who joined") if entry.role == "supporter" else _("The reporter")
    if entry.role == "system":
        return _("By itself")
    return words.role(entry.role) if entry.role not in {"", "reporter"} else ""


def _said(entry: Entry, known: Known) -> str:
    done = words.label(words.DONE, entry.verb)
    tell = DETAILS.get(Verb(entry.verb))
    parts = [part for part in (tell(entry, known) if tell else _reason(entry, known)) if part]
    return f"{done} · {' · '.join(parts)}" if parts else done


def _reason(entry: Entry, known: Known) -> list[str]:
    return [words.label(words.REASONS, entry.reason)] if entry.reason else []


def _category(entry: Entry, known: Known) -> list[str]:
    code = entry.data.get("category") or ""
    urgency = entry.data.get("urgency")
    pressing = [words.label(words.URGENCIES, urgency)] if urgency and urgency != "normal" else []
    return [known.category(code) if code else "", *pressing]


def _sent(entry: Entry, known: Known) -> list[str]:
    return [entry.body, known.people.get(entry.data.get("handler") or 0, "")]


def _reported(entry: Entry, known: Known) -> list[str]:
    return [words.label(words.CHANNELS, entry.data.get("channel") or "")]


def _ruling(entry: Entry, known: Known) -> list[str]:
    person = known.people.get(entry.data.get("handler") or 0, "")
    return [words.label(words.RULINGS, entry.data.get("ruling") or ""), entry.body, person]


def _returned(entry: Entry, known: Known) -> list[str]:
    times = int(entry.data.get("round") or 1)
    again = _("for the %(n)s. time: an arbiter rules") % {"n": times} if entry.data.get("arbitrated") else ""
    return [entry.body, *_reason(entry, known), again]


def _asked(entry: Entry, known: Known) -> list[str]:
    data = entry.data
    days = (
        _("%(n)s working days longer") % {"n": f"{Decimal(str(data['days'])).normalize():f}"}
        if data.get("days")
        else ""
    )
    decides = words.label(words_chasing.DECIDERS, data["decider"]) if data.get("decider") else ""
    asked = words.label(words.REQUESTS, data.get("request") or "")
    return [
        asked,
        _day(data.get("until")),
        days,
        _("decided by: %(who)s") % {"who": decides} if decides else "",
    ]


def _decided(entry: Entry, known: Known) -> list[str]:
    granted = _("granted") if entry.data.get("granted") else _("refused")
    return [
        words.label(words.REQUESTS, entry.data.get("request") or ""),
        granted,
        _day(entry.data.get("until") or entry.data.get("due_at")),
    ]


def _supervised(entry: Entry, known: Known) -> list[str]:
    return [
        *_letter(entry, known),
        known.people.get(entry.data.get("supervisor") or 0, ""),
        _day(entry.data.get("until")),
    ]


def _letter(entry: Entry, known: Known) -> list[str]:
    """What a letter is called: 督办〔2026〕3号."""
    data = entry.data
    if not data.get("serial"):
        return []
    said = {"year": data["year"], "serial": data["serial"]}
    talk = data.get("kind") == "talk"
    return [(_("Talk no. %(serial)s of %(year)s") if talk else _("Letter no. %(serial)s of %(year)s")) % said]


def _climbed(entry: Entry, known: Known) -> list[str]:
    """A rung of the ladder: which promise, how far, what was done. Nothing more where a person escalated."""
    data = entry.data
    if not data.get("act"):
        return _reason(entry, known)
    level = _("level %(n)s of the ladder") % {"n": data.get("level")}
    stage = words.label(words.STAGES, data.get("stage") or "")
    done = words.label(words_chasing.RUNG_DONE, data["act"])
    return [level, stage, _how_far(data), done, *_letter(entry, known)]


def _how_far(data: dict[str, Any]) -> str:
    if data.get("when") == "used":
        return _("%(percent)s%% used up") % {"percent": data.get("percent")}
    if not float(data.get("amount") or 0):
        return _("broken")
    unit = str(data.get("unit") or "hour")
    seconds = int(Decimal(str(data["amount"])) * UNIT_SECONDS[Unit(unit)])
    return _("broken for %(length)s") % {"length": face_words.span(seconds, unit)}  # type: ignore[arg-type]  # faces' units


def _resumed(entry: Entry, known: Known) -> list[str]:
    return [_("the day has come")] if entry.data.get("by_itself") else []


def _day(value: Any) -> str:
    if not value:
        return ""
    moment = datetime.fromisoformat(value).astimezone(LOCAL)
    last = moment.date() - timedelta(days=moment.time() == time.min)  # midnight belongs to the day that ends
    return _("until %(day)s") % {"day": date_format(last, "SHORT_DATE_FORMAT")}


def _merged(entry: Entry, known: Known) -> list[str]:
    return [str(entry.data.get("into") or "")]


def _parted(entry: Entry, known: Known) -> list[str]:
    return [str(entry.data.get("from") or "")]


def _resident(entry: Entry, known: Known) -> list[str]:
    solved, stars, reached = (entry.data.get(key) for key in ("solved", "stars", "reached"))
    said = {True: _("solved"), False: _("not solved"), None: ""}[solved]
    away = _("nobody answered") if reached is False else ""
    return [away, said, "★" * int(stars) if stars else ""]


def _body(entry: Entry, known: Known) -> list[str]:
    return [entry.body]


def _reclassified(entry: Entry, known: Known) -> list[str]:
    before = (entry.data.get("before") or {}).get("category") or ""
    now = _category(entry, known)
    changed = before and before != entry.data["category"]
    return [f"{known.category(before)} → {now[0]}" if changed else now[0], *now[1:]]


def _called(entry: Entry, known: Known) -> list[str]:
    return [_bodies(entry, known), _moment(entry.data.get("meet_at")), str(entry.data.get("at_place") or "")]


def _bodies(entry: Entry, known: Known) -> str:
    found = [known.bodies[body] for body in entry.data.get("bodies") or () if body in known.bodies]
    return pgettext("between names", ", ").join(found)


def _moment(value: Any) -> str:
    return (
        date_format(datetime.fromisoformat(value).astimezone(LOCAL), "SHORT_DATETIME_FORMAT") if value else ""
    )


def _answered(entry: Entry, known: Known) -> list[str]:
    said = words.label(words_calls.CALL_ANSWERS, entry.data.get("answer") or "")
    return [entry.body, said, words.label(words.REASONS, entry.data.get("why") or "")]


def _arrived(entry: Entry, known: Known) -> list[str]:
    if entry.data.get("left"):
        return [entry.body, _("left again")]
    late = _("late") if entry.data.get("late") else _("in time")
    noted = _("written down by the caller") if entry.data.get("by_caller") else ""
    return [entry.body, _moment(entry.data.get("arrived_at")), late, noted]


def _concluded(entry: Entry, known: Known) -> list[str]:
    steps = int(entry.data.get("steps") or 0)
    absent = int(entry.data.get("absent") or 0)
    return [
        _bodies(entry, known),
        ngettext("%(n)s next step", "%(n)s next steps", steps) % {"n": steps} if steps else "",
        ngettext("%(n)s absent", "%(n)s absent", absent) % {"n": absent} if absent else "",
    ]


def _followed_up(entry: Entry, known: Known) -> list[str]:
    return _resident(entry, known) if entry.data.get("reached") is not False else _reason(entry, known)


DETAILS: dict[Verb, Callable[[Entry, Known], list[str]]] = {
    Verb.REPORT: _reported,
    Verb.ACCEPT: _category,
    Verb.MERGE: _merged,
    Verb.PART: _parted,
    Verb.SPLIT: _merged,
    Verb.DISPATCH: _sent,
    Verb.SIGN: _body,
    Verb.START: _body,
    Verb.RULE: _ruling,
    Verb.ASK: _asked,
    Verb.DECIDE: _decided,
    Verb.HANDLED: _body,
    Verb.FOLLOW_UP: _followed_up,
    Verb.RATE: _resident,
    Verb.RETURN: _returned,
    Verb.RESUME: _resumed,
    Verb.SUPERVISE: _supervised,
    Verb.EXPLAIN: _letter,
    Verb.LIFT: _letter,
    Verb.ESCALATE: _climbed,
    Verb.JOINT: _body,
    Verb.TASK_DONE: _body,
    Verb.CLASSIFY: _reclassified,
    Verb.TRANSFER: _sent,
    Verb.WHISTLE: _called,
    Verb.ANSWER_CALL: _answered,
    Verb.ARRIVE: _arrived,
    Verb.EXCUSE: _body,
    Verb.CONCLUDE: _concluded,
}
