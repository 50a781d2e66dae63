"""The addresses of the cases: the residents' pages and the workbench."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver

from linli.cases.pages.desk_urls import desk_urls
from linli.cases.pages.resident_urls import resident_urls

app_name = "cases"
urlpatterns: list[URLPattern | URLResolver] = [*resident_urls, *desk_urls]
