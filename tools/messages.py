"""Translations without the gettext binaries.

    python tools/messages.py                    extract and compile all
    python tools/messages.py extract [ROOM …]   add what no room translates yet to the room's zh_Hans po
    python tools/messages.py compile [ROOM …]   django.po -> django.mo
    python tools/messages.py check [ROOM …]     fail when a msgid has no Chinese, two rooms disagree,
                                                a placeholder is unknown or a .mo is stale

A msgid may be translated in any room: Django merges the catalogues. It is itself the English.
"""

from __future__ import annotations

import argparse
import io
import re
import sys
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_python
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.template.base import Lexer, Token, TokenType
from django.utils.text import smart_split
from django.utils.translation import trim_whitespace

ROOT = Path(__file__).resolve().parents[1]
SOURCE = ROOT / "src" / "linli"
PO = Path("locale/zh_Hans/LC_MESSAGES/django.po")
HEADER = "# Linli: Chinese (Simplified). Tended with tools/messages.py."
EPOCH = datetime(2026, 1, 1, tzinfo=UTC)  # one date for ever: version control knows the real ones
# What extract_python does with each name: None takes the first argument, "c" marks the context.
PYTHON_CALLS = (
    "_",
    "gettext",
    "gettext_lazy",
    "gettext_noop",
    "ngettext",
    "ngettext_lazy",
    "pgettext",
    "pgettext_lazy",
    "npgettext",
    "npgettext_lazy",
)
Known = dict[tuple[str | None, str], dict[str, str]]  # (context, text) -> room -> Chinese
Fault = tuple[str, str]  # room, what is wrong
PLACEHOLDER = re.compile(r"%\((\w+)\)[sd]")
IN_TEMPLATE = re.compile(r"""_\(("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')\)""")


@dataclass(frozen=True, slots=True)
class Said:
    """One translatable text: its context (or None), its singular and, if any, its plural."""

    context: str | None
    text: str
    plural: str | None = None

    @property
    def id(self) -> str | tuple[str, str]:
        return self.text if self.plural is None else (self.text, self.plural)


def rooms() -> list[Path]:
    """The rooms of the house that can hold words; of the integrations each folder is one."""
    outside = SOURCE / "integrations"
    found = [*SOURCE.iterdir(), *outside.iterdir()]
    return sorted(path for path in found if path != outside and (path / "__init__.py").exists())


def _from_call(name: str, given: object) -> Said | None:
    parts = given if isinstance(given, tuple) else (given,)
    texts = [part for part in parts if isinstance(part, str)]
    context = texts.pop(0) if "pgettext" in name and texts else None
    if not texts or not texts[0]:
        return None
    plural = texts[1] if name.startswith(("ngettext", "npgettext")) and len(texts) > 1 else None
    return Said(context, texts[0], plural)


def in_python(path: Path) -> Iterator[tuple[int, Said]]:
    """(line, text) of every gettext call in a Python file."""
    with path.open("rb") as file:
        for line, name, given, _ in extract_python(file, PYTHON_CALLS, [], {"encoding": "utf-8"}):
            said = _from_call(str(name), given)
            if said:
                yield line, said


def _constant(word: str) -> str | None:
    if len(word) >= 2 and word[0] in "\"'" and word[-1] == word[0]:
        return word[1:-1].replace(f"\\{word[0]}", word[0])
    return None


def _context(words: list[str]) -> str | None:
    return _constant(words[words.index("context") + 1]) if "context" in words else None


def _block(tokens: list[Token], start: int) -> tuple[Said, int]:
    """The text of a {% blocktranslate %} that opens at tokens[start], and where it ends."""
    words = list(smart_split(tokens[start].contents))
    parts: list[list[str]] = [[]]
    at = start + 1
    while not (tokens[at].token_type == TokenType.BLOCK and tokens[at].contents.startswith("endblocktrans")):
        token = tokens[at]
        if token.token_type == TokenType.TEXT:
            parts[-1].append(token.contents.replace("%", "%%"))
        elif token.token_type == TokenType.VAR:
            parts[-1].append(f"%({token.contents.split('|')[0].strip()})s")
        elif token.contents.strip() == "plural":
            parts.append([])
        at += 1
    texts = ["".join(part) for part in parts]
    if "trimmed" in words:
        texts = [trim_whitespace(text) for text in texts]
    return Said(_context(words), texts[0], texts[1] if len(texts) > 1 else None), at


def in_template(path: Path) -> Iterator[tuple[int, Said]]:
    """(line, text) of every {% translate %}, {% blocktranslate %} and _("…") in a template."""
    tokens = Lexer(path.read_text(encoding="utf-8")).tokenize()
    at = 0
    while at < len(tokens):
        token = tokens[at]
        line = token.lineno or 0
        words = list(smart_split(token.contents)) if token.token_type == TokenType.BLOCK else [""]
        if words[0] in ("translate", "trans"):
            text = _constant(words[1])
            if text is not None:
                yield line, Said(_context(words), text.replace("%", "%%"))
        elif words[0] in ("blocktranslate", "blocktrans"):
            said, at = _block(tokens, at)
            yield line, said
        elif token.token_type in (TokenType.BLOCK, TokenType.VAR):
            for found in IN_TEMPLATE.findall(token.contents):
                yield line, Said(None, _constant(found) or "")
        at += 1


