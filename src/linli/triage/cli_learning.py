"""``linli triage evaluate`` and ``train``: learn categories from a table, and judge what was learned on another."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click

from linli.cases import tables
from linli.triage import knowledge
from linli.triage.rules import learning
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
@click.option(
    "--test", "test_file", type=TABLE, required=True, help="table to judge on; nothing is learned from it"
)
@TEXT
@LABEL
@click.option(
    "--no-history", is_flag=True, help="learn nothing: of --train only the names of its categories are used"
)
@AS_JSON
def evaluate(
    train_file: Path,
    test_file: Path,
    texts: tuple[str, ...],
    labels: tuple[str, ...],
    no_history: bool,
    as_json: bool,
) -> None:
    """Learn categories from one table and judge the proposals on another.

    Prints macro-F1 (the mean over categories), accuracy, the number of messages, and each category by itself. Exit code 2
    when a file cannot be used.
    """
    known = examples(train_file, texts, labels)
    asked = examples(test_file, texts, labels)
    if not known or not asked:
        raise click.UsageError(
            f"{test_file if known else train_file}: no row has both a message and a category."
        )
    profiles = knowledge.profiles(sorted({one.code for one in known}))
    if no_history:
        propose = learning.by_lexicon(profiles)
        found = [propose(one.words) for one in asked]
    else:
        model = learning.learn(known, profiles, sharpness=1.0)
        found = [model.guess_code(one.words) for one in asked]
    _tell(learning.judge([one.code for one in asked], found), as_json)


def _tell(judged: Judgement, as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps(asdict(judged), ensure_ascii=False))
        return
    click.echo(f"macro-F1 {judged.macro_f1:.4f}  accuracy {judged.accuracy:.4f}  messages {judged.n}")
    for code, one in judged.per_class.items():
        click.echo(
            f"  {one.f1:.3f}  precision {one.precision:.3f}  recall {one.recall:.3f}  n {one.n:>5}  {code}"
        )
