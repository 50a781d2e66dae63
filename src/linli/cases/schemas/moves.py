"""Moves: one, many at once, and the reporter's own by receipt."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated

from ninja import Schema
from pydantic import ConfigDict, Field, JsonValue

from linli.cases.rules.intake import MAX_WORDS, clean_words
from linli.cases.rules.moves import Given
from linli.cases.rules.promises import Urgency
from linli.cases.rules.workflow import State, Verb
from linli.cases.schemas.report import Number, PlaceIn, Secret, Tickets
from linli.kernel.api_types import Asked, FieldProblem, Id, Line, Moment, Whole, Yes

Words = Annotated[str, Field(max_length=MAX_WORDS)]
MOST = 100
_DISPATCH: dict[str, JsonValue] = {
    "verb": "dispatch",
    "category": "facilities.lighting",
    "organisation_id": 7,
}
_HANDLED: dict[str, JsonValue] = {
    "verb": "handled",
    "answer": "已更换灯泡,今晚恢复照明。",
    "uploads": ["0d0c2a4e-6a55-4f0f-9d3e-3a0b8f2f7c11"],
}


class MoveIn(Asked):
    """One move on a case. Which fields are needed depends on the verb: `moves` of the case says it."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [_DISPATCH, _HANDLED]})
    verb: Verb
    reason: Annotated[Line, Field(max_length=30)] = ""
    note: Annotated[Words, Field(description="internal; residents never read it")] = ""
    answer: Annotated[Words, Field(description="the resident reads it")] = ""
    words: Words = ""
    category: Annotated[Line, Field(max_length=60)] = ""
    urgency: Urgency | None = None
    organisation_id: Id | None = None
    handler_id: Id | None = None
    target: Annotated[Line, Field(max_length=20, description="number of the case to merge into")] = ""
    ruling: Annotated[Line, Field(max_length=10, description="upheld, overruled or assigned")] = ""
    request: Annotated[Line, Field(max_length=10, description="extend, pause or hang")] = ""
    amount: Annotated[Decimal, Field(gt=0, le=1000, decimal_places=2, max_digits=8)] | None = None
    until: Moment | None = None
    granted: Yes | None = None
    solved: Yes | None = None
    reached: Yes | None = None
    stars: Annotated[Whole, Field(ge=1, le=5)] | None = None
    place: PlaceIn | None = None
    task_id: Id | None = None
    uploads: Tickets = []
    public_words: Annotated[Words, Field(description="what the neighbours read once it is published")] = ""
    publish: Yes | None = None
    letter: Annotated[Line, Field(max_length=8, description="of a supervision: letter or talk")] = ""
    supervisor_id: Annotated[Id | None, Field(description="who supervises; otherwise you")] = None

    def given(self) -> Given:
        """As the rules read it."""
        return Given(
            verb=self.verb,
            reason=self.reason,
            note=clean_words(self.note),
            answer=clean_words(self.answer),
            words=clean_words(self.words),
            public_words=clean_words(self.public_words),
            organisation_id=self.organisation_id,
            handler_id=self.handler_id,
            target=self.target,
            ruling=self.ruling,
            request=self.request,
            amount=self.amount,
            until=self.until,
            granted=self.granted,
            solved=self.solved,
            reached=self.reached,
            stars=self.stars,
            task_id=self.task_id,
            publish=self.publish,
            letter=self.letter,
            supervisor_id=self.supervisor_id,
            category_code=self.category,
            urgency=self.urgency.value if self.urgency else "",
            place=self.place.given() if self.place else None,
            uploads=tuple(self.uploads),
        )


class OneOfMany(MoveIn):
    """A move on one of many cases; ``version`` does for each what If-Match does for one."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"examples": [{"number": "261123048213", "version": 1, **_DISPATCH}]},
    )
    number: Annotated[Line, Field(max_length=20)]
    version: Annotated[Whole, Field(ge=1, le=10**9)] | None = None


class ManyIn(Asked):
    """Moves on up to 100 cases, each whole or not at all, none depending on another."""

    moves: Annotated[list[OneOfMany], Field(min_length=1, max_length=MOST)]


class Hindrance(Schema):
    """Why a move was not made: what the problem of a single move would say."""

    status: Annotated[int, Field(examples=[409])]
    code: Annotated[str, Field(examples=["wrong_state"])]
    errors: list[FieldProblem]


class OutcomeOut(Schema):
    """What became of one of them."""

    number: Number
    done: bool
    state: State | None
    version: Annotated[int | None, Field(examples=[2])]
    problem: Annotated[Hindrance | None, Field(examples=[None], description="why it was not done")]


class ManyOut(Schema):
    """What became of each, in the order they were sent."""

    items: list[OutcomeOut]


class MoveByReceipt(MoveIn):
    """What a reporter does with number and code in hand: add, urge, withdraw, rate, reopen."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {
                    "number": "261123048213",
                    "code": "7K3M-9QWX-0AB4-ZT2F",
                    "verb": "rate",
                    "solved": True,
                    "stars": 5,
                }
            ]
        },
    )
    number: Annotated[Line, Field(max_length=20)]
    code: Secret
