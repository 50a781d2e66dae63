"""What is known of categories before anything was learned: the words in ``data/``, and how unknown names are understood."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path

from linli.cases.rules import reference
from linli.triage.rules import naming
from linli.triage.rules.lexicon import NAME, PLAIN, STRONG, WEAK, Profile, weigh

DATA = Path(__file__).resolve().parent / "data"


@lru_cache(maxsize=1)
def national() -> tuple[Profile, ...]:
    """The fifteen top categories of messages to the government, with the words we wrote down for them."""
    with (DATA / "national.csv").open(encoding="utf-8", newline="") as file:
        return tuple(
            Profile(
                row["code"],
                (row["name_zh"], row["name_en"]),
                weigh(
                    ((row["name_zh"], row["name_en"]), NAME),
                    (row["strong"].split("|"), STRONG),
                    (row["words"].split("|"), PLAIN),
                    (row["weak"].split("|"), WEAK),
                    (row["english"].split("|"), PLAIN),
                ),
            )
            for row in csv.DictReader(file)
        )


@lru_cache(maxsize=1)
def shipped() -> tuple[Profile, ...]:
    """The categories a new community starts from, each with the words of all below it."""
    rows = reference.read_categories(reference.shipped("categories"))
    return naming.tree((row.code, row.name_zh, row.name_en, row.keywords) for row in rows)


def profiles(names: Iterable[str]) -> tuple[Profile, ...]:
    """What is known of categories that are only names: the code of each profile is the name itself."""
    return tuple(naming.understood(name, national(), shipped()) for name in names)
