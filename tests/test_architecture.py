"""What the linters cannot see of the house (docs/design.md): layers behind strings, sizes of files, banned words."""

from __future__ import annotations

import ast
import dataclasses
import functools
import importlib
import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.apps import apps
from django.db import models

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = ROOT / "src" / "linli"
#: From the top down; rooms on one line do not know each other.
LAYERS = (
    ("runtime",),
    ("site",),
    ("integrations",),
    ("portal", "controlroom"),
    ("triage", "notices", "assessment"),
    ("fieldwork",),
    ("cases", "publishing", "groups", "training"),
    ("grids",),
    ("people",),
    ("kernel", "faces"),
)
HEIGHT = {room: len(LAYERS) - place for place, line in enumerate(LAYERS) for room in line}
MOST_LINES = 400
#: Reference data and the demo's words are tables, not programs.
LONG_ON_PURPOSE = {"site/demo/words.py"}
DOORS = {"pages", "api", "tasks", "cli", "commands", "health", "middleware", "worker"}
#: They name the kinds of organisation, and the rows that people.queries gives.
KINDS_OF_BODIES = {
    "cases/actions/settings/routing.py",
    "cases/pages/desk_frame.py",
    "cases/forms/settings.py",
}
#: Names of fields that would carry a person into a fact.
PERSONAL = re.compile(r"phone|name|words|note|answer|address|contact|code\b|token|lon\b|lat\b|birth|identity")


def python_files(*, tests: bool = False) -> list[Path]:
    found = sorted(PACKAGE.rglob("*.py"))
    return [path for path in found if tests or not {"tests", "testing"} & set(path.parts)]


def short(path: Path) -> str:
    return path.relative_to(PACKAGE).as_posix()


def room_of(path: Path) -> str:
    return path.relative_to(PACKAGE).parts[0]


@functools.cache
def parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"), filename=str(path))


@functools.cache
def names_called(tree: ast.AST) -> list[tuple[str, ast.Call]]:
    """Every call in a file, by the last part of what is called."""
    calls = (node for node in ast.walk(tree) if isinstance(node, ast.Call))
    return [
        (called.attr if isinstance(called := call.func, ast.Attribute) else getattr(called, "id", ""), call)
        for call in calls
    ]


def test_the_layers_are_those_of_the_contract() -> None:
    contract = (ROOT / ".importlinter").read_text(encoding="utf-8")
    held = re.search(r"layers =\n((?: {4}.+\n)+)", contract)
    assert held is not None
    lines = tuple(tuple(room.strip() for room in line.split("|")) for line in held[1].strip().splitlines())
    assert lines == LAYERS
    folders = {path.name for path in PACKAGE.iterdir() if (path / "__init__.py").exists()}
    assert folders == set(HEIGHT)


@pytest.mark.slow
def test_imports_point_down() -> None:
    program = "from importlinter.cli import lint_imports_command; lint_imports_command()"
    checked = subprocess.run(
        [sys.executable, "-c", program, "--config", str(ROOT / ".importlinter"), "--no-cache"],
        cwd=ROOT, capture_output=True, text=True, timeout=240, check=False,
        env={"PYTHONPATH": str(ROOT / "src"), "PATH": ""},
    )  # fmt: skip
    assert checked.returncode == 0, checked.stdout[-3000:] + checked.stderr[-1000:]


def test_foreign_keys_point_down_too() -> None:
    """A key written as a string is an import that no linter sees."""
    wrong = []
    for model in apps.get_models():
        if not model.__module__.startswith("linli."):
            continue
        own = model._meta.app_label
        for one in model._meta.get_fields():
            target = one.related_model if one.is_relation and one.concrete else None
            if not isinstance(target, type) or not target.__module__.startswith("linli."):
                continue
            room, other = model.__module__.split(".")[1], target.__module__.split(".")[1]
            if target._meta.app_label != own and HEIGHT[other] >= HEIGHT[room]:
                wrong.append(f"{own}.{model.__name__}.{one.name} -> {target._meta.app_label}")
    assert wrong == []


def test_only_a_rooms_own_files_use_its_tables() -> None:
    """Other rooms ask queries and actions; the site, which joins them, may look."""
    wrong = []
    for path in python_files():
        if room_of(path) == "site" or short(path) in KINDS_OF_BODIES:
            continue
        for node in ast.walk(parsed(path)):
            found = node.module if isinstance(node, ast.ImportFrom) else ""
            match = re.match(r"linli\.(\w+)\.models", found or "")
            if match and match[1] != room_of(path):
                wrong.append(f"{short(path)}: {found}")
    assert wrong == []


