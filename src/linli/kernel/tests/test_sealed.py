from __future__ import annotations

import hashlib
import uuid
from collections.abc import Callable, Iterator
from typing import Any

import psycopg
import pytest
from django.core.serializers import serialize as dump
from django.db import connection, models
from django.test.utils import isolate_apps

from linli.kernel import keys, reseal, sealed
from linli.kernel.sealed import SealBroken, SealedTextField

ROW = uuid.UUID(int=7)
PLACE: dict[str, object] = {"table": "t", "column": "phone", "row": ROW, "community_id": 3}


def _seal(value: str, **elsewhere: object) -> bytes:
    return sealed.seal(value, **{**PLACE, **elsewhere})  # type: ignore[arg-type]


def _open(blob: bytes, **elsewhere: object) -> str:
    return sealed.open_(blob, **{**PLACE, **elsewhere})  # type: ignore[arg-type]


@pytest.mark.parametrize("value", ["", "张三", "13812345678", "x" * 5000, "🀄\x00"])
def test_what_was_sealed_opens_in_its_place(value: str) -> None:
    blob = _seal(value)
    assert _open(blob) == value
    assert _open(memoryview(blob)) == value  # type: ignore[arg-type]


def test_the_same_value_never_looks_the_same_twice() -> None:
    assert _seal("13812345678") != _seal("13812345678")


def test_the_format_names_version_key_and_algorithm() -> None:
    blob = _seal("张三")
    head, kid, algorithm, rest = blob.split(b"|", 3)
    assert (head, kid, algorithm) == (b"v1", b"k1", b"A256GCM")
    assert len(rest) == 12 + len("张三".encode()) + 16
    assert "张三".encode() not in blob


@pytest.mark.parametrize(
    "elsewhere",
    [
        {"row": uuid.UUID(int=8)},
        {"community_id": 4},
        {"community_id": None},
        {"column": "name"},
        {"table": "u"},
    ],
)
def test_a_value_moved_to_another_place_does_not_open(elsewhere: dict[str, object]) -> None:
    with pytest.raises(SealBroken):
        _open(_seal("张三"), **elsewhere)


def test_a_change_of_any_byte_is_noticed() -> None:
    blob = _seal("张三")
    for place in range(len(blob)):
        changed = bytearray(blob)
        changed[place] ^= 1
        with pytest.raises(SealBroken):
            _open(bytes(changed))


@pytest.mark.parametrize("blob", [b"", b"v1|", b"v1|k1|A256GCM|", b"v1|k1|A256GCM|short", "张三".encode()])
def test_what_is_not_sealed_is_refused(blob: bytes) -> None:
    with pytest.raises(SealBroken):
        _open(blob)


def test_a_forgotten_key_is_named() -> None:
    ring = keys.keyring()
    blob = _seal("张三")
    keys.use(ring.with_new_key("data").without_key("data", "k1"))
    try:
        with pytest.raises(SealBroken, match="key k1"):
            _open(blob)
    finally:
        keys.use(ring)


@pytest.mark.parametrize(
    "typed", ["13812345678", "138 1234-5678", "+86 13812345678", "008613812345678", "１３８１２３４５６７８"]
)
def test_a_phone_has_one_index_however_it_is_typed(typed: str) -> None:
    assert sealed.blind_index("phone", typed) == sealed.blind_index(
        "people.phone".rpartition(".")[2], "13812345678"
    )


def test_old_and_new_identity_numbers_have_one_index() -> None:
    assert sealed.blind_index("id_number", "110105491231002") == sealed.blind_index(
        "id_number", "11010519491231002x"
    )


def test_two_purposes_have_two_indexes_and_none_is_a_plain_hash() -> None:
    value = "+8613812345678"
    found = {sealed.blind_index(purpose, value) for purpose in ("phone", "people.phone", "limit")}
    assert len(found) == 3
    assert all(len(digest) == 32 for digest in found)
    assert hashlib.sha256(value.encode()).digest() not in found


def test_look_ups_reach_rows_indexed_under_an_older_key() -> None:
    ring = keys.keyring()
    old = sealed.blind_index("phone", "13812345678")
    keys.use(ring.with_new_key("index"))
    try:
        found = sealed.blind_indexes("phone", "13812345678")
        assert found[0] == sealed.blind_index("phone", "13812345678") != old
        assert old in found
    finally:
        keys.use(ring)


