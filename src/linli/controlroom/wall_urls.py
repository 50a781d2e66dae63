"""Addresses of the wall."""

from __future__ import annotations

from django.urls import path

from linli.controlroom.pages import screens, wall, wall_alarm, weather

app_name = "controlroom"
urlpatterns = [
    path("control/", wall.page, name="wall"),
    path("control/panels/", wall.panels, name="panels"),
    path("control/list/", wall.full_list, name="list"),
    path("control/alarm/", wall_alarm.alarm, name="alarm"),
    path("control/alarm/<slug:number>/", wall_alarm.answer, name="alarm_answer"),
    path("control/weather/", weather.page, name="weather"),
    path("control/screens/", screens.index, name="screens"),
    path("control/screens/<int:screen_id>/revoke/", screens.revoke, name="screen_revoke"),
    path("control/screen/", screens.wall, name="screen_wall"),
    path("control/screen/panels/", screens.panels, name="screen_panels"),
    path("control/screen/list/", screens.full_list, name="screen_list"),
    path("control/screen/alarm/", screens.alarm, name="screen_alarm"),
    path("control/screen/<str:token>/", screens.enter, name="screen_enter"),
]
