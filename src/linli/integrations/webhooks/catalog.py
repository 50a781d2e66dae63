"""Which facts leave the house. Not those about one resident's home or account, nor orders the house gives itself."""

from __future__ import annotations

import dataclasses
import inspect
from types import ModuleType
from typing import Any

from linli.assessment import events as assessment
from linli.cases import events as cases
from linli.controlroom import events as controlroom
from linli.fieldwork import events as fieldwork
from linli.grids import events as grids
from linli.groups import events as groups
from linli.integrations.webhooks.rules import documents
from linli.kernel import events as kernel
from linli.notices import events as notices
from linli.people import events as people
from linli.publishing import events as publishing
from linli.training import events as training
from linli.triage import events as triage

ROOMS: tuple[ModuleType, ...] = (
    cases,
    grids,
    people,
    publishing,
    groups,
    fieldwork,
    assessment,
    training,
    notices,
    triage,
    controlroom,
)
KEPT_INSIDE = frozenset(
    {
        assessment.AppealMade,
        assessment.AppealDecided,
        assessment.LateFactsFound,
        assessment.AdjustmentAsked,
        assessment.AdjustmentDecided,
        fieldwork.VisitMade,
        fieldwork.VisitStruck,
        fieldwork.CarePlanMade,
        fieldwork.CarePlanEnded,
        fieldwork.PatrolStarted,
        fieldwork.ServiceWithdrawn,
        fieldwork.RechecksDrawn,
        fieldwork.RecheckAsked,
        fieldwork.RecheckFound,
        fieldwork.RecheckAnswered,
        fieldwork.RecheckDecided,
        grids.PlaceFollowed,
        grids.ResidenceAsked,
        grids.ResidenceBound,
        grids.ResidenceExpiring,
        grids.ResidenceEnded,
        people.AccountOpened,
        people.PhoneChanged,
        people.ConsentGiven,
        people.ConsentWithdrawn,
        people.AccountErased,
        training.CoursePassed,
        training.CertificateRevoked,
        triage.TopicsAsked,
        triage.LearningAsked,
    }
)
EVERYTHING = "*"


def _facts() -> dict[str, type]:
    found = {}
    for room in ROOMS:
        for _, one in inspect.getmembers(room, dataclasses.is_dataclass):
            if isinstance(one, type) and one.__module__ == room.__name__ and one not in KEPT_INSIDE:
                found[kernel.name_of(one)] = one
    return found


#: Every fact others may hear, by its name, in the order of the rooms.
SENT: dict[str, type] = _facts()


def schema(name: str, *, base: str = "") -> dict[str, Any]:
    """The JSON Schema of an event's ``data``.

    :raises KeyError: no event has this name.
    """
    if name == documents.PING:
        return documents.ping_schema(base=base)
    return documents.schema(name, SENT[name], base=base)


def names() -> tuple[str, ...]:
    """The names of all events, the one made by hand last."""
    return (*SENT, documents.PING)


def sentence(name: str) -> str:
    """What an event says, in English."""
    return str(schema(name)["description"])
