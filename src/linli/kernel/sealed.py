"""Sealed values: personal data that the database holds but cannot read.

A sealed value is `v1|key id|A256GCM|` + nonce (12 bytes) + ciphertext + tag (16 bytes). AES-256-GCM also
covers where the value lives: table.column, the row's `seal_id` and its community. Moved to another place it
no longer opens. Rows are found by a keyed blind index, never by the value. See docs/reliability.md section 6.
"""

from __future__ import annotations

import functools
import hmac
import secrets
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, NoReturn, TypeVar
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.core import checks
from django.db import models
from django.db.models.query_utils import DeferredAttribute

from linli.kernel import identity
from linli.kernel.keyring import Keyring
from linli.kernel.keys import keyring
from linli.kernel.masks import mask_bank, mask_email, mask_id, mask_name, mask_phone, mask_plate

__all__ = [
    "SealBroken",
    "SealedTextField",
    "blind_index",
    "blind_indexes",
    "current_prefix",
    "mask_bank",
    "mask_email",
    "mask_id",
    "mask_name",
    "mask_phone",
    "mask_plate",
    "open_",
    "seal",
]

VERSION = b"v1"
ALGORITHM = b"A256GCM"
NONCE_BYTES = 12
TAG_BYTES = 16
# How a value is brought to one form before it is indexed, by the last word of the purpose ("people.phone").
NORMAL_FORMS: Mapping[str, Callable[[str], str]] = {
    "phone": identity.phone,
    "id_number": identity.id_number,
    "plate": identity.plate,
}


class SealBroken(Exception):
    """A sealed value does not open here: changed, moved from another row, or its key is gone."""


def seal(value: str, *, table: str, column: str, row: UUID, community_id: int | None) -> bytes:
    """Seal a value for one column of one row.

    :param row: the row's `seal_id`, random and never reused.
    :param community_id: the row's community; None for rows that belong to none.
    """
    keys = keyring().sets["data"]
    header = _header(keys.current)
    nonce = secrets.token_bytes(NONCE_BYTES)
    place = _place(header, table, column, row, community_id)
    return header + nonce + AESGCM(keys.key).encrypt(nonce, value.encode(), place)


def open_(blob: bytes | memoryview, *, table: str, column: str, row: UUID, community_id: int | None) -> str:
    """Read a sealed value where it was sealed.

    :raises SealBroken: when it is changed, from another place, or under an unknown key.
    """
    raw = bytes(blob)
    parts = raw.split(b"|", 3)
    if len(parts) != 4 or parts[0] != VERSION or parts[2] != ALGORITHM:
        raise SealBroken(f"{table}.{column} does not hold a sealed value")
    kid = parts[1].decode("ascii", "replace")
    key = _data_key(kid)
    if key is None:
        raise SealBroken(f"{table}.{column} is sealed with the key {kid}, which the keyring does not have")
    body = parts[3]
    place = _place(_header(kid), table, column, row, community_id)
    try:
        return AESGCM(key).decrypt(body[:NONCE_BYTES], body[NONCE_BYTES:], place).decode()
    except (InvalidTag, ValueError):
        raise SealBroken(f"{table}.{column} of row {row} does not open: changed or moved") from None


def current_prefix() -> bytes:
    """How every value sealed with the current key begins: what `rotate` looks for."""
    return _header(keyring().sets["data"].current)


def blind_index(purpose: str, value: str) -> bytes:
    """A keyed digest by which a row can be found without its value being readable: HMAC-SHA256, 32 bytes.

    :param purpose: what is indexed, `phone` or `people.phone`; digests of two purposes never meet. The last
        word names the normal form (see `NORMAL_FORMS`); others are only NFKC and stripped.
    """
    return _index(keyring().sets["index"].key, purpose, value)


def blind_indexes(purpose: str, value: str) -> tuple[bytes, ...]:
    """The digests under every index key, the current one first: for look-ups while keys are exchanged."""
    keys = keyring().sets["index"]
    older = [key for kid, key in keys.keys.items() if kid != keys.current]
    return tuple(_index(key, purpose, value) for key in (keys.key, *older))


def _index(key: bytes, purpose: str, value: str) -> bytes:
    normal = NORMAL_FORMS.get(purpose.rpartition(".")[2], identity.plain)(value)
    return hmac.digest(_own_key(key, purpose), normal.encode(), "sha256")


