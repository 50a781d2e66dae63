"""The addresses of people alone, so that its tests stand by themselves."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import include, path

from linli.kernel import access

access.declare("linli.faces.pages", who=access.PUBLIC)
handler404 = "linli.site.problems.not_found"


@access.policy("tests.home", who=access.PUBLIC)
def home(request: HttpRequest) -> HttpResponse:
    """Somewhere to arrive; it names an icon, so that no browser asks for one by itself."""
    return HttpResponse('<link rel="icon" href="data:,">home')


@access.policy("tests.desk", who=access.SIGNED_IN)
def desk(request: HttpRequest) -> HttpResponse:
    """Stands for any page behind the door."""
    return HttpResponse("desk")


urlpatterns = [
    path("", home),
    path("desk/", desk),
    path("", include("linli.people.urls")),
    path("", include("linli.faces.urls")),
]
