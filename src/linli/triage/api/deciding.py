"""What a person decides on a topic: its name, that it is known, what belongs to it, its joint case."""

from __future__ import annotations

from typing import Annotated, Any

from django.http import HttpRequest, HttpResponse
from ninja import Query

from linli.kernel.access import NotFound, roles
from linli.kernel.api import actor_of, answer, answer_tagged, at, operation, unchanged
from linli.kernel.api_types import PathId
from linli.triage import access
from linli.triage.actions import topics as deciding
from linli.triage.api.routers import triage
from linli.triage.api.topics import DAYS_OF_ONE, plain
from linli.triage.queries import topics
from linli.triage.schemas_topics import TopicJoint, TopicJointOut, TopicKnown, TopicMerge, TopicName, TopicOut

DECIDERS = roles(*access.DECIDERS)
Days = Annotated[
    int, Query(ge=1, le=366, description="local days the answer looks back on, as in reading it")
]


def _present(request: HttpRequest, topic_id: int, days: int) -> dict[str, Any]:
    """The topic as it is read.

    :raises NotFound: nobody wrote about it in these days, or it is not for this caller.
    """
    row = access.topic(actor_of(request), topic_id)
    found = None
    if row.merged_into_id is None:
        found = topics.one(row, at=at(request), days=days, language=actor_of(request).language)
    if found is None:
        raise NotFound
    return plain(found)


@triage.put("/topics/{int:topic_id}/name", response=TopicOut, summary="Give a topic a name")
@operation("triage.api_name_topic", who=DECIDERS, scope="cases:write", guarded=True)
def name(request: HttpRequest, topic_id: PathId, body: TopicName, days: Days = DAYS_OF_ONE) -> HttpResponse:
    """It keeps the name through later runs; an empty one gives it back the machine's."""
    with unchanged(request, lambda: _present(request, topic_id, days)):
        deciding.rename(actor=actor_of(request), topic_id=topic_id, name=body.name, at=at(request))
    return answer_tagged(request, _present(request, topic_id, days))


@triage.put("/topics/{int:topic_id}/known", response=TopicOut, summary="Mark a topic as known, or as open")
@operation("triage.api_know_topic", who=DECIDERS, scope="cases:write", guarded=True)
def known(request: HttpRequest, topic_id: PathId, body: TopicKnown, days: Days = DAYS_OF_ONE) -> HttpResponse:
    """A known topic says why."""
    with unchanged(request, lambda: _present(request, topic_id, days)):
        deciding.mark(
            actor=actor_of(request), topic_id=topic_id, known=body.known, note=body.note, at=at(request)
        )
    return answer_tagged(request, _present(request, topic_id, days))


@triage.post("/topics/{int:topic_id}/merge", response=TopicOut, summary="Make a topic part of another")
@operation("triage.api_merge_topic", who=DECIDERS, scope="cases:write")
def merge(request: HttpRequest, topic_id: PathId, body: TopicMerge, days: Days = DAYS_OF_ONE) -> HttpResponse:
    """Gives the topic that stays. Said again, it changes nothing and gives the same."""
    deciding.merge(actor=actor_of(request), topic_id=topic_id, into_id=body.into, at=at(request))
    return answer_tagged(request, _present(request, body.into, days))


@triage.put("/topics/{int:topic_id}/cases/{number}", response=TopicOut, summary="Put a case into a topic")
@operation("triage.api_put_into_topic", who=DECIDERS, scope="cases:write", guarded=True)
def put_in(request: HttpRequest, topic_id: PathId, number: str, days: Days = DAYS_OF_ONE) -> HttpResponse:
    """It leaves the topic it was in; later runs leave it here."""
    with unchanged(request, lambda: _present(request, topic_id, days)):
        deciding.put_in(actor=actor_of(request), topic_id=topic_id, number=number, at=at(request))
    return answer_tagged(request, _present(request, topic_id, days))


@triage.delete(
    "/topics/{int:topic_id}/cases/{number}", response={204: None}, summary="Take a case out of a topic"
)
@operation("triage.api_take_out_of_topic", who=DECIDERS, scope="cases:write")
def take_out(request: HttpRequest, topic_id: PathId, number: str) -> HttpResponse:
    """Later runs do not put it back."""
    deciding.take_out(actor=actor_of(request), topic_id=topic_id, number=number, at=at(request))
    return HttpResponse(status=204)


@triage.post(
    "/topics/{int:topic_id}/joint", response=TopicJointOut, summary="Make one case the topic's joint case"
)
@operation("triage.api_join_topic", who=DECIDERS, scope="cases:write")
def joint(request: HttpRequest, topic_id: PathId, body: TopicJoint) -> HttpResponse:
    """The others named are merged into it, each by its own move; what cannot be stays as it is, with the reason."""
    _, outcomes = deciding.join_up(
        actor=actor_of(request), topic_id=topic_id, head=body.head, numbers=body.numbers, at=at(request)
    )
    return answer(
        {"head": body.head, "items": [{"number": one.number, "hindrance": one.why} for one in outcomes]}
    )
