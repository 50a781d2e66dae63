"""Need -> adapter: which part of the outside fills which port. One line each."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.conf import settings
from django.urls import reverse

from linli.assessment.actions import own_data as own_scores
from linli.cases import ports as cases
from linli.cases.actions import own_data
from linli.faces.languages import reads_english
from linli.fieldwork.actions import own_data as own_fieldwork
from linli.grids import ports as grid_ports
from linli.grids import queries as grids
from linli.grids.actions import own_data as own_places
from linli.grids.actions import register
from linli.integrations.assistant.adapter import BadEndpoint, HttpAssistant
from linli.integrations.clients.actions import usage
from linli.integrations.console.adapter import ConsoleSender
from linli.integrations.console.carrier import ConsoleRobots, ConsoleSms
from linli.integrations.email.adapter import BadMailServer, SmtpMail
from linli.integrations.hotline.memory import HotlineMemory
from linli.integrations.oidc.actions import coming_in
from linli.integrations.open311 import ports as open311
from linli.integrations.open311.actions import own_data as own_forwards
from linli.integrations.open311.memory import Open311Memory
from linli.integrations.open311.outcomes import CaseOutcomes
from linli.integrations.robots.dingtalk import DingtalkRobots
from linli.integrations.robots.feishu import FeishuRobots
from linli.integrations.robots.wecom import WecomRobots
from linli.integrations.sms.adapter import HttpSms
from linli.integrations.sms.rules import BadSms
from linli.integrations.wechat.actions import binding as wechat
from linli.integrations.wechat.carrier import WechatCarrier
from linli.kernel import api_usage, jobs, metrics
from linli.kernel.clock import LOCAL
from linli.notices import ports as notices
from linli.notices.actions import keeping as own_notices
from linli.notices.ports import Carrier
from linli.people import ports as people
from linli.people import rules as people_rules
from linli.publishing import ports as publishing
from linli.site import journeys
from linli.site.announcing import MailingsOfAnnouncements
from linli.site.env import BadSetting
from linli.training.actions import own_data as own_training
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


def sign_in_ways(language: str) -> list[people.SignInWay]:
    """The identity providers that staff may come in by."""
    return [
        people.SignInWay(
            one.name_en if reads_english(language) and one.name_en else one.name_zh,
            reverse("oidc:start", args=[one.key]),
        )
        for one in coming_in.providers()
    ]


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


def sms() -> HttpSms | None:
    """The carrier of SMS that the operator's file describes.

    :raises BadSetting: a file that cannot be used.
    """
    if not settings.LINLI_SMS_CONFIG:
        return None
    try:
        return HttpSms.from_file(settings.LINLI_SMS_CONFIG, settings.LINLI_SMS_KEY)
    except BadSms as problem:
        raise BadSetting(f"LINLI_SMS_CONFIG: {problem}") from problem


def carriers(real_sms: HttpSms | None) -> list[Carrier]:
    """Who carries messages here.

    :raises BadSetting: a mail server that cannot be used.
    """
    robots = [
        maker(settings.LINLI_ROBOT_HOSTS, int(settings.LINLI_ROBOT_PER_MINUTE))
        for maker in (WecomRobots, DingtalkRobots, FeishuRobots)
    ]
    shown = settings.HOME if settings.LINLI_DEMO else None
    found: list[Carrier] = [WechatCarrier()]
    found += [ConsoleRobots(one, shown) if shown else one for one in robots]
    if real_sms is not None:
        found.append(real_sms)
    elif shown:
        found.append(ConsoleSms(shown))
    if settings.LINLI_SMTP_URL:
        try:
            found.append(SmtpMail(settings.LINLI_SMTP_URL, settings.LINLI_SMTP_FROM))
        except BadMailServer as problem:
            raise BadSetting(str(problem)) from problem
    return found


def connect() -> None:
    """Plug every adapter into its port."""
    sender = ConsoleSender(settings.HOME if settings.LINLI_DEMO or settings.TESTING else None)
    real_sms = sms()
    notices.plug(*carriers(real_sms))
    notices.plug_picture("league_result", journeys.picture_of_result)
    people.wire(
        code_sender=real_sms or sender,
        is_staff=serves_anywhere,
        demo_people=demo_people,
        community_names=community_names,
        last_codes=sender.last_codes,
        sign_in_ways=sign_in_ways,
    )
    grid_ports.wire(register=register.knows)
    metrics.watch_jobs(jobs.waiting)
    api_usage.plug(usage.write)
    cases.plug_answer_reader(LocalReader())
    triage.plug_assistant(assistant())
    cases.plug_likeness(LocalLikeness())
    cases.plug_memory(DeskMemory(), HotlineMemory(), Open311Memory())
    cases.plug_classifier(DeskClassifier())
    open311.plug_outcomes(CaseOutcomes())
    publishing.plug(MailingsOfAnnouncements())
    people_rules.exporters.register("open311", own_forwards.held)
    people_rules.erasers.register("open311", own_forwards.erase)
    people_rules.exporters.register("cases", own_data.held)
    people_rules.erasers.register("cases", own_data.erase)
    people_rules.erasers.register("oidc", coming_in.erase)
    people_rules.erasers.register("triage", own_topics.erase)
    people_rules.exporters.register("training", own_training.held)
    people_rules.erasers.register("training", own_training.erase)
    people_rules.exporters.register("wechat", wechat.held)
    people_rules.erasers.register("wechat", wechat.erase)
    people_rules.exporters.register("notices", own_notices.held)
    people_rules.erasers.register("notices", own_notices.erase)
    people_rules.exporters.register("fieldwork", own_fieldwork.held)
    people_rules.erasers.register("fieldwork", own_fieldwork.erase)  # before the homes go
    people_rules.exporters.register("assessment", own_scores.held)
    people_rules.erasers.register("assessment", own_scores.erase)
    people_rules.exporters.register("grids", own_places.held)
    people_rules.erasers.register("grids", own_places.erase)
