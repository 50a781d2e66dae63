"""Need -> adapter: which part of the outside fills which port. One line each."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.conf import settings

from linli.cases import ports as cases
from linli.cases.actions import own_data
from linli.grids import queries as grids
from linli.grids.actions import own_data as own_places
from linli.integrations.assistant.adapter import BadEndpoint, HttpAssistant
from linli.integrations.console.adapter import ConsoleSender
from linli.integrations.hotline.memory import HotlineMemory
from linli.kernel import jobs, metrics
from linli.kernel.clock import LOCAL
from linli.notices.actions import keeping as own_notices
from linli.people import ports as people
from linli.people import rules as people_rules
from linli.site.env import BadSetting
from linli.triage import ports as triage
from linli.triage.actions import own_data as own_topics
from linli.triage.alike import LocalLikeness
from linli.triage.answers import LocalReader
from linli.triage.classifier import DeskClassifier
from linli.triage.memory import DeskMemory


def serves_anywhere(account_id: int, at: datetime) -> bool:
    """Whether the account holds a staff duty on the local day of this moment."""
    return grids.serves_anywhere(account_id, at.astimezone(LOCAL).date())


def community_names(community_ids: Sequence[int], language: str) -> dict[int, str]:
    """The names of communities."""
    return {key: place.name(language) for key, place in grids.places(community_ids).items()}


def demo_people(language: str, at: datetime) -> list[people.DemoPerson]:
    """The demo's people with a duty or a home, community by community, those who report first."""
    found = []
    for community in grids.communities():
        for duty in grids.duties(community.id, at.astimezone(LOCAL).date()):
            found.append(people.DemoPerson(duty.account_id, community.name(language), duty.role, duty.title))
    return found


def assistant() -> HttpAssistant | None:
    """The endpoint that proposes drafts, where the operator has set one.

    :raises BadSetting: an address or a model that cannot be used.
    """
    if not settings.LINLI_ASSISTANT_URL:
        return None
    try:
        return HttpAssistant(
            url=settings.LINLI_ASSISTANT_URL,
            model=settings.LINLI_ASSISTANT_MODEL,
            key=settings.LINLI_ASSISTANT_KEY,
            seconds=float(settings.LINLI_ASSISTANT_TIMEOUT),
        )
    except BadEndpoint as problem:
        raise BadSetting(str(problem)) from problem


def connect() -> None:
    """Plug every adapter into its port."""
    sender = ConsoleSender(settings.HOME if settings.LINLI_DEMO or settings.TESTING else None)
    people.wire(
        code_sender=sender,
        is_staff=serves_anywhere,
        demo_people=demo_people,
        community_names=community_names,
        last_codes=sender.last_codes,
    )
    metrics.watch_jobs(jobs.waiting)
    cases.plug_answer_reader(LocalReader())
    triage.plug_assistant(assistant())
    cases.plug_likeness(LocalLikeness())
    cases.plug_memory(DeskMemory())
    cases.plug_memory(HotlineMemory())
    cases.plug_classifier(DeskClassifier())
    people_rules.exporters.register("cases", own_data.held)
    people_rules.erasers.register("cases", own_data.erase)
    people_rules.erasers.register("triage", own_topics.erase)
    people_rules.exporters.register("notices", own_notices.held)
    people_rules.erasers.register("notices", own_notices.erase)
    people_rules.exporters.register("grids", own_places.held)
    people_rules.erasers.register("grids", own_places.erase)
