"""Made-up values with which a template is previewed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from linli.notices import saying
from linli.notices.actions.carrying import absolute
from linli.notices.rules.kinds import Kind


def sample(kind: Kind, community_id: int, language: str, at: datetime) -> Mapping[str, str]:
    """What the names of a kind could say, in a language."""
    with translation.override(language):
        soon = at + timedelta(days=2)
        found = {
            "community": saying.community_name(community_id, language),
            "number": "261123-048213",
            "matter": pgettext("sample", "Street lighting"),
            "place": pgettext("sample", "Building 8"),
            "body": pgettext("sample", "Property company"),
            "due": saying.moment(soon),
            "answer": pgettext("sample", "The lamp was replaced and works since last night."),
            "reason": saying.reason("unclear"),
            "until": saying.day(soon.date()),
            "from": saying.day(at.date()),
            "role": pgettext("sample", "grid worker"),
            "stage": saying.stage("resolve"),
            "act": saying.act("supervise"),
            "level": "2",
            "letter": saying.letter("letter", at.year, 7),
            "ruling": saying.ruling("overruled"),
            "round": "2",
            "times": "3",
            "request": saying.request("extend"),
            "decision": saying.decision(granted=True),
            "days": "3",
            "meet": saying.moment(at + timedelta(hours=2)),
            "where": pgettext("sample", "the east gate"),
            "called": pgettext("sample", "Police station"),
            "how": saying.answered("coming"),
            "at": saying.clock_time(at),
            "dangers": saying.dangers("gas"),
            "minutes": "5",
            "urgency": "",
            "title": pgettext("sample", "Water is off tomorrow morning"),
            "words": pgettext("sample", "From 9 to 12 the pipes are repaired. Please fill a bucket."),
            "cases": "6",
            "count": "3",
            "list": _("…"),
            "worker": pgettext("sample", "Grid worker Li"),
            "service": pgettext("sample", "Help with an online shop"),
            "day": saying.day(at.date()),
            "grid": pgettext("sample", "Grid 1001"),
            "items": "5",
            "taken": "4",
            "left": "1",
            "group": pgettext("sample", "Neighbours of building 8"),
            "road": "",
            "code": "",
            "link": absolute("/my/") or "/my/",
        }
    return {name: found.get(name, "…") for name in (*kind.names, "link")}
