"""What the checker's rules, their sources and how certain these are, are called."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from linli.assessment.rules.lawful import Certainty, Source

RULES = {
    "online_time": _("Online time is weighed: how long somebody uses an app may not be assessed."),
    "check_in": _("Checking in is weighed: a forced check-in may not be assessed."),
    "reactions": _("Likes, votes or forwards are weighed: they may not be a basis of assessment."),
    "study_time": _("Study time is weighed: hours spent in an app may not be a basis of assessment."),
    "photo_upload": _(
        "Uploads are weighed: pictures, films or tracks may not be demanded where they are not needed."
    ),
    "growth": _(
        "Growth of head counts is weighed: it is shown as information, coverage of households is what counts."
    ),
    "ranking": _(
        "People are ranked for others to read, and the community has not switched ranking on, on record."
    ),
    "carrier": _(
        "People are scored every week: the app comes near to being the main carrier of daily assessment."
    ),
    "names": _("Names are published, and no decision of the community about it is on record."),
    "heavy_alone": _("More than 40 percent hang on one thing without the one that keeps it honest."),
    "no_pair": _("The thing that keeps this one honest is not weighed beside it."),
    "no_minimum": _("One single row is enough for a value: chance decides, not work."),
    "no_review": _("Nobody looks at the result before it counts: a decision by a machine alone."),
    "short_appeal": _("There are fewer than three working days to appeal."),
}
SOURCES = {
    Source.MEASURES_2: _(
        "Measures on government mobile apps (State Council, January 2026), second prohibition, as the press reports it"
    ),
    Source.MEASURES_4: _(
        "Measures on government mobile apps (State Council, January 2026), fourth prohibition, as the press reports it"
    ),
    Source.PIPL_24: _("Personal Information Protection Law, article 24: automated decisions"),
    Source.PIPL_13: _("Personal Information Protection Law, article 13: a ground for each use"),
    Source.HOUSE: _("A decision of this product, no rule of law"),
}
CERTAINTY = {
    Certainty.SOURCED: pgettext_lazy("source", "sourced"),
    Certainty.UNCONFIRMED: pgettext_lazy("source", "unconfirmed"),
    Certainty.DECISION: pgettext_lazy("source", "our decision"),
}
