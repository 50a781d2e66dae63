"""The addresses of the hotline."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from linli.integrations.hotline.fake import pages
from linli.integrations.hotline.pages import desk, inbox, settings

app_name = "hotline"
urlpatterns: list[URLPattern | URLResolver] = [
    path("hotline/<slug:key>/orders", inbox.push, name="push"),
    path("desk/hotline/", desk.index, name="desk"),
    path("desk/hotline/table/<int:line_id>/", desk.table, name="table"),
    path("desk/hotline/pull/<int:line_id>/", desk.pull, name="pull"),
    path("desk/hotline/results/<int:line_id>/", desk.results, name="results"),
    path("desk/hotline/again/<int:message_id>/", desk.again, name="again"),
    path("desk/hotline/send/<slug:number>/", desk.send, name="send"),
    path("demo/hotline/", pages.page, name="demo"),
    path("demo/hotline/say/<slug:number>/", pages.say, name="demo_say"),
    path("demo/hotline/api/<path:rest>", pages.server, name="demo_server"),
    path("desk/settings/hotline/", settings.index, name="settings"),
    path("desk/settings/hotline/new/", settings.new, name="settings_new"),
    path("desk/settings/hotline/<int:line_id>/", settings.line, name="settings_line"),
    path("desk/settings/hotline/<int:line_id>/secret/", settings.secret, name="settings_secret"),
]
