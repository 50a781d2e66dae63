"""Learn from the dispatchers' decisions, put a version in use when it is better, and go back with one click."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from datetime import datetime

from django.db import connection, transaction

from linli.cases.actions.settings import keeping
from linli.cases.queries import decided, reference
from linli.cases.queries.reference import CategoryRow
from linli.cases.rules import suggest
from linli.grids import queries as places
from linli.kernel import audit, events, scope, text
from linli.kernel.access import SYSTEM, Actor, NotFound
from linli.kernel.clock import LOCAL
from linli.triage.events import LearningAsked, ModelChanged
from linli.triage.models import LearnedModel
from linli.triage.queries import learned
from linli.triage.rules import learning as rules
from linli.triage.rules import naming, promoting
from linli.triage.rules.learning import Example, Judgement
from linli.triage.rules.lexicon import Profile
from linli.triage.rules.model import Model

MOST_DECISIONS = 30_000  # the newest: what was decided long before says little of today
KEPT_VERSIONS = 12
LOCK = "SELECT pg_advisory_xact_lock(hashtextextended('linli.triage.model', %s))"


class TooLittle(Exception):
    """There are not enough decisions to learn from yet."""

    def __init__(self, decisions: int) -> None:
        self.decisions = decisions
        super().__init__(f"{decisions} decisions; {promoting.LEAST_DECISIONS} are needed")


def ask(*, actor: Actor, community_id: int, at: datetime) -> None:
    """Have a version learned soon, by the worker.

    :raises NotFound, Forbidden: the actor does not keep the community's settings.
    :raises TooLittle: there are not enough decisions.
    """
    keeping.require(actor, community_id)
    there = decided.how_many(community_id)
    if there < promoting.LEAST_DECISIONS:
        raise TooLittle(there)
    with transaction.atomic():
        _record(actor, community_id, "ask_learning", f"community:{community_id}", at)
        events.publish(LearningAsked(community_id=community_id, at=at, account_id=actor.account_id))


def sweep(at: datetime) -> int:
    """Ask for every community where enough was decided since the last version; community by community."""
    return sum(_ask_if_worth(place.id, at) for place in places.communities())


def _ask_if_worth(community_id: int, at: datetime) -> bool:
    with scope.within([community_id]), transaction.atomic():
        last = (
            LearnedModel.objects.filter(community_id=community_id, source="").order_by("-trained_at").first()
        )
        there = decided.how_many(community_id)
        if not promoting.worth_learning(there, last.decisions if last else None):
            return False
        events.publish(LearningAsked(community_id=community_id, at=at, account_id=None))
        return True


def from_decisions(*, community_id: int, at: datetime, account_id: int | None = None) -> LearnedModel | None:
    """Learn from the community's decisions; a version that is better is put in use at once.

    Gives None where there is too little to learn from, or where this was done at this moment already.
    """
    categories = reference.categories(community_id)
    leaves = _leaves(categories)
    rows = [one for one in decided.decided(community_id, most=MOST_DECISIONS) if one.category_code in leaves]
    rows = _often_enough(rows)
    if len(rows) < promoting.LEAST_DECISIONS:
        return None
    examples = [Example(one.words, one.category_code) for one in rows]
    return learn(
        community_id=community_id,
        examples=promoting.split([one.number for one in rows], examples),
        decisions=decided.how_many(community_id),
        at=at,
        account_id=account_id,
    )


def learn(
    *,
    community_id: int,
    examples: promoting.Split,
    decisions: int,
    at: datetime,
    source: str = "",
    account_id: int | None = None,
) -> LearnedModel | None:
    """Learn a version from examples, judge it beside what is in use, and keep it.

    :raises TooLittle: nothing is left to learn from, or to judge on.
    """
    if not examples.learned or not examples.held_out:
        raise TooLittle(len(examples.learned) + len(examples.held_out))
    categories = reference.categories(community_id)
    profiles = _profiles(categories)
    version = f"learned-{at.astimezone(LOCAL):%Y%m%d-%H%M%S}"
    if LearnedModel.objects.filter(community_id=community_id, version=version).exists():
        return None
    model = rules.learn(examples.learned, profiles)
    now = learned.in_use(community_id)
    old = promoting.judged(examples.held_out, _proposing(community_id, now, categories))
    new = promoting.judged(examples.held_out, model.guess_code)
    better = promoting.better(new, old)
    row = LearnedModel(
        community_id=community_id,
        version=version,
        trained_at=at,
        trained_by_id=account_id,
        source=source,
        examples=len(examples.learned),
        held_out=len(examples.held_out),
        decisions=decisions,
        macro_f1=new.macro_f1,
        accuracy=new.accuracy,
        before=now.version if now else learned.BY_WORDS,
        before_macro_f1=old.macro_f1,
        per_class=_per_class(new),
        words=_words(model, examples.learned, categories),
        verdict=LearnedModel.Verdict.BETTER if better else LearnedModel.Verdict.NOT_BETTER,
        artefact=model.to_bytes(),
    )
    _keep(row, better, at)
    return row


def _keep(row: LearnedModel, better: bool, at: datetime) -> None:
    with transaction.atomic():
        _lock(row.community_id)
        if better:
            _retire(row.community_id, at)
            row.promoted_at = at
        row.save()
        _record(SYSTEM, row.community_id, "learn", f"model:{row.version}", at, verdict=row.verdict)
        if better:
            events.publish(ModelChanged(community_id=row.community_id, version=row.version, at=at))
        _forget_old(row.community_id)


def use(*, actor: Actor, community_id: int, version: str, at: datetime) -> str:
    """Put a version in use, or, for ``keywords-1``, none; gives the version that was in use before.

    :raises NotFound, Forbidden: there is no such version here, or the actor does not keep the community's settings.
    """
    keeping.require(actor, community_id)
    with transaction.atomic():
        _lock(community_id)
        now = learned.in_use(community_id)
        before = now.version if now else learned.BY_WORDS
        if version == before:
            return before
        row = LearnedModel.objects.filter(community_id=community_id, version=version).first()
        if row is None and version != learned.BY_WORDS:
            raise NotFound
        _retire(community_id, at)
        if row is not None:
            row.promoted_at, row.promoted_by_id, row.retired_at = at, actor.account_id, None
            row.verdict = LearnedModel.Verdict.BY_HAND
            row.save(update_fields=["promoted_at", "promoted_by", "retired_at", "verdict"])
        _record(actor, community_id, "use_model", f"model:{version}", at, before=before)
        events.publish(ModelChanged(community_id=community_id, version=version, at=at))
    return before


def _leaves(categories: Mapping[str, CategoryRow]) -> dict[str, CategoryRow]:
    parents = {code.rpartition(".")[0] for code in categories}
    return {code: row for code, row in categories.items() if code not in parents}


def _profiles(categories: Mapping[str, CategoryRow]) -> list[Profile]:
    """What the community's own words say of each category that can be proposed."""
    every = naming.tree((row.code, row.name_zh, row.name_en, row.keywords) for row in categories.values())
    leaves = _leaves(categories)
    return [one for one in every if one.code in leaves]


