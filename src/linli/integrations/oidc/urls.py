"""The addresses of signing in through providers."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from linli.integrations.oidc import pages, pages_settings

app_name = "oidc"
urlpatterns: list[URLPattern | URLResolver] = [
    path("sign-in/oidc/<slug:key>/", pages.start, name="start"),
    path("sign-in/oidc/<slug:key>/back/", pages.back, name="back"),
    path("me/identities/", pages.mine, name="mine"),
    path("me/identities/<int:identity_id>/end/", pages.unbind, name="unbind"),
    path("desk/settings/sign-in/", pages_settings.index, name="providers"),
    path("desk/settings/sign-in/<int:provider_id>/", pages_settings.provider, name="provider"),
    path("desk/settings/sign-in/<int:provider_id>/end/", pages_settings.end, name="provider_end"),
]
