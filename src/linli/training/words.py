"""What the codes of handbook and training are called."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from linli.training.rules.certificates import Revoking, Shown, State
from linli.training.rules.course import Kind
from linli.training.rules.handbook import PageKind
from linli.training.rules.statistics import Advice

KINDS = {
    Kind.SINGLE: pgettext_lazy("training", "One answer"),
    Kind.MULTIPLE: pgettext_lazy("training", "Several answers"),
    Kind.TRUE_FALSE: pgettext_lazy("training", "True or false"),
    Kind.NUMBER: pgettext_lazy("training", "A number"),
    Kind.ORDERING: pgettext_lazy("training", "Put in order"),
}
STATES = {
    State.VALID: pgettext_lazy("certificate", "Valid"),
    State.EXPIRED: pgettext_lazy("certificate", "Expired"),
    State.REVOKED: pgettext_lazy("certificate", "Revoked"),
}
SHOWN = {
    Shown.SHORT: _("Surname only (王*)"),
    Shown.FULL: _("Full name"),
    Shown.NONE: _("No name"),
}
REVOKING = {
    Revoking.IRREGULAR: _("The test was not done by the holder alone"),
    Revoking.MISTAKE: _("A mistake of ours: a wrong question, a wrong person"),
    Revoking.REPLACED: _("The course changed so much that it has to be done anew"),
}
PAGE_KINDS = {
    PageKind.TEXT: "",
    PageKind.SHIPPED: _("Back to the shipped page"),
    PageKind.HIDDEN: _("Shown no longer"),
}
ADVICE = {
    Advice.MISLEADS: _("Misleads: those who know more answer it worse. Read it again."),
    Advice.TELLS_NOTHING: _("Hardly tells those who know from those who do not."),
    Advice.TOO_HARD: _("Very hard: is it clear, and does a lesson say it?"),
    Advice.TOO_EASY: _("Almost everybody knows it."),
}
FAULTS = {
    "missing": pgettext_lazy("training", "This is missing; Chinese is needed at least."),
    "half_english": pgettext_lazy("training", "In English write all of it, or nothing."),
    "too_long": pgettext_lazy("training", "This is too long."),
    "personal": pgettext_lazy("training", "Here is a personal number. Leave it out: many people read this."),
    "not_a_rank": _("A whole number from 0 to 9999."),
    "not_a_code": _("Small letters, digits and hyphens, at most 40: door-visits."),
    "too_many": pgettext_lazy("training", "There are too many already."),
    "twice": pgettext_lazy("training", "This is there twice."),
    "no_such_page": _("The handbook has no such page."),
    "page_or_words": _("Either a page of the handbook or words of its own."),
    "no_such_lesson": _("The course has no such lesson."),
    "has_questions": _("Questions refer to this lesson. Move or remove them first."),
    "not_a_number": _("This is not a number."),
    "none_is_right": _("Say which one is right."),
    "one_alone": _("Only one can be right here."),
    "out_of_bounds": pgettext_lazy("training", "Too few or too many."),
    "more_than_there_are": _("More than the bank holds."),
    "unknown_role": _("There is no such role."),
    "unknown_kind": _("There is no such kind of question."),
    "unknown_field": _("Nobody knows this field."),
    "unknown_format": _("This is not a file of a course."),
    "unreadable": _("The file cannot be read: JSON or TOML in UTF-8, at most 2 MB."),
    "other_course": _("This file is of another course."),
    "wrong_type": pgettext_lazy("training", "Something else was expected here."),
    "not_as_many": _("As many English answers as Chinese ones, or none."),
    "not_shipped": _("No such page comes with the product."),
}


def fault(code: str, limit: str = "") -> str:
    """What is wrong, and the figure it was measured against."""
    return f"{FAULTS[code]}{f' ({limit})' if limit else ''}"
