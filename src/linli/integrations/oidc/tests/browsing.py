"""A browser's way through the provider: signed in there as somebody, sent back to us."""

from __future__ import annotations

import urllib.error
import urllib.request
from dataclasses import dataclass
from http.client import HTTPMessage
from http.cookiejar import CookieJar
from typing import IO, Any
from urllib.parse import quote

CLIENT, SECRET = "linli", "s3cret/with+odd:signs"  # as which the provider knows us


class Stay(urllib.request.HTTPRedirectHandler):
    """Follows no redirect."""

    def redirect_request(
        self, req: urllib.request.Request, fp: IO[bytes], code: int, msg: str, headers: HTTPMessage, newurl: str
    ) -> None:  # fmt: skip
        """Stay."""


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """The provider as a browser sees it."""

    url: str

    @property
    def issuer(self) -> str:
        """As it calls itself."""
        return f"{self.url}/o"

    def through(self, address: str, *, name: str) -> str:
        """Where the browser of this person is sent in the end, from an address of the provider."""
        browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar()), Stay())
        for step in (f"{self.url}/login/?as={name}&next={quote(address, safe='')}", address):
            address = self._sent(browser, step)
        return address

    def rotate(self) -> None:
        """Another key from now on."""
        urllib.request.urlopen(f"{self.url}/rotate").read()

    @staticmethod
    def _sent(browser: Any, address: str) -> str:
        try:
            browser.open(address, timeout=10)
        except urllib.error.HTTPError as redirect:
            if redirect.code == 302:
                return str(redirect.headers["Location"])
            raise
        raise AssertionError(f"{address} sends nowhere")
