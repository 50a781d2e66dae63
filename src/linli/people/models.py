"""Tables of people: accounts, organisations, consents, sign-in codes, API tokens. Private to the room."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from typing import ClassVar

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.crypto import salted_hmac

from linli.kernel.sealed import SealedTextField


class Accounts(BaseUserManager["Account"]):
    """Finds accounts by what Django calls the natural key: the keyed index of the phone, in hex."""

    def get_by_natural_key(self, username: str | None) -> Account:
        return self.get(phone_index=bytes.fromhex(username or ""))


class Account(AbstractBaseUser):
    """One person. Phone and name are sealed; ``phone_index`` finds the row without reading it."""

    seal_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    phone = SealedTextField(null=True)
    phone_index = models.BinaryField(max_length=32, null=True, unique=True)
    phone_proved_at = models.DateTimeField(null=True)
    name = SealedTextField(null=True)
    short_name = models.CharField(max_length=40, blank=True)  # 王*: what lists may show without a reveal
    language = models.CharField(max_length=10, default="zh-hans")  # faces.languages
    elder = models.BooleanField(default=False)  # 长辈版
    level = models.PositiveSmallIntegerField(default=0)
    level_until_date = models.DateField(null=True)
    minor = models.BooleanField(default=False)
    example = models.BooleanField(default=False)  # 示例: a synthetic person of the demo
    session_epoch = models.PositiveIntegerField(default=0)
    is_active = models.BooleanField(default=True)
    is_staff = models.BooleanField(default=False)  # may open the Django admin, nothing else
    is_superuser = models.BooleanField(default=False)
    created_at = models.DateTimeField()
    last_seen_at = models.DateTimeField(null=True)
    erased_at = models.DateTimeField(null=True)

    USERNAME_FIELD = "phone_index"
    REQUIRED_FIELDS: ClassVar[list[str]] = []
    objects: ClassVar[Accounts] = Accounts()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(level__lte=4), name="people_account_level"),
            # A minor's identity is never raised above the phone without a guardian (PIPL 28, 31).
            models.CheckConstraint(
                condition=Q(minor=False) | Q(level__lte=2), name="people_account_minor_level"
            ),
            # The tombstone of an erased person holds nothing.
            models.CheckConstraint(
                condition=Q(erased_at=None)
                | Q(phone=None, phone_index=None, name=None, short_name="", level=0, is_active=False),
                name="people_account_erased",
            ),
        ]

    def __str__(self) -> str:
        return f"account {self.pk}"

    def get_username(self) -> str:
        return bytes(self.phone_index).hex() if self.phone_index else ""

    # A new epoch ends every session of the person.
    def get_session_auth_hash(self) -> str:
        return self._salted_by_epoch(None)

    def get_session_auth_fallback_hash(self) -> Iterator[str]:
        for secret in settings.SECRET_KEY_FALLBACKS:
            yield self._salted_by_epoch(secret)

    def _salted_by_epoch(self, secret: str | bytes | None) -> str:
        value = f"{self.password}|{self.session_epoch}|{self.pk}"
        return salted_hmac("linli.people.session", value, secret=secret, algorithm="sha256").hexdigest()

    # The Django admin asks these three; the rooms never do (they ask kernel.access).
    def has_perm(self, perm: str, obj: object = None) -> bool:
        return self.is_active and self.is_superuser

    def has_perms(self, perm_list: list[str], obj: object = None) -> bool:
        return self.is_active and self.is_superuser

    def has_module_perms(self, app_label: str) -> bool:
        return self.is_active and self.is_superuser


class Organisation(models.Model):
    """A body that people act for in one community."""

    class Kind(models.TextChoices):
        COMMITTEE = "committee", "居委会"
        PARTY_BRANCH = "party_branch", "党支部"
        PROPERTY_COMPANY = "property_company", "物业公司"
        OWNERS_COMMITTEE = "owners_committee", "业主委员会"
        POLICE_STATION = "police_station", "派出所"
        SERVICE_CENTRE = "service_centre", "便民服务中心"
        STREET_DEPARTMENT = "street_department", "街道科室"

    community_id = models.BigIntegerField()
    kind = models.CharField(max_length=20, choices=Kind.choices)
    name_zh = models.CharField(max_length=80)
    name_en = models.CharField(max_length=160, blank=True)
    phone = models.CharField(max_length=20, blank=True)  # the public desk number, not a person's
    created_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["community_id", "name_zh"],
                condition=Q(closed_at=None),
                name="people_organisation_name",
            ),
            models.CheckConstraint(condition=~Q(name_zh=""), name="people_organisation_named"),
        ]

    def __str__(self) -> str:
        return self.name_zh


class Consent(models.Model):
    """That a person agreed to one purpose, to which wording, from when until when."""

    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="consents")
    purpose = models.CharField(max_length=40)
    text_version = models.CharField(max_length=20)
    given_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["account", "purpose"],
                condition=Q(withdrawn_at=None),
                name="people_consent_in_force",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.purpose} {self.text_version}"


class SignInCode(models.Model):
    """A six-digit code sent to a phone. Only its keyed hash is kept."""

    class Purpose(models.TextChoices):
        SIGN_IN = "sign_in"
        CHANGE_PHONE = "change_phone"

    phone_index = models.BinaryField(max_length=32)
    purpose = models.CharField(max_length=20, choices=Purpose.choices)
    code_hash = models.BinaryField(max_length=32)
    sent_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    tries = models.PositiveSmallIntegerField(default=0)
    used_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            # One code counts at a time: a new one takes the place of the old one.
            models.UniqueConstraint(fields=["phone_index", "purpose"], name="people_code_one_each"),
            models.CheckConstraint(condition=Q(tries__lte=5), name="people_code_tries"),
        ]

    def __str__(self) -> str:
        return f"code {self.pk}"


class SignInPause(models.Model):
    """Failed sign-ins of one phone from one network, and when the next try is heard."""

    key = models.BinaryField(max_length=32, unique=True)
    failures = models.PositiveIntegerField()
    last_try_at = models.DateTimeField()
    open_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"pause {self.pk}"


class SecondFactor(models.Model):
    """Something a person holds besides the phone: an authenticator app, a security key, or one recovery
    code.
    """

    class Kind(models.TextChoices):
        TOTP = "totp"
        KEY = "key"  # WebAuthn
        RECOVERY = "recovery"

    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="second_factors")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    seal_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    name = models.CharField(max_length=60, blank=True)
    secret = SealedTextField(null=True)  # TOTP: the shared secret, base32
    last_counter = models.BigIntegerField(
        default=0
    )  # TOTP: the last time step used; key: its signature counter
    credential_id = models.BinaryField(null=True, unique=True)  # key
    credential = models.BinaryField(null=True)  # key: the attested credential data, public
    digest = models.BinaryField(max_length=32, null=True, unique=True)  # recovery code, keyed
    created_at = models.DateTimeField()
    last_used_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["account"], condition=Q(kind="totp"), name="people_secondfactor_one_app"
            ),
            models.CheckConstraint(
                condition=Q(kind="totp", secret__isnull=False)
                | Q(kind="key", credential_id__isnull=False, credential__isnull=False)
                | Q(kind="recovery", digest__isnull=False),
                name="people_secondfactor_whole",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"


class ApiToken(models.Model):
    """A key with which a program acts as a person. The secret itself is shown once and not kept."""

    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="tokens")
    name = models.CharField(max_length=60)
    digest = models.BinaryField(max_length=32, unique=True)
    prefix = models.CharField(max_length=12, blank=True)  # its first letters, to tell keys apart
    per_minute = models.PositiveIntegerField(null=True)  # of a program's own key; None: as every token
    scopes = models.JSONField(default=list)
    community_id = models.BigIntegerField(null=True)  # None: every community the person acts in
    created_at = models.DateTimeField(db_default=Now())
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)
    last_used_date = models.DateField(null=True)

    def __str__(self) -> str:
        return self.name


class Export(models.Model):
    """A person's own data, made ready to be taken once, within 15 minutes, by the session that asked."""

    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    ticket_digest = models.BinaryField(max_length=32, unique=True)
    session_digest = models.BinaryField(max_length=32)
    asked_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    taken_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"export {self.pk}"
