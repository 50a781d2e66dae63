"""The API: what stands at a place and what can be got done there, for everybody."""

from __future__ import annotations

from typing import Annotated

from django.http import HttpRequest, HttpResponse
from ninja import Path, Query, Router, Schema
from pydantic import Field

from linli.grids import access as places
from linli.grids.queries import day_of
from linli.kernel.access import PUBLIC
from linli.kernel.api import answer_tagged, at, operation
from linli.kernel.api_types import Day, Moment
from linli.publishing import queries, queries_services
from linli.publishing.rules_services import Topic

publishing = Router(tags=["publishing"])
routers = (publishing,)
PlaceCode = Annotated[str, Path(pattern=r"^[0-9A-Za-z-]{1,40}$")]
MOST = 100


class AnnouncementFileOut(Schema):
    """A picture or document of an announcement. Its address can be read by everybody while the announcement stands."""

    kind: Annotated[str, Field(examples=["picture"], pattern="^(picture|document)$")]
    name: Annotated[str, Field(examples=["停水范围.jpg"])]
    bytes: Annotated[int, Field(examples=[182044])]
    url: Annotated[str, Field(examples=["/place/520113008006/announcements/12/files/6f1c2b9e7d404a3f/"])]


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


class ServiceText(Schema):
    """A service in one language; what was not written in English is empty."""

    name: Annotated[str, Field(examples=["老年人优待证办理（示例）"])]
    words: Annotated[str, Field(examples=["带齐材料到窗口办理。"])]
    whom: Annotated[str, Field(examples=["60 周岁以上的居民"])]
    papers: Annotated[str, Field(examples=["身份证\n近期照片"], description="one a line")]
    hours: Annotated[str, Field(examples=["周一至周五 9:00–17:00"])]
    where: Annotated[str, Field(examples=["便民服务中心一楼"])]


class ServiceOut(Schema):
    """What can be got done at a place and below it."""

    id: Annotated[int, Field(examples=[7])]
    place_code: Annotated[str, Field(examples=["520113008006"], description="the place it was written for")]
    topic: Annotated[Topic, Field(examples=["seniors"])]
    zh: ServiceText
    en: ServiceText
    phone: Annotated[str, Field(examples=["0851-85550001"])]
    link: Annotated[str, Field(examples=["https://example.org/apply"])]
    online: Annotated[bool, Field(examples=[False], description="all of it can be done at the link")]
    from_date: Day
    last_date: Annotated[Day | None, Field(description="null: until it is taken down")]
    example: Annotated[bool, Field(examples=[True], description="made up, nothing it says is asserted")]
    changed_at: Moment


@publishing.get(
    "/places/{code}/announcements", response=list[AnnouncementOut], summary="What a place is told"
)
@operation("publishing.api_standing", who=PUBLIC, tagged=True)
def standing(request: HttpRequest, code: PlaceCode) -> HttpResponse:
    """The announcements that stand today for this place, its own and of the places above it; the pinned ones first."""
    place = places.find_public(code)
    found = queries.standing(place, day_of(at(request)), most=MOST, with_files=True)
    return answer_tagged(request, [_out(row) for row in found])


@publishing.get(
    "/places/{code}/services", response=list[ServiceOut], summary="What can be got done at a place"
)
@operation("publishing.api_services", who=PUBLIC, tagged=True)
def services(
    request: HttpRequest,
    code: PlaceCode,
    q: Annotated[str, Query(max_length=60, description="what somebody looks for, in their own words")] = "",
    topic: Annotated[Topic | None, Query(description="only what is about this")] = None,
) -> HttpResponse:
    """What is offered today, nearest first, what holds from the places above it too; with `q` the best found first."""
    place = places.find_public(code)
    found = queries_services.offered(
        place, day_of(at(request)), looked_for=q, topic=topic.value if topic else ""
    )
    return answer_tagged(request, [_service(row) for row in found])


def _service(row: queries_services.ServiceRow) -> dict[str, object]:
    names = ("id", "topic", "zh", "en", "phone", "link", "online", "from_date", "last_date", "example")
    return {
        **{name: getattr(row, name) for name in names},
        "place_code": row.place.code,
        "changed_at": row.changed_at,
    }


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
