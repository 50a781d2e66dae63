"""Forms that say what is wrong beside their fields."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import ClassVar

from django import forms

from linli.cases import words
from linli.cases.rules.intake import Wrong


class Speaking(forms.Form):
    """A form that puts what the rules found wrong beside its fields."""

    #: Where the rules call a field otherwise than the form: theirs → ours.
    named: ClassVar[Mapping[str, str]] = {}

    def say(self, wrongs: Iterable[Wrong]) -> None:
        """Each wrong thing beside its field, or above the form where it has none."""
        for wrong in wrongs:
            field = self.field_of(wrong)
            self.add_error(field if field in self.fields else None, self.words_of(wrong))

    def field_of(self, wrong: Wrong) -> str:
        """The field that a wrong thing stands beside."""
        return self.named.get(wrong.field, wrong.field)

    def words_of(self, wrong: Wrong) -> str:
        """What is said of it; a room with words of its own says it in those."""
        return words.wrong(wrong.code, field=wrong.field, limit=wrong.limit)
