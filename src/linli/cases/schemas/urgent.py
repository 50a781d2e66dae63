"""Urgent words, what to do then, and alarms."""

from __future__ import annotations

from typing import Annotated

from ninja import Schema
from pydantic import ConfigDict, Field

from linli.cases.actions.settings.urgent import AdviceSheet, Line
from linli.cases.rules.promises import Urgency
from linli.cases.rules.ringing import Cause
from linli.cases.rules.urgent_phrases import MOST_PHRASE, MOST_WORDS, DangerKind
from linli.cases.rules.urgent_words import Why
from linli.cases.schemas.report import Number
from linli.kernel.api_types import Asked, CommunityCode, Day, Moment, Named, Text, Yes
from linli.kernel.api_types import Line as OneLine

Word = Annotated[OneLine, Field(max_length=40)]
Words = Annotated[list[Word], Field(max_length=MOST_WORDS)]


class UrgentLineSheet(Asked):
    """What a line says.

    Either-or words with `/` between them; `…` or `...` lets something stand between (`……` or `......` a comma too).
    """

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {"kind": "gas", "phrase": "煤气/燃气...泄漏/味", "beside": ["安检"], "valid_from": None}
            ]
        },
    )
    kind: DangerKind
    phrase: Annotated[Named, Field(max_length=MOST_PHRASE)]
    level: Annotated[Urgency, Field(description="when it happens now; critical rings")] = Urgency.CRITICAL
    may_come: Annotated[Urgency, Field(description="when it may come")] = Urgency.NORMAL
    inside: Annotated[Words, Field(description="longer words that hold it and are harmless")] = []
    beside: Annotated[Words, Field(description="words of the same clause that make it harmless")] = []
    on: Yes = True
    valid_from: Annotated[Day | None, Field(description="without it today")] = None

    def line(self) -> Line:
        """As the action reads it."""
        return Line(
            kind=self.kind.value,
            phrase=self.phrase,
            level=self.level.value,
            may_come=self.may_come.value,
            inside=tuple(word.lower() for word in self.inside if word),
            beside=tuple(word.lower() for word in self.beside if word),
            on=self.on,
        )


class UrgentLineIn(UrgentLineSheet):
    """A line of the community's own."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {"community": "520113008006", "kind": "hazard", "phrase": "水塔...漏/裂", "level": "urgent"}
            ]
        },
    )
    community: CommunityCode


class UrgentLineOut(Schema):
    """A line of the list."""

    code: Annotated[str, Field(examples=["fire.burning"])]
    kind: DangerKind
    phrase: Annotated[str, Field(examples=["着火/起火/on fire"])]
    level: Urgency
    may_come: Urgency
    inside: Annotated[list[str], Field(examples=[["一起火"]])]
    beside: Annotated[list[str], Field(examples=[["误报"]])]
    on: bool
    own: Annotated[bool, Field(description="the community's own, or its version of a shipped one")]


class TryIn(Asked):
    """A sentence to be tried; nothing is kept."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"examples": [{"community": "520113008006", "words": "去年着过火，现在又冒烟了"}]},
    )
    community: CommunityCode
    words: Annotated[Text, Field(max_length=600)]


class UrgentFoundOut(Schema):
    """A word of the list in a sentence, how it counts there and why."""

    code: Annotated[str, Field(examples=["fire.smoke"])]
    kind: DangerKind
    words: Annotated[str, Field(examples=["冒烟"])]
    level: Urgency
    why: Why
    because: Annotated[str, Field(examples=[""], description="the words that decided otherwise")]


class SoundsLike(Schema):
    """What a sentence sounds like."""

    urgency: Urgency
    rings: bool
    list_version: Annotated[str, Field(examples=["list-3"], description="the version of the list")]
    found: list[UrgentFoundOut]


class CallOut(Schema):
    """A number to call."""

    number: Annotated[str, Field(examples=["119"])]
    name_zh: Annotated[str, Field(examples=["火警"])]
    name_en: Annotated[str, Field(examples=["Fire"])]


class CallIn(Asked):
    """A number to call and whom one reaches there."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"examples": [{"number": "119", "name_zh": "火警", "name_en": "Fire"}]},
    )
    number: Annotated[Named, Field(max_length=20)]
    name_zh: Annotated[Named, Field(max_length=20)]
    name_en: Annotated[OneLine, Field(max_length=30)] = ""


class AdviceIn(Asked):
    """What to do now in a kind of danger, in the community's own words."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {
                    "numbers": [{"number": "119", "name_zh": "火警", "name_en": "Fire"}],
                    "words_zh": "先离开,再打119。",
                    "words_en": "Leave first, then call 119.",
                }
            ]
        },
    )
    numbers: Annotated[list[CallIn], Field(max_length=4)] = []
    words_zh: Annotated[Text, Field(min_length=1, max_length=600)]
    words_en: Annotated[Text, Field(max_length=900)] = ""
    desk_zh: Annotated[Text, Field(max_length=600, description="what the desk does")] = ""
    desk_en: Annotated[Text, Field(max_length=900)] = ""

    def sheet(self) -> AdviceSheet:
        """As the action reads it."""
        numbers = tuple((one.number, one.name_zh, one.name_en) for one in self.numbers)
        return AdviceSheet(numbers, self.words_zh, self.words_en, self.desk_zh, self.desk_en)


class AdviceOut(Schema):
    """What to do now in a kind of danger."""

    kind: DangerKind
    numbers: list[CallOut]
    words_zh: Annotated[str, Field(examples=["先离开，再打119。"])]
    words_en: Annotated[str, Field(examples=["Leave first, then call 119."])]
    own: bool


class AlarmOut(Schema):
    """An alarm that nobody has answered."""

    number: Number
    kinds: list[DangerKind]
    cause: Cause
    rung_at: Moment
    level: Annotated[int, Field(examples=[0], description="how often it went on to more people")]


class AlarmAnswered(Schema):
    """Who answered an alarm first, and when."""

    number: Number
    rung_at: Moment
    answered_at: Moment | None
    by_me: Annotated[bool, Field(description="you were the first")]
