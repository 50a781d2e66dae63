"""The address of the demo's messages."""

from __future__ import annotations

from django.urls import path

from linli.integrations.console import pages

app_name = "console"
urlpatterns = [path("demo/messages/", pages.messages, name="messages")]
