"""Whose allowance an act is taken from: the account's by its level, or the network's of a passer-by."""

from __future__ import annotations

from linli.kernel import limits
from linli.kernel.access import Actor


def subject(actor: Actor, network: str) -> tuple[str, str]:
    """The row of `limits.ALLOWANCES` for this actor, and who exactly is counted."""
    if actor.staff:
        return "staff", str(actor.account_id)
    if actor.signed_in:
        return f"level{max(1, min(actor.level, 3))}", str(actor.account_id)
    return "anonymous", network


def may_look_up(actor: Actor, network: str) -> bool:
    """Take one look-up by number and code from the actor's allowance."""
    who, exactly = subject(actor, network)
    return limits.allow("look_up", who, exactly)
