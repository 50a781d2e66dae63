"""What the platform sends, read without trusting it, and the answers it takes. Pure."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from xml.parsers import expat
from xml.sax.saxutils import escape

MOST_BYTES = 64 * 1024
MOST_DEPTH = 6
MOST_FIELDS = 60
REPLY_BYTES = 2000  # of one text, below what the platform takes (default 2,048)
_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff￾￿]")


class BadMessage(ValueError):
    """Not a message of the platform."""


@dataclass(frozen=True, slots=True)
class Heard:
    """One message or event of a follower."""

    openid: str
    kind: str  # text image voice video shortvideo location link, or the event's name in small letters
    sent_at: datetime
    key: str  # the same for every delivery of it
    is_event: bool = False
    words: str = ""  # what was written; of a place its label; of an event its key
    media_id: str = ""
    format: str = ""  # of a voice
    lon: float | None = None  # in the account's datum
    lat: float | None = None
    fields: tuple[tuple[str, str], ...] = ()  # what events say besides


def fields_of(body: bytes) -> dict[str, str]:
    """The fields of a message, those inside others by their path (``ScanCodeInfo.ScanResult``).

    No document type, no entity beyond the five of XML, and bounded in size and depth.

    :raises BadMessage: for anything else.
    """
    if len(body) > MOST_BYTES:
        raise BadMessage("too large")
    reader = _Reader()
    try:
        reader.parser.Parse(body.decode("utf-8"), True)
    except (expat.ExpatError, UnicodeDecodeError) as error:
        raise BadMessage("not XML") from error
    return reader.found


class _Reader:
    """Collects text by path; refuses everything that a message never has."""

    def __init__(self) -> None:
        self.found: dict[str, str] = {}
        self.way: list[str] = []
        self.parser = expat.ParserCreate("UTF-8")
        self.parser.buffer_text = True
        self.parser.SetParamEntityParsing(expat.XML_PARAM_ENTITY_PARSING_NEVER)
        self.parser.StartDoctypeDeclHandler = self._refuse
        self.parser.EntityDeclHandler = self._refuse
        self.parser.ExternalEntityRefHandler = self._refuse
        self.parser.StartElementHandler = self._open
        self.parser.EndElementHandler = self._close
        self.parser.CharacterDataHandler = self._text

    def _refuse(self, *_: object) -> int:
        raise BadMessage("a document type or an entity")

    def _open(self, name: str, _: dict[str, str]) -> None:
        self.way.append(name)
        path = ".".join(self.way[1:])
        if path in self.found:  # one of several: each on a line of its own
            self.found[path] += "\n"
        if len(self.way) > MOST_DEPTH or len(self.found) > MOST_FIELDS:
            raise BadMessage("too deep or too many fields")

    def _close(self, _: str) -> None:
        self.way.pop()

    def _text(self, text: str) -> None:
        path = ".".join(self.way[1:])
        if path and (text.strip() or self.found.get(path, "\n")[-1:] != "\n"):
            self.found[path] = self.found.get(path, "") + text


def read(body: bytes) -> Heard:
    """A message in clear.

    :raises BadMessage: it lacks who, when or what.
    """
    return heard(fields_of(body))


def heard(found: dict[str, str]) -> Heard:
    """A message from its fields.

    :raises BadMessage: it lacks who, when or what.
    """
    who, kind, when = (found.get(name, "").strip() for name in ("FromUserName", "MsgType", "CreateTime"))
    if not (0 < len(who) <= 64) or not kind or not (when.isascii() and when.isdigit() and len(when) <= 12):
        raise BadMessage("without who, what or when")
    is_event = kind == "event"
    name = found.get("Event", "").strip().lower() if is_event else kind.lower()
    lon, lat = _point(found, is_event)
    return Heard(
        openid=who,
        kind=name,
        sent_at=datetime.fromtimestamp(int(when), UTC),
        key=_key(found, who, when, name, is_event=is_event),
        is_event=is_event,
        words=_words(found, name, is_event=is_event),
        media_id=found.get("MediaId", "").strip(),
        format=found.get("Format", "").strip().lower(),
        lon=lon,
        lat=lat,
        fields=tuple(sorted(found.items())) if is_event else (),
    )


def _key(found: dict[str, str], who: str, when: str, name: str, *, is_event: bool) -> str:
    """Messages have a number; events are the same when the same follower did the same in the same second.

    Two different events within one second (to follow by a scan and to open the menu) are told apart by their names.
    """
    number = found.get("MsgId", "").strip()
    if number and not is_event:
        return f"m:{number}"[:80]
    said = "\x00".join((who, when, name, found.get("EventKey", "")))
    return f"e:{hashlib.sha256(said.encode()).hexdigest()[:48]}"


def _words(found: dict[str, str], name: str, *, is_event: bool) -> str:
    if is_event:
        scanned = found.get("ScanCodeInfo.ScanResult", "")
        return scanned or found.get("EventKey", "")
    said = {"location": "Label", "link": "Title"}.get(name, "Content")
    return found.get(said, "").strip()


def _point(found: dict[str, str], is_event: bool) -> tuple[float | None, float | None]:
    east, north = ("Longitude", "Latitude") if is_event else ("Location_Y", "Location_X")
    if found.get("SendLocationInfo.Location_Y"):
        east, north = "SendLocationInfo.Location_Y", "SendLocationInfo.Location_X"
    try:
        lon, lat = float(found[east]), float(found[north])
    except (KeyError, ValueError):
        return None, None
    if not (-180 <= lon <= 180 and -90 <= lat <= 90):
        return None, None
    return lon, lat


def fit(text: str, most: int = REPLY_BYTES) -> str:
    """The text, cut on a letter's border where it has too many bytes."""
    whole = _NOT_XML.sub("", text)
    if len(whole.encode()) <= most:
        return whole
    return whole.encode()[: most - 3].decode(errors="ignore").rstrip() + "…"


def text_reply(*, to: str, from_: str, words: str, at: datetime) -> str:
    """A passive answer in words."""
    return (
        f"<xml><ToUserName>{escape(to)}</ToUserName><FromUserName>{escape(from_)}</FromUserName>"
        f"<CreateTime>{int(at.timestamp())}</CreateTime><MsgType>text</MsgType>"
        f"<Content>{escape(fit(words))}</Content></xml>"
    )


def sealed_reply(*, envelope: str, signed: str, timestamp: str, nonce: str) -> str:
    """The wrapping of a passive answer in an envelope."""
    return (
        f"<xml><Encrypt>{escape(envelope)}</Encrypt><MsgSignature>{signed}</MsgSignature>"
        f"<TimeStamp>{timestamp}</TimeStamp><Nonce>{escape(nonce)}</Nonce></xml>"
    )
