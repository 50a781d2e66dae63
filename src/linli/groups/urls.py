"""The addresses of the directory at the desk."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from linli.groups import pages

app_name = "groups"
urlpatterns: list[URLPattern | URLResolver] = [
    path("desk/groups/", pages.index, name="desk"),
    path("desk/groups/new/", pages.new, name="new"),
    path("desk/groups/coverage/<int:place_id>/", pages.coverage, name="coverage"),
    path("desk/groups/pictures/<uuid:ticket>/", pages.picture, name="picture"),
    path("desk/groups/pictures/<uuid:ticket>/thumb/", pages.thumb, name="thumb"),
    path("desk/groups/<int:group_id>/", pages.group, name="group"),
    path("desk/groups/<int:group_id>/code/drop/", pages.drop_code, name="drop_code"),
    path("desk/groups/<int:group_id>/close/", pages.close, name="close"),
]
