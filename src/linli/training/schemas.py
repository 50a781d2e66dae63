"""What the API of training takes and gives."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

from ninja import Body, Path, Query, Schema
from pydantic import Field

from linli.kernel.api_types import Asked, Day, Line, Moment, Named, Text, Whole
from linli.training.rules.certificates import State
from linli.training.rules.course import Kind
from linli.training.rules.course_file import FORMAT
from linli.training.rules.handbook import REASON_MOST, SLUG_MOST, TITLE_MOST, WORDS_MOST

CODE = r"^[a-z0-9]+(-[a-z0-9]+)*$"
Slug = Annotated[str, Path(pattern=CODE, max_length=SLUG_MOST, description="code of a page")]
CourseCode = Annotated[str, Path(pattern=CODE, max_length=SLUG_MOST, description="code of a course")]
SecretCode = Annotated[
    str, Path(min_length=16, max_length=40, description="code of a certificate, as it is printed")
]
Looked = Annotated[str, Query(max_length=100, description="what somebody looks for")]


class PageOut(Schema):
    """A page of the handbook as it is read. Words are in the handbook's few signs, not HTML; English may be empty."""

    slug: Annotated[str, Field(examples=["taking-a-report"])]
    version: Annotated[int, Field(examples=[0], description="of the community's own; 0: the shipped page")]
    shipped: Annotated[int, Field(examples=[1], description="shipped version that it is, or is based on")]
    chapter_zh: str = Field(examples=["受理与处置"])
    chapter_en: str = Field(examples=["Taking in and settling"])
    title_zh: str = Field(examples=["把一件事接好"])
    title_en: str = Field(examples=["Taking a report well"])
    words_zh: str = Field(examples=["先听完，再记录。"])
    words_en: str = Field(examples=["Listen first, then write."])
    day: Day
    reason: str = Field(examples=["首版"])


class PageIn(Asked):
    """A draft of a page."""

    chapter_zh: Annotated[Named, Field(max_length=TITLE_MOST, examples=["受理与处置"])]
    chapter_en: Annotated[Line, Field(max_length=TITLE_MOST, examples=["Taking in and settling"])] = ""
    title_zh: Annotated[Named, Field(max_length=TITLE_MOST, examples=["把一件事接好"])]
    title_en: Annotated[Line, Field(max_length=TITLE_MOST, examples=["Taking a report well"])] = ""
    words_zh: Annotated[Text, Field(min_length=1, max_length=WORDS_MOST, examples=["先听完，再记录。"])]
    words_en: Annotated[Text, Field(max_length=WORDS_MOST, examples=["Listen first, then write."])] = ""
    rank: Annotated[Whole, Field(ge=0, le=9999, examples=[110])] = 500


class PublishIn(Asked):
    """Why something is published."""

    reason: Annotated[Named, Field(max_length=REASON_MOST, examples=["电话号码改了"])]


class TermsOut(Schema):
    """How a course is tested in a community."""

    questions: int = Field(examples=[15])
    passing: int = Field(examples=[80], description="percent")
    tries: int = Field(examples=[3])
    wait_hours: int = Field(examples=[24])
    valid_months: int = Field(examples=[24], description="0: without an end")
    roles: list[str] = Field(examples=[["grid_worker"]])


class LessonOut(Schema):
    """A lesson, without its words: a page of the handbook, or words of its own."""

    code: str = Field(examples=["denominators"])
    title_zh: str = Field(examples=["分子和分母"])
    title_en: str = Field(examples=["Numerator and denominator"])
    page: str = Field(examples=[""])


class CourseOut(Schema):
    """A course as a community offers it. Questions come with tests alone."""

    code: str = Field(examples=["data-literacy"])
    version: int = Field(examples=[1], description="0 until somebody takes the shipped course's test")
    title_zh: str = Field(examples=["数据素养"])
    title_en: str = Field(examples=["Data literacy"])
    about_zh: str = Field(examples=["会看数"])
    about_en: str = Field(examples=["Reading figures"])
    lessons: list[LessonOut]
    terms: TermsOut


