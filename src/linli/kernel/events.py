"""Facts and who reacts: publishing writes one job row for each fact, in the caller's transaction (the outbox).

The worker runs the fact's reactions one after the other, each by itself: one that fails gets a job of its own, which is
tried again without the others. So what a resident waits for costs the same however many rooms listen.

A fact is a frozen dataclass in a room's ``events.py``: past tense, ids, codes and times only, with ``community_id``.
Who reacts stands on one page, ``site/reactions.py``.
"""

from __future__ import annotations

import dataclasses
import json
import logging
from collections.abc import Callable
from datetime import datetime
from typing import Any, Protocol

from django.db import connection

from linli.kernel import live, scope

TASK = "linli.kernel.tasks.react"
QUEUE = "reactions"
NO_JOBS = "[]"
EVERY = ""  # in a job: all reactions to its fact
log = logging.getLogger("linli.events")


class Fact(Protocol):
    """What happened."""

    @property
    def community_id(self) -> int:
        """The community it happened in."""


Reaction = Callable[[Any], None]
_reactions: dict[type, dict[str, Reaction]] = {}
_facts: dict[str, type] = {}


class NotInTransaction(Exception):
    """A fact must be published in the transaction that makes it true."""


def name_of(fact_type: type) -> str:
    """The fact's name, ``cases.CaseReported``: its room and its class."""
    return f"{fact_type.__module__.split('.')[1]}.{fact_type.__name__}"


def connect(fact_type: type, *reactions: Reaction) -> None:
    """Let these functions react to a fact; called once, from ``site/reactions.py``."""
    _facts[name_of(fact_type)] = fact_type
    known = _reactions.setdefault(fact_type, {})
    for reaction in reactions:
        known[f"{reaction.__module__}.{reaction.__name__}"] = reaction


def connected() -> dict[str, tuple[str, ...]]:
    """Which fact has which reactions, by name."""
    return {name_of(fact_type): tuple(found) for fact_type, found in _reactions.items()}


def as_data(fact: Fact) -> dict[str, Any]:
    """The fact as JSON carries it: times as ISO 8601."""
    found = {}
    for name in type(fact).__dataclass_fields__:  # type: ignore[attr-defined]  # facts are dataclasses, tested
        value = getattr(fact, name)
        found[name] = value.isoformat() if isinstance(value, datetime) else value
    return found


def from_data(name: str, data: dict[str, Any]) -> Any:
    """The fact again; unknown keys are dropped, so an old worker survives a new publisher."""
    fact_type = _facts[name]
    values = {}
    for field in dataclasses.fields(fact_type):
        if field.name in data:
            value = data[field.name]
            values[field.name] = (
                datetime.fromisoformat(value) if "datetime" in str(field.type) and value else value
            )
    return fact_type(**values)


def job_args(*facts: Fact) -> str:
    """The arguments of the jobs that these facts make, as one JSON array: one job a fact, none for what nobody wants."""
    wanted = [fact for fact in facts if _reactions.get(type(fact))]
    return _as_json(
        [{"reaction": EVERY, "fact": name_of(type(fact)), "data": as_data(fact)} for fact in wanted]
    )


def _as_json(jobs: list[dict[str, Any]]) -> str:
    return json.dumps(jobs, ensure_ascii=False)


# One SELECT item or CTE; takes (queue, task, JSON array of arguments). The function is procrastinate's versioned interface.
DEFER_SQL = (
    "SELECT procrastinate_defer_jobs_v1((SELECT array_agg(ROW(%s, %s, 0, NULL, NULL, a, NULL)"
    "::procrastinate_job_to_defer_v1) FROM jsonb_array_elements(%s::jsonb) AS a))"
)


def publish(*facts: Fact) -> None:
    """Tell the rest of the house: one job a fact, committed with the caller's rows or not at all.

    :raises NotInTransaction: outside ``transaction.atomic``.
    """
    if not connection.in_atomic_block:
        raise NotInTransaction(", ".join(name_of(type(fact)) for fact in facts))
    _defer(job_args(*facts))


def _defer(jobs: str) -> None:
    if jobs == NO_JOBS:
        return
    with connection.cursor() as cursor:
        cursor.execute(DEFER_SQL, (QUEUE, TASK, jobs))
    live.wake_worker()


def react(reaction: str, fact: str, data: dict[str, Any]) -> None:
    """Run one reaction to a fact, or every one, within the fact's community; the worker calls this, at least once per job.

    Of every one, those that fail are put off into jobs of their own.
    """
    happened = from_data(fact, data)
    known = _reactions[type(happened)]
    if reaction != EVERY:
        _run(known[reaction], happened)
        return
    failed = []
    for name, function in known.items():
        try:
            _run(function, happened)
        except Exception:
            log.warning("a reaction failed; it is tried by itself", extra={"reaction": name}, exc_info=True)
            failed.append({"reaction": name, "fact": fact, "data": data})
    if failed:
        _defer(_as_json(failed))


def _run(function: Reaction, happened: Any) -> None:
    with scope.within([happened.community_id]):
        function(happened)
