"""Reading a page as a browser does: what runs in it, what it loads, where its forms go."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser

NO_PLACE = frozenset({"base", "object", "embed", "iframe", "applet", "frame"})
NOWHERE = ("javascript:", "data:text", "vbscript:", "//", "http:")
OURS = "http://testserver/"


@dataclass
class Page(HTMLParser):
    """What is on a page."""

    nonce: str = ""
    faults: list[str] = field(default_factory=list)
    forms: list[dict[str, str | None]] = field(default_factory=list)
    tags: list[tuple[str, dict[str, str | None]]] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__(convert_charrefs=True)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Look at one element."""
        known = dict(attrs)
        self.tags.append((tag, known))
        self.faults += [fault for name, value in attrs for fault in _attribute(tag, name, value or "")]
        if tag in NO_PLACE:
            self.faults.append(f"<{tag}> has no place here")
        if tag in {"script", "style"} and not known.get("src") and known.get("type") != "application/json":
            self._check_nonce(tag, known)
        if tag == "form":
            self.forms.append({**known, "token": None})
        if tag == "input" and known.get("name") == "csrfmiddlewaretoken" and self.forms:
            self.forms[-1]["token"] = known.get("value")

    def _check_nonce(self, tag: str, known: dict[str, str | None]) -> None:
        if not self.nonce or known.get("nonce") != self.nonce:
            self.faults.append(f"<{tag}> without the nonce of the page")


def _attribute(tag: str, name: str, value: str) -> list[str]:
    """What is wrong with one attribute."""
    if name.startswith("on"):
        return [f"<{tag} {name}=…> runs a program"]
    if name == "style":
        return [f'<{tag} style="{value}"> needs unsafe-inline']
    leads = name in {"href", "src", "action", "formaction"} and not value.startswith(OURS)
    if leads and value.lower().strip().startswith(NOWHERE):
        return [f'<{tag} {name}="{value}">']
    return []


def read(html: str, nonce: str = "") -> Page:
    """The page."""
    page = Page(nonce=nonce)
    page.feed(html)
    for form in page.forms:
        if (form.get("method") or "get").lower() == "post" and not form["token"]:
            page.faults.append(f"a form to {form.get('action') or 'here'} without our token")
    return page
