"""``linli migrate``."""

from __future__ import annotations

from pathlib import Path

import click
from django.core.management import call_command
from django.db import connection

from linli.kernel import walls
from linli.runtime import fresh, inside

# Any fixed number: whoever migrates holds it, so two machines that start together wait for each other.
LOCK = 5_201_130_080


@click.command()
@click.option("--check", is_flag=True, help="Change nothing; exit 1 if something is to be done.")
@click.pass_obj
def migrate(home: Path, check: bool) -> None:
    """Bring the tables up to date, as the role that owns them, raise the walls between communities, lay out the assets.

    Repeating it is harmless. With DATABASE_URL set it also needs LINLI_OWNER_DATABASE_URL.
    """
    with inside.ready(home, as_owner=True):
        if check:
            call_command("migrate", check_unapplied=True, verbosity=0)
            return
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(%s)", [LOCK])
        fresh.lay()
        call_command("migrate", verbosity=0, interactive=False)
        walls.raise_walls()
        call_command("collectstatic", verbosity=0, interactive=False, clear=True)
        connection.close()
    click.echo("The database is up to date.")
