"""What may be done with a case: the next right move with its consequence, the others at hand."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from linli.cases import words
from linli.cases.actions import clocks, routing
from linli.cases.forms import desk as forms
from linli.cases.models import Case, Supervision
from linli.cases.pages.desk_frame import Frame
from linli.cases.queries import chasing, people_to_send, reference
from linli.cases.queries.people_to_send import Target
from linli.cases.queries.story import Story
from linli.cases.rules import next_move
from linli.cases.rules.promises import Stage
from linli.cases.rules.workflow import ARBITRATED_FROM, DESK, State, Step, Verb
from linli.faces import words as face_words
from linli.kernel.clock import LOCAL
from linli.people import queries as people
from linli.people import words as people_words

SURE = 0.6  # from here on a proposed category is taken along by one click
ROUTED = frozenset({State.REPORTED, State.ACCEPTED, State.RULED, State.REOPENED})


@dataclass(frozen=True, slots=True)
class Suggested:
    """A proposed category."""

    code: str
    name: str
    percent: int
    because: tuple[str, ...]
    version: str = ""  # of what proposed it

    @property
    def sure(self) -> bool:
        """Whether one click may take it along."""
        return self.percent >= SURE * 100


@dataclass(frozen=True, slots=True)
class Proposed:
    """Who should get the case by the community's rules, and in whose words."""

    routed: routing.Proposal
    name: str
    key: str
    category: str  # name of the category that was assumed


@dataclass(slots=True)
class Button:
    """A move as a button: done at once with its hidden fields, or opening its form."""

    step: Step
    words: str
    key: str = ""
    ask: str = ""  # the consequence
    direct: bool = False
    grave: bool = False
    hidden: dict[str, Any] = field(default_factory=dict)

    @property
    def verb(self) -> str:
        """The verb, as addresses carry it."""
        return self.step.verb.value


@dataclass(frozen=True, slots=True)
class Offers:
    """Everything about what may be done next."""

    first: Button | None
    beside: tuple[Button, ...]
    others: tuple[Button, ...]
    suggested: tuple[Suggested, ...]
    proposed: Proposed | None


def offers(made: Frame, told: Story) -> Offers:
    """What this person may do with this case now, laid out."""
    case = told.case
    laid = next_move.offer(
        State(case.state),
        told.steps,
        waiting=told.waiting is not None,
        has_task=any(step.verb is Verb.TASK_DONE for step in told.steps),
    )
    hints = suggestions(made, case)
    at_desk = bool(made.roles & DESK)
    proposed = _proposed(made, case, hints) if at_desk and State(case.state) in ROUTED else None
    first = _first(made, told, laid.first, hints, proposed) if laid.first else None
    return Offers(
        first=first,
        beside=tuple(_button(case, step) for step in laid.beside),
        others=tuple(_button(case, step) for step in laid.others),
        suggested=hints if not case.category_code else (),
        proposed=proposed,
    )


def suggestions(made: Frame, case: Case) -> tuple[Suggested, ...]:
    """The machine's proposals that are still categories here, surest first."""
    held = reference.categories(made.community_id)
    options = (case.suggestion or {}).get("options", [])
    return tuple(
        Suggested(
            code=one["code"],
            name=made.category(one["code"]),
            percent=round(one["certainty"] * 100),
            because=tuple(one.get("words", ())),
            version=(case.suggestion or {}).get("version", ""),
        )
        for one in options
        if one.get("code") in held
    )


def _proposed(made: Frame, case: Case, hints: tuple[Suggested, ...]) -> Proposed:
    assumed = case.category_code or (hints[0].code if hints else "")
    found = routing.propose(case, at=made.request.now, category_code=assumed)
    target = Target(found.organisation_id, found.handler_id, "")
    return Proposed(found, _name(made, case, found), target.key, made.category(assumed) if assumed else "")


def _name(made: Frame, case: Case, found: routing.Proposal) -> str:
    name = made.body_name(found.organisation_id)
    if found.handler_id is None:
        return name
    person = people_to_send.name_of(found.handler_id)
    role = words.role(found.rule.target.role or "") if found.rule else ""
    return " · ".join(part for part in (person, name or role) if part)


def _button(case: Case, step: Step) -> Button:
    offered = forms.Offered(has_category=bool(case.category_code))
    direct = not forms.needs_form(step, offered)
    return Button(
        step=step,
        words=words.label(words.VERBS, step.verb.value),
        key=next_move.KEYS.get(step.verb, ""),
        direct=direct and step.verb not in next_move.GRAVE,
        grave=step.verb in next_move.GRAVE,
    )


