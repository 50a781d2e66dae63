"""Translations without the gettext binaries.

    python tools/messages.py                    extract and compile all; of further languages what residents see
    python tools/messages.py extract [ROOM …]   add what no room translates yet to the room's zh_Hans po
    python tools/messages.py compile [ROOM …]   django.po -> django.mo
    python tools/messages.py check [ROOM …]     fail when a msgid has no Chinese, two rooms disagree,
                                                a placeholder is unknown or a .mo is stale
    python tools/messages.py --language ko extract [--every]
                                                the same for a further language: what residents see, or every word
    python tools/messages.py --language ko --into FOLDER extract|compile
                                                the same into one FOLDER/ko/LC_MESSAGES/django.po for all rooms

A msgid may be translated in any room: Django merges the catalogues. It is itself the English. Chinese must be complete;
what another language lacks is said in English, and the check tells how much of it there is. docs/languages.md
"""

from __future__ import annotations

import argparse
import functools
import io
import re
import sys
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from babel import Locale
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_python
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.template.base import Lexer, Token, TokenType
from django.utils.text import smart_split
from django.utils.translation import trim_whitespace

ROOT = Path(__file__).resolve().parents[1]
SOURCE = ROOT / "src" / "linli"
CHINESE = "zh_Hans"  # the one language beside English that must be complete
#: Pages that residents see stand on these two, and the code that says words on them; the workbench may fall back.
RESIDENT_BASES = frozenset({"faces/resident.html", "faces/signin.html"})
NOT_FOR_RESIDENTS = ("faces/style/", "hotline/", "open311/", "oidc/", "wechat/demo", "people/tokens.html")
RESIDENT_CODE = (
    "faces/words.py",
    "cases/forms/mine.py", "cases/forms/report.py", "cases/words.py", "cases/words_alike.py", "cases/words_wrongs.py",
    "fieldwork/words_kinds.py",
    "cases/pages/alike.py", "cases/pages/files.py", "cases/pages/finding.py", "cases/pages/joined.py",
    "cases/pages/mine.py", "cases/pages/paper.py", "cases/pages/public.py", "cases/pages/report.py",
    "cases/pages/taking.py", "cases/pages/telling.py",
    "grids/words.py", "grids/pages/homes.py", "groups/words.py", "portal/*.py",
    "people/forms.py", "people/middleware.py", "people/words.py", "people/pages/me.py", "people/pages/my_data.py",
    "people/pages/second_factor.py", "people/pages/sign_in.py",
    "notices/actions/choosing.py", "notices/pages/mine.py", "notices/pages/saying.py", "notices/saying.py",
    "notices/words.py", "integrations/wechat/pages/me.py", "integrations/wechat/pages/sign_in.py",
    "integrations/wechat/saying.py", "integrations/wechat/words.py",
)  # fmt: skip
RELATION = re.compile(r'{%\s*(extends|include)\s+"([^"]+)"')
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
Known = dict[tuple[str | None, str], dict[str, str]]  # (context, text) -> room -> translation
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


@functools.cache
def _in_file(path: Path) -> tuple[tuple[int, Said], ...]:
    if path.suffix == ".py":
        return tuple(in_python(path))
    inside = "templates" in path.parts and path.suffix in {".html", ".txt"}
    return tuple(in_template(path)) if inside else ()


def used(room: Path, only: frozenset[Path] | None = None) -> dict[Said, str]:
    """Every text a room says (in these files only, if given), with the first place where it says it."""
    found: dict[Said, str] = {}
    for path in sorted(room.rglob("*")):
        if only is not None and path not in only:
            continue
        inside = path.relative_to(room).parts
        if "tests" in inside or "migrations" in inside or "static" in inside:
            continue
        for line, said in _in_file(path):
            found.setdefault(said, f"{path.relative_to(SOURCE)}:{line}")
    return found


def for_residents() -> frozenset[Path]:
    """The files whose words residents see: templates that stand on a resident's base with all they bring in, and code."""
    templates = {
        path.as_posix().rpartition("/templates/")[2]: path for path in SOURCE.rglob("templates/**/*.html")
    }
    relations = {name: RELATION.findall(path.read_text(encoding="utf-8")) for name, path in templates.items()}

    def bases(name: str) -> set[str]:
        above = {other for how, other in relations.get(name, ()) if how == "extends"}
        return above.union(*(bases(other) for other in above))

    found = {name for name in templates if bases(name) & RESIDENT_BASES} | RESIDENT_BASES
    found = {name for name in found if not name.startswith(NOT_FOR_RESIDENTS)}
    waiting = set(found)
    while waiting:
        waiting = {other for name in waiting for _, other in relations.get(name, ())} - found
        found |= waiting
    code = {path for wanted in RESIDENT_CODE for path in SOURCE.glob(wanted)}
    return frozenset(templates[name] for name in found if name in templates) | code


