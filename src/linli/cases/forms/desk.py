"""The form of a move: the few fields its verb needs, in the order one fills them in."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from linli.cases import words, words_chasing
from linli.cases.forms.report import Chips
from linli.cases.forms.speaking import Speaking
from linli.cases.queries.people_to_send import read_key
from linli.cases.rules.intake import MAX_WORDS, PlaceGiven
from linli.cases.rules.kinds import Kind
from linli.cases.rules.moves import Given
from linli.cases.rules.promises import Urgency
from linli.cases.rules.workflow import Need, Step, Verb
from linli.kernel.clock import LOCAL

Choices = Sequence[tuple[str, Any]]
Words = Any  # a text, or one that waits for the reader's language
END_OF_DAY = time(23, 59)
MOST_STARS = 5

#: Verb → its fields in order; a verb that is not here has none and needs no form.
FIELDS: dict[Verb, tuple[str, ...]] = {
    Verb.ACCEPT: ("category_code", "urgency"),
    Verb.DECLINE: ("reason", "answer", "note"),
    Verb.REPLY: ("answer", "category_code", "publish", "public_words", "note"),
    Verb.MERGE: ("target", "note"),
    Verb.PART: ("note",),
    Verb.SPLIT: ("words", "note"),
    Verb.DISPATCH: ("to", "category_code", "urgency", "note"),
    Verb.RETURN: ("reason", "note", "pictures"),
    Verb.RULE: ("ruling", "to", "note"),
    Verb.CONTACT: ("note",),
    Verb.ASK: ("request", "amount", "until", "note"),
    Verb.DECIDE: ("granted", "note", "answer"),
    Verb.HANDLED: ("pictures", "answer", "note"),
    Verb.SETTLE: ("category_code", "pictures", "answer", "note"),
    Verb.CLOSE: ("answer", "publish", "public_words", "note"),
    Verb.REDO: ("reason", "note"),
    Verb.FOLLOW_UP: ("reached", "reason", "solved", "stars", "note"),
    Verb.JUSTIFY: ("answer", "note"),
    Verb.REOPEN: ("reason", "note"),
    Verb.VOID: ("reason", "note"),
    Verb.ARCHIVE: ("note",),
    Verb.ADD: ("words", "pictures"),
    Verb.NOTE: ("note",),
    Verb.SUPERVISE: ("letter", "supervisor", "until", "note"),
    Verb.EXPLAIN: ("letter", "note"),
    Verb.LIFT: ("letter", "note"),
    Verb.ESCALATE: ("note",),
    Verb.JOINT: ("to", "words"),
    Verb.TASK_DONE: ("task", "answer", "pictures"),
    Verb.CLASSIFY: ("category_code", "urgency", "kind"),
    Verb.RELOCATE: ("building", "address"),
    Verb.TRANSFER: ("to", "note"),
}
#: Where the rules speak of something under another name than the form's.
FIELD_OF: dict[str, str] = {
    "category": "category_code",
    "body": "to",
    "organisation": "to",
    "organisation_id": "to",
    "handler": "to",
    "handler_id": "to",
    "proof": "pictures",
    "uploads": "pictures",
    "deadline": "until",
    "task_id": "task",
    "place": "building",
    "supervisor_id": "supervisor",
}
_NEED_OF: dict[str, frozenset[Need]] = {
    "category_code": frozenset({Need.CATEGORY}),
    "to": frozenset({Need.BODY, Need.HANDLER, Need.ORGANISATION}),
    "reason": frozenset({Need.REASON}),
    "note": frozenset({Need.NOTE}),
    "answer": frozenset({Need.ANSWER}),
    "target": frozenset({Need.TARGET}),
    "ruling": frozenset({Need.RULING}),
    "request": frozenset({Need.REQUEST}),
    "granted": frozenset({Need.GRANTED}),
    "until": frozenset({Need.DEADLINE}),
    "task": frozenset({Need.TASK}),
    "words": frozenset({Need.WORDS}),
}


@dataclass(frozen=True, slots=True)
class Offered:
    """What the fields of one case offer to choose from, and what they begin with."""

    categories: Choices = ()
    targets: Choices = ()
    buildings: Choices = ()
    tasks: Choices = ()
    supervisors: Choices = ()
    letters: Choices = ()  # those that stand
    initial: dict[str, Any] = field(default_factory=dict)
    has_category: bool = False
    publish: bool = False  # the reporter agreed: the neighbours' words are asked for


class MoveForm(Speaking):
    """The fields of one move; ``version`` is what the case was when they were drawn."""

    named: ClassVar = FIELD_OF
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    tickets = forms.CharField(widget=forms.HiddenInput, required=False)

    def given(self, verb: Verb, tickets: Iterable[str] = ()) -> Given:
        """What is filled in, as the rules take it."""
        data = self.cleaned_data
        body, person = read_key(data.get("to") or "")
        return Given(
            verb=verb,
            reason=data.get("reason") or "",
            note=data.get("note") or "",
            answer=data.get("answer") or "",
            words=data.get("words") or data.get("kind") or "",
            category_code=data.get("category_code") or "",
            urgency=data.get("urgency") or "",
            organisation_id=body,
            handler_id=person,
            target=data.get("target") or "",
            ruling=data.get("ruling") or "",
            request=data.get("request") or "",
            amount=data.get("amount"),
            until=_end_of(data.get("until")),
            granted=_yes(data.get("granted")),
            solved=_yes(data.get("solved")),
            reached=_yes(data.get("reached")),
            stars=int(data["stars"]) if data.get("stars") else None,
            place=_place(data),
            task_id=int(data["task"]) if data.get("task") else None,
            uploads=tuple(tickets),
            public_words=data.get("public_words") or "",
            publish=data.get("publish"),
            letter=data.get("letter") or "",
            supervisor_id=int(data["supervisor"]) if data.get("supervisor") else None,
        )


def form_for(
    step: Step,
    offered: Offered,
    *,
    data: Any = None,
    version: int | None = None,
) -> MoveForm:
    """The form of a move with the fields its verb needs.

    :param data: what was sent; None draws it anew.
    """
    form = MoveForm(
        data,
        initial={**offered.initial, "version": version},
        auto_id=f"move-{step.verb.value}-%s",
    )
    for name in names(step, offered):
        form.fields[name] = MAKERS[name](step, offered)
        needed = bool(_NEED_OF.get(name, frozenset()) & set(step.needs))
        form.fields[name].required = needed and not (name == "category_code" and offered.has_category)
    return form


def names(step: Step, offered: Offered) -> tuple[str, ...]:
    """The fields a move shows for this case."""
    wanted = FIELDS.get(step.verb, ())
    if not offered.publish:
        wanted = tuple(name for name in wanted if name not in {"publish", "public_words"})
    if step.verb is Verb.SETTLE and offered.has_category:
        wanted = tuple(name for name in wanted if name != "category_code")
    if step.verb in {Verb.EXPLAIN, Verb.LIFT} and len(offered.letters) < 2:  # only one can be meant
        wanted = tuple(name for name in wanted if name != "letter")
    return wanted


def needs_form(step: Step, offered: Offered) -> bool:
    """Whether the move asks for anything that is not known already."""
    known = {Need.CATEGORY} if offered.has_category else set()
    return bool(set(step.needs) - known) or step.verb in {Verb.ARCHIVE, Verb.CLASSIFY}


def _yes(value: Any) -> bool | None:
    return {"yes": True, "no": False}.get(value or "")


def _end_of(day: date | None) -> datetime | None:
    return datetime.combine(day, END_OF_DAY, tzinfo=LOCAL) if day else None


def _place(data: dict[str, Any]) -> PlaceGiven | None:
    if "building" not in data:
        return None
    building = data.get("building") or None
    address = (data.get("address") or "").strip()
    if building is None and not address:
        return None
    return PlaceGiven(building_id=int(building) if building else None, address=address)


# -- the fields ------------------------------------------------------------------------------------------

Maker = Callable[[Step, Offered], forms.Field]


def _text(label: Words, hint: Words, *, rows: int = 3) -> Maker:
    def make(step: Step, offered: Offered) -> forms.Field:
        widget = forms.Textarea(attrs={"rows": rows, "maxlength": MAX_WORDS})
        return forms.CharField(label=label, help_text=hint, widget=widget, required=False)

    return make


def _reason(step: Step, offered: Offered) -> forms.Field:
    choices = [(code, words.REASONS[code]) for code in step.reasons]
    return forms.ChoiceField(label=_("Reason"), choices=choices, widget=Chips)


def _choice(label: Words, choices: Callable[[], Choices], *, chips: bool = True) -> Maker:
    def make(step: Step, offered: Offered) -> forms.Field:
        widget = Chips() if chips else forms.Select()
        return forms.ChoiceField(label=label, choices=choices(), widget=widget, required=False)

    return make


def _category(step: Step, offered: Offered) -> forms.Field:
    blank = [] if offered.initial.get("category_code") else [("", _("Choose a category"))]
    return forms.ChoiceField(label=_("Category"), choices=[*blank, *offered.categories])


def _to(step: Step, offered: Offered) -> forms.Field:
    label = {
        Verb.TRANSFER: _("Colleague"),
        Verb.JOINT: _("Body"),
        Verb.RULE: _("Which body, if another is named"),
    }.get(step.verb, _("To whom"))
    blank = [] if offered.initial.get("to") else [("", _("Choose whom"))]
    return forms.ChoiceField(label=label, choices=[*blank, *offered.targets])


def _letter(step: Step, offered: Offered) -> forms.Field:
    new = step.verb is Verb.SUPERVISE
    choices = list(words_chasing.LETTERS.items()) if new else list(offered.letters)
    label = _("Letter or talk") if new else _("Which letter")
    return forms.ChoiceField(
        label=label, choices=choices, widget=Chips, initial=choices[0][0], required=False
    )


def _supervisor(step: Step, offered: Offered) -> forms.Field:
    return forms.ChoiceField(label=_("Who supervises"), choices=offered.supervisors, required=False)


def _note(step: Step, offered: Offered) -> forms.Field:
    label, hint = {
        Verb.SUPERVISE: (_("What is demanded"), _("Printed in the letter; the resident does not read it.")),
        Verb.EXPLAIN: (
            _("Answer to the letter"),
            _("What was done, what is left, until when. Only staff read it."),
        ),
        Verb.LIFT: (_("What came of it"), _("Why the letter is lifted, or what was agreed in the talk.")),
        Verb.RETURN: (
            _("Evidence"),
            _("Where it lies, whose duty it is and why; attach the paper or a picture."),
        ),
        Verb.ASK: (_("Why more time is needed"), _("What is waited for. Whoever decides reads it.")),
        Verb.RULE: (_("Grounds of the ruling"), _("The body that returned it reads them.")),
        Verb.DECIDE: (_("Internal note"), offered.initial.get("basis") or _("Only colleagues read this.")),
    }.get(step.verb, (_("Internal note"), _("Only colleagues read this.")))
    return _text(label, hint, rows=2)(step, offered)


def _building(step: Step, offered: Offered) -> forms.Field:
    blank = [("", _("As written below"))]
    return forms.ChoiceField(label=_("Building"), choices=[*blank, *offered.buildings], required=False)


def _task(step: Step, offered: Offered) -> forms.Field:
    return forms.ChoiceField(label=_("Which part"), choices=offered.tasks)


def _until(step: Step, offered: Offered) -> forms.Field:
    label = _("Deadline") if step.verb is Verb.SUPERVISE else _("Until (pause or hold)")
    return forms.DateField(label=label, widget=forms.DateInput(attrs={"type": "date"}), required=False)


def _amount(step: Step, offered: Offered) -> forms.Field:
    unit = offered.initial.get("unit_words") or ""
    hint = _("In the unit of the promise: %(unit)s") % {"unit": unit} if unit else ""
    return forms.DecimalField(
        label=_("How much more time"),
        help_text=hint,
        min_value=0,
        max_digits=6,
        decimal_places=2,
        required=False,
    )


def _target(step: Step, offered: Offered) -> forms.Field:
    hint = _("This case ends here; its reporter follows the other one.")
    widget = forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"})
    return forms.CharField(label=_("Number of the other case"), help_text=hint, max_length=20, widget=widget)


def _publish(step: Step, offered: Offered) -> forms.Field:
    return forms.BooleanField(label=_("Show it to the neighbours"), required=False, initial=True)


def _pictures(step: Step, offered: Offered) -> forms.Field:
    label = _("Pictures of the result") if Need.PROOF in step.needs else _("Pictures")
    label = _("Picture of the evidence") if step.verb is Verb.RETURN else label
    return forms.FileField(label=label, required=False)


def _answer(step: Step, offered: Offered) -> forms.Field:
    label = _("What our part came to") if step.verb is Verb.TASK_DONE else _("What the resident reads")
    hint = "" if step.verb is Verb.TASK_DONE else _("Plain words, no names, phones or ID numbers.")
    return _text(label, hint)(step, offered)


def _words(step: Step, offered: Offered) -> forms.Field:
    if step.verb is Verb.JOINT:
        return _text(_("What they are asked to do"), "")(step, offered)
    if step.verb is Verb.SPLIT:
        hint = _(
            "It becomes a case of its own with its own number; the reporter follows both and reads these words."
        )
        return _text(_("The second matter"), hint)(step, offered)
    return _text(_("What there is to add"), _("The resident reads this."))(step, offered)


def _yes_no() -> Choices:
    return [("yes", _("Yes")), ("no", _("No"))]


MAKERS: dict[str, Maker] = {
    "reason": _reason,
    "note": _note,
    "letter": _letter,
    "supervisor": _supervisor,
    "answer": _answer,
    "words": _words,
    "category_code": _category,
    "urgency": _choice(
        gettext_lazy("How urgent"),
        lambda: [(one.value, words.URGENCIES[one.value]) for one in Urgency],
    ),
    "kind": _choice(
        pgettext_lazy("case", "Kind"),
        lambda: [(one.value, words.KINDS[one.value]) for one in Kind],
        chips=False,
    ),
    "to": _to,
    "target": _target,
    "ruling": _choice(gettext_lazy("Ruling"), lambda: list(words.RULINGS.items())),
    "request": _choice(gettext_lazy("What is asked for"), lambda: list(words.REQUESTS.items())),
    "amount": _amount,
    "until": _until,
    "granted": _choice(
        gettext_lazy("Decision"),
        lambda: [("yes", _("Grant it")), ("no", _("Refuse it"))],
    ),
    "reached": _choice(gettext_lazy("Did you reach the resident?"), _yes_no),
    "solved": _choice(gettext_lazy("Is it solved, in the resident's own words?"), _yes_no),
    "stars": _choice(
        gettext_lazy("How satisfied, of 5"),
        lambda: [(str(n), str(n)) for n in range(1, MOST_STARS + 1)],
    ),
    "publish": _publish,
    "public_words": _text(
        gettext_lazy("What the neighbours read of it"),
        gettext_lazy("Without name, phone or door number."),
        rows=2,
    ),
    "pictures": _pictures,
    "task": _task,
    "building": _building,
    "address": lambda step, offered: forms.CharField(
        label=_("Where exactly"), max_length=200, required=False
    ),
}
