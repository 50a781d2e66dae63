"""The chat's codes in words, in the follower's language."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from linli.cases import access_joined
from linli.cases.pages import alike, danger, finding, here, taking, telling
from linli.cases.rules.workflow import ENDED, SETTLED, State
from linli.faces.words import clock_words, due_time
from linli.grids import locate
from linli.grids import queries as places
from linli.grids.rows import PlaceRow
from linli.integrations.wechat import platform
from linli.integrations.wechat.actions.ears import place_of
from linli.integrations.wechat.models import ChatAnswer, Follower, OfficialAccount
from linli.integrations.wechat.rules.talk import Say, Talk
from linli.kernel import numbering, text
from linli.kernel.clock import LOCAL

LONGEST_SHOWN = 120  # letters of a report that are shown again before it goes
LINES = 4  # of a case's story
CASES = 5  # of a list


@dataclass(frozen=True, slots=True)
class Scene:
    """Who is spoken to, by whom, when, and where the conversation stands."""

    account: OfficialAccount
    follower: Follower
    talk: Talk
    at: datetime
    first: bool  # nothing of this follower's was reported yet

    @property
    def community(self) -> PlaceRow | None:
        """The account's community."""
        return places.place(self.account.community_id)


def words(says: Iterable[Say], scene: Scene) -> str:
    """What is answered; the parts stand one below the other."""
    return "\n\n".join(part for part in (SAID[one.code](scene, dict(one.values)) for one in says) if part)


def link(path: str) -> str:
    """The address of a page of ours."""
    return f"{platform.own_base()}{path}"


def entry(scene: Scene, path: str) -> str:
    """The address of a page for somebody who comes out of the chat: signed in on the way."""
    door = reverse("wechat:sign_in", args=[scene.account.key])
    return f"{platform.own_base()}{door}?next={path}"


def name(scene: Scene) -> str:
    """What the community is called."""
    return scene.community.name(here.language()) if scene.community else scene.account.name


# --- questions ----------------------------------------------------------------------------------------------------


def _where(scene: Scene, known: dict[str, Any]) -> str:
    return _(
        "Where is it? Send the position (tap +, then Location), or write building and door, e.g. "
        "“Building 8, door of unit 2”. Not sure? Reply 0."
    )


def _what(scene: Scene, known: dict[str, Any]) -> str:
    if scene.talk.placed:
        return _("What is wrong there? Please write one sentence.")
    return _(
        "What happened, and where? Please write one sentence, e.g. “the lamp at the door of Building 8 is out”."
    )


def _confirm(scene: Scene, known: dict[str, Any]) -> str:
    draft = scene.talk
    said = draft.words or (_("(voice message)") if draft.sounds else "")
    shown = said if len(said) <= LONGEST_SHOWN else f"{said[:LONGEST_SHOWN]}…"
    parts = [_("Please check:"), shown]
    if not draft.inquiry or draft.placed:
        parts.append(_("Place: %(place)s") % {"place": place_words(scene.account, draft)})
    parts += _enclosed(draft)
    parts += _neighbours(scene)
    ways = _("Reply 1 to send it, 2 to write it again, 0 to drop it.")
    if not draft.inquiry:
        ways += _(" Is the place wrong? Send the position.")
    parts.append(ways)
    if scene.first:
        parts.append(
            _("By sending it you agree that we keep your WeChat identity, to tell you what becomes of it.")
        )
    return "\n".join(parts)


def _confirm_short(scene: Scene, known: dict[str, Any]) -> str:
    return "\n".join([*_enclosed(scene.talk), _("Reply 1 to send it, 2 to write it again, 0 to drop it.")])


def _enclosed(draft: Talk) -> list[str]:
    found = []
    if draft.pictures:
        found.append(
            ngettext("%(n)s picture", "%(n)s pictures", len(draft.pictures)) % {"n": len(draft.pictures)}
        )
    if draft.sounds and draft.words:
        found.append(_("with a voice message"))
    return found


