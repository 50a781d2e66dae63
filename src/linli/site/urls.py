"""Every address of the product."""

from __future__ import annotations

from django.contrib import admin
from django.urls import include, path

from linli.kernel import access
from linli.site import health, openapi, reference
from linli.site.api import api

access.declare("django.contrib.admin", who=access.SUPERUSER)
access.declare("django.contrib.contenttypes", who=access.SUPERUSER)  # the admin site's "view on site"
access.declare("django.views.generic.base", who=access.SUPERUSER)  # its redirections; we have none of our own
access.declare("linli.faces.pages", who=access.PUBLIC)  # faces cannot know kernel.access

handler400 = "linli.site.problems.bad_request"
handler403 = "linli.site.problems.forbidden"
handler404 = "linli.site.problems.not_found"
handler500 = "linli.site.problems.server_error"

urlpatterns = [
    path("api/", reference.page),
    path("api/v1/openapi.json", openapi.openapi_json),
    path("api/v1/", api.urls),
    path("healthz", health.healthz),
    path("readyz", health.readyz),
    path("metrics", health.exposition),
    path("", include("linli.portal.urls")),
    path("", include("linli.faces.urls")),
    path("", include("linli.people.urls")),
    path("", include("linli.grids.urls")),
    path("", include("linli.cases.urls")),
    path("", include("linli.publishing.urls")),
    path("", include("linli.groups.urls")),
    path("", include("linli.fieldwork.urls")),
    path("", include("linli.training.urls")),
    path("", include("linli.assessment.urls")),
    path("", include("linli.triage.urls")),
    path("", include("linli.notices.urls")),
    path("", include("linli.integrations.sms.urls")),
    path("", include("linli.integrations.console.urls")),
    path("", include("linli.controlroom.urls")),
    path("", include("linli.controlroom.wall_urls")),
    path("", include("linli.integrations.open311.urls")),
    path("", include("linli.integrations.webhooks.urls")),
    path("", include("linli.integrations.hotline.urls")),
    path("", include("linli.integrations.wechat.urls")),
    path("", include("linli.integrations.clients.urls")),
    path("", include("linli.integrations.oidc.urls")),
    path("admin/", admin.site.urls),
]
