"""The indicators: one file each. A new file is found by itself; its code is the file's name.

Each is a pure formula from rows of work to a fraction, with the rows behind it and what was left out. Each names the
indicator that keeps it honest. Nothing computes time online, likes, forwards, study time, uploads or check-ins.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Mapping

from linli.assessment.rules.indicator import Indicator


def _found() -> dict[str, Indicator]:
    names = sorted(one.name for one in pkgutil.iter_modules(__path__))
    found: dict[str, Indicator] = {}
    for name in names:
        indicator: Indicator = importlib.import_module(f"{__name__}.{name}").INDICATOR
        found[indicator.code] = indicator
    return found


INDICATORS: Mapping[str, Indicator] = _found()
