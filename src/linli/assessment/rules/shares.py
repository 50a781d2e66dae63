"""Exact fractions into whole points, so that the parts add up to the total. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from math import floor


def rounded(exact: Fraction) -> int:
    """The nearest whole number, halves up."""
    return floor(exact + Fraction(1, 2))


def largest_remainder(parts: Mapping[str, Fraction]) -> dict[str, int]:
    """Whole numbers that add up to the rounded sum of the parts; each differs from its part by less than one.

    What is left after rounding down goes to the largest remainders, of equal ones to the first name.
    """
    whole = {name: floor(part) for name, part in parts.items()}
    left = rounded(sum(parts.values(), Fraction(0))) - sum(whole.values())
    order = sorted(parts, key=lambda name: (whole[name] - parts[name], name))
    for name in order[:left]:
        whole[name] += 1
    return whole
