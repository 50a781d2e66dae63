"""Many cases at once: accepted or sent to one body, each by its own move; what could not be done says why."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse, QueryDict
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from linli.cases import words
from linli.cases.actions import moves
from linli.cases.actions.moves import Conflict
from linli.cases.models import Case
from linli.cases.pages import desk, desk_frame, desk_offers, telling
from linli.cases.pages.desk_frame import Frame
from linli.cases.pages.here import Asked
from linli.cases.queries import desk as lists
from linli.cases.queries import people_to_send, reference
from linli.cases.rules.intake import Refused
from linli.cases.rules.moves import Given
from linli.cases.rules.workflow import Verb
from linli.kernel import numbering
from linli.kernel.access import Forbidden, NotFound, policy, roles
from linli.kernel.text import whole

MOST = 100
VERBS = (Verb.DISPATCH, Verb.ACCEPT)


@dataclass(frozen=True, slots=True)
class Picked:
    """A case that was picked: the category it has or would be given."""

    case: Case
    title: str
    place: str
    category: str
    guessed: bool


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one of them."""

    number: str
    title: str
    done: bool
    why: str


@policy("cases.desk_bulk", who=roles("dispatcher", "community_leader"))
@require_http_methods(["GET", "POST"])
def bulk(request: Asked) -> HttpResponse:
    """The picked cases and what to do with them (GET); the same move on each of them (POST)."""
    made = desk_frame.frame(request)
    given: QueryDict = request.POST if request.method == "POST" else request.GET
    picked = _picked(made, given.getlist("case"))
    context: dict[str, Any] = {"picked": picked, "frame": made}
    status = 200
    if request.method == "POST":
        wrong = _wrong(request)
        if wrong:
            status = 422
            context["wrong"] = wrong
        else:
            context["outcomes"] = [_one(made, one, number_given=given) for one in picked]
    if "outcomes" not in context:
        context |= _choices(made, given)
    template = "cases/desk/bulk.html"
    if desk.by_htmx(request):
        context["part"] = True
        answer = render(request, template, context, status=status)
        if "outcomes" in context:
            answer["HX-Trigger"] = "linli:live"  # the list asks again
        return answer
    context |= made.context(**desk.list_context(made), showing="detail")
    return render(request, "cases/desk/bulk_page.html", context, status=status)


def _picked(made: Frame, numbers: list[str]) -> list[Picked]:
    wanted = {parsed for number in numbers[:MOST] if (parsed := numbering.parse_number(number))}
    found = lists.seen(made.request.actor, made.community_id).filter(number__in=wanted)
    cases = found.select_related("grid", "building").order_by("-reported_at", "-id")
    return [_pick(made, case) for case in cases]


def _pick(made: Frame, case: Case) -> Picked:
    hints = desk_offers.suggestions(made, case)
    sure = hints[0].code if hints and hints[0].sure else ""
    code = case.category_code or sure
    category = made.category(code) if code else ""
    return Picked(
        case,
        telling.headline(case),
        desk_frame.place_of(case, made.language),
        category,
        not case.category_code,
    )


def _choices(made: Frame, given: QueryDict) -> dict[str, Any]:
    found = people_to_send.targets(made.community_id, at=made.request.now, language=made.language)
    bodies = [one for one in found if one.handler_id is None]
    persons = [one for one in found if one.handler_id is not None]
    groups = ((_("Bodies"), bodies), (_("People"), persons))
    return {
        "targets": [
            (name, [(one.key, desk_offers.said_target(one)) for one in group]) for name, group in groups
        ],
        "categories": desk_offers.category_choices(made),
        "chosen": {key: given.get(key, "") for key in ("verb", "to", "category_code")},
    }


def _wrong(request: Asked) -> str:
    if request.POST.get("verb") not in {verb.value for verb in VERBS}:
        return _("Choose what to do.")
    if request.POST["verb"] == Verb.DISPATCH and people_to_send.read_key(request.POST.get("to", "")) == (
        None,
        None,
    ):
        return _("Choose to whom they go.")
    return ""


def _one(made: Frame, picked: Picked, *, number_given: QueryDict) -> Outcome:
    """One move on one case, whole or not at all; the others do not depend on it."""
    case = picked.case
    why = ""
    try:
        moves.take(
            actor=made.request.actor,
            number=case.number,
            given=_given(made, case, number_given),
            at=made.request.now,
            version=_version(number_given, case),
        )
    except Refused as refused:
        why = " ".join(
            words.wrong(wrong.code, field=wrong.field, limit=wrong.limit) for wrong in refused.wrongs
        )
    except (Conflict, Forbidden) as hindered:
        why = words.label(words.HINDRANCES, hindered.code)
    except NotFound:
        why = _("It is no longer here.")
    return Outcome(case.number, picked.title, not why, why)


def _given(made: Frame, case: Case, given: QueryDict) -> Given:
    body, person = people_to_send.read_key(given.get("to", ""))
    hints = desk_offers.suggestions(made, case)
    sure = hints[0].code if hints and hints[0].sure else ""
    chosen = given.get("category_code", "")
    chosen = chosen if chosen in reference.categories(made.community_id) else ""
    verb = Verb(given.get("verb", ""))
    return Given(
        verb=verb,
        category_code=case.category_code or chosen or sure,
        organisation_id=body if verb is Verb.DISPATCH else None,
        handler_id=person if verb is Verb.DISPATCH else None,
    )


def _version(given: QueryDict, case: Case) -> int:
    shown = whole(given.get(f"version-{case.number}", ""), digits=9)
    return case.version if shown is None else shown
