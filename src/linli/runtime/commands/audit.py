"""``linli audit verify``; called by :class:`linli.runtime.rooms.RoomDoor`, which has set Django up."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict

import click

from linli.kernel import audit as chains
from linli.kernel import clock


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def audit() -> None:
    """Prove that no audit entry was changed or removed."""


@audit.command()
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def verify(as_json: bool) -> None:
    """Recompute every community's chain of audit entries.

    Exit code 1 and a line for each entry that was changed, removed or left unsealed.
    """
    faults = list(chains.verify(at=clock.now()))
    if as_json:
        click.echo(json.dumps({"ok": not faults, "faults": [asdict(fault) for fault in faults]}))
    for fault in faults if not as_json else ():
        click.echo(f"community {fault.community_id}, entry {fault.entry_id}: {fault.code}")
    if not faults and not as_json:
        click.echo("Every chain is whole.")
    sys.exit(1 if faults else 0)