def test_nobody_asks_django_for_a_table_by_its_name() -> None:
    wrong = [
        f"{short(path)}:{call.lineno}"
        for path in python_files()
        for name, call in names_called(parsed(path))
        if name in {"get_model", "get_user_model"} and path.name != "sealed.py"
    ]
    assert wrong == []


def test_no_file_is_longer_than_it_can_be_read() -> None:
    long = {
        short(path): count
        for path in python_files(tests=True)
        if (count := len(path.read_text(encoding="utf-8").splitlines())) > MOST_LINES
        and "migrations" not in path.parts
    }
    assert set(long) <= LONG_ON_PURPOSE, "a file past 400 lines becomes a folder of the same name"


def test_every_folder_of_the_package_is_a_package() -> None:
    folders = {path.parent for path in PACKAGE.rglob("*.py")}
    assert sorted(short(one) for one in folders if not (one / "__init__.py").exists()) == []


def test_there_is_no_drawer_for_odds_and_ends() -> None:
    banned = {"utils", "util", "helpers", "helper", "misc", "common", "tools", "lib"}
    assert [short(path) for path in PACKAGE.rglob("*.py") if {path.stem, path.parent.name} & banned] == []


def fact_types() -> list[type]:
    found = []
    for path in sorted(PACKAGE.glob("*/events.py")):
        if path.parent.name != "kernel":
            module = importlib.import_module(f"linli.{path.parent.name}.events")
            found += [
                one
                for one in vars(module).values()
                if dataclasses.is_dataclass(one) and isinstance(one, type)
            ]
    return found


@pytest.mark.parametrize("fact", fact_types(), ids=lambda fact: fact.__name__)
def test_a_fact_is_frozen_and_carries_ids_codes_and_times_only(fact: type) -> None:
    assert fact.__dataclass_params__.frozen, "facts do not change"  # type: ignore[attr-defined]  # dataclasses
    fields = dataclasses.fields(fact)  # type: ignore[arg-type]  # as above
    assert fields[0].name == "community_id"
    assert "at" in {field.name for field in fields}
    assert [field.name for field in fields if PERSONAL.search(field.name)] == []
    plain = {
        "int",
        "str",
        "bool",
        "datetime",
        "int | None",
        "str | None",
        "datetime | None",
        "date",
        "date | None",
    }
    assert {str(field.type) for field in fields} <= plain
    assert (fact.__doc__ or "").strip()


CLOCKS = {"timezone.now", "datetime.now", "datetime.utcnow", "date.today", "datetime.today", "clock.now"}


def test_the_clock_is_read_at_the_doors_only() -> None:
    wrong = []
    for path in python_files():
        if room_of(path) in {"runtime", "site"} or short(path) == "kernel/clock.py":
            continue
        at_a_door = bool(DOORS & {path.stem.partition("_")[0], *path.relative_to(PACKAGE).parts})
        for name, call in names_called(parsed(path)):
            called = ast.unparse(call.func)
            if called in CLOCKS and not (called == "clock.now" and at_a_door):
                wrong.append(f"{short(path)}:{call.lineno} {name}")
    assert wrong == []


def test_rules_are_plain_python() -> None:
    """No Django, no clock, no reading or writing, in anything called rules."""
    wrong = []
    for path in python_files():
        if "rules" not in {path.stem, path.parent.name}:
            continue
        for node in ast.walk(parsed(path)):
            module = (node.module or "") if isinstance(node, ast.ImportFrom) else ""
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else [module]
            wrong += [
                f"{short(path)}: {name}"
                for name in names
                if re.match(r"django|psycopg|os$|subprocess|linli\.\w+\.(models|actions|queries)", name)
            ]
        wrong += [
            f"{short(path)}: {name}()"
            for name, _ in names_called(parsed(path))
            if name in {"open", "print", "input"}
        ]
    assert wrong == []


UNESCAPED = re.compile(r"\|\s*safe\b|\bsafeseq\b|\bautoescape\s+off\b")


def test_nothing_is_declared_safe_by_hand() -> None:
    """Escaping is the templates' work; what must be markup is made by format_html from escaped parts."""
    wrong = [
        f"{short(path)}:{call.lineno}"
        for path in python_files()
        for name, call in names_called(parsed(path))
        if name in {"mark_safe", "SafeString"} and not isinstance(call.args[0], ast.Constant)
    ]
    for path in PACKAGE.rglob("templates/**/*.html"):
        wrong += [short(path)] if UNESCAPED.search(path.read_text(encoding="utf-8")) else []
    assert wrong == []


