"""What leaves the desk: papers and tables of a run, the group's card, certificates that prove themselves, residents."""

from __future__ import annotations

import io
from collections.abc import Iterator

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_POST, require_safe

from linli.assessment import access, saying, words
from linli.assessment.actions import stars as honouring
from linli.assessment.boards import board_of, resident_boards
from linli.assessment.forms import CertificateForm
from linli.assessment.models import Certificate, Publication
from linli.assessment.pages import showing
from linli.assessment.pages.desk import DESK
from linli.assessment.papers import board as pictures
from linli.assessment.papers import certificate as certificates
from linli.assessment.papers import sheet as sheets
from linli.assessment.queries import publishing as rules_of
from linli.assessment.queries import runs as runs_of
from linli.assessment.queries import stars
from linli.assessment.queries.runs import RunRow
from linli.assessment.rules import fairness, naming
from linli.assessment.rules.certificates import Validity
from linli.assessment.rules.runs import State
from linli.cases.pages import here
from linli.cases.pages.here import Here
from linli.faces import cards
from linli.grids import access as doors
from linli.grids import queries as places
from linli.grids.rows import PlaceRow
from linli.kernel import exports, scope
from linli.kernel.access import PUBLIC, STAFF, NotFound, policy, roles
from linli.kernel.refusals import Refused
from linli.people import queries as people
from linli.people.pages.ways import Asked, language

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
FORMS = ("pdf", "xlsx", "csv")


@policy("assessment.file", who=roles(*DESK))
@require_safe
def file(request: Asked, run_id: int, form: str) -> HttpResponse:
    """A run as a paper (PDF) or a table (XLSX, CSV), for those who read everybody's scores."""
    run = runs_of.as_row(access.find_run(request.actor, run_id))
    if form not in FORMS:
        raise NotFound
    if form == "pdf":
        answer = HttpResponse(sheets.draw(_sheet(request, run)), content_type="application/pdf")
    elif form == "csv":
        answer = HttpResponse(
            b"".join(exports.write_csv(_rows(request, run))), content_type="text/csv; charset=utf-8"
        )
    else:
        held = io.BytesIO()
        exports.write_xlsx(_rows(request, run), held, sheet=str(run.since_date))
        answer = HttpResponse(held.getvalue(), content_type=XLSX)
    answer["Content-Disposition"] = exports.content_disposition(
        f"linli-league-{run.since_date}-{run.id}.{form}"
    )
    answer["Cache-Control"] = "private, no-store"
    return answer


def _rows(request: Asked, run: RunRow) -> Iterator[list[object]]:
    """Every score with every part: numerator, denominator, rows left out, points."""
    scheme, tongue = showing.scheme_of(run), showing.english(request)
    scores, parts = runs_of.scores(run.id), runs_of.all_parts(run.id)
    named = saying.subjects(run, scheme.level, [one.subject_id for one in scores], language(request))
    yield [
        _("Rank"), _("Who or where"), _("Place"), _("Points"), _("Indicator"), _("Numerator"), _("Denominator"),
        _("Left out"), _("Points of this part"), _("At most"), _("Remark"),
    ]  # fmt: skip
    for one in scores:
        who = named.get(one.subject_id, saying.Named(str(one.subject_id), ""))
        for part in parts.get(one.subject_id, []):
            yield [
                one.rank, who.name, who.place, saying.points(one.total),
                saying.indicator(part.indicator, english=tongue), part.numerator, part.denominator,
                len(part.excluded), saying.points(part.points), saying.points(part.most),
                words.said(words.PART_WHY, part.why) if part.why else "",
            ]  # fmt: skip


