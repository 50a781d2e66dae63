"""The handbook at the desk: read, searched, printed; written, published, its versions compared."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from linli.kernel.access import NotFound, policy
from linli.people.pages.ways import Asked, language
from linli.training import access, booklet, shipped, showing, words
from linli.training.actions import handbook as actions
from linli.training.forms import Publish, WritePage
from linli.training.pages.asked import (
    KEEPERS,
    READERS,
    WRITERS,
    done,
    keeping,
    link,
    page_address,
    reading,
)
from linli.training.queries import handbook as queries
from linli.training.rules import differences
from linli.training.rules.handbook import SHEET_FIELDS, PageKind

QUERY_MOST = 100


@policy("training.handbook", who=READERS)
@require_safe
def index(request: Asked) -> HttpResponse:
    """The handbook by chapters; with ``q`` the pages that say it."""
    community, kept = reading(request)
    pages = queries.pages(community.id)
    typed = request.GET.get("q", "")[:QUERY_MOST].strip()
    chapters: dict[str, list[queries.PageRow]] = {}
    for row in pages:
        chapters.setdefault(showing.spoken(row.sheet.chapter), []).append(row)
    writes = access.writes(request.actor, community.id)
    context = {
        "community": community,
        "kept": kept,
        "typed": typed,
        "found": queries.found(pages, typed, language(request)) if typed else (),
        "chapters": list(chapters.items()),
        "writes": writes,
        "drafts": queries.drafts(community.id) if writes else (),
    }
    return render(request, "training/handbook.html", context)


@policy("training.page", who=READERS)
@require_safe
def page(request: Asked, slug: str) -> HttpResponse:
    """One page of the handbook."""
    community, kept = reading(request)
    row = queries.page(community.id, slug)
    pages = queries.pages(community.id)
    at = next(place for place, one in enumerate(pages) if one.slug == slug)
    context = {
        "community": community,
        "kept": kept,
        "row": row,
        "tongue": row.language(get_language() or ""),
        "body": showing.html(showing.spoken(row.sheet.words), page_address(community)),
        "before": pages[at - 1] if at else None,
        "after": pages[at + 1] if at + 1 < len(pages) else None,
        "writes": access.writes(request.actor, community.id),
        "draft": queries.draft(community.id, slug),
    }
    return render(request, "training/page.html", context)


@policy("training.versions", who=READERS)
@require_safe
def versions(request: Asked, slug: str) -> HttpResponse:
    """Every version of a page, who published it, when and why."""
    community, kept = reading(request)
    rows = queries.versions(community.id, slug)
    keeps = access.keeps(request.actor, community.id)
    own = next((row for row in rows if not row.shipped), None)
    context = {
        "community": community,
        "kept": kept,
        "slug": slug,
        "rows": [(row, words.PAGE_KINDS[row.kind]) for row in rows],
        "title": showing.spoken(rows[0].sheet.title),
        "keeps": keeps,
        "turn": Publish(auto_id="turn-%s") if keeps else None,
        "can_ship": keeps and shipped.page(slug) and own is not None and own.kind is not PageKind.SHIPPED,
        "can_hide": keeps and (own is None or own.kind is not PageKind.HIDDEN),
    }
    return render(request, "training/versions.html", context)


@policy("training.version", who=READERS)
@require_safe
def version(request: Asked, slug: str, label: str) -> HttpResponse:
    """One version: as it was read, and what it says otherwise than the one before it or another (``against``)."""
    community, kept = reading(request)
    rows = queries.versions(community.id, slug)
    row = _labelled(rows, label)
    wanted = request.GET.get("against", "")
    other = _labelled(rows, wanted) if wanted else queries.before(rows, label)
    english = language(request) == "en"
    context = {
        "community": community,
        "kept": kept,
        "slug": slug,
        "row": row,
        "other": other,
        "choices": [one for one in rows if one.label != label and one.kind is PageKind.TEXT],
        "title": showing.spoken(row.sheet.title),
        "body": showing.html(showing.spoken(row.sheet.words), page_address(community)),
        "changes": _changes(other, row, english=english) if other else (),
    }
    return render(request, "training/version.html", context)


def _labelled(rows: list[queries.VersionRow], label: str) -> queries.VersionRow:
    found = next((row for row in rows if row.label == label), None)
    if found is None:
        raise NotFound
    return found


def _changes(
    old: queries.VersionRow, new: queries.VersionRow, *, english: bool
) -> tuple[differences.Change, ...]:
    texts = []
    for row in (old, new):
        sheet = row.sheet
        texts.append(f"{sheet.title.told(english=english)}\n{sheet.words.told(english=english)}")
    return differences.differences(*texts)


@policy("training.new_page", who=WRITERS)
@require_http_methods(["GET", "POST"])
def new(request: Asked) -> HttpResponse:
    """Begin a page of one's own."""
    community, kept = reading(request)
    access.require_writer(request.actor, community.id)
    form = WritePage(request.POST or None)
    if request.method == "POST" and done(
        form,
        lambda: actions.write_page(
            actor=request.actor,
            community_id=community.id,
            slug=form.cleaned_data["slug"],
            sheet=form.sheet(),
            version=0,
            at=request.now,
        ),
    ):
        messages.success(request, _("Kept as a draft."))
        return redirect(link("write_page", community, form.cleaned_data["slug"]))
    context = {"community": community, "kept": kept, "form": form}
    return render(request, "training/new_page.html", context, status=422 if form.errors else 200)


