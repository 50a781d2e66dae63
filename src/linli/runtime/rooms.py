"""The door to commands that rooms bring: makes this process one of Linli's, then hands over."""

from __future__ import annotations

import importlib
from pathlib import Path

import click

from linli.runtime import inside


class RoomDoor(click.Command):
    """Takes all words after its name; the room's own click group reads them once Django is ready."""

    def __init__(
        self, name: str, where: str, line: str, without_database: frozenset[str] = frozenset()
    ) -> None:
        super().__init__(
            name,
            help=line,
            callback=self._enter,
            add_help_option=False,
            params=[click.Argument(["words"], nargs=-1, type=click.UNPROCESSED)],
            context_settings={"ignore_unknown_options": True, "allow_interspersed_args": False},
        )
        self.where = where
        self.without_database = without_database

    def _enter(self, words: tuple[str, ...]) -> object:
        home: Path = click.get_current_context().obj
        only_help = not words or bool({"--help", "-h"} & set(words))
        needs_none = only_help or words[0] in self.without_database
        with inside.described(home) if needs_none else inside.ready(home):
            module, _, name = self.where.partition(":")
            group: click.Command = getattr(importlib.import_module(module), name)
            return group.main(args=list(words), prog_name=f"linli {self.name}", standalone_mode=False)