def test_nothing_a_request_names_becomes_a_column() -> None:
    """Django's holes of 2025 were dictionary keys from outside, spread into a filter."""
    wrong = []
    for path in python_files():
        for name, call in names_called(parsed(path)):
            spread = [ast.unparse(one.value) for one in call.keywords if one.arg is None]
            if name in {
                "filter",
                "exclude",
                "annotate",
                "alias",
                "order_by",
                "values",
                "update",
                "get",
                "Q",
                "aggregate",
            }:
                wrong += [
                    f"{short(path)}:{call.lineno} **{one}"
                    for one in spread
                    if re.search(r"request|GET|POST|body|data\b", one)
                ]
    assert wrong == []


def test_sql_is_never_made_from_what_people_send() -> None:
    """Statements with a piece put in by Python stand in few files, and the pieces are our own names."""
    allowed = {
        "kernel/walls.py", "kernel/limits.py", "kernel/reseal.py", "kernel/postgres/base.py", "cases/queries/history.py",
    }  # fmt: skip
    wrong = set()
    for path in python_files():
        if room_of(path) == "runtime" or "migrations" in path.parts or short(path) in allowed:
            continue
        for name, call in names_called(parsed(path)):
            made = call.args and isinstance(call.args[0], ast.JoinedStr | ast.BinOp)
            if name in {"execute", "executemany", "raw", "RawSQL", "fetch_prepared"} and made:
                wrong.add(f"{short(path)}:{call.lineno}")
    assert wrong == set()


def test_only_one_file_reads_the_environment() -> None:
    """site/env.py; and the small processes that live without Django's settings."""
    allowed = {"site/env.py", "site/live.py", "site/wsgi.py", "kernel/metrics.py"}
    wrong = []
    for path in python_files():
        if room_of(path) == "runtime" or short(path) in allowed:
            continue
        text = path.read_text(encoding="utf-8")
        if re.search(r"environ(\.get\(|\[)[\"'](?!LC_|LANG)|\bgetenv\b", text):
            wrong.append(short(path))
    assert wrong == []


def test_signals_are_not_for_the_domain() -> None:
    banned = re.compile(r"django\.db\.models\.signals|@receiver|\.connect\(.*sender=")
    wrong = [short(path) for path in python_files() if banned.search(path.read_text(encoding="utf-8"))]
    assert wrong == []


def test_times_end_in_at_and_days_in_date() -> None:
    odd = {
        "since",
        "updated",
        "at",
        "from_date",
        "until_date",
        "supervised_until",
        "appeals_until",
        "until",
        "date",
        "valid_from",
        "valid_to",
    }
    odd |= {"last_login", "level_until_date", "expires_date", "day"}
    wrong = []
    for model in apps.get_models():
        if not model.__module__.startswith("linli."):
            continue
        for one in model._meta.concrete_fields:
            moment = isinstance(one, models.DateTimeField)
            day = isinstance(one, models.DateField) and not moment
            if (moment and not one.name.endswith("_at")) or (day and not one.name.endswith("_date")):
                wrong.append(f"{model.__name__}.{one.name}")
    assert [name for name in wrong if name.partition(".")[2] not in odd] == []


def test_every_domain_table_says_its_community_first() -> None:
    """The wall of today and the sharding key of the day a city needs many machines."""
    whole_house = {
        "Division", "BoundaryVersion", "Place", "Account", "Consent", "SignInCode", "SignInPause", "SecondFactor", "Export",
        "Idempotency", "Bucket", "Heartbeat", "Preference", "MailAddress",
    }  # fmt: skip
    without = {
        model.__name__
        for model in apps.get_models()
        if model.__module__.startswith("linli.")
        and "community_id" not in {field.column for field in model._meta.concrete_fields}
    }
    assert without <= whole_house, without - whole_house


def test_tests_are_named_as_sentences() -> None:
    wrong = []
    for path in [*PACKAGE.rglob("tests/test_*.py"), *(ROOT / "tests").rglob("test_*.py")]:
        for node in ast.walk(parsed(path)):
            if (
                isinstance(node, ast.FunctionDef)
                and node.name.startswith("test_")
                and node.name.count("_") < 3
            ):
                wrong.append(f"{path.name}: {node.name}")
    assert wrong == []


def test_nothing_of_this_machine_or_of_how_it_was_made_is_checked_in() -> None:
    listed = subprocess.run(
        ["git", "ls-files", "*.py", "*.toml", "*.md", "*.yaml", "*.sh", "Makefile", "Dockerfile", "*.conf"],
        cwd=ROOT, capture_output=True, text=True, check=False,
    ).stdout.split()  # fmt: skip
    here = re.escape(str(ROOT))
    strange = re.compile(here + r"\b|/home/(?!linli)\w+/|/root/\.|\bTODO\b|\bFIXME\b|\bXXX\b")
    own = {"tests/test_architecture.py", "tests/test_docs_links.py"}
    wrong = [
        name
        for name in listed
        if name not in own and strange.search((ROOT / name).read_text(encoding="utf-8"))
    ]
    assert wrong == []
