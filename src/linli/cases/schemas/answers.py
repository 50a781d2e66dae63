"""A draft answer and what there is to say about it."""

from __future__ import annotations

from typing import Annotated

from ninja import Schema
from pydantic import ConfigDict, Field

from linli.cases.rules.intake import MAX_WORDS
from linli.cases.rules.workflow import Verb
from linli.kernel.api_types import Asked, Line, Text


class AnswerIn(Asked):
    """A draft answer to a case, before it leaves."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {"number": "261123048213", "answer": "物业电工今天上午换了灯泡,晚上已亮。", "verb": "close"}
            ]
        },
    )
    number: Annotated[Line, Field(max_length=20)]
    answer: Annotated[Text, Field(max_length=MAX_WORDS)]
    verb: Annotated[
        Verb, Field(description="the move it is for: handled, settle, close, reply or decline")
    ] = Verb.CLOSE


class RemarkOut(Schema):
    """Something to be said about an answer."""

    code: Annotated[str, Field(examples=["no_time"])]
    grave: Annotated[bool, Field(description="it may not leave like this")]
    value: Annotated[str, Field(examples=[""], description="what it is about")]
    words: Annotated[str, Field(examples=["It does not say when."])]


class AnswerRead(Schema):
    """What there is to say about an answer; nothing for a good one."""

    remarks: list[RemarkOut]
    version: Annotated[str, Field(examples=["answers-1"], description="of the rules it was read by")]
