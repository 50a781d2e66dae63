"""Asking the assistant outside for a summary or a draft: masked, within the day's budget, on record."""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings

from linli.cases import words as cases_words
from linli.cases.queries import answers as cases
from linli.cases.queries import reference, urgent
from linli.cases.queries.answers import ToldCase
from linli.cases.rules.urgent_phrases import DISCREET
from linli.cases.rules.urgent_words import look
from linli.cases.rules.workflow import STAFF
from linli.kernel import limits
from linli.kernel.access import Actor, Forbidden, NotFound
from linli.kernel.scope import within
from linli.triage import ports
from linli.triage.models import AssistantCall
from linli.triage.ports import Assistant, Completion, Unavailable
from linli.triage.rules import assisting
from linli.triage.rules.assisting import MOST_OUT, Material

DAY = 86_400
KINDS = ("summary", "answer")


@dataclass(frozen=True, slots=True)
class Draft:
    """What a machine proposes: for a person to edit."""

    kind: str
    text: str
    model: str


def propose(*, actor: Actor, number: str, kind: str, language: str, at: datetime) -> Draft:
    """Ask the assistant about a case on the actor's workbench.

    Runs outside a transaction: it waits for an answer from elsewhere.

    :param kind: "summary" or "answer".
    :raises NotFound: no such case or kind for this actor, or no assistant is plugged in.
    :raises Forbidden: not_your_move, for who only reads.
    :raises Unavailable: never_sent, budget, or why the assistant gave nothing.
    """
    machine = ports.assistant()
    if machine is None or kind not in KINDS:
        raise NotFound
    with within(actor.communities):
        case = cases.told(actor, number)
        if not actor.roles(case.community_id) & STAFF:
            raise Forbidden("not_your_move")
        if _never_sent(case):
            raise Unavailable("never_sent")
        held = _material(case, language)
        _take_budget(case.community_id, held)
        return _ask(machine, case, held, actor=actor, kind=kind, language=language, at=at)


def _never_sent(case: ToldCase) -> bool:
    """Self-harm, violence and sensitive matters stay in the house."""
    category = reference.every_category(case.community_id).get(case.category_code)
    if category is not None and category.sensitive:
        return True
    found = look(case.words, urgent.listed(case.community_id))
    return bool(DISCREET & {one.kind for one in found.found})


def _material(case: ToldCase, language: str) -> Material:
    category = reference.every_category(case.community_id).get(case.category_code)
    steps = [
        f"{cases_words.label(cases_words.DONE, verb)} {at:%Y-%m-%d} {answer}".strip()
        for verb, at, answer in case.steps
    ]
    return assisting.material(case.words, category=category.name(language) if category else "", steps=steps)


def _take_budget(community_id: int, held: Material) -> None:
    room = limits.take(
        f"assistant:{community_id}",
        capacity=settings.LINLI_ASSISTANT_TOKENS,
        per_seconds=DAY,
        cost=held.size + MOST_OUT,
    )
    if not room:
        raise Unavailable("budget")


def _ask(
    machine: Assistant,
    case: ToldCase,
    held: Material,
    *,
    actor: Actor,
    kind: str,
    language: str,
    at: datetime,
) -> Draft:
    begun, outcome, came = time.monotonic(), "done", Completion("", 0, 0)
    try:
        ask = machine.summarise if kind == "summary" else machine.draft_answer
        came = ask(held, language=language)
        said = assisting.shown(came.text)
        if not said:
            raise Unavailable("garbled")
    except Unavailable as why:
        outcome = why.code
        raise
    finally:
        AssistantCall.objects.create(
            community_id=case.community_id,
            case_id=case.id,
            kind=kind,
            model=machine.version[:80],
            asked_by_id=actor.account_id,
            asked_at=at,
            ms=int(1000 * (time.monotonic() - begun)),
            tokens_in=came.tokens_in,
            tokens_out=came.tokens_out,
            outcome=outcome,
        )
    return Draft(kind, said, machine.version)
