"""Tables of sign-in through providers. Private to this folder."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q

from linli.kernel.sealed import SealedTextField


class Provider(models.Model):
    """An identity provider of a community. Not walled: the sign-in page, where nobody is known yet, offers it."""

    community_id = models.BigIntegerField()
    seal_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    key = models.CharField(max_length=16, unique=True)  # stands in addresses
    name_zh = models.CharField(max_length=40)
    name_en = models.CharField(max_length=60, blank=True)
    issuer = models.CharField(max_length=300)
    client_id = models.CharField(max_length=200)
    secret = SealedTextField(null=True)  # none for a public client
    phone_claim = models.CharField(max_length=40, blank=True)  # empty: phones are not asked for
    trusts_second_factor = models.BooleanField(default=False)
    domains = models.JSONField(default=list)  # of verified mail addresses; empty: any
    roles = models.JSONField(default=list)  # whose holders may come in by it; empty: all who serve
    made_by_id = models.BigIntegerField()
    made_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["community_id", "issuer", "client_id"], condition=Q(ended_at=None), name="oidc_provider_once"
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.name_zh


class Identity(models.Model):
    """That a subject of a provider is this account."""

    community_id = models.BigIntegerField()
    provider = models.ForeignKey(Provider, models.PROTECT, related_name="identities")
    account = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    subject_index = models.BinaryField(max_length=32)
    made_at = models.DateTimeField()
    used_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["provider", "subject_index"], name="oidc_identity_subject"),
            models.UniqueConstraint(fields=["provider", "account"], name="oidc_identity_account"),
        ]

    def __str__(self) -> str:
        return f"identity {self.pk}"
