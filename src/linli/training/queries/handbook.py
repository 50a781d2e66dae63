"""What the handbook of a community says: its own pages over those that are shipped."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from linli.faces.languages import reads_english
from linli.grids.queries import day_of
from linli.kernel.access import NotFound
from linli.people import queries as people
from linli.training import shipped
from linli.training.models import PageDraft, PageVersion
from linli.training.rules import finding, handbook, markup
from linli.training.rules.handbook import PageKind, Sheet
from linli.training.rules.said import Said

SHIPPED = "s"  # before the number of a shipped version, in addresses


@dataclass(frozen=True, slots=True)
class PageRow:
    """A page as it is read. ``number`` is 0 where the shipped page stands; ``author`` is the short form of a name.

    :param newer: a shipped version that came after the one on which the community's own page was based; 0 for none.
    """

    slug: str
    sheet: Sheet
    number: int
    shipped: int
    newer: int
    day: date
    reason: Said
    author: str = ""

    @property
    def own(self) -> bool:
        """Whether the community wrote it."""
        return self.number > 0

    def language(self, language: str) -> str:
        """The language in which a reader of this language gets it."""
        return "en" if reads_english(language) and self.sheet.words_en else "zh-Hans"


@dataclass(frozen=True, slots=True)
class VersionRow:
    """A version of a page. ``label`` names it in addresses: ``3``, or ``s1`` for a shipped one."""

    label: str
    number: int
    shipped: bool
    kind: PageKind
    sheet: Sheet
    day: date
    reason: Said
    author: str


@dataclass(frozen=True, slots=True)
class Found:
    """A page that says what somebody looked for, and where."""

    page: PageRow
    excerpt: finding.Excerpt


def pages(community_id: int) -> list[PageRow]:
    """All pages that are read, as chapters and pages stand; two statements."""
    latest = _latest(community_id)
    rows = [row for slug in {*latest, *shipped.pages()} if (row := _row(slug, latest.get(slug)))]
    chapters = handbook.by_chapter((row.sheet.chapter_zh, row.sheet.rank) for row in rows)
    place = {chapter: number for number, chapter in enumerate(chapters)}
    return sorted(rows, key=lambda row: (place[row.sheet.chapter_zh], row.sheet.rank, row.slug))


def page(community_id: int, slug: str) -> PageRow:
    """One page as it is read.

    :raises NotFound: there is none, or it is shown no longer.
    """
    found = _row(slug, _latest(community_id, slug).get(slug))
    if found is None:
        raise NotFound
    return found


def slugs(community_id: int) -> frozenset[str]:
    """The codes of the pages that are read."""
    return frozenset(row.slug for row in pages(community_id))


def found(rows: Sequence[PageRow], typed: str, language: str) -> list[Found]:
    """Those of the pages that say what somebody typed, the best first; titles weigh more."""
    wanted = finding.terms(typed)
    if not wanted:
        return []
    weighed = []
    for row in rows:
        titles = f"{row.sheet.title_zh}\n{row.sheet.title_en}\n{row.sheet.chapter_zh}\n{row.sheet.chapter_en}"
        weight = finding.weight(wanted, titles, f"{row.sheet.words_zh}\n{row.sheet.words_en}")
        if weight:
            weighed.append((-weight, row))
    weighed.sort(key=lambda each: each[0])
    return [Found(row, _excerpt(wanted, row, language)) for _weight, row in weighed]


def _excerpt(wanted: Sequence[str], row: PageRow, language: str) -> finding.Excerpt:
    """In the reader's language; in the other where only that says it."""
    sheet, english = row.sheet, reads_english(language)
    texts = [markup.plain(sheet.words.told(english=english)), markup.plain(sheet.words_zh)]
    tried = [finding.excerpt(wanted, text) for text in texts]
    return next((one for one in tried if one.hit), tried[0])


def versions(community_id: int, slug: str) -> list[VersionRow]:
    """Every version of a page, the community's own first, the newest of each first.

    :raises NotFound: there never was such a page.
    """
    own = list(PageVersion.objects.filter(community_id=community_id, slug=slug).order_by("-number"))
    who = people.cards({row.published_by_id for row in own if row.published_by_id})
    rows = [_version(row, who) for row in own]
    rows += [
        VersionRow(
            f"{SHIPPED}{one.number}", one.number, True, PageKind.TEXT, one.sheet, one.day, one.reason, ""
        )
        for one in shipped.pages().get(slug, ())
    ]
    if not rows:
        raise NotFound
    return rows


def before(rows: Iterable[VersionRow], label: str) -> VersionRow | None:
    """The version that was read before this one."""
    listed = list(rows)
    at = next((place for place, row in enumerate(listed) if row.label == label), len(listed))
    return next((row for row in listed[at + 1 :] if row.kind is PageKind.TEXT), None)


def draft(community_id: int, slug: str) -> PageDraft | None:
    """What somebody is writing about this page."""
    return PageDraft.objects.filter(community_id=community_id, slug=slug).first()


def drafts(community_id: int) -> list[tuple[str, str, datetime, str]]:
    """Every draft: code, title, when and by whom it was changed last."""
    rows = list(PageDraft.objects.filter(community_id=community_id).order_by("-changed_at"))
    who = people.cards({row.changed_by_id for row in rows if row.changed_by_id})
    return [(row.slug, row.title_zh, row.changed_at, _name(who, row.changed_by_id)) for row in rows]


def sheet_of(row: PageDraft | PageVersion) -> Sheet:
    """What a row says."""
    return Sheet(**{name: getattr(row, name) for name in handbook.SHEET_FIELDS})


def _latest(community_id: int, slug: str = "") -> dict[str, tuple[PageVersion, str]]:
    """The newest own version of every page, and the short name of whoever published it."""
    rows = PageVersion.objects.filter(community_id=community_id, **({"slug": slug} if slug else {}))
    newest = list(rows.order_by("slug", "-number").distinct("slug"))
    who = people.cards({row.published_by_id for row in newest if row.published_by_id})
    return {row.slug: (row, _name(who, row.published_by_id)) for row in newest}


def _row(slug: str, own: tuple[PageVersion, str] | None) -> PageRow | None:
    ours = shipped.page(slug)
    if own is not None and own[0].kind != PageKind.SHIPPED:
        row, author = own
        if row.kind == PageKind.HIDDEN:
            return None
        newest = ours.number if ours else 0
        return PageRow(
            slug=slug,
            sheet=sheet_of(row),
            number=row.number,
            shipped=row.based_on,
            newer=newest if newest > row.based_on else 0,
            day=day_of(row.published_at),
            reason=Said(row.reason),
            author=author,
        )
    return PageRow(slug, ours.sheet, 0, ours.number, 0, ours.day, ours.reason) if ours else None


def _version(row: PageVersion, who: dict[int, people.Card]) -> VersionRow:
    return VersionRow(
        label=str(row.number),
        number=row.number,
        shipped=False,
        kind=PageKind(row.kind),
        sheet=sheet_of(row),
        day=day_of(row.published_at),
        reason=Said(row.reason),
        author=_name(who, row.published_by_id),
    )


def _name(who: dict[int, people.Card], account_id: int | None) -> str:
    return who[account_id].short_name if account_id in who else ""
