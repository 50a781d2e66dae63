"""The tables of the documentation are what the program says. To renew them: ``python tests/test_docs_tables.py``.

A table stands between ``<!-- table NAME -->`` and ``<!-- end -->`` in a file of ``docs/``.
"""

from __future__ import annotations

import dataclasses
import importlib
import json
import os
import re
import sys
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[1]
DOCS = ROOT / "docs"
BLOCK = re.compile(r"(<!-- table (?P<name>[\w-]+) -->\n)(?P<body>.*?)(<!-- end -->)", re.DOTALL)
ROOMS_WITH_FACTS = (
    "cases",
    "grids",
    "people",
    "publishing",
    "groups",
    "training",
    "fieldwork",
    "assessment",
    "notices",
    "triage",
    "controlroom",
)
WHO = {
    "@reporter": "whoever reported it (also by its receipt)",
    "@responsible": "the person or body it was sent to",
    "@task_body": "the body that was asked to help",
    "@system": "the house itself",
    "@supervisor": "the named supervisor",
}
OTHER = {
    "handler": "reported it handled",
    "returner": "returned it",
    "asker": "asked for it",
    "proposer": "proposed it",
}
#: Names of words, the module and the table in it.
WORDS = {
    "place-levels": ("grids", "LEVELS"),
    "grid-kinds": ("grids", "KINDS"),
    "roles": ("people", "ROLES"),
    "identity-levels": ("people", "LEVELS"),
    "organisations": ("people", "KINDS"),
    "purposes": ("people", "PURPOSES"),
    "scopes": ("people", "SCOPES"),
    "why-read": ("people", "REASONS"),
    "kinds": ("cases", "KINDS"),
    "states": ("cases", "STATES"),
    "verbs": ("cases", "VERBS"),
    "stages": ("cases", "STAGES"),
    "units": ("cases", "UNITS"),
    "start-rules": ("cases", "START_RULES"),
    "urgencies": ("cases", "URGENCIES"),
    "channels": ("cases", "CHANNELS"),
    "reasons": ("cases", "REASONS"),
    "rulings": ("cases", "RULINGS"),
    "requests": ("cases", "REQUESTS"),
    "day-kinds": ("cases", "DAY_KINDS"),
    "ledger": ("cases", "LEDGER"),
    "hindrances": ("cases", "HINDRANCES"),
    "wrongs": ("cases", "WRONGS"),
    "left-out": ("controlroom", "REASONS"),
    "exclusions": ("controlroom", "EXCLUSION_REASONS"),
}