@functools.lru_cache(maxsize=256)
def _own_key(key: bytes, purpose: str) -> bytes:
    """The key of one purpose; the keyring itself is kept in memory just as long."""
    return hmac.digest(key, b"linli.index\x00" + purpose.encode(), "sha256")


def _header(kid: str) -> bytes:
    return b"|".join((VERSION, kid.encode("ascii", "replace"), ALGORITHM, b""))


def _place(header: bytes, table: str, column: str, row: UUID, community_id: int | None) -> bytes:
    where = f"{table}.{column}|{row.hex}|{'-' if community_id is None else int(community_id)}"
    return header + where.encode()


def _data_key(kid: str) -> bytes | None:
    ring: Keyring = keyring()
    if kid not in ring.sets["data"].keys:
        ring = keyring(fresh=True)  # another process may have added a key since we read the file
    return ring.sets["data"].keys.get(kid)


class Sealed(bytes):
    """A sealed value as it came from the database: `values_list` gives these, never the text."""


class _SealedAttribute(DeferredAttribute):
    """Opens on reading; what was assigned stays as text until the row is saved."""

    field: SealedTextField[Any, Any]

    def __get__(self, instance: Any, cls: Any = None) -> Any:
        held = super().__get__(instance, cls)
        return self.field.opened(instance, held) if isinstance(held, Sealed) else held

    def __set__(self, instance: Any, value: object) -> None:
        if isinstance(value, memoryview | bytes):
            value = Sealed(value)
            if not value.startswith(VERSION + b"|"):
                self.field.refuse("holds text; bytes that are not sealed cannot be assigned")
        elif value is not None and not isinstance(value, str):
            self.field.refuse(f"holds text, not {type(value).__name__}")
        instance.__dict__[self.field.attname] = value


_Set = TypeVar("_Set", contravariant=True)
_Get = TypeVar("_Get", covariant=True)
if TYPE_CHECKING:
    _Column = models.TextField
else:

    class _Column(models.BinaryField):
        """Bytes in the database; for the type checker a text field."""

        def __class_getitem__(cls, _types: object) -> type:
            return cls


class SealedTextField(_Column[_Set, _Get]):
    """Text that is sealed in the database and plain on the instance.

    The model needs `seal_id = models.UUIDField(default=uuid.uuid4, …)` and, where rows belong to a community,
    `community_id`; neither may change later. The value cannot be filtered on, ordered by or set by
    `update()`: use a blind index, and `sealed.seal` where rows are written by SQL.
    """

    descriptor_class = _SealedAttribute
    description = "Sealed text"

    def check(self, **kwargs: Any) -> list[checks.CheckMessage]:
        found = super().check(**kwargs)
        names = {field.name for field in self.model._meta.get_fields()}
        if "seal_id" not in names:
            text = "A model with a sealed field needs seal_id."
            found.append(checks.Error(text, obj=self, id="kernel.E001"))
        return found

    def get_default(self) -> Any:
        return self.default if self.has_default() else (None if self.null else "")

    def to_python(self, value: Any) -> Any:
        return value

    def from_db_value(self, value: Any, expression: object, connection: object) -> Sealed | None:
        return None if value is None else Sealed(value)

    def pre_save(self, model_instance: Any, add: bool) -> Any:
        """Seal new text; a value that was not touched must still open here, or the row is not saved."""
        held = model_instance.__dict__.get(self.attname)
        if isinstance(held, Sealed):
            self.opened(model_instance, held)
        elif isinstance(held, str):
            held = Sealed(seal(held, **self._where(model_instance)))
            model_instance.__dict__[self.attname] = held
        return held

    def get_db_prep_value(self, value: Any, connection: Any, prepared: bool = False) -> Any:
        if value is not None and not isinstance(value, bytes | memoryview):
            self.refuse("is sealed: look rows up by a blind index, and change them with save()")
        return super().get_db_prep_value(value, connection, prepared)

    def value_to_string(self, obj: Any) -> str:
        self.refuse("is not exported by dumpdata; use `linli backup`")

    def opened(self, instance: Any, blob: bytes) -> str:
        """The text behind an instance's sealed value."""
        return open_(blob, **self._where(instance))

    def refuse(self, reason: str) -> NoReturn:
        raise TypeError(f"{self.model.__name__}.{self.name} {reason}")

    def _where(self, instance: Any) -> dict[str, Any]:
        return {
            "table": self.model._meta.db_table,
            "column": self.column,
            "row": instance.seal_id,
            "community_id": getattr(instance, "community_id", None),
        }
