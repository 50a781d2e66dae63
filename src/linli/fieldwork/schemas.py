"""What the API of the daily work takes and gives."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated

from ninja import Schema
from pydantic import Field

from linli.fieldwork.rules.patrols import Position
from linli.fieldwork.rules.visits import WORDS_MOST
from linli.fieldwork.rules.words import Need, Outcome, PatrolEnd, Purpose
from linli.kernel.api_types import Asked, Day, Id, Moment, Text


def _one_of(table: Iterable[str], *more: str) -> str:
    """The codes of a table as a pattern."""
    return f"^({'|'.join([*table, *more])})$"


PurposeCode = Annotated[str, Field(pattern=_one_of(Purpose), examples=["listen"])]
OutcomeCode = Annotated[str, Field(pattern=_one_of(Outcome), examples=["met"])]
NeedCode = Annotated[str, Field(pattern=_one_of(Need, ""), examples=["lives_alone"])]


class VisitIn(Asked):
    """A visit to a household of one's own grid; with words for a case that is made of it at once."""

    dwelling_id: Annotated[Id, Field(examples=[1775])]
    purpose: PurposeCode
    outcome: OutcomeCode
    at: Annotated[Moment | None, Field(description="when it took place; without it now")] = None
    words: Annotated[Text, Field(max_length=WORDS_MOST, examples=["问起医保续费"])] = ""
    plan_id: Annotated[Id | None, Field(examples=[12])] = None
    follow_up_date: Day | None = None
    report: Annotated[Text, Field(max_length=2000, examples=[""])] = ""


class VisitOut(Schema):
    """A visit without its words."""

    id: Annotated[int, Field(examples=[7])]
    worker_id: Annotated[int, Field(examples=[17])]
    grid_id: Annotated[int, Field(examples=[22])]
    dwelling_id: Annotated[int, Field(examples=[1775])]
    need: NeedCode
    purpose: PurposeCode
    outcome: OutcomeCode
    at: Moment
    made_at: Moment
    follow_up_date: Day | None
    followed_up: bool


class VisitDueOut(Schema):
    """A day on which a care plan asked for a visit, whose it was then, and when it was met."""

    plan_id: Annotated[int, Field(examples=[12])]
    worker_id: Annotated[int, Field(examples=[17])]
    grid_id: Annotated[int, Field(examples=[22])]
    need: NeedCode
    due_date: Day
    met_at: Moment | None


class PatrolIn(Asked):
    """A patrol of one's grid; the one that is open already is given back."""

    grid_id: Annotated[Id, Field(examples=[22])]


class PatrolOut(Schema):
    """A patrol: when, how it ended, how many points were sent and cases made. Where is for its worker alone."""

    id: Annotated[int, Field(examples=[5])]
    worker_id: Annotated[int, Field(examples=[17])]
    grid_id: Annotated[int, Field(examples=[22])]
    started_at: Moment
    ended_at: Moment | None
    ended_how: Annotated[str, Field(pattern=_one_of(PatrolEnd, ""), examples=["worker"])]
    points: Annotated[int, Field(examples=[6])]
    findings: Annotated[int, Field(examples=[1])]


class PositionIn(Asked):
    """Where the worker was: degrees in WGS-84, within the patrol."""

    lon: Annotated[float, Field(ge=-180, le=180, examples=[106.6301])]
    lat: Annotated[float, Field(ge=-90, le=90, examples=[26.6476])]
    at: Moment

    def position(self) -> Position:
        """As the rules read it."""
        return Position(self.lon, self.lat, self.at)


class PositionsIn(Asked):
    """Positions that the worker chose to send."""

    positions: Annotated[list[PositionIn], Field(min_length=1, max_length=200)]


class PositionsOut(Schema):
    """How many of the positions were new and are kept."""

    kept: Annotated[int, Field(examples=[3])]


class HandOverOut(Schema):
    """A hand-over, and how many of its items were taken."""

    id: Annotated[int, Field(examples=[2])]
    from_id: Annotated[int, Field(examples=[17])]
    to_id: Annotated[int, Field(examples=[18])]
    grid_id: Annotated[int, Field(examples=[22])]
    at: Moment
    accepted_at: Moment | None
    items: Annotated[int, Field(examples=[3])]
    taken: Annotated[int, Field(examples=[3])]
