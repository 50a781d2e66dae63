"""The conversation: a line, a picture, a place become a case with at most two questions (where? shall it go?). Pure.

``turn`` takes what was said so far and what is heard now; it gives what is said so far after that, what to answer as codes,
and at most one thing to do. Who does it, and in which words, is for the caller.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from linli.integrations.wechat.rules import wishes
from linli.integrations.wechat.rules.messages import Heard
from linli.integrations.wechat.rules.scenes import scene_of
from linli.integrations.wechat.rules.state import (
    DRAFTING,
    Act,
    Do,
    Ears,
    Say,
    Step,
    Talk,
    Turn,
    as_data,
    from_data,
)
from linli.integrations.wechat.rules.wishes import Want

__all__ = [
    "DRAFTING",
    "Act",
    "Do",
    "Ears",
    "Say",
    "Step",
    "Talk",
    "Turn",
    "as_data",
    "from_data",
    "stood",
    "turn",
]

LIVES = timedelta(hours=24)
ADDS_FOR = timedelta(minutes=30)  # a picture that follows belongs to the report just made
REMIND_AFTER = timedelta(minutes=20)
MOST_PICTURES, MOST_SOUNDS = 9, 1
MOST_WORDS, MOST_ADDRESS = 10_000, 200
LEAST_WORDS = 2


def turn(talk: Talk, heard: Heard, ears: Ears, *, at: float, message: int = 0) -> Turn:
    """What becomes of the conversation.

    :param at: Unix seconds.
    :param message: our number of what is heard, by which a picture or a voice is found again.
    """
    if talk.at and at - talk.at > LIVES.total_seconds():
        talk = Talk(rate=talk.rate, last=talk.last, last_at=talk.last_at)
    hears = _EVENTS if heard.is_event else _MESSAGES
    done = hears.get(heard.kind, _nothing if heard.is_event else _unreadable)(talk, heard, ears, at, message)
    spoke = done.talk is not talk or not heard.is_event
    return replace(done, talk=replace(done.talk, at=at, reminded=False)) if spoke else done


def _nothing(talk: Talk, heard: Heard, ears: Ears, at: float, message: int) -> Turn:
    return Turn(talk)


def _unreadable(talk: Talk, heard: Heard, ears: Ears, at: float, message: int) -> Turn:
    return Turn(talk, (Say("cannot_read"),))


# --- words ------------------------------------------------------------------------------------------------------


def _text(talk: Talk, heard: Heard, ears: Ears, at: float, message: int) -> Turn:
    words = heard.words.strip()[:MOST_WORDS]
    wish = wishes.read(words)
    if wish.want is not Want.NOTHING:
        return _command(talk, wish)
    return _STEPS[talk.step](talk, words, ears)


def _command(talk: Talk, wish: wishes.Wish) -> Turn:
    if wish.want is Want.PROGRESS:
        return Turn(talk, act=Act(Do.PROGRESS, number=wish.number))
    if wish.want is Want.JOIN and (wish.number or talk.alike):
        number = wish.number or talk.alike
        same = talk.drafting and number == talk.alike
        return Turn(
            Talk(rate=talk.rate) if same else talk,
            act=Act(Do.JOIN, number=number, draft=talk if same else Talk()),
        )
    if wish.want is Want.LANGUAGE:
        return Turn(talk, act=Act(Do.LANGUAGE))
    code = {Want.HELP: "help", Want.CONTACT: "contact"}.get(wish.want, "say_it")
    return Turn(talk, (Say(code),))


def _idle(talk: Talk, words: str, ears: Ears) -> Turn:
    mark = wishes.stars(words) if talk.rate else None
    if mark is not None:
        return _rated(talk, mark)
    if wishes.joins(words) and talk.alike:
        return _command(talk, wishes.Wish(Want.JOIN))
    if wishes.says_yes(words) and talk.last:
        return Turn(talk, (Say("done_already"),))
    if wishes.meaning(words) < LEAST_WORDS or wishes.says_yes(words) or wishes.says_no(words):
        return Turn(talk, (Say("not_understood"),))
    draft = replace(talk, words=words, inquiry=wishes.is_question(words), step=Step.WHAT, asked=0)
    if ears.is_urgent(words):
        return _submit(_placed(draft, words, ears), danger=True)
    found = ears.answer(words) if draft.inquiry else None
    if found is not None:
        return Turn(replace(draft, step=Step.ANSWERED), (Say("answer", (("id", found),)), Say("pass_on")))
    return _go_on(_placed(draft, words, ears), ears)


def _what(talk: Talk, words: str, ears: Ears) -> Turn:
    if wishes.says_no(words):
        return _cancelled(talk)
    if wishes.meaning(words) < LEAST_WORDS:
        return Turn(talk, (Say("what"),))
    draft = replace(talk, words=words, inquiry=wishes.is_question(words) and not talk.pictures)
    if ears.is_urgent(words):
        return _submit(_placed(draft, words, ears), danger=True)
    return _go_on(_placed(draft, words, ears), ears)


def _place(talk: Talk, words: str, ears: Ears) -> Turn:
    if wishes.knows_no_place(words):
        return _confirm(talk, ears)
    if wishes.plain(words) in {"取消", "算了", "cancel", "stop"}:
        return _cancelled(talk)
    building = ears.building(words)
    draft = replace(talk, address=words[:MOST_ADDRESS], building_id=building)
    if len(words) > MOST_ADDRESS:
        draft = _with_words(draft, words)
    if ears.is_urgent(words):
        return _submit(_with_words(draft, words), danger=True)
    return _confirm(draft, ears)


def _confirming(talk: Talk, words: str, ears: Ears) -> Turn:
    if wishes.joins(words) and talk.alike:
        return _command(talk, wishes.Wish(Want.JOIN))
    if wishes.says_yes(words):
        return _submit(talk)
    if wishes.says_no(words):
        return _cancelled(talk)
    if wishes.wants_change(words):
        again = replace(
            talk,
            step=Step.WHAT,
            words="",
            address="",
            building_id=None,
            lon=None,
            lat=None,
            alike="",
            asked=min(talk.asked, 1),
        )
        return Turn(again, (Say("say_again"),))
    draft = _with_words(talk, words)
    if ears.is_urgent(words):
        return _submit(draft, danger=True)
    if not draft.placed or draft.address:
        building = ears.building(words)
        draft = replace(draft, building_id=building) if building is not None else draft
    return _confirm(draft, ears)


def _answered(talk: Talk, words: str, ears: Ears) -> Turn:
    if wishes.says_yes(words):
        return _submit(replace(talk, inquiry=True))
    if wishes.says_no(words) or wishes.stars(words) == 5:
        return Turn(Talk(rate=talk.rate, last=talk.last, last_at=talk.last_at), (Say("glad"),))
    return _idle(Talk(rate=talk.rate, last=talk.last, last_at=talk.last_at), words, ears)


def _unsolved(talk: Talk, words: str, ears: Ears) -> Turn:
    after = replace(talk, step=Step.IDLE, rate="")
    if wishes.says_no(words):
        return Turn(after, (Say("kept_closed"),))
    said = "" if wishes.says_yes(words) or wishes.meaning(words) < LEAST_WORDS else words
    return Turn(after, act=Act(Do.REOPEN, number=talk.rate, words=said))


_STEPS = {
    Step.IDLE: _idle,
    Step.WHAT: _what,
    Step.PLACE: _place,
    Step.CONFIRM: _confirming,
    Step.ANSWERED: _answered,
    Step.UNSOLVED: _unsolved,
}


def _with_words(draft: Talk, words: str) -> Talk:
    return replace(draft, words=f"{draft.words}\n{words}".strip()[:MOST_WORDS])


def _placed(draft: Talk, words: str, ears: Ears) -> Talk:
    """The draft with its place: what was said already, else what the words name, else where the follower stands."""
    if draft.placed:
        return draft
    building = ears.building(words)
    if building is None and not draft.inquiry:
        building = ears.here()
    return replace(draft, building_id=building)


def _go_on(draft: Talk, ears: Ears) -> Turn:
    """The next question: where, if that is not known, matters, and has not been asked; else whether it shall go."""
    if draft.placed or draft.inquiry or draft.asked:
        return _confirm(draft, ears)
    return Turn(replace(draft, step=Step.PLACE, asked=1), (Say("where"),))


def _confirm(draft: Talk, ears: Ears) -> Turn:
    asked = draft.asked if draft.step is Step.CONFIRM else draft.asked + 1
    again = replace(draft, step=Step.CONFIRM, asked=asked, alike="" if draft.inquiry else ears.alike(draft))
    return Turn(again, (Say("confirm"),))


def _submit(draft: Talk, *, danger: bool = False) -> Turn:
    return Turn(Talk(rate=draft.rate), act=Act(Do.SUBMIT, draft=draft, danger=danger))


def _cancelled(talk: Talk) -> Turn:
    return Turn(Talk(rate=talk.rate, last=talk.last, last_at=talk.last_at), (Say("cancelled"),))


def _rated(talk: Talk, mark: int) -> Turn:
    if mark >= 3:
        return Turn(replace(talk, rate=""), act=Act(Do.RATE, number=talk.rate, stars=mark))
    return Turn(replace(talk, step=Step.UNSOLVED), act=Act(Do.RATE, number=talk.rate, stars=mark))


# --- pictures, voices, places -----------------------------------------------------------------------------------


def _picture(talk: Talk, heard: Heard, ears: Ears, at: float, message: int) -> Turn:
    if _adds(talk, at):
        return Turn(talk, act=Act(Do.ADD, number=talk.last, media=(message,)))
    if len(talk.pictures) >= MOST_PICTURES:
        return Turn(talk, (Say("enough_pictures"), *_pending(talk)))
    return _with_media(replace(talk, pictures=(*talk.pictures, message)), "picture")


def _voice(talk: Talk, heard: Heard, ears: Ears, at: float, message: int) -> Turn:
    if _adds(talk, at):
        return Turn(talk, act=Act(Do.ADD, number=talk.last, media=(message,)))
    if len(talk.sounds) >= MOST_SOUNDS:
        return Turn(talk, (Say("enough_sounds"), *_pending(talk)))
    draft = replace(talk, sounds=(*talk.sounds, message))
    if talk.drafting:
        return _with_media(draft, "voice")
    return _go_on(_placed(replace(draft, words="", step=Step.WHAT, asked=0), "", ears), ears)


def _adds(talk: Talk, at: float) -> bool:
    return bool(talk.last) and not talk.drafting and at - talk.last_at <= ADDS_FOR.total_seconds()


def _with_media(draft: Talk, what: str) -> Turn:
    """A picture or a voice beside what was said; alone it asks what happened, and where, in one sentence."""
    if draft.drafting and (draft.words or draft.sounds) and draft.step is not Step.WHAT:
        return Turn(draft, (Say(f"got_{what}"), *_pending(draft)))
    first = draft.step is not Step.WHAT
    asked = replace(draft, step=Step.WHAT, words="", asked=1 if first else draft.asked)
    return Turn(asked, (Say(f"got_{what}"), Say("what")) if first else (Say(f"got_{what}"),))


def _pending(talk: Talk) -> tuple[Say, ...]:
    """The question that still waits."""
    code = {Step.WHAT: "what", Step.PLACE: "where", Step.CONFIRM: "confirm_short"}.get(talk.step)
    return (Say(code),) if code else ()


def _location(talk: Talk, heard: Heard, ears: Ears, at: float, message: int) -> Turn:
    if heard.lon is None or heard.lat is None:
        return Turn(talk, (Say("cannot_read"),))
    draft = replace(talk, lon=heard.lon, lat=heard.lat, building_id=None, address=heard.words[:MOST_ADDRESS])
    return _at_place(draft, ears, talk.step)


def _at_place(draft: Talk, ears: Ears, step: Step) -> Turn:
    if step in {Step.PLACE, Step.CONFIRM}:
        return _confirm(draft, ears)
    if step is Step.WHAT:
        return Turn(draft, (Say("got_place"), Say("what")))
    asked = replace(draft, step=Step.WHAT, words="", pictures=(), sounds=(), asked=1)
    return Turn(asked, (Say("got_place"), Say("what")))


def _link(talk: Talk, heard: Heard, ears: Ears, at: float, message: int) -> Turn:
    return Turn(talk, (Say("cannot_read"),))


# --- events -----------------------------------------------------------------------------------------------------


def _subscribe(talk: Talk, heard: Heard, ears: Ears, at: float, message: int) -> Turn:
    scene = scene_of(heard.words)
    return Turn(talk, act=Act(Do.FOLLOWED, scene=scene))


def _unsubscribe(talk: Talk, heard: Heard, ears: Ears, at: float, message: int) -> Turn:
    return Turn(Talk(), act=Act(Do.LEFT))


def _scan(talk: Talk, heard: Heard, ears: Ears, at: float, message: int) -> Turn:
    scene = scene_of(heard.words)
    if scene is None:
        return Turn(talk, (Say("unknown_code"),))
    return Turn(talk, act=Act(Do.STAND, scene=scene, draft=talk))


def stood(talk: Talk, building_id: int | None, ears: Ears) -> Turn:
    """The conversation once a scanned place is known: a draft that lacks its place goes on with it."""
    if not talk.drafting or building_id is None:
        return Turn(talk)
    draft = replace(talk, building_id=building_id, lon=None, lat=None, address="")
    if talk.step in {Step.PLACE, Step.CONFIRM}:
        return _confirm(draft, ears)
    return Turn(draft, (Say("what"),))


def _click(talk: Talk, heard: Heard, ears: Ears, at: float, message: int) -> Turn:
    key = heard.words.strip()
    if key == "progress":
        return Turn(talk, act=Act(Do.PROGRESS))
    if key.startswith("rate:"):
        _, number, mark = (key.split(":") + ["", ""])[:3]
        if number.isdigit() and mark in {"1", "2", "3", "4", "5"}:
            return _rated(replace(talk, rate=number), int(mark))
    known = {
        "report": "say_it",
        "place": "send_place",
        "contact": "contact",
        "help": "help",
        "notices": "notices",
    }
    return Turn(talk, (Say(known.get(key, "help")),))


def _consent(talk: Talk, heard: Heard, ears: Ears, at: float, message: int) -> Turn:
    return Turn(talk, act=Act(Do.CONSENT))


_MESSAGES = {
    "text": _text,
    "image": _picture,
    "voice": _voice,
    "location": _location,
    "link": _link,
}
_EVENTS = {
    "subscribe": _subscribe,
    "unsubscribe": _unsubscribe,
    "scan": _scan,
    "scancode_waitmsg": _scan,
    "click": _click,
    "subscribe_msg_popup_event": _consent,
    "subscribe_msg_change_event": _consent,
    "subscribe_msg_sent_event": _consent,
}