def po(room: Path, language: str = CHINESE) -> Path:
    """Where a room's words in a language stand."""
    return room / "locale" / language / "LC_MESSAGES" / "django.po"


def languages() -> list[str]:
    """Every language of which there are files, Chinese first."""
    found = {path.parents[1].name for room in rooms() for path in room.glob("locale/*/LC_MESSAGES/django.po")}
    return [CHINESE, *sorted(found - {CHINESE})]


def read(path: Path, language: str = CHINESE) -> Catalog:
    """The words of a file, empty where there is none yet."""
    if path.exists():
        with path.open("rb") as file:
            return read_po(file, locale=language, ignore_obsolete=True)
    called = Locale.parse(language).english_name or language
    return Catalog(
        locale=language,
        header_comment=f"# Linli: {called}. Tended with tools/messages.py.",
        project="Linli",
        version="1",
        msgid_bugs_address="the project's issues",
        last_translator="Linli",
        language_team="Linli",
        creation_date=EPOCH,
        revision_date=EPOCH,
        fuzzy=False,
    )


def catalogues(language: str = CHINESE) -> dict[Path, Catalog]:
    """The words of every room in a language."""
    return {room: read(po(room, language), language) for room in rooms()}


def translation(message: Message | None) -> str:
    """The translation of an entry; empty when missing or marked fuzzy."""
    if message is None or message.fuzzy:
        return ""
    given = message.string
    return given if isinstance(given, str) else (given[0] if given else "")


def translated(catalogues: dict[Path, Catalog]) -> Known:
    """(context, singular) -> room name -> translation."""
    found: Known = defaultdict(dict)
    for room, book in catalogues.items():
        for message in book:
            text = message.id if isinstance(message.id, str) else message.id[0]
            words = translation(message)
            if text and words:
                found[message.context, text][room.name] = words
    return found


def compiled(book: Catalog) -> bytes:
    """The .mo of a catalogue; the same words give the same bytes."""
    held = io.BytesIO()
    write_mo(held, book)
    return held.getvalue()


def compile_file(path: Path, language: str) -> None:
    """Write the .mo beside a .po."""
    path.with_suffix(".mo").write_bytes(compiled(read(path, language)))


def compile_all(wanted: list[str], spoken: list[str]) -> int:
    """Write the .mo of the rooms wanted (none named: all) in these languages."""
    for language in spoken:
        for room in rooms():
            if po(room, language).exists() and (not wanted or room.name in wanted):
                compile_file(po(room, language), language)
    return 0


def _add(book: Catalog, texts: dict[Said, str], known: Known) -> int:
    """Put what nobody translates yet into a book, to be filled by hand; how many."""
    added = 0
    for said, place in texts.items():
        if (said.context, said.text) in known or book.get(said.id, said.context) is not None:
            continue
        # The place without its line: line numbers make every commit a change of translations.
        book.add(said.id, context=said.context, locations=[(place.rpartition(":")[0], 0)])
        known[said.context, said.text] = {"": ""}  # one room says it for all
        added += 1
    return added


def _write(path: Path, book: Catalog, added: int) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        write_po(file, book, width=110, sort_output=False, include_lineno=False)
    shown = path.relative_to(ROOT) if path.is_relative_to(ROOT) else path
    sys.stdout.write(f"{added} to translate in {shown}\n")


def extract(wanted: list[str], language: str = CHINESE, only: frozenset[Path] | None = None) -> int:
    """Add what nobody translates yet to the rooms wanted (none named: all), to be filled by hand."""
    books = catalogues(language)
    known = translated(books)
    for room, book in books.items():
        if wanted and room.name not in wanted:
            continue
        added = _add(book, used(room, only), known)
        if added:
            _write(po(room, language), book, added)
    return 0


