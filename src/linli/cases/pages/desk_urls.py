"""The addresses of the workbench and of its settings."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from linli.cases.pages import (
    alarm,
    desk,
    desk_audit,
    desk_bulk,
    desk_map,
    desk_moves,
    desk_new,
    desk_pairs,
    settings,
    settings_calendar,
    settings_categories,
    settings_promises,
    settings_routing,
    settings_urgent,
)

desk_urls: list[URLPattern | URLResolver] = [
    path("desk/", desk.desk, name="desk"),
    path("desk/alarm/", alarm.alarm, name="desk_alarm"),
    path("desk/alarm/<slug:number>/", alarm.answer, name="desk_alarm_answer"),
    path("desk/rows/", desk.rows, name="desk_rows"),
    path("desk/map/", desk_map.list_map, name="desk_list_map"),
    path("desk/filters/", desk.keep_filter, name="desk_filters"),
    path("desk/bulk/", desk_bulk.bulk, name="desk_bulk"),
    path("desk/new/", desk_new.new, name="desk_new"),
    path("desk/case/<str:number>/", desk.case, name="desk_case"),
    path("desk/case/<str:number>/map/", desk.map_part, name="desk_map"),
    path("desk/case/<str:number>/clock/<int:clock_id>/", desk.ledger, name="desk_clock"),
    path("desk/case/<str:number>/reveal/", desk_moves.show_contact, name="desk_reveal"),
    path("desk/case/<str:number>/another-matter/", desk_pairs.another_matter, name="desk_another"),
    path("desk/case/<str:number>/<slug:verb>/", desk_moves.move, name="desk_move"),
    path("desk/audit/<str:number>/", desk_audit.audit, name="desk_audit"),
    path("desk/settings/", settings.index, name="settings"),
    path("desk/settings/categories/", settings_categories.categories, name="settings_categories"),
    path("desk/settings/categories/<str:code>/", settings_categories.category, name="settings_category"),
    path("desk/settings/promises/", settings_promises.promises, name="settings_promises"),
    path("desk/settings/promises/<int:promise_id>/end/", settings_promises.end, name="settings_promise_end"),
    path("desk/settings/routing/", settings_routing.routing, name="settings_routing"),
    path("desk/settings/routing/new/", settings_routing.new, name="settings_routing_new"),
    path("desk/settings/routing/try/", settings_routing.trial, name="settings_routing_try"),
    path("desk/settings/routing/<int:rule_id>/", settings_routing.rule, name="settings_routing_rule"),
    path("desk/settings/routing/<int:rule_id>/act/", settings_routing.act, name="settings_routing_act"),
    path("desk/settings/urgent/", settings_urgent.index, name="settings_urgent"),
    path("desk/settings/urgent/advice/<slug:kind>/", settings_urgent.advice, name="settings_urgent_advice"),
    path("desk/settings/urgent/<str:code>/", settings_urgent.line, name="settings_urgent_line"),
    path("desk/settings/calendar/", settings_calendar.calendar, name="settings_calendar"),
    path("desk/settings/calendar/hours/", settings_calendar.hours, name="settings_hours"),
]
