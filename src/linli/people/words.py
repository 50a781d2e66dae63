"""What people's words are called on pages; texts are here so that rules stay without language."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

ROLES = {
    "resident": _("Resident"),
    "grid_worker": _("Grid worker"),
    "police": _("Community police officer"),
    "assistant": _("Grid assistant"),
    "building_head": _("Building head"),
    "dispatcher": _("Dispatcher"),
    "verifier": _("Verifier"),
    "department_handler": _("Department staff"),
    "property_handler": _("Property company staff"),
    "community_leader": _("Community leader"),
    "auditor": _("Auditor"),
    "admin": _("Administrator"),
}
LEVELS = {
    0: _("Nothing proved yet"),
    1: _("WeChat"),
    2: _("Phone proved"),
    3: _("Resident, home proved"),
    4: _("Identity proved"),
}
PURPOSES = {
    "account": _("Keep my phone and name to run my account"),
    "contact": _("Staff who handle my case may call me"),
    "publish": _(
        "Settled cases of mine may appear on the public list, without my name, phone or door number"
    ),
    "notices": _("Tell me what happens to my cases by SMS or WeChat"),
}
SCOPES = {
    "cases:read": _("Read cases"),
    "cases:write": _("Report and move cases"),
    "places:read": _("Read places"),
    "people:read": _("Read people and duties"),
    "admin": _("Change settings"),
}
REASONS = {
    "handle_case": _("to handle your case"),
    "follow_up": _("to call you back about a settled case"),
    "emergency": _("emergency"),
    "appoint": _("to appoint you to a duty"),
    "visit": _("before or after a visit to your home"),
    "own_request": _("you asked at the counter"),
}
FIELDS = {
    "name": _("name"),
    "phone": _("phone"),
    "address": _("address"),
    "words": _("what you wrote"),
    "visits": _("visits to your home"),
}
KINDS = {
    "committee": _("Residents' committee"),
    "party_branch": _("Party branch"),
    "property_company": _("Property company"),
    "owners_committee": _("Owners' committee"),
    "police_station": _("Police station"),
    "service_centre": _("Service centre"),
    "street_department": _("Street department"),
}
