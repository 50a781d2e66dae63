"""Text: cutting it for search, asking for it, finding personal numbers in it; numbers and addresses in a form."""

from __future__ import annotations

from linli.kernel.text.links import is_link
from linli.kernel.text.lint import Finding, blocking, lint, mask_text
from linli.kernel.text.numbers import whole
from linli.kernel.text.search import search_query, vector_of, vector_text
from linli.kernel.text.tokens import bigrams, normal, tokens

__all__ = [
    "Finding",
    "bigrams",
    "blocking",
    "is_link",
    "lint",
    "mask_text",
    "normal",
    "search_query",
    "tokens",
    "vector_of",
    "vector_text",
    "whole",
]
