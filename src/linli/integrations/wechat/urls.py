"""The addresses of the official account."""

from __future__ import annotations

from django.urls import path

from linli.integrations.wechat.pages import callback, me, sign_in

app_name = "wechat"
urlpatterns = [
    path("wechat/<slug:key>/", callback.callback, name="callback"),
    path("wechat/<slug:key>/page.json", me.page_json, name="page_json"),
    path("wechat/<slug:key>/notices/", me.notices, name="notices"),
    path("wechat/<slug:key>/notices/agreed/", me.agreed, name="agreed"),
    path("sign-in/wechat/<slug:key>/", sign_in.sign_in, name="sign_in"),
    path("sign-in/wechat/<slug:key>/back/", sign_in.back, name="back"),
    path("sign-in/wechat/<slug:key>/first/", sign_in.first, name="first"),
    path("me/wechat/", me.me, name="me"),
]
