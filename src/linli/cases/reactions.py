"""What the cases do by themselves: after a report, and when the time comes."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction

from linli.cases import ports
from linli.cases.actions import callback_draw, moves
from linli.cases.events import CaseReported
from linli.cases.models import Case
from linli.cases.queries import reference
from linli.cases.rules import workflow
from linli.cases.rules.moves import Given
from linli.cases.rules.workflow import Verb
from linli.grids import queries as places
from linli.kernel import access, live, scope

BATCH = 500


def suggest_category(fact: CaseReported) -> None:
    """Put the machine's proposal beside a new case, with its reason, certainty and version.

    :raises Case.DoesNotExist: when the case cannot be seen, which would be a fault of ours: tried again, and then named.
    """
    case = Case.objects.get(community_id=fact.community_id, number=fact.number)
    if case.category_code or case.suggestion is not None:
        return
    machine = ports.classifier()
    found = machine.suggest(case.words, reference.categories(fact.community_id), fact.community_id)
    proposal = {
        "version": found[0].version or machine.version if found else machine.version,
        "at": fact.at.isoformat(),
        "options": [
            {"code": one.code, "certainty": round(one.certainty, 3), "words": list(one.words)}
            for one in found
        ],
    }
    with transaction.atomic():
        Case.objects.filter(pk=case.pk, suggestion__isnull=True).update(suggestion=proposal)
        live.touch(f"community:{fact.community_id}", int(fact.at.timestamp() * 1000))


def top_up_calls(at: datetime) -> int:
    """Draw, once a month is over, the call-backs that its bodies lack of their minimum."""
    done = 0
    for place in places.communities():
        with scope.within([place.id]):
            done += callback_draw.top_up(place.id, at)
    return done


def archive_old(at: datetime) -> int:
    """Archive what ended long ago, by the community's own number of days."""
    done = 0
    for place in places.communities():
        days = int(places.setting(place.id, "archive_days", at))
        with scope.within([place.id]):
            old = Case.objects.filter(
                community_id=place.id,
                state__in=[state.value for state in workflow.ENDED - {workflow.State.ARCHIVED}],
                state_at__lt=at - timedelta(days=days),
            ).values_list("number", flat=True)[:BATCH]
            for number in list(old):
                moves.take(actor=access.SYSTEM, number=number, given=Given(Verb.ARCHIVE), at=at)
                done += 1
    return done
