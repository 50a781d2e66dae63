"""Text: cutting it for search, asking for it, and finding personal numbers in it."""

from __future__ import annotations

from linli.kernel.text.lint import Finding, blocking, lint, mask_text
from linli.kernel.text.numbers import whole
from linli.kernel.text.search import search_query, vector_of, vector_text
from linli.kernel.text.tokens import bigrams, normal, tokens

__all__ = [
    "Finding",
    "bigrams",
    "blocking",
    "lint",
    "mask_text",
    "normal",
    "search_query",
    "tokens",
    "vector_of",
    "vector_text",
    "whole",
]
