"""The addresses of the control room."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from linli.controlroom.pages import briefs, definitions, exclusions, figures, whatif

urlpatterns: list[URLPattern | URLResolver] = [
    path("control/figures/", figures.index, name="control-figures"),
    path("control/figures/<slug:code>/", figures.one, name="control-figure"),
    path("control/figures/<slug:code>/rows/", figures.rows, name="control-figure-rows"),
    path("control/what-if/", whatif.what_if, name="control-what-if"),
    path("control/briefs/", briefs.index, name="control-briefs"),
    path("control/briefs/now/<slug:kind>/", briefs.now, name="control-brief-now"),
    path("control/briefs/<slug:kind>/<str:day>/", briefs.one, name="control-brief"),
    path("control/settings/definitions/", definitions.index, name="control-definitions"),
    path("control/settings/definitions/<slug:code>/", definitions.one, name="control-definition"),
    path(
        "control/settings/definitions/<int:definition_id>/drop/",
        definitions.drop,
        name="control-definition-drop",
    ),
    path("control/exclusions/", exclusions.index, name="control-exclusions"),
    path("control/exclusions/case/<str:number>/", exclusions.ask, name="control-exclude"),
    path("control/exclusions/<int:exclusion_id>/decide/", exclusions.decide, name="control-exclusion-decide"),
    path("control/exclusions/<int:exclusion_id>/lift/", exclusions.lift, name="control-exclusion-lift"),
]