def _sheet(request: Asked, run: RunRow) -> sheets.Sheet:
    scheme, tongue = showing.scheme_of(run), showing.english(request)
    scores, parts = runs_of.scores(run.id), runs_of.all_parts(run.id)
    named = saying.subjects(run, scheme.level, [one.subject_id for one in scores], language(request))
    totals = [one.total for one in scores if one.total is not None]
    reviewed = people.names([run.reviewed_by_id]).get(run.reviewed_by_id, "") if run.reviewed_by_id else ""
    community = places.places([run.community_id])[run.community_id].name(language(request))
    return sheets.Sheet(
        title=scheme.name(english=tongue),
        subtitle=f"{community}  {saying.period(run.since_date, run.until_date)}",
        facts=[
            (_("Stands"), words.said(words.STATES, run.state)),
            (_("Reviewed by"), f"{reviewed} {saying.moment(run.reviewed_at) if run.reviewed_at else ''} {run.review_note}"),
            (_("Appeals until"), saying.until(run.appeals_until) if run.appeals_until else saying.NOTHING),
            (_("Version"), f"{run.number}  {run.digest[:16]}"),
        ],
        heads=(_("Rank"), _("Who or where"), _("Place"), _("Points")),
        scores=[
            (str(one.rank or saying.NOTHING), who.name, who.place, saying.points(one.total))
            for one in scores
            for who in [named[one.subject_id]]
        ],
        widths=(0.12, 0.34, 0.34, 0.2),
        bars_title=_("Points"),
        bars=[
            (named[one.subject_id].name, (one.total or 0) / 100_000, saying.points(one.total)) for one in scores
        ],
        spread_title=_("How many scores lie where"),
        spread=[(f"{least // 1000}–{most // 1000}", count) for least, most, count in fairness.steps(totals)],
        sections=[
            (
                f"{named[one.subject_id].name}  {saying.points(one.total)}",
                (_("Indicator"), _("Numerator and denominator"), _("Left out"), _("Points")),
                [
                    (saying.indicator(part.indicator, english=tongue), saying.fraction(part),
                     str(len(part.excluded)), f"{saying.points(part.points)} / {saying.points(part.most)}")
                    for part in parts.get(one.subject_id, [])
                ],
            )
            for one in scores
        ],
        foot=_("Every number opens to its rows in Linli. Whoever is assessed may appeal while the time for it runs."),
    )  # fmt: skip


# -- the card for the group ----------------------------------------------------------------------------------


def _publication(code: str, ticket: str) -> tuple[PlaceRow, Publication]:
    """What was published at this address; its community is entered from here on.

    :raises NotFound: nothing was.
    """
    community = doors.find_public(code)
    scope.enter([community.community_id])
    found = rules_of.at(community.community_id, ticket)
    if found is None:
        raise NotFound
    return community, found


@policy("assessment.board", who=PUBLIC)
@require_safe
def board(request: Asked, code: str, ticket: str) -> HttpResponse:
    """What was published of a run, for whoever has the address: the card and its table."""
    community, found = _publication(code, ticket)
    drawn = board_of(found, language(request))
    folder = reverse("assessment:board", args=[code, ticket])
    context = {
        "board": drawn,
        "ended": found.run.state == State.SUPERSEDED,
        "picture": f"{folder}{here.tongue()}-{drawn.digest}.png",
        "published_at": found.published_at,
        "tab": "home",
    }
    answer = here.show(request, "assessment/board.html", context, at=Here((community,)))
    answer["X-Robots-Tag"] = "noindex"
    return answer


@policy("assessment.board_picture", who=PUBLIC)
@require_safe
def board_picture(request: Asked, code: str, ticket: str, tongue: str, digest: str) -> HttpResponse:
    """The card as a picture; a superseded run has none any more."""
    _community, found = _publication(code, ticket)
    if found.run.state == State.SUPERSEDED:
        raise NotFound
    drawn = board_of(found, cards.tongue(tongue))
    answer = HttpResponse(pictures.draw(drawn), content_type="image/png")
    answer["Cache-Control"] = "private, no-store"
    answer["X-Robots-Tag"] = "noindex"
    return answer


@policy("assessment.residents", who=PUBLIC)
@require_safe
def residents(request: Asked, code: str) -> HttpResponse:
    """How the grids of a community do, if it has decided that residents read this: places and teams, never persons."""
    community = doors.find_public(code)
    with scope.within([community.community_id]):
        rule = rules_of.rule(community.community_id)
        if rule.audience != "residents" or community.id != community.community_id:
            raise NotFound
        boards = resident_boards(community.community_id, language(request))
    context = {"boards": boards, "community": community, "tab": "home"}
    return here.show(request, "assessment/residents.html", context, at=Here((community,)))


