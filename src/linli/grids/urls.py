"""The addresses of the places."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver

app_name = "grids"
urlpatterns: list[URLPattern | URLResolver] = []
