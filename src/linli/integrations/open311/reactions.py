"""What this room does when something happened elsewhere."""

from __future__ import annotations

from linli.cases.events import CaseMoved
from linli.cases.rules.workflow import Verb
from linli.integrations.open311.actions import forwarding


def forward_dispatched(fact: CaseMoved) -> None:
    """A case that is dispatched to the body of another city's server goes there by itself, once."""
    if fact.verb == Verb.DISPATCH.value and fact.organisation_id is not None:
        forwarding.dispatched(number=fact.number, organisation_id=fact.organisation_id, at=fact.at)