def _rows(head: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    lines = [list(head), ["---"] * len(list(head)), *(list(row) for row in rows)]
    return "".join("| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |\n" for line in lines)


def _in(language: str, words: Mapping[Any, Any]) -> dict[str, str]:
    from django.utils import translation  # noqa: PLC0415  (Django is set up by now)

    with translation.override(language):
        return {str(key): str(value) for key, value in words.items()}


def words_table(room: str, name: str) -> str:
    """One table of a room's words: 中文, code, English."""
    words = getattr(importlib.import_module(f"linli.{room}.words"), name)
    chinese, english = _in("zh-hans", words), _in("en", words)
    return _rows(("中文", "code", "English"), ((chinese[key], f"`{key}`", english[key]) for key in chinese))


def _chinese() -> tuple[dict[str, str], dict[str, str], dict[str, str]]:
    from linli.cases import words  # noqa: PLC0415  (as above)

    return _in("zh-hans", words.STATES), _in("zh-hans", words.VERBS), _in("zh-hans", words.STAGES)


def _roles(who: Iterable[str]) -> str:
    named = sorted(who, key=lambda one: (one.startswith("@"), one))
    return ", ".join(WHO.get(one, f"`{one}`") for one in named)


def workflow_table() -> str:
    """Every verb: from where, to where, who, what it must bring, which clocks it starts and stops."""
    from linli.cases.rules import workflow  # noqa: PLC0415  (as above)

    states, verbs, stages = _chinese()

    wide = {
        frozenset(workflow.OPEN | workflow.ENDED): "every state",
        frozenset(workflow.OPEN): "every open state",
        frozenset(workflow.OPEN - workflow.TO_CHECK): "every open state before `handled`",
    }

    def places(found: Iterable[Any]) -> str:
        wanted = [one for one in workflow.State if one in set(found)]
        return wide.get(frozenset(wanted)) or " ".join(f"`{one.value}`" for one in wanted)

    def goal(step: Any) -> str:
        ways = [f"`{state.value}` ({outcome})" for outcome, state in step.outcomes.items()]
        rest = [f"`{step.to.value}` {states[step.to.value]}"] if step.to else ([] if ways else ["stays"])
        return ", ".join([*rest, *ways])

    def clocks(step: Any) -> str:
        said = []
        for word in ("starts", "stops", "restarts"):
            found = [one for one in stages if one in {stage.value for stage in getattr(step, word)}]
            if found:
                every = len(found) == len(stages)
                said.append(f"{word} {'all' if every else ' '.join(f'`{one}`' for one in found)}")
        return "; ".join(said) or "–"

    rows = []
    for step in workflow.TABLE:
        who = _roles(step.who) + (
            f"; another person than who {OTHER[step.other_than]}" if step.other_than else ""
        )
        needs = ", ".join(f"`{need.value}`" for need in step.needs) or "–"
        verb = step.verb.value
        rows.append(
            (f"{verbs.get(verb, verb)} `{verb}`", places(step.from_), goal(step), who, needs, clocks(step))
        )
    return _rows(("verb", "from", "to", "who", "must bring", "clocks"), rows)


def states_table() -> str:
    """Every state: what may be done there."""
    from linli.cases.rules import workflow  # noqa: PLC0415  (as above)

    states, verbs, _ = _chinese()
    rows = []
    for state in workflow.State:
        moves = [step for step in workflow.TABLE if state in step.from_]
        onward = [
            f"{verbs.get(step.verb.value, '')} `{step.verb.value}`".strip()
            for step in moves
            if step.to or step.outcomes
        ]
        beside = [f"`{step.verb.value}`" for step in moves if not step.to and not step.outcomes]
        rows.append(
            (f"{states[state.value]} `{state.value}`", ", ".join(onward) or "–", " ".join(beside) or "–")
        )
    return _rows(("state", "moves on by", "may be done meanwhile"), rows)


def facts_table() -> str:
    """Every fact: its fields and who reacts."""
    from linli.kernel import events  # noqa: PLC0415  (as above)

    reacting = events.connected()
    rows = []
    for room in ROOMS_WITH_FACTS:
        module = importlib.import_module(f"linli.{room}.events")
        for fact in vars(module).values():
            if not dataclasses.is_dataclass(fact) or not isinstance(fact, type):
                continue
            name = events.name_of(fact)
            fields = " ".join(f"`{field.name}`" for field in dataclasses.fields(fact))
            who = ", ".join(f"`{one.removeprefix('linli.')}`" for one in reacting.get(name, ())) or "–"
            says = re.sub(r"\s+", " ", (fact.__doc__ or "").strip().replace("``", "`"))
            rows.append((f"`{name}`", says, fields, who))
    return _rows(("fact", "says", "fields", "who reacts"), rows)


def sweeps_table() -> str:
    """Everything that happens by itself."""
    from linli.site import timetable  # noqa: PLC0415  (as above)

    return _rows(("sweep", "every"), ((f"`{duty.name}`", _every(duty.every)) for duty in timetable.duties()))


def _every(span: Any) -> str:
    seconds = int(span.total_seconds())
    for size, word in ((3600, "h"), (60, "min")):
        if seconds % size == 0:
            return f"{seconds // size} {word}"
    return f"{seconds} s"


def wishes_table() -> str:
    """What a community decides for itself, beside its own rows."""
    from linli.grids import words  # noqa: PLC0415  (as above)
    from linli.grids.rules import wishes  # noqa: PLC0415  (as above)

    label = {key: _in("zh-hans", {"label": said[0]})["label"] for key, said in words.WISHES.items()}
    plain = {key: _in("en", {"help": said[1]})["help"] for key, said in words.WISHES.items()}
    return _rows(
        ("中文", "key", "default", "may be", "what it does"),
        (
            (label[key], f"`{key}`", _plain(wish.default), _may_be(wish), plain[key])
            for key, wish in wishes.DECLARED.items()
        ),
    )


def _plain(value: Any) -> str:
    return ("yes" if value else "no") if isinstance(value, bool) else f"`{value}`"


def _may_be(wish: Any) -> str:
    if wish.kind == "whole":
        return f"{wish.least} to {wish.most}"
    return {"choice": ", ".join(wish.choices), "flag": "yes or no", "span": "from-to, or empty"}.get(
        wish.kind, "a regular expression"
    )


def operations_table() -> str:
    """Every operation of the API: what it does, for whom, with which scope, and how it may be repeated and cached."""
    from linli.site import openapi  # noqa: PLC0415  (as above)

    rows = []
    for path, methods in openapi.document()["paths"].items():
        for method, told in methods.items():
            says, _, whom = (told.get("description") or "").rpartition("\n\n")
            who = re.sub(r"^For |\.$|\. Scope `[\w:]+`\.$", "", whom if says else "")
            scopes = {scope for each in told.get("security", []) for scope in each.get("bearer", [])}
            names = {one["name"] for one in told.get("parameters", [])}
            marks = [mark for name, mark in MARKS.items() if name in names]
            address = path.removeprefix("/api/v1")
            rows.append(
                (
                    f"`{method.upper()} {address}`",
                    told["summary"],
                    who,
                    " ".join(f"`{scope}`" for scope in sorted(scopes)) or "–",
                    ", ".join(marks) or "–",
                )
            )
    return _rows(("operation", "what", "for", "scope", "knows"), rows)


MARKS = {"Idempotency-Key": "key", "If-None-Match": "ETag", "If-Match": "If-Match", "cursor": "cursor"}
LIMITED = {
    "report": "reports",
    "media_bytes": "bytes of files",
    "look_up": "look-ups with number and code",
    "alike": "looks, while typing, at what neighbours reported",
    "reveal": "reveals of personal data",
    "export": "exports of one's own data",
    "sms_code": "codes by SMS",
}


def limits_table() -> str:
    """How often whom, of the allowances that doors take from."""
    from linli.kernel import limits  # noqa: PLC0415  (as above)

    people = ("anonymous", "level1", "level2", "level3", "staff")
    rows = []
    for what, said in LIMITED.items():
        allowed = limits.ALLOWANCES[what]
        if set(people) <= set(allowed):
            app = _rates(allowed["app"]) if "app" in allowed else ""
            rows.append((said, *(_rates(allowed[who]) for who in people), app))
        else:
            own = "; ".join(f"{who}: {_rates(rates)}" for who, rates in allowed.items())
            rows.append((said, own, "", "", "", "", ""))
    return _rows(
        ("what", "nobody known, by network", "L1", "L2", "L3, L4", "staff", "an app, by its key"), rows
    )


def _rates(rates: Any) -> str:
    if not rates:
        return "free"
    if rates[0].capacity == 0:
        return "–"
    spans = {60: "min", 3600: "h", 86400: "day"}
    return ", ".join(f"{_amount(one.capacity)}/{spans[one.per_seconds]}" for one in rates)


def _amount(number: int) -> str:
    return f"{number // 1_000_000} MB" if number >= 1_000_000 else str(number)


def commands_text() -> str:
    """Every command with its help and options."""
    import click  # noqa: PLC0415  (as above)

    from linli.runtime import cli  # noqa: PLC0415  (as above)
    from linli.runtime.rooms import RoomDoor  # noqa: PLC0415  (as above)

    context = click.Context(cli.group)
    said = []
    for name in cli.group.list_commands(context):
        command = cli.group.get_command(context, name)
        if isinstance(command, RoomDoor):
            module, _, attribute = command.where.partition(":")
            command = getattr(importlib.import_module(module), attribute)
        said += _command(f"linli {name}", command)
    return "\n".join(part for part in said if part)


def _command(name: str, command: Any) -> list[str]:
    if hasattr(command, "commands"):
        parts = [_command(f"{name} {word}", each) for word, each in sorted(command.commands.items())]
        return [line for part in parts for line in part]
    words = [parameter for parameter in command.params if parameter.param_type_name == "argument"]
    given = "".join(f" {word.make_metavar(_context(command))}" for word in words)
    return [f"### `{name}{given}`\n", *_paragraphs(command.help or ""), _options(command)]


def _context(command: Any) -> Any:
    import click  # noqa: PLC0415  (as above)

    return click.Context(command)


def _paragraphs(text: str) -> list[str]:
    found = []
    for paragraph in text.strip().split("\n\n"):
        lines = [line for line in paragraph.strip("\n").splitlines() if line != "\b"]
        if "\b" in paragraph:
            found.append("```text\n" + "\n".join(lines) + "\n```\n")
        else:
            found.append("\n".join(line.strip() for line in lines) + "\n")
    return found


def _options(command: Any) -> str:
    rows = []
    for option in command.params:
        if option.param_type_name != "option":
            continue
        metavar = "" if option.is_flag else f" {option.make_metavar(_context(command))}"
        default = _default(option)
        rows.append((f"`{', '.join(option.opts)}{metavar}`", default, option.help or ""))
    return _rows(("option", "otherwise", "what"), rows) if rows else ""


def _default(option: Any) -> str:
    if option.required:
        return "required"
    if option.is_flag or option.multiple or option.default in (None, "") or callable(option.default):
        return "–"
    plain = str(option.default)
    return "–" if "UNSET" in plain.upper() else f"`{plain}`"


def indicators_table() -> str:
    """Every indicator: what it is for, its formula, what keeps it honest."""
    from linli.assessment.indicators import INDICATORS  # noqa: PLC0415  (as above)

    rows = (
        (
            f"{one.name.zh} {one.name.en} `{one.code}`",
            f"{one.says.zh} {one.says.en}",
            f"{one.formula.zh} {one.formula.en}",
            f"`{one.unit.value}`{'' if one.direction.value == 'more' else ', less is better'}",
            f"`{one.kind.value}`",
            f"`{one.source}`",
            f"`{one.pair}`",
            str(one.minimum),
        )
        for one in sorted(INDICATORS.values(), key=lambda one: (one.source, one.code))
    )
    return _rows(
        ("indicator", "what it is for", "formula", "unit", "kind", "rows of", "kept honest by", "least rows"),
        rows,
    )


def forbidden_table() -> str:
    """What a scheme may name so that the checker can say no."""
    from linli.assessment.rules.indicator import FORBIDDEN  # noqa: PLC0415  (as above)

    return _rows(("code", "kind"), ((f"`{code}`", f"`{kind.value}`") for code, kind in FORBIDDEN.items()))


def figures_table() -> str:
    """Every figure: code, words, unit, what it looks at and counts."""
    from linli.controlroom import words  # noqa: PLC0415  (as above)
    from linli.controlroom.rules.catalog import CATALOG  # noqa: PLC0415  (as above)

    chinese, english = _in("zh-hans", words.FIGURES), _in("en", words.FIGURES)
    formulas, units = _in("en", words.FORMULAS), _in("en", words.UNITS)
    rows = []
    for code, spec in CATALOG.items():
        verbs = " ".join(f"`{verb.value}`" for verb in spec.verbs)
        looks = f"`{spec.of.value}`" + (f" {verbs}" if verbs else "")
        rows.append((f"`{code}`", chinese[code], english[code], units[spec.unit], looks, formulas[code]))
    return _rows(("code", "中文", "English", "unit", "looks at", "formula"), rows)


def definitions_table() -> str:
    """How each rate is counted as long as a community decides nothing."""
    from django.utils import translation  # noqa: PLC0415  (as above)

    from linli.controlroom import saying  # noqa: PLC0415  (as above)
    from linli.controlroom.rules.definitions import SHIPPED  # noqa: PLC0415  (as above)

    with translation.override("en"):
        told = {
            code: [f"{line.label}: {line.said}" for line in saying.definition(one)]
            for code, one in SHIPPED.items()
        }
    return _rows(("rate", "as shipped"), ((f"`{code}`", "; ".join(lines)) for code, lines in told.items()))


def events_text() -> str:
    """Every event others may hear, with the schema of its data."""
    catalog = importlib.import_module("linli.integrations.webhooks.catalog")
    parts = []
    for name in catalog.names():
        told = {
            key: value
            for key, value in catalog.schema(name).items()
            if key not in {"$schema", "$id", "title"}
        }
        said = told.pop("description")
        lines = [
            f"  {json.dumps(field)}: {json.dumps(held)}" for field, held in told.pop("properties").items()
        ]
        rest = "".join(f", {json.dumps(key)}: {json.dumps(value)}" for key, value in told.items())
        schema = '{"properties": {\n' + ",\n".join(lines) + "}" + rest + "}"
        parts.append(f"### `{name}`\n\n{said}\n\n```json\n{schema}\n```\n")
    return "\n" + "\n".join(parts)


def tables() -> dict[str, Callable[[], str]]:
    """Every table by name."""
    found: dict[str, Callable[[], str]] = {
        "workflow": workflow_table,
        "states-and-moves": states_table,
        "facts": facts_table,
        "events": events_text,
        "sweeps": sweeps_table,
        "wishes": wishes_table,
        "commands": commands_text,
        "operations": operations_table,
        "limits": limits_table,
        "figures": figures_table,
        "indicators": indicators_table,
        "forbidden-indicators": forbidden_table,
        "definitions": definitions_table,
    }
    for name, (room, attribute) in WORDS.items():
        found[name] = lambda room=room, attribute=attribute: words_table(room, attribute)  # type: ignore[misc]
    return found


def renewed(text: str) -> str:
    """A file's text with its tables as the program says them now."""
    known = tables()
    return BLOCK.sub(lambda block: f"{block[1]}{known[block['name']]()}{block[4]}", text)


def pages() -> list[Path]:
    """Files with tables."""
    return [path for path in sorted(DOCS.glob("*.md")) if "<!-- table " in path.read_text(encoding="utf-8")]


@pytest.mark.parametrize("path", pages(), ids=lambda path: path.name)
def test_the_tables_are_what_the_program_says(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert renewed(text) == text, f"Renew {path.name}: python tests/test_docs_tables.py"


def test_every_table_stands_somewhere() -> None:
    standing = {
        block["name"] for path in pages() for block in BLOCK.finditer(path.read_text(encoding="utf-8"))
    }
    assert standing == set(tables())


def main() -> None:
    """Write every table anew."""
    os.environ.setdefault("LINLI_TESTING", "1")
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "linli.site.settings")
    importlib.import_module("django").setup()
    for path in pages():
        text = path.read_text(encoding="utf-8")
        new = renewed(text)
        if new != text:
            path.write_text(new, encoding="utf-8")
            sys.stdout.write(f"{path.relative_to(ROOT)}\n")


if __name__ == "__main__":
    main()
