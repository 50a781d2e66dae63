"""Reading a draft answer before it leaves."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from linli.cases import access, ports, words_answers
from linli.cases.actions import answering
from linli.cases.api.routers import cases
from linli.cases.schemas.answers import AnswerIn, AnswerRead
from linli.kernel.access import STAFF
from linli.kernel.api import actor_of, answer, at, operation


@cases.post("/answers/check", response=AnswerRead, summary="Read a draft answer before it leaves")
@operation("cases.check_answer", who=STAFF, scope="cases:read")
def check(request: HttpRequest, body: AnswerIn) -> HttpResponse:
    """As the resident will read it: does it answer, what was done, when, by whom. Nothing is kept; you decide.

    Only grave remarks (personal data) keep an answer from leaving. What you send all the same is on record with its codes.
    """
    case = access.find_at_work(actor_of(request), body.number)
    reader = ports.answer_reader()
    remarks = [
        {"code": one.code, "grave": one.grave, "value": one.value, "words": words_answers.say(one)}
        for one in answering.remarks(case, body.verb, body.answer, at=at(request))
    ]
    return answer({"remarks": remarks, "version": reader.version if reader else ""})
