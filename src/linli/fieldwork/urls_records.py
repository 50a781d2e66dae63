"""The addresses of services, the diary and re-visits."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from linli.fieldwork.pages import diary, my_services, rechecks, services

records_urls: list[URLPattern | URLResolver] = [
    path("me/help/", my_services.index, name="my_services"),
    path("me/help/<int:help_id>/", my_services.one, name="my_service"),
    path("desk/help/", services.index, name="services"),
    path("desk/help/new/", services.new, name="new_service"),
    path("desk/help/outbox/", services.outbox, name="service_outbox"),
    path("desk/help/<int:help_id>/", services.service, name="service"),
    path("desk/help/<int:help_id>/withdraw/", services.withdraw, name="withdraw_service"),
    path("desk/help/<int:help_id>/call/", services.call, name="call_service"),
    path("desk/settings/help/", services.settings, name="service_kinds"),
    path("desk/diary/", diary.day, name="diary"),
    path("desk/diary/paper.pdf", diary.paper, name="diary_paper"),
    path("desk/diary/<int:note_id>/strike/", diary.strike, name="strike_note"),
    path("desk/rechecks/", rechecks.index, name="rechecks"),
    path("desk/rechecks/<int:recheck_id>/", rechecks.visit, name="recheck"),
    path("desk/rechecks/<int:recheck_id>/decide/", rechecks.decide, name="decide_recheck"),
    path("desk/rechecks/mine/<int:recheck_id>/", rechecks.mine, name="my_recheck"),
]
