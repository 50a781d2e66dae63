"""What the program has, the documentation names: settings, commands, facts, reactions, tables, verbs and states."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from django.apps import apps

from linli.cases.rules.intake import Channel
from linli.cases.rules.kinds import Kind
from linli.cases.rules.promises import Stage, StartRule, Unit, Urgency
from linli.cases.rules.workflow import TABLE, State, Verb
from linli.grids.rules.words import GridKind, Level, Role
from linli.kernel import events
from linli.people.rules import Purpose, Scope
from linli.runtime import cli
from linli.runtime.rooms import RoomDoor
from linli.site import timetable

ROOT = Path(__file__).resolve().parents[1]
PACKAGE, DOCS = ROOT / "src" / "linli", ROOT / "docs"
FILES = {"LINLI_KEYRING_FILE", "LINLI_ERASED_FILE"}  # variables of their own, not the file of another
READ = re.compile(r"[\"'](LINLI_[A-Z0-9_]+|DATABASE_URL)[\"']")


def page(name: str) -> str:
    """A page of the documentation."""
    return (DOCS / name).read_text(encoding="utf-8")


def sources() -> Iterator[Path]:
    """The program's own files, without tests."""
    return (path for path in sorted(PACKAGE.rglob("*.py")) if not {"tests", "testing"} & set(path.parts))


def settings_read() -> set[str]:
    """Every environment variable that the program reads."""
    found = set[str]()
    for path in sources():
        text = path.read_text(encoding="utf-8")
        if "environ" in text or "env." in text:
            found |= set(READ.findall(text))
    ours = {name for name in found if name.startswith("LINLI_TEST")} | {"LINLI_APP_ROLE"}
    return {name for name in found if not name.endswith("_FILE") or name in FILES} - ours


def commands(group: click.Command, said: str = "linli") -> Iterator[str]:
    """Every command as one types it."""
    if isinstance(group, RoomDoor):
        module, _, name = group.where.partition(":")
        group = getattr(__import__(module, fromlist=[name]), name)
    if not isinstance(group, click.Group):
        yield said
        return
    for name in group.list_commands(click.Context(group)):
        found = group.get_command(click.Context(group), name)
        if found is not None and not found.hidden:
            yield from commands(found, f"{said} {name}")


def rooms() -> list[str]:
    """The rooms, and every outside system of the integrations."""
    own = sorted(one.name for one in PACKAGE.iterdir() if (one / "__init__.py").exists())
    outside = sorted(
        f"integrations/{one.name}" for one in (PACKAGE / "integrations").iterdir() if one.is_dir()
    )
    return [one for one in own + outside if one != "integrations" and not one.endswith("__pycache__")]


def test_every_setting_is_explained() -> None:
    told = page("settings.md")
    assert sorted(name for name in settings_read() if f"`{name}`" not in told) == []


def test_no_setting_is_explained_that_nobody_reads() -> None:
    told = set(re.findall(r"^\| `(LINLI_[A-Z0-9_]+)`", page("settings.md"), re.MULTILINE))
    assert sorted(name for name in told - settings_read() if not name.startswith("LINLI_TEST")) == []


@pytest.mark.parametrize("command", sorted(commands(cli.group)))
def test_every_command_is_explained(command: str) -> None:
    told = page("commands.md")
    assert command in told or command.removeprefix("linli ") in re.findall(r"[`#] ?linli ([a-z -]+)", told), (
        f"{command} is not in docs/commands.md"
    )


def test_every_fact_and_every_reaction_is_explained() -> None:
    told = page("facts.md")
    missing = [name for name in events.connected() if f"`{name}`" not in told]
    for reactions in events.connected().values():
        missing += [one for one in reactions if f"`{one.removeprefix('linli.')}`" not in told]
    assert missing == []


def test_every_fact_that_is_declared_is_connected_or_told_to_nobody() -> None:
    told = page("facts.md")
    for path in PACKAGE.glob("*/events.py"):
        if path.parent.name == "kernel":
            continue
        for name in re.findall(r"^class (\w+)", path.read_text(encoding="utf-8"), re.MULTILINE):
            assert f"`{path.parent.name}.{name}`" in told, (
                f"{path.parent.name}.{name} is not in docs/facts.md"
            )


def test_every_sweep_is_explained() -> None:
    told = "".join(path.read_text(encoding="utf-8") for path in DOCS.glob("*.md"))
    assert [duty.name for duty in timetable.duties() if f"`{duty.name}`" not in told] == []


@pytest.mark.parametrize("room", rooms())
def test_every_room_says_what_it_is_for(room: str) -> None:
    told = PACKAGE / room / "README.md"
    assert told.exists(), f"src/linli/{room}/README.md is missing"
    assert 300 < len(told.read_text(encoding="utf-8")) < 16_000


@pytest.mark.parametrize(
    "model",
    [model for model in apps.get_models() if model.__module__.startswith("linli.")],
    ids=lambda one: one.__name__,
)
def test_every_table_has_a_word(model: type) -> None:
    _, room, system, *_ = model.__module__.split(".")
    room = f"integrations/{system}" if room == "integrations" else room
    told = page("words.md") + (PACKAGE / room / "README.md").read_text(encoding="utf-8")
    assert re.search(rf"`[^`]*\b{model.__name__}\b", told), (
        f"{model.__name__} is in neither docs/words.md nor {room}/README.md"
    )


@pytest.mark.parametrize(
    "words", [State, Verb, Stage, StartRule, Unit, Urgency, Channel, Kind, Role, Level, GridKind, Scope, Purpose],
    ids=lambda words: words.__name__,
)  # fmt: skip
def test_every_code_has_a_word(words: type) -> None:
    told = page("words.md")
    members = list(words)  # type: ignore[call-overload]  # enums
    assert [one.value for one in members if f"`{one.value}`" not in told] == []


def test_every_move_is_explained_with_its_reasons() -> None:
    told = page("workflow.md") + page("words.md")
    reasons = {reason for step in TABLE for reason in step.reasons}
    assert sorted(reason for reason in reasons if f"`{reason}`" not in told) == []