def _neighbours(scene: Scene) -> list[str]:
    if not scene.talk.alike:
        return []
    found = access_joined.joinable(scene.account.community_id, [scene.talk.alike])
    case = found.get(scene.talk.alike)
    if case is None:
        return []
    shown = alike.shown(case)
    told = _("A neighbour reported the same lately: %(about)s, %(place)s (%(standing)s).") % {
        "about": shown.said or shown.about,
        "place": shown.place,
        "standing": shown.standing,
    }
    return [told, _("If it is the same, reply 3: you join it and hear what comes of it.")]


def place_words(account: OfficialAccount, draft: Talk) -> str:
    """Where a draft says it is, in words."""
    given = place_of(account, draft)
    if given.building_id is not None:
        spot = finding.named(given.building_id)
        known = spot.words if spot else ""
        more = given.address if given.address and given.address not in known else ""
        return " · ".join(part for part in (known, more) if part)
    if given.lon is not None and given.lat is not None:
        found = locate.locate(given.lon, given.lat, account.community_id)
        finest = (found.building_id or found.grid_id) if found else None
        near = finding.named(finest) if finest else None
        known = _("On the map: near %(place)s") % {"place": near.words} if near else _("A point on the map")
        return " · ".join(part for part in (known, given.address) if part)
    return given.address or _("Place not known")


# --- plain answers ------------------------------------------------------------------------------------------------


def _welcome(scene: Scene, known: dict[str, Any]) -> str:
    return "\n".join([
        _("Welcome. This is %(community)s.") % {"community": name(scene)},
        _("Write what is wrong, or send a picture, a voice message or a position. You get a number "
                "at once, and we tell you when it is settled."),
        _("“Progress” shows how far it is, “help” shows the rest."),
        _("In danger call 110, 119 or 120 first."),
    ])  # fmt: skip


def _help(scene: Scene, known: dict[str, Any]) -> str:
    return "\n".join([
        _("What you can do here:"),
        _("· Report: just write it, e.g. “the lamp at the door of Building 8 is out”. Pictures, voice and position help."),
        _("· Progress: reply “progress”, or “progress” and the number."),
        _("· Ask: just ask, e.g. “how do I get a residence certificate?”"),
        _("· The same as a neighbour: reply “me too” and the number."),
        _("· A person: reply “phone”."),
        _("All pages: %(link)s") % {"link": entry(scene, "/")},
    ])  # fmt: skip


def _contact(scene: Scene, known: dict[str, Any]) -> str:
    phone = taking.desk_phones(scene.account.community_id).desk
    parts = [_("%(community)s: %(phone)s") % {"community": name(scene), "phone": phone}] if phone else []
    parts.append(_("Who serves in your grid: %(link)s") % {"link": link(f"/place/{_code(scene)}/")})
    parts.append(_("In danger call 110, 119 or 120. The city's service line is 12345."))
    return "\n".join(parts)


def _code(scene: Scene) -> str:
    held = places.place(scene.follower.place_id) if scene.follower.place_id else None
    shown = held or scene.community
    return shown.code if shown else ""


def _notices(scene: Scene, known: dict[str, Any]) -> str:
    way = entry(scene, reverse("wechat:notices", args=[scene.account.key]))
    return _("So that we may tell you when something of yours moves on, open this page once: %(link)s") % {
        "link": way
    }


def _say_again(scene: Scene, known: dict[str, Any]) -> str:
    kept = _("The pictures are kept.") if scene.talk.pictures else ""
    return " ".join(part for part in (_("Please write it again, with the place."), kept) if part)


def _answer(scene: Scene, known: dict[str, Any]) -> str:
    row = ChatAnswer.objects.filter(
        pk=int(known.get("id") or 0), community_id=scene.account.community_id
    ).first()
    if row is None:
        return ""
    said = row.answer_en if here.language() == "en" and row.answer_en else row.answer_zh
    shown = link(row.link) if row.link.startswith("/") else row.link
    return "\n".join(part for part in (said, shown) if part)


def _plain(tell: Callable[[], str]) -> Callable[[Scene, dict[str, Any]], str]:
    return lambda scene, known: tell()


# --- what was done ------------------------------------------------------------------------------------------------


