"""For whoever wants to connect: what there is, how to ask, how to get a key. Everything on it can be copied and run."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from linli.cases.pages import here
from linli.cases.pages.taking import desk_phones
from linli.integrations.open311 import speaking
from linli.integrations.open311.queries import catalog
from linli.kernel.access import PUBLIC, policy


@policy("open311.about", who=PUBLIC)
@require_safe
def about(request: HttpRequest) -> HttpResponse:
    """The human-readable twin of the discovery document."""
    language = here.language()
    rows = [
        {"code": row.code, "name": row.name(language), "phones": desk_phones(row.id)}
        for row in catalog.communities()
    ]
    sample = rows[0]["code"] if rows else ""
    found = catalog.services(catalog.communities()[0].id, language) if rows else {}
    context = {
        "base": f"{speaking.base(request)}/open311/v2",
        "rows": rows,
        "sample": sample,
        "service": next(iter(found), ""),
        "tab": "",
    }
    return render(request, "open311/about.html", context)
