"""Who I am, and what is mine: tokens, consents, who looked at my data, and the data itself.

What proves who somebody is stays with the pages: signing in, second factors, phone and password, making tokens, giving and
withdrawing consent, proving a home, deleting the account.
"""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse

from linli.kernel.access import SIGNED_IN, Actor
from linli.kernel.api import actor_of, answer, at, operation
from linli.kernel.api_types import PathId
from linli.people import models, queries, rules
from linli.people.actions import my_data, tokens
from linli.people.api.routers import mine
from linli.people.api.shapes import ConsentOut, LookOut, MeOut, MyData, TicketIn, TicketOut, TokenOut

LOOKS_SHOWN = 100


@mine.get("/me", response=MeOut, summary="Who the token acts as")
@operation("people.api_me", who=SIGNED_IN)
def read(request: HttpRequest) -> HttpResponse:
    """The account, its communities, its duties in force, and what the token may do."""
    actor = actor_of(request)
    return answer(
        {
            "account_id": actor.account_id,
            "name": actor.name,
            "level": actor.level,
            "language": actor.language,
            "communities": sorted(actor.communities),
            "duties": [
                {
                    "role": grant.role,
                    "community_id": grant.community_id,
                    "place_id": grant.place_id,
                    "organisation_id": grant.organisation_id,
                }
                for grant in actor.grants
            ],
            "scopes": sorted(actor.scopes),
            "token_id": actor.token_id,
        }
    )


@mine.get("/me/tokens", response=list[TokenOut], summary="Your tokens")
@operation("people.api_tokens", who=SIGNED_IN, scope=rules.Scope.PEOPLE_READ)
def my_tokens(request: HttpRequest) -> HttpResponse:
    """The newest first, ended ones too. A token is made on the page, where its secret is shown once."""
    actor = actor_of(request)
    return answer([_token(row, actor) for row in queries.tokens_of(actor.person_id)])


def _token(row: models.ApiToken, actor: Actor) -> dict[str, Any]:
    return {
        "id": row.pk,
        "name": row.name,
        "scopes": row.scopes,
        "community_id": row.community_id,
        "created_at": row.created_at,
        "expires_at": row.expires_at,
        "revoked_at": row.revoked_at,
        "last_used_date": row.last_used_date,
        "this": row.pk == actor.token_id,
    }


@mine.delete("/me/tokens/{int:token_id}", response={204: None}, summary="End one of your tokens")
@operation("people.api_revoke_token", who=SIGNED_IN)
def revoke(request: HttpRequest, token_id: PathId) -> HttpResponse:
    """At once. Any token may end any of its person's tokens, itself too: ending one opens nothing."""
    tokens.revoke_token(actor=actor_of(request), token_id=token_id, at=at(request))
    return HttpResponse(status=204)


@mine.get("/me/consents", response=list[ConsentOut], summary="What you agreed to")
@operation("people.api_consents", who=SIGNED_IN, scope=rules.Scope.PEOPLE_READ)
def consents(request: HttpRequest) -> HttpResponse:
    """The newest first, withdrawn ones too. Consent is given and withdrawn on the page, by the person."""
    return answer(
        [
            {
                "purpose": one.purpose,
                "text_version": one.text_version,
                "given_at": one.given_at,
                "withdrawn_at": one.withdrawn_at,
            }
            for one in queries.consents_of(actor_of(request).person_id)
        ]
    )


@mine.get("/me/looks", response=list[LookOut], summary="Who looked at your data")
@operation("people.api_looks", who=SIGNED_IN, scope=rules.Scope.PEOPLE_READ)
def looks(request: HttpRequest) -> HttpResponse:
    """The last 100 times somebody read your name or phone in clear, and what for."""
    found = queries.looks_at(actor_of(request).person_id, limit=LOOKS_SHOWN)
    readers = queries.cards(look.reader_id for look in found)
    return answer(
        [
            {
                "at": look.at,
                "reader": readers[look.reader_id].short_name if look.reader_id in readers else "",
                "roles": [role for role in look.reader_role.split(",") if role],
                "community_id": look.community_id,
                "fields": list(look.fields),
                "purpose": look.purpose,
                "task": look.task,
            }
            for look in found
        ]
    )


@mine.post("/me/data", response={201: TicketOut}, summary="Ask for all your data")
@operation("people.api_ask_data", who=SIGNED_IN, scope=rules.Scope.PEOPLE_READ)
def ask(request: HttpRequest) -> HttpResponse:
    """Three times a day. The ticket that comes back takes the data once, by this token, within 15 minutes."""
    actor = actor_of(request)
    ticket = my_data.ask_export(account_id=actor.person_id, session_key=_session(actor), at=at(request))
    return answer({"ticket": ticket}, status=201)


@mine.post("/me/data/take", response=MyData, summary="Take all your data")
@operation("people.api_take_data", who=SIGNED_IN, scope=rules.Scope.PEOPLE_READ)
def take(request: HttpRequest, body: TicketIn) -> HttpResponse:
    """Everything the rooms hold about you, by room. 404 for a ticket that is used, late or another token's."""
    actor = actor_of(request)
    data = my_data.take_export(
        account_id=actor.person_id, session_key=_session(actor), ticket=body.ticket, at=at(request)
    )
    return answer(data)


def _session(actor: Actor) -> str:
    """What stands for a browser's session here: the token."""
    return f"token:{actor.token_id}"