def _received(scene: Scene, known: dict[str, Any]) -> str:
    number = numbering.pretty_number(known["number"])
    parts = [*_dangers(scene, known), _("Received. Number %(number)s.") % {"number": number}]
    if known.get("quarantined"):
        parts.append(_("You have written a lot today, so a person reads it first."))
    elif known.get("due_at"):
        parts.append(
            _("You hear by %(when)s whether it is taken up.") % {"when": due_time(known["due_at"], scene.at)}
        )
    if known.get("waiting"):
        parts.append(_("Your pictures are still being fetched; they are added by themselves."))
    parts.append(
        _("Follow it: %(link)s") % {"link": entry(scene, reverse("cases:case", args=[known["number"]]))}
    )
    parts.append(_("Pictures you send within half an hour are added to it."))
    return "\n".join(parts)


def _dangers(scene: Scene, known: dict[str, Any]) -> list[str]:
    """What to do now and whom to call, before anything else."""
    told = danger.told(scene.account.community_id, known.get("words", ""), tapped=bool(known.get("danger")))
    found = []
    for one in told.get("dangers", ()):
        calls = pgettext("between names", ", ").join(f"{number} {who}".strip() for number, who in one.calls)
        found.append("\n".join(part for part in (one.words, calls) if part))
    return found


def _joined(scene: Scene, known: dict[str, Any]) -> str:
    number = numbering.pretty_number(known["number"])
    said = _("You have joined %(number)s: %(n)s people say the same. You hear what comes of it.")
    shown = link_of(scene, known["number"])
    return "\n".join([said % {"number": number, "n": known["people"]}, shown])


def link_of(scene: Scene, number: str) -> str:
    """The way to a case of the follower's own."""
    return _("Follow it: %(link)s") % {"link": entry(scene, reverse("cases:case", args=[number]))}


def _list(scene: Scene, known: dict[str, Any]) -> str:
    lines = [_("Your reports:")]
    lines += [
        f"{numbering.pretty_number(number)} {title} — {standing}"
        for number, title, standing in known["cases"]
    ]
    lines.append(
        _("Reply “progress” and a number for more. All of them: %(link)s")
        % {"link": entry(scene, reverse("cases:mine"))}
    )
    return "\n".join(lines)


def _stood(scene: Scene, known: dict[str, Any]) -> str:
    spot = finding.named(known["place_id"])
    parts = [
        _("You are at %(place)s; we remember it for your next report.")
        % {"place": spot.words if spot else ""}
    ]
    if not scene.talk.drafting:
        parts.append(
            _("Write what is wrong here, or look who serves here: %(link)s")
            % {"link": link(f"/place/{known['code']}/")}
        )
    return "\n".join(parts)


def _elsewhere(scene: Scene, known: dict[str, Any]) -> str:
    return _("This code belongs to %(community)s. Its page: %(link)s") % {
        "community": known["community"],
        "link": link(f"/place/{known['code']}/"),
    }


def _refused(scene: Scene, known: dict[str, Any]) -> str:
    return "\n".join(
        [
            known["why"],
            _("You can also use the page: %(link)s") % {"link": entry(scene, reverse("cases:report"))},
        ]
    )


