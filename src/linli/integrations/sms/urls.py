"""The address for receipts."""

from __future__ import annotations

from django.urls import path

from linli.integrations.sms import pages

app_name = "sms"
urlpatterns = [path("notices/receipts/sms/", pages.receipts, name="receipts")]
