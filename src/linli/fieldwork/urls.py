"""The addresses of the work in the grids, one topic a list."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from linli.fieldwork.pages import handing, households, patrols, today, visits
from linli.fieldwork.urls_records import records_urls

app_name = "fieldwork"
days: list[URLPattern | URLResolver] = [path("desk/today/", today.today, name="today")]
homes: list[URLPattern | URLResolver] = [
    path("desk/visits/", visits.choose, name="visits"),
    path("desk/visits/outbox/", visits.outbox, name="outbox"),
    path("desk/visits/<int:visit_id>/strike/", visits.strike, name="visit_strike"),
    path("desk/households/<int:dwelling_id>/", households.household, name="household"),
    path("desk/households/<int:dwelling_id>/visit/", visits.new, name="visit_new"),
    path("desk/care/<int:plan_id>/end/", households.end_plan, name="plan_end"),
]
rounds: list[URLPattern | URLResolver] = [
    path("desk/patrol/", patrols.patrol, name="patrol"),
    path("desk/patrol/start/", patrols.start, name="patrol_start"),
    path("desk/patrol/<int:patrol_id>/", patrols.kept, name="patrol_kept"),
    path("desk/patrol/<int:patrol_id>/end/", patrols.end, name="patrol_end"),
    path("desk/patrol/<int:patrol_id>/tick/", patrols.tick, name="patrol_tick"),
    path("desk/patrol/<int:patrol_id>/find/", patrols.find, name="patrol_find"),
    path("desk/patrol/<int:patrol_id>/positions/", patrols.positions, name="patrol_positions"),
    path("desk/patrol/<int:patrol_id>/wipe/", patrols.wipe, name="patrol_wipe"),
]
handovers: list[URLPattern | URLResolver] = [
    path("desk/handovers/", handing.index, name="handovers"),
    path("desk/handovers/new/<int:grid_id>/", handing.new, name="handover_new"),
    path("desk/handovers/<int:handover_id>/", handing.handover, name="handover"),
    path("desk/handovers/<int:handover_id>/answer/", handing.answer, name="handover_answer"),
]
urlpatterns: list[URLPattern | URLResolver] = [*days, *homes, *rounds, *handovers, *records_urls]
