"""Lists: what somebody may see, what is their own, the queue in numbers, what everybody may read, promises kept."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated, Any

from django.http import HttpRequest, HttpResponse
from ninja import Query

from linli.cases import access
from linli.cases.api import rows
from linli.cases.api.routers import cases, served
from linli.cases.models import Case
from linli.cases.queries import desk, kept, people_to_send, queue, reference
from linli.cases.rules import desk_tabs
from linli.cases.schemas.case import CasePage, KeptOut, PublishedOut, PublishedPage, TargetOut
from linli.cases.schemas.wanted import Wanted
from linli.faces.languages import reads_english
from linli.kernel import numbering, scope, text
from linli.kernel.access import PUBLIC, SIGNED_IN, STAFF, Actor, NotFound
from linli.kernel.api import (
    Unreadable,
    actor_of,
    answer,
    answer_page,
    answer_tagged,
    at,
    etag,
    held,
    not_modified,
    operation,
)
from linli.kernel.api_types import Community, Cursor, Moment, Size

OptionalCommunity = Annotated[
    str, Query(pattern=r"^([0-9]{12})?$", description="12-digit code of the community")
]


@cases.get("/cases", response=CasePage, summary="List the cases you may see")
@operation("cases.list", who=SIGNED_IN, scope="cases:read", paged=True)
def index(
    request: HttpRequest, wanted: Query[Wanted], cursor: Cursor = "", size: Size = queue.PAGE
) -> HttpResponse:
    """Staff see what their duties open, residents what they reported. Search and filters hold together."""
    actor = actor_of(request)
    return _page(request, _whose(access.visible(actor), wanted, actor), wanted, cursor, size)


@cases.get("/me/cases", response=CasePage, summary="List what you reported")
@operation("cases.own", who=SIGNED_IN, scope="cases:read", paged=True)
def own(
    request: HttpRequest, wanted: Query[Wanted], cursor: Cursor = "", size: Size = queue.PAGE
) -> HttpResponse:
    """The cases of your own account; ask with `view=all` for the settled ones as well."""
    return _page(request, access.own(actor_of(request)), wanted, cursor, size)


def _whose(seen: Any, wanted: Wanted, actor: Actor) -> Any:
    if not wanted.whose:
        return seen
    if wanted.whose == "tasks" and not wanted.community:
        raise Unreadable(422, "invalid", field="query.community")
    community_id = reference.community_id(wanted.community) if wanted.community else 0
    return desk.of_tab(seen, desk_tabs.TABS[wanted.whose], actor, community_id)


def _page(request: HttpRequest, seen: Any, wanted: Wanted, cursor: str, size: int) -> HttpResponse:
    now, phones = at(request), access.may_search_phones(actor_of(request))
    found = queue.filtered(seen, wanted.filter().only(phones=phones), at=now)
    if wanted.state:
        found = found.filter(state=wanted.state)
    values, following = queue.page_of(found, rows.COLUMNS, order=wanted.order, cursor=cursor, size=size)
    return answer_page(request, rows.rows(values, actor_of(request), now), following)


@cases.get("/queue", response=dict[str, int], summary="How many cases wait where")
@operation("cases.queue", who=STAFF, scope="cases:read")
def waiting(request: HttpRequest, community: OptionalCommunity = "") -> HttpResponse:
    """The numbers on the workbench's tabs; of one community also what is yours (`mine`) and your body's parts (`tasks`)."""
    actor = actor_of(request)
    if not community:
        return answer(queue.counts(access.staff_view(actor), at=at(request)))
    tabs = desk_tabs.TABS.values()
    return answer(desk.counts(actor, served(actor, community), tabs, at=at(request)))


@cases.get("/targets", response=list[TargetOut], summary="To whom a case can be sent")
@operation("cases.targets", who=STAFF, scope="people:read")
def targets(request: HttpRequest, community: Community) -> HttpResponse:
    """The community's bodies and the people who serve in it, each with the open cases they hold."""
    actor = actor_of(request)
    found = people_to_send.targets(served(actor, community), at=at(request), language=actor.language)
    return answer([{**asdict(one), "key": one.key} for one in found])


@cases.get("/published", response=PublishedPage, summary="Settled cases that everybody may read")
@operation("cases.published", who=PUBLIC, paged=True)
def published(
    request: HttpRequest, community: Community, cursor: Cursor = "", size: Size = queue.PAGE
) -> HttpResponse:
    """Category, place, public words and answer, on the reporter's consent; nothing personal."""
    where = reference.community_id(community)
    with scope.within({where}):
        newest = access.published(where).order_by(*queue.ORDERS["newest"])
        page = queue.page(newest, order="newest", cursor=cursor, size=size)
        items = [_public(case, actor_of(request).language) for case in page.cases]
    return answer_page(request, items, page.cursor)


@cases.get("/published/{number}", response=PublishedOut, summary="One settled case that everybody may read")
@operation("cases.published_case", who=PUBLIC, tagged=True)
def published_case(request: HttpRequest, number: str, community: Community) -> HttpResponse:
    """As in the list."""
    where, parsed = reference.community_id(community), numbering.parse_number(number)
    with scope.within({where}):
        found = access.published(where).filter(number=parsed) if parsed else Case.objects.none()
        case = found.select_related("grid", "building", "organisation").defer(*queue.HEAVY).first()
    if case is None:
        raise NotFound
    tag = etag(case.version)
    if held(request, tag):
        return not_modified(tag)
    return answer_tagged(request, _public(case, actor_of(request).language), tag=tag)


def _public(case: Case, language: str) -> dict[str, Any]:
    """What everybody may read of a case; numbers of persons are masked once more on the way out."""
    english = reads_english(language)

    def name(thing: Any) -> str:
        return ((english and thing.name_en) or thing.name_zh) if thing else ""

    return {
        "number": case.number,
        "category": case.category_code,
        "grid": name(case.grid),
        "building": name(case.building),
        "words": text.mask_text(case.public_words),
        "answer": text.mask_text(case.answer),
        "organisation": name(case.organisation),
        "reported_at": case.reported_at,
        "closed_at": case.closed_at,
        "solved": case.solved,
    }


@cases.get("/kept", response=KeptOut, summary="How promises were kept")
@operation("cases.kept", who=STAFF, scope="cases:read")
def promises_kept(
    request: HttpRequest,
    community: Community,
    since: Annotated[Moment | None, Query()] = None,
    until: Annotated[Moment | None, Query()] = None,
    within_days: Annotated[float, Query(gt=0, le=366, allow_inf_nan=False)] = 15.0,
) -> HttpResponse:
    """How long residents waited for a first answer, and each stage's promises met, late, running and broken."""
    where = served(actor_of(request), community)
    waited = kept.answered(where, within_days=within_days, since=since, until=until)
    stages = kept.stages(where, at=at(request), since=since, until=until)
    return answer(
        {"answered": {**asdict(waited), "share": waited.share}, "stages": [asdict(stage) for stage in stages]}
    )
