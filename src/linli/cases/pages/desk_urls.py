"""The addresses of the workbench."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver

desk_urls: list[URLPattern | URLResolver] = []
