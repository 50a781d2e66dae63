"""The addresses of the residents' home."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from linli.portal import pages

app_name = "portal"
urlpatterns: list[URLPattern | URLResolver] = [
    path("", pages.home, name="home"),
    path("place/<str:code>/", pages.place, name="place"),
]