def _often_enough(rows: Sequence[decided.Decided]) -> list[decided.Decided]:
    times: dict[str, int] = {}
    for one in rows:
        times[one.category_code] = times.get(one.category_code, 0) + 1
    return [one for one in rows if times[one.category_code] >= promoting.LEAST_OF_ONE]


def _proposing(
    community_id: int, now: learned.Learned | None, categories: Mapping[str, CategoryRow]
) -> Callable[[str], str]:
    """What is in use, as a function from words to a code; empty for no proposal, which counts as wrong."""
    held = learned.load(community_id, now.id) if now else None
    if held is not None:
        leaves = _leaves(categories)
        return lambda words: next((one.code for one in held[1].guess(words, among=leaves, most=1)), "")
    rows = tuple(categories.values())
    return lambda words: next((one.code for one in suggest.suggest(words, rows)), "")


def _per_class(judged: Judgement) -> dict[str, dict[str, float]]:
    return {code: asdict(one) for code, one in judged.per_class.items()}


def _words(
    model: Model, examples: Sequence[Example], categories: Mapping[str, CategoryRow]
) -> dict[str, list[str]]:
    """The words that decide, none of which is a phone or the like; of a sensitive category none at all."""
    told = [one for one in examples if one.code in categories and not categories[one.code].sensitive]
    found = promoting.deciding_words(model, told)
    return {code: [word for word in words if text.mask_text(word) == word] for code, words in found.items()}


def _retire(community_id: int, at: datetime) -> None:
    LearnedModel.objects.filter(
        community_id=community_id, promoted_at__isnull=False, retired_at__isnull=True
    ).update(retired_at=at)


def _forget_old(community_id: int) -> None:
    """Only the newest versions are kept, and the one in use."""
    rows = LearnedModel.objects.filter(community_id=community_id)
    newest = rows.order_by("-trained_at", "-id").values_list("pk", flat=True)[:KEPT_VERSIONS]
    rows.exclude(pk__in=list(newest)).exclude(promoted_at__isnull=False, retired_at__isnull=True).delete()


def _lock(community_id: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute(LOCK, [community_id])


def _record(actor: Actor, community_id: int, verb: str, thing: str, at: datetime, **detail: str) -> None:
    roles = sorted(actor.roles(community_id) & frozenset(keeping.KEEPERS)) if not actor.system else []
    audit.record(
        community_id=community_id,
        actor=actor,
        role=roles[0] if roles else "",
        verb=f"triage.{verb}",
        object=thing,
        at=at,
        detail=dict(detail),
    )
