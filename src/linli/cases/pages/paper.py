"""The form on paper for those without a phone: printed for a place, written by hand, typed in by staff (``desk_new``)."""

from __future__ import annotations

from django.http import HttpResponse
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_safe

from linli.cases import paper_form, words
from linli.cases.pages import here, taking
from linli.cases.pages.here import Asked
from linli.cases.paper_form import Sheet
from linli.cases.rules.kinds import Kind
from linli.faces import languages
from linli.faces.cards import absolute
from linli.grids import access as doors
from linli.grids import queries as places
from linli.grids.pages.scan import page_of, scan_address
from linli.grids.rows import PlaceRow
from linli.grids.rules.words import Level
from linli.kernel.access import PUBLIC, policy

OFFERED = (Kind.HELP, Kind.COMPLAINT, Kind.SUGGESTION, Kind.INQUIRY, Kind.PRAISE)
MOST_SHEETS = 300  # of one file; a grid has some dozens of buildings


@policy("cases.paper_form", who=PUBLIC)
@require_safe
def form(request: Asked, code: str) -> HttpResponse:
    """The blank form of a place (PDF); for staff with ``?each=building`` a sheet for every building below it."""
    place = doors.find_public(code)
    asked = request.GET.get("language", "")
    with translation.override(asked if languages.is_spoken(asked) else translation.get_language()):
        each = request.GET.get("each") == "building" and bool(request.actor.staff_communities)
        title = _("Report on paper")
        drawn = paper_form.draw(_sheets(request, place, each=each), title=f"{title} · {_name(place)}")
    answer = HttpResponse(drawn, content_type="application/pdf")
    answer["Content-Disposition"] = f'inline; filename="form-{place.code}.pdf"'
    return answer


def _sheets(request: Asked, place: PlaceRow, *, each: bool) -> list[Sheet]:
    """One for the place, or one for each building below it."""
    way = places.ancestors(place)
    phone = taking.desk_phones(place.community_id).desk
    if not each:
        return [_sheet(request, way, phone)]
    below = places.subtree(place.path, Level.GRID.value, Level.COURTYARD.value, Level.BUILDING.value)
    known = {row.id: row for row in [*way, *below]}
    buildings = [row for row in below if row.level == Level.BUILDING.value][:MOST_SHEETS]
    ways = [
        [known[int(one)] for one in row.path.split(".") if one and int(one) in known] for row in buildings
    ]
    return [_sheet(request, one, phone) for one in ways] or [_sheet(request, way, phone)]


def _name(place: PlaceRow) -> str:
    return place.name(here.language())


def _sheet(request: Asked, way: list[PlaceRow], phone: str) -> Sheet:
    place, community = way[-1], way[0]
    path = [_name(step) for step in way if step.level in here.SHOWN_LEVELS]
    page = absolute(request, page_of(place))
    return Sheet(
        title=_("Report on paper"),
        place=" · ".join(path),
        address=scan_address(request, place.qr_code) if place.qr_code else page,
        scan=_("Or scan and say it"),
        how=_("Fill in what you know; leave the rest empty. Whoever brings it may write for you."),
        danger=_("Somebody in danger? Call 119, 110 or 120 first."),
        what=_("What is it about?"),
        where=_("Where exactly?"),
        when=_("Since when, or when did it happen?"),
        kind=pgettext("before kinds of report", "It is"),
        kinds=[str(words.KINDS[one.value]) for one in OFFERED],
        name=_("What may we call you?"),
        phone=_("Phone"),
        wishes=[
            _("I do not want to be named; leave name and phone empty"),
            _("Those who see to it may call me"),
            _("Once settled, neighbours may read the result (without name, phone, door)"),
        ],
        hand_in=_hand_in(community, phone),
        private=_(
            "What you write is used to see to this matter alone. The sheet is destroyed once it is typed in."
        ),
        office=_("For staff: typed in by ____________  on ____________. Copy number and code to the slip."),
        slip=_("Receipt: tear it off and keep it"),
        number=_("Number"),
        code=_("Look-up code"),
        follow=_follow(request, phone),
    )


def _hand_in(community: PlaceRow, phone: str) -> str:
    names = {"community": _name(community), "phone": phone}
    if phone:
        return _("Hand it to your grid worker, or in at %(community)s (phone %(phone)s).") % names
    return _("Hand it to your grid worker, or in at %(community)s.") % names


def _follow(request: Asked, phone: str) -> str:
    """How the writer hears of it: with both on a page, or by asking."""
    names = {"address": absolute(request, reverse("cases:follow")), "phone": phone}
    if phone:
        return _("Follow it with number and code at %(address)s, or call %(phone)s.") % names
    return _("Follow it with number and code at %(address)s.") % names
