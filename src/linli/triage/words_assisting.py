"""What becomes of a call of the assistant, in words."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from linli.cases.words import Words

KINDS: Words = {"summary": pgettext_lazy("draft", "Summary"), "answer": pgettext_lazy("draft", "Answer")}
OUTCOMES: Words = {
    "done": pgettext_lazy("assistant", "Done"),
    "timeout": _("The assistant did not answer in time. Go on without it."),
    "busy": _("The assistant is busy. Try again in a while, or go on without it."),
    "failed": _("The assistant cannot be reached. Go on without it."),
    "refused": _(
        "The assistant refuses our requests: its address, model or key is wrong. Tell whoever runs this installation."
    ),
    "garbled": _("The assistant gave nothing that can be shown."),
    "too_long": _("The assistant's answer was far too long."),
    "budget": _("The assistant's allowance of this community for today is used up."),
    "never_sent": _("Cases of self-harm, violence and sensitive matters never leave the house."),
}
