"""``linli triage evaluate`` and ``train``: learn categories from a table, and judge what was learned on another."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click

from linli.cases import tables
from linli.cases.queries import reference
from linli.grids import queries as places
from linli.kernel import clock, scope
from linli.kernel.access import NotFound
from linli.triage import knowledge
from linli.triage.actions import learning as doing
from linli.triage.models import LearnedModel
from linli.triage.rules import learning, promoting
from linli.triage.rules.learning import Example, Judgement

TABLE = click.Path(exists=True, dir_okay=False, path_type=Path)
TEXT = click.option(
    "--text", "texts", multiple=True, required=True, metavar="COL",
    help="column of the message; repeat it to join several, the subject first",
)  # fmt: skip
LABEL = click.option(
    "--label", "labels", multiple=True, required=True, metavar="COL",
    help="column of the category; repeat it where two tables call it differently",
)  # fmt: skip
AS_JSON = click.option("--json", "as_json", is_flag=True, help="print as JSON")


def examples(file: Path, texts: Sequence[str], labels: Sequence[str]) -> list[Example]:
    """The messages of a table with their categories; rows that lack one of both are left out.

    :raises click.UsageError: the table cannot be read, or has none of these columns.
    """
    try:
        there, rows = tables.columns_and_rows(file)
        words = [column for column in texts if column in there]
        label = next((column for column in labels if column in there), "")
        if not words or not label:
            missing = ", ".join(texts if not words else labels)
            raise click.UsageError(f"{file}: no column {missing}. Columns: {', '.join(there)}.")
        found = [(_joined(row, words), str(row.get(label) or "").strip()) for _line, row in rows]
    except tables.BadTable as error:
        raise click.UsageError(str(error)) from error
    return [Example(said, code) for said, code in found if said and code]


def _joined(row: Mapping[str, Any], columns: Sequence[str]) -> str:
    said = [str(row.get(column) or "").strip() for column in columns]
    return "\n".join(one for one in said if one)


@click.command("evaluate")
@click.option("--train", "train_file", type=TABLE, required=True, help="table to learn from (CSV or XLSX)")
@click.option("--test", "test_file", type=TABLE, help="table to judge on; nothing is learned from it")
@click.option(
    "--folds",
    type=click.IntRange(2, 20),
    help="without --test: judge each of so many parts of --train on what is learned from the others",
)
@TEXT
@LABEL
@click.option(
    "--no-history", is_flag=True, help="learn nothing: of --train only the names of its categories are used"
)
@AS_JSON
def evaluate(
    train_file: Path,
    test_file: Path | None,
    folds: int | None,
    texts: tuple[str, ...],
    labels: tuple[str, ...],
    no_history: bool,
    as_json: bool,
) -> None:
    """Learn categories from one table and judge the proposals on another, or on parts of the same (--folds).

    Near copies of one message are kept in one part. Prints macro-F1 (the mean over categories), accuracy, the number of
    messages, and each category by itself. Exit code 2 when a file cannot be used.
    """
    if (test_file is None) == (folds is None):
        raise click.UsageError("Give either --test or --folds.")
    known = examples(train_file, texts, labels)
    if test_file is None:
        _tell_folds(known, folds or 0, as_json, no_history=no_history)
        return
    asked = examples(test_file, texts, labels)
    if not known or not asked:
        raise click.UsageError(
            f"{test_file if known else train_file}: no row has both a message and a category."
        )
    _tell(_judged(known, asked, no_history=no_history), as_json)


def _judged(known: Sequence[Example], asked: Sequence[Example], *, no_history: bool) -> Judgement:
    profiles = knowledge.profiles(sorted({one.code for one in known}))
    if no_history:
        propose = learning.by_lexicon(profiles)
    else:
        propose = learning.learn(known, profiles, sharpness=1.0).guess_code
    return learning.judge([one.code for one in asked], [propose(one.words) for one in asked])


def _tell_folds(known: Sequence[Example], count: int, as_json: bool, *, no_history: bool) -> None:
    """Each part judged by itself, and the mean of their macro-F1."""
    if len(known) < count:
        raise click.UsageError(f"{len(known)} messages are too few for {count} parts.")
    parts = learning.folds([one.words for one in known], count)
    judged = [
        _judged(
            [one for one, part in zip(known, parts, strict=True) if part != turn],
            [one for one, part in zip(known, parts, strict=True) if part == turn],
            no_history=no_history,
        )
        for turn in range(count)
    ]
    mean = {
        "macro_f1": sum(one.macro_f1 for one in judged) / count,
        "accuracy": sum(one.accuracy for one in judged) / count,
        "n": sum(one.n for one in judged),
    }
    if as_json:
        click.echo(json.dumps({**mean, "folds": [asdict(one) for one in judged]}, ensure_ascii=False))
        return
    for one in judged:
        click.echo(f"  macro-F1 {one.macro_f1:.4f}  accuracy {one.accuracy:.4f}  messages {one.n}")
    click.echo(f"mean macro-F1 {mean['macro_f1']:.4f}  accuracy {mean['accuracy']:.4f}  messages {mean['n']}")


def _tell(judged: Judgement, as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps(asdict(judged), ensure_ascii=False))
        return
    click.echo(f"macro-F1 {judged.macro_f1:.4f}  accuracy {judged.accuracy:.4f}  messages {judged.n}")
    for code, one in judged.per_class.items():
        click.echo(
            f"  {one.f1:.3f}  precision {one.precision:.3f}  recall {one.recall:.3f}  n {one.n:>5}  {code}"
        )


@click.command("train")
@click.argument("file", type=TABLE)
@TEXT
@LABEL
@click.option("--community", default="", help="12-digit code of the community (needed if there are several)")
@AS_JSON
def train(file: Path, texts: tuple[str, ...], labels: tuple[str, ...], community: str, as_json: bool) -> None:
    """Let a community learn from a table of messages with their categories, as its dispatchers' decisions would.

    The categories in the table are the community's own, by code or by name; rows of others are left out and counted. One
    group of messages in five is held out; the version is used only when it is better on them than what is in use. Exit
    code 2 when the file cannot be used.
    """
    community_id = _community(community)
    given = examples(file, texts, labels)
    with scope.within([community_id]):
        usable, others = _of_community(given, community_id)
        split = promoting.split([f"{file.name}:{number}" for number in range(len(usable))], usable)
        try:
            made = doing.learn(
                community_id=community_id,
                examples=split,
                decisions=len(usable),
                at=clock.now(),
                source=file.name[:80],
            )
        except doing.TooLittle:
            named = ", ".join(name for name, _times in others.most_common(8))
            raise click.UsageError(
                f"{file}: {len(usable)} messages of this community's categories are too few."
                + (f" Not its categories: {named}." if named else "")
            ) from None
    if made is None:
        raise click.ClickException("A version was made in this very second; try again.")
    _told(made, sum(others.values()), as_json)


def _community(code: str) -> int:
    every = places.communities()
    found = [one for one in every if one.code == code] if code else every
    if len(found) == 1:
        return found[0].id
    try:
        return reference.community_id(code)
    except NotFound:
        known = ", ".join(f"{one.code} {one.name_zh}" for one in every) or "none yet"
        said = f"There is no community {code}." if code else "Say which community: --community CODE."
        raise click.UsageError(f"{said} Known: {known}.") from None


def _of_community(given: Sequence[Example], community_id: int) -> tuple[list[Example], Counter[str]]:
    """The examples with the community's own codes, and how often other labels occurred."""
    codes: dict[str, str] = {}
    for row in reference.categories(community_id).values():
        for name in (row.name_en, row.name_zh, row.code):
            codes[name.casefold()] = row.code
    usable = [Example(one.words, codes[one.code.casefold()]) for one in given if one.code.casefold() in codes]
    return usable, Counter(one.code for one in given if one.code.casefold() not in codes)


def _told(made: LearnedModel, left_out: int, as_json: bool) -> None:
    plain = {
        "version": made.version,
        "in_use": made.in_use,
        "macro_f1": made.macro_f1,
        "accuracy": made.accuracy,
        "examples": made.examples,
        "held_out": made.held_out,
        "left_out": left_out,
        "before": made.before,
        "before_macro_f1": made.before_macro_f1,
    }
    if as_json:
        click.echo(json.dumps(plain))
        return
    click.echo(f"{made.version}: learned from {made.examples} messages, judged on {made.held_out} others.")
    click.echo(f"macro-F1 {made.macro_f1:.4f}; {made.before} on the same: {made.before_macro_f1:.4f}.")
    click.echo("It is in use now." if made.in_use else "It is not better, so it is kept aside.")
    if left_out:
        click.echo(f"{left_out} messages have other categories and were left out.")
