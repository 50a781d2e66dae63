"""What others read of a run, in words: the card for the group, the lists for residents. As the community's rule lets it."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override

from linli.assessment import saying
from linli.assessment.models import Publication, Run, SchemeVersion
from linli.assessment.papers.board import Board, Line
from linli.assessment.queries import runs as runs_of
from linli.assessment.queries import stars
from linli.assessment.queries.runs import RunRow
from linli.assessment.rules import scheme_text
from linli.assessment.rules.naming import Naming
from linli.assessment.rules.runs import State
from linli.assessment.rules.scheme import FULL
from linli.assessment.rules.subjects import Level
from linli.faces.languages import reads_english
from linli.grids import queries as places

MOST_PLACES = 40


def board_of(found: Publication, language: str) -> Board:
    """The card of a publication."""
    run = runs_of.as_row(found.run)
    return board(run, language, naming=found.rule.naming, most=found.rule.most)


def board(run: RunRow, language: str, *, naming: str, most: int) -> Board:
    """The first places of a run by the names that a rule lets stand; without ranking the scores have no order to show."""
    scheme = scheme_text.read(SchemeVersion.objects.values_list("says", flat=True).get(pk=run.version_id))
    scores = [one for one in runs_of.scores(run.id) if one.total is not None]
    shown = (
        [one for one in scores if one.rank is not None and one.rank <= most][: 2 * most] if run.ranked else []
    )
    with override(language):
        named = saying.subjects(run, scheme.level, [one.subject_id for one in shown], language, how=naming)
        held = (
            stars.in_community(run.community_id, places.day_of(run.computed_at), run.scheme_id)
            if scheme.level is Level.WORKER and naming != Naming.NONE
            else {}
        )
        bands = [None, *(one.band for one in shown)]
        lines = [
            Line(
                str(one.rank),
                f"{named[one.subject_id].name} {named[one.subject_id].place}".strip(),
                saying.points(one.total),
                (one.total or 0) / FULL,
                held.get(one.subject_id, 0),
                saying.peers(scheme, one.band) if one.band != before else "",
            )
            for one, before in zip(shown, bands, strict=False)
        ]
        return Board(
            place=places.places([run.community_id])[run.community_id].name(language),
            title=scheme.name(english=reads_english(language)),
            line=saying.period(run.since_date, run.until_date),
            lines=tuple(lines),
            foot=_foot(run, len(scores)),
        )


def _foot(run: RunRow, scored: int) -> str:
    said = ngettext("%(n)s score.", "%(n)s scores.", scored) % {"n": scored}
    if run.state == State.ANNOUNCED and run.appeals_until is not None:
        until = saying.until(run.appeals_until)
        open_ = _("Appeals until %(until)s: a number may still be put right.") % {"until": until}
        return f"{said} {open_}"
    return said


def words(drawn: Board) -> str:
    """The card as lines of text, for groups that show no pictures."""
    listed = [
        said
        for line in drawn.lines
        for said in (line.group, f"{line.rank}. {line.words}  {line.points}")
        if said
    ]
    return "\n".join([f"{drawn.title}  {drawn.line}", *listed, drawn.foot])


def resident_boards(community_id: int, language: str) -> list[Board]:
    """The latest result of each scheme of places that was told: grids, stations, committees; never of persons."""
    told = [State.ANNOUNCED.value, State.FINAL.value]
    found = (
        Run.objects.filter(community_id=community_id, state__in=told)
        .exclude(scheme__level=Level.WORKER.value)
        .order_by("scheme_id", "-since_date")
        .distinct("scheme_id")
    )
    return [board(runs_of.as_row(run), language, naming=Naming.NONE, most=MOST_PLACES) for run in found]
