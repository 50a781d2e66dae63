from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.template import Context, Template, TemplateSyntaxError
from django.test import RequestFactory
from django.utils.translation import override

from linli.faces import icons, style, words
from linli.faces.tests.conftest import MOMENT


def render(source: str, **context: Any) -> str:
    return Template("{% load linli i18n %}" + source).render(Context(context))


def test_when_shows_peoples_words_and_keeps_the_exact_time() -> None:
    with override("zh-hans"):
        shown = render("{% when at %}", at=MOMENT, now=MOMENT)
    assert shown == (
        '<time datetime="2026-11-23T06:05:00+00:00" title="2026-11-23 14:05:00">今天 14:05</time>'
    )


def test_when_takes_the_moment_from_the_request() -> None:
    request = RequestFactory().get("/")
    request.now = MOMENT  # type: ignore[attr-defined]
    with override("en"):
        assert "Today 14:05" in render("{% when at %}", at=MOMENT, request=request)
        assert render("{{ at|people_time:request }}", at=MOMENT, request=request) == "Today 14:05"


def test_when_without_a_moment_says_what_is_missing() -> None:
    with pytest.raises(TemplateSyntaxError, match="middleware"):
        render("{% when at %}", at=MOMENT)


def test_when_of_nothing_is_nothing() -> None:
    assert render("{% when at %}{{ at|exact_time }}", at=None, now=MOMENT) == ""


def test_a_clock_has_colour_shape_and_words_together() -> None:
    with override("zh-hans"):
        shown = render("{% clock c %}", c=words.Clock("at_risk", "working_hour", 3 * 3600), now=MOMENT)
    assert 'data-state="at_risk"' in shown
    assert icons.SOLID["state-at_risk"] in shown
    assert "还剩 3 工作时" in shown
    assert "将超时" in shown  # for those who hear the page


def test_a_clock_counts_plain_hours_by_itself() -> None:
    with override("en"):
        shown = render("{% clock state='in_time' due_at=due %}", due=MOMENT + timedelta(hours=5), now=MOMENT)
    assert "5 hours left" in shown


def test_a_clock_never_counts_working_time_by_itself() -> None:
    with override("en"):
        shown = render(
            "{% clock state='in_time' unit='working_hour' due_at=due %}",
            due=MOMENT + timedelta(hours=5),
            now=MOMENT,
        )
    assert "In time" in shown
    assert "hours left" not in shown


def test_every_state_has_its_shape() -> None:
    assert {name.removeprefix("state-") for name in icons.SOLID} == set(words.State.__args__)  # type: ignore[attr-defined]


def test_an_icon_is_silent_unless_it_has_a_label() -> None:
    assert 'aria-hidden="true"' in render("{% icon 'home' %}")
    assert 'aria-label="&lt;b&gt;"' in render("{% icon 'home' label %}", label="<b>")


def test_an_unknown_icon_fails_loudly() -> None:
    with pytest.raises(KeyError):
        render("{% icon 'no-such' %}")


def test_a_vendored_file_must_be_in_the_manifest() -> None:
    assert "/vendor/htmx.js?v=" in render("{% vendor 'htmx.js' %}")
    with pytest.raises(LookupError, match=r"vendor\.mjs"):
        render("{% vendor 'jquery.js' %}")


def test_an_asset_that_is_not_there_fails_loudly() -> None:
    with pytest.raises(FileNotFoundError):
        render("{% asset 'linli/no-such.css' %}")


def test_an_address_falls_back_while_its_room_is_absent(small_site: None) -> None:
    assert render("{% address 'no_such_name' fallback='/x/' %}") == "/x/"


def test_query_changes_only_what_is_named() -> None:
    request = RequestFactory().get("/?q=灯&page=3")
    assert render("{% query page=2 %}", request=request) == "?q=%E7%81%AF&amp;page=2"
    assert render("{% query page=None %}", request=request) == "?q=%E7%81%AF"


def test_a_wrong_field_ties_its_hint_and_error_to_the_control() -> None:
    form = style.SampleForm({"words": ""})
    shown = render("{% include 'faces/parts/field.html' with field=form.words %}", form=form)
    assert 'aria-describedby="id_words_helptext id_words_error"' in shown
    assert 'id="id_words_helptext"' in shown
    assert 'id="id_words_error"' in shown
    assert 'aria-invalid="true"' in shown


def test_a_field_without_a_form_is_tied_too() -> None:
    shown = render(
        "{% include 'faces/parts/field.html' with name='phone' label='P' hint='h' error='e' value=v %}",
        v='"><script>',
    )
    assert 'aria-describedby="f-phone-hint f-phone-error"' in shown
    assert "<script>" not in shown


def test_what_people_wrote_is_escaped_in_the_timeline() -> None:
    steps = [{"words": "<b>x</b>", "state": "done", "note": "<script>", "who": "<i>"}]
    shown = render("{% include 'faces/parts/timeline.html' %}", steps=steps, now=MOMENT)
    assert "<b>" not in shown
    assert "<script>" not in shown
    assert "<i>" not in shown
