"""Photographs the main pages of a running demo into docs/pictures.

    python tools/pictures.py                     all; starts a demo of its own when none answers
    python tools/pictures.py --home DIR NAME …   only these, from the demo whose folder is DIR

Each picture is a page as one of the demo's people sees it: on a phone (375×812) or at a desk (1440×900), in Chinese or
English, in ordinary or large type (长辈版). The receipt is a real one: taking it leaves one report in the demo.
"""

from __future__ import annotations

import argparse
import io
import json
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from PIL import Image
from playwright.sync_api import Browser, BrowserContext, Error, Page

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "src"))

from linli.faces.tests import browser as chromium  # noqa: E402  (the checkout need not be installed)

LUXING = "520113008006"
ENGLISH = "Emma Clarke"  # the demo's resident who reads and writes English
WAIT_SECONDS = 180
SETTLE_MILLISECONDS = 1500
SIZES = {
    "phone": (chromium.PHONE, 2),
    "desk": (chromium.DESK, 1),
    "wall": ({"width": 1920, "height": 1080}, 1),
    "walls": ({"width": 3840, "height": 1080}, 1),
    "laptop": ({"width": 1366, "height": 768}, 1),
}


Act = str | tuple[str, str]  # a selector to press, or a selector and the words to write there


@dataclass(frozen=True, slots=True)
class Shot:
    """One picture: its file, the page, the role of who looks ("" for a stranger), and how."""

    file: str
    path: str
    role: str = ""
    size: str = "phone"
    language: str = "zh-hans"
    elder: bool = False
    do: tuple[Act, ...] = ()  # what is done in turn before the picture is taken
    name: str = ""  # of this person; otherwise the first with the role
    community: str = LUXING


def _faces(
    file: str, path: str, role: str = "", *, elder: bool = True, do: tuple[Act, ...] = ()
) -> list[Shot]:
    """A resident's page in its faces: Chinese, English and, unless told otherwise, large type."""
    plain = Shot(file, path, role, do=do)
    english = replace(plain, file=f"{file}-en", language="en", name=ENGLISH if role == "resident" else "")
    large = replace(plain, file=f"{file}-elder", elder=True)
    return [plain, english, *([large] if elder else [])]


SAY = ("textarea[name=words]", "1栋门口的路灯三天不亮了，晚上老人出门看不见路。")
NEXT = ".ll-next button"
UNDER_WAY = "main a[href^='/case/']:has(.ll-clock):is(:has-text('办理中'), :has-text('In hand'))"
NEW_ROW = ".desk-row:has(.desk-row__state:text-matches('^(已上报|Reported)$')):not(:has-text('请问')) .desk-row__link"
SIGNED_ROW = (
    ".desk-row:has(.desk-row__state:text-matches('^(已签收|Signed for)$'))"
    ":has(.desk-row__meta:is(:has-text('网格'), :has-text('Grid'))) .desk-row__link"
)

SHOTS = [
    *_faces("home", "/", "resident"),
    Shot("home-wide", "/", "resident", size="desk"),
    *_faces("report", "/report/", "resident"),
    Shot("report-place", "/report/", "resident", do=(SAY, NEXT)),
    Shot("report-send", "/report/", "resident", do=(SAY, NEXT, NEXT)),
    *_faces("my-things", "/my/", "resident"),
    *_faces("one-case", "/my/", "resident", do=(UNDER_WAY,)),
    *_faces("place", f"/place/{LUXING}/", elder=False),
    *_faces("settled", f"/settled/{LUXING}/", elder=False),
    *_faces("my-data", "/me/data/", "resident"),
    Shot("receipt", "/report/", "resident", do=(SAY, NEXT, NEXT, NEXT)),
    Shot("desk", "/desk/?tab=open", "dispatcher", size="desk", do=(NEW_ROW,)),
    Shot("desk-en", "/desk/?tab=open", "dispatcher", size="desk", language="en", do=(NEW_ROW,)),
    Shot("desk-phone-list", "/desk/?tab=open", "property_handler"),
    Shot("desk-phone-case", "/desk/?tab=open", "property_handler", do=(SIGNED_ROW,)),
    Shot("desk-phone-case-en", "/desk/?tab=open", "property_handler", language="en", do=(SIGNED_ROW,)),
    Shot("wall", "/control/", "dispatcher", size="wall"),
    Shot("wall-two", "/control/", "dispatcher", size="walls"),
    Shot("wall-laptop-en", "/control/", "dispatcher", size="laptop", language="en"),
    Shot("wall-tables", "/control/", "dispatcher", size="wall", do=("[data-key=t]",)),
    *_faces("today", "/desk/today/", "grid_worker", elder=False),
    *_faces("league-mine", "/league/", "grid_worker", elder=False, do=("main a[href^='/league/']",)),
    Shot("league", "/desk/league/", "community_leader", size="desk", do=("main tr:has-text('待复核') a",)),
    Shot("settings-promises", "/desk/settings/promises/", "admin", size="desk"),
    Shot("settings-promises-en", "/desk/settings/promises/", "admin", size="desk", language="en"),
]