def _first(
    made: Frame, told: Story, step: Step, hints: tuple[Suggested, ...], proposed: Proposed | None
) -> Button:
    button = _button(told.case, step)
    button.ask = consequence(made, told, step)
    if step.verb is Verb.DISPATCH and proposed is not None and proposed.routed.found:
        _one_click(told.case, button, hints, proposed)
    return button


def _one_click(case: Case, button: Button, hints: tuple[Suggested, ...], proposed: Proposed) -> None:
    """Accept and dispatch in one: where the rules name somebody and the category is known or almost sure."""
    code = case.category_code or (hints[0].code if hints and hints[0].sure else "")
    if not code:
        return
    button.direct = True
    button.hidden = {"to": proposed.key, "category_code": code, "urgency": case.urgency}
    said = {"who": proposed.name}
    fresh = case.state == State.REPORTED
    button.words = _("Accept and dispatch to %(who)s") % said if fresh else _("Dispatch to %(who)s") % said


def consequence(made: Frame, told: Story, step: Step) -> str:
    """What will follow from a move, in words."""
    case, at = told.case, made.request.now
    by = {
        Verb.DISPATCH: lambda: _by(case, Stage.SIGN, at, _("To be signed for within %(span)s, by %(time)s.")),
        Verb.SIGN: lambda: _running(told, Stage.RESOLVE, at, _("Then it is to be resolved by %(time)s.")),
        Verb.HANDLED: lambda: _by(
            case, Stage.VERIFY, at, _("Another person checks it within %(span)s, by %(time)s.")
        ),
        Verb.SETTLE: lambda: _by(
            case, Stage.VERIFY, at, _("Another person checks it within %(span)s, by %(time)s.")
        ),
        Verb.CLOSE: lambda: _("The resident reads the answer and is asked whether it is solved."),
        Verb.REPLY: lambda: _("The resident reads the answer and is asked whether it is solved."),
        Verb.ACCEPT: lambda: _("The resident reads that it is accepted, and as what."),
        Verb.RULE: lambda: _("The ruling binds the body; a right return goes back to dispatching."),
        Verb.RETURN: lambda: _returning(case),
        Verb.SUPERVISE: lambda: _("The body is told, the letter can be printed, and its day is watched."),
        Verb.EXPLAIN: lambda: _("The supervisor reads it and lifts the letter, or asks again."),
        Verb.DECIDE: lambda: _("The clock follows your decision."),
        Verb.RESUME: lambda: _("The clock runs on from now."),
        Verb.FOLLOW_UP: lambda: _("What the resident says counts in the three rates."),
    }
    return by.get(step.verb, str)()


def _returning(case: Case) -> str:
    if case.returns + 1 >= ARBITRATED_FROM:
        return _("It was returned before: a named arbiter rules now, and the promise runs on.")
    return _("The desk rules on it; the promise to resolve it runs on meanwhile.")


def _by(case: Case, stage: Stage, at: datetime, said: str) -> str:
    found = clocks.first_deadline(
        case.community_id, category_code=case.category_code, urgency=case.urgency, stage=stage, at=at
    )
    if found is None:
        return ""
    promise, due_at, _risk = found
    length = face_words.span(promise.seconds, promise.unit.value)
    if due_at is None:
        return ""
    return said % {"span": length, "time": face_words.due_time(due_at, at)}


def _running(told: Story, stage: Stage, at: datetime, said: str) -> str:
    running = [view.row for view in told.clocks if view.row.stage == stage and view.row.stopped_at is None]
    due_at = running[0].due_at if running else None
    return said % {"time": face_words.due_time(due_at, at)} if due_at else ""


# -- what the fields offer ---------------------------------------------------------------------------------


