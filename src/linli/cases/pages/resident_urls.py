"""The addresses of the residents' pages."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from linli.cases.pages import alike, danger, files, joined, mine, outbox, paper, public, report

resident_urls: list[URLPattern | URLResolver] = [
    path("report/", report.words, name="report"),
    path("report/danger/", danger.part, name="report_danger"),
    path("report/place/", report.place, name="report_place"),
    path("report/send/", report.send, name="report_send"),
    path("report/offline/", outbox.page, name="report_offline"),
    path("report/outbox/", outbox.outbox, name="outbox"),
    path("report/alike/", alike.part, name="report_alike"),
    path("report/join/<slug:number>/", alike.join, name="report_join"),
    path("report/joined/<slug:number>/", joined.receipt, name="joined"),
    path("report/receipt/<slug:number>/", report.receipt, name="receipt"),
    path("place/<str:code>/form.pdf", paper.form, name="paper_form"),
    path("upload/", files.upload, name="upload"),
    path("files/<uuid:ticket>/", files.file, name="file"),
    path("files/<uuid:ticket>/thumb/", files.thumb, name="thumb"),
    path("my/", mine.mine, name="mine"),
    path("my/<slug:number>/forget/", mine.forget, name="forget"),
    path("follow/", mine.follow, name="follow"),
    path("case/<slug:number>/", mine.case, name="case"),
    path("case/<slug:number>/leave/", joined.leave, name="leave"),
    path("case/<slug:number>/word/", mine.word, name="word"),
    path("case/<slug:number>/<slug:verb>/", mine.move, name="move_mine"),
    path("settled/<slug:code>/", public.settled_list, name="settled"),
    path("settled/<slug:code>/<slug:number>/", public.settled_case, name="settled_case"),
    path(
        "settled/<slug:code>/<slug:number>/card/<str:language>-<str:shape>-<str:digest>.png",
        public.settled_card,
        name="settled_card",
    ),
]
