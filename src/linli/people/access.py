"""Who may do what with accounts and organisations; hidden and absent look the same."""

from __future__ import annotations

from django.db.models import QuerySet

from linli.kernel import access
from linli.people import models

KEEPERS = ("community_leader", "admin")


def kept_communities(actor: access.Actor) -> frozenset[int]:
    """The communities whose organisations the actor may change."""
    return frozenset(grant.community_id for grant in actor.grants if grant.role in KEEPERS)


def require_keeper(actor: access.Actor, community_id: int) -> None:
    """Nothing, when the actor leads or administers the community.

    :raises access.Forbidden: keepers_only.
    """
    if not actor.system and not actor.has(*KEEPERS, community_id=community_id):
        raise access.Forbidden("keepers_only")


def visible_organisations(actor: access.Actor) -> QuerySet[models.Organisation]:
    """The open organisations of the communities that the actor keeps."""
    return models.Organisation.objects.filter(
        community_id__in=kept_communities(actor), closed_at=None
    ).order_by("community_id", "kind", "name_zh")


def find_organisation(actor: access.Actor, organisation_id: int) -> models.Organisation:
    """One of them.

    :raises access.NotFound: absent, closed, or of another community.
    """
    found = visible_organisations(actor).filter(pk=organisation_id).first()
    if found is None:
        raise access.NotFound
    return found


def own_account(actor: access.Actor) -> models.Account:
    """The actor's own account.

    :raises access.NotFound: when nobody is signed in, or the account was closed meanwhile.
    """
    if actor.account_id is None:
        raise access.NotFound
    found = models.Account.objects.filter(pk=actor.account_id, is_active=True).first()
    if found is None:
        raise access.NotFound
    return found
