"""`python -m faults [NAME…]`: break a running Linli in every way named (all of them if none is), and say what held."""

from __future__ import annotations

import argparse
import json
import random
import sys
from collections.abc import Callable

from faults.clock import clock, library
from faults.disk import disk
from faults.jobs import jobs
from faults.kills import kills
from faults.locks import locks
from faults.moments import moments
from faults.outcome import Outcome
from faults.restore import restore
from faults.stage import Stage, stage

NO_DISK = "needs root and mount, to make a small disk"
NO_FAKETIME = "needs Debian's package faketime"


def _disk(on: Stage, _given: argparse.Namespace) -> Outcome:
    return disk(on.house, on.disk) if on.disk else Outcome("disk", skipped=NO_DISK)


def _clock(on: Stage, _given: argparse.Namespace) -> Outcome:
    preloaded = library()
    return clock(on.house, preloaded) if preloaded else Outcome("clock", skipped=NO_FAKETIME)


def _kills(on: Stage, given: argparse.Namespace) -> Outcome:
    if given.short:
        return kills(on.house, seconds=min(given.seconds, 10), seed=given.seed, every=(1.5, 3.0))
    return kills(on.house, seconds=given.seconds, seed=given.seed)


def _restore(on: Stage, given: argparse.Namespace) -> Outcome:
    return restore(on.house, on.folder, seed=given.seed, damages=30 if given.short else 200)


SCENARIOS: dict[str, Callable[[Stage, argparse.Namespace], Outcome]] = {
    "locks": lambda on, given: locks(on.house, seconds=4 if given.short else 30),
    "moments": lambda on, given: moments(on.house),
    "jobs": lambda on, given: jobs(on.house, patient=not given.short),
    "clock": _clock,
    "disk": _disk,
    "restore": _restore,
    "kills": _kills,
}


def main() -> int:
    """The command's door."""
    parser = argparse.ArgumentParser(prog="python -m faults", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"all, or some of: {', '.join(SCENARIOS)}")
    parser.add_argument("--seconds", type=float, default=300.0, help="how long to kill [300]")
    parser.add_argument("--short", action="store_true", help="every scenario in its short form, as CI does")
    parser.add_argument(
        "--seed", type=int, default=random.randrange(1_000_000), help="replays a run's choices"
    )
    parser.add_argument("--json", action="store_true", help="one JSON object a line")
    given = parser.parse_args()
    names = list(SCENARIOS) if not given.names or "all" in given.names else given.names
    unknown = set(names) - set(SCENARIOS)
    if unknown:
        parser.error(f"unknown: {', '.join(sorted(unknown))}")
    good = True
    with stage() as on:
        for name in names:
            outcome = SCENARIOS[name](on, given)
            good = good and outcome.good
            told = json.dumps(outcome.as_data(), ensure_ascii=False) if given.json else outcome.as_text()
            sys.stdout.write(told + "\n")
            sys.stdout.flush()
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
