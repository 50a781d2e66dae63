"""The addresses of announcements and services at the desk."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from linli.publishing import pages, pages_services

app_name = "publishing"
urlpatterns: list[URLPattern | URLResolver] = [
    path("desk/announcements/", pages.index, name="desk"),
    path("desk/announcements/new/", pages.new, name="new"),
    path("desk/announcements/files/<uuid:ticket>/", pages.file, name="file"),
    path("desk/announcements/files/<uuid:ticket>/thumb/", pages.thumb, name="thumb"),
    path("desk/announcements/<int:announcement_id>/", pages.announcement, name="announcement"),
    path("desk/announcements/<int:announcement_id>/withdraw/", pages.withdraw, name="withdraw"),
    path("desk/services/", pages_services.index, name="services"),
    path("desk/services/new/", pages_services.new, name="new_service"),
    path("desk/services/<int:service_id>/", pages_services.service, name="service"),
    path("desk/services/<int:service_id>/withdraw/", pages_services.withdraw, name="withdraw_service"),
]
