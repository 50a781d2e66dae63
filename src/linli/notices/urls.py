"""The addresses of telling people."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from linli.notices.pages import desk, mine, settings

app_name = "notices"
urlpatterns: list[URLPattern | URLResolver] = [
    path("me/notices/", mine.index, name="inbox"),
    path("me/notices/read/", mine.read_all, name="read_all"),
    path("me/notices/choices/", mine.my_choices, name="choices"),
    path("me/notices/choices/mail/", mine.my_mail, name="mail"),
    path("me/notices/<int:notice_id>/", mine.one, name="notice"),
    path("desk/notices/", desk.index, name="deliveries"),
    path("desk/notices/<int:notice_id>/", desk.one, name="delivery"),
    path("desk/notices/<int:notice_id>/again/", desk.again, name="again"),
    path("desk/settings/notices/", settings.index, name="settings"),
    path("desk/settings/notices/robots/new/", settings.robot_new, name="robot_new"),
    path("desk/settings/notices/robots/<int:robot_id>/try/", settings.robot_try, name="robot_try"),
    path("desk/settings/notices/robots/<int:robot_id>/stop/", settings.robot_stop, name="robot_stop"),
    path("desk/settings/notices/roads/<slug:road>/try/", settings.road_try, name="road_try"),
    path("desk/settings/notices/<slug:code>/", settings.kind, name="settings_kind"),
]
