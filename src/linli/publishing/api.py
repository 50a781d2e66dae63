"""The API: what stands at a place, for everybody."""

from __future__ import annotations

from typing import Annotated

from django.http import HttpRequest, HttpResponse
from ninja import Path, Router, Schema
from pydantic import Field

from linli.grids import access as places
from linli.grids.queries import day_of
from linli.kernel.access import PUBLIC
from linli.kernel.api import answer_tagged, at, operation
from linli.kernel.api_types import Day, Moment
from linli.publishing import queries

publishing = Router(tags=["publishing"])
routers = (publishing,)
PlaceCode = Annotated[str, Path(pattern=r"^[0-9A-Za-z-]{1,40}$")]
MOST = 100


class AnnouncementFileOut(Schema):
    """A picture or document of an announcement. Its address can be read by everybody while the announcement stands."""

    kind: Annotated[str, Field(examples=["picture"], pattern="^(picture|document)$")]
    name: Annotated[str, Field(examples=["停水范围.jpg"])]
    bytes: Annotated[int, Field(examples=[182044])]
    url: Annotated[str, Field(examples=["/place/520113008006/announcements/12/files/6f1…/"])]


class AnnouncementOut(Schema):
    """What everybody at a place and below it is told. English may be empty."""

    id: Annotated[int, Field(examples=[12])]
    place_code: Annotated[str, Field(examples=["520113008006"], description="the place it was written for")]
    title_zh: Annotated[str, Field(examples=["周四停水"])]
    title_en: Annotated[str, Field(examples=["No water on Thursday"])]
    words_zh: Annotated[str, Field(examples=["11 月 26 日 9 时至 17 时检修水管。"])]
    words_en: Annotated[str, Field(examples=["The pipes are mended on 26 November from 9:00 to 17:00."])]
    from_date: Day
    last_date: Annotated[Day, Field(description="the last day on which it stands")]
    pinned: Annotated[bool, Field(examples=[True])]
    changed_at: Moment
    files: list[AnnouncementFileOut]


@publishing.get(
    "/places/{code}/announcements", response=list[AnnouncementOut], summary="What a place is told"
)
@operation("publishing.api_standing", who=PUBLIC, tagged=True)
def standing(request: HttpRequest, code: PlaceCode) -> HttpResponse:
    """The announcements that stand today for this place, its own and of the places above it; the pinned ones first."""
    place = places.find_public(code)
    found = queries.standing(place, day_of(at(request)), most=MOST, with_files=True)
    return answer_tagged(request, [_out(row) for row in found])


def _out(row: queries.AnnouncementRow) -> dict[str, object]:
    return {
        "id": row.id,
        "place_code": row.place.code,
        "title_zh": row.title_zh,
        "title_en": row.title_en,
        "words_zh": row.words_zh,
        "words_en": row.words_en,
        "from_date": row.from_date,
        "last_date": row.last_date,
        "pinned": row.pinned,
        "changed_at": row.changed_at,
        "files": [
            {
                "kind": one.kind,
                "name": one.name,
                "bytes": one.size,
                "url": f"/place/{row.place.code}/announcements/{row.id}/files/{one.ticket}/",
            }
            for one in row.files
        ],
    }
