"""What if: the last days under another promise, the drafted routing or other numbers of people, beside what was."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from django.http import HttpResponse, QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from linli.cases import words as case_words
from linli.cases.pages.here import Asked
from linli.cases.queries import reference
from linli.cases.rules.promises import Promise, Stage, StartRule, Unit
from linli.controlroom.pages import frame
from linli.controlroom.pages.frame import Room
from linli.controlroom.queries import whatif as gathering
from linli.controlroom.rules import whatif
from linli.controlroom.rules.whatif import NOBODY, Change, Compared, Outcome, Sum
from linli.kernel import calendar
from linli.kernel.access import policy

USUAL_DAYS, MOST_DAYS = 30, 180
MOST_PEOPLE = 50
MOST_SHOWN = 50
MOST_AMOUNT = Decimal(1000)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the address asks to be otherwise; ``faults`` says what could not be read."""

    days: int
    amount: str
    unit: str
    category: str
    drafts: bool
    people: dict[str, str]  # body -> as typed
    faults: tuple[str, ...]


@policy("control.what_if", who=frame.READERS)
@require_safe
def what_if(request: Asked) -> HttpResponse:
    """Choose what would be otherwise, and see what that would have changed; nothing is written."""
    room = frame.room(request)
    now = gathering.staffing(room.community_id, request.now)
    branches = reference.categories(room.community_id)
    wanted = read(request.GET, now, branches)
    jobs = gathering.jobs(room.community_id, days=wanted.days, at=request.now)
    bodies, drafts = gathering.rerouted(room.community_id, (job.number for job in jobs), at=request.now)
    change = Change(
        promise=_promise(wanted),
        category=wanted.category,
        bodies=bodies if wanted.drafts else {},
        people={body: int(typed) for body, typed in wanted.people.items() if int(typed) != now.get(body, 1)},
    )
    asked = bool(change.promise or change.modelled) and not wanted.faults
    found = (
        whatif.compare(jobs, change, people=now, calendar=calendar.load(room.community_id), at=request.now)
        if asked
        else None
    )
    context = {
        "wanted": wanted,
        "drafts": drafts,
        "desks": _desks(room, now, wanted, {job.body for job in jobs}),
        "branches": [(code, row.name(room.desk.language)) for code, row in branches.items()],
        "units": [(unit.value, case_words.label(case_words.UNITS, unit.value)) for unit in Unit],
        "jobs": len(jobs),
        "result": _told(room, found) if found else None,
        "same": "days" in request.GET and not asked and not wanted.faults,
        "routing": reverse("cases:settings_routing"),
    }
    return room.show("controlroom/whatif.html", "what-if", context)


def read(query: QueryDict, now: dict[str, int], branches: Iterable[str]) -> Wanted:
    """What the address asks for; what cannot be read is left as it is and named."""
    faults = []
    days = query.get("days") or str(USUAL_DAYS)
    if not (days.isascii() and days.isdigit() and 1 <= int(days[:6]) <= MOST_DAYS):
        faults.append(_("Choose 1 to %(most)s days.") % {"most": MOST_DAYS})
        days = str(USUAL_DAYS)
    amount = query.get("amount", "").strip()
    if amount and _decimal(amount) is None:
        faults.append(_("The promise must be a number above 0, at most %(most)s.") % {"most": MOST_AMOUNT})
        amount = ""
    people = {body: str(count) for body, count in now.items()}
    for body in now:
        typed = query.get(f"people_{body}", "").strip()
        if typed and not (typed.isascii() and typed.isdigit() and 1 <= int(typed[:6]) <= MOST_PEOPLE):
            faults.append(_("A desk has 1 to %(most)s people.") % {"most": MOST_PEOPLE})
        elif typed:
            people[body] = typed
    unit, category = query.get("unit", ""), query.get("category", "")
    return Wanted(
        int(days),
        amount,
        unit if unit in set(Unit) else Unit.WORKING_DAY.value,
        category if category in branches else "",
        query.get("drafts") == "1",
        people,
        tuple(dict.fromkeys(faults)),
    )


def _decimal(typed: str) -> Decimal | None:
    try:
        amount = Decimal(typed)
    except InvalidOperation:
        return None
    return amount if amount.is_finite() and 0 < amount <= MOST_AMOUNT else None


def _promise(wanted: Wanted) -> Promise | None:
    amount = _decimal(wanted.amount) if wanted.amount else None
    return Promise(Stage.RESOLVE, amount, Unit(wanted.unit), StartRule.AT_ONCE) if amount else None


def _desks(room: Room, now: dict[str, int], wanted: Wanted, busy: set[str]) -> list[dict[str, Any]]:
    return [
        {"key": body, "name": name_of(room, body), "now": now[body], "then": wanted.people[body]}
        for body in sorted(now)
        if body in busy
    ]


def name_of(room: Room, body: str) -> str:
    """What a desk is called."""
    return _("Grid workers and others") if body == NOBODY else room.bodies.get(int(body), body)


def _told(room: Room, found: Compared) -> dict[str, Any]:
    after = {one.body: one for one in found.after}
    before = {one.body: one for one in found.before}
    keys = [*sorted((set(before) | set(after)) - {""}), ""]
    return {
        "rows": [
            {
                "name": name_of(room, key) if key else _("Together"),
                "before": _sum(before.get(key)),
                "after": _sum(after.get(key)),
            }
            for key in keys
        ],
        "lists": [
            (title, len(rows), [_line(room, one) for one in rows[:MOST_SHOWN]])
            for title, rows in (
                (_("No longer late"), found.better),
                (_("Late where they were not"), found.worse),
                (_("Sent elsewhere"), found.moved),
            )
            if rows
        ],
        "modelled": found.modelled,
        "unchanged": not (found.better or found.worse or found.moved),
    }


def _sum(one: Sum | None) -> dict[str, str]:
    if one is None:
        return {"cases": "0", "rate": "–", "late": "0", "hours": "–", "people": "–"}
    return {
        "cases": str(one.cases),
        "rate": "–" if one.rate is None else f"{one.rate * 100:.1f} %",
        "late": str(one.late),
        "hours": "–" if one.hours is None else f"{one.hours:.1f}",
        "people": str(one.people),
    }


def _line(room: Room, one: Outcome) -> dict[str, Any]:
    return {
        "number": one.job.number,
        "url": reverse("cases:desk_case", args=[one.job.number]),
        "category": room.desk.category(one.job.category) if one.job.category else _("not yet sorted"),
        "body": name_of(room, one.body),
        "due": one.due_at,
        "done": one.done_at,
    }
