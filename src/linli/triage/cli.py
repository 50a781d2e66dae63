"""``linli triage``: one group; each part of the room keeps its commands in a module of its own and adds them here."""

from __future__ import annotations

import click

from linli.triage.cli_hot import hot
<<<<<<< HEAD
from linli.triage.cli_learning import evaluate
=======
from linli.triage.cli_pairs import pairs
>>>>>>> d1d44eb (triage: Judge likeness on hand-written pairs, with floors; take what was joined along with one's own data.)


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def triage() -> None:
    """Machine help for the desk: learn categories, judge what was learned, see what people write about."""


triage.add_command(hot)
<<<<<<< HEAD
triage.add_command(evaluate)
=======
triage.add_command(pairs)
>>>>>>> d1d44eb (triage: Judge likeness on hand-written pairs, with floors; take what was joined along with one's own data.)