def offered(made: Frame, told: Story, step: Step) -> forms.Offered:
    """What the form of a move offers to choose from, for this case."""
    case = told.case
    wanted = set(forms.FIELDS.get(step.verb, ()))
    hints = suggestions(made, case)
    initial: dict[str, Any] = {
        "category_code": case.category_code or (hints[0].code if hints else ""),
        "urgency": case.urgency,
        "kind": case.kind,
        "publish": True,
    }
    if step.verb is Verb.CLOSE:
        initial |= {"answer": case.answer, "public_words": case.words if case.publish else ""}
    if step.verb is Verb.ASK:
        initial |= {"request": "extend", "unit_words": _unit(told)}
    if step.verb is Verb.DECIDE and told.waiting is not None and told.waiting.basis:
        initial["basis"] = _("A request of this size needs a basis: write down what it rests on.")
    targets: forms.Choices = ()
    if "to" in wanted:
        targets = _targets(made, case, step, initial, hints)
    return forms.Offered(
        categories=category_choices(made) if "category_code" in wanted else (),
        targets=targets,
        buildings=building_choices(made) if "building" in wanted else (),
        tasks=_tasks(made, told) if "task" in wanted else (),
        supervisors=_supervisors(made, initial) if "supervisor" in wanted else (),
        letters=[(one.kind, letter_name(one)) for one in told.letters if one.open] if told.letters else (),
        initial=initial,
        has_category=bool(case.category_code),
        publish=_may_be_shown(case),
    )


def _may_be_shown(case: Case) -> bool:
    """Whether closing asks what the neighbours read: as the community wants it."""
    wish = reference.publishing(case.community_id)
    return wish == "always" or (wish == "consent" and case.publish)


def category_choices(made: Frame) -> forms.Choices:
    """The categories in force, each branch with its leaves."""
    rows = reference.categories(made.community_id)
    branches: dict[str, list[tuple[str, str]]] = {}
    for code, row in rows.items():
        branches.setdefault(row.top, []).append((code, row.name(made.language)))
    return [(made.category(top), leaves) for top, leaves in branches.items()]


def building_choices(made: Frame) -> forms.Choices:
    """The community's buildings, each under its grid."""
    return [
        (grid, [(str(row.id), row.name(made.language)) for row in rows])
        for grid, rows in made.buildings().items()
    ]


def _targets(
    made: Frame, case: Case, step: Step, initial: dict[str, Any], hints: tuple[Suggested, ...]
) -> forms.Choices:
    found = people_to_send.targets(made.community_id, at=made.request.now, language=made.language)
    bodies = [one for one in found if one.handler_id is None]
    if step.verb is Verb.JOINT:
        return [(one.key, said_target(one)) for one in bodies]
    if step.verb is Verb.RULE:
        initial.pop("to", None)
        return [(one.key, said_target(one)) for one in bodies if one.organisation_id != case.organisation_id]
    if step.verb is Verb.TRANSFER:
        near = people_to_send.colleagues(found, case.organisation_id, case.handler_id)
        return [(one.key, said_target(one)) for one in near]
    proposed = _proposed(made, case, hints)
    initial["to"] = proposed.key
    near = people_to_send.nearby(found, case.place_path)
    held = {one.key for one in near}
    rest = [one for one in found if one.handler_id is not None and one.key not in held]
    groups = ((_("On the ground here"), near), (_("Bodies"), bodies), (_("People"), rest))
    return [(name, [(one.key, said_target(one)) for one in group]) for name, group in groups if group]


def said_target(one: Target) -> str:
    """Somebody to send a case to, with role, place and load."""
    kind = words.label(people_words.KINDS, one.kind) if one.kind else ""
    role = words.role(one.role) if one.role else ""
    held = _("%(n)s open") % {"n": one.load} if one.load else ""
    return " · ".join(part for part in (one.name, kind or one.body, role, one.place, held) if part)


def _tasks(made: Frame, told: Story) -> forms.Choices:
    mine = made.request.actor.organisations(made.community_id)
    return [
        (str(task.pk), task.words)
        for task in told.tasks
        if task.organisation_id in mine and task.state == task.State.OPEN
    ]


def _supervisors(made: Frame, initial: dict[str, Any]) -> forms.Choices:
    """Who may supervise, the one who asks first."""
    mine = made.request.actor.account_id
    initial["supervisor"] = str(mine)
    held = chasing.supervisors(made.community_id, made.request.now.astimezone(LOCAL).date())
    names = people.names(held)
    return [(str(one), names.get(one, "")) for one in sorted(held, key=lambda one: (one != mine, one))]


def letter_name(one: Supervision) -> str:
    """What a letter is called: 督〔2026〕3号."""
    said = {"year": one.year, "serial": one.serial}
    if one.kind == Supervision.Kind.TALK:
        return _("Talk no. %(serial)s of %(year)s") % said
    return _("Letter no. %(serial)s of %(year)s") % said


def _unit(told: Story) -> str:
    running = [
        view for view in told.clocks if view.row.stage == Stage.RESOLVE and view.row.stopped_at is None
    ]
    return words.label(words.UNITS, running[0].unit) if running else ""
