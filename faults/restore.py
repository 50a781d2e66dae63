"""A backup made while people write, an accident, and the way back (F10, F11): nothing of it lost, nobody erased is back."""

from __future__ import annotations

import json
import random
import shutil
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import psycopg

from faults.clients import Clients
from faults.compare import compare
from faults.house import House, linli, until
from faults.journal import Journal, Line
from faults.locks import Report
from faults.outcome import Outcome
from linli.runtime.backup import manifest
from linli.runtime.backup.manifest import NotWhole
from linli.runtime.postgres import Postgres

ERASE = """
import django; django.setup()
from linli.kernel import clock
from linli.people.actions import erasure
erasure.erase_account(account_id={account}, at=clock.now())
"""
OF_PERSON = "SELECT id, name IS NOT NULL, erased_at IS NOT NULL FROM people_account WHERE id = %s"
CONTACT = "SELECT count(*) FROM cases_case WHERE contact_phone IS NOT NULL AND number = %s"
HERE = "SELECT number FROM cases_case WHERE words LIKE '第%试报%'"
RESTORE_SECONDS = 300.0


def restore(house: House, folder: Path, *, seed: int, damages: int) -> Outcome:
    """Back up under load, erase a person, damage copies, restore elsewhere, compare."""
    outcome = Outcome("restore", {"seed": seed})
    journal = Journal(folder / f"restore.{seed}.journal")
    backup = folder / f"backup-{seed}"
    person, number = _resident(house)
    with Clients(house.port, house.tokens(2), journal, seed, pause=0.1) as clients:
        until(lambda: len(journal.read()) >= 5, seconds=60)
        before = journal.read()
        began = time.monotonic()
        made = linli(house.home, "backup", str(backup), "--json")
        outcome.facts["backup_seconds"] = round(time.monotonic() - began, 1)
        outcome.must(made.returncode == 0, f"a backup can be made while people write: {made.stderr[-300:]}")
    outcome.must(not clients.given_up and not clients.faults, "nobody noticed")
    outcome.facts |= {"accepted_before": len(before), "accepted_in_all": len(journal.read())}
    _erased(house, person, outcome)
    _damaged(backup, folder / "copy", outcome, chance=random.Random(seed), damages=damages)
    _brought_back(
        house, backup, folder / f"again-{seed}", outcome, before=before, person=person, number=number
    )
    with house.database() as connection:
        verdict = compare(connection, journal.read(), house.home / "media")
    outcome.must(verdict.good, f"the house itself lost nothing: {verdict}")
    return outcome


def _resident(house: House) -> tuple[int, str]:
    """A resident of the demo with a report of their own that names a phone: account and case number."""
    resident = house.people("resident")[-1]
    report = Report(house)
    report.token = resident["token"]
    report.body |= {"contact_name": "康乃馨", "contact_phone": "13912345678"}
    until(report.taken, seconds=30)
    number = str(report.receipt.data["number"])
    with house.database() as connection:
        row = connection.execute("SELECT reporter_id FROM cases_case WHERE number = %s", [number]).fetchone()
    return (int(row[0]) if row else 0), number


def _erased(house: House, person: int, outcome: Outcome) -> None:
    command = [sys.executable, "-c", ERASE.format(account=person)]
    environment = house.environment() | {"DJANGO_SETTINGS_MODULE": "linli.site.settings"}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    outcome.must(done.returncode == 0, f"a resident can be erased: {done.stderr[-500:]}")
    listed = house.home / "secrets" / "erased.jsonl"
    with outcome.within(60, "seconds_until_on_the_list_of_erased"):
        until(lambda: f'"account": {person},' in listed.read_text(encoding="ascii"), seconds=90)


def _damaged(backup: Path, copy: Path, outcome: Outcome, *, chance: random.Random, damages: int) -> None:
    """One flipped byte, one missing, one shortened or one added file at a time: each is told, none passes."""
    passed = []
    names = sorted(path.relative_to(backup) for path in backup.rglob("*") if path.is_file())
    shutil.copytree(backup, copy)
    for _ in range(damages):
        name, how = chance.choice(names), chance.choice(("flip", "miss", "cut", "add"))
        good = (copy / name).read_bytes()
        _damage(copy / name, good, how, chance)
        if _whole(copy):
            passed.append(f"{how} {name}")
        (copy / name).with_suffix(".added").unlink(missing_ok=True)
        (copy / name).write_bytes(good)
    outcome.facts |= {"damages": damages, "damages_not_told": len(passed)}
    outcome.must(not passed, f"a damaged backup is never called whole: {passed[:3]}")
    outcome.must(_whole(copy), "and one made good again is")
    shutil.rmtree(copy)


def _damage(path: Path, good: bytes, how: str, chance: random.Random) -> None:
    if how == "flip":
        at = chance.randrange(len(good)) if good else 0
        path.write_bytes(
            good[:at] + bytes([(good[at] if good else 0) ^ (1 << chance.randrange(8))]) + good[at + 1 :]
        )
    elif how == "miss":
        path.unlink()
    elif how == "cut":
        path.write_bytes(good[:-1] if good else b"\0")
    else:
        path.with_suffix(".added").write_bytes(b"?")


def _whole(folder: Path) -> bool:
    try:
        manifest.check_files(folder, manifest.read(folder), lambda: None)
    except NotWhole:
        return False
    return True


def _brought_back(
    house: House,
    backup: Path,
    home: Path,
    outcome: Outcome,
    *,
    before: list[Line],
    person: int,
    number: str,
) -> None:
    home.mkdir(mode=0o711)
    refused = linli(home, "restore", str(backup))
    outcome.must(
        refused.returncode == 1, "it is not brought back without the keys and the list of erased people"
    )
    (home / "secrets").mkdir(mode=0o700, exist_ok=True)
    for name in ("keyring.json", "erased.jsonl"):
        shutil.copy2(house.home / "secrets" / name, home / "secrets" / name)
    began = time.monotonic()
    done = linli(home, "restore", str(backup), "--json")
    outcome.facts["restore_seconds"] = round(time.monotonic() - began, 1)
    outcome.must(outcome.facts["restore_seconds"] < RESTORE_SECONDS, "it comes back in time")
    told = json.loads(done.stdout) if done.stdout.startswith("{") else {}
    outcome.facts |= {"rows": told.get("rows"), "files": told.get("files"), "bytes": told.get("bytes")}
    outcome.must(
        told.get("ok") is True, f"tables and media are as they were: {done.stdout}{done.stderr[-500:]}"
    )
    with Postgres(home) as postgres, psycopg.connect(postgres.superuser_url("linli")) as connection:
        _as_it_was(connection, outcome, before=before, person=person, number=number)
    shutil.rmtree(home, ignore_errors=True)


def _as_it_was(
    connection: psycopg.Connection[Any], outcome: Outcome, *, before: list[Line], person: int, number: str
) -> None:
    here = {row[0] for row in connection.execute(HERE.encode()).fetchall()}
    lost = [line.number for line in before if line.number not in here]
    outcome.must(not lost, f"what was accepted before the backup is back: {lost[:3]}")
    row = connection.execute(OF_PERSON, [person]).fetchone()
    outcome.must(row == (person, False, True), f"who was erased after the backup stays erased: {row}")
    open_ = connection.execute(CONTACT, [number]).fetchone()
    outcome.must(open_ == (0,), "nor is the phone on their report back")
