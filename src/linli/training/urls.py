"""The addresses of handbook and training."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from linli.training.pages import certificates, editing, editing_parts, handbook, learning, team

app_name = "training"
_PAGE, _COURSE, _EDIT = (
    "desk/handbook/pages/<slug:slug>/",
    "desk/training/courses/<slug:code>/",
    "desk/training/edit/",
)
urlpatterns: list[URLPattern | URLResolver] = [
    path("desk/handbook/", handbook.index, name="handbook"),
    path("desk/handbook/handbook.pdf", handbook.pdf, name="handbook_pdf"),
    path("desk/handbook/new/", handbook.new, name="new_page"),
    path(_PAGE, handbook.page, name="page"),
    path(f"{_PAGE}versions/", handbook.versions, name="versions"),
    path(f"{_PAGE}versions/<slug:label>/", handbook.version, name="version"),
    path(f"{_PAGE}write/", handbook.write, name="write_page"),
    path(f"{_PAGE}publish/", handbook.publish, name="publish_page"),
    path(f"{_PAGE}turn/", handbook.turn, name="turn_page"),
    path(f"{_PAGE}drop/", handbook.drop, name="drop_page_draft"),
    path("desk/training/", learning.index, name="mine"),
    path(_COURSE, learning.course, name="course"),
    path(f"{_COURSE}begin/", learning.begin, name="begin"),
    path(f"{_COURSE}lessons/<slug:lesson_code>/", learning.lesson, name="lesson"),
    path("desk/training/tests/<int:attempt_id>/", learning.test, name="test"),
    path("desk/training/certificates/<int:certificate_id>/", certificates.own, name="certificate"),
    path(
        "desk/training/certificates/<int:certificate_id>/certificate.pdf",
        certificates.pdf,
        name="certificate_pdf",
    ),
    path("desk/training/team/", team.index, name="team"),
    path("desk/training/team/<int:certificate_id>/", team.revoke, name="revoke"),
    path(_EDIT, editing.index, name="editing"),
    path(f"{_EDIT}<slug:code>/", editing.edit, name="edit"),
    path(f"{_EDIT}<slug:code>/begin/", editing.begin_draft, name="begin_draft"),
    path(f"{_EDIT}<slug:code>/drop/", editing.drop_draft, name="drop_course_draft"),
    path(f"{_EDIT}<slug:code>/part/", editing_parts.drop_part, name="drop_part"),
    path(f"{_EDIT}<slug:code>/course.json", editing.export, name="export"),
    path(f"{_EDIT}<slug:code>/lesson/", editing_parts.new_lesson, name="new_lesson"),
    path(f"{_EDIT}<slug:code>/lesson/<slug:lesson_code>/", editing_parts.lesson, name="edit_lesson"),
    path(f"{_EDIT}<slug:code>/question/", editing_parts.new_question, name="new_question"),
    path(f"{_EDIT}<slug:code>/question/<slug:question_code>/", editing_parts.question, name="edit_question"),
    path("certificates/", certificates.look_up, name="look_up"),
    path("certificates/<slug:code>/", certificates.verify, name="verify"),
]
