from __future__ import annotations

from django.urls import path

from linli.people.pages import demo, me, my_data, organisations, second_factor, sign_in, tokens

app_name = "people"
urlpatterns = [
    path("sign-in/", sign_in.by_password, name="sign_in"),
    path("sign-in/code/", sign_in.by_code, name="sign_in_code"),
    path("sign-in/again/", sign_in.wake, name="wake"),
    path("sign-up/", sign_in.sign_up, name="sign_up"),
    path("sign-out/", sign_in.sign_out, name="sign_out"),
    path("me/", me.me, name="me"),
    path("me/profile/", me.profile, name="profile"),
    path("me/password/", me.password, name="password"),
    path("me/phone/", me.phone, name="phone"),
    path("me/sessions/", me.end_sessions, name="end_sessions"),
    path("me/tokens/", tokens.tokens, name="tokens"),
    path("me/tokens/<int:token_id>/revoke/", tokens.revoke, name="token_revoke"),
    path("me/second-factor/", second_factor.overview, name="second_factor"),
    path("me/second-factor/check/", second_factor.check, name="second_factor_check"),
    path("me/second-factor/app/", second_factor.app, name="second_factor_app"),
    path("me/second-factor/key/", second_factor.key, name="second_factor_key"),
    path("me/second-factor/recovery/", second_factor.recovery, name="recovery_codes"),
    path("me/second-factor/<int:factor_id>/remove/", second_factor.remove, name="second_factor_remove"),
    path("me/data/", my_data.my_data, name="my_data"),
    path("me/data/consents/<slug:purpose>/", my_data.consent, name="consent"),
    path("me/data/export/", my_data.export, name="export"),
    path("me/data/export/take/", my_data.take, name="export_take"),
    path("me/data/delete/", my_data.delete, name="delete_account"),
    path("desk/settings/organisations/", organisations.organisations, name="organisations"),
    path(
        "desk/settings/organisations/<int:organisation_id>/", organisations.organisation, name="organisation"
    ),
    path(
        "desk/settings/organisations/<int:organisation_id>/close/",
        organisations.close,
        name="organisation_close",
    ),
    path("demo/", demo.front_door, name="demo"),
    path("demo/as/<str:token>/", demo.come_as, name="demo_as"),
    path("demo/codes/", demo.codes, name="demo_codes"),
]
