"""What of a list is wanted: the filters of the queue as a program names them."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, Field

from linli.cases.queries import queue, reference
from linli.cases.rules.promises import Urgency
from linli.cases.rules.workflow import State
from linli.grids import queries as places
from linli.kernel.access import NotFound
from linli.kernel.api_types import BIGGEST, Line, Moment

View = Literal[
    "all",
    "open",
    "to_accept",
    "quarantined",
    "to_dispatch",
    "to_rule",
    "in_work",
    "to_sign",
    "to_check",
    "to_follow_up",
    "joint",
    "supervised",
    "escalated",
    "settled",
]
QueryId = Annotated[int, Field(ge=1, le=BIGGEST)]


class Wanted(BaseModel):
    """The filters of a list; all that are given hold together."""

    view: Annotated[View, Field(description="a tab of the workbench")] = "open"
    community: Annotated[
        str, Field(pattern=r"^([0-9]{12})?$", description="12-digit code; without it all of yours")
    ] = ""
    state: Annotated[State | None, Field(description="exactly this state; ask with view=all")] = None
    clock: Annotated[Literal["", "broken", "at_risk"], Field(description="how the next promise stands")] = ""
    whose: Annotated[
        Literal["", "mine", "tasks"],
        Field(description="mine: you handle them; tasks: a body of yours has a part to do (needs community)"),
    ] = ""
    category: Annotated[Line, Field(max_length=60, description="a code; its whole branch")] = ""
    urgency: Urgency | None = None
    place: Annotated[
        str,
        Field(
            max_length=200,
            pattern=r"^([0-9]{1,18}\.?)*$",
            description="a place's id, or its path (1.5.80.): the place and all below it",
        ),
    ] = ""
    organisation: Annotated[QueryId | None, Field(description="id of the body that has it")] = None
    handler: Annotated[QueryId | None, Field(description="account id of the person who has it")] = None
    q: Annotated[
        Line,
        Field(
            max_length=200,
            description="words of any length, a case number, or (for those who answer callers) a phone, exactly",
        ),
    ] = ""
    since: Annotated[Moment | None, Field(description="reported then or later")] = None
    until: Annotated[Moment | None, Field(description="reported before then")] = None
    order: Annotated[Literal["newest", "due"], Field(description="newest first, or due soonest first")] = (
        "newest"
    )

    def filter(self) -> queue.Filter:
        """As the queue reads it.

        :raises NotFound: no such community or place.
        """
        return queue.Filter(
            view=self.view,
            community_id=reference.community_id(self.community) if self.community else None,
            clock=self.clock,
            category=self.category,
            urgency=self.urgency.value if self.urgency else "",
            place_path=_path(self.place),
            organisation_id=self.organisation,
            handler_id=self.handler,
            q=self.q,
            order=self.order,
            since=self.since,
            until=self.until,
        )


def _path(place: str) -> str:
    """A path as it is; of an id the path."""
    if not place or "." in place.rstrip("."):
        return place
    found = places.place(min(int(place.rstrip(".")), BIGGEST))
    if found is None:
        raise NotFound
    return found.path
