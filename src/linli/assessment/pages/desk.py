"""The league at the leader's desk: the table of a run, its trend, spread and outliers, how load lies; review, announce."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from statistics import median_low
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from linli.assessment import access, saying, words
from linli.assessment.actions import publishing
from linli.assessment.actions import runs as running
from linli.assessment.forms import ReviewForm
from linli.assessment.pages import showing
from linli.assessment.queries import objections, schemes, stars, trials
from linli.assessment.queries import publishing as rules_of
from linli.assessment.queries import runs as runs_of
from linli.assessment.queries.runs import PartRow, RunRow, ScoreRow
from linli.assessment.rules import fairness
from linli.assessment.rules.runs import LEADERS, REVIEWERS, STEPS, State, Verb
from linli.assessment.rules.scheme import Scheme
from linli.assessment.rules.subjects import Level
from linli.faces.charts import Cell, Chart, Column, Row
from linli.grids import queries as places
from linli.grids.pages.settings import community_of
from linli.grids.rows import PlaceRow
from linli.kernel.access import Forbidden, policy, roles
from linli.kernel.refusals import Refused
from linli.people import queries as people
from linli.people.pages.ways import Asked, language

DESK = tuple(sorted(access.MOVERS))
TREND = 13
#: Rows that somebody had to work for; what others wrote about somebody, or counted, is no burden.
OF_WORK = frozenset({"cases", "visits", "visits_due", "services", "patrols", "handovers", "peer_help"})


def at_desk(
    request: Asked, community: PlaceRow, kept: list[PlaceRow], current: str, **more: Any
) -> dict[str, Any]:
    """What every page of the league at the desk has around it."""
    return {
        "community": community,
        "kept": kept,
        "current": current,
        "waiting": len(objections.appeals(community.id, waiting=True)),
        "asked": len(objections.adjustments(community.id, waiting=True)),
        "may_lead": request.actor.has(*LEADERS, community_id=community.id),
        **more,
    }


@policy("assessment.desk", who=roles(*DESK))
@require_safe
def index(request: Asked) -> HttpResponse:
    """The runs of a community by scheme, those that wait for somebody first."""
    community, kept = community_of(request, DESK)
    found = runs_of.listed(community.id)
    listed = schemes.listed(community.id, places.day_of(request.now))
    names = {
        one.id: (one.now or one.next or one.draft) for one in listed if (one.now or one.next or one.draft)
    }
    tongue = showing.english(request)
    by_scheme = [
        {
            "id": scheme_id,
            "name": version.scheme.name(english=tongue) if version else "",
            "level": words.said(words.LEVELS, version.scheme.level) if version else "",
            "period": words.said(words.PERIODS, version.scheme.period) if version else "",
            "runs": [_run_row(run) for run in found if run.scheme_id == scheme_id][:6],
        }
        for scheme_id, version in names.items()
    ]
    context = at_desk(
        request, community, kept, "league",
        schemes=[one for one in by_scheme if one["runs"]],
        to_do=[_run_row(run) for run in found if run.state in {State.COMPUTED, State.REVIEWED}],
        names={one["id"]: one["name"] for one in by_scheme},
        ranking=schemes.ranking_on(community.id),
    )  # fmt: skip
    return render(request, "assessment/desk.html", context)


def _run_row(run: RunRow) -> dict[str, Any]:
    return {
        "run": run,
        "period": saying.period(run.since_date, run.until_date),
        "state": words.said(words.STATES, run.state),
    }


@policy("assessment.run", who=roles(*DESK))
@require_safe
def run(request: Asked, run_id: int) -> HttpResponse:
    """One run: its table, how it came about, spread, outliers, load; what may be done to it."""
    row = runs_of.as_row(access.find_run(request.actor, run_id))
    community, kept = community_of_run(request, row)
    scores, parts = runs_of.scores(row.id), runs_of.all_parts(row.id)
    scheme = showing.scheme_of(row)
    named = saying.subjects(row, scheme.level, [one.subject_id for one in scores], language(request))
    totals = {one.subject_id: one.total for one in scores if one.total is not None}
    outlying = fairness.outliers(totals)
    loads = _loads(parts)
    context = at_desk(
        request, community, kept, "league",
        run=row,
        scheme=scheme,
        scheme_name=scheme.name(english=showing.english(request)),
        period=saying.period(row.since_date, row.until_date),
        state=words.said(words.STATES, row.state),
        cause=words.said(words.CAUSES, row.cause),
        table=_table(scheme, scores, parts, named, outlying, _stars(row, scheme.level, request)),
        heads=[
            (saying.indicator(item.indicator, english=showing.english(request)), item.weight)
            for item in scheme.weighed
        ],
        extra=any(_extra(found) for found in parts.values()),
        trend=_trend(row),
        spread=fairness.spread(list(totals.values())),
        spread_chart=_spread_chart(list(totals.values())),
        outliers=[(named[who].name, far, totals[who], who) for who, far in outlying.items()],
        lorenz=fairness.lorenz(list(loads.values())),
        lorenz_chart=_lorenz_chart(fairness.lorenz(list(loads.values()))),
        together=fairness.together([(loads.get(who, 0), total) for who, total in totals.items()]),
        people=people.names({one for one in (row.computed_by_id, row.reviewed_by_id, row.announced_by_id) if one}),
        versions=runs_of.versions(row),
        states=words.STATES,
        causes=words.CAUSES,
        moves=_moves(request, row),
        late=_late(row, named),
        review=ReviewForm(),
        rule=rules_of.rule(row.community_id),
        publication=rules_of.of_run(row.id),
        sensitivity=[
            (saying.indicator(one.indicator, english=showing.english(request)), one)
            for one in trials.sensitivity(row.id)
        ] if "sensitivity" in request.GET else None,
    )  # fmt: skip
    return render(request, "assessment/run.html", context)


def community_of_run(request: Asked, row: RunRow) -> tuple[PlaceRow, list[PlaceRow]]:
    """The community of a run and those the reader may look into."""
    kept = sorted(
        places.places({grant.community_id for grant in request.actor.grants if grant.role in DESK}).values(),
        key=lambda each: each.code,
    )
    return places.places([row.community_id])[row.community_id], kept


def _late(row: RunRow, named: Mapping[int, saying.Named]) -> dict[str, Any]:
    """What came late, in words; empty where nothing did."""
    if not row.late:
        return {}
    return {
        "at": datetime.fromisoformat(row.late["at"]),
        "rows": [
            {"source": words.said(words.SOURCES, source), "said": saying.came(found)}
            for source, found in row.late["rows"].items()
        ],
        "points": [
            {
                "name": named[who].name if who in named else str(who),
                "before": before,
                "after": after,
                "url": reverse("assessment:score", args=[row.id, who]),
            }
            for who, before, after in row.late["points"]
        ],
    }


def _stars(row: RunRow, level: str, request: Asked) -> dict[int, int]:
    if level != Level.WORKER:
        return {}
    return stars.in_community(row.community_id, places.day_of(request.now), row.scheme_id)


def _table(
    scheme: Scheme,
    scores: list[ScoreRow],
    parts: Mapping[int, list[PartRow]],
    named: Mapping[int, saying.Named],
    outlying: Mapping[int, Any],
    held: Mapping[int, int],
) -> list[dict[str, Any]]:
    """A row a subject, with a cell for each weighed indicator; the first of a peer group carries the group's name."""
    table, band = [], None
    for one in scores:
        found = {part.indicator: part for part in parts.get(one.subject_id, [])}
        table.append(
            {
                "score": one,
                "group": saying.peers(scheme, one.band) if one.band != band else "",
                "named": named.get(one.subject_id, saying.Named(str(one.subject_id), "")),
                "url": reverse("assessment:score", args=[one.run_id, one.subject_id]),
                "cells": [found.get(item.indicator) for item in scheme.weighed],
                "extra": _extra(parts.get(one.subject_id, [])),
                "outlying": one.subject_id in outlying,
                "stars": held.get(one.subject_id, 0),
            }
        )
        band = one.band
    return table


