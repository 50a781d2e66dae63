from __future__ import annotations

from django.urls import path

from linli.faces import pages

urlpatterns = [
    path("faces/language/", pages.language, name="faces_language"),
    path("faces/elder/", pages.elder, name="faces_elder"),
    path("faces/", pages.style_page, name="faces_style"),
    path("faces/<slug:sheet>/", pages.style_page, name="faces_style_sheet"),
]
