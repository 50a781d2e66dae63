"""What the API of assessment gives and takes."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any

from ninja import Schema
from pydantic import Field

from linli.assessment.rules.objections import LEAST_WORDS, MOST_WORDS
from linli.kernel.api_types import Asked, Id, Text


class BothOut(Schema):
    """The same in Chinese and English."""

    zh: Annotated[str, Field(examples=["按时办结率"])]
    en: Annotated[str, Field(examples=["Done in time"])]


class IndicatorOut(Schema):
    """What an indicator counts."""

    code: Annotated[str, Field(examples=["on_time"])]
    name: BothOut
    says: BothOut
    formula: BothOut
    unit: Annotated[str, Field(examples=["share"])]
    kind: Annotated[str, Field(examples=["outcome"])]
    direction: Annotated[str, Field(examples=["more"])]
    source: Annotated[str, Field(examples=["cases"])]
    pair: Annotated[str, Field(examples=["repeat_problems"], description="what keeps it honest")]
    minimum: Annotated[int, Field(examples=[3], description="rows below which it says nothing")]


class SchemeOut(Schema):
    """A scheme as it holds now; `says` is the whole of it."""

    id: Annotated[int, Field(examples=[2])]
    level: Annotated[str, Field(examples=["worker"])]
    period: Annotated[str, Field(examples=["week"])]
    version: Annotated[int, Field(examples=[1])]
    valid_from: Annotated[date, Field(examples=["2026-11-23"])]
    legal_basis: Annotated[str, Field(examples=[""])]
    breaks: Annotated[list[str], Field(examples=[[]], description="rules it breaks, published on that basis")]
    says: dict[str, Any]


class RunOut(Schema):
    """One version of a run."""

    id: Annotated[int, Field(examples=[14])]
    scheme_id: Annotated[int, Field(examples=[2])]
    since: Annotated[date, Field(examples=["2026-11-16"])]
    until: Annotated[date, Field(examples=["2026-11-23"], description="the first day after it")]
    version: Annotated[int, Field(examples=[1])]
    state: Annotated[str, Field(examples=["announced"])]
    cause: Annotated[str, Field(examples=["due"])]
    ranked: Annotated[bool, Field(examples=[True])]
    subjects: Annotated[int, Field(examples=[12])]
    computed_at: Annotated[datetime, Field(examples=["2026-11-24T01:00:00Z"])]
    announced_at: Annotated[datetime | None, Field(examples=["2026-11-24T02:00:00Z"])]
    appeals_until: Annotated[datetime | None, Field(examples=["2026-11-29T02:00:00Z"])]
    final_at: Annotated[datetime | None, Field(examples=[None])]
    digest: Annotated[str, Field(examples=["9f2c" * 16], description="SHA-256 of what it was computed from")]
    code_version: Annotated[
        str, Field(examples=["41d7" * 16], description="SHA-256 of the program that computed it")
    ]


class ScoreOut(Schema):
    """One result. Points are thousandths of a point."""

    subject_kind: Annotated[str, Field(examples=["worker"])]
    subject_id: Annotated[int, Field(examples=[17], description="account, or place")]
    points: Annotated[int | None, Field(examples=[91_250])]
    rank: Annotated[int | None, Field(examples=[3])]
    peers: Annotated[int, Field(examples=[12])]
    band: Annotated[int, Field(examples=[0])]


class LeftOut(Schema):
    """A row that was not counted."""

    row: Annotated[int, Field(examples=[88])]
    why: Annotated[str, Field(examples=["withdrawn"])]


class PartOut(Schema):
    """One part of a result, with the ids of every row behind it."""

    indicator: Annotated[str, Field(examples=["on_time"])]
    numerator: Annotated[int, Field(examples=[9])]
    denominator: Annotated[int, Field(examples=[10])]
    points: Annotated[int, Field(examples=[18_000])]
    most: Annotated[int, Field(examples=[20_000])]
    why: Annotated[str, Field(examples=[""], description="why it gave nothing of its own")]
    source: Annotated[str, Field(examples=["cases"])]
    counted: Annotated[list[int], Field(examples=[[71, 74]])]
    rest: Annotated[list[int], Field(examples=[[75]])]
    left_out: list[LeftOut]


class ExplainedOut(ScoreOut):
    """A result with its parts, which add up to it."""

    parts: list[PartOut]


class AppealIn(Asked):
    """What is wrong, in which part, and (if it is one) about which row."""

    subject_id: Id
    indicator: Annotated[str, Field(pattern=r"^[a-z_]{1,40}$", examples=["on_time"])]
    words: Annotated[
        Text,
        Field(min_length=LEAST_WORDS, max_length=MOST_WORDS, examples=["那天停电，居民让我第二天再去。"]),
    ]
    row_id: Annotated[Id | None, Field(examples=[75])] = None


class AppealOut(Schema):
    """An appeal as it stands."""

    id: Annotated[int, Field(examples=[5])]
    run_id: Annotated[int, Field(examples=[14])]
    subject_id: Annotated[int, Field(examples=[17])]
    indicator: Annotated[str, Field(examples=["on_time"])]
    row_id: Annotated[int | None, Field(examples=[75])]
    words: Annotated[str, Field(examples=["那天停电，居民让我第二天再去。"])]
    made_at: Annotated[datetime, Field(examples=["2026-11-25T02:00:00Z"])]
    state: Annotated[str, Field(examples=["open"])]
    answer: Annotated[str, Field(examples=[""])]
    decided_at: Annotated[datetime | None, Field(examples=[None])]
