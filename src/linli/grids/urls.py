"""The addresses of the places."""

from __future__ import annotations

from django.urls import path

from linli.grids.pages import duties, homes, maps, nameplates, posters, register, scan, settings

app_name = "grids"
urlpatterns = [
    path("p/<slug:qr_code>/", scan.scan, name="scan"),
    path("place/<str:code>/grids.geojson", maps.public_outlines, name="public_outlines"),
    path("desk/places.geojson", maps.staff_outlines, name="staff_outlines"),
    path("desk/places/<int:place_id>/qr.svg", scan.qr_image, name="qr_image"),
    path("desk/places/<int:place_id>/poster/", posters.poster, name="poster"),
    path("desk/posters/", posters.posters, name="posters"),
    path("desk/posters/<int:run_id>/file/", posters.file, name="posters_file"),
    path("place/<str:code>/portrait/<uuid:ticket>/", nameplates.portrait, name="portrait"),
    path("desk/nameplates/", nameplates.index, name="nameplates"),
    path("desk/nameplates/<int:community_id>/<int:account_id>/", nameplates.nameplate, name="nameplate"),
    path(
        "desk/nameplates/<int:community_id>/<int:account_id>/picture-down/",
        nameplates.picture_down,
        name="picture_down",
    ),
    path("desk/settings/places/", settings.places, name="settings_places"),
    path("desk/settings/places/<int:place_id>/", settings.place, name="settings_place"),
    path("desk/settings/places/<int:place_id>/replace-qr/", settings.replace_qr, name="replace_qr"),
    path("desk/settings/duties/", duties.duties, name="duties"),
    path("desk/settings/duties/<int:duty_id>/end/", duties.end_duty, name="end_duty"),
    path("me/home/", homes.home, name="home"),
    path("me/building/", homes.begin, name="home_begin"),
    path("me/home/<int:residence_id>/renew/", homes.renew, name="home_renew"),
    path("me/home/<int:residence_id>/end/", homes.end_home, name="home_end"),
    path("desk/residences/", homes.residences, name="residences"),
    path("desk/residences/register/", register.register, name="register"),
    path("desk/residences/<int:residence_id>/", homes.residence, name="residence"),
    path("desk/settings/community/", settings.community_wishes, name="settings_wishes"),
]