def card_of(home: Path) -> dict[str, Any] | None:
    """What the demo in this folder says of itself, if it answers."""
    path = home / "demo.json"
    if not path.exists():
        return None
    card: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    try:
        with urllib.request.urlopen(f"{card['address']}/healthz", timeout=5) as answer:  # noqa: S310
            return card if answer.status == 200 else None
    except (urllib.error.URLError, OSError):
        return None


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def demo(home: Path) -> Iterator[dict[str, Any]]:
    """The demo in this folder, or one of our own that ends with the block. Raises TimeoutError if it does not come up."""
    card = card_of(home)
    if card:
        yield card
        return
    with tempfile.TemporaryDirectory(prefix="linli-pictures-") as folder:
        own = Path(folder)
        command = [sys.executable, "-m", "linli", "demo", "--home", folder, "--port", str(_free_port())]
        with (own / "demo.log").open("wb") as log:
            process = subprocess.Popen(command, cwd=ROOT, stdout=log, stderr=subprocess.STDOUT)
        try:
            yield _when_ready(own, process)
        finally:
            process.terminate()
            process.wait(timeout=30)


def _when_ready(home: Path, process: subprocess.Popen[bytes]) -> dict[str, Any]:
    until = time.monotonic() + WAIT_SECONDS
    while time.monotonic() < until and process.poll() is None:
        card = card_of(home)
        if card:
            return card
        time.sleep(1)
    logs = [path for path in (home / "demo.log", home / "logs" / "demo.log") if path.exists()]
    said = "\n".join(path.read_text(encoding="utf-8", errors="replace")[-1500:] for path in logs)
    raise TimeoutError(f"the demo did not come up:\n{said}")


def person(card: dict[str, Any], shot: Shot) -> dict[str, Any] | None:
    """The first of the demo's people with this role in this community; None for a stranger.

    Raises LookupError when the demo has nobody like that.
    """
    if not shot.role:
        return None
    for one in card["people"]:
        if (one["role"], one["community"]) == (shot.role, shot.community) and shot.name in ("", one["name"]):
            return dict(one)
    raise LookupError(f"the demo has no {shot.role} in {shot.community}")


def _context(browser: Browser, card: dict[str, Any], shot: Shot) -> BrowserContext:
    size, scale = SIZES[shot.size]
    locale = "en-GB" if shot.language == "en" else "zh-CN"
    return browser.new_context(
        viewport=size,  # type: ignore[arg-type]  # a plain dict is a ViewportSize
        device_scale_factor=scale,
        locale=locale,
        timezone_id="Asia/Shanghai",
        base_url=card["address"],
        reduced_motion="reduce",
    )


def _choose(context: BrowserContext, address: str, shot: Shot) -> None:
    """Language and type size; after signing in, because the door sets what the account prefers."""
    chosen = {"django_language": shot.language, "linli-elder": "1" if shot.elder else "0"}
    context.add_cookies([{"name": name, "value": value, "url": address} for name, value in chosen.items()])


def _enter(page: Page, who: dict[str, Any] | None) -> None:
    """Sign in by the demo's one tap; the door may ask to be pressed once more."""
    if who is None:
        return
    page.goto(who["path"])
    button = page.locator(f"main form[action*='{who['path']}'] button, main form[method=post] button").first
    if page.url.endswith(who["path"]) and button.count():
        button.click()
    page.wait_for_load_state()


def _act(page: Page, act: Act) -> None:
    if isinstance(act, tuple):
        page.fill(*act)
        return
    page.locator(act).first.click()
    page.wait_for_load_state()


def take(browser: Browser, card: dict[str, Any], shot: Shot) -> bytes:
    """The picture as PNG, in at most 256 colours so that the checkout stays small.

    Raises playwright's Error when the page does not answer or a selector finds nothing; ValueError on a refusal.
    """
    context = _context(browser, card, shot)
    try:
        page = context.new_page()
        page.set_default_timeout(15_000)
        _enter(page, person(card, shot))
        _choose(context, card["address"], shot)
        answer = page.goto(shot.path)
        if answer is not None and answer.status >= 400:
            raise ValueError(f"{shot.path} answers {answer.status}")
        for act in shot.do:
            _act(page, act)
        page.wait_for_timeout(SETTLE_MILLISECONDS)  # maps and swapped parts settle
        with Image.open(io.BytesIO(page.screenshot())) as picture:
            held = io.BytesIO()
            picture.convert("RGB").quantize(256, dither=Image.Dither.NONE).save(held, "PNG", optimize=True)
        return held.getvalue()
    finally:
        context.close()


def photograph(card: dict[str, Any], shots: list[Shot], out: Path) -> list[str]:
    """Take the pictures; the names of those that failed, with the reason."""
    out.mkdir(parents=True, exist_ok=True)
    failed = []
    with chromium.launch() as browser:
        for shot in shots:
            try:
                (out / f"{shot.file}.png").write_bytes(take(browser, card, shot))
                sys.stdout.write(f"{shot.file}.png\n")
            except (Error, LookupError, ValueError) as reason:
                failed.append(f"{shot.file}: {str(reason).splitlines()[0]}")
    return failed


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("names", nargs="*", help="only these pictures, by name or its beginning")
    parser.add_argument("--home", type=Path, default=ROOT / ".linli", help="the folder of a running demo")
    parser.add_argument("--out", type=Path, default=ROOT / "docs" / "pictures")
    parser.add_argument("--list", action="store_true", help="say the names and end")
    given = parser.parse_args()
    shots = [shot for shot in SHOTS if not given.names or shot.file.startswith(tuple(given.names))]
    if given.list:
        sys.stdout.write("".join(f"{shot.file:24} {shot.path} {shot.role or 'stranger'}\n" for shot in shots))
        return 0
    try:
        with demo(given.home) as card:
            failed = photograph(card, shots, given.out)
    except (TimeoutError, FileNotFoundError) as reason:
        sys.stderr.write(f"{reason}\n")
        return 1
    for line in failed:
        sys.stderr.write(f"not taken: {line}\n")
    return 1 if failed else 0


if __name__ == "__main__":
    raise SystemExit(main())
