"""Questions about training, named by their answer: for the rooms above."""

from __future__ import annotations

from linli.training.queries.held import Held as Held
from linli.training.queries.held import Passed as Passed
from linli.training.queries.held import results as results
from linli.training.queries.held import valid as valid
