"""The parts of the wall as templates draw them: words, numbers, addresses."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from linli.cases import words as case_words
from linli.cases.pages import taking
from linli.cases.queries.happenings import Happening, Pressing
from linli.controlroom.pages.wall_figures import Figures, Number, address, said
from linli.controlroom.words import FIGURES, FORMULAS, label
from linli.faces import words as face_words
from linli.grids.rules.words import Level
from linli.kernel import numbering, text
from linli.triage.queries import HotTopic

DUTY_ROLES = ("dispatcher", "community_leader", "police", "verifier", "grid_worker", "assistant")
MOST_PEOPLE = 14


@dataclass(frozen=True, slots=True)
class Trouble:
    """A hot topic or a repeat problem in a line."""

    title: str
    said: str  # how hot, or how often
    parts: str  # what that is made of
    url: str


@dataclass(frozen=True, slots=True)
class Line:
    """One case, as a line of the stream or of the list."""

    number: str
    pretty: str
    url: str
    at: datetime
    what: str  # category
    where: str
    did: str  # what happened, or the state
    body: str
    urgent: str
    key: str = ""
    today: bool = True
    clock: face_words.Clock | None = None


@dataclass(frozen=True, slots=True)
class Helper:
    """Somebody on duty."""

    role: str
    name: str
    where: str
    body: str
    phone: str


@dataclass(frozen=True, slots=True)
class BodyPart:
    """A body with parts still to do."""

    name: str
    tasks: int
    late: int
    phone: str
    url: str


@dataclass(frozen=True, slots=True)
class Meeting:
    """A whistle: where and when bodies were called together, and who is there."""

    where: str
    at: datetime
    there: int
    called: int
    late: bool
    url: str


class Telling(Figures):
    """Puts one wall into words."""

    # -- cases -----------------------------------------------------------------------------------------------

    def stream(self) -> list[Line]:
        """What happened last."""
        return [self._news(one) for one in self.wall.news.value]

    def _news(self, one: Happening) -> Line:
        return Line(
            number=one.number,
            pretty=numbering.pretty_number(one.number),
            url=self.case_url(one.number),
            at=one.at,
            what=self.category(one.category_code),
            where=self.where(one.grid_id, one.building_id),
            did=case_words.label(case_words.DONE, one.verb),
            body=self.bodies.get(one.organisation_id or 0, ""),
            urgent=_urgent(one.urgency),
            key=f"{one.number} {one.verb} {int(one.at.timestamp() * 1000)}",
            today=one.at >= self.day.start,
        )

    def line(self, one: Pressing, left: tuple[str, int] | None = None) -> Line:
        """An open case as a line of the list.

        :param left: unit and seconds of its next promise that are left.
        """
        return Line(
            number=one.number,
            pretty=numbering.pretty_number(one.number),
            url=self.case_url(one.number),
            at=one.reported_at,
            what=self.category(one.category_code),
            where=self.where(one.grid_id, one.building_id),
            did=case_words.label(case_words.STATES, one.state),
            body=self.bodies.get(one.organisation_id or 0, ""),
            urgent=_urgent(one.urgency),
            clock=self.clock(one, left),
        )

    def clock(self, one: Pressing, left: tuple[str, int] | None = None) -> face_words.Clock:
        """How the next promise of a case stands, with what is left of it in its own unit."""
        stage = case_words.label(case_words.STAGES, one.due_stage) if one.due_stage else ""
        unit, seconds = left or ("hour", None)
        return face_words.Clock(one.clock, unit, seconds, one.due_at, stage)  # type: ignore[arg-type]  # the same words

    # -- troubles --------------------------------------------------------------------------------------------

    @property
    def topics_url(self) -> str:
        """The page of hot topics."""
        return address("triage:topics", community=self.frame.community_id) if self.frame.opens_figures else ""

    @property
    def repeats_url(self) -> str:
        """The page of problems that come back."""
        return (
            address("triage:repeats", community=self.frame.community_id) if self.frame.opens_figures else ""
        )

    def topics(self) -> list[Trouble]:
        """The hottest topics with the parts of their heat."""
        found = []
        for one in self.wall.topics.value:
            heat = one.heat
            parts = _("%(people)s people, %(cases)s cases on %(days)s days, %(votes)s in support; heat %(total)s") % {
                "people": heat.people, "cases": one.cases, "days": heat.days, "votes": heat.votes,
                "total": f"{heat.total:.0f}",
            }  # fmt: skip
            arrow = "↑" if heat.later > heat.earlier else "↓" if heat.later < heat.earlier else "→"
            said = ngettext("%(arrow)s %(n)s case", "%(arrow)s %(n)s cases", one.cases) % {
                "arrow": arrow,
                "n": one.cases,
            }
            url = address("triage:topic", one.id) if self.frame.opens_figures else ""
            found.append(Trouble(_topic(one), said, parts, url))
        return found

    def repeats(self) -> list[Trouble]:
        """The dearest repeat problems."""
        found = []
        for one in self.wall.repeats.value:
            parts = _("%(times)s times, %(residents)s residents, %(open)s open now") % {
                "times": one.times, "residents": one.residents, "open": one.open_cases,
            }  # fmt: skip
            said = ngettext("%(n)s time", "%(n)s times", one.times) % {"n": one.times}
            if one.fix:
                said = _("%(said)s, being mended") % {"said": said}
            title = " · ".join(part for part in (one.place, one.category) if part)
            url = address("triage:repeat", one.id) if self.frame.opens_figures else ""
            found.append(Trouble(title, said, parts, url))
        return found

    def chasing(self) -> list[Number]:
        """Supervised, and sent back to be ruled on."""
        watched = self.wall.now.value["supervised_open"]
        returned_url = ""
        if self.frame.opens_cases:
            asked = urlencode({"community": self.frame.community_id, "tab": "to_rule"})
            returned_url = f"{reverse('cases:desk')}?{asked}"
        return [
            Number("supervised_open", label(FIGURES, "supervised_open"), said(watched),
                   label(FORMULAS, "supervised_open"), self.rows_url("supervised_open", self.day)),
            Number("to_rule", _("Returned, waiting for a ruling"), str(self.wall.returned.value),
                   _("Cases that a body sent back and nobody has ruled on yet."), returned_url),
        ]  # fmt: skip

    def whistles(self) -> list[Meeting]:
        """Bodies called together, the next meeting first."""
        return [
            Meeting(
                one.whistle.place,
                one.whistle.meet_at,
                one.there,
                len(one.calls),
                one.whistle.meet_at < self.wall.at and one.there < len(one.calls),
                address("cases:whistle", one.whistle.pk) if self.frame.opens_cases else "",
            )
            for one in self.wall.whistles.value
        ]

    # -- people ----------------------------------------------------------------------------------------------

    def duty(self) -> list[Helper]:
        """Who is on duty, the desk first, each person and role once."""
        order = {role: place for place, role in enumerate(DUTY_ROLES)}
        found: dict[tuple[int, str], Helper] = {}
        rows = [row for row in self.wall.duties.value if row.role in order]
        for row in sorted(rows, key=lambda row: (order[row.role], row.place.path)):
            who = taking.who(row, self.phones.by_id, self.phones.desk)
            where = row.place.name(self.frame.language) if row.place.level != Level.COMMUNITY.value else ""
            found.setdefault(
                (row.account_id, row.role), Helper(who.role, who.name, where, who.body, who.phone)
            )
        return list(found.values())[:MOST_PEOPLE]

    def parts(self) -> list[BodyPart]:
        """Bodies that still have a part of a case to do."""
        return [
            BodyPart(
                self.bodies.get(one.organisation_id, ""),
                one.tasks,
                one.late,
                self.phones.by_id.get(one.organisation_id, ""),
                self.part_url(one.organisation_id),
            )
            for one in self.wall.parts.value
        ]

    def part_url(self, organisation_id: int) -> str:
        """The cases of which a body still has a part to do, on the workbench of those who may read figures."""
        if not self.frame.opens_figures:
            return ""
        return address(
            "cases:desk", tab="joint", organisation=organisation_id, community=self.frame.community_id
        )

    def watched(self) -> list[Line]:
        """Cases under supervision, the nearest deadline first."""
        return [
            Line(one.number, numbering.pretty_number(one.number), self.case_url(one.number), one.until,
                 self.category(one.category_code), self.where(one.grid_id, None), "",
                 self.bodies.get(one.organisation_id or 0, ""), "",
                 clock=face_words.Clock("broken" if one.until < self.wall.at else "in_time", due_at=one.until))
            for one in self.wall.watched.value
        ]  # fmt: skip


def _topic(one: HotTopic) -> str:
    """Where and what: the words a person gave it, else its category; a resident's phrase is not for a wall."""
    what = one.words if one.named else one.category or _("Several matters")
    return " · ".join(part for part in (one.place, text.mask_text(what)) if part)


def _urgent(urgency: str) -> str:
    return "" if urgency == "normal" else case_words.label(case_words.URGENCIES, urgency)
