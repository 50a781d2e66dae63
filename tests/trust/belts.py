"""The browser's safety belt (P15): what every answer's headers must say, and what a page must not hold."""

from __future__ import annotations

import re
from typing import Any

from tests.trust import pages

#: The same for every answer, page or program, found or not.
ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Permitted-Cross-Domain-Policies": "none",
}
#: Answers that may be kept for a while: files behind a right (for one browser), what is public.
KEPT = ("/files/", "/place/", "/desk/places", "/open311/", "/manifest/", "/sw.js")


def policy_of(response: Any) -> dict[str, list[str]]:
    """The answer's Content-Security-Policy."""
    parts = (part.split() for part in response.headers["Content-Security-Policy"].split(";") if part.strip())
    return {name: values for name, *values in parts}


def check(response: Any, address: str) -> list[str]:
    """What is wrong with an answer's headers and, if it is a page, with the page."""
    wrong = [
        f"{name}: {response.headers.get(name)}"
        for name, text in ALWAYS.items()
        if response.headers.get(name) != text
    ]
    csp = policy_of(response) if "Content-Security-Policy" in response.headers else {}
    if csp.get("frame-ancestors") != ["'none'"] and csp.get("default-src") != ["'none'"]:
        wrong.append("may be framed")
    if any(word in response.headers.get("Content-Security-Policy", "") for word in ("unsafe-", "*", "http:")):
        wrong.append("a policy with holes")
    if "camera=(self)" not in response.headers.get("Permissions-Policy", ""):
        wrong.append("no Permissions-Policy")
    caching = response.headers.get("Cache-Control", "")
    if not address.startswith(KEPT) and not {"private", "no-store"} <= set(re.split(r",\s*", caching)):
        wrong.append(f"may be kept: {caching}")
    if response.headers.get("Content-Type", "").startswith("text/html") and response.content:
        wrong += check_page(response, csp)
    return [f"{address}: {one}" for one in wrong]


def check_page(response: Any, csp: dict[str, list[str]]) -> list[str]:
    """What is wrong with a page."""
    nonces = [one for one in csp.get("script-src", []) if one.startswith("'nonce-")]
    nonce = nonces[0].removeprefix("'nonce-").removesuffix("'") if nonces else ""
    wrong = list(pages.read(response.content.decode(), nonce).faults)
    for name in ("script-src", "style-src"):
        if not set(csp.get(name, ["missing"])) <= {"'self'", *nonces, "'none'"}:
            wrong.append(f"{name} {csp.get(name)}")
    for name, text in (("base-uri", "'none'"), ("form-action", "'self'"), ("default-src", "'none'")):
        if csp.get(name) != [text]:
            wrong.append(f"{name} {csp.get(name)}")
    if response.headers.get("X-Frame-Options", "DENY") != "DENY":
        wrong.append("X-Frame-Options")
    return wrong
