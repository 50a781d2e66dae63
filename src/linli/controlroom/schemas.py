"""What the API takes and gives about figures."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from ninja import Schema
from pydantic import AfterValidator, ConfigDict, Field, WithJsonSchema

from linli.cases.schemas.case import CaseOut
from linli.controlroom.rules.catalog import Of
from linli.controlroom.rules.definitions import USES
from linli.controlroom.rules.exclusions import EXCLUDABLE, REASONS
from linli.controlroom.rules.figures import By
from linli.controlroom.rules.verdicts import Verdict
from linli.kernel.api_types import Asked, CommunityCode, Day, Line, Moment, Named, Text, Yes


def _one_of(*known: str) -> Any:
    """A code out of a list that the rules hold."""

    def check(given: str) -> str:
        if given not in known:
            raise ValueError("unknown")
        return given

    return AfterValidator(check), WithJsonSchema({"type": "string", "enum": list(known)})


Rate = Annotated[str, *_one_of(*USES)]
Excludable = Annotated[str, *_one_of(*EXCLUDABLE)]
Reason = Annotated[str, *_one_of(*REASONS)]
Unit = Literal["share", "cases", "hours", "points"]


class SpecOut(Schema):
    """A figure of the catalogue."""

    code: Annotated[str, Field(examples=["solved_rate"])]
    unit: Unit
    of: Of
    defined: Annotated[bool, Field(description="whether the community decides how it is counted")]
    name: Annotated[str, Field(examples=["解决率"], description="in your language")]
    formula: Annotated[str, Field(examples=["居民认为已解决的件 ÷ 居民已表态的件。"])]


class FigureOut(Schema):
    """A figure as of a moment. Without anything to measure its value is null."""

    code: Annotated[str, Field(examples=["solved_rate"])]
    value: Annotated[float | None, Field(examples=[0.9125], description="a share is 0 to 1")]
    unit: Unit
    numerator: Annotated[int | None, Field(examples=[73])]
    denominator: Annotated[int | None, Field(examples=[80])]
    excluded: Annotated[int, Field(examples=[6])]
    reasons: Annotated[dict[str, int], Field(examples=[{"silent": 6}], description="why cases are left out")]
    at: Moment
    definition: Annotated[
        str,
        Field(examples=["17"], description="id of the version; `shipped`; empty where nothing is decided"),
    ]
    group: Annotated[str, Field(examples=["12"], description="of the breakdown; `-` for none")]
    marks: Annotated[list[str], Field(examples=[["below_floor:sign_rate"]])]


class FiguresOut(Schema):
    """Figures of a period."""

    since: Day
    until: Annotated[Day, Field(description="its last day")]
    by: Annotated[By | Literal[""], Field(examples=["organisation"])]
    at: Moment
    figures: list[FigureOut]


class FigureRow(CaseOut):
    """A case behind a figure; of a rate with what the rate says of it."""

    verdict: Annotated[Verdict | None, Field(description="why it counts or does not; null for plain counts")]


class FigureRows(Schema):
    """A page of the cases behind a part of a figure."""

    items: list[FigureRow]
    cursor: Annotated[str, Field(examples=[""])]
    total: Annotated[int, Field(examples=[73])]


class DefinitionIn(Asked):
    """How a rate is counted from a day on. What is not said is as it is held on that day."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {
                    "community": "520113008006",
                    "code": "solved_rate",
                    "says": {"unreachable": "against", "leave_out": ["inquiry"]},
                    "valid_from": "2027-01-01",
                    "why": "与街道考核一致",
                }
            ]
        },
    )
    community: CommunityCode
    code: Rate
    says: Annotated[dict[str, Any], Field(description="the fields of the definition, see docs/figures.md")]
    valid_from: Annotated[Day | None, Field(description="without it today")] = None
    why: Annotated[Named, Field(max_length=200)]
    source: Annotated[Line, Field(max_length=200)] = ""


class DefinitionOut(Schema):
    """A version of how a rate is counted."""

    id: Annotated[int | None, Field(examples=[17], description="null for the shipped one")]
    code: Annotated[str, Field(examples=["solved_rate"])]
    valid_from: Day | None
    valid_to: Annotated[Day | None, Field(description="its last day")]
    says: Annotated[dict[str, Any], Field(examples=[{"unreachable": "dropped"}])]
    words: Annotated[
        list[str], Field(examples=[["联系不上的居民：剔除不计"]], description="in your language")
    ]
    why: Annotated[str, Field(examples=["与街道考核一致"])]
    source: Annotated[str, Field(examples=["街道〔2026〕18 号"])]


class ExclusionIn(Asked):
    """One case to be left out of rates."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {
                    "number": "261123278027",
                    "codes": ["solved_rate"],
                    "reason": "force_majeure",
                    "why": "台风停电两天",
                }
            ]
        },
    )
    number: Annotated[str, Field(pattern=r"^[0-9]{12}$")]
    codes: Annotated[list[Excludable], Field(max_length=20, description="empty: all rates")] = []
    reason: Reason
    why: Annotated[Text, Field(min_length=4, max_length=2000)]


class VerdictIn(Asked):
    """The second person's decision."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"granted": True, "answer": "属实，同意。"}]}
    )
    granted: Yes
    answer: Annotated[Text, Field(min_length=4, max_length=2000)]


class ExclusionOut(Schema):
    """One case left out of rates, or asked to be."""

    id: Annotated[int, Field(examples=[4])]
    number: Annotated[str, Field(examples=["261123278027"])]
    codes: Annotated[list[str], Field(examples=[["solved_rate"]], description="empty: all rates")]
    reason: Annotated[str, Field(examples=["force_majeure"])]
    why: Annotated[str, Field(examples=["台风停电两天"])]
    asked_by: Annotated[int, Field(examples=[97])]
    asked_at: Moment
    granted: bool | None
    answer: Annotated[str, Field(examples=["属实，同意。"])]
    decided_by: Annotated[int | None, Field(examples=[101])]
    decided_at: Moment | None
    lifted_at: Moment | None
