"""What the shipped kinds of help are called for residents who read neither Chinese nor English."""

from __future__ import annotations

from django.utils.translation import pgettext_lazy

#: By the codes of `rules.services.SHIPPED`, which has the Chinese and English names.
SHIPPED = {
    "e_commerce": pgettext_lazy("kind of help", "Help with selling online"),
    "paperwork": pgettext_lazy("kind of help", "Papers and errands for somebody"),
    "phone_help": pgettext_lazy("kind of help", "Help with a phone and online services"),
    "escort": pgettext_lazy("kind of help", "Going along to hospital or an office"),
    "home_help": pgettext_lazy("kind of help", "A hand at home"),
}
