"""``linli audit``: prove that no audit entry was changed or removed."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict

import click

from linli.kernel import audit as chain
from linli.kernel import clock
from linli.kernel.models import AuditEntry, AuditSeal

MEANINGS = {
    "changed": "the entry is not what it was when it was sealed",
    "broken_link": "the chain does not continue from the seal before",
    "gap": "a seal is missing before this one",
    "unsealed": "the entry has waited too long for its seal: is the worker running?",
}


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def audit() -> None:
    """Prove that no audit entry was changed or removed."""


@audit.command()
@click.option("--json", "as_json", is_flag=True, help="print as JSON")
def verify(as_json: bool) -> None:
    """Recompute every community's hash chain. Exit code 1 when something is wrong."""
    faults = list(chain.verify(at=clock.now()))
    entries, seals = AuditEntry.objects.count(), AuditSeal.objects.count()
    if as_json:
        plain = {"entries": entries, "sealed": seals, "faults": [asdict(fault) for fault in faults]}
        click.echo(json.dumps(plain))
    else:
        for fault in faults[:100]:
            click.echo(f"community {fault.community_id}, entry {fault.entry_id}: {MEANINGS[fault.code]}.")
        click.echo(f"{entries} entries, {seals} sealed, {len(faults)} faults.")
    if faults:
        sys.exit(1)
