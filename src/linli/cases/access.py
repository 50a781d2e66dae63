"""Who may see and move which case: the only way to obtain a case for an actor."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from django.db.models import Q, QuerySet

from linli.cases.models import Case, Task
from linli.cases.queries import reference
from linli.cases.queries.queue import HEAVY
from linli.cases.rules import workflow
from linli.grids import queries as places
from linli.kernel import numbering
from linli.kernel.access import Actor, Grant, NotFound
from linli.kernel.scope import within

EVERYWHERE = frozenset({"dispatcher", "community_leader", "verifier", "auditor", "admin"})
ON_THE_GROUND = frozenset({"grid_worker", "police", "assistant", "building_head"})
FOR_A_BODY = frozenset({"department_handler", "property_handler"})
NAMES = ("organisation", "grid", "building")
NAME_COLUMNS = tuple(f"{name}__name_{language}" for name in NAMES for language in ("zh", "en"))


def visible(actor: Actor) -> QuerySet[Case]:
    """The cases this actor may see as staff or as their reporter.

    The desk, verifiers, leaders and auditors see their community; people on the ground the subtree of their place and
    what is theirs to handle; handlers of a body what was sent to it, whole or in part; a reporter what they reported.
    """
    if actor.system:
        return Case.objects.all()  # row-level security leaves the communities entered
    if not actor.signed_in:
        return Case.objects.none()
    communities = sorted(actor.communities | {grant.community_id for grant in actor.grants})
    if not communities:
        return Case.objects.none()
    reach = Q()
    for community_id in communities:
        # The community stands alone and first, so that a list runs along the community's own index.
        reach |= Q(community_id=community_id) & _reach(actor, community_id, Q(reporter_id=actor.account_id))
    return Case.objects.filter(reach)


def _reach(actor: Actor, community_id: int, reach: Q) -> Q:
    """What duties open beyond ``reach``: all, or a place, what was sent to a body, what is the actor's to handle."""
    if actor.roles(community_id) & EVERYWHERE:
        return Q()
    for grant in _duties(actor, community_id):
        reach |= Q(handler_id=actor.account_id)
        if grant.role in ON_THE_GROUND:
            reach |= Q(place_path__startswith=grant.place_path)
        if grant.organisation_id is not None and grant.role in FOR_A_BODY | ON_THE_GROUND:
            shared = Task.objects.filter(organisation_id=grant.organisation_id).values("case_id")
            reach |= Q(organisation_id=grant.organisation_id) | Q(pk__in=shared)
    return reach


def _duties(actor: Actor, community_id: int) -> list[Grant]:
    return [grant for grant in actor.grants if grant.community_id == community_id]


def staff_view(actor: Actor) -> QuerySet[Case]:
    """What the actor sees on the workbench: by a duty, not by having reported it."""
    reach = Q()
    for community_id in sorted(actor.staff_communities):
        reach |= Q(community_id=community_id) & _reach(actor, community_id, Q())
    return Case.objects.filter(reach) if reach else Case.objects.none()


def serves(actor: Actor, case: Case) -> bool:
    """Whether a duty opens this case to the actor, so that they read it as staff and not as its reporter."""
    if case.community_id not in actor.staff_communities:
        return False
    if actor.roles(case.community_id) & EVERYWHERE or case.handler_id == actor.account_id:
        return True
    grants = _duties(actor, case.community_id)
    if any(grant.role in ON_THE_GROUND and case.place_path.startswith(grant.place_path) for grant in grants):
        return True
    bodies = _works_for(actor, case.community_id)
    shared = Task.objects.filter(case=case, organisation_id__in=bodies)
    return case.organisation_id in bodies or bool(bodies and shared.exists())


def may_search_phones(actor: Actor) -> frozenset[int]:
    """The communities in which the actor may find cases by the reporter's phone: those who answer callers there."""
    return frozenset(grant.community_id for grant in actor.grants if grant.role in workflow.CHECKERS)


def find_at_work(actor: Actor, number: str) -> Case:
    """The case with this number on the actor's workbench.

    :raises NotFound: when there is none, or no duty opens it.
    """
    case = find(actor, number)
    if not serves(actor, case):
        raise NotFound
    return case


def own(actor: Actor) -> QuerySet[Case]:
    """The cases the actor reported."""
    return Case.objects.filter(reporter_id=actor.account_id) if actor.signed_in else Case.objects.none()