@policy("training.write_page", who=WRITERS)
@require_http_methods(["GET", "POST"])
def write(request: Asked, slug: str) -> HttpResponse:
    """The draft of a page: write it, look at it; a leader publishes it."""
    community, kept = reading(request)
    access.require_writer(request.actor, community.id)
    draft = queries.draft(community.id, slug)
    sheet = queries.sheet_of(draft) if draft else _begun(community.id, slug)
    initial: dict[str, Any] = {name: getattr(sheet, name) for name in SHEET_FIELDS}
    initial["version"] = draft.version if draft else 0
    form = WritePage(request.POST or None, known=True, initial=initial)
    if request.method == "POST" and done(
        form,
        lambda: actions.write_page(
            actor=request.actor,
            community_id=community.id,
            slug=slug,
            sheet=form.sheet(),
            version=form.cleaned_data["version"] or 0,
            at=request.now,
        ),
    ):
        messages.success(request, _("Kept as a draft."))
        return redirect(link("write_page", community, slug))
    context = {
        "community": community,
        "kept": kept,
        "slug": slug,
        "draft": draft,
        "form": form,
        "title": showing.spoken(sheet.title),
        "body": showing.html(showing.spoken(sheet.words), page_address(community)) if draft else "",
        "publish": Publish(auto_id="publish-%s", initial={"version": initial["version"]})
        if draft and access.keeps(request.actor, community.id)
        else None,
    }
    return render(request, "training/write_page.html", context, status=422 if form.errors else 200)


def _begun(community_id: int, slug: str) -> Any:
    """What a new draft of a page begins with: what is read now, else what was read last."""
    try:
        return queries.page(community_id, slug).sheet
    except NotFound:
        return queries.versions(community_id, slug)[0].sheet


@policy("training.publish_page", who=KEEPERS)
@require_POST
def publish(request: Asked, slug: str) -> HttpResponse:
    """Let everybody read the draft."""
    community, _kept = keeping(request)
    form = Publish(request.POST)
    if done(
        form,
        lambda: actions.publish_page(
            actor=request.actor,
            community_id=community.id,
            slug=slug,
            version=form.cleaned_data["version"] or 0,
            reason=form.cleaned_data["reason"],
            key=form.cleaned_data["key"],
            at=request.now,
        ),
    ):
        messages.success(request, _("Published."))
        return redirect(link("page", community, slug))
    _say(request, form)
    return redirect(link("write_page", community, slug))


@policy("training.turn_page", who=KEEPERS)
@require_POST
def turn(request: Asked, slug: str) -> HttpResponse:
    """Read the shipped page again, or none."""
    community, _kept = keeping(request)
    form = Publish(request.POST)
    try:
        kind = PageKind(request.POST.get("kind", ""))
    except ValueError as error:
        raise NotFound from error
    if done(
        form,
        lambda: actions.turn_page(
            actor=request.actor,
            community_id=community.id,
            slug=slug,
            kind=kind,
            reason=form.cleaned_data["reason"],
            key=form.cleaned_data["key"],
            at=request.now,
        ),
    ):
        messages.success(request, _("Published."))
    else:
        _say(request, form)
    return redirect(link("versions", community, slug))


@policy("training.drop_page_draft", who=WRITERS)
@require_POST
def drop(request: Asked, slug: str) -> HttpResponse:
    """Throw the draft away."""
    community, _kept = reading(request)
    actions.drop_draft(actor=request.actor, community_id=community.id, slug=slug, at=request.now)
    messages.success(request, _("The draft is gone; what is published stays."))
    return redirect(link("handbook", community))


def _say(request: Asked, form: Publish) -> None:
    for errors in form.errors.values():
        for error in errors:
            messages.error(request, str(error))


@policy("training.handbook_pdf", who=READERS)
@require_safe
def pdf(request: Asked) -> HttpResponse:
    """The handbook to print: all of it, or one page (``page``)."""
    community, _kept = reading(request)
    wanted = request.GET.get("page", "")
    rows = [queries.page(community.id, wanted)] if wanted else queries.pages(community.id)
    title = showing.spoken(rows[0].sheet.title) if wanted else _("Handbook of grid work")
    sheets = [
        booklet.Sheet(
            chapter=showing.spoken(row.sheet.chapter),
            title=showing.spoken(row.sheet.title),
            words=showing.spoken(row.sheet.words),
            foot=_("version of %(day)s") % {"day": row.day.isoformat()},
        )
        for row in rows
    ]
    drawn = booklet.draw(sheets, title=title, owner=community.name(language(request)))
    name = f"handbook-{wanted or 'all'}.pdf"
    return HttpResponse(
        drawn,
        content_type="application/pdf",
        headers={"Content-Disposition": f'inline; filename="{name}"'},
    )
