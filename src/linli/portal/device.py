"""What makes the pages one thing on a phone: the manifest, and the service worker with the list of what it keeps."""

from __future__ import annotations

import hashlib
import json
from functools import lru_cache
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles import finders
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.http import require_safe

from linli.faces import assets
from linli.kernel.access import PUBLIC, NotFound, policy

#: What the page for when there is no net needs, and nothing else: the report page of a phone without a line.
SHELL = (
    "linli/tokens.css",
    "linli/parts.css",
    "linli/resident.css",
    "cases/resident.css",
    "linli/double.mjs",
    "linli/device.mjs",
    "linli/draft.mjs",
    "linli/photos.mjs",
    "linli/voice.mjs",
    "linli/outbox.js",
    "linli/offline.mjs",
    "linli/mark.svg",
)
ICONS = ((192, "any"), (512, "any"), (512, "maskable"))
BRAND, GROUND = "#0b6b5c", "#f5f6f4"


@policy("portal.manifest", who=PUBLIC)
@require_safe
def manifest(request: HttpRequest, language: str) -> HttpResponse:
    """How the pages are installed, in one language (a browser asks for it without cookies)."""
    if language not in dict(settings.LANGUAGES):
        raise NotFound
    with override(language):
        shortcuts = [(_("Say something"), "cases:report"), (_("My things"), "cases:mine")]
        said = {
            "id": "/",
            "name": _("Linli: your community"),
            "short_name": _("Linli"),
            "description": _("Say something to your community, and see what comes of it."),
            "lang": language,
            "start_url": "/",
            "scope": "/",
            "display": "standalone",
            "theme_color": BRAND,
            "background_color": GROUND,
            "icons": [
                {
                    "src": assets.url(f"linli/icon-{size}{'' if purpose == 'any' else '-maskable'}.png"),
                    "sizes": f"{size}x{size}",
                    "type": "image/png",
                    "purpose": purpose,
                }
                for size, purpose in ICONS
            ],
            "shortcuts": [{"name": name, "url": reverse(url)} for name, url in shortcuts],
        }
    answer = JsonResponse(
        said, json_dumps_params={"ensure_ascii": False}, content_type="application/manifest+json"
    )
    answer["Cache-Control"] = "public, max-age=3600"
    return answer


@policy("portal.worker", who=PUBLIC)
@require_safe
def worker(request: HttpRequest) -> HttpResponse:
    """The service worker, from the root so that it may answer for every page; asked for anew at each visit."""
    answer = HttpResponse(_script(), content_type="text/javascript; charset=utf-8")
    answer["Cache-Control"] = "no-cache"
    return answer


manifest.linli_open = True  # type: ignore[attr-defined]  # the same for everybody: nobody is asked who they are
worker.linli_open = True  # type: ignore[attr-defined]  # likewise


@lru_cache(maxsize=1)
def _script() -> str:
    """Its text: what it keeps, with the digests of the files; any change makes it a new worker."""
    code = Path(str(finders.find("linli/worker.js"))).read_text(encoding="utf-8")
    shell = [assets.url(path) for path in SHELL]
    version = hashlib.sha256("\n".join([*shell, code]).encode()).hexdigest()[:12]
    known = {
        "VERSION": version,
        "SHELL": shell,
        "PAGE": reverse("cases:report_offline"),
        "DOORS": {"door": reverse("cases:outbox"), "upload": reverse("cases:upload")},
    }
    head = "".join(f"const {name} = {json.dumps(value)};\n" for name, value in known.items())
    return f"{head}importScripts({json.dumps(assets.url('linli/outbox.js'))});\n{code}"
