"""What a place is told, for everybody: a list, one announcement, a feed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time
from uuid import UUID

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from linli.cases.pages import here
from linli.cases.pages.here import Asked, Here
from linli.faces import cards
from linli.faces.cards import Card
from linli.grids import access as doors
from linli.grids import queries as places
from linli.grids.rows import PlaceRow
from linli.kernel.access import PUBLIC, NotFound, policy
from linli.kernel.media.sending import stream
from linli.publishing import files, queries
from linli.publishing.queries import AnnouncementRow

STANDING, EARLIER, IN_FEED = 100, 20, 50


@dataclass(frozen=True, slots=True)
class Told:
    """An announcement in the reader's language."""

    id: int
    code: str
    place: str
    title: str
    words: str
    language: str
    row: AnnouncementRow


def told(place: PlaceRow, day: date, *, most: int) -> list[Told]:
    """What stands for this place today, in the reader's language."""
    return [_told(row) for row in queries.standing(place, day, most=most)]


def _told(row: AnnouncementRow) -> Told:
    tongue = here.language()
    return Told(
        id=row.id,
        code=row.place.code,
        place=row.place.name(tongue),
        title=row.title(tongue),
        words=row.words(tongue),
        language=row.language(tongue),
        row=row,
    )


@policy("portal.announcements", who=PUBLIC)
@require_safe
def index(request: Asked, code: str) -> HttpResponse:
    """What stands for a place today, and what stood there before."""
    place = doors.find_public(code)
    if place.code != code:
        return redirect("portal:announcements", code=place.code)
    day = places.day_of(request.now)
    context = {
        "place": place,
        "name": place.name(here.language()),
        "rows": told(place, day, most=STANDING),
        "earlier": [_told(row) for row in queries.earlier(place, day, most=EARLIER)],
        "tab": "home",
    }
    return here.show(request, "portal/announcements.html", context, at=Here(tuple(places.ancestors(place))))


@policy("portal.announcement", who=PUBLIC)
@require_safe
def one(request: Asked, code: str, announcement_id: int) -> HttpResponse:
    """One of them; what is over can still be read and says so."""
    place, day = doors.find_public(code), places.day_of(request.now)
    row = queries.readable(place, announcement_id, day)
    if row.place.code != code:
        return redirect("portal:announcement", code=row.place.code, announcement_id=row.id)
    context = {
        "told": _told(row),
        "over": row.last_date < day,
        "shared_card": cards.tags(request, _card(row), f"{request.path}card/"),
        "tab": "home",
        **_shown(row),
    }
    return here.show(
        request, "portal/announcement.html", context, at=Here(tuple(places.ancestors(row.place)))
    )


@policy("portal.announcement_card", who=PUBLIC)
@require_safe
def card(
    request: Asked, code: str, announcement_id: int, language: str, shape: str, digest: str
) -> HttpResponse:
    """The picture that stands for it where its address is shared."""
    with translation.override(cards.tongue(language)):
        row = queries.readable(doors.find_public(code), announcement_id, places.day_of(request.now))
        return cards.picture(_card(row), shape, digest)


def _card(row: AnnouncementRow) -> Card:
    tongue = here.language()
    return Card(row.title(tongue), row.words(tongue), row.place.name(tongue), here.tongue())


def _shown(row: AnnouncementRow) -> dict[str, object]:
    """Its pictures as pages show pictures, and its documents."""
    here_ = row.place.code, row.id
    pictures = [
        {
            "url": reverse("portal:announcement_file", args=[*here_, one.ticket]),
            "thumb": reverse("portal:announcement_thumb", args=[*here_, one.ticket]),
            "words": "",
        }
        for one in row.files
        if one.has_thumb
    ]
    return {"pictures": pictures, "papers": [one for one in row.files if not one.has_thumb]}


@policy("portal.announcement_file", who=PUBLIC)
@require_safe
def file(request: Asked, code: str, announcement_id: int, ticket: UUID) -> HttpResponseBase:
    """A picture or document of an announcement that everybody may read."""
    return _sent(request, code, announcement_id, ticket, small=False)


@policy("portal.announcement_thumb", who=PUBLIC)
@require_safe
def thumb(request: Asked, code: str, announcement_id: int, ticket: UUID) -> HttpResponseBase:
    """The small picture of a picture of an announcement."""
    return _sent(request, code, announcement_id, ticket, small=True)


def _sent(request: Asked, code: str, announcement_id: int, ticket: UUID, *, small: bool) -> HttpResponseBase:
    place = doors.find_public(code)
    row = queries.readable(place, announcement_id, places.day_of(request.now))
    found = files.of_readable(row.id, place.community_id, ticket)
    if small and not found.thumb_path:
        raise NotFound
    path = found.thumb_path if small else found.path
    return stream(request, path, f"{found.kind}-{found.pk}{'-small' if small else ''}")


@policy("portal.announcements_feed", who=PUBLIC)
@require_safe
def feed(request: Asked, code: str) -> HttpResponse:
    """What stands for a place today, for programs that follow it (Atom)."""
    place = doors.find_public(code)
    home = request.build_absolute_uri(reverse("portal:announcements", args=[place.code]))
    made = Atom1Feed(
        title=_("Announcements: %(place)s") % {"place": place.name(here.language())},
        link=home,
        description="",
        language="en" if here.language() == "en" else "zh-Hans",
        feed_url=request.build_absolute_uri(request.path),
    )
    for each in told(place, places.day_of(request.now), most=IN_FEED):
        link = request.build_absolute_uri(reverse("portal:announcement", args=[each.code, each.id]))
        made.add_item(
            title=each.title,
            link=link,
            description=each.words,
            unique_id=link,
            pubdate=_morning(each.row.from_date),
            updateddate=each.row.changed_at,
            author_name=each.place,
        )
    response = HttpResponse(made.writeString("utf-8"), content_type="application/atom+xml; charset=utf-8")
    response["Cache-Control"] = "public, max-age=300"
    return response


def _morning(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))
