"""Hot topics: the list of a period with what each heat is made of, one topic, and what a person decides on it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from linli.cases import access as cases
from linli.cases.pages import desk, desk_frame, desk_rows
from linli.cases.pages.desk_frame import Frame
from linli.cases.pages.here import Asked
from linli.cases.queries import queue
from linli.cases.rules.intake import Refused
from linli.faces.charts import Cell, Chart, Column, Row
from linli.kernel.access import policy, roles
from linli.kernel.clock import LOCAL
from linli.kernel.text import whole
from linli.triage import access, words_topics
from linli.triage.actions import topics as deciding
from linli.triage.actions import working_out
from linli.triage.models import Topic
from linli.triage.queries import topics as queries
from linli.triage.queries.topics import HotTopic
from linli.triage.rules.heat import Heat

READERS = roles(*access.READERS)
DECIDERS = roles(*access.DECIDERS)
PERIODS = (7, 30, 90)
MOST = 60
MOST_MEMBERS = 200


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a heat: its points, how they are drawn, and what they come from."""

    words: str
    points: float
    tone: str
    start: float  # in a field of 100
    width: float


@dataclass(frozen=True, slots=True)
class Entry:
    """A topic of the list."""

    topic: HotTopic
    url: str
    parts: tuple[Part, ...]
    bars: tuple[
        tuple[float, float, float, float], ...
    ]  # x, y, width, height of each day in a field of 100 by 24
    days_words: str


@policy("triage.topics", who=READERS)
@require_safe
def index(request: Asked) -> HttpResponse:
    """The topics of the last days, hottest first."""
    made = frame_of_reader(request)
    days = _days(request)
    found = queries.hot(
        made.community_id, at=request.now, limit=MOST, days=days, language=made.language,
        known=request.GET.get("known") != "0",
    )  # fmt: skip
    most = max((one.heat.total for one in found), default=1.0)
    context = {
        "entries": [_entry(one, days, most) for one in found],
        "days": days,
        "periods": [(each, _period_words(each)) for each in PERIODS],
        "known": request.GET.get("known") != "0",
        **run_context(made),
    }
    return render(request, "triage/topics.html", made.context(**context))


@policy("triage.topic", who=READERS)
@require_safe
def topic(request: Asked, topic_id: int) -> HttpResponse:
    """One topic: its heat, its days, its cases, and what can be decided."""
    row = access.topic(request.actor, topic_id)
    if row.merged_into_id is not None:
        return redirect("triage:topic", row.merged_into_id)
    return _show(request, row)


def _show(
    request: Asked, row: Topic, *, wrong: dict[str, str] | None = None, status: int = 200
) -> HttpResponse:
    made = desk_frame.frame(request, row.community_id)
    days = _days(request, default=30)
    found = queries.one(row, at=request.now, days=days, language=made.language)
    days_looked = days
    if found is None and days < PERIODS[-1]:
        days_looked = PERIODS[-1]
        found = queries.one(row, at=request.now, days=days_looked, language=made.language)
    context: dict[str, Any] = {
        "row": row,
        "title": found.title if found else queries.name(row, made.language),
        "entry": _entry(found, days_looked, found.heat.total) if found else None,
        "days": days_looked,
        "periods": [(each, _period_words(each)) for each in PERIODS],
        "may_decide": access.may_decide(request.actor, row.community_id),
        "others": queries.others(row, at=request.now, days=PERIODS[-1], language=made.language),
        "wrong": wrong or {},
        "given": request.POST if request.method == "POST" else {},
        **_members(made, found),
        **run_context(made),
    }
    if found:
        context["chart"] = _chart(found, days_looked)
    return render(request, "triage/topic.html", made.context(**context), status=status)


def _members(made: Frame, found: HotTopic | None) -> dict[str, Any]:
    """The member cases this colleague may see, the newest first, with their certainty; those that have a point on a map."""
    certain = {member.case_id: member for member in found.members} if found else {}
    seen = cases.staff_view(made.request.actor).filter(pk__in=list(certain))
    rows = seen.select_related(*cases.NAMES, "handler").defer(*queue.HEAVY).order_by("-reported_at", "-pk")
    held = list(rows[:MOST_MEMBERS])
    views = desk_rows.views(made, held)
    return {
        "listed": [(view, certain[view.case.pk]) for view in views],
        "open_cases": [view for view in views if view.case.state in queries.OPEN_STATES],
        "points": desk_rows.views(made, desk.apart(held)),
        "hidden": len(certain) - len(held),
        "centre": (found.lon, found.lat) if found and found.lon is not None else None,
    }


