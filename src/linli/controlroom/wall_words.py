"""What the wall calls things, in both languages."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from linli.controlroom.words import Words

SKIES: Words = {
    "clear": pgettext_lazy("sky", "Clear"),
    "cloudy": pgettext_lazy("sky", "Cloudy"),
    "overcast": pgettext_lazy("sky", "Overcast"),
    "rain": pgettext_lazy("sky", "Rain"),
    "heavy_rain": pgettext_lazy("sky", "Heavy rain"),
    "thunder": pgettext_lazy("sky", "Thunderstorms"),
    "sleet": pgettext_lazy("sky", "Sleet"),
    "snow": pgettext_lazy("sky", "Snow"),
    "fog": pgettext_lazy("sky", "Fog"),
    "haze": pgettext_lazy("sky", "Haze"),
    "wind": pgettext_lazy("sky", "Strong wind"),
}
DANGERS: Words = {
    "rainstorm": pgettext_lazy("danger", "Rainstorm"),
    "typhoon": pgettext_lazy("danger", "Typhoon"),
    "snowstorm": pgettext_lazy("danger", "Snowstorm"),
    "cold_wave": pgettext_lazy("danger", "Cold wave"),
    "gale": pgettext_lazy("danger", "Gale"),
    "heat": pgettext_lazy("danger", "Heat"),
    "drought": pgettext_lazy("danger", "Drought"),
    "lightning": pgettext_lazy("danger", "Lightning"),
    "hail": pgettext_lazy("danger", "Hail"),
    "frost": pgettext_lazy("danger", "Frost"),
    "fog": pgettext_lazy("danger", "Heavy fog"),
    "haze": pgettext_lazy("danger", "Heavy haze"),
    "icy_roads": pgettext_lazy("danger", "Icy roads"),
    "geological": pgettext_lazy("danger", "Landslides"),
}
LEVELS: Words = {
    "blue": pgettext_lazy("warning", "blue"),
    "yellow": pgettext_lazy("warning", "yellow"),
    "orange": pgettext_lazy("warning", "orange"),
    "red": pgettext_lazy("warning", "red"),
}
WEATHER_WRONGS: Words = {
    "out_of_range": _("Between -60 and 60 degrees."),
    "below_low": _("The highest lies below the lowest."),
    "too_long": _("At most 80 characters."),
    "unknown": _("Choose one of the list."),
    "not_a_number": _("A whole number of degrees."),
}
#: Short, for a tile of the wall.
TILES: Words = {
    "reported": pgettext_lazy("figure", "Reported"),
    "accepted": pgettext_lazy("figure", "Accepted"),
    "settled": pgettext_lazy("figure", "Settled"),
    "open": pgettext_lazy("figure", "Open"),
    "open_in_time": _("In time"),
    "open_at_risk": _("Due soon"),
    "open_broken": _("Overdue"),
    "open_paused": _("Clock paused"),
    "open_unaccepted": pgettext_lazy("waiting", "To accept"),
    "open_unsigned": pgettext_lazy("waiting", "To sign for"),
    "open_urgent": pgettext_lazy("waiting", "Urgent"),
    "response_rate": pgettext_lazy("rate", "Response"),
    "solved_rate": pgettext_lazy("rate", "Resolution"),
    "satisfied_rate": pgettext_lazy("rate", "Satisfaction"),
    "three_rates_score": pgettext_lazy("rate", "Score"),
}
#: What each part of the wall is, for the tour.
TOUR: Words = {
    "today": _("What came in today and what was settled, with the last fourteen days below. Each number opens its cases."),
    "promises": _("All open cases by how their next promise stands: in time, due soon, overdue, paused."),
    "map": _("The grids: the brighter, the more open cases. Each mark is a case, in the colour and shape of its clock."),
    "grids": _("The same as bars: where the open cases are, and how many of them are late."),
    "rates": _("The three rates of this month with what they are made of. The formula stands beside each."),
    "topics": _("What many people write about these days, with the parts of its heat."),
    "repeats": _("What keeps coming back at the same place after it was closed."),
    "stream": _("What is happening, case by case, without anybody's words or name."),
    "duty": _("Who is on duty today and the number to call."),
    "bodies": _("Bodies that still have a part of somebody else's case to do."),
    "chasing": _("What is supervised, sent back or called to a place, with the nearest deadline."),
}  # fmt: skip
