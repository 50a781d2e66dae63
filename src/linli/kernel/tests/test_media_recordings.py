from __future__ import annotations

import time
from collections.abc import Callable
from functools import partial
from random import Random

import pytest

from linli.kernel.media import movie, ogg, sniff, sound, webm
from linli.kernel.media.refusal import MediaRefused
from linli.kernel.tests import recordings
from linli.kernel.tests.recordings import CANARY

READERS: dict[str, Callable[[bytes], object]] = {
    "isom": movie.read,
    "webm": webm.read,
    **{kind: partial(sound.read, kind=kind) for kind in ("wav", "mp3", "aac", "amr", "ogg")},
}
SAMPLES = {
    "mp4": recordings.mp4(),
    "mov": recordings.mp4(brand=b"qt  "),
    "m4a": recordings.mp4((b"soun",), brand=b"M4A "),
    "fragments": recordings.fragmented_mp4(),
    "webm": recordings.webm(),
    "live webm": recordings.webm(live=True),
    "voice webm": recordings.webm(video=False),
    "opus": recordings.opus(),
    "vorbis": recordings.vorbis(),
    "wav": recordings.wav(),
    "mp3": recordings.mp3(),
    "aac": recordings.aac(),
    "amr": recordings.amr(),
}


def _read(data: bytes) -> movie.Film | sound.Sound:
    kind = sniff.recognise(data)
    assert kind is not None
    found = READERS[kind](data)
    assert isinstance(found, movie.Film | sound.Sound)
    return found


@pytest.mark.parametrize("name", SAMPLES)
def test_nothing_personal_is_left(name: str) -> None:
    clean = _read(SAMPLES[name])
    assert CANARY in SAMPLES[name] or name in {"fragments", "aac", "amr"}
    assert b"CANARY" not in clean.data
    assert b"26.64" not in clean.data


@pytest.mark.parametrize("name", SAMPLES)
def test_what_is_clean_stays_as_it_is(name: str) -> None:
    once = _read(SAMPLES[name]).data
    assert _read(once).data == once


@pytest.mark.parametrize(
    ("name", "seconds"),
    [
        ("mp4", 5.0),
        ("m4a", 5.0),
        ("fragments", 3.0),
        ("webm", 3.0),
        ("live webm", 2.98),
        ("opus", 2.0),
        ("vorbis", 2.0),
        ("wav", 1.5),
        ("mp3", 50 * 1152 / 44100),
        ("aac", 50 * 1024 / 44100),
        ("amr", 1.0),
    ],
)
def test_it_knows_how_long_it_plays(name: str, seconds: float) -> None:
    assert _read(SAMPLES[name]).seconds == pytest.approx(seconds)


def test_films_and_voices_are_told_apart() -> None:
    films = {name: _read(SAMPLES[name]) for name in ("mp4", "mov", "m4a", "webm", "voice webm")}
    found = {
        name: (film.kind, film.extension) for name, film in films.items() if isinstance(film, movie.Film)
    }
    assert found == {
        "mp4": ("video", "mp4"),
        "mov": ("video", "mov"),
        "m4a": ("voice", "m4a"),
        "webm": ("video", "webm"),
        "voice webm": ("voice", "weba"),
    }
    mp4, webm_film = films["mp4"], films["webm"]
    assert isinstance(mp4, movie.Film)
    assert isinstance(webm_film, movie.Film)
    assert (mp4.width, mp4.height) == (webm_film.width, webm_film.height) == (640, 360)


def test_wiping_moves_no_byte_of_a_film() -> None:
    for name in ("mp4", "webm", "live webm"):
        clean = _read(SAMPLES[name]).data
        assert len(clean) == len(SAMPLES[name])
        mark = b"samples" if name == "mp4" else b"\x80sound"
        assert clean.index(mark) == SAMPLES[name].index(mark)


def test_the_date_of_a_film_is_forgotten() -> None:
    date = (3_900_000_000).to_bytes(4, "big")
    assert date in SAMPLES["mp4"]
    assert date not in _read(SAMPLES["mp4"]).data


