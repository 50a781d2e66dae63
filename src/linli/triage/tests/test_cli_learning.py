"""``linli triage evaluate`` and ``train``, on tables made here."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

from click.testing import CliRunner, Result

from linli.cases.tests.cast import Cast
from linli.triage.cli import triage
from linli.triage.queries import learned
from linli.triage.tests.test_learning import examples
from linli.triage.tests.test_rules_learning import SAID, taught


def table(path: Path, rows: list[dict[str, str]]) -> str:
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    return str(path)


def run(*words: str) -> Result:
    return CliRunner().invoke(triage, list(words))


def asked(tmp_path: Path, *more: str, train: str = "", test: str = "", **options: Any) -> Result:
    rows = [{"标题": one.words[:6], "内容": one.words[6:], "类": one.code} for one in taught()]
    first = train or table(tmp_path / "train.csv", rows)
    other = test or table(
        tmp_path / "test.csv",
        [{"标题": "路灯", "内容": "不亮了", "类": "lamp"}, {"标题": "", "内容": "狗没拴绳", "类": "dog"}],
    )
    return run(
        "evaluate",
        "--train",
        first,
        "--test",
        other,
        "--text",
        "标题",
        "--text",
        "内容",
        "--label",
        "类",
        *more,
    )


def test_it_learns_from_one_table_and_judges_on_another(tmp_path: Path) -> None:
    found = json.loads(asked(tmp_path, "--json").output)
    assert set(found) == {"macro_f1", "accuracy", "n", "per_class"}
    assert (found["macro_f1"], found["accuracy"], found["n"]) == (1.0, 1.0, 2)
    assert set(found["per_class"]) == {"lamp", "dog"}


def test_without_history_only_the_names_of_the_categories_are_used(tmp_path: Path) -> None:
    names = table(
        tmp_path / "names.csv", [{"标题": "与类别无关的话", "内容": "", "类": name} for name in SAID]
    )
    said = table(
        tmp_path / "said.csv", [{"标题": words, "内容": "", "类": name} for name, words in SAID.items()]
    )
    found = json.loads(asked(tmp_path, "--json", "--no-history", train=names, test=said).output)
    assert found["macro_f1"] == 1.0
    assert found["n"] == len(SAID)


def test_parts_of_one_table_are_judged_on_the_others_with_near_copies_together(tmp_path: Path) -> None:
    rows = [
        {"标题": f"{words}，{street}路{number}号", "内容": "", "类": name}
        for name, words in SAID.items()
        for number, street in enumerate(("人民", "中山", "解放", "和平", "建设", "新华"), start=1)
    ]
    file = table(tmp_path / "all.csv", [*rows, *rows])
    columns = ("--text", "标题", "--text", "内容", "--label", "类")
    found = json.loads(run("evaluate", "--train", file, "--folds", "3", *columns, "--json").output)
    assert found["n"] == 2 * len(rows)
    assert len(found["folds"]) == 3
    assert all(one["n"] % 2 == 0 for one in found["folds"])  # a row and its copy lie in the same part
    assert "mean macro-F1" in run("evaluate", "--train", file, "--folds", "3", *columns).output
    for wrong in (("--folds", "3", "--test", file), (), ("--folds", "20")):
        small = table(tmp_path / "small.csv", rows[:3]) if wrong == ("--folds", "20") else file
        assert run("evaluate", "--train", small, *wrong, *columns).exit_code == 2


def test_a_category_of_the_test_that_was_never_trained_counts_as_missed(tmp_path: Path) -> None:
    other = table(
        tmp_path / "other.csv",
        [{"标题": "路灯不亮", "内容": "", "类": "lamp"}, {"标题": "猫", "内容": "", "类": "cat"}],
    )
    found = json.loads(asked(tmp_path, "--json", test=other).output)
    assert found["per_class"]["cat"]["f1"] == 0.0
    assert found["accuracy"] == 0.5


def test_it_says_the_same_in_words(tmp_path: Path) -> None:
    assert "macro-F1 1.0000" in asked(tmp_path).output


def test_a_table_without_the_columns_is_refused_with_what_it_has(tmp_path: Path) -> None:
    other = table(tmp_path / "other.csv", [{"a": "1", "b": "2"}])
    found = asked(tmp_path, test=other)
    assert found.exit_code == 2
    assert "Columns: a, b" in found.output


def test_an_empty_table_is_refused(tmp_path: Path) -> None:
    other = table(tmp_path / "other.csv", [{"标题": "", "内容": "", "类": ""}])
    assert asked(tmp_path, test=other).exit_code == 2


def test_a_community_learns_from_a_table_by_its_own_names(cast: Cast, tmp_path: Path) -> None:
    _keys, said = examples()
    names = {"facilities.lighting": "照明", "environment.garbage": "environment.garbage"}
    rows = [{"t": one.words, "l": names[one.code]} for one in said] + [{"t": "不相干", "l": "外星"}]
    file = table(tmp_path / "history.csv", rows)
    found = run("train", file, "--text", "t", "--label", "l", "--community", cast.here.code, "--json")
    told = json.loads(found.output)
    assert told["in_use"] is True
    assert told["left_out"] == 1
    assert told["before"] == learned.BY_WORDS
    with cast.inside():
        (row,) = learned.versions(cast.here.id)
    assert (row.version, row.source) == (told["version"], "history.csv")


def test_a_table_of_other_categories_is_refused_and_they_are_named(cast: Cast, tmp_path: Path) -> None:
    file = table(tmp_path / "history.csv", [{"t": "不相干", "l": "外星"}])
    found = run("train", file, "--text", "t", "--label", "l", "--community", cast.here.code)
    assert found.exit_code == 2
    assert "外星" in found.output


def test_it_asks_which_community(cast: Cast, tmp_path: Path) -> None:
    file = table(tmp_path / "history.csv", [{"t": "路灯", "l": "照明"}])
    found = run("train", file, "--text", "t", "--label", "l")
    assert found.exit_code == 2
    assert cast.here.code in found.output
