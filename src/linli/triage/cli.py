"""``linli triage``: one group; each part of the room keeps its commands in a module of its own and adds them here."""

from __future__ import annotations

import click

from linli.triage.cli_hot import hot
from linli.triage.cli_learning import evaluate, train
from linli.triage.cli_pairs import pairs


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def triage() -> None:
    """Machine help for the desk: learn categories, judge what was learned, see what people write about."""


triage.add_command(hot)
triage.add_command(evaluate)
triage.add_command(train)
triage.add_command(pairs)
