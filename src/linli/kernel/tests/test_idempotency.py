"""Keys of two people never meet, and another meaning under one key is noticed."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

import pytest
from django.db.models.functions import Now

from linli.kernel import idempotency
from linli.kernel.idempotency import KeyReused, body_digest, key_digest
from linli.kernel.models import Idempotency


@dataclass(frozen=True)
class Wish:
    """What somebody asks for."""

    words: str
    place: tuple[float, float] | None = None


def test_a_key_is_stored_so_that_nobody_reads_it() -> None:
    digest = key_digest("account:1", "my-secret-key")
    assert len(digest) == 32
    assert b"secret" not in digest


def test_the_same_key_of_two_people_is_two_keys() -> None:
    assert key_digest("account:1", "k") != key_digest("account:2", "k")
    assert key_digest("account:1", "k") == key_digest("account:1", "k")


def test_who_and_key_do_not_run_into_each_other() -> None:
    assert key_digest("account:1", "2k") != key_digest("account:12", "k")


@pytest.mark.parametrize(
    "other", [Wish("灯 "), Wish("灯", (1.0, 2.0)), Wish("灯", (1.0, 2.0000001)), Wish("")]
)
def test_every_difference_in_meaning_is_another_body(other: Wish) -> None:
    assert body_digest(1, Wish("灯")) != body_digest(1, other)


def test_equal_meaning_is_an_equal_body() -> None:
    assert body_digest(1, Wish("灯", (1.0, 2.0))) == body_digest(1, replace(Wish("灯"), place=(1.0, 2.0)))
    assert body_digest(1, Wish("灯")) != body_digest(2, Wish("灯"))


@pytest.mark.django_db
def test_the_first_answer_is_given_again_to_the_same_request_only() -> None:
    key = key_digest("account:1", "k")
    assert idempotency.stored(key, body_digest("a")) is None
    Idempotency.objects.create(digest=key, body=body_digest("a"), receipt={"number": "261123000001"})
    assert idempotency.stored(key, body_digest("a")) == {"number": "261123000001"}
    with pytest.raises(KeyReused):
        idempotency.stored(key, body_digest("b"))


@pytest.mark.django_db
def test_keys_are_kept_for_a_week() -> None:
    Idempotency.objects.create(digest=b"k", body=b"b", receipt={}, at=Now())
    now = datetime.now(UTC)  # noqa: TID251  (the row's time is the database's)
    assert idempotency.forget(now + timedelta(days=6)) == 0
    assert idempotency.forget(now + timedelta(days=8)) == 1
