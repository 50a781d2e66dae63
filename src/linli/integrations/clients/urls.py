"""The addresses of the connected systems."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from linli.integrations.clients import pages

app_name = "clients"
urlpatterns: list[URLPattern | URLResolver] = [
    path("desk/settings/clients/", pages.index, name="clients"),
    path("desk/settings/clients/<int:client_id>/", pages.client, name="client"),
    path("desk/settings/clients/<int:client_id>/key/", pages.exchange, name="key"),
    path("desk/settings/clients/<int:client_id>/end/", pages.end, name="end"),
]