@pytest.fixture(scope="module")
def letters(django_db_setup: None, database_server: Any) -> Iterator[type[models.Model]]:
    """A table with sealed columns, made by the owner for the tests of this file."""
    with isolate_apps("linli.kernel"):

        class Letter(models.Model):
            seal_id = models.UUIDField(default=uuid.uuid4)
            community_id = models.BigIntegerField(default=3)
            phone = SealedTextField(null=True)
            words = SealedTextField()

            class Meta:
                app_label = "kernel"
                db_table = "test_letter"

    address = database_server.postgres.url("linli_owner", connection.settings_dict["NAME"])
    statement, _ = connection.schema_editor(collect_sql=True).table_sql(Letter)
    with psycopg.connect(address, autocommit=True) as owner:
        owner.execute(statement.encode())
        owner.execute("GRANT SELECT, INSERT, UPDATE, DELETE ON test_letter TO linli_app")
        yield Letter
        owner.execute("DROP TABLE test_letter")


@pytest.fixture
def letter(db: None, letters: type[models.Model]) -> type[models.Model]:
    return letters


def _raw(letter: type[models.Model], pk: int, column: str = "phone") -> bytes:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {column} FROM test_letter WHERE id = %s", [pk])
        return bytes(cursor.fetchone()[0])


def test_the_database_holds_sealed_bytes_and_the_instance_text(letter: type[models.Model]) -> None:
    row = letter._default_manager.create(phone="13812345678", words="垃圾没人清")
    assert b"138" not in _raw(letter, row.pk)
    found = letter._default_manager.get(pk=row.pk)
    assert (found.phone, found.words) == ("13812345678", "垃圾没人清")  # type: ignore[attr-defined]
    assert (row.phone, row.words) == ("13812345678", "垃圾没人清")  # type: ignore[attr-defined]


def test_null_and_empty_stay_apart(letter: type[models.Model]) -> None:
    row = letter._default_manager.create(words="")
    found = letter._default_manager.get(phone=None, pk=row.pk)
    assert found.phone is None  # type: ignore[attr-defined]
    assert found.words == ""  # type: ignore[attr-defined]
    assert len(_raw(letter, row.pk, "words")) > 0


def test_a_row_saved_again_keeps_what_was_not_touched(letter: type[models.Model]) -> None:
    row = letter._default_manager.create(phone="13812345678", words="一")
    before = _raw(letter, row.pk)
    found = letter._default_manager.get(pk=row.pk)
    found.words = "二"  # type: ignore[attr-defined]
    found.save()
    assert _raw(letter, row.pk) == before
    assert letter._default_manager.get(pk=row.pk).words == "二"  # type: ignore[attr-defined]


def test_a_ciphertext_copied_into_another_row_does_not_open(letter: type[models.Model]) -> None:
    mine = letter._default_manager.create(phone="13812345678", words="")
    yours = letter._default_manager.create(phone="13987654321", words="")
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE test_letter SET phone = (SELECT phone FROM test_letter WHERE id = %s) WHERE id = %s",
            [yours.pk, mine.pk],
        )
    with pytest.raises(SealBroken):
        _ = letter._default_manager.get(pk=mine.pk).phone  # type: ignore[attr-defined]


def test_a_row_moved_to_another_community_is_not_saved(letter: type[models.Model]) -> None:
    letter._default_manager.create(phone="13812345678", words="")
    found = letter._default_manager.get()
    found.community_id = 4  # type: ignore[attr-defined]
    with pytest.raises(SealBroken):
        found.save()


def test_columns_left_out_of_a_query_are_read_when_needed(letter: type[models.Model]) -> None:
    letter._default_manager.create(phone="13812345678", words="")
    assert letter._default_manager.only("id").get().phone == "13812345678"  # type: ignore[attr-defined]


def test_many_rows_at_once_are_sealed_too(letter: type[models.Model]) -> None:
    letter._default_manager.bulk_create([letter(phone=f"1381234567{n}", words="") for n in range(5)])
    assert sorted(row.phone for row in letter._default_manager.all()) == [  # type: ignore[attr-defined]
        f"1381234567{n}" for n in range(5)
    ]