def test_a_track_of_positions_is_reported() -> None:
    film = _read(recordings.mp4((b"vide", b"meta")))
    assert isinstance(film, movie.Film)
    assert not film.wiped


def test_the_fast_checksum_of_ogg_is_the_one_of_the_standard() -> None:
    random = Random(1)
    for length in (0, 1, 27, 300):
        page = random.randbytes(length)
        assert ogg._checksum(page) == recordings.ogg_crc(page)


def test_a_comment_over_many_pages_is_replaced_by_one() -> None:
    tags = b"OpusTags" + bytes(4) + CANARY + b"x" * 70_000
    first, rest = tags[: 255 * 255], tags[255 * 255 :]
    head = recordings.ogg_page(2, 0, 0, [b"OpusHead\x01\x01" + bytes(9)])
    lacing = b"\xff" * 255
    page = b"OggS\x00\x00" + bytes(8) + (7).to_bytes(4, "little") + (1).to_bytes(4, "little")
    checksum = recordings.ogg_crc(page + bytes(4) + bytes([255]) + lacing + first).to_bytes(4, "little")
    big = page + checksum + bytes([255]) + lacing + first
    end = recordings.ogg_page(1, 0, 2, [rest]) + recordings.ogg_page(4, 48000, 3, [b"sound"])
    clean, seconds = ogg.read(head + big + end)
    assert seconds == 1.0
    assert len(clean) < 300
    assert CANARY not in clean
    assert ogg.read(clean) == (clean, 1.0)


def test_headers_over_many_pages_say_that_they_go_on() -> None:
    pages = ogg._paged([b"comment", b"s" * 150_000], serial=7)
    assert [page.flags for page in pages] == [0, ogg.CONTINUED, ogg.CONTINUED]
    assert [page.position for page in pages] == [0, ogg.NO_POSITION, 0]
    assert b"".join(page.body for page in pages) == b"comment" + b"s" * 150_000


@pytest.mark.parametrize("name", [name for name in SAMPLES if name not in {"live webm", "aac", "amr", "mp3"}])
def test_a_cut_file_is_refused(name: str) -> None:
    data = SAMPLES[name]
    with pytest.raises(MediaRefused) as refused:
        _read(data[: len(data) * 6 // 10])
    assert refused.value.code in {"broken", "unknown_type"}


@pytest.mark.parametrize("name", ["aac", "amr", "mp3"])
def test_a_row_of_frames_that_breaks_early_is_refused(name: str) -> None:
    data = SAMPLES[name]
    with pytest.raises(MediaRefused, match="broken"):
        _read(data[:500] + b"\xaa" * 2000 + data[500:])


def test_bytes_between_or_behind_the_boxes_are_refused() -> None:
    for extra in (recordings.box(b"evil", b"x"), b"PK\x03\x04 some archive", b"x"):
        with pytest.raises(MediaRefused, match="hidden_content|broken"):
            _read(SAMPLES["mp4"] + extra)


def test_other_matroska_files_are_not_webm() -> None:
    with pytest.raises(MediaRefused, match="unknown_type"):
        _read(recordings.webm(doc_type=b"matroska"))


def test_an_ogg_with_two_streams_is_refused() -> None:
    other = recordings.ogg_page(2, 0, 0, [b"OpusHead\x01\x01" + bytes(9)], serial=8)
    with pytest.raises(MediaRefused, match="unknown_type"):
        _read(SAMPLES["opus"] + other)


@pytest.mark.parametrize("name", SAMPLES)
def test_damaged_files_are_refused_and_never_fail(name: str) -> None:
    random = Random(name)
    started = time.process_time()
    for _ in range(300):
        damaged = bytearray(SAMPLES[name])
        for _ in range(random.choice((1, 2, 8))):
            damaged[random.randrange(len(damaged))] = random.choice((0, 1, 255, random.randrange(256)))
        data = bytes(damaged[: random.randrange(1, len(damaged) + 1)])
        kind = sniff.recognise(data)
        if kind in READERS:
            try:
                READERS[kind](data)
            except (MediaRefused, IndexError, ValueError, OverflowError):
                pass  # `accept` takes the last three for damage
    assert time.process_time() - started < 10
