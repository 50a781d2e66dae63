"""The addresses of the machine help."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from linli.triage.pages import answers, assisting, learned, repeats, topics

app_name = "triage"
urlpatterns: list[URLPattern | URLResolver] = [
    path("desk/settings/triage/", learned.index, name="learned"),
    path("desk/settings/triage/learn/", learned.learn, name="learned_learn"),
    path("desk/settings/triage/use/", learned.use, name="learned_use"),
    path("desk/topics/", topics.index, name="topics"),
    path("desk/topics/run/", topics.run, name="topics_run"),
    path("desk/topics/<int:topic_id>/", topics.topic, name="topic"),
    path("desk/topics/<int:topic_id>/<slug:deed>/", topics.decide, name="topic_decide"),
    path("desk/repeats/", repeats.index, name="repeats"),
    path("desk/repeats/<int:repeat_id>/", repeats.repeat, name="repeat"),
    path("desk/repeats/<int:repeat_id>/fix/", repeats.tie, name="repeat_tie"),
    path("desk/fixes/new/", repeats.new_fix, name="fix_new"),
    path("desk/fixes/<int:fix_id>/", repeats.fix, name="fix"),
    path("desk/fixes/<int:fix_id>/change/", repeats.change_fix, name="fix_change"),
    path("desk/fixes/<int:fix_id>/cases/", repeats.fix_case, name="fix_case"),
    path("desk/answers/", answers.index, name="answers"),
    path("desk/assistant/", assisting.about, name="assistant"),
    path("desk/assistant/<slug:number>/<slug:kind>/", assisting.propose, name="assist"),
]