# -- certificates --------------------------------------------------------------------------------------------


@policy("assessment.certificate", who=PUBLIC)
@require_safe
def certificate(request: Asked, code: str, ticket: str) -> HttpResponse:
    """Whether a certificate holds: for whoever scans its code."""
    community = doors.find_public(code)
    with scope.within([community.community_id]):
        found = stars.certificate(community.community_id, ticket)
        if found is None:
            raise NotFound
        state = stars.valid(found, places.day_of(request.now))
        context = {
            "certificate": found,
            "told": _told(found, community, request),
            "state": words.said(words.VALIDITY, state),
            "valid": state is Validity.VALID,
            "asked_at": request.now,
            "tab": "home",
        }
    answer = here.show(request, "assessment/certificate.html", context, at=Here((community,)))
    answer["X-Robots-Tag"] = "noindex"
    return answer


def _told(found: Certificate, community: PlaceRow, request: Asked) -> certificates.Paper:
    english = showing.english(request)
    honour, star = found.honour, found.star
    name = people.names([found.account_id]).get(found.account_id, "")
    title = pgettext("duty", "Grid worker")
    if honour is not None:
        said = f"{honour.title_en if english and honour.title_en else honour.title_zh}: {honour.reason}"
    else:
        said = _("holds %(stars)s stars for work in the grid, by the community's scheme.") % {
            "stars": star.stars if star else 0
        }
    dates = _("issued %(day)s") % {"day": places.day_of(found.issued_at).isoformat()}
    if found.until_date:
        dates += "  " + _("valid until %(day)s") % {"day": found.until_date.isoformat()}
    return certificates.Paper(
        heading=_("Certificate of honour") if honour else _("Certificate of stars"),
        place=community.name(language(request)),
        name=naming.shown(name, found.naming, title=title, number=f"{found.account_id:05d}"),
        words=said,
        stars=star.stars if star else 0,
        dates=dates,
        prove=_("Scan the code: the page behind it says whether this certificate holds today."),
        address=cards.absolute(
            request, reverse("assessment:certificate", args=[community.code, found.ticket])
        ),
    )


@policy("assessment.certificate_paper", who=STAFF)
@require_safe
def certificate_paper(request: Asked, certificate_id: int) -> HttpResponse:
    """One's own certificate as a paper."""
    found = access.find_certificate(request.actor, certificate_id)
    community = places.places([found.community_id])[found.community_id]
    answer = HttpResponse(certificates.draw(_told(found, community, request)), content_type="application/pdf")
    answer["Content-Disposition"] = exports.content_disposition(f"linli-certificate-{found.pk}.pdf")
    answer["Cache-Control"] = "private, no-store"
    return answer


@policy("assessment.issue_certificate", who=STAFF)
@require_POST
def issue(request: Asked) -> HttpResponse:
    """Let a certificate be made under the name I agree to show."""
    form = CertificateForm(request.POST)
    if not form.is_valid():
        raise NotFound
    given = form.cleaned_data
    honouring.issue(
        actor=request.actor,
        naming=given["naming"],
        star_id=given["star"],
        honour_id=given["honour"],
        at=request.now,
    )
    messages.success(request, _("Your certificate is ready."))
    return redirect("assessment:mine")


@policy("assessment.revoke_certificate", who=STAFF)
@require_POST
def revoke(request: Asked, certificate_id: int) -> HttpResponse:
    """Take a certificate back: its holder, or the leader."""
    try:
        honouring.revoke(
            actor=request.actor,
            certificate_id=certificate_id,
            why=request.POST.get("why", ""),
            at=request.now,
        )
    except Refused as refused:
        messages.error(request, " ".join(words.said(words.FAULTS, one.code) for one in refused.wrongs))
    else:
        messages.success(request, _("Taken back: its page says so from now on."))
    return redirect("assessment:mine")
