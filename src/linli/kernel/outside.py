"""Asking other systems over HTTP: the one way out, with one deadline, a bounded answer and no way back inside.

Addresses come from people (a webhook, a robot, another city's server), so each is a possible trap (SSRF): the name is
resolved here, every address it has must be a public one or stand in the operator's list (``LINLI_OUTSIDE_PRIVATE``),
and the connection goes to the very address that was checked. No redirect is followed, no proxy is asked, and a
slow trickle ends at the deadline. Nothing is logged here: headers and bodies may hold secrets.
"""

from __future__ import annotations

import http.client
import ipaddress
import json
import socket
import ssl
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings

MOST_BYTES = 1024 * 1024
CHUNK = 16 * 1024
LONGEST_ADDRESS = 2000
IpAddress = ipaddress.IPv4Address | ipaddress.IPv6Address
#: Ways of writing an IPv4 address inside an IPv6 one: judged by the address inside.
_NAT64 = (ipaddress.IPv6Network("64:ff9b::/96"), ipaddress.IPv6Network("64:ff9b:1::/48"))


class Unreached(Exception):
    """The other side did not answer as hoped. ``code`` says why; ``again`` whether another try may help.

    Codes: ``address`` (cannot be used at all), ``inside`` (leads into a private network), ``unknown_host``,
    ``unreachable``, ``tls``, ``timeout``, ``too_long``, ``garbled``.
    """

    def __init__(self, code: str, *, again: bool) -> None:
        super().__init__(code)
        self.code = code
        self.again = again


@dataclass(frozen=True, slots=True)
class Answer:
    """What the other side said; header names are in small letters."""

    status: int
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    address: str = ""  # the one that was connected to
    cut: bool = False  # more came than was wanted

    @property
    def good(self) -> bool:
        """Whether it is a 2xx."""
        return 200 <= self.status < 300

    def json(self) -> Any:
        """The body as JSON.

        :raises Unreached: garbled, when it is none.
        """
        try:
            return json.loads(self.body)
        except (ValueError, RecursionError) as error:
            raise Unreached("garbled", again=False) from error


def usable(url: str) -> str:
    """Why this address cannot be used, as a code: ``address`` or ``plain_http``; empty when it can.

    Looks at its shape alone, so that a form can answer at once; where it leads is checked at every connection.
    """
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return "address"
    odd = any(ord(letter) <= 32 or ord(letter) == 127 for letter in url)
    if odd or len(url) > LONGEST_ADDRESS or parts.scheme not in {"http", "https"} or port == 0:
        return "address"
    if not parts.hostname or parts.username or parts.password or parts.fragment:
        return "address"
    return "plain_http" if parts.scheme == "http" and not _may_be_plain(parts.hostname) else ""


def ask(
    method: str,
    url: str,
    *,
    headers: Mapping[str, str] | None = None,
    body: bytes | None = None,
    seconds: float = 10.0,
    most_bytes: int = MOST_BYTES,
    cut: bool = False,
) -> Answer:
    """One request, one answer, whatever its status.

    :param seconds: for all of it: looking up the name, connecting, sending, reading.
    :param most_bytes: of the answer's body.
    :param cut: of a longer body the beginning is enough; otherwise it is no answer.
    :raises Unreached: there is no answer, or not one within bounds.
    """
    if usable(url):
        raise Unreached("address", again=False)
    parts = urlsplit(url)
    until = time.monotonic() + seconds
    host = str(parts.hostname)
    port = parts.port or (443 if parts.scheme == "https" else 80)
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    try:
        connection = _connect(host, port, tls=parts.scheme == "https", until=until)
        try:
            held = connection.sock  # the connection forgets it once the other side says that it will close
            address = str(held.getpeername()[0])
            with _hung_up_at(until, held):
                connection.request(method, target, body=body, headers=dict(headers or {}))
                held.settimeout(_left(until))
                answer = connection.getresponse()
                with answer:
                    said, more = _read(answer, held, until, most_bytes)
        finally:
            connection.close()
        _left(until)  # hung up at the deadline: what we have may be half of it
    except TimeoutError as error:
        raise Unreached("timeout", again=True) from error
    except ssl.SSLError as error:
        raise Unreached("tls", again=True) from error
    except (OSError, http.client.HTTPException, UnicodeError) as error:
        late = time.monotonic() >= until
        raise Unreached("timeout" if late else "unreachable", again=True) from error
    if more and not cut:
        raise Unreached("too_long", again=False)
    named = {name.lower(): value for name, value in answer.getheaders()}
    return Answer(answer.status, named, said, address, more)