CourseFile = Annotated[
    dict[str, Any],
    Field(
        description="a whole course, each part with its code; a lesson has words of its own or the code of a page",
        examples=[
            {
                "format": FORMAT,
                "code": "data-literacy",
                "title_zh": "数据素养",
                "title_en": "Data literacy",
                "lessons": [
                    {"code": "denominators", "title_zh": "分子和分母", "words_zh": "先问是多少里的多少。"}
                ],
                "questions": [
                    {
                        "code": "base-rate-1",
                        "kind": "single",
                        "lesson": "denominators",
                        "ask_zh": "哪个网格更好？",
                        "explain_zh": "分母不同。",
                        "options_zh": ["一号网格", "看不出来"],
                        "right": [2],
                    }
                ],
            }
        ],
    ),
]
CourseFileIn = Annotated[CourseFile, Body()]


class AskedOut(Schema):
    """A question of a test. Options have numbers; these are what is answered with."""

    code: str = Field(examples=["base-rate-1"])
    kind: str = Field(examples=["single"], pattern=f"^({'|'.join(Kind)})$")
    ask_zh: str = Field(examples=["哪个网格更好？"])
    ask_en: str = Field(examples=["Which grid does better?"])
    options: list[dict[str, Any]] = Field(
        examples=[[{"number": 2, "zh": "看不出来", "en": "Nobody can tell"}]]
    )
    unit_zh: str = Field(examples=["%"])
    unit_en: str = Field(examples=["%"])


class AnswerReviewOut(Schema):
    """How a question was answered, and why that is right or not."""

    code: str = Field(examples=["base-rate-1"])
    right: bool = Field(examples=[True])
    explain_zh: str = Field(examples=["分母不同。"])
    explain_en: str = Field(examples=["The denominators differ."])


class TestOut(Schema):
    """A test: its questions while it is open, and what was right once it is handed in."""

    id: int = Field(examples=[12])
    course: str = Field(examples=["data-literacy"])
    version: int = Field(examples=[1])
    begun_date: Day
    ended_at: Moment | None
    right: int | None = Field(examples=[13])
    asked: int = Field(examples=[15])
    passed: bool = Field(examples=[True])
    questions: list[AskedOut]
    review: list[AnswerReviewOut]
    certificate_id: int | None = Field(examples=[4])


Given = Annotated[list[Annotated[str, Field(max_length=30)]], Field(max_length=8)]


class AnswersIn(Asked):
    """Answers by the code of the question: the numbers of the options as the test gives them; of `ordering` the place
    of each of them, in the order of their numbers; of `true_false` `true` or `false`; of `number` the number itself.
    """

    answers: Annotated[dict[str, Given], Field(max_length=50, examples=[{"base-rate-1": ["2"]}])]


class CertificateOut(Schema):
    """A certificate of one's own."""

    id: int = Field(examples=[4])
    course: str = Field(examples=["data-literacy"])
    version: int = Field(examples=[1])
    code: str = Field(examples=["7K3M9QWX0AB4ZT2F"])
    name_shown: str = Field(examples=["short"], pattern="^(short|full|none)$")
    issued_at: Moment
    until_date: Day | None
    state: str = Field(examples=["valid"], pattern=f"^({'|'.join(State)})$")
    score: int = Field(examples=[87])


class VerifyOut(Schema):
    """What whoever has a certificate's code may know; the name as its holder chose."""

    state: str = Field(examples=["valid"], pattern=f"^({'|'.join(State)})$")
    course: str = Field(examples=["data-literacy"])
    title_zh: str = Field(examples=["数据素养"])
    title_en: str = Field(examples=["Data literacy"])
    name: str = Field(examples=["王*"])
    issued_date: date = Field(examples=["2026-11-20"])
    until_date: Day | None


class PassedOut(Schema):
    """A course that somebody passed."""

    id: int = Field(examples=[4])
    account_id: int = Field(examples=[17])
    course: str = Field(examples=["data-literacy"])
    version: int = Field(examples=[1])
    score: int = Field(examples=[87], description="whole percent, rounded down")
    right: int = Field(examples=[13])
    asked: int = Field(examples=[15])
    at: Moment
