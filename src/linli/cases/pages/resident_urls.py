"""The addresses of the residents' pages."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver

resident_urls: list[URLPattern | URLResolver] = []
