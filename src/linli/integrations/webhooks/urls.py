"""The addresses of the webhooks' pages."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from linli.integrations.webhooks import demo, pages

app_name = "webhooks"
HERE = "desk/settings/webhooks/<int:endpoint_id>/"
urlpatterns: list[URLPattern | URLResolver] = [
    path(demo.PATH.lstrip("/"), demo.receive, name="demo"),
    path("desk/settings/webhooks/", pages.index, name="endpoints"),
    path(HERE, pages.endpoint, name="endpoint"),
    path(f"{HERE}secret/", pages.secret, name="secret"),
    path(f"{HERE}deliveries/<int:delivery_id>/", pages.delivery, name="delivery"),
    path(f"{HERE}deliveries/<int:delivery_id>/again/", pages.replay, name="replay"),
    path(f"{HERE}<slug:deed>/", pages.act, name="act"),
]
