"""Fact -> functions: who reacts to what. One line each."""

from __future__ import annotations

from linli.assessment import events as assessment
from linli.cases import events as cases
from linli.cases import reactions as on_cases
from linli.controlroom import events as controlroom
from linli.fieldwork import events as fieldwork
from linli.grids import events as grids
from linli.groups import events as groups
from linli.integrations.hotline import reactions as on_hotline
from linli.integrations.open311 import reactions as on_open311
from linli.integrations.webhooks import catalog as webhooks
from linli.integrations.webhooks import reactions as on_webhooks
from linli.kernel import events
from linli.notices import events as notices
from linli.notices import reactions as on_notices
from linli.people import events as people
from linli.people import reactions as on_people
from linli.publishing import events as publishing
from linli.site import announcing, journeys, journeys_fieldwork, tombstones
from linli.training import events as training
from linli.triage import events as triage
from linli.triage import reactions as on_triage

#: Facts to which nothing here reacts: they are there for other systems.
QUIET: tuple[type, ...] = (
    assessment.SchemePublished,
    assessment.RankingSwitched,
    assessment.RunComputed,
    assessment.RunReviewed,
    assessment.RunFinal,
    assessment.RunSuperseded,
    assessment.AdjustmentAsked,
    assessment.AdjustmentDecided,
    training.HandbookPublished,
    training.CoursePassed,
    training.CertificateRevoked,
    fieldwork.VisitMade,
    fieldwork.VisitStruck,
    fieldwork.CarePlanMade,
    fieldwork.CarePlanEnded,
    fieldwork.PatrolStarted,
    fieldwork.PatrolEnded,
    fieldwork.ServiceWithdrawn,
    fieldwork.RechecksDrawn,
    fieldwork.RecheckAnswered,
    assessment.EvaluationClosed,
    assessment.StarsChanged,
)


def connect() -> None:
    """Connect every reaction to its fact."""
    events.connect(cases.CaseReported, on_cases.suggest_category, on_notices.tell_of_report)
    events.connect(cases.CaseMoved, on_notices.tell_of_move, on_hotline.follow, on_open311.forward_dispatched)
    events.connect(cases.CaseJoined)
    events.connect(cases.CaseLeft)
    events.connect(cases.PromiseBroken, on_notices.tell_of_broken_promise)
    events.connect(cases.PromiseAtRisk, on_notices.tell_of_risk)
    events.connect(cases.LadderClimbed, on_notices.tell_of_rung)
    events.connect(cases.LetterOverdue, on_notices.tell_of_overdue_letter)
    events.connect(cases.UrgentRaised, on_notices.tell_of_alarm)
    events.connect(cases.UrgentAnswered, on_notices.tell_of_answered_alarm)
    events.connect(cases.UrgentUnanswered, on_notices.tell_of_unanswered_alarm)
    events.connect(triage.TopicsAsked, on_triage.work_out_topics)
    events.connect(triage.TopicFound, journeys.tell_of_topic)
    events.connect(triage.LearningAsked, on_triage.learn_categories)
    events.connect(triage.ModelChanged)
    events.connect(cases.WhistleBlown, on_notices.tell_of_whistle)
    events.connect(cases.WhistleAnswered, on_notices.tell_of_answer)
    events.connect(cases.BodyArrived, on_notices.tell_of_arrival)
    events.connect(cases.WhistleConcluded, on_notices.tell_of_conclusion)
    events.connect(controlroom.BriefMade, journeys.tell_of_brief)
    events.connect(grids.ResidenceAsked, on_notices.tell_of_home_asked)
    events.connect(grids.ResidenceBound, on_notices.tell_of_home_bound)
    events.connect(grids.ResidenceExpiring, on_notices.tell_of_home_expiring)
    events.connect(grids.ResidenceEnded, on_notices.tell_of_home_ended)
    events.connect(grids.DutyGranted, on_notices.tell_of_duty)
    events.connect(grids.DutyEnded, on_notices.tell_of_duty_ended)
    events.connect(publishing.AnnouncementPublished)
    events.connect(publishing.AnnouncementBegan, announcing.tell_of_announcement)
    events.connect(publishing.AnnouncementChanged, announcing.tell_of_change)
    events.connect(publishing.AnnouncementWithdrawn, announcing.tell_of_withdrawal)
    _of_the_league()
    events.connect(groups.GroupOpened)
    events.connect(groups.GroupClosed)
    events.connect(groups.HeadsCounted)
    events.connect(groups.GroupCodeExpiring, journeys.tell_of_group_code)
    for fact in QUIET:
        events.connect(fact)
    events.connect(fieldwork.HandOverOffered, journeys_fieldwork.tell_of_offer)
    events.connect(fieldwork.HandOverAccepted, journeys_fieldwork.tell_of_taking)
    events.connect(fieldwork.HandOverDeclined, journeys_fieldwork.tell_of_no_handover)
    events.connect(fieldwork.ServiceGiven, journeys_fieldwork.tell_of_service)
    events.connect(fieldwork.ServiceAnswered, journeys_fieldwork.tell_of_service_denied)
    events.connect(fieldwork.RecheckAsked, journeys_fieldwork.tell_of_recheck)
    events.connect(fieldwork.RecheckFound, journeys_fieldwork.tell_of_finding)
    events.connect(fieldwork.RecheckDecided, journeys_fieldwork.tell_of_recheck_decided)
    events.connect(notices.MailingEnded)
    events.connect(notices.RoadFailing)
    events.connect(people.AccountErased, tombstones.keep, on_people.forget_sessions)
    for fact in webhooks.SENT.values():
        events.connect(fact, on_webhooks.note)


def _of_the_league() -> None:
    events.connect(assessment.RunAnnounced, journeys.tell_of_scores)
    events.connect(assessment.LateFactsFound, journeys.tell_of_late_facts)
    events.connect(assessment.AppealMade, journeys.tell_of_appeal)
    events.connect(assessment.AppealDecided, journeys.tell_of_ruling)
    events.connect(assessment.EvaluationOpened, journeys.tell_of_sheets)
    events.connect(assessment.ScoresPublished, journeys.tell_of_result)
