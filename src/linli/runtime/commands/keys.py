"""``linli keys``; called by :class:`linli.runtime.rooms.RoomDoor`, which has set Django up."""

from __future__ import annotations

import json
import sys
import time

import click

from linli.grids import queries as places
from linli.kernel import keys as held
from linli.kernel import reseal, scope


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def keys() -> None:
    """See and exchange the keys that seal personal data."""


@keys.command()
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def status(as_json: bool) -> None:
    """Say which keys there are, and how many values are still under an older data key."""
    ring = held.keyring(fresh=True)
    with scope.within(places.community_ids()):
        older = reseal.remaining()
    if as_json:
        found = {name: {"current": one.current, "keys": sorted(one.keys)} for name, one in ring.sets.items()}
        click.echo(json.dumps({"keys": found, "under_older_data_keys": older}))
        return
    for name, one in ring.sets.items():
        click.echo(f"{name}: {one.current} is current; {', '.join(sorted(one.keys))}")
    click.echo(f"{older} values are under an older data key.")


@keys.command()
@click.option("--batch", default=reseal.BATCH, show_default=True, help="Rows in one transaction.")
def exchange(batch: int) -> None:
    """Make a new data key and bring every sealed value under it.

    May be stopped at any time, even killed: run it again and it goes on. Linli keeps running meanwhile. The old
    key stays in the keyring, because older backups need it; see `linli keys drop`.
    """
    with scope.within(places.community_ids()):
        ring = held.keyring(fresh=True)
        if reseal.remaining():
            click.echo(f"Going on with the exchange to {ring.sets['data'].current}.")
        else:
            ring = ring.with_new_key("data")
            held.use(ring)
            click.echo(f"{ring.sets['data'].current} is the new data key.")
            # Until then a running process may still seal with the old key.
            time.sleep(held.LOOK_AGAIN_SECONDS + 1)
        with click.progressbar(length=reseal.remaining(), label="Sealing again") as bar:
            for step in reseal.rotate(batch=batch):
                bar.update(step.rows)
        click.echo(f"Done; {reseal.remaining()} values are under an older key.")


@keys.command()
@click.argument("kid")
def drop(kid: str) -> None:
    """Forget an old data key. Backups made before the exchange can then no longer be read."""
    with scope.within(places.community_ids()):
        if reseal.remaining():
            click.echo("Some values are still under an older key: run `linli keys exchange` first.", err=True)
            sys.exit(1)
        try:
            held.use(held.keyring(fresh=True).without_key("data", kid))
        except ValueError as error:
            click.echo(f"{error}.", err=True)
            sys.exit(1)
    click.echo(f"{kid} is forgotten.")
