"""Who may read and change what of the league; the only way to obtain it for an actor. Hidden and absent look the same."""

from __future__ import annotations

from linli.assessment.models import Certificate, EvaluationSheet, Honour, Run
from linli.assessment.rules.runs import KEEPERS, READERS, TOLD
from linli.kernel.access import SYSTEM, Actor, NotFound


def find_sheet(actor: Actor, sheet_id: int, *, lock: bool = False) -> EvaluationSheet:
    """A sheet that the actor is to write.

    :raises NotFound: absent, or somebody else's.
    """
    rows = EvaluationSheet.objects.select_related("round", "grid").filter(
        pk=sheet_id, evaluator_id=actor.account_id, community_id__in=actor.staff_communities
    )
    found = (rows.select_for_update(of=("self",)) if lock else rows).first()
    if found is None:
        raise NotFound
    return found


def reads_all(actor: Actor, community_id: int) -> bool:
    """Whether the actor reads everybody's scores in this community."""
    return actor is SYSTEM or actor.has(*READERS, community_id=community_id)


def find_run(actor: Actor, run_id: int) -> Run:
    """A run that the actor may read: all of them for readers, those that are told for whoever serves there.

    :raises NotFound: absent, of another community, or not told yet.
    """
    found = Run.objects.filter(pk=run_id, community_id__in=actor.staff_communities).first()
    if found is None or not (found.state in TOLD or reads_all(actor, found.community_id)):
        raise NotFound
    return found


def find_honour(actor: Actor, honour_id: int) -> Honour:
    """An honour that the actor may take back: a keeper's.

    :raises NotFound: absent, or of a community that the actor does not keep.
    """
    found = Honour.objects.filter(pk=honour_id, community_id__in=actor.staff_communities).first()
    if found is None or not actor.has(*KEEPERS, community_id=found.community_id):
        raise NotFound
    return found


def find_certificate(actor: Actor, certificate_id: int) -> Certificate:
    """One's own certificate, or one of a community that the actor keeps.

    :raises NotFound: absent, or not the actor's affair.
    """
    found = Certificate.objects.filter(pk=certificate_id, community_id__in=actor.communities).first()
    own = found is not None and found.account_id == actor.account_id
    if found is None or not (own or actor.has(*KEEPERS, community_id=found.community_id)):
        raise NotFound
    return found
