"""The addresses of the league: a worker's own pages, the desk, the settings, and what the public may read."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from linli.assessment.pages import deciding, desk, evaluating, mine, publishing, settings

app_name = "assessment"
own: list[URLPattern | URLResolver] = [
    path("league/", mine.mine, name="mine"),
    path("league/sheets/", evaluating.sheets, name="sheets"),
    path("league/sheets/<int:sheet_id>/", evaluating.sheet, name="sheet"),
    path("league/appeals/<int:appeal_id>/", mine.appeal, name="appeal"),
    path("league/appeals/<int:appeal_id>/withdraw/", mine.withdraw, name="withdraw_appeal"),
    path("league/certificates/", publishing.issue, name="issue_certificate"),
    path(
        "league/certificates/<int:certificate_id>.pdf", publishing.certificate_paper, name="certificate_paper"
    ),
    path("league/certificates/<int:certificate_id>/revoke/", publishing.revoke, name="revoke_certificate"),
    path("league/<int:run_id>/<int:subject_id>/", mine.score, name="score"),
    path("league/<int:run_id>/<int:subject_id>/<slug:code>/", mine.part, name="part"),
]
at_desk: list[URLPattern | URLResolver] = [
    path("desk/league/", desk.index, name="desk"),
    path("desk/league/appeals/", deciding.index, name="appeals"),
    path("desk/league/appeals/<int:appeal_id>/", deciding.appeal, name="decide_appeal"),
    path("desk/league/adjustments/<int:adjustment_id>/", deciding.adjustment, name="decide_adjustment"),
    path("desk/league/honours/", deciding.honours, name="honours"),
    path("desk/league/honours/<int:honour_id>/end/", deciding.end_honour, name="end_honour"),
    path("desk/league/evaluations/", evaluating.rounds, name="evaluations"),
    path("desk/league/evaluations/open/", evaluating.open_round, name="open_evaluation"),
    path("desk/league/<int:run_id>/", desk.run, name="run"),
    path("desk/league/<int:run_id>/review/", desk.review, name="review"),
    path("desk/league/<int:run_id>/announce/", desk.announce, name="announce"),
    path("desk/league/<int:run_id>/publish/", desk.publish_now, name="publish_now"),
    path("desk/league/<int:run_id>/compute/", desk.compute, name="compute"),
    path("desk/league/<int:run_id>/adjust/", deciding.adjust, name="adjust"),
    path("desk/league/<int:run_id>/scores.<str:form>", publishing.file, name="file"),
]
in_settings: list[URLPattern | URLResolver] = [
    path("desk/settings/league/", settings.index, name="settings"),
    path("desk/settings/league/ranking/", settings.switch, name="switch_ranking"),
    path("desk/settings/league/adopt/", settings.adopt, name="adopt"),
    path("desk/settings/league/checklist/", evaluating.settings_checklist, name="settings_checklist"),
    path("desk/settings/league/<int:scheme_id>/", settings.scheme, name="settings_scheme"),
    path("desk/settings/league/<int:scheme_id>/redraft/", settings.redraft, name="redraft"),
    path("desk/settings/league/<int:scheme_id>/drop/", settings.drop, name="drop_draft"),
]
for_all: list[URLPattern | URLResolver] = [
    path("place/<slug:code>/league/", publishing.residents, name="residents"),
    path("board/<slug:code>/<slug:ticket>/", publishing.board, name="board"),
    path(
        "board/<slug:code>/<slug:ticket>/<slug:tongue>-<slug:digest>.png",
        publishing.board_picture,
        name="board_picture",
    ),
    path("certificate/<slug:code>/<slug:ticket>/", publishing.certificate, name="certificate"),
]
urlpatterns = [*own, *at_desk, *in_settings, *for_all]
