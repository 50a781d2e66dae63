"""The ``linli`` command. A subcommand is imported only when it is called, so ``--help`` is immediate."""

from __future__ import annotations

import importlib
import sys
from pathlib import Path
from typing import Any

import click

from linli import __version__
from linli.runtime import home as homes
from linli.runtime.provider import PostgresError
from linli.runtime.rooms import RoomDoor
from linli.site.env import BadSetting

HERE = "linli.runtime.commands"
# name: (where, one line of help)
COMMANDS = {
    "demo": (f"{HERE}.run:demo", "Try Linli: everything on this machine, with example communities."),
    "serve": (f"{HERE}.run:serve", "Run Linli for real on one machine: database, web, worker and live."),
    "web": (f"{HERE}.web:web", "Run only the web process."),
    "live": (f"{HERE}.live:live", "Run only the process that tells open screens of news."),
    "worker": (f"{HERE}.worker:worker", "Run only the process that does jobs and timed sweeps."),
    "migrate": (
        f"{HERE}.migrate:migrate",
        "Bring the tables up to date and raise the walls between communities.",
    ),
    "doctor": (f"{HERE}.doctor:doctor", "Say what is wrong with this installation and how to mend it."),
    "backup": (f"{HERE}.backup:backup", "Write database and media into a folder or .tar that can be proven."),
    "restore": (f"{HERE}.backup:restore", "Bring a backup back into an empty database and prove it."),
    "play": (f"{HERE}.play:play", "Let simulated people work in a running demo, at a chosen speed."),
    "bench": (f"{HERE}.bench:bench", "Measure the main paths against a floor."),
    "verify": (f"{HERE}.backup:verify", "Prove that a backup is whole, by restoring it on the side."),
}
# name: (the room's click group, one line of help)
ROOMS = {
    "places": ("linli.grids.cli:places", "Import, check and find places."),
    "cases": ("linli.cases.cli:cases", "Import and look at cases."),
    "assessment": ("linli.assessment.cli:assessment", "Compute, show and prove the runs of the league."),
    "fieldwork": ("linli.fieldwork.cli:fieldwork", "Try re-visits of records on simulated workers."),
    "triage": ("linli.triage.cli:triage", "Let the machine learn categories, and judge what it proposes."),
    "people": ("linli.people.cli:people", "Open first accounts and help people back in."),
    "hotline": ("linli.integrations.hotline.cli:hotline", "Exchange work orders with a 12345 hotline."),
    "jobs": (f"{HERE}.jobs:jobs", "See reactions that failed, and let them be tried again."),
    "audit": ("linli.runtime.commands.audit:audit", "Prove that no audit entry was changed or removed."),
    "keys": ("linli.runtime.commands.keys:keys", "See and exchange the keys that seal personal data."),
}
# Commands of a room that read files only: no database is started for them.
WITHOUT_DATABASE: dict[str, frozenset[str]] = {
    "triage": frozenset({"evaluate", "hot", "pairs"}),
    "fieldwork": frozenset({"simulate"}),
}


class LazyGroup(click.Group):
    """Knows its subcommands by name and help line, and imports one when it is run."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The order of the tables above, which is the order of a newcomer's questions."""
        return [*COMMANDS, *ROOMS]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command, imported now."""
        if cmd_name in ROOMS:
            where, line = ROOMS[cmd_name]
            return RoomDoor(cmd_name, where, line, WITHOUT_DATABASE.get(cmd_name, frozenset()))
        if cmd_name not in COMMANDS:
            return None
        module, _, name = COMMANDS[cmd_name][0].partition(":")
        found: click.Command = getattr(importlib.import_module(module), name)
        return found

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the commands without importing any."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, line) for name, (_where, line) in (COMMANDS | ROOMS).items()])


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="linli")
@click.option(
    "--home",
    type=click.Path(path_type=Path, file_okay=False),
    help="The data folder (otherwise LINLI_HOME, otherwise ~/.linli).",
)
@click.pass_context
def group(ctx: click.Context, home: Path | None) -> None:
    """Linli 邻里: a community governs itself with its residents.

    Exit codes: 0 done, 1 something is wrong (the message says what), 2 the command was not understood.
    """
    ctx.obj = home.absolute() if home else homes.default()


def main(arguments: list[str] | None = None) -> None:
    """The console script."""
    try:
        code: Any = group.main(args=arguments, prog_name="linli", standalone_mode=False)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except click.Abort:
        click.echo("Stopped.", err=True)
        sys.exit(130)
    except (PostgresError, BadSetting) as error:
        click.echo(f"linli: {error}", err=True)
        sys.exit(1)
    sys.exit(code if isinstance(code, int) else 0)
