"""What the codes of this room are called on pages; rules stay without language."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.functional import Promise as Lazy
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from linli.cases import words as cases

Words = Mapping[str, str | Lazy]

STATES: Words = {
    "waiting": pgettext_lazy("delivery", "Waiting"),
    "delivered": pgettext_lazy("delivery", "Delivered"),
    "dead": pgettext_lazy("delivery", "Given up"),
}
#: Why a try brought nothing.
WHYS: Words = {
    "status": _("It answered, but not with 2xx."),
    "redirect": _("It answered with a redirect. We follow none: enter the address it leads to."),
    "gone": _("It answered 410 Gone: it does not want to hear from us any more."),
    "too_old": _("It waited three days without arriving."),
    "ended": _("The address was ended."),
    "address": _("The address cannot be used. Does this house still allow it?"),
    "inside": _("The name leads into a private network, which this house does not allow."),
    "unknown_host": _("Nobody knows this name (DNS)."),
    "unreachable": _("Nobody answered at this address, or the connection broke."),
    "tls": _("No secure connection came about: certificate or TLS version."),
    "timeout": _("It took longer than ten seconds."),
    "too_long": _("The answer was too long."),
    "garbled": _("The answer could not be read."),
}
PAUSES: Words = {
    "person": _("Paused by hand."),
    "gone": _("Paused by itself: the address answered 410 Gone."),
    "failing": _("Paused by itself: nothing has arrived for five days."),
}
WRONGS: Words = {
    "name.missing": _("Give it a name."),
    "name.taken": _("An address of this name is there already."),
    "url.missing": _("Enter the address."),
    "url.address": _(
        "This is no address that can be used: https://, no user in it, no “#”, no characters outside ASCII."
    ),
    "url.plain_http": _("The address must begin with https://."),
    "facts.missing": _("Choose at least one event."),
    "facts.unknown": _("There is no such event."),
    "endpoints.too_many": _("At most %(limit)s addresses at a time. End one first."),
    "hours.unknown": _("Choose how long the former secret still signs."),
}
OVERLAPS: Words = {
    "0": _("Not at all: it is void now"),
    "24": _("For one day"),
    "168": _("For seven days"),
}
ROOMS: Words = {
    "cases": pgettext_lazy("webhooks", "Cases"),
    "grids": pgettext_lazy("webhooks", "Places and duties"),
    "people": pgettext_lazy("webhooks", "Organisations"),
    "triage": pgettext_lazy("webhooks", "Topics"),
    "controlroom": pgettext_lazy("webhooks", "Reports"),
    "notices": pgettext_lazy("webhooks", "Telling people"),
    "publishing": pgettext_lazy("webhooks", "Announcements"),
    "groups": pgettext_lazy("webhooks", "Groups"),
    "fieldwork": pgettext_lazy("webhooks", "Work in the grids"),
    "assessment": pgettext_lazy("webhooks", "League of the grids"),
    "training": pgettext_lazy("webhooks", "Handbook and training"),
}
#: What each event says. The English is the fact's own sentence (docs/events.md), said shortly.
FACTS: Words = {
    "cases.CaseReported": _("A case was taken in"),
    "cases.CaseMoved": _("Something was done to a case: accepted, dispatched, handled, closed …"),
    "cases.CaseJoined": _("One more person says the same of a case"),
    "cases.CaseLeft": _("Somebody who had joined a case left it"),
    "cases.PromiseBroken": _("A promise passed its time"),
    "cases.PromiseAtRisk": _("Little is left of a promise"),
    "cases.LadderClimbed": _("A rung of the ladder was climbed"),
    "cases.LetterOverdue": _("A letter of supervision was not answered in time"),
    "cases.WhistleBlown": _("Bodies were called to a place"),
    "cases.WhistleAnswered": _("A called body said whether it comes"),
    "cases.BodyArrived": _("A called body is there"),
    "cases.WhistleConcluded": _("A whistle has ended"),
    "cases.ReferenceChanged": _("The community changed a category, a promise, a rule …"),
    "cases.UrgentRaised": _("Somebody may be in danger"),
    "cases.UrgentAnswered": _("A person answered an alarm"),
    "cases.UrgentUnanswered": _("Nobody has answered an alarm"),
    "grids.PlacesImported": _("Places were imported"),
    "grids.PlaceRenamed": _("A place goes by other names"),
    "grids.QrReplaced": _("Another QR code hangs at a place"),
    "grids.DutyGranted": _("Somebody has a duty"),
    "grids.DutyEnded": _("A duty has ended"),
    "grids.SettingChanged": _("A wish of the community was changed"),
    "people.OrganisationOpened": _("There is a new organisation"),
    "people.OrganisationRenamed": _("An organisation is called otherwise"),
    "people.OrganisationClosed": _("An organisation takes no more work"),
    "publishing.AnnouncementPublished": _("An announcement was written"),
    "publishing.AnnouncementBegan": _("The first day of an announcement has come"),
    "publishing.AnnouncementChanged": _("An announcement says something else"),
    "publishing.AnnouncementWithdrawn": _("An announcement was taken down"),
    "groups.GroupOpened": _("A chat group is in the directory"),
    "groups.GroupClosed": _("A chat group is no more"),
    "groups.HeadsCounted": _("Somebody counted whom a chat group reaches"),
    "groups.GroupCodeExpiring": _("The code of a chat group works one more day"),
    "fieldwork.PatrolEnded": _("A patrol is over"),
    "fieldwork.HandOverOffered": _("Somebody is asked to take over what is open in a grid"),
    "fieldwork.HandOverAccepted": _("A hand-over was accepted"),
    "fieldwork.HandOverDeclined": _("A hand-over did not come about"),
    "fieldwork.ServiceGiven": _("A resident was helped"),
    "fieldwork.ServiceAnswered": _("A resident said whether the help took place"),
    "assessment.SchemePublished": _("A version of a scheme holds from a day on"),
    "assessment.RankingSwitched": _("A community begins to rank, or stops"),
    "assessment.RunComputed": _("Scores were computed and wait for a review"),
    "assessment.RunReviewed": _("A person has looked at the scores of a period"),
    "assessment.RunAnnounced": _("Those who are assessed may see their scores and appeal"),
    "assessment.RunFinal": _("The time for appeals is over: the scores are final"),
    "assessment.RunSuperseded": _("Newer scores of the same period hold"),
    "assessment.EvaluationOpened": _("An evaluation of 七清七掌握 is open"),
    "assessment.EvaluationClosed": _("An evaluation of 七清七掌握 is over"),
    "assessment.ScoresPublished": _("Scores were made known as the community's rule says"),
    "assessment.StarsChanged": _("Somebody won or lost a star"),
    "training.HandbookPublished": _("A page of the handbook says something else or is shown no longer"),
    "notices.MailingEnded": _("A message to many has been handed to everybody"),
    "notices.RoadFailing": _("A road for messages does not get through"),
    "triage.TopicFound": _("Several people write about one matter"),
    "triage.ModelChanged": _("Proposals of categories come from another version"),
    "controlroom.BriefMade": _("A daily or weekly brief can be read"),
    "webhooks.Ping": _("Somebody tries the address"),
}


def label(words: Words, code: str) -> str:
    """The words of a code; the code itself when it has none."""
    return str(words.get(code, code))


def wrong(code: str, *, field: str = "", limit: str = "") -> str:
    """What is wrong with a field, in words."""
    own = WRONGS.get(f"{field}.{code}")
    return str(own) % {"limit": limit} if own else cases.wrong(code, field=field, limit=limit)
