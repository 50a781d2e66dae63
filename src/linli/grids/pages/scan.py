"""The code at the door: scanning it, and drawing it."""

from __future__ import annotations

import io

import segno
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import NoReverseMatch, reverse
from django.views.decorators.http import require_safe

from linli.faces.cards import absolute
from linli.grids import access as doors
from linli.grids import actions, locate, queries
from linli.grids.rows import PlaceRow
from linli.kernel import access
from linli.people.pages.ways import Asked

#: Where a session keeps the id of the place it is at (the reporting pages read it).
SESSION_PLACE = "linli.place"


@access.policy("grids.scan", who=access.PUBLIC)
@require_safe
def scan(request: Asked, qr_code: str) -> HttpResponse:
    """Somebody scanned a code: remember the place, and lead to its page."""
    place = locate.by_qr(qr_code.upper())
    if place is None:
        community = queries.where_replaced(qr_code.upper())
        if community is None:
            raise access.NotFound
        context = {"community": community, "url": page_of(community)}
        return render(request, "grids/code_replaced.html", context, status=410)
    if request.session.get(SESSION_PLACE) != place.id:
        request.session[SESSION_PLACE] = place.id
    if request.actor.signed_in:
        actions.follow(actor=request.actor, place_id=place.id, at=request.now)
    return HttpResponseRedirect(page_of(place))


def page_of(place: PlaceRow) -> str:
    """The address of a place's page; the portal, which has it, lies above."""
    try:
        return reverse("portal:place", args=[place.code])
    except NoReverseMatch:
        return f"/place/{place.code}/"


def scan_address(request: Asked, code: str) -> str:
    """What the code says: the full address that a phone opens."""
    return absolute(request, reverse("grids:scan", args=[code]))


def scan_base(request: Asked) -> str:
    """The address of a scan, up to the code."""
    return scan_address(request, "0").removesuffix("0/")


@access.policy("grids.qr_image", who=access.STAFF)
@require_safe
def qr_image(request: Asked, place_id: int) -> HttpResponse:
    """A place's code as a drawing to print (SVG, error correction Q: a quarter may be worn off)."""
    place = doors.find(request.actor, place_id)
    if not place.qr_code:
        raise access.NotFound
    drawing = io.BytesIO()
    code = segno.make(scan_address(request, place.qr_code), error="q", micro=False)
    code.save(drawing, kind="svg", scale=8, border=4, xmldecl=False, svgclass=None, lineclass=None)
    return HttpResponse(drawing.getvalue(), content_type="image/svg+xml")
