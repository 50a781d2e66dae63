"""The attributes of a service: the standard's seven kinds, what fits each, and how answers become words of the case."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from linli.integrations.open311.rules import times
from linli.integrations.open311.rules.faults import Fault, wrong

CODE = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,39}")
MOST_LINE, MOST_TEXT, MOST_UNASKED = 200, 2000, 20
_NUMBER = re.compile(r"[+-]?\d{1,15}(\.\d{1,10})?", re.ASCII)
Answers = Mapping[str, Sequence[str]]


class DataType(StrEnum):
    """What kind of answer is wanted."""

    STRING = "string"
    NUMBER = "number"
    DATETIME = "datetime"
    TEXT = "text"
    ONE_OF = "singlevaluelist"
    SOME_OF = "multivaluelist"


LISTS = frozenset({DataType.ONE_OF, DataType.SOME_OF})


@dataclass(frozen=True, slots=True)
class Choice:
    """One value of a list."""

    key: str
    name: str


@dataclass(frozen=True, slots=True)
class Question:
    """An attribute in one language; not ``variable``: a text that is only shown."""

    code: str
    order: int
    datatype: DataType
    required: bool
    variable: bool
    description: str
    hint: str = ""
    choices: tuple[Choice, ...] = ()

    def name_of(self, key: str) -> str:
        """What a choice is called."""
        return next((choice.name for choice in self.choices if choice.key == key), key)


def definition(service_code: str, questions: Sequence[Question]) -> dict[str, object]:
    """The service's definition as the wire has it; ``order`` begins with 1 and has no holes."""
    asked = sorted(questions, key=lambda one: (one.order, one.code))
    return {
        "service_code": service_code,
        "attributes": [
            {
                "variable": one.variable,
                "code": one.code,
                "datatype": one.datatype.value,
                "required": one.required,
                "datatype_description": one.hint,
                "order": place,
                "description": one.description,
                "values": [{"key": choice.key, "name": choice.name} for choice in one.choices],
            }
            for place, one in enumerate(asked, start=1)
        ],
    }


def faults(questions: Sequence[Question], answers: Answers) -> list[Fault]:
    """Everything wrong with the answers: what is missing, what does not fit, what is too much."""
    found = []
    for one in questions:
        if not one.variable:
            continue
        given = [value.strip() for value in answers.get(one.code, ()) if value.strip()]
        if one.required and not given:
            found.append(wrong("attribute_required", one.code))
        if len(given) > 1 and one.datatype is not DataType.SOME_OF:
            found.append(wrong("attribute_single", one.code))
        elif not all(_fits(one, value) for value in given):
            found.append(wrong("attribute_unfit", one.code))
    known = {one.code for one in questions}
    unasked = [code for code in answers if code not in known]
    if len(unasked) > MOST_UNASKED or any(len(value) > MOST_LINE for c in unasked for value in answers[c]):
        found.append(wrong("attributes_too_many"))
    return found


def _fits(one: Question, value: str) -> bool:
    if one.datatype in LISTS:
        return value in {choice.key for choice in one.choices}
    if one.datatype is DataType.NUMBER:
        return _NUMBER.fullmatch(value) is not None
    if one.datatype is DataType.DATETIME:
        return times.read(value) is not None
    if one.datatype is DataType.STRING:
        return len(value) <= MOST_LINE and "\n" not in value
    return len(value) <= MOST_TEXT


def told(questions: Sequence[Question], answers: Answers) -> list[str]:
    """The answers as lines of the case, in the order of the questions; nobody asked for the last ones, nothing is lost."""
    lines = []
    asked = sorted(questions, key=lambda one: (one.order, one.code))
    for one in asked:
        given = [value.strip() for value in answers.get(one.code, ()) if value.strip()]
        if one.variable and given:
            lines.append(
                f"{one.description.rstrip('：:？?')}：{'、'.join(one.name_of(value) for value in given)}"
            )
    known = {one.code for one in asked}
    for code, values in answers.items():
        given = [value.strip() for value in values if value.strip()]
        if code not in known and given:
            lines.append(f"{code}：{'、'.join(given)}")
    return lines
