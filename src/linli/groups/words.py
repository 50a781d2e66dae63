"""What the codes of groups are called."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from linli.groups.rules import Evidence, Kind, Platform

KINDS = {
    Kind.RESIDENTS: pgettext_lazy("chat group", "Residents"),
    Kind.OWNERS: pgettext_lazy("chat group", "Owners"),
    Kind.VOLUNTEERS: pgettext_lazy("chat group", "Volunteers"),
    Kind.INTEREST: pgettext_lazy("chat group", "Interest"),
    Kind.STAFF: pgettext_lazy("chat group", "Staff (not shown to residents)"),
}
PLATFORMS = {
    Platform.WECHAT: pgettext_lazy("chat group", "WeChat"),
    Platform.WECOM: pgettext_lazy("chat group", "WeCom"),
    Platform.DINGTALK: pgettext_lazy("chat group", "DingTalk"),
    Platform.QQ: pgettext_lazy("chat group", "QQ"),
    Platform.OTHER: pgettext_lazy("chat group", "Elsewhere"),
}
EVIDENCE = {
    Evidence.NAMES: _("Members write their door into their name"),
    Evidence.ROUND: _("From door to door"),
    Evidence.LIST: _("Compared with the register of households"),
}
FAULTS = {
    "missing": pgettext_lazy("chat group", "Write this in Chinese at least."),
    "too_long": pgettext_lazy("chat group", "This is too long."),
    "personal": _("Here is a personal number. Leave it out: everybody may read this, or it stays for years."),
    "picture_or_link": _("Give a picture or a link, one of them."),
    "no_link": _("A link begins with https:// and has at most 300 characters."),
    "over": _("This day is over."),
    "lasts_too_long": _(
        "So long it does not work: a code of a WeChat group for seven days, others for a year at most."
    ),
    "too_many": _("At most three pictures."),
    "nobody_there": _("This person does not serve here now."),
    "in_the_future": _("This day has not come yet."),
    "not_a_count": _("Between 0 and 100,000."),
    "more_than_people": _("More households than people cannot be."),
    "more_than_live_there": _(
        "More households than the place has. Count again, or mend the place's households first."
    ),
}
