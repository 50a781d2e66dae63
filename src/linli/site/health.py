"""Doors for machines that watch us: is the process up, can it serve, what does it measure."""

from __future__ import annotations

from django.db import Error, connection
from django.http import HttpRequest, HttpResponse, JsonResponse

from linli.kernel import access, metrics


@access.policy("health", who=access.PUBLIC)
def healthz(request: HttpRequest) -> HttpResponse:
    """The process answers."""
    return HttpResponse("ok\n", content_type="text/plain")


@access.policy("ready", who=access.PUBLIC)
def readyz(request: HttpRequest) -> HttpResponse:
    """The process can do its work: the database answers and its tables are there."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1 FROM django_migrations WHERE app = 'cases' LIMIT 1")
            ready = cursor.fetchone() is not None
    except Error:
        return JsonResponse({"ready": False, "why": "database"}, status=503)
    return JsonResponse(
        {"ready": ready} | ({} if ready else {"why": "migrations"}), status=200 if ready else 503
    )


@access.policy("metrics", who=access.PUBLIC)
def exposition(request: HttpRequest) -> HttpResponse:
    """Prometheus metrics of this process; counts only. The web server in front keeps strangers out (deploy/nginx.conf)."""
    return HttpResponse(metrics.exposition(), content_type="text/plain; version=0.0.4; charset=utf-8")


for _view in (healthz, exposition):
    _view.linli_open = True  # type: ignore[attr-defined]  # answered without finding out who asks
readyz.linli_open = True  # type: ignore[attr-defined]
