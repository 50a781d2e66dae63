"""The addresses of Open311: the standard's own, and ours for staff."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from linli.integrations.open311 import server, server_updates

app_name = "open311"
V2 = "open311/v2"
urlpatterns: list[URLPattern | URLResolver] = [
    path("open311/discovery.<slug:form>", server.discovery, name="discovery"),
    path(f"{V2}/discovery.<slug:form>", server.discovery_beside, name="discovery_beside"),
    path(f"{V2}/services.<slug:form>", server.services, name="services"),
    path(f"{V2}/services/<str:service_code>.<slug:form>", server.service, name="service"),
    path(f"{V2}/requests.<slug:form>", server.all_requests, name="requests"),
    path(f"{V2}/requests/<str:service_request_id>.<slug:form>", server.one_request, name="request"),
    path(f"{V2}/tokens/<str:token>.<slug:form>", server.token, name="token"),
    path(f"{V2}/servicerequestupdates.<slug:form>", server_updates.updates, name="updates"),
]
