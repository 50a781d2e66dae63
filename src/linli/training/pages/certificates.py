"""Certificates: one's own with its paper, and the page that tells whoever has the code whether it holds."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_http_methods, require_safe

from linli.grids import queries as grids
from linli.grids.queries import day_of
from linli.kernel import scope
from linli.kernel.access import PUBLIC, NotFound, policy
from linli.kernel.clock import LOCAL
from linli.kernel.numbering import CODE_LENGTH
from linli.people import queries as people
from linli.people.pages.ways import Asked, language
from linli.training import access, diploma, words
from linli.training.actions import certifying
from linli.training.forms import ShowName
from linli.training.models import Certificate
from linli.training.pages.asked import READERS
from linli.training.queries import held
from linli.training.rules import certificates, course_file
from linli.training.rules.certificates import Revoking, Shown, State
from linli.training.rules.course import Course


@policy("training.certificate", who=READERS)
@require_http_methods(["GET", "POST"])
def own(request: Asked, certificate_id: int) -> HttpResponse:
    """One of my certificates: until when it holds, how my name is shown, its paper and its address."""
    row = access.find_own(request.actor, certificate_id)
    form = ShowName(request.POST or None, initial={"shown": row.shown})
    if request.method == "POST" and form.is_valid():
        certifying.show_name(
            actor=request.actor,
            certificate_id=row.pk,
            shown=Shown(form.cleaned_data["shown"]),
            at=request.now,
        )
        messages.success(request, _("Saved."))
        return redirect("training:certificate", row.pk)
    shown = held.certificate_row(row, day_of(request.now))
    context = {
        "row": shown,
        "course": course_of(row),
        "community_id": row.community_id,
        "state": words.STATES[shown.state],
        "code": pretty(row.code),
        "address": request.build_absolute_uri(reverse("training:verify", args=[row.code])),
        "form": form,
        "why": words.REVOKING[Revoking(row.revoked_why)] if row.revoked_why else "",
        "revoked_words": row.revoked_words,
    }
    return render(request, "training/certificate.html", context, status=422 if form.errors else 200)


@policy("training.certificate_pdf", who=READERS)
@require_safe
def pdf(request: Asked, certificate_id: int) -> HttpResponse:
    """My certificate to print, in both languages."""
    row = access.find_own(request.actor, certificate_id)
    drawn = diploma.draw(_diploma(request, row))
    return HttpResponse(
        drawn,
        content_type="application/pdf",
        headers={"Content-Disposition": f'inline; filename="certificate-{row.pk}.pdf"'},
    )


def _diploma(request: Asked, row: Certificate) -> diploma.Diploma:
    course = course_of(row)
    place = grids.place(row.community_id)
    day = row.issued_at.astimezone(LOCAL).date().isoformat()
    until = row.until_date.isoformat() if row.until_date else "—"
    with translation.override("zh-hans"):
        heading, done, ask = pgettext("certificate", "Certificate"), _passed(), _ask()
    with translation.override("en"):
        heading_en, done_en = pgettext("certificate", "Certificate"), _passed()
    names = [place.name_zh, place.name_en] if place else ["", ""]
    return diploma.Diploma(
        heading=(heading, heading_en),
        name=name_of(row),
        lines=(
            (done % {"course": course.title.zh, "place": names[0]}, 15),
            (done_en % {"course": course.title.en or course.title.zh, "place": names[1] or names[0]}, 10.5),
        ),
        facts=(
            ("发证日期 Issued", day),
            ("有效期至 Valid until", until),
            ("课程版本 Version", str(row.attempt.course.number)),
        ),
        ask=ask,
        code=pretty(row.code),
        address=request.build_absolute_uri(reverse("training:verify", args=[row.code])),
    )


def _passed() -> str:
    return pgettext("certificate", "has passed the test of the course %(course)s at %(place)s.")


def _ask() -> str:
    return _("Scan it, or type the code at /certificates/, to see whether this certificate holds.")


@policy("training.look_up", who=PUBLIC)
@require_safe
def look_up(request: Asked) -> HttpResponse:
    """A field for the code of a certificate."""
    typed = request.GET.get("code", "")[:64]
    if typed:
        try:
            return redirect("training:verify", access.find_by_code(typed).code)
        except NotFound:
            return _unknown(request, typed)
    return render(request, "training/look_up.html", {"typed": "", "unknown": False})


@policy("training.verify", who=PUBLIC)
@require_safe
def verify(request: Asked, code: str) -> HttpResponse:
    """Whether a certificate holds: for everybody who has its code. The name stands there as the holder chose."""
    try:
        row = access.find_by_code(code)
    except NotFound:
        return _unknown(request, "")
    state = certificates.state(
        until=row.until_date, revoked=row.revoked_at is not None, today=day_of(request.now)
    )
    place = grids.place(row.community_id)
    context = {
        "row": row,
        "course": course_of(row),
        "state": state.value,
        "said": words.STATES[state],
        "valid": state is State.VALID,
        "name": name_of(row),
        "place": place.name(language(request)) if place else "",
        "code": pretty(row.code),
    }
    answer = render(request, "training/verify.html", context)
    answer["X-Robots-Tag"] = "noindex"
    return answer


def _unknown(request: Asked, typed: str) -> HttpResponse:
    return render(request, "training/look_up.html", {"typed": typed, "unknown": True}, status=404)


def name_of(row: Certificate) -> str:
    """The holder's name, as the holder lets it be shown; empty for none."""
    if row.shown == Shown.FULL:
        return people.names([row.account_id]).get(row.account_id, "")
    if row.shown == Shown.SHORT:
        card = people.cards([row.account_id]).get(row.account_id)
        return card.short_name if card else ""
    return ""


def course_of(row: Certificate) -> Course:
    """The course as its holder passed it."""
    with scope.within([row.community_id]):
        return course_file.read(row.attempt.course.content)


def pretty(code: str) -> str:
    """A code in groups of four, as people read it aloud."""
    return "-".join(code[start : start + 4] for start in range(0, CODE_LENGTH, 4))