@policy("triage.topics_run", who=DECIDERS)
@require_POST
def run(request: Asked) -> HttpResponse:
    """Have topics and repeat problems worked out now."""
    made = desk_frame.frame(request)
    if working_out.ask(actor=request.actor, community_id=made.community_id, at=request.now):
        messages.success(request, _("It is being worked out; look again in a moment."))
    else:
        messages.info(request, _("It is being worked out already; look again in a moment."))
    there = "triage:repeats" if request.POST.get("from") == "repeats" else "triage:topics"
    return redirect(there)


@policy("triage.topic_decide", who=DECIDERS)
@require_POST
def decide(request: Asked, topic_id: int, deed: str) -> HttpResponse:
    """Rename, mark, merge, take out, put in, join up: one at a time, back on the topic's page."""
    row = access.topic(request.actor, topic_id)
    if row.merged_into_id is not None:
        return redirect("triage:topic", row.merged_into_id)
    act = DEEDS.get(deed)
    if act is None:
        return redirect("triage:topic", topic_id)
    try:
        there = act(request, row)
    except Refused as refused:
        wrong = {
            f"{deed}_{one.field}": words_topics.wrong(one.code, field=one.field, limit=one.limit)
            for one in refused.wrongs
        }
        return _show(request, row, wrong=wrong, status=422)
    days = f"?days={_days(request)}" if "days" in request.GET else ""
    return redirect(f"{reverse('triage:topic', args=[there.pk])}{days}")


def _rename(request: Asked, row: Topic) -> Topic:
    found = deciding.rename(
        actor=request.actor, topic_id=row.pk, name=request.POST.get("name", ""), at=request.now
    )
    messages.success(
        request, _("It goes by this name from now on.") if found.named else _("It has its first name again.")
    )
    return found


def _mark(request: Asked, row: Topic, *, known: bool) -> Topic:
    note = request.POST.get("note", "")
    found = deciding.mark(actor=request.actor, topic_id=row.pk, known=known, note=note, at=request.now)
    messages.success(request, _("Marked as known.") if known else _("Marked as open."))
    return found


def _merge(request: Asked, row: Topic) -> Topic:
    asked = request.POST.get("into", "")
    into = whole(asked) or 0
    found = deciding.merge(actor=request.actor, topic_id=row.pk, into_id=into, at=request.now)
    messages.success(request, _("The two topics are one now."))
    return found


def _out(request: Asked, row: Topic) -> Topic:
    found = deciding.take_out(
        actor=request.actor, topic_id=row.pk, number=request.POST.get("number", ""), at=request.now
    )
    messages.success(request, _("Taken out; it will not be put back."))
    return found


def _in(request: Asked, row: Topic) -> Topic:
    found = deciding.put_in(
        actor=request.actor, topic_id=row.pk, number=request.POST.get("number", ""), at=request.now
    )
    messages.success(request, _("The case is part of this topic now."))
    return found


def _join(request: Asked, row: Topic) -> Topic:
    topic_, outcomes = deciding.join_up(
        actor=request.actor,
        topic_id=row.pk,
        head=request.POST.get("head", ""),
        numbers=request.POST.getlist("case"),
        at=request.now,
    )
    done = sum(not one.why for one in outcomes)
    messages.success(
        request,
        ngettext(
            "The joint case is set, and %(n)s case is merged into it.",
            "The joint case is set, and %(n)s cases are merged into it.",
            done,
        )
        % {"n": done},
    )
    for one in outcomes:
        if one.why:
            messages.warning(request, f"{one.number}: {words_topics.why_not(one.why)}")
    return topic_


