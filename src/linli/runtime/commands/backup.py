"""``linli backup | restore | verify``."""

from __future__ import annotations

import json
import sys
from datetime import UTC, datetime
from pathlib import Path

import click

from linli.runtime import database
from linli.runtime import home as homes
from linli.runtime.backup import bring_back, erased, manifest
from linli.runtime.backup import make as making
from linli.runtime.backup.make import BackupFailed
from linli.runtime.backup.manifest import Manifest, NotWhole
from linli.site import env

AS_JSON = click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
BACKUP = click.argument("backup", type=click.Path(exists=True, path_type=Path))


@click.command()
@click.argument("target", type=click.Path(path_type=Path))
@AS_JSON
@click.pass_obj
def backup(home: Path, target: Path, as_json: bool) -> None:
    """Write database and media to TARGET: a new folder, or a file whose name ends with .tar.

    An existing folder gets a new one inside, named by the time. Linli may go on running. The keys are not
    included: keep a copy of secrets/keyring.json in another place, without it sealed fields cannot be read.
    """
    at = datetime.now(UTC)  # noqa: TID251  (this command is the door)
    if target.is_dir():
        target = target / f"linli-{at:%Y%m%dT%H%M%SZ}"
    with database.reach(home) as addresses:
        if not addresses.owner:
            raise click.ClickException(
                "Set LINLI_OWNER_DATABASE_URL: the application's role does not see all rows."
            )
        source = making.Source(
            owner_url=addresses.owner,
            media=None if env.text("LINLI_MEDIA_BACKEND", "") else home / "media",
            keyring=homes.keyring_file(home),
            embedded=bool(addresses.superuser),
        )
        try:
            made = making.make(source, target.absolute(), at=at, say=_say)
        except BackupFailed as error:
            raise click.ClickException(str(error)) from error
    _report(made, [], as_json, f"Backed up to {target}", target)


@click.command()
@BACKUP
@click.option("--quick", is_flag=True, help="Only compare the files with the manifest; restore nothing.")
@AS_JSON
def verify(backup: Path, quick: bool, as_json: bool) -> None:
    """Prove that BACKUP is whole: every file, and, restored on the side, every table and audit chain.

    Exit code 1 and a line for each fault if it is not.
    """
    found = None
    try:
        with bring_back.opened(backup) as folder:
            found = _checked(folder)
            faults = [] if quick else bring_back.prove_on_the_side(folder, found, _say)
    except NotWhole as error:
        faults = error.faults
    except BackupFailed as error:
        faults = [str(error)]
    _report(found, faults, as_json, f"{backup} is whole", backup)


@click.command()
@BACKUP
@click.option("--without-keys", is_flag=True, help="Restore although sealed fields will stay closed.")
@click.option(
    "--without-erased", is_flag=True, help="Restore although people erased since the backup will be back."
)
@AS_JSON
@click.pass_obj
def restore(home: Path, backup: Path, without_keys: bool, without_erased: bool, as_json: bool) -> None:
    """Bring BACKUP back into an empty database and data folder, and prove it.

    Give a new folder: linli --home NEW restore BACKUP. First put into NEW/secrets, from the machine that was in
    use last, keyring.json (opens the sealed fields) and erased.jsonl (people who must stay erased).
    """
    found = None
    list_of_erased = None if without_erased else homes.erased_file(home)
    try:
        if list_of_erased is not None:
            erased.read(list_of_erased)
        with bring_back.opened(backup) as folder:
            found = _checked(folder)
            if not without_keys:
                bring_back.check_keys(found, homes.keyring_file(home))
            homes.prepare(home)
            with database.reach(home) as addresses:
                target = bring_back.Target(home, addresses)
                faults = bring_back.restore(folder, found, target, _say, erased=list_of_erased)
    except NotWhole as error:
        faults = error.faults
    except BackupFailed as error:
        raise click.ClickException(str(error)) from error
    _report(found, faults, as_json, f"Restored into {home}", backup)


def _checked(folder: Path) -> Manifest:
    found = manifest.read(folder)
    with click.progressbar(length=len(found.files), label="checking the files", file=sys.stderr) as bar:
        manifest.check_files(folder, found, lambda: bar.update(1))
    return found


def _report(found: Manifest | None, faults: list[str], as_json: bool, good: str, where: Path) -> None:
    rows = sum(table.rows for table in found.tables.values()) if found else 0
    size = sum(size for size, _digest in found.files.values()) if found else 0
    count = len(found.files) if found else 0
    if as_json:
        facts = {"ok": not faults, "backup": str(where), "rows": rows, "files": count, "bytes": size}
        click.echo(json.dumps(facts | {"faults": faults}, ensure_ascii=False))
    elif faults:
        click.echo("\n".join(["NOT WHOLE:", *(f"  {fault}" for fault in faults)]))
    else:
        click.echo(f"{good}: {rows} rows, {count} files, {size / 1e6:.1f} MB.")
    sys.exit(1 if faults else 0)


def _say(line: str) -> None:
    click.echo(line, err=True)
