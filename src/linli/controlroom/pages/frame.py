"""What every page of figures has around it: the community, the period asked for, names of groups, addresses."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cached_property
from http import HTTPStatus
from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from linli.cases.pages import desk_frame
from linli.cases.pages.desk_frame import Frame
from linli.cases.pages.here import Asked
from linli.controlroom import access, words
from linli.controlroom.rules.figures import (
    IN_TIME,
    NONE,
    BadFigure,
    By,
    Period,
    named_period,
    period_of_days,
)
from linli.faces import words as face_words
from linli.kernel.access import Forbidden, NotFound, roles
from linli.kernel.clock import LOCAL
from linli.people import queries as people

READERS = roles(*access.READERS)
KEEPERS = roles(*access.KEEPERS)
USUAL = "days30"
NAMED = ("today", "yesterday", "week", "days30", "month", "last_month", "quarter", "year")


@dataclass(frozen=True)
class Looking:
    """Which period is looked at, as the address says it."""

    period: Period
    given: dict[str, str]  # period=… or from=…&to=…
    wrong: str = ""  # why what was asked for is not shown; then the usual period is

    @classmethod
    def read(cls, query: QueryDict, made: Frame) -> Looking:
        """The period of an address; the last thirty days when it names none, or days of which none can be made.

        Two days in the other order are the same two days.

        :raises NotFound: it names a period that there is not.
        """
        days = [day for day in (query.get("from", ""), query.get("to", "")) if day]
        wrong = ""
        if days:
            try:
                first, last = min(map(date.fromisoformat, days)), max(map(date.fromisoformat, days))
                period = period_of_days(first, last, LOCAL)
                return cls(period, {"from": first.isoformat(), "to": last.isoformat()})
            except (BadFigure, ValueError):
                wrong = _("A period has a first and a last day, and is three years long at most.")
        code = (not days and query.get("period")) or USUAL
        try:
            return cls(named_period(code, made.request.now, LOCAL), {"period": code}, wrong)
        except BadFigure as error:
            raise NotFound from error

    @property
    def first_date(self) -> date:
        """The first day."""
        return self.period.start.astimezone(LOCAL).date()

    @property
    def last_date(self) -> date:
        """The last day, included."""
        return date.fromordinal(self.period.end.astimezone(LOCAL).date().toordinal() - 1)

    @property
    def words(self) -> str:
        """The period's name, or its days."""
        if self.period.code in words.PERIODS:
            return words.label(words.PERIODS, self.period.code)
        return f"{self.first_date.isoformat()} – {self.last_date.isoformat()}"

    @property
    def query(self) -> str:
        """For addresses."""
        return urlencode(self.given)

    @property
    def trend(self) -> By:
        """In what steps a line through this period is drawn."""
        days = (self.period.end - self.period.start).days
        return By.DAY if days <= 45 else By.WEEK if days <= 200 else By.MONTH


@dataclass(frozen=True, slots=True)
class Export:
    """This page as a file, in each form."""

    xlsx: str
    csv: str
    json: str


@dataclass
class Room:
    """The control room of one request."""

    desk: Frame
    looking: Looking

    @property
    def request(self) -> Asked:
        """The request."""
        return self.desk.request

    @property
    def community_id(self) -> int:
        """The community."""
        return self.desk.community_id

    @property
    def asked(self) -> dict[str, Any]:
        """What every question for figures names: community, period, moment."""
        return {"community_id": self.community_id, "period": self.looking.period, "at": self.request.now}

    def url(self, name: str, *args: str, **more: str) -> str:
        """An address that keeps the period."""
        query = {**self.looking.given, **{key: value for key, value in more.items() if value}}
        return f"{reverse(name, args=args)}?{urlencode(query)}"

    @property
    def export(self) -> Export:
        """The present address, as files."""
        query = self.request.GET.copy()
        query.pop("cursor", None)
        made = {}
        for form in ("xlsx", "csv", "json"):
            query["format"] = form
            made[form] = f"{self.request.path}?{query.urlencode()}"
        return Export(**made)

    def rows(self, code: str, part: str = "numerator", *, by: str = "", group: str = "") -> str:
        """The address of the cases behind a part of a figure."""
        return self.url("control-figure-rows", code, part=part, by=by, group=group)

    def group(self, by: str, key: str) -> str:
        """What a group is called."""
        if key == NONE:
            return _("none") if by != "category" else _("not yet sorted")
        if by == By.CATEGORY:
            return self.desk.category(key)
        if by in IN_TIME:
            return face_words.exact_time(date.fromisoformat(key)) if by != By.MONTH else key[:7]
        if by == By.GRID:
            place = self.desk.place_at(f"{key}.")
            return place.name(self.desk.language) if place else key
        return self.bodies.get(int(key), key)

    @cached_property
    def bodies(self) -> dict[int, str]:
        """Every body's name, closed ones too: old figures speak of them."""
        found = people.organisations([self.community_id], closed=True)
        english = self.desk.language == "en"
        return {body.pk: (body.name_en if english and body.name_en else body.name_zh) for body in found}

    def show(
        self, template: str, current: str, context: dict[str, Any], *, status: int = 200
    ) -> HttpResponse:
        """A page of the control room with its menu."""
        periods = [(code, words.label(words.PERIODS, code)) for code in NAMED]
        roles_here = self.request.actor.roles(self.community_id)
        more = {
            "room": self,
            "current": current,
            "periods": periods,
            "may_keep": bool(roles_here & set(access.KEEPERS)),
            "may_ask": bool(roles_here & set(access.ASKERS)),
            "may_decide": bool(roles_here & set(access.DECIDERS)),
            **context,
        }
        if self.looking.wrong and status == HTTPStatus.OK:
            status = HTTPStatus.UNPROCESSABLE_ENTITY
        return render(self.request, template, self.desk.context(**more), status=status)


def room(
    request: Asked, roles_wanted: tuple[str, ...] = access.READERS, *, community_id: int | None = None
) -> Room:
    """The control room in the community given, asked for or last worked in, where the actor may look.

    :raises NotFound: the actor serves nowhere, or not in the community asked for, or the period is none.
    :raises Forbidden: the actor serves in that community, but not as one who may look.
    """
    made = desk_frame.frame(request, community_id)
    if not made.roles & set(roles_wanted):
        others = sorted(grant.community_id for grant in request.actor.grants if grant.role in roles_wanted)
        if not others or community_id is not None or "community" in request.GET:
            raise Forbidden("not_your_door")
        made = Frame(request, others[0], request.actor.roles(others[0]))
    return Room(made, Looking.read(request.GET, made))