DEEDS: dict[str, Callable[[Asked, Topic], Topic]] = {
    "rename": _rename,
    "known": lambda request, row: _mark(request, row, known=True),
    "open": lambda request, row: _mark(request, row, known=False),
    "merge": _merge,
    "out": _out,
    "in": _in,
    "join": _join,
}


def frame_of_reader(request: Asked) -> Frame:
    """The workbench in a community where the actor reads topics: the one worked in, else the first.

    :raises NotFound: there is none.
    """
    made = desk_frame.frame(request)
    if made.roles & access.READERS:
        return made
    for community_id in sorted(request.actor.staff_communities):
        if request.actor.roles(community_id) & access.READERS:
            return desk_frame.frame(request, community_id)
    access.require_reader(request.actor, made.community_id)
    return made


def _days(request: Asked, *, default: int = PERIODS[0]) -> int:
    asked = request.GET.get("days", "")
    return int(asked) if asked in {f"{each}" for each in PERIODS} else default


def _period_words(days: int) -> str:
    return ngettext("Last %(n)s day", "Last %(n)s days", days) % {"n": days}


def run_context(made: Frame) -> dict[str, Any]:
    """When it was last worked out, whether it is being worked out, whether this colleague may ask for it."""
    return {
        "run": queries.last_run(made.community_id),
        "waiting": queries.waiting(made.community_id),
        "may_run": access.may_decide(made.request.actor, made.community_id),
    }


def _entry(topic_: HotTopic, days: int, most: float) -> Entry:
    return Entry(
        topic_,
        reverse("triage:topic", args=[topic_.id]),
        parts(topic_.heat, most),
        bars(topic_.daily),
        " · ".join(f"{day}: {count}" for day, count in named_days(topic_, days) if count),
    )


def parts(heat: Heat, most: float) -> tuple[Part, ...]:
    """The parts of a heat as stretches of a bar; what takes away is named and not drawn."""
    held = (
        (
            ngettext("%(n)s person", "%(n)s people", heat.people) % {"n": heat.people},
            heat.people_points,
            "people",
        ),
        (
            ngettext("%(n)s joined", "%(n)s joined", heat.votes) % {"n": heat.votes},
            heat.votes_points,
            "votes",
        ),
        (ngettext("%(n)s day", "%(n)s days", heat.days) % {"n": heat.days}, heat.days_points, "days"),
        (_growth_words(heat), heat.growth_points, "growth"),
    )
    found, start = [], 0.0
    for said, points, tone in held:
        width = max(points, 0.0) / max(most, 1.0) * 100
        found.append(Part(said, round(points, 1), tone, round(start, 2), round(width, 2)))
        start += width
    return tuple(found)


def _growth_words(heat: Heat) -> str:
    if heat.later > heat.earlier:
        return _("growing: %(later)s after %(earlier)s") % {"later": heat.later, "earlier": heat.earlier}
    if heat.later < heat.earlier:
        return _("easing: %(later)s after %(earlier)s") % {"later": heat.later, "earlier": heat.earlier}
    return _("steady: %(later)s after %(earlier)s") % {"later": heat.later, "earlier": heat.earlier}


def bars(daily: tuple[int, ...]) -> tuple[tuple[float, float, float, float], ...]:
    """The days as little bars in a field of 100 by 24."""
    most, step = max(daily, default=0) or 1, 100 / max(len(daily), 1)
    return tuple(
        (
            round(place * step, 2),
            round(24 - 22 * count / most, 2),
            round(step * 0.8, 2),
            round(22 * count / most, 2),
        )
        for place, count in enumerate(daily)
        if count
    )


def _chart(found: HotTopic, days: int) -> Chart:
    """The days of the period as a chart with its table."""
    return Chart(
        name=f"topic-{found.id}",
        caption=_("Reports a day"),
        kind="bars",
        first=_("Day"),
        columns=(Column(_("Reports")),),
        rows=tuple(Row(day, (Cell(count),)) for day, count in named_days(found, days)),
    )


def named_days(found: HotTopic, days: int) -> list[tuple[str, int]]:
    """Each day of the period with its number of reports."""
    first = found.since.astimezone(LOCAL).date()
    return [(f"{first + timedelta(days=place):%m-%d}", found.daily[place]) for place in range(days)]
