"""The adapter that fills the port ``Classifier``: what was learned here, and the community's own words beside it."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import replace

from linli.cases.queries.reference import CategoryRow
from linli.cases.rules import suggest
from linli.cases.rules.suggest import THRESHOLD, Suggestion
from linli.triage.queries import learned
from linli.triage.rules.model import Model

LOOK_AGAIN_SECONDS = 15.0  # after that a process asks whether another version is in use
MOST = 3
HEARD = 0.6  # what the words alone say of a category the model has never seen


class DeskClassifier:
    """Proposes categories by the model in use; by the community's names and keywords while there is none."""

    version = learned.BY_WORDS

    def __init__(self) -> None:
        self._held: dict[int, tuple[float, int | None, str, Model | None]] = {}

    def suggest(
        self, words: str, categories: Mapping[str, CategoryRow], community_id: int = 0
    ) -> tuple[Suggestion, ...]:
        """Up to three leaf categories in force, surest first, none below the threshold; each says its version."""
        version, model = self._model(community_id)
        heard = suggest.suggest(words, categories.values())
        if model is None:
            return tuple(replace(one, version=learned.BY_WORDS) for one in heard)
        parents = {code.rpartition(".")[0] for code in categories}
        leaves = [code for code in categories if code not in parents]
        found = [
            Suggestion(one.code, one.certainty, one.words, version)
            for one in model.guess(words, among=leaves, most=MOST)
        ]
        unknown = frozenset(leaves) - frozenset(model.codes)
        found += [
            Suggestion(one.code, one.certainty * HEARD, one.words, learned.BY_WORDS)
            for one in heard
            if one.code in unknown
        ]
        sure = [one for one in found if one.certainty >= THRESHOLD]
        return tuple(sorted(sure, key=lambda one: -one.certainty)[:MOST])

    def forget(self) -> None:
        """Look at once which version is in use."""
        self._held.clear()

    def _model(self, community_id: int) -> tuple[str, Model | None]:
        if not community_id:
            return learned.BY_WORDS, None
        now = time.monotonic()
        held = self._held.get(community_id)
        if held is not None and held[0] > now:
            return held[2], held[3]
        wanted = learned.id_in_use(community_id)
        if held is None or held[1] != wanted:
            read = learned.load(community_id, wanted) if wanted else None
            version, model = read or (learned.BY_WORDS, None)
        else:
            version, model = held[2], held[3]
        self._held[community_id] = (now + LOOK_AGAIN_SECONDS, wanted, version, model)
        return version, model
