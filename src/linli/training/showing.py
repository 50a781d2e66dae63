"""Pages of the handbook as HTML: only tags of ours, everything somebody typed escaped."""

from __future__ import annotations

from collections.abc import Callable

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from linli.faces.languages import reads_english
from linli.training.rules import markup
from linli.training.rules.markup import Block, BlockKind, Line, Span
from linli.training.rules.said import Said

Address = Callable[[str], str]
EMPTY = mark_safe("")


def spoken(said: Said) -> str:
    """In the reader's language, Chinese where there is no other."""
    return said.told(english=reads_english(get_language()))


def html(words: str, address: Address) -> SafeString:
    """A page. Headings begin at the second level: the first is the page's title.

    :param address: where a page of the handbook is read, by its code.
    """
    return _joined(_block(block, address) for block in markup.read(words))


def _joined(pieces: object) -> SafeString:
    return format_html_join("", "{}", ((piece,) for piece in pieces))  # type: ignore[attr-defined]  # any iterable


def _block(block: Block, address: Address) -> SafeString:
    if block.kind is BlockKind.RULE:
        return mark_safe("<hr>")
    if block.kind is BlockKind.TABLE:
        return _table(block, address)
    lines = [_line(row[0], address) for row in block.rows]
    if block.kind is BlockKind.HEADING:
        level = str(block.level)
        return format_html("<h{}>{}</h{}>", level, lines[0], level)
    if block.kind in (BlockKind.BULLETS, BlockKind.NUMBERS):
        tag = "ul" if block.kind is BlockKind.BULLETS else "ol"
        return format_html(
            "<{}>{}</{}>", tag, format_html_join("", "<li>{}</li>", ((one,) for one in lines)), tag
        )
    broken = format_html_join(mark_safe("<br>"), "{}", ((one,) for one in lines))
    if block.kind is BlockKind.QUOTE:
        return format_html('<blockquote class="tr-remark"><p>{}</p></blockquote>', broken)
    return format_html("<p>{}</p>", broken)


def _table(block: Block, address: Address) -> SafeString:
    head, *rest = block.rows
    top = format_html_join("", '<th scope="col">{}</th>', ((_line(cell, address),) for cell in head))
    body = format_html_join(
        "",
        "<tr>{}</tr>",
        ((format_html_join("", "<td>{}</td>", ((_line(cell, address),) for cell in row)),) for row in rest),
    )
    return format_html(
        '<div class="ll-scroll" tabindex="0" role="region" aria-label="{}"><table class="ll-table"><thead><tr>{}</tr>'
        "</thead><tbody>{}</tbody></table></div>",
        markup.plain_line(head[0]),
        top,
        body,
    )


def _line(line: Line, address: Address) -> SafeString:
    return _joined(_span(span, address) for span in line)


def _span(span: Span, address: Address) -> SafeString | str:
    if span.kind == "strong":
        return format_html("<strong>{}</strong>", span.words)
    if span.kind == "code":
        return format_html("<code>{}</code>", span.words)
    if span.kind == "link" and span.link.startswith(markup.PAGE):
        return format_html('<a href="{}">{}</a>', address(span.link.removeprefix(markup.PAGE)), span.words)
    if span.kind == "link":
        return format_html('<a href="{}" rel="noopener noreferrer">{}</a>', span.link, span.words)
    return span.words