def _extra(found: Iterable[PartRow]) -> int:
    """What was deducted for records proven false, and adjusted by people."""
    return sum(part.points for part in found if part.indicator in words.EXTRA_PARTS)


def _loads(parts: Mapping[int, list[PartRow]]) -> dict[int, int]:
    """What everybody carried: the rows of work behind the parts, each once."""
    return {
        who: len(
            {
                (part.source, one)
                for part in found
                if part.source in OF_WORK
                for one in (*part.counted, *part.rest)
            }
        )
        for who, found in parts.items()
    }  # fmt: skip


def _trend(row: RunRow) -> Chart:
    """Middle, least and most points of the periods of the same scheme."""
    found = [
        one for one in runs_of.listed(row.community_id, scheme_id=row.scheme_id, most=TREND)
        if one.since_date <= row.since_date
    ]  # fmt: skip
    lines = []
    for one in reversed(found):
        totals = [score.total for score in runs_of.scores(one.id) if score.total is not None]
        cells = [min(totals), median_low(totals), max(totals)] if totals else [None, None, None]
        url = reverse("assessment:run", args=[one.id])
        lines.append(
            Row(
                one.since_date.isoformat(),
                tuple(Cell(None if each is None else each / 1000, saying.points(each)) for each in cells),
                url,
            )
        )
    return Chart(
        "league-trend", _("Points through the periods"), "lines", _("Period"),
        (Column(_("Least"), "soft"), Column(_("Middle"), "brand"), Column(_("Most"), "in-time")),
        tuple(lines), most=100.0,
    )  # fmt: skip


