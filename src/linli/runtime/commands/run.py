"""``linli demo`` and ``linli serve``: everything on one machine."""

from __future__ import annotations

import contextlib
import json
import socket
from pathlib import Path
from typing import Any

import click

from linli.runtime.provider import PostgresError
from linli.runtime.supervisor import Plan, StartFailed, Supervisor, free_port
from linli.site import env

OTHER_HOME = click.option(
    "--home",
    "other_home",
    type=click.Path(path_type=Path, file_okay=False),
    help="The data folder (otherwise LINLI_HOME, otherwise ~/.linli).",
)
HOST = click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on.")
LIVE_PORT = click.option("--live-port", default=None, type=int, help="The live process's port [port + 1].")


@click.command()
@OTHER_HOME
@HOST
@click.option("--port", default=8000, show_default=True, help="The port to listen on; 0 takes a free one.")
@LIVE_PORT
@click.option(
    "--live", "played", is_flag=True, help="Let simulated people work in it: a day in the room, played."
)
@click.option(
    "--speed",
    default=60.0,
    show_default=True,
    type=click.FloatRange(0.1, 3600),
    help="With --live: played minutes in a real one.",
)
@click.pass_obj
def demo(
    home: Path,
    other_home: Path | None,
    host: str,
    port: int,
    live_port: int | None,
    played: bool,
    speed: float,
) -> None:
    """Try Linli: three example communities, people to sign in as, and everything that runs.

    Prints `ready http://…` when it serves, and writes demo.json into the data folder: the address and, for
    each person, community, role, name, sign-in and API token. The second start takes seconds and changes
    nothing. Everything in it is invented; never use it for real people. With --live the first community
    lives while you watch: open its /control/ as dispatcher or leader.
    """
    home = other_home.absolute() if other_home else home
    port, live_port = _ports(host, port, live_port)
    name = _address_of_this_machine() if host in {"0.0.0.0", "::"} else host
    plan = Plan(
        home=home,
        host=host,
        port=port,
        live_port=live_port,
        base_url=f"http://{_bracketed(name)}:{port}",
        live_url=f"http://{_bracketed(name)}:{live_port}",
        demo=True,
        allowed_hosts=f"{name},127.0.0.1,localhost,[::1]",
        play_speed=speed if played else None,
    )
    _run(plan, lambda: _present(plan))


@click.command()
@OTHER_HOME
@HOST
@click.option("--port", default=8000, show_default=True, help="The web process's port.")
@LIVE_PORT
@click.option("--workers", default=1, show_default=True, help="Web processes; one a core is plenty.")
@click.option("--threads", default=4, show_default=True, help="Requests served at the same time, a process.")
@click.pass_obj
def serve(
    home: Path,
    other_home: Path | None,
    host: str,
    port: int,
    live_port: int | None,
    workers: int,
    threads: int,
) -> None:
    """Run Linli for real on one machine, behind a web server that speaks HTTPS (deploy/nginx.conf).

    The database is the embedded one in the data folder, or the one DATABASE_URL names. LINLI_BASE_URL is the
    public address, LINLI_ALLOWED_HOSTS the names it is called by.
    """
    home = other_home.absolute() if other_home else home
    port, live_port = _ports(host, port, live_port)
    plan = Plan(
        home=home,
        host=host,
        port=port,
        live_port=live_port,
        base_url=env.text("LINLI_BASE_URL", ""),
        live_url=env.text("LINLI_LIVE_URL", ""),
        workers=workers,
        threads=threads,
    )
    _run(plan, lambda: click.echo(f"ready http://{_bracketed(host)}:{port}"))


def _ports(host: str, port: int, live_port: int | None) -> tuple[int, int]:
    """Both ports, looked at before anything starts: two web servers can share one port without an error."""
    try:
        port = free_port(host, port)
        return port, free_port(host, port + 1 if live_port is None else live_port)
    except StartFailed as error:
        raise click.ClickException(str(error)) from error


def _run(plan: Plan, when_ready: Any) -> None:
    def say(line: str) -> None:
        with contextlib.suppress(OSError):  # whoever listens may be gone, or its disk full
            click.echo(line, err=True)

    try:
        Supervisor(plan, say).run(when_ready)
    except (StartFailed, PostgresError) as error:
        raise click.ClickException(str(error)) from error


def _present(plan: Plan) -> None:
    """Print who can be tried, and the line a program waits for."""
    page = _demo_page(plan)
    people = page["people"]
    click.echo(f"\nLinli 邻里  {plan.base_url}   (data folder {plan.home}; Ctrl-C stops)")
    shown: set[tuple[str, str]] = set()
    community = None
    for person in people:
        if (person["community"], person["role"]) in shown:
            continue
        shown.add((person["community"], person["role"]))
        if person["community"] != community:
            community = person["community"]
            click.echo(f"\n  {person['community_name']}  {community}")
        click.echo(f"    {person['role']:<18} {person['name']}  {person['sign_in']}")
    click.echo(f"\n  One of each role; all {len(people)}, with API tokens, are in {plan.home / 'demo.json'}")
    for community, key in list(page.get("open311", {}).get("keys", {}).items())[:1]:
        click.echo(f"  Open311: {plan.base_url}/open311/  jurisdiction_id {community}  api_key {key}")
    click.echo(f"\nready {plan.base_url}")


def _demo_page(plan: Plan) -> dict[str, Any]:
    """``demo.json``: who can be tried, at today's address."""
    page: dict[str, Any] = json.loads((plan.home / "demo.json").read_text(encoding="utf-8"))
    return page


def _address_of_this_machine() -> str:
    """The address others reach us at; connecting a datagram socket only asks the routing table."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))
        except OSError:
            return "127.0.0.1"
        return str(probe.getsockname()[0])


def _bracketed(host: str) -> str:
    return f"[{host}]" if ":" in host else host
