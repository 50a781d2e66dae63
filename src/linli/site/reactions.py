"""Fact -> functions: who reacts to what. One line each."""

from __future__ import annotations

from linli.cases import events as cases
from linli.cases import reactions as on_cases
from linli.controlroom import events as controlroom
from linli.integrations.webhooks import catalog as webhooks
from linli.integrations.webhooks import reactions as on_webhooks
from linli.kernel import events
from linli.people import events as people
from linli.people import reactions as on_people
from linli.site import tombstones
from linli.triage import events as triage
from linli.triage import reactions as on_triage


def connect() -> None:
    """Connect every reaction to its fact."""
    events.connect(cases.CaseReported, on_cases.suggest_category)
    events.connect(cases.CaseMoved)
    events.connect(cases.CaseJoined)
    events.connect(cases.CaseLeft)
    events.connect(cases.PromiseBroken)
    events.connect(cases.PromiseAtRisk)
    events.connect(cases.LadderClimbed)
    events.connect(cases.LetterOverdue)
    events.connect(cases.UrgentRaised)
    events.connect(cases.UrgentAnswered)
    events.connect(cases.UrgentUnanswered)
    events.connect(triage.TopicsAsked, on_triage.work_out_topics)
    events.connect(triage.TopicFound)
    events.connect(triage.LearningAsked, on_triage.learn_categories)
    events.connect(triage.ModelChanged)
    events.connect(cases.WhistleBlown)
    events.connect(cases.WhistleAnswered)
    events.connect(cases.BodyArrived)
    events.connect(cases.WhistleConcluded)
    events.connect(controlroom.BriefMade)
    events.connect(people.AccountErased, tombstones.keep, on_people.forget_sessions)
    for fact in webhooks.SENT.values():
        events.connect(fact, on_webhooks.note)
