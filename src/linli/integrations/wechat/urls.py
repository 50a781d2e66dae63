"""The addresses of the official account."""

from __future__ import annotations

from django.urls import path

from linli.integrations.wechat.pages import callback, demo, me, scenes, settings, sign_in

app_name = "wechat"
urlpatterns = [
    path("wechat/<slug:key>/", callback.callback, name="callback"),
    path("wechat/<slug:key>/page.json", me.page_json, name="page_json"),
    path("wechat/<slug:key>/notices/", me.notices, name="notices"),
    path("wechat/<slug:key>/notices/agreed/", me.agreed, name="agreed"),
    path("sign-in/wechat/<slug:key>/", sign_in.sign_in, name="sign_in"),
    path("sign-in/wechat/<slug:key>/back/", sign_in.back, name="back"),
    path("sign-in/wechat/<slug:key>/first/", sign_in.first, name="first"),
    path("desk/settings/wechat/", settings.index, name="settings"),
    path("desk/settings/wechat/token/", settings.token, name="settings_token"),
    path("desk/settings/wechat/look/", settings.look, name="settings_look"),
    path("desk/settings/wechat/menu/", settings.menu, name="settings_menu"),
    path("desk/settings/wechat/templates/", settings.templates, name="settings_templates"),
    path("desk/settings/wechat/answers/", settings.answers, name="settings_answers"),
    path("desk/settings/wechat/answers/<int:answer_id>/", settings.answer, name="settings_answer"),
    path("desk/settings/wechat/scenes/", scenes.index, name="settings_scenes"),
    path("desk/settings/wechat/scenes/all.zip", scenes.together, name="settings_scenes_zip"),
    path("desk/settings/wechat/scenes/<int:scene_id>.svg", scenes.drawing, name="settings_scene"),
    path("demo/wechat/", demo.chat, name="demo"),
    path("demo/wechat/part/", demo.part, name="demo_part"),
    path("demo/wechat/platform/connect/oauth2/authorize", demo.authorize, name="demo_authorize"),
    path("demo/wechat/platform/mp/subscribemsg", demo.confirm, name="demo_confirm"),
    path("demo/wechat/platform/<path:path>", demo.platform, name="demo_platform"),
    path("me/wechat/", me.me, name="me"),
]
