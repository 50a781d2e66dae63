"""The platform's encrypted envelope: AES-256-CBC over random bytes, length, text and the account's id. Pure."""

from __future__ import annotations

import base64
import binascii
import secrets
import struct

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

BLOCK = 32  # of the padding, not of the cipher
CIPHER_BLOCK = 16
KEY_LETTERS = 43


class BadEnvelope(ValueError):
    """Not an envelope for this account: damaged, padded wrongly, or meant for another."""


def key_of(letters: str) -> bytes:
    """The 32 bytes behind an EncodingAESKey.

    :raises BadEnvelope: not 43 letters of base64.
    """
    try:
        key = base64.b64decode(letters + "=", validate=True)
    except (binascii.Error, ValueError) as error:
        raise BadEnvelope("the key is not base64") from error
    if len(letters) != KEY_LETTERS or len(key) != 32:
        raise BadEnvelope("the key has not 43 letters")
    return key


def seal(text: str, *, key: bytes, app_id: str) -> str:
    """The envelope around a text, in base64."""
    said = text.encode()
    whole = secrets.token_bytes(16) + struct.pack(">I", len(said)) + said + app_id.encode()
    padding = BLOCK - len(whole) % BLOCK
    whole += bytes([padding]) * padding
    cipher = Cipher(algorithms.AES(key), modes.CBC(key[:16])).encryptor()
    return base64.b64encode(cipher.update(whole) + cipher.finalize()).decode()


def unseal(envelope: str, *, key: bytes, app_id: str) -> str:
    """The text in an envelope.

    :raises BadEnvelope: it is not whole, or not for this account.
    """
    try:
        blob = base64.b64decode(envelope, validate=True)
    except (binascii.Error, ValueError) as error:
        raise BadEnvelope("not base64") from error
    if not blob or len(blob) % CIPHER_BLOCK:
        raise BadEnvelope("not whole blocks")
    cipher = Cipher(algorithms.AES(key), modes.CBC(key[:16])).decryptor()
    whole = _unpadded(cipher.update(blob) + cipher.finalize())
    if len(whole) < 20:
        raise BadEnvelope("too short")
    (length,) = struct.unpack(">I", whole[16:20])
    said, owner = whole[20 : 20 + length], whole[20 + length :]
    if len(said) != length or owner != app_id.encode():
        raise BadEnvelope("of another account")
    try:
        return said.decode()
    except UnicodeDecodeError as error:
        raise BadEnvelope("not text") from error


def _unpadded(whole: bytes) -> bytes:
    padding = whole[-1]
    if not 1 <= padding <= BLOCK or whole[-padding:] != bytes([padding]) * padding:
        raise BadEnvelope("padded wrongly")
    return whole[:-padding]