def _spread_chart(totals: list[int]) -> Chart:
    return Chart(
        "league-spread", _("How many scores lie where"), "bars", _("Points"), (Column(_("Scores")),),
        tuple(
            Row(f"{least // 1000}–{most // 1000}", (Cell(float(count), str(count)),))
            for least, most, count in fairness.steps(totals)
        ),
    )  # fmt: skip


def _lorenz_chart(curve: fairness.Lorenz) -> Chart:
    """Share of the work carried by the share of people who carry least; an even load is the straight line."""
    return Chart(
        "league-lorenz", _("How the work lies on people"), "lines", _("Share of people, the least burdened first"),
        (Column(_("Share of the work"), "brand"), Column(_("If all carried the same"), "soft")),
        tuple(
            Row(
                saying.percent(people_share),
                (
                    Cell(float(load), saying.percent(load)),
                    Cell(float(people_share), saying.percent(people_share)),
                ),
            )
            for people_share, load in curve.points
        ),
        most=1.0,
    )  # fmt: skip


def _moves(request: Asked, row: RunRow) -> frozenset[str]:
    """What this reader may do to the run now."""
    held = request.actor.roles(row.community_id)
    return frozenset(
        verb.value
        for verb in (Verb.REVIEW, Verb.ANNOUNCE)
        if State(row.state) in STEPS[verb].from_ and held & set(STEPS[verb].who)
    )


@policy("assessment.review", who=roles(*REVIEWERS))
@require_POST
def review(request: Asked, run_id: int) -> HttpResponse:
    """I have looked at it."""
    form = ReviewForm(request.POST)
    note = form.cleaned_data["note"] if form.is_valid() else ""
    return _moved(
        request, run_id, lambda: running.review(actor=request.actor, run_id=run_id, note=note, at=request.now),
        _("Reviewed. The leader may announce it now."),
    )  # fmt: skip


@policy("assessment.announce", who=roles(*LEADERS))
@require_POST
def announce(request: Asked, run_id: int) -> HttpResponse:
    """Tell those who are assessed; appeals are open from now on."""
    return _moved(
        request, run_id, lambda: running.announce(actor=request.actor, run_id=run_id, at=request.now),
        _("Announced. Everybody reads the own score and may appeal."),
    )  # fmt: skip


@policy("assessment.publish_now", who=roles(*LEADERS))
@require_POST
def publish_now(request: Asked, run_id: int) -> HttpResponse:
    """Make it known without waiting for its hour."""
    return _moved(
        request, run_id, lambda: publishing.publish_now(actor=request.actor, run_id=run_id, at=request.now),
        _("Published. The robots carry it to the group."),
    )  # fmt: skip


def _moved(request: Asked, run_id: int, act: Any, done: str) -> HttpResponse:
    try:
        act()
    except Forbidden as problem:
        messages.error(request, words.said(words.FAULTS, problem.code))
    except Refused as refused:
        messages.error(request, " ".join(words.said(words.FAULTS, wrong.code) for wrong in refused.wrongs))
    else:
        messages.success(request, done)
    return redirect("assessment:run", run_id)


@policy("assessment.compute", who=roles("community_leader", "admin"))
@require_POST
def compute(request: Asked, run_id: int) -> HttpResponse:
    """Compute the period again with what is known now."""
    row = runs_of.as_row(access.find_run(request.actor, run_id))
    try:
        made = running.compute(
            actor=request.actor, community_id=row.community_id, scheme_id=row.scheme_id, since_date=row.since_date,
            at=request.now,
        )  # fmt: skip
    except Forbidden as problem:
        messages.error(request, words.said(words.FAULTS, problem.code))
        return redirect("assessment:run", run_id)
    except Refused as refused:
        messages.error(request, " ".join(words.said(words.FAULTS, wrong.code) for wrong in refused.wrongs))
        return redirect("assessment:run", run_id)
    messages.success(
        request,
        _("Nothing has changed since.")
        if made.pk == run_id
        else _("Computed again: a new version waits for review."),
    )
    return HttpResponseRedirect(reverse("assessment:run", args=[made.pk]))