@contextmanager
def _hung_up_at(until: float, held: socket.socket) -> Iterator[None]:
    """Hang up at the deadline: a trickle of single bytes would start every wait of a socket anew."""
    watch = threading.Timer(max(0.0, until - time.monotonic()), _hang_up, [held])
    watch.daemon = True
    watch.start()
    try:
        yield
    finally:
        watch.cancel()


def _hang_up(held: socket.socket) -> None:
    with suppress(OSError):
        held.shutdown(socket.SHUT_RDWR)


def _connect(host: str, port: int, *, tls: bool, until: float) -> http.client.HTTPConnection:
    """A connection to an address of this host that was checked; the host's name stays in the request and in TLS."""
    connection = http.client.HTTPConnection(host, port)
    last: OSError | None = None
    for address in _checked(host, port):
        try:
            plain = socket.create_connection((str(address), port), timeout=_left(until))
        except TimeoutError:
            raise
        except OSError as error:
            last = error
            continue
        plain.settimeout(_left(until))
        try:
            connection.sock = (
                ssl.create_default_context().wrap_socket(plain, server_hostname=host) if tls else plain
            )
        except OSError:
            plain.close()
            raise
        if tls:
            connection.default_port = 443  # so that the Host header names no port where it need not
        return connection
    raise last or OSError("no address")


def _checked(host: str, port: int) -> list[IpAddress]:
    """The host's addresses, all of them fit to be asked.

    One unfit address among several refuses the host: a name that points both outside and inside is a trap.
    """
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (socket.gaierror, UnicodeError) as error:
        raise Unreached("unknown_host", again=True) from error
    addresses = list(dict.fromkeys(ipaddress.ip_address(str(row[4][0]).split("%")[0]) for row in found))
    if not all(_fit(address, host) for address in addresses):
        raise Unreached("inside", again=False)
    return addresses


def _fit(address: IpAddress, host: str) -> bool:
    inner = _inner(address)
    if inner.is_global and not inner.is_multicast:
        return True
    return host.lower() in _allowed_hosts() or any(inner in network for network in _allowed_networks())


def _inner(address: IpAddress) -> IpAddress:
    """The IPv4 address that an IPv6 one carries (mapped, 6to4, Teredo, NAT64), else the address itself."""
    if isinstance(address, ipaddress.IPv4Address):
        return address
    if any(address in network for network in _NAT64):
        return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    return address.ipv4_mapped or address.sixtofour or (address.teredo or (None, None))[1] or address


def _may_be_plain(host: str) -> bool:
    """Plain http is for what the operator has listed, by name or by address."""
    if host.lower() in _allowed_hosts():
        return True
    try:
        address = _inner(ipaddress.ip_address(host))
    except ValueError:
        return host.lower() == "localhost" and any(
            ipaddress.ip_address("127.0.0.1") in network for network in _allowed_networks()
        )
    return any(address in network for network in _allowed_networks())


def _allowed() -> list[str]:
    return list(settings.LINLI_OUTSIDE_PRIVATE)


def _allowed_networks() -> list[ipaddress.IPv4Network | ipaddress.IPv6Network]:
    found = []
    for word in _allowed():
        try:
            found.append(ipaddress.ip_network(word, strict=False))
        except ValueError:
            continue
    return found


def _allowed_hosts() -> set[str]:
    return {word.lower() for word in _allowed()}


def _left(until: float) -> float:
    left = until - time.monotonic()
    if left <= 0:
        raise TimeoutError
    return left


def _read(
    answer: http.client.HTTPResponse, sock: socket.socket, until: float, most_bytes: int
) -> tuple[bytes, bool]:
    """The body up to a bound, and whether there was more."""
    held = bytearray()
    while True:
        sock.settimeout(_left(until))
        piece = answer.read1(CHUNK)
        if not piece:
            return bytes(held), False
        held += piece
        if len(held) > most_bytes:
            return bytes(held[:most_bytes]), True
