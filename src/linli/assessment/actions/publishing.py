"""What others read of the league: the community's rule, and making a run known under it."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from linli.assessment import access
from linli.assessment.events import ScoresPublished
from linli.assessment.models import Audience, Publication, PublishingRule, Run
from linli.assessment.queries import publishing as rules_of
from linli.assessment.rules.naming import Naming
from linli.assessment.rules.runs import LEADERS, State
from linli.grids import queries as places
from linli.kernel import audit, events, scope
from linli.kernel.access import SYSTEM, Actor
from linli.kernel.clock import LOCAL
from linli.kernel.refusals import Refused, Wrong

LEAST_BASIS = 4
NAMED = frozenset({Naming.FULL, Naming.SURNAME})
LATEST = 20  # no message to anybody after this hour
#: A result that nobody made known for so long is old news: it stays where it is.
FRESH = timedelta(days=14)


@dataclass(frozen=True, slots=True)
class Wanted:
    """How results are to be published from now on."""

    audience: str
    naming: str
    most: int
    hour: int
    when_final: bool
    basis: str


def set_rule(*, actor: Actor, community_id: int, wanted: Wanted, key: UUID, at: datetime) -> PublishingRule:
    """Decide who reads results, under which names, and when. The same key again changes nothing.

    :raises NotFound: no duty here.
    :raises Forbidden: not_your_door.
    :raises Refused: basis (missing: names are shown; too_long), audience, naming (unknown), most, hour (out_of_range).
    """
    access.require(actor, community_id, LEADERS)
    wrongs = _wrong(wanted)
    if wrongs:
        raise Refused(*wrongs)
    with transaction.atomic():
        row, made = PublishingRule.objects.get_or_create(
            community_id=community_id,
            key=key,
            defaults={
                **asdict(wanted),
                "basis": wanted.basis.strip(),
                "made_by_id": actor.account_id,
                "made_at": at,
            },
        )
        if made:
            audit.record(
                community_id=community_id, actor=actor, verb="assessment.set_publishing", object=f"rule:{row.pk}",
                at=at, detail={"audience": row.audience, "naming": row.naming},
            )  # fmt: skip
    return row


def _wrong(wanted: Wanted) -> list[Wrong]:
    found = []
    if wanted.audience not in {*Audience}:
        found.append(Wrong("audience", "unknown"))
    if wanted.naming not in {*Naming}:
        found.append(Wrong("naming", "unknown"))
    for name, least, most in (("most", 1, 20), ("hour", 7, LATEST)):
        if not least <= getattr(wanted, name) <= most:
            found.append(Wrong(name, "out_of_range", f"{least}–{most}"))
    if len(wanted.basis) > 300:
        found.append(Wrong("basis", "too_long", "300"))
    named = wanted.audience != Audience.NOBODY and wanted.naming in NAMED
    if named and len(wanted.basis.strip()) < LEAST_BASIS:
        found.append(Wrong("basis", "missing"))
    return found


def sweep(at: datetime) -> int:
    """Make known what was announced (or became final) and whose hour has come; returns how many."""
    hour = at.astimezone(LOCAL).hour
    found = Run.objects.filter(
        state__in=[State.ANNOUNCED.value, State.FINAL.value], announced_at__gt=at - FRESH
    )
    return sum(_sweep(one, hour, at) for one in places.communities_with(found))


def _sweep(community_id: int, hour: int, at: datetime) -> int:
    with scope.within([community_id]):
        rule = rules_of.rule(community_id)
        if not rule.published or rule.made_at is None or not rule.hour <= hour < LATEST:
            return 0
        states = [State.FINAL.value] if rule.when_final else [State.ANNOUNCED.value, State.FINAL.value]
        due = Run.objects.filter(
            community_id=community_id,
            state__in=states,
            announced_at__gt=max(at - FRESH, rule.made_at),
        ).exclude(pk__in=Publication.objects.filter(community_id=community_id).values("run_id"))
        return sum(_publish(run, rule, SYSTEM, at) for run in due.order_by("pk"))


def publish_now(*, actor: Actor, run_id: int, at: datetime) -> Publication | None:
    """Make a run known without waiting for its hour; None where it was known already.

    :raises NotFound: no such run for the actor.
    :raises Forbidden: not_your_door.
    :raises Refused: run (wrong_state: not announced, or not final where the rule wants that; nobody: nobody is to read).
    """
    run = access.find_run(actor, run_id)
    access.require(actor, run.community_id, LEADERS)
    rule = rules_of.rule(run.community_id)
    if not rule.published:
        raise Refused(Wrong("run", "nobody"))
    fit = {State.FINAL.value} if rule.when_final else {State.ANNOUNCED.value, State.FINAL.value}
    if run.state not in fit:
        raise Refused(Wrong("run", "wrong_state"))
    _publish(run, rule, actor, at)
    return rules_of.of_run(run.pk)


def _publish(run: Run, rule: rules_of.Rule, actor: Actor, at: datetime) -> int:
    """Once for a period's version; a corrected version is made known again, and the old address says so."""
    assert rule.id is not None  # nothing is published under what is shipped
    with transaction.atomic():
        row, made = Publication.objects.get_or_create(
            community_id=run.community_id, run=run, defaults={"rule_id": rule.id, "published_at": at}
        )
        if made:
            audit.record(
                community_id=run.community_id, actor=actor, verb="assessment.publish_scores", object=f"run:{run.pk}",
                at=at, detail={"audience": rule.audience, "naming": rule.naming},
            )  # fmt: skip
            events.publish(ScoresPublished(run.community_id, row.pk, run.pk, at))
    return int(made)
