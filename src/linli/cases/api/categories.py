"""The category tree: read by everybody, changed by those who keep the community."""

from __future__ import annotations

from typing import Annotated

from django.http import HttpRequest, HttpResponse
from ninja import Path

from linli.cases.actions.settings import categories
from linli.cases.api.routers import KEEPERS, served, settings
from linli.cases.queries import reference
from linli.cases.queries.reference import CategoryRow
from linli.cases.schemas.settings import CategoryIn, CategoryOut, CategorySheet, LastDayIn
from linli.kernel.access import PUBLIC, NotFound
from linli.kernel.api import actor_of, answer, answer_tagged, at, create, operation, unchanged
from linli.kernel.api_types import Community

Code = Annotated[str, Path(max_length=60, pattern=r"^[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)*$")]


def _out(row: CategoryRow) -> dict[str, object]:
    return {
        "code": row.code,
        "name_zh": row.name_zh,
        "name_en": row.name_en,
        "kind": row.kind,
        "keywords": list(row.keywords),
        "sensitive": row.sensitive,
    }


def _read(community_id: int, code: str) -> dict[str, object]:
    found = reference.categories(community_id).get(code) or reference.every_category(community_id).get(code)
    if found is None:
        raise NotFound
    return _out(found)


@settings.get("/categories", response=list[CategoryOut], summary="What cases can be about")
@operation("settings.categories", who=PUBLIC, tagged=True)
def index(request: HttpRequest, community: Community) -> HttpResponse:
    """The community's category tree in force today, in its own order."""
    rows = reference.categories(reference.community_id(community)).values()
    return answer_tagged(request, [_out(row) for row in rows])


@settings.get("/categories/{code}", response=CategoryOut, summary="One category")
@operation("settings.category", who=PUBLIC, tagged=True)
def read(request: HttpRequest, code: Code, community: Community) -> HttpResponse:
    """As in the tree; an ended one too, for old cases keep theirs."""
    return answer_tagged(request, _read(reference.community_id(community), code))


@settings.post("/categories", response={201: CategoryOut}, summary="Add a category")
@operation("settings.add_category", who=KEEPERS, scope="admin", creates=True)
def add(request: HttpRequest, body: CategoryIn) -> HttpResponse:
    """From today on; its code is made from the English name and stays."""
    community_id = served(actor_of(request), body.community)

    def make() -> str:
        made = categories.add_category(
            actor=actor_of(request),
            community_id=community_id,
            parent=body.parent,
            sheet=body.sheet(),
            at=at(request),
        )
        return made.code

    return create(
        request,
        make=make,
        read=lambda code: _read(community_id, code),
        path=f"/api/v1/categories/{{id}}?community={body.community}",
    )


@settings.put("/categories/{code}", response=CategoryOut, summary="Change a category")
@operation("settings.change_category", who=KEEPERS, scope="admin", guarded=True)
def change(request: HttpRequest, code: Code, community: Community, body: CategorySheet) -> HttpResponse:
    """Other names, keywords or marks from today on; what it was called then stays on record."""
    community_id = served(actor_of(request), community)
    with unchanged(request, lambda: _read(community_id, code)):
        categories.change_category(
            actor=actor_of(request), community_id=community_id, code=code, sheet=body.sheet(), at=at(request)
        )
    return answer_tagged(request, _read(community_id, code))


@settings.post("/categories/{code}/end", response=CategoryOut, summary="End a category")
@operation("settings.end_category", who=KEEPERS, scope="admin")
def end(request: HttpRequest, code: Code, community: Community, body: LastDayIn) -> HttpResponse:
    """After a day no new case gets it; cases that have it keep it."""
    community_id = served(actor_of(request), community)
    categories.end_category(
        actor=actor_of(request),
        community_id=community_id,
        code=code,
        last_day=body.last_day,
        at=at(request),
    )
    return answer(_read(community_id, code))