@pytest.mark.parametrize("way", ["filter", "update", "bulk_update"])
def test_plain_text_never_reaches_a_query(letter: type[models.Model], way: str) -> None:
    row = letter._default_manager.create(phone="13812345678", words="")
    asked: dict[str, Callable[[], object]] = {
        "filter": lambda: letter._default_manager.filter(phone="13812345678").exists(),
        "update": lambda: letter._default_manager.update(phone="13812345678"),
        "bulk_update": lambda: letter._default_manager.bulk_update([row], ["phone"]),
    }
    with pytest.raises(TypeError, match="blind index"):
        asked[way]()


def test_values_are_bytes_that_need_their_place_to_open(letter: type[models.Model]) -> None:
    row = letter._default_manager.create(phone="13812345678", words="")
    (blob,) = letter._default_manager.values_list("phone", flat=True)
    seal_id = row.seal_id  # type: ignore[attr-defined]
    assert isinstance(blob, bytes)
    assert (
        sealed.open_(blob, table="test_letter", column="phone", row=seal_id, community_id=3) == "13812345678"
    )


def test_only_text_can_be_assigned() -> None:
    with isolate_apps("linli.kernel"):

        class Note(models.Model):
            words = SealedTextField()

            class Meta:
                app_label = "kernel"

    with pytest.raises(TypeError, match="holds text"):
        Note(words=5)
    with pytest.raises(TypeError, match="not sealed"):
        Note(words="张三".encode())
    assert [problem.id for problem in Note._meta.get_field("words").check()] == ["kernel.E001"]
    assert "13812345678" not in repr(Note(words="13812345678").__dict__.keys())


def test_dumpdata_does_not_leak(letter: type[models.Model]) -> None:
    row = letter(phone="13812345678", words="")
    with pytest.raises(TypeError, match="backup"):
        dump("json", [row])


def test_exchanging_the_key_goes_on_where_it_stopped(letter: type[models.Model]) -> None:
    made = [letter._default_manager.create(phone=f"138000000{n:02d}", words="字") for n in range(25)]
    ring = keys.keyring()
    keys.use(ring.with_new_key("data"))
    try:
        assert reseal.remaining([letter]) == 50
        steps = reseal.rotate(batch=10, among=[letter])
        assert next(steps) == reseal.Step("test_letter", "phone", 10)
        steps.close()  # stopped in the middle: both keys are in use, everything is readable
        found = letter._default_manager.order_by("pk")
        assert [row.phone for row in found] == [f"138000000{n:02d}" for n in range(25)]  # type: ignore[attr-defined]
        assert reseal.remaining([letter]) == 40
        assert sum(step.rows for step in reseal.rotate(batch=10, among=[letter])) == 40
        assert reseal.remaining([letter]) == 0
        assert _raw(letter, made[0].pk).startswith(b"v1|k2|")
        keys.use(keys.keyring().without_key("data", "k1"))
        assert [row.phone for row in found.all()] == [f"138000000{n:02d}" for n in range(25)]  # type: ignore[attr-defined]
    finally:
        keys.use(ring)


def test_a_broken_value_stops_the_exchange_and_changes_nothing_of_its_batch(
    letter: type[models.Model],
) -> None:
    rows = [letter._default_manager.create(phone="13812345678", words="") for _ in range(3)]
    with connection.cursor() as cursor:
        cursor.execute("UPDATE test_letter SET phone = phone || '!' WHERE id = %s", [rows[1].pk])
    ring = keys.keyring()
    keys.use(ring.with_new_key("data"))
    try:
        with pytest.raises(SealBroken, match=str(rows[1].seal_id)):  # type: ignore[attr-defined]
            list(reseal.rotate(among=[letter]))
        assert _raw(letter, rows[0].pk).startswith(b"v1|k1|")
    finally:
        keys.use(ring)


def test_every_sealed_column_of_the_product_is_found() -> None:
    found = {(place.table, place.column) for place in reseal.sealed_columns()}
    assert ("people_account", "phone") in found