def extract_into(folder: Path, language: str, only: frozenset[Path] | None) -> int:
    """The same for a language of the operator's own: one file for all rooms."""
    path = folder / language / "LC_MESSAGES" / "django.po"
    book = read(path, language)
    every = [used(room, only) for room in rooms()]
    merged = {said: place for texts in reversed(every) for said, place in texts.items()}
    added = _add(book, merged, {})
    if added:
        _write(path, book, added)
    return 0


def missing(
    language: str, only: frozenset[Path] | None = None, wanted: Sequence[str] = ()
) -> list[tuple[str, str, Said]]:
    """(room, place, text) of what a language lacks in the rooms wanted (none named: all)."""
    known = translated(catalogues(language))
    return [
        (room.name, place, said)
        for room in rooms()
        if not wanted or room.name in wanted
        for said, place in used(room, only).items()
        if (said.context, said.text) not in known
    ]


def coverage(language: str, only: frozenset[Path] | None = None) -> tuple[int, int]:
    """How many texts a language has, of how many."""
    every = {said for room in rooms() for said in used(room, only)}
    return len(every - {said for _, _, said in missing(language, only)}), len(every)


def _disagreements(known: Known) -> Iterator[Fault]:
    for (_, text), given in known.items():
        if len(set(given.values())) > 1:
            said = ", ".join(f"{name} {words!r}" for name, words in sorted(given.items()))
            yield from ((name, f"rooms disagree on {text!r}: {said}") for name in given)
        for name, words in given.items():
            if not set(PLACEHOLDER.findall(words)) <= set(PLACEHOLDER.findall(text)):
                yield name, f"{words!r} has a placeholder that {text!r} does not fill"


def _stale(language: str, wanted: Sequence[str]) -> Iterator[Fault]:
    for room in rooms():
        if wanted and room.name not in wanted:
            continue
        path = po(room, language)
        held = path.with_suffix(".mo")
        if path.exists() and (not held.exists() or held.read_bytes() != compiled(read(path, language))):
            yield room.name, f"{held.relative_to(ROOT)} is stale: run python tools/messages.py compile"


def check(wanted: list[str]) -> int:
    """Say every fault of the rooms wanted (none named: all); 1 if there is one. How far other languages are is no fault."""
    found: list[Fault] = [
        (room, f"{place}: no Chinese for {said.text!r}")
        for room, place, said in missing(CHINESE, None, wanted)
    ]
    for language in languages():
        found += [*_disagreements(translated(catalogues(language))), *_stale(language, wanted)]
    faults = sorted({fault for room, fault in found if not wanted or room in wanted})
    for fault in faults:
        sys.stderr.write(fault + "\n")
    for language in [] if wanted else languages()[1:]:
        (seen, of_seen), (every, of_every) = coverage(language, for_residents()), coverage(language)
        sys.stdout.write(
            f"{language}: {seen} of {of_seen} texts that residents see, {every} of {of_every} in all\n"
        )
    return 1 if faults else 0


def _into(folder: Path, task: str | None, language: str, only: frozenset[Path] | None) -> int:
    if task in {None, "extract"}:
        extract_into(folder, language, only)
    if task in {None, "compile"}:
        compile_file(folder / language / "LC_MESSAGES" / "django.po", language)
    return 0


def _run(given: argparse.Namespace) -> int:
    task = "check" if given.check else given.task
    language = given.language or CHINESE
    only = None if language == CHINESE or given.every else for_residents()
    if task == "check":
        return check(given.rooms)
    if given.into is not None:
        return _into(given.into, task, language, only)
    if task in {None, "extract"}:
        extract(given.rooms, language, only)
    if task is None and not given.language:
        for other in languages()[1:]:
            extract(given.rooms, other, for_residents())
    if task in {None, "compile"}:
        compile_all(given.rooms, [language] if given.language else languages())
    return 0


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("task", choices=("extract", "compile", "check"), nargs="?")
    parser.add_argument("rooms", nargs="*", help="only these rooms; all if none is named")
    parser.add_argument("--check", action="store_true", help="the same as the task check")
    parser.add_argument("--language", help="a further language, as Django names its folder: ja, ko, pt_BR")
    parser.add_argument("--every", action="store_true", help="the workbench's words too")
    parser.add_argument(
        "--into", type=Path, help="one file for all rooms in this folder, as LINLI_HOME/locale"
    )
    return _run(parser.parse_args())


if __name__ == "__main__":
    raise SystemExit(main())
