"""The addresses of Open311: the standard's own, and ours for staff."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from linli.integrations.open311 import server, server_updates
from linli.integrations.open311.pages import about, desk, settings

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
    path("open311/", about.about, name="about"),
    path("desk/open311/<str:number>/", desk.case, name="forward"),
    path("desk/open311/<str:number>/<int:forward_id>/", desk.decide, name="forward_decide"),
    path("desk/settings/open311/", settings.index, name="settings"),
    path("desk/settings/open311/keys/<int:key_id>/revoke/", settings.revoke_key, name="revoke_key"),
    path("desk/settings/open311/services/<str:category_code>/", settings.service, name="settings_service"),
    path(
        "desk/settings/open311/services/<str:category_code>/<slug:question_code>/drop/",
        settings.drop_question,
        name="drop_question",
    ),
    path("desk/settings/open311/servers/new/", settings.new_endpoint, name="server_new"),
    path("desk/settings/open311/servers/<int:server_id>/", settings.endpoint, name="server"),
    path("desk/settings/open311/servers/<int:server_id>/read/", settings.read_endpoint, name="server_read"),
    path("desk/settings/open311/servers/<int:server_id>/end/", settings.end_endpoint, name="server_end"),
]
