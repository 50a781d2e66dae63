"""Settings of the league: ranking, who reads results, schemes as data with the checker's findings and a dry run."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.forms import Form
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from linli.assessment import access, saying, words, words_lawful
from linli.assessment.actions import publishing, ranking
from linli.assessment.actions import schemes as actions
from linli.assessment.forms import PublishRule, SwitchRanking
from linli.assessment.forms_schemes import PublishScheme, SchemeData, SchemeForm
from linli.assessment.pages import showing
from linli.assessment.pages.deciding import tried
from linli.assessment.queries import publishing as rules_of
from linli.assessment.queries import schemes, trials
from linli.assessment.queries.schemes import SchemeListed, VersionRow
from linli.assessment.rules import lawful, scheme_text, trying
from linli.assessment.rules.runs import KEEPERS, LEADERS
from linli.assessment.rules.scheme import Scheme
from linli.cases.pages import settings_beside
from linli.grids import queries as places
from linli.grids.pages.settings import community_of
from linli.kernel.access import Forbidden, NotFound, policy, roles
from linli.kernel.refusals import Outdated, Refused
from linli.people import queries as people
from linli.people.pages.ways import Asked, language

CURRENT = "assessment:settings"


@policy("assessment.settings", who=roles(*KEEPERS))
@require_http_methods(["GET", "POST"])
def index(request: Asked) -> HttpResponse:
    """Ranking, publication, and the schemes of a community."""
    community, kept = community_of(request, KEEPERS)
    rule = rules_of.rule(community.id)
    held = {
        name: getattr(rule, name) for name in ("audience", "naming", "most", "hour", "when_final", "basis")
    }
    form = PublishRule(request.POST or None, initial=held)
    if request.method == "POST" and form.is_valid():
        wanted = publishing.Wanted(**{name: form.cleaned_data[name] for name in held})
        if tried(
            form,
            lambda: publishing.set_rule(
                actor=request.actor,
                community_id=community.id,
                wanted=wanted,
                key=form.cleaned_data["key"] or uuid4(),
                at=request.now,
            ),
        ):
            messages.success(request, _("Saved. It holds from now on."))
            return _back(community.id)
    listed = schemes.listed(community.id, places.day_of(request.now))
    context = {
        "community": community,
        "kept": kept,
        "current": CURRENT,
        "brought": settings_beside.pages(),
        "ranking": schemes.ranking(community.id),
        "ranking_by": _by(schemes.ranking(community.id)),
        "switch": SwitchRanking(),
        "may_lead": request.actor.has(*LEADERS, community_id=community.id),
        "form": form,
        "rule": rule,
        "schemes": [_scheme_row(request, one) for one in listed],
        "shipped": [
            (code, says["name"]["en" if showing.english(request) else "zh"])
            for code, says in schemes.shipped().items()
        ],
        "key": uuid4(),
    }
    return render(request, "assessment/settings.html", context, status=422 if form.errors else 200)


def _by(row: Any) -> str:
    return people.names([row.set_by_id]).get(row.set_by_id, "") if row and row.set_by_id else ""


def _back(community_id: int) -> HttpResponseRedirect:
    return HttpResponseRedirect(f"{reverse('assessment:settings')}?community={community_id}")


def _scheme_row(request: Asked, one: SchemeListed) -> dict[str, Any]:
    version = one.now or one.next or one.draft
    return {
        "listed": one,
        "name": version.scheme.name(english=showing.english(request)) if version else "",
        "level": words.said(words.LEVELS, one.level),
        "period": words.said(words.PERIODS, one.period),
        "version": version,
    }


@policy("assessment.switch_ranking", who=roles(*LEADERS))
@require_POST
def switch(request: Asked) -> HttpResponse:
    """Begin or stop to rank people."""
    community, _kept = community_of(request, LEADERS)
    try:
        if request.POST.get("on") == "1":
            basis = request.POST.get("basis", "")
            ranking.switch_on(
                actor=request.actor, community_id=community.id, legal_basis=basis, at=request.now
            )
        else:
            ranking.switch_off(actor=request.actor, community_id=community.id, at=request.now)
    except Refused:
        messages.error(request, _("Write down the legal basis: document, number, and who decided."))
    else:
        messages.success(request, _("Saved. Runs computed from now on follow it."))
    return _back(community.id)


@policy("assessment.adopt", who=roles(*KEEPERS))
@require_POST
def adopt(request: Asked) -> HttpResponse:
    """Begin a scheme with one that comes with Linli."""
    community, _kept = community_of(request, KEEPERS)
    try:
        made = actions.adopt(
            actor=request.actor,
            community_id=community.id,
            code=request.POST.get("code", ""),
            key=_key(request),
            at=request.now,
        )
    except Refused as refused:
        messages.error(request, " ".join(words.said(words.FAULTS, one.code) for one in refused.wrongs))
        return _back(community.id)
    return redirect("assessment:settings_scheme", made.scheme_id)


def _key(request: Asked) -> Any:
    form = PublishRule(request.POST)
    form.is_valid()
    return form.cleaned_data.get("key") or uuid4()


def _listed(request: Asked, scheme_id: int) -> SchemeListed:
    row = access.find_scheme(request.actor, scheme_id)
    access.require(request.actor, row.community_id, KEEPERS)
    found = schemes.listed(row.community_id, places.day_of(request.now))
    return next(one for one in found if one.id == scheme_id)


@policy("assessment.settings_scheme", who=roles(*KEEPERS))
@require_http_methods(["GET", "POST"])
def scheme(request: Asked, scheme_id: int) -> HttpResponse:
    """One scheme: what holds, the draft as a form and as data, what it breaks, what it would have made of the past."""
    listed = _listed(request, scheme_id)
    draft = listed.draft
    which = request.POST.get("form", "") if request.method == "POST" else ""
    shown = draft or listed.next or listed.now
    if shown is None:
        raise NotFound
    says = scheme_text.as_plain(shown.scheme)
    edits = {"edits": shown.edits}
    form = SchemeForm(
        request.POST if which == "form" else None, says=says, english=showing.english(request), initial=edits
    )
    data = SchemeData(request.POST if which == "data" else None, initial={**edits, "says": says})
    data.fields["says"].widget.attrs["class"] = "weui-textarea"
    publish = PublishScheme(request.POST if which == "publish" else None)
    if draft is not None and which and _acted(request, draft, which, form, data, publish):
        messages.success(request, _("Published.") if which == "publish" else _("Saved."))
        return redirect("assessment:settings_scheme", scheme_id)
    found = _findings(request, listed.community_id, shown.scheme)
    context = {
        "community": places.places([listed.community_id])[listed.community_id],
        "current": CURRENT,
        "brought": settings_beside.pages(),
        "listed": listed,
        "shown": shown,
        "name": shown.scheme.name(english=showing.english(request)),
        "note": shown.scheme.note(english=showing.english(request)),
        "level": words.said(words.LEVELS, listed.level),
        "period": words.said(words.PERIODS, listed.period),
        "draft": draft,
        "form": form,
        "data": data,
        "publish": publish,
        "findings": found,
        "binding": any(one["binds"] for one in found),
        "remarks": [one for one in found if not one["binds"]],
        "items": _items(request, shown),
        "wrong": form if form.errors else data if data.errors else publish if publish.errors else None,
        **_trials(request, listed, shown),
    }
    wrong = form.errors or data.errors or publish.errors
    return render(request, "assessment/settings_scheme.html", context, status=422 if wrong else 200)


def _findings(request: Asked, community_id: int, found: Scheme) -> list[dict[str, Any]]:
    rule = rules_of.rule(community_id)
    told = lawful.of_scheme(
        found,
        ranking=schemes.ranking_on(community_id),
        published=rule.published,
        naming=rule.naming,
        consented=rule.consented,
    )
    return [
        {
            "words": words_lawful.RULES[one.rule.code],
            "source": words_lawful.SOURCES[one.rule.source],
            "certainty": words_lawful.CERTAINTY[one.rule.certainty],
            "sourced": one.rule.certainty is lawful.Certainty.SOURCED,
            "binds": one.rule.binds,
            "indicator": saying.indicator(one.indicator, english=showing.english(request))
            if one.indicator
            else "",
            "weight": one.weight,
        }
        for one in told
    ]


def _items(request: Asked, shown: VersionRow) -> list[dict[str, Any]]:
    plain = scheme_text.as_plain(shown.scheme)["items"]
    return [
        {**one, "name": saying.indicator(one["indicator"], english=showing.english(request)),
         "curve_said": words.said(words.CURVES, one.get("curve", ""))}
        for one in plain
    ]  # fmt: skip


def _acted(
    request: Asked, draft: VersionRow, which: str, form: SchemeForm, data: SchemeData, publish: PublishScheme
) -> bool:
    """Whether what one of the three forms asks for was done; what is wrong stands in it."""
    chosen: Form = {"form": form, "data": data, "publish": publish}.get(which, form)
    if not chosen.is_valid():
        return False
    try:
        if which == "publish":
            given = publish.cleaned_data
            actions.publish(
                actor=request.actor, version_id=draft.id, at=request.now, why=given["why"],
                legal_basis=given["legal_basis"], valid_from=given["valid_from"],
            )  # fmt: skip
        else:
            says = form.plain() if which == "form" else data.cleaned_data["says"]
            actions.edit(
                actor=request.actor,
                version_id=draft.id,
                says=says,
                edits=chosen.cleaned_data["edits"],
                at=request.now,
            )
    except Refused as refused:
        for wrong in refused.wrongs:
            _place(chosen, wrong.field, words.said(words.FAULTS, wrong.code), wrong.limit)
    except Forbidden as problem:
        chosen.add_error(None, words.said(words.FAULTS, problem.code))
    except Outdated:
        chosen.add_error(None, words.said(words.FAULTS, "outdated"))
    return not chosen.errors


def _place(form: Form, path: str, told: str, limit: str) -> None:
    """A fault at the field it is about, else at the top with its path."""
    steps = path.removeprefix("says.").split(".")
    name = f"{steps[2]}_{steps[1]}" if len(steps) == 3 and steps[0] == "items" else path
    name = "_".join(steps) if "_".join(steps) in form.fields else name
    more = f" ({limit})" if limit else ""
    if name in form.fields:
        form.add_error(name, f"{told}{more}")
    else:
        form.add_error(None, f"{'.'.join(steps)}: {told}{more}")


def _trials(request: Asked, listed: SchemeListed, shown: VersionRow) -> dict[str, Any]:
    """What the scheme would have made of the last quarter, and what each weight does, when it is asked for."""
    if "try" not in request.GET:
        return {}
    today = places.day_of(request.now)
    against = listed.id if listed.now is not None else None
    found = trials.dry_run(listed.community_id, shown.scheme, today=today, scheme_id=against)
    ids = {one.subject.id for each in found for one in each.after.scores}
    names = _names(request, shown.scheme, ids)
    last = found[-1] if found else None
    return {
        "tried": [
            {
                "period": saying.period(one.since_date, one.until_date),
                "scores": [(names.get(each.subject.id, ""), each) for each in _ranked(one.after.scores)],
                "moved": [_moved(request, names, each) for each in one.moved if each.places or each.because][
                    :12
                ],
                "compared": one.before is not None,
            }
            for one in reversed(found)
        ],
        "sensed": [
            (saying.indicator(one.indicator, english=showing.english(request)), one)
            for one in trying.sensitivity(
                shown.scheme, trials.gathered(listed.community_id, shown.scheme, last.since_date)
            )
        ]
        if last
        else [],
    }


def _ranked(scores: Any) -> list[Any]:
    return sorted(scores, key=lambda one: (one.band, one.rank or 10**9))[:12]


def _names(request: Asked, found: Scheme, ids: set[int]) -> dict[int, str]:
    if found.level == "worker":
        return people.names(ids)
    return {one: place.name(language(request)) for one, place in places.places(ids).items()}


def _moved(request: Asked, names: dict[int, str], one: trying.Moved) -> dict[str, Any]:
    return {
        "name": names.get(one.subject_id, ""),
        "moved": one,
        "because": [
            (saying.indicator(code, english=showing.english(request)), points) for code, points in one.because
        ],
    }


@policy("assessment.redraft", who=roles(*KEEPERS))
@require_POST
def redraft(request: Asked, scheme_id: int) -> HttpResponse:
    """Begin the next version of a scheme."""
    _listed(request, scheme_id)
    actions.redraft(actor=request.actor, scheme_id=scheme_id, at=request.now)
    return redirect("assessment:settings_scheme", scheme_id)


@policy("assessment.drop_draft", who=roles(*KEEPERS))
@require_POST
def drop(request: Asked, scheme_id: int) -> HttpResponse:
    """Throw the draft away."""
    listed = _listed(request, scheme_id)
    if listed.draft is None:
        raise NotFound
    actions.drop(actor=request.actor, version_id=listed.draft.id, at=request.now)
    messages.success(request, _("The draft is gone."))
    return _back(listed.community_id)
