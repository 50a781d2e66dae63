"""What the words of the places are called on pages and on the console; rules give codes, texts stand here."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from linli.grids.rules.posters import Layout
from linli.grids.rules.words import Ended, EndReason, Tongue

LEVELS = {
    "community": _("Community"),
    "committee": _("Residents' committee"),
    "grid": _("Grid"),
    "courtyard": _("Courtyard"),
    "building": _("Building"),
    "unit": _("Unit"),
    "dwelling": _("Dwelling"),
}
KINDS = {"base": _("Base grid"), "dedicated": _("Dedicated grid")}

#: What is wrong with a row of an import, and what to do.
PROBLEMS = {
    "bad_code": _("The code must begin with the 12 digits of a community. Correct the code."),
    "bad_division_code": _(
        "A division code has 12 digits. Keep the column as text, so that no zero is lost."
    ),
    "code_off_pattern": _(
        "The code does not follow the community's pattern. Correct it or change the pattern."
    ),
    "crosses_itself": _("The outline crosses itself. Redraw it there."),
    "empty": _("The outline has no area. Draw it again."),
    "empty_file": _("The file is empty. Choose another one."),
    "ends_before_it_begins": _("The last day lies before the first. Correct one of them."),
    "has_open_children": _("Places below are still open. Close or move them in the same import."),
    "kind_missing": _("Say of a grid whether it is base or dedicated."),
    "kind_only_of_grids": _("Only grids have a kind. Empty the cell."),
    "level_cannot_change": _("A place cannot change its level. Close it and add another one."),
    "name_missing": _("A new place needs a name in the column name_zh."),
    "not_a_day": _("Write days as 2026-11-23."),
    "not_a_feature": _("A feature needs properties with a code, and a geometry."),
    "not_a_feature_collection": _("The file is not a GeoJSON FeatureCollection. Export it as one."),
    "not_a_number": _("Write a whole number without a sign."),
    "not_a_point": _("Write longitude and latitude as decimal degrees, both or neither."),
    "not_a_polygon": _("Outlines are polygons. Points and lines cannot be boundaries."),
    "outside_parent": _(
        "The outline reaches outside the place above. Redraw it within, or the place above first."
    ),
    "outside_the_world": _("Longitude is −180 to 180, latitude −90 to 90. They may be swapped."),
    "overlaps_grid": _("Two base grids share ground. Redraw their border, or make one a dedicated grid."),
    "parent_elsewhere": _("The place above belongs to another community. Correct parent_code."),
    "parent_missing": _("Say in parent_code what the place lies in."),
    "parent_not_above": _("A place of this level cannot lie in that one. Correct level or parent_code."),
    "ring_not_closed": _("The last point of a ring must be its first. Close the ring."),
    "said_twice": _("Another row says something else about the same code. Keep one of them."),
    "too_few_points": _("A ring needs at least four points."),
    "too_many_cells": _("The row has more cells than the heading. Look for a comma within a name."),
    "unknown_columns": _("These columns are not known. See the table in docs or linli places import --help."),
    "unknown_division": _("The street of this community is not known. Import the list of divisions first."),
    "unknown_kind": _("The kind is base or dedicated."),
    "unknown_level": _("The level is not known. See linli places import --help."),
    "unknown_parent": _(
        "There is no place of that code, neither here nor in this import. Correct parent_code."
    ),
    "unknown_place": _(
        "There is no place of this code. Import the places first, or together with the outlines."
    ),
    "unreadable": _("This cannot be read. Export the file again."),
}
#: What is worth a look, and does not stop an import.
WARNINGS = {
    "households_unusual": _("A city grid usually has 300 to 500 households (GB/T 34300-2017)."),
    "not_covered": _("Part of the community lies in no base grid."),
    "overlaps_community": _("The outline overlaps another community's."),
}
LAYOUTS = {
    Layout.A4.value: _("Posters, one A4 sheet a door"),
    Layout.STICKERS.value: _("Stickers, 24 on an A4 sheet"),
}
#: Why a home was refused or taken back, as its resident reads it.
REASONS = {
    EndReason.NOT_FOUND.value: _("We could not find that you live there"),
    EndReason.WRONG_DOOR.value: _("The door number does not fit"),
    EndReason.NOT_REACHED.value: _("We could not reach you"),
    EndReason.MOVED_AWAY.value: _("You have moved away, we are told"),
    EndReason.OTHER.value: _("Another reason"),
}
RAN_OUT = _("its time is over and it was not shown again")
#: Languages that those who serve speak; each is named in itself where that helps who looks for it.
TONGUES = {
    Tongue.MANDARIN.value: _("Mandarin"),
    Tongue.DIALECT.value: _("Local dialect"),
    Tongue.CANTONESE.value: _("Cantonese"),
    Tongue.ENGLISH.value: "English",
    Tongue.JAPANESE.value: "日本語",
    Tongue.KOREAN.value: "한국어",
    Tongue.SIGN.value: _("Sign language"),
}
#: Why something was not done, for forms.
FAULTS = {
    "bad_picture": _("This picture cannot be taken. Send a JPEG, PNG or WebP of at most 10 MB."),
    "both_days": _("Give both days: the first and the last one away."),
    "nobody_there": _("This person does not serve here now."),
    "not_a_phone": _("Write digits, blanks and hyphens, as 0851-8555 0001."),
    "personal": _("Here is a personal number. Everybody reads this, so leave it out."),
    "reason_missing": _("Say why: the person reads it."),
    "private_phone": _(
        "Somebody signs in with this number: it is a person's own. Give the number of the duty."
    ),
    "too_long": _("This is too long."),
    "too_many_days": _("At most a year."),
    "admins_only": _("Only an administrator appoints leaders and administrators."),
    "already_bound": _("This home is proved already."),
    "already_ended": _("This duty has ended already."),
    "ends_before_it_begins": _("The end lies before the beginning."),
    "held_already": _("This person already serves there in this role in that time."),
    "keepers_only": _("Only the community's leader or administrator may change this."),
    "name_missing": _("Please give a name."),
    "no_such_person": _("Nobody has signed in with this number yet. Give the name as well."),
    "bad_phone": _("Please give a mobile number of 11 digits."),
    "no_codes": _("No place there has a code."),
    "too_many_codes": _("More than 5,000 codes at once. Choose a grid."),
    "too_many_rows": _("More than 100,000 lines."),
    "unknown_dwelling": _("There is no door of this code in this community."),
    "not_a_choice": _("Choose one of the values offered."),
    "not_a_day": _("Write days as 2026-11-23."),
    "not_a_flag": _("Choose yes or no."),
    "not_a_number": _("Write a whole number without a sign."),
    "not_a_pattern": _("This is not a regular expression of at most 60 characters."),
    "not_a_span": _("Write a span as 22:00-07:00, or leave it empty."),
    "organisation_elsewhere": _("Choose an open organisation of this community."),
    "organisation_missing": _("Property and department staff serve for an organisation. Choose it."),
    "out_of_range": _("The number is too small or too large."),
    "own_residence": _("Nobody vouches for their own home."),
    "second_person": _("You have vouched already. A second colleague must do so too."),
    "role_not_at_this_level": _("This role is not given at a place of this level."),
    "unknown_role": _("Choose a role."),
    "unknown_setting": _("There is no such setting."),
}
#: What a community may want: label, explanation, and words for the choices. A room above adds its own lines.
WISHES: dict[str, tuple[Any, Any, dict[str, Any]]] = {
    "reopen_days": (
        _("Days to reopen"),
        _("For so many days after closing a resident may say that a case is not solved."),
        {},
    ),
    "publish_settled": (
        _("Settled cases on the public list"),
        _("Never with names, phones or door numbers."),
        {
            "never": _("never"),
            "consent": _("if the reporter agreed"),
            "always": _("always"),
        },
    ),
    "archive_days": (
        _("Days until a closed case is archived"),
        _("From then on it is only read."),
        {},
    ),
    "alarm_minutes": (
        _("Minutes until an unanswered alarm goes on"),
        _("A report of danger rings in the room; if nobody answers it, more people hear it, three times."),
        {},
    ),
    "whistle_grace_minutes": (
        _("Grace at a meeting, in minutes"),
        _("So many minutes after the time of a whistle a called body is still in time."),
        {},
    ),
    "quiet_hours": (
        _("Quiet hours"),
        _(
            "Nobody is reminded or called on in this time, except in emergencies. As 22:00-07:00; empty for none."
        ),
        {},
    ),
    "urge_hours": (
        _("Hours until a resident may urge again"),
        _("Staff may urge at any time."),
        {},
    ),
    "extend_times": (
        _("How often more time may be granted"),
        _("Under one promise; a reopened case begins anew."),
        {},
    ),
    "pause_times": (
        _("How often a pause may be granted"),
        _("Under one promise; a reopened case begins anew."),
        {},
    ),
    "hang_times": (
        _("How often a case may be put on hold"),
        _("Under one promise; a reopened case begins anew."),
        {},
    ),
    "residence_days": (
        _("Days a proven home holds"),
        _("Then it must be shown again."),
        {},
    ),
    "anonymous_reports": (
        _("Reports without signing in"),
        _("Somebody who is not signed in may report; such reports are looked through first."),
        {},
    ),
    "grid_code_pattern": (
        _("Pattern of grid codes"),
        _("What follows the community's 12 digits, as a regular expression."),
        {},
    ),
    "building_code_pattern": (
        _("Pattern of building codes"),
        _("What follows the community's 12 digits, as a regular expression."),
        {},
    ),
}


def end_reason(why: str, reason: str, words: str) -> str:
    """Why a home is no longer proved, in words; empty where nothing is to be said."""
    if why == Ended.RAN_OUT:
        return str(RAN_OUT)
    if reason == EndReason.OTHER:
        return words
    said = str(REASONS.get(reason, ""))
    if said and words:
        return gettext("%(reason)s (%(words)s)") % {"reason": said, "words": words}
    return said or words
