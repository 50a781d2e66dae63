"""Who may read and decide what; the only way to a run, an appeal, a scheme. Hidden and absent look the same."""

from __future__ import annotations

from collections.abc import Collection

from linli.assessment.models import (
    Adjustment,
    Appeal,
    Certificate,
    EvaluationSheet,
    Honour,
    Run,
    SchemeRow,
    SchemeVersion,
)
from linli.assessment.rules.runs import KEEPERS, READERS, TOLD
from linli.assessment.rules.subjects import TEAM_ROLES, Level
from linli.kernel import access
from linli.kernel.access import Actor, Forbidden, NotFound

#: Who has to do with assessment at all: those who read everybody's scores, those who move runs, those who are assessed.
CONCERNED = frozenset({*READERS, "dispatcher", *TEAM_ROLES})
MOVERS = frozenset({*READERS, "dispatcher"})


def require(actor: Actor, community_id: int, roles: Collection[str]) -> None:
    """Nothing, when the actor holds one of these roles in the community, or is the house itself.

    :raises NotFound: the actor has no duty there.
    :raises Forbidden: not_your_door.
    """
    if actor is access.SYSTEM or actor.roles(community_id) & set(roles):
        return
    if community_id not in actor.staff_communities:
        raise NotFound
    raise Forbidden("not_your_door")


def reads_all(actor: Actor, community_id: int) -> bool:
    """Whether the actor reads everybody's scores."""
    return actor is access.SYSTEM or bool(actor.roles(community_id) & MOVERS)


def find_run(actor: Actor, run_id: int, *, lock: bool = False) -> Run:
    """A run of the actor's communities: any for those who read all, else one whose scores are told.

    :raises NotFound: absent, of another community, or not told yet.
    """
    found = Run.objects.filter(pk=run_id)
    row = (found.select_for_update() if lock else found.select_related("version")).first()
    if row is None or not _concerns(actor, row.community_id):
        raise NotFound
    was_told = row.announced_at is not None  # a superseded version that was told stays readable
    if not reads_all(actor, row.community_id) and row.state not in TOLD and not was_told:
        raise NotFound
    return row


def _concerns(actor: Actor, community_id: int) -> bool:
    return actor is access.SYSTEM or bool(actor.roles(community_id) & CONCERNED)


def may_read(actor: Actor, run: Run, subject_id: int) -> bool:
    """Whether the actor may read this subject's score: everybody's, the own, or that of a grid the actor serves."""
    if reads_all(actor, run.community_id):
        return True
    if run.version.says.get("level") == Level.WORKER.value:
        return actor.signed_in and actor.account_id == subject_id
    return is_own(actor, run, subject_id)


def is_own(actor: Actor, run: Run, subject_id: int) -> bool:
    """Whether the score is the actor's own: the person's, or that of a place where the actor serves in the team."""
    if run.version.says.get("level") == Level.WORKER.value:
        return actor.signed_in and actor.account_id == subject_id
    return any(
        grant.community_id == run.community_id
        and grant.role in TEAM_ROLES
        and f".{subject_id}." in f".{grant.place_path}"
        for grant in actor.grants
    )


def find_appeal(actor: Actor, appeal_id: int, *, lock: bool = False) -> Appeal:
    """An appeal of the actor's own, or any of a community where the actor reads all.

    :raises NotFound: absent, or not the actor's affair.
    """
    found = Appeal.objects.filter(pk=appeal_id)
    row = (found.select_for_update() if lock else found).first()
    if row is None or not (
        reads_all(actor, row.community_id)
        or (row.made_by_id == actor.account_id and _concerns(actor, row.community_id))
    ):
        raise NotFound
    return row


def find_adjustment(actor: Actor, adjustment_id: int, *, lock: bool = False) -> Adjustment:
    """An adjustment of a community where the actor reads all.

    :raises NotFound: absent, or not the actor's affair.
    """
    found = Adjustment.objects.filter(pk=adjustment_id)
    row = (found.select_for_update() if lock else found).first()
    if row is None or not reads_all(actor, row.community_id):
        raise NotFound
    return row


def find_scheme(actor: Actor, scheme_id: int) -> SchemeRow:
    """A scheme of a community where the actor has to do with assessment.

    :raises NotFound: absent, or of another community.
    """
    row = SchemeRow.objects.filter(pk=scheme_id).first()
    if row is None or not _concerns(actor, row.community_id):
        raise NotFound
    return row


def find_version(actor: Actor, version_id: int, *, lock: bool = False) -> SchemeVersion:
    """A version of a scheme: a draft only for those who read all.

    :raises NotFound: absent, of another community, or a draft.
    """
    found = SchemeVersion.objects.filter(pk=version_id)
    row = (found.select_for_update() if lock else found.select_related("scheme")).first()
    if row is None or not _concerns(actor, row.community_id):
        raise NotFound
    if row.published_at is None and not reads_all(actor, row.community_id):
        raise NotFound
    return row


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
