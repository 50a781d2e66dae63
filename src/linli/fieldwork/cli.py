"""``linli fieldwork``: what re-visits find, and whom they trouble, tried on simulated workers; no database."""

from __future__ import annotations

import json

import click

from linli.fieldwork.rules import aiming, simulation


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def fieldwork() -> None:
    """The work in the grids: how well re-visits find false records."""


@fieldwork.command()
@click.option(
    "--seeds", type=click.IntRange(1, 10_000), default=200, show_default=True, help="quarters simulated"
)
@click.option("--weeks", type=click.IntRange(1, 52), default=13, show_default=True, help="weeks of each")
@click.option(
    "--by-lot", type=click.IntRange(0, 100), default=3, show_default=True, help="percent drawn by lot"
)
@click.option(
    "--aimed", type=click.IntRange(0, 100), default=3, show_default=True, help="percent aimed at most"
)
@click.option("--mistaken", type=click.FloatRange(0, 1), default=0.01, show_default=True,
              help="share of true records that one re-visit takes for false")  # fmt: skip
@click.option("--json", "as_json", is_flag=True, help="print as JSON")
def simulate(seeds: int, weeks: int, by_lot: int, aimed: int, mistaken: float, as_json: bool) -> None:
    """Let simulated workers, honest and not, work and be looked at again; tell who was caught and who was troubled.

    What is assumed of people stands in docs/rechecks.md. The same options give the same figures.
    """
    plan = aiming.Plan(random_percent=by_lot, aimed_percent=aimed)
    terms = simulation.Terms(weeks=weeks, mistaken=mistaken)
    found = simulation.figures(simulation.many(range(seeds), plan, terms))
    if as_json:
        click.echo(json.dumps({"seeds": seeds, "weeks": weeks, "kinds": found}, ensure_ascii=False))
        return
    head = ("kind", "records", "false", "by lot", "aimed", "proven", "wrongly", "caught", "median week")
    click.echo("  ".join(f"{one:>11}" for one in head))
    keys = ("records", "false", "revisits_random", "revisits_aimed", "proven", "proven_wrongly", "workers_proven",
            "weeks_to_first_median")  # fmt: skip
    for kind, row in found.items():
        told = (kind, *("" if row[key] is None else str(row[key]) for key in keys))
        click.echo("  ".join(f"{one:>11}" for one in told))
