"""Hot topics and repeat problems."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated, Any

from django.http import HttpRequest, HttpResponse
from ninja import Query

from linli.cases.queries import reference
from linli.kernel.access import NotFound, roles
from linli.kernel.api import actor_of, answer, answer_tagged, at, operation
from linli.kernel.api_types import Community, PathId
from linli.triage import access
from linli.triage.api.routers import triage
from linli.triage.queries import problems, topics
from linli.triage.queries.problems import RepeatProblem
from linli.triage.queries.topics import HotTopic
from linli.triage.schemas_topics import RepeatOut, RepeatsOut, TopicOut, TopicsOut

READERS = roles(*access.READERS)
Days = Annotated[int, Query(ge=1, le=366, description="local days, today among them")]
DAYS_OF_ONE = 30
Limit = Annotated[int, Query(ge=1, le=100, description="at most so many")]


def read_here(request: HttpRequest, community: str) -> int:
    """The id of a community in which the caller reads topics.

    :raises NotFound: there is none of this code, or the caller does not read them there.
    """
    found = reference.community_id(community)
    access.require_reader(actor_of(request), found)
    return found


@triage.get("/topics", response=TopicsOut, summary="Hot topics of the last days")
@operation("triage.api_topics", who=READERS, scope="cases:read", tagged=True)
def index(
    request: HttpRequest,
    community: Community,
    days: Days = topics.DAYS,
    limit: Limit = 20,
    known: Annotated[bool, Query(description="those marked as known as well")] = True,
) -> HttpResponse:
    """What many residents write about, hottest first, with what each heat is made of."""
    where = read_here(request, community)
    found = topics.hot(
        where, at=at(request), limit=limit, days=days, language=actor_of(request).language, known=known
    )
    return answer_tagged(request, {"as_of": topics.as_of(where), "items": [plain(one) for one in found]})


@triage.get("/topics/{int:topic_id}", response=TopicOut, summary="One hot topic")
@operation("triage.api_topic", who=READERS, scope="cases:read", tagged=True)
def one(request: HttpRequest, topic_id: PathId, days: Days = DAYS_OF_ONE) -> HttpResponse:
    """As in the list; 404 when nobody wrote about it in these days, or it became part of another topic."""
    row = access.topic(actor_of(request), topic_id)
    found = None
    if row.merged_into_id is None:
        found = topics.one(row, at=at(request), days=days, language=actor_of(request).language)
    if found is None:
        raise NotFound
    return answer_tagged(request, plain(found))


def plain(found: HotTopic) -> dict[str, Any]:
    """A topic as the API gives it."""
    heat = found.heat
    points = ("people_points", "votes_points", "days_points", "growth_points")
    return {
        **{name: getattr(found, name) for name in TopicOut.model_fields if name not in {"heat", "members"}},
        "heat": {
            "total": heat.total,
            **asdict(heat),
            **{name: round(getattr(heat, name), 2) for name in points},
        },
        "members": [member.number for member in found.members],
    }


@triage.get("/repeats", response=RepeatsOut, summary="Problems that keep coming back")
@operation("triage.api_repeats", who=READERS, scope="cases:read", tagged=True)
def repeats(
    request: HttpRequest,
    community: Community,
    limit: Limit = 20,
    fixed: Annotated[bool, Query(description="those tied to a lasting fix as well")] = True,
) -> HttpResponse:
    """The same category at the same place, back after it was closed; dearest first."""
    where = read_here(request, community)
    language = actor_of(request).language
    found = problems.repeats(where, at=at(request), limit=limit, language=language, fixed=fixed)
    return answer_tagged(request, {"as_of": topics.as_of(where), "items": [_repeat(one) for one in found]})


@triage.get("/repeats/{int:repeat_id}", response=RepeatOut, summary="One problem that keeps coming back")
@operation("triage.api_repeat", who=READERS, scope="cases:read")
def repeat(request: HttpRequest, repeat_id: PathId) -> HttpResponse:
    """As in the list."""
    row = access.repeat(actor_of(request), repeat_id)
    return answer(_repeat(problems.one(row, actor_of(request).language)))


def _repeat(found: RepeatProblem) -> dict[str, Any]:
    plain = {name: getattr(found, name) for name in RepeatOut.model_fields}
    return {**plain, "category": found.category_code, "fix": asdict(found.fix) if found.fix else None}
