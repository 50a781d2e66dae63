"""The WSGI application that the web process serves."""

from __future__ import annotations

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "linli.site.settings")
os.environ.setdefault("LINLI_PART", "web")
application = get_wsgi_application()
