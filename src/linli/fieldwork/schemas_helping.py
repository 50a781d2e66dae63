"""What the API of help to residents and of re-visits takes and gives."""

from __future__ import annotations

from typing import Annotated

from ninja import Schema
from pydantic import Field

from linli.fieldwork.rules.services import ANSWER_MOST, WORDS_MOST
from linli.kernel.api_types import Asked, Id, Moment, Text

KindCode = Annotated[str, Field(pattern=r"^[a-z0-9_]{1,24}$", examples=["e_commerce"])]


class HelpIn(Asked):
    """Help that was given: to a dwelling of one's own grid or to a phone, one of them."""

    grid_id: Annotated[Id, Field(examples=[22])]
    kind: KindCode
    words: Annotated[Text, Field(min_length=1, max_length=WORDS_MOST, examples=["帮忙把干货上架"])]
    dwelling_id: Annotated[Id | None, Field(examples=[1775])] = None
    phone: Annotated[str, Field(max_length=20, pattern=r"^[0-9+ -]*$", examples=[""])] = ""
    at: Annotated[Moment | None, Field(description="when it was given; without it now")] = None


class HelpOut(Schema):
    """A service, without whom it was for and without its words."""

    id: Annotated[int, Field(examples=[9])]
    worker_id: Annotated[int, Field(examples=[17])]
    grid_id: Annotated[int, Field(examples=[22])]
    kind: KindCode
    at: Moment
    confirmed_by: Annotated[str, Field(pattern="^(tap|code|call_back|)$", examples=["tap"])]
    confirmed_at: Moment | None
    denied: Annotated[bool, Field(examples=[False])]


class HelpCodeIn(Asked):
    """The code that the resident read out."""

    code: Annotated[str, Field(min_length=1, max_length=12, examples=["123456"])]


class MyHelpOut(Schema):
    """Help that was written down for the caller or their household."""

    id: Annotated[int, Field(examples=[9])]
    kind: KindCode
    at: Moment
    words: Annotated[str, Field(examples=["帮忙把干货上架"])]
    answer: Annotated[str, Field(pattern="^(yes|no|)$", examples=[""])]


class HelpAnswerIn(Asked):
    """Whether it happened."""

    said: Annotated[str, Field(pattern="^(yes|no)$", examples=["yes"])]
    words: Annotated[Text, Field(max_length=ANSWER_MOST, examples=[""])] = ""


class RecheckOut(Schema):
    """A record that was looked at again; `outcome` is empty while it is open and where nothing could be found out."""

    id: Annotated[int, Field(examples=[4])]
    record: Annotated[str, Field(pattern="^(visit|service|patrol|head_count|case)$", examples=["service"])]
    record_id: Annotated[int, Field(examples=[9])]
    worker_id: Annotated[int, Field(examples=[17])]
    grid_id: Annotated[int | None, Field(examples=[22])]
    drawn: Annotated[str, Field(pattern="^(random|signal)$", examples=["random"])]
    outcome: Annotated[str, Field(pattern="^(true|mistaken|false|)$", examples=["true"])]
    decided_at: Moment | None
