"""The addresses of the places."""

from __future__ import annotations

from django.urls import path

from linli.grids.pages import duties, homes, maps, scan, settings

app_name = "grids"
urlpatterns = [
    path("p/<slug:qr_code>/", scan.scan, name="scan"),
    path("place/<str:code>/grids.geojson", maps.public_outlines, name="public_outlines"),
    path("desk/places.geojson", maps.staff_outlines, name="staff_outlines"),
    path("desk/places/<int:place_id>/qr.svg", scan.qr_image, name="qr_image"),
    path("desk/places/<int:place_id>/poster/", scan.poster, name="poster"),
    path("desk/settings/places/", settings.places, name="settings_places"),
    path("desk/settings/places/<int:place_id>/", settings.place, name="settings_place"),
    path("desk/settings/places/<int:place_id>/replace-qr/", settings.replace_qr, name="replace_qr"),
    path("desk/settings/duties/", duties.duties, name="duties"),
    path("desk/settings/duties/<int:duty_id>/end/", duties.end_duty, name="end_duty"),
    path("me/home/", homes.home, name="home"),
    path("me/home/<int:residence_id>/end/", homes.end_home, name="home_end"),
    path("desk/residences/", homes.residences, name="residences"),
    path("desk/residences/<int:residence_id>/", homes.residence, name="residence"),
    path("desk/settings/community/", settings.community_wishes, name="settings_wishes"),
]
