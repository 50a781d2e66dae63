"""``linli doctor``."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path

import click
from django.db import DatabaseError

from linli.runtime import database, inside
from linli.runtime.doctor import application, machine, server
from linli.runtime.doctor.finding import Finding
from linli.runtime.postgres import Postgres
from linli.runtime.provider import PostgresError

SIGNS = {"ok": ("✓", "green"), "warn": ("!", "yellow"), "bad": ("✗", "red")}


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.pass_obj
def doctor(home: Path, as_json: bool) -> None:
    """Say what is wrong with this installation and how to mend it. Changes nothing.

    Exit code 1 if anything is bad; warnings leave it at 0.
    """
    found = list(_examine(home))
    healthy = not any(finding.state == "bad" for finding in found)
    if as_json:
        click.echo(
            json.dumps({"ok": healthy, "findings": [asdict(one) for one in found]}, ensure_ascii=False)
        )
    else:
        for finding in found:
            sign, colour = SIGNS[finding.state]
            click.echo(f"{click.style(sign, fg=colour)} {finding.name}: {finding.seen}")
            if finding.mend:
                click.echo(f"    → {finding.mend}")
    sys.exit(0 if healthy else 1)


def _examine(home: Path) -> Iterator[Finding]:
    on_this_machine = list(machine.findings(home))
    yield from on_this_machine
    if any(finding.state == "bad" and finding.name != "disk" for finding in on_this_machine):
        return  # without secrets or a folder the rest would only repeat it
    serving = database.elsewhere() is not None or Postgres(home).served_elsewhere()
    try:
        with database.reach(home) as addresses:
            on_server = list(server.findings(addresses, serving=serving))
            yield from on_server
            if any(
                finding.name in {"database", "tables"} and finding.state == "bad" for finding in on_server
            ):
                return
            yield from _application(home, addresses)
    except PostgresError as error:
        yield Finding("database", "bad", str(error), "See the message.")


def _application(home: Path, addresses: database.Addresses) -> Iterator[Finding]:
    demo = (home / "demo.json").exists()
    database.enter(home, addresses)
    if demo:
        os.environ["LINLI_DEMO"] = "1"
    try:
        inside.set_up_django()
        yield from application.findings(demo=demo)
        from linli.runtime.doctor import communities  # noqa: PLC0415  (needs the tables, hence django.setup)

        yield from communities.findings()
    except DatabaseError as error:
        yield Finding("application", "bad", str(error).strip(), "Run linli migrate.")
