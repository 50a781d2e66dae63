"""The addresses of the residents' home."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from linli.portal import announcements, device, groups, pages, services

app_name = "portal"
urlpatterns: list[URLPattern | URLResolver] = [
    path("", pages.home, name="home"),
    path("sw.js", device.worker, name="worker"),
    path("manifest/<str:language>.webmanifest", device.manifest, name="manifest"),
    path("place/<str:code>/", pages.place, name="place"),
    path("place/<str:code>/card/<str:language>-<str:shape>-<str:digest>.png", pages.card, name="place_card"),
    path("place/<str:code>/announcements/", announcements.index, name="announcements"),
    path("place/<str:code>/announcements.atom", announcements.feed, name="announcements_feed"),
    path("place/<str:code>/announcements/<int:announcement_id>/", announcements.one, name="announcement"),
    path(
        "place/<str:code>/announcements/<int:announcement_id>/card/<str:language>-<str:shape>-<str:digest>.png",
        announcements.card,
        name="announcement_card",
    ),
    path(
        "place/<str:code>/announcements/<int:announcement_id>/files/<uuid:ticket>/",
        announcements.file,
        name="announcement_file",
    ),
    path(
        "place/<str:code>/announcements/<int:announcement_id>/files/<uuid:ticket>/thumb/",
        announcements.thumb,
        name="announcement_thumb",
    ),
    path("groups/<uuid:ticket>/", groups.code, name="group_code"),
    path("groups/<uuid:ticket>/picture/", groups.picture, name="group_picture"),
    path("place/<str:code>/services/", services.index, name="services"),
    path("place/<str:code>/services/<int:service_id>/", services.one, name="service"),
]