def find(actor: Actor, number: str, *, lock: bool = False, only: Iterable[str] = ()) -> Case:
    """The case with this number, for this actor.

    :param lock: take the row's lock, for an action that will change it.
    :param only: the columns that a hot reader needs, beside the names; the others come when they are asked for.
    :raises NotFound: when there is none or it is not for this actor to see.
    """
    parsed = numbering.parse_number(number)
    found = visible(actor).filter(number=parsed).order_by("pk")
    # A reader needs the names beside the case, and neither the outlines of places nor the text index.
    named = found.select_related(*NAMES)
    named = named.only(*only, *NAME_COLUMNS) if only else named.defer(*HEAVY)
    case = (found.select_for_update(of=("self",)) if lock else named).first() if parsed else None
    if case is None:
        raise NotFound
    return case


def find_by_code(number: str, code: str) -> Case:
    """The case for whoever holds the receipt: number and secret code together.

    :raises NotFound: for an unknown number and a wrong code alike, after the same work.
    """
    parsed = numbering.parse_number(number)
    # Two communities may have given the same number; the code says which one is meant.
    found: list[Case | None] = [*Case.objects.filter(number=parsed).order_by("pk")] if parsed else []
    held = None
    for case in found or [None]:
        digest = bytes(case.code_digest) if case else b"\x00" * 32
        if numbering.code_matches(code, digest):
            held = case
    if held is None:
        raise NotFound
    return held


def community_of_code(number: str, code: str) -> int:
    """The community of a receipt: the code is the proof, so every community is searched.

    :raises NotFound: as `find_by_code`.
    """
    with within(places.community_ids()):
        return find_by_code(number, code).community_id


def published(community_id: int) -> QuerySet[Case]:
    """The settled cases that everybody may read; none where the community wants no public list."""
    if reference.publishing(community_id) == "never":
        return Case.objects.none()
    return Case.objects.filter(
        community_id=community_id, published_at__isnull=False, state__in=workflow.SETTLED
    )


def doer(
    actor: Actor, case: Case, *, holds_receipt: bool = False, tasks: Collection[Task] | None = None
) -> workflow.Doer:
    """What this actor is to this case: the roles that reach its place, and the relations to it.

    :param tasks: the parts of the case, where the caller has them already.
    """
    if actor.system:
        return workflow.Doer(account_id=None, may=frozenset({workflow.SYSTEM}))
    may = {
        grant.role
        for grant in actor.grants
        if grant.community_id == case.community_id
        and (grant.role not in ON_THE_GROUND or case.place_path.startswith(grant.place_path))
    }
    if holds_receipt or (actor.signed_in and case.reporter_id == actor.account_id):
        may.add(workflow.REPORTER)
    works_for = _works_for(actor, case.community_id)
    if actor.signed_in and (case.handler_id == actor.account_id or case.organisation_id in works_for):
        may.add(workflow.RESPONSIBLE)
    if actor.signed_in and case.supervisor_id == actor.account_id and may:
        may.add(workflow.SUPERVISOR)
    if _has_part(case, actor.organisations(case.community_id), tasks):
        may.add(workflow.TASK_BODY)
    return workflow.Doer(account_id=actor.account_id, may=frozenset(may))


def _has_part(case: Case, bodies: frozenset[int], tasks: Collection[Task] | None) -> bool:
    if tasks is not None:
        return any(task.organisation_id in bodies and task.state == Task.State.OPEN for task in tasks)
    open_ = Task.objects.filter(case=case, organisation_id__in=bodies, state=Task.State.OPEN)
    return bool(bodies) and open_.exists()


def _works_for(actor: Actor, community_id: int) -> frozenset[int]:
    """The bodies whose cases the actor works on: a police officer of the station as well as a handler of a company."""
    return frozenset(
        grant.organisation_id
        for grant in actor.grants
        if grant.community_id == community_id
        and grant.organisation_id is not None
        and grant.role in FOR_A_BODY | ON_THE_GROUND
    )


def role_used(actor: Actor, case: Case, doer_: workflow.Doer, verb: workflow.Verb) -> str:
    """The role under which a move is made, for the record: a duty before a relation."""
    who = workflow.STEPS[verb].who
    if actor.system:
        return "system"
    held = sorted(role for role in doer_.may & who if not role.startswith("@"))
    if held:
        return held[0]
    if workflow.REPORTER in doer_.may & who:
        return "reporter"
    if workflow.SUPERVISOR in doer_.may & who:
        return min(actor.roles(case.community_id) & EVERYWHERE, default="responsible")
    if workflow.SUPPORTER in doer_.may & who:
        return "supporter"
    duties = sorted(actor.roles(case.community_id) & (FOR_A_BODY | ON_THE_GROUND))
    return duties[0] if duties else "responsible"