def used(room: Path) -> dict[Said, str]:
    """Every text a room says, with the first place where it says it."""
    found: dict[Said, str] = {}
    for path in sorted(room.rglob("*")):
        inside = path.relative_to(room).parts
        if "tests" in inside or "migrations" in inside or "static" in inside:
            continue
        if path.suffix == ".py":
            texts = in_python(path)
        elif "templates" in inside and path.suffix in {".html", ".txt"}:
            texts = in_template(path)
        else:
            continue
        for line, said in texts:
            found.setdefault(said, f"{path.relative_to(SOURCE)}:{line}")
    return found


def catalogue(room: Path) -> Catalog:
    """A room's Chinese, empty where it has none yet."""
    path = room / PO
    if path.exists():
        with path.open("rb") as file:
            return read_po(file, locale="zh_Hans", ignore_obsolete=True)
    return Catalog(
        locale="zh_Hans",
        header_comment=HEADER,
        project="Linli",
        version="1",
        msgid_bugs_address="the project's issues",
        last_translator="Linli",
        language_team="Linli",
        creation_date=EPOCH,
        revision_date=EPOCH,
        fuzzy=False,
    )


def translation(message: Message | None) -> str:
    """The Chinese of an entry; empty when missing or marked fuzzy."""
    if message is None or message.fuzzy:
        return ""
    given = message.string
    return given if isinstance(given, str) else (given[0] if given else "")


def translated(catalogues: dict[Path, Catalog]) -> Known:
    """(context, singular) -> room name -> Chinese."""
    found: Known = defaultdict(dict)
    for room, book in catalogues.items():
        for message in book:
            text = message.id if isinstance(message.id, str) else message.id[0]
            chinese = translation(message)
            if text and chinese:
                found[message.context, text][room.name] = chinese
    return found


def compiled(book: Catalog) -> bytes:
    """The .mo of a catalogue; the same words give the same bytes."""
    held = io.BytesIO()
    write_mo(held, book)
    return held.getvalue()


def compile_all(wanted: list[str]) -> int:
    """Write the .mo of the rooms wanted (none named: all)."""
    for room in rooms():
        if (room / PO).exists() and (not wanted or room.name in wanted):
            (room / PO).with_suffix(".mo").write_bytes(compiled(catalogue(room)))
    return 0


def extract(wanted: list[str]) -> int:
    """Add what nobody translates yet to the rooms wanted (none named: all), to be filled by hand."""
    books = {room: catalogue(room) for room in rooms()}
    known = translated(books)
    for room, book in books.items():
        if wanted and room.name not in wanted:
            continue
        added = 0
        for said, place in used(room).items():
            if (said.context, said.text) in known or book.get(said.id, said.context) is not None:
                continue
            # The place without its line: line numbers make every commit a change of translations.
            book.add(said.id, context=said.context, locations=[(place.rpartition(":")[0], 0)])
            added += 1
        if added:
            (room / PO).parent.mkdir(parents=True, exist_ok=True)
            with (room / PO).open("wb") as file:
                write_po(file, book, width=110, sort_output=False, include_lineno=False)
            sys.stdout.write(f"{room.name}: {added} to translate in {(room / PO).relative_to(ROOT)}\n")
    return 0


def _untranslated(known: Known) -> Iterator[Fault]:
    for room in rooms():
        for said, place in used(room).items():
            if (said.context, said.text) not in known:
                yield room.name, f"{place}: no Chinese for {said.text!r}"


def _disagreements(known: Known) -> Iterator[Fault]:
    for (_, text), chinese in known.items():
        if len(set(chinese.values())) > 1:
            said = ", ".join(f"{name} {words!r}" for name, words in sorted(chinese.items()))
            yield from ((name, f"rooms disagree on {text!r}: {said}") for name in chinese)
        for name, words in chinese.items():
            if not set(PLACEHOLDER.findall(words)) <= set(PLACEHOLDER.findall(text)):
                yield name, f"{words!r} has a placeholder that {text!r} does not fill"


def _stale() -> Iterator[Fault]:
    for room in rooms():
        path = (room / PO).with_suffix(".mo")
        if (room / PO).exists() and (not path.exists() or path.read_bytes() != compiled(catalogue(room))):
            yield room.name, f"{path.relative_to(ROOT)} is stale: run python tools/messages.py compile"


def check(wanted: list[str]) -> int:
    """Say every fault of the rooms wanted (none named: all); 1 if there is one."""
    known = translated({room: catalogue(room) for room in rooms()})
    found = [*_untranslated(known), *_disagreements(known), *_stale()]
    faults = sorted({fault for room, fault in found if not wanted or room in wanted})
    for fault in faults:
        sys.stderr.write(fault + "\n")
    return 1 if faults else 0


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("task", choices=("extract", "compile", "check"), nargs="?")
    parser.add_argument("rooms", nargs="*", help="only these rooms; all if none is named")
    parser.add_argument("--check", action="store_true", help="the same as the task check")
    given = parser.parse_args()
    if given.check or given.task == "check":
        return check(given.rooms)
    if given.task == "extract":
        return extract(given.rooms)
    if given.task == "compile":
        return compile_all(given.rooms)
    return extract([]) or compile_all([])


if __name__ == "__main__":
    raise SystemExit(main())
