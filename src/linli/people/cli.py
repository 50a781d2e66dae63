"""``linli people``: the first accounts of an installation, and help for those who have lost everything."""

from __future__ import annotations

import json
import sys

import click
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from linli.faces import languages
from linli.kernel import access, clock
from linli.people import queries, rules
from linli.people.actions import accounts, second_factors


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def people() -> None:
    """Open accounts and help people back in, from the machine's own console."""


class Phone(click.ParamType[str]):
    """A mobile number, however it is typed."""

    name = "phone"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """In E.164."""
        try:
            return rules.normal_phone(value)
        except rules.BadPhone:
            self.fail("this is not a mobile number", param, ctx)


@people.command(name="open")
@click.argument("phone", type=Phone())
@click.option("--name", required=True, help="the full name")
@click.option("--language", default="zh-hans", help="zh-hans, en, or another that the house speaks")
@click.option("--superuser", is_flag=True, help="may open the Django admin (with a second factor)")
@click.option("--json", "as_json", is_flag=True, help="print as JSON")
def open_(phone: str, name: str, language: str, superuser: bool, as_json: bool) -> None:
    """Open an account, or find the one the phone has. Its person signs in with a code to the phone."""
    at = clock.now()
    if not languages.is_spoken(language):
        spoken = ", ".join(one.code for one in languages.spoken())
        raise click.BadParameter(f"this house speaks {spoken}", param_hint="--language")
    profile = accounts.Profile(name=name, language=language, elder=False)
    account = accounts.open_account(actor=access.SYSTEM, phone=phone, profile=profile, at=at)
    if superuser:
        accounts.make_superuser(account_id=account.pk, at=at)
    if as_json:
        click.echo(json.dumps({"account": account.pk, "superuser": superuser}))
    else:
        click.echo(f"Account {account.pk}{' may open the Django admin' if superuser else ''}.")


@people.command(name="set-password")
@click.argument("phone", type=Phone())
@click.option("--stdin", is_flag=True, help="take the first line of the input instead of asking twice")
def set_password(phone: str, stdin: bool) -> None:
    """Set somebody's password: for the first account of a server that has no carrier for codes.

    All sessions of the person end. Make sure first who is asking.
    """
    account = queries.account_by_phone(phone)
    if account is None:
        raise click.ClickException("No account has this phone.")
    password = (
        sys.stdin.readline().rstrip("\n")
        if stdin
        else str(click.prompt("Password", hide_input=True, confirmation_prompt=True))
    )
    try:
        validate_password(password, account)
    except ValidationError as error:
        raise click.ClickException(" ".join(error.messages)) from error
    accounts.set_password(account_id=account.pk, password=password, at=clock.now())
    click.echo(f"Account {account.pk} has a new password.")


@people.command(name="reset-second-factor")
@click.argument("phone", type=Phone())
def reset_second_factor(phone: str) -> None:
    """Forget somebody's lost app, keys and recovery codes. Make sure first who is asking."""
    account = queries.account_by_phone(phone)
    if account is None:
        raise click.ClickException("No account has this phone.")
    gone = second_factors.reset(account_id=account.pk, at=clock.now())
    click.echo(f"Account {account.pk}: {gone} forgotten; all its sessions have ended.")
