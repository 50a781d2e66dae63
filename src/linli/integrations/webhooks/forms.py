"""An endpoint and its secret, as forms."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from linli.cases.forms.speaking import Speaking
from linli.cases.rules.intake import Wrong
from linli.integrations.webhooks import catalog, words
from linli.integrations.webhooks.actions import keeping
from linli.integrations.webhooks.models import Endpoint


class EndpointForm(Speaking):
    """Where to, and what it hears."""

    name = forms.CharField(
        label=pgettext_lazy("webhooks", "Name"),
        help_text=_("Whose system it is, so that others know."),
        max_length=keeping.LONGEST_NAME,
    )
    url = forms.CharField(
        label=pgettext_lazy("webhooks", "Address"),
        help_text=_("https://, on the public internet. It is kept sealed; lists show only the host."),
        max_length=keeping.LONGEST_URL,
        widget=forms.URLInput(attrs={"autocomplete": "off", "placeholder": "https://"}),
    )
    everything = forms.BooleanField(
        label=pgettext_lazy("webhooks", "Everything"),
        help_text=_("Also events that are added later."),
        required=False,
    )

    def __init__(self, *args: Any, endpoint: Endpoint | None = None, **kwargs: Any) -> None:
        if endpoint is not None:
            everything = catalog.EVERYTHING in endpoint.facts
            kwargs["initial"] = {"name": endpoint.name, "everything": everything}
        super().__init__(*args, **kwargs)
        self.held = list(endpoint.facts) if endpoint is not None else []
        if endpoint is not None:
            self.fields["url"].required = False
            self.fields["url"].help_text = _("Leave it empty and it stays as it is: %(host)s") % {
                "host": endpoint.host
            }

    def groups(self) -> list[dict[str, Any]]:
        """The events to choose from, by room."""
        chosen = set(self._chosen()) if self.is_bound else set(self.held)
        found: dict[str, list[dict[str, Any]]] = {}
        for name in catalog.SENT:
            said = {"name": name, "words": words.label(words.FACTS, name), "chosen": name in chosen}
            found.setdefault(name.partition(".")[0], []).append(said)
        return [
            {
                "room": words.label(words.ROOMS, room),
                "facts": facts,
                "open": any(one["chosen"] for one in facts),
            }
            for room, facts in found.items()
        ]

    def wanted(self) -> keeping.Wanted:
        """What is filled in, as the action takes it."""
        facts = (catalog.EVERYTHING,) if self.cleaned_data["everything"] else self._chosen()
        return keeping.Wanted(self.cleaned_data["name"], self.cleaned_data["url"], tuple(facts))

    def _chosen(self) -> tuple[str, ...]:
        return tuple(self.data.getlist("facts")) if isinstance(self.data, QueryDict) else ()

    def words_of(self, wrong: Wrong) -> str:
        """What is said of it, in this room's words."""
        return words.wrong(wrong.code, field=wrong.field, limit=wrong.limit)
