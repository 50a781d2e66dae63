"""What the codes of services are called."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from linli.publishing.rules_services import Topic
from linli.publishing.words import FAULTS as SHARED

TOPICS = {
    Topic.PAPERS: pgettext_lazy("services", "Papers and registration"),
    Topic.HELP: pgettext_lazy("services", "Help in need"),
    Topic.SENIORS: pgettext_lazy("services", "Seniors"),
    Topic.CHILDREN: pgettext_lazy("services", "Children and schools"),
    Topic.HOUSING: pgettext_lazy("services", "Housing"),
    Topic.HEALTH: pgettext_lazy("services", "Health"),
    Topic.WORK: pgettext_lazy("services", "Work and insurance"),
    Topic.TOGETHER: pgettext_lazy("services", "Volunteers and neighbours"),
    Topic.OTHER: pgettext_lazy("services", "Other"),
}
FAULTS = SHARED | {
    "not_a_phone": _("Write digits, blanks and hyphens, as 0851-8555 0001."),
    "not_a_link": _("Write a whole address of the web, beginning with https://"),
    "online_where": _("Where can it be done? Write the address."),
    "too_many": _("A community offers at most 500 services. Take down what is no longer offered."),
}
