"""Me too: what neighbours may know of a case, joining it, and a word on its answer."""

from __future__ import annotations

from typing import Annotated

from ninja import Schema
from pydantic import ConfigDict, Field

from linli.cases.rules.workflow import State
from linli.cases.schemas.case import LikenessReason
from linli.cases.schemas.moves import Words
from linli.cases.schemas.report import Number, Secret
from linli.kernel.api_types import Asked, CommunityCode, Line, Moment, Whole, Yes

Typed = Annotated[Line, Field(max_length=20)]


class NeighbourCase(Schema):
    """An open case as its neighbours may see it: never who said it, the words only where their reporter agreed."""

    number: Number
    category: Annotated[
        str, Field(examples=["facilities.streetlight"], description="decided, or else proposed")
    ]
    kind: Annotated[str, Field(examples=["help"])]
    grid: Annotated[str, Field(examples=["第 3 网格"])]
    building: Annotated[str, Field(examples=["8 栋"])]
    state: State
    reported_at: Moment
    supporters: Annotated[
        int, Field(examples=[2], description="people who say the same, beside the reporter")
    ]
    words: Annotated[str, Field(examples=[""], description="masked; empty where the reporter did not agree")]


class NeighbourLike(NeighbourCase):
    """An open case that may be the same matter."""

    certainty: Annotated[float, Field(ge=0, le=1, examples=[0.87])]
    reasons: list[LikenessReason]
    meters: Annotated[int | None, Field(examples=[25])]


class NeighbourLikes(Schema):
    """What neighbours reported already that may be the same matter, the likeliest first."""

    items: list[NeighbourLike]


class JoinIn(Asked):
    """Me too. A passer-by who is not signed in leaves a phone, or sends an Idempotency-Key of their own."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"examples": [{"community": "520113008006", "words": "我们单元门口也是"}]},
    )
    community: CommunityCode
    words: Annotated[Words, Field(description="what there is to add; staff alone read it")] = ""
    contact_phone: Annotated[Line, Field(max_length=20)] = ""


class JoinOut(Schema):
    """A receipt of one's own: the case's number (the head's, if it was merged) with a code."""

    number: Number
    code: Secret
    supporters: Annotated[int, Field(examples=[3])]


class JoinedOut(NeighbourCase):
    """A case that one has joined, with its answer once there is one, and one's own word on it."""

    due_at: Moment | None
    answer: Annotated[str, Field(examples=["灯泡已更换,今晚恢复照明。"])]
    joined_at: Moment
    own_words: Annotated[str, Field(examples=["我们单元门口也是"])]
    solved: Annotated[bool | None, Field(description="one's own word", examples=[None])]
    stars: Annotated[int | None, Field(examples=[None])]


class JoinedList(Schema):
    """What one has joined and not left, the newest first."""

    items: list[JoinedOut]


class WordIn(Asked):
    """Is it solved for you? Once the case is settled."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"solved": True, "stars": 5}]})
    solved: Yes
    stars: Annotated[Whole, Field(ge=1, le=5)] | None = None
    words: Annotated[str, Field(max_length=2000)] = ""
    again: Annotated[Yes, Field(description="if it is not solved: take it up again")] = False


class WordByReceipt(WordIn):
    """The same with the receipt in hand."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [{"number": "261123048213", "code": "7K3M-9QWX-0AB4-ZT2F", "solved": True}]
        },
    )
    number: Typed
    code: Secret


class AnotherIn(Asked):
    """Two cases are different matters (另案); with ``undo`` that is taken back."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"other": "261123048213"}]})
    other: Annotated[Typed, Field(description="number of the other case")]
    undo: Yes = False


class AnotherOut(Schema):
    """What holds now of the two."""

    number: Number
    other: Number
    another_matter: bool