SAID: dict[str, Callable[[Scene, dict[str, Any]], str]] = {
    "where": _where,
    "what": _what,
    "confirm": _confirm,
    "confirm_short": _confirm_short,
    "welcome": _welcome,
    "help": _help,
    "contact": _contact,
    "notices": _notices,
    "say_again": _say_again,
    "answer": _answer,
    "received": _received,
    "joined": _joined,
    "list": _list,
    "stood": _stood,
    "elsewhere": _elsewhere,
    "refused": _refused,
    "case": lambda scene, known: str(known["words"]),
    "say_it": _plain(lambda: _("Please write what is wrong and where, in one sentence. A picture helps.")),
    "send_place": _plain(lambda: _("Tap + and then Location to send where it is.")),
    "not_understood": _plain(lambda: _("Please write a little more: what is wrong, and where? Reply “help” for what can be "
            "done here.")),
    "pass_on": _plain(lambda: _("Does that answer it? If not, reply 1 and a person answers you.")),
    "done_already": _plain(lambda: _("It is taken in; nothing more is needed. Reply “progress” to follow it.")),
    "glad": _plain(lambda: _("Good. Write again at any time.")),
    "cancelled": _plain(lambda: _("Dropped; nothing was sent. Write again at any time.")),
    "kept_closed": _plain(lambda: _("All right, it stays closed. Thank you for your word.")),
    "got_picture": _plain(lambda: _("Picture received.")),
    "got_voice": _plain(lambda: _("Voice message received.")),
    "got_place": _plain(lambda: _("Position received.")),
    "enough_pictures": _plain(lambda: _("Nine pictures are the most; this one was left out.")),
    "enough_sounds": _plain(lambda: _("One voice message is the most; this one was left out.")),
    "cannot_read": _plain(lambda: _("This kind of message cannot be read here. Please write it, or send a picture, a voice "
            "message or a position.")),
    "unknown_code": _plain(lambda: _("This code is not one of ours. The code on your building's poster works.")),
    "none_yet": _plain(lambda: _("You have not reported anything here yet. Just write what is wrong.")),
    "no_such_case": _plain(lambda: _("There is no report of yours with this number. With number and code from a "
            "receipt it opens here: %(link)s") % {"link": link(reverse("cases:follow"))}),
    "added": _plain(lambda: _("Added. Those who see to it can read it.")),
    "being_added": _plain(lambda: _("It is added to your report as soon as it is fetched.")),
    "not_added": _plain(lambda: _("It could not be added: the report has ended. Write what is wrong and it becomes "
            "a new one.")),
    "thanks": _plain(lambda: _("Thank you for your word.")),
    "unsolved": _plain(lambda: _("We are sorry. Shall it be taken up again? Reply 1, or write what is still wrong; 0 "
            "leaves it closed.")),
    "reopened": _plain(lambda: _("It is taken up again. You hear what comes of it.")),
    "not_now": _plain(lambda: _("That is not possible any more at this report. Write what is wrong and it becomes "
            "a new one.")),
    "yours_already": _plain(lambda: _("You reported this one yourself; it is already counted.")),
    "english": _plain(lambda: _("From now on we answer in English.")),
    "chinese": _plain(lambda: _("From now on we answer in Chinese.")),
    "wait": _plain(lambda: _("One moment, please: it takes a little longer.")),
    "remind": _plain(lambda: _("What you wrote has not been sent yet. Reply 1 to send it, 0 to drop it.")),
}  # fmt: skip


def of_case(case: Any, told: Any, scene: Scene) -> str:
    """One case in a few lines: where it stands, what happened last, what is promised, who has it, its answer."""
    lines = [
        f"{numbering.pretty_number(case.number)} {telling.headline(case)}",
        _("Now: %(standing)s") % {"standing": telling.standing(case)},
    ]
    happened = [one for one in telling.lines(told, here.language()) if one.at is not None]
    lines += [f"· {past(one.at)} {one.words}" for one in happened[-LINES:] if one.at]
    promised = telling.promise(told)
    if promised and promised[0]:
        face = promised[1]
        lines.append(
            _("%(promise)s: %(left)s")
            % {"promise": promised[0], "left": clock_words(face.state, face.unit, face.left_seconds)}
        )
    holder = taking.holder(case, places.day_of(scene.at))
    if holder:
        lines.append(
            _("With: %(who)s %(phone)s") % {"who": holder.body or holder.name, "phone": holder.phone}
        )
    if State(case.state) in ENDED and case.answer:
        lines.append(_("Answer: %(answer)s") % {"answer": text.mask_text(case.answer)})
    lines.append(link_of(scene, case.number))
    if State(case.state) in SETTLED and case.solved is None:
        lines.append(_("Is it solved? Reply 1 to 5 (5 is best), or “not solved”."))
    return "\n".join(lines)


def past(moment: datetime) -> str:
    """A moment that is over, shortly, by the local clock."""
    return f"{moment.astimezone(LOCAL):%m-%d %H:%M}"
