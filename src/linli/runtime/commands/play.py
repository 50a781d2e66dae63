"""``linli play``: a day in the room, played by simulated people through the API of a running demo."""

from __future__ import annotations

import json
import logging
import signal
import sys
import time
from pathlib import Path
from types import FrameType
from typing import Any

import click

from linli.runtime import inside

COMMUNITY = "520113008006"


@click.command()
@click.option(
    "--speed",
    default=60.0,
    show_default=True,
    type=click.FloatRange(0.1, 3600),
    help="Played minutes in a real one.",
)
@click.option(
    "--community", default=COMMUNITY, show_default=True, help="The 12-digit code of the one that plays."
)
@click.option("--seed", default=1, show_default=True, help="The same seed plays the same troubles.")
@click.option("--minutes", type=click.FloatRange(1), help="Stop after so many played minutes.")
@click.option("--keep-promises", is_flag=True, help="Leave the promises as long as they are.")
@click.option("--end", is_flag=True, help="Only put back the promises that a play had shortened.")
@click.option("--json", "as_json", is_flag=True, help="Tell at the end what was done, as JSON.")
@click.pass_obj
def play(
    home: Path,
    speed: float,
    community: str,
    seed: int,
    minutes: float | None,
    keep_promises: bool,
    end: bool,
    as_json: bool,
) -> None:
    """Let simulated people report, send, delay, bounce and settle in a running demo, until Ctrl-C.

    Everything goes through the real API with the demo's own tokens. So that promises run out while one watches,
    those of the played community are shortened as time is; they are put back when the demo starts without a play.
    """
    with inside.described(home):
        from linli.site.demo.play import cast as casts  # noqa: PLC0415  (needs Django set up)
        from linli.site.demo.play import drill  # noqa: PLC0415  (as above)
        from linli.site.demo.play.door import Http, Refused  # noqa: PLC0415  (as above)
        from linli.site.demo.play.run import Play, told  # noqa: PLC0415  (as above)

        card = _card(home)
        try:
            cast = casts.gather(card, community, Http(card["address"]))
        except LookupError as error:
            raise click.ClickException(f"No community {community} is in {home / 'demo.json'}.") from error
        if end:
            click.echo(
                "The promises are as they were." if drill.end(cast, home) else "Nothing was shortened."
            )
            return
        if not keep_promises:
            try:
                drill.begin(cast, home, speed)
            except Refused as error:
                click.echo(f"The promises stay as long as they are: the API refused ({error}).", err=True)
        logging.basicConfig(level=logging.WARNING, format="%(message)s", stream=sys.stderr)
        played = Play(cast, speed, seed, time.monotonic, time.sleep)
        signal.signal(signal.SIGTERM, _stop)
        try:
            played.go(minutes=minutes)
        except KeyboardInterrupt:
            pass
        _tell(told(played), as_json)


def _stop(number: int, frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def _card(home: Path) -> dict[str, Any]:
    path = home / "demo.json"
    if not path.exists():
        raise click.ClickException(
            f"There is no demo in {home}: start one with `linli demo`, or name its --home."
        )
    card: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return card


def _tell(done: dict[str, Any], as_json: bool) -> None:
    click.echo(
        json.dumps(done)
        if as_json
        else f"{done['begun']} troubles were reported; the API refused {done['refused']}."
    )
