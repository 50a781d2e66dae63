"""Whether people are ranked: off until the leader switches it on, with the legal basis on record."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from linli.assessment import access
from linli.assessment.actions.recording import record
from linli.assessment.actions.schemes import LEAST_WHY, LONGEST
from linli.assessment.events import RankingSwitched
from linli.assessment.models import RankingSwitch
from linli.assessment.queries import schemes
from linli.assessment.rules.runs import LEADERS
from linli.kernel.access import Actor
from linli.kernel.refusals import Refused, Wrong


def switch_on(*, actor: Actor, community_id: int, legal_basis: str, at: datetime) -> None:
    """Runs computed from now on carry ranks. Twice changes nothing.

    :raises NotFound: no duty here.
    :raises Forbidden: not_your_door.
    :raises Refused: legal_basis (missing, too_long).
    """
    access.require(actor, community_id, LEADERS)
    said = legal_basis.strip()
    if not LEAST_WHY <= len(said) <= LONGEST:
        raise Refused(Wrong("legal_basis", "missing" if len(said) < LEAST_WHY else "too_long", str(LONGEST)))
    _switch(actor, community_id, on=True, legal_basis=said, at=at)


def switch_off(*, actor: Actor, community_id: int, at: datetime) -> None:
    """Runs computed from now on carry no ranks. Twice changes nothing.

    :raises NotFound: no duty here.
    :raises Forbidden: not_your_door.
    """
    access.require(actor, community_id, LEADERS)
    _switch(actor, community_id, on=False, legal_basis="", at=at)


def _switch(actor: Actor, community_id: int, *, on: bool, legal_basis: str, at: datetime) -> None:
    if schemes.ranking_on(community_id) == on:
        return
    with transaction.atomic():
        row = RankingSwitch.objects.create(
            community_id=community_id, on=on, legal_basis=legal_basis, set_by_id=actor.account_id, set_at=at
        )
        fact = RankingSwitched(community_id, on, at)
        record(actor, community_id, "switch_on" if on else "switch_off", f"ranking:{row.pk}", at, fact)
