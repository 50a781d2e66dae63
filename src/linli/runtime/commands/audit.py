"""``linli audit``; called by :class:`linli.runtime.rooms.RoomDoor`, which has set Django up."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from pathlib import Path

import click

from linli.kernel import audit as chains
from linli.kernel import clock

MEANINGS = {
    "changed": "the entry is not what it was when it was sealed",
    "missing": "the entry is gone",
    "broken_link": "the chain does not continue from the seal before",
    "gap": "a seal is missing before this one",
    "unsealed": "the entry has waited too long for its seal: is the worker running?",
    "cut": "the chain no longer holds the head that was kept outside",
}


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def audit() -> None:
    """Prove that no audit entry was changed or removed."""


@audit.command()
@click.option(
    "--heads", type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Heads kept outside (linli audit heads): shows also what was cut off from the end.",
)  # fmt: skip
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def verify(heads: Path | None, as_json: bool) -> None:
    """Recompute every community's chain of audit entries.

    Exit code 1 and a line for each entry that was changed, removed or left unsealed.
    """
    faults = list(chains.verify(at=clock.now(), known=_read(heads) if heads else ()))
    if as_json:
        click.echo(json.dumps({"ok": not faults, "faults": [asdict(fault) for fault in faults]}))
    for fault in faults if not as_json else ():
        click.echo(f"community {fault.community_id}, entry {fault.entry_id}: {MEANINGS[fault.code]}")
    if not faults and not as_json:
        click.echo("Every chain is whole.")
    sys.exit(1 if faults else 0)


@audit.command()
def heads() -> None:
    """Print the last seal of every chain as JSON.

    Keep it outside of this machine (print it, post it, mail it): whoever can write to the database could cut a chain, but
    not change what is in other hands.
    """
    click.echo(json.dumps([asdict(head) for head in chains.heads()], indent=1))


def _read(path: Path) -> list[chains.Head]:
    try:
        return [
            chains.Head(int(one["community_id"]), int(one["seq"]), bytes.fromhex(one["hash"]).hex())
            for one in json.loads(path.read_text(encoding="utf-8"))
        ]
    except (ValueError, KeyError, TypeError) as error:
        raise click.UsageError(f"{path.name} was not printed by `linli audit heads`.") from error
