"""Messages by e-mail, over one SMTP server of the operator's."""

from __future__ import annotations

import smtplib
import ssl
from collections.abc import Mapping, Sequence
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime
from urllib.parse import unquote, urlsplit

from linli.notices.ports import Carried, Letter, Result
from linli.notices.queries import mail

SECONDS = 15.0
PORTS = {"smtp": 587, "smtps": 465, "smtp+plain": 25}


class BadMailServer(ValueError):
    """The address of the server cannot be used; the message says why."""


class SmtpMail:
    """Fills ``notices.ports.Carrier`` for the road ``email``.

    :param url: ``smtps://user:secret@host:465`` (TLS at once), ``smtp://…:587`` (STARTTLS, required), or ``smtp+plain://…``
        for a server on this machine.
    :param sender: the address in From.
    :raises BadMailServer: another kind of address, or no sender.
    """

    road = "email"

    def __init__(self, url: str, sender: str) -> None:
        parts = urlsplit(url)
        if parts.scheme not in PORTS or not parts.hostname:
            raise BadMailServer("LINLI_SMTP_URL must begin with smtps://, smtp:// or smtp+plain://")
        if parts.scheme == "smtp+plain" and parts.hostname not in {"localhost", "127.0.0.1", "::1"}:
            raise BadMailServer("smtp+plain:// is for a server on this machine")
        if "@" not in sender:
            raise BadMailServer("Set LINLI_SMTP_FROM to the address in From.")
        self._scheme, self._host = parts.scheme, parts.hostname
        self._port = parts.port or PORTS[parts.scheme]
        self._user, self._secret = unquote(parts.username or ""), unquote(parts.password or "")
        self._sender = sender

    def address(
        self, *, community_id: int, account_id: int | None, organisation_id: int | None, at: datetime
    ) -> str | None:
        """As the port says: an address that the person has proved."""
        return mail.proved([account_id]).get(account_id) if account_id else None

    def addresses(self, *, community_id: int, account_ids: Sequence[int], at: datetime) -> Mapping[int, str]:
        """As the port says."""
        return mail.proved(account_ids)

    def carry(self, letters: Sequence[tuple[str, Letter]], *, at: datetime) -> Sequence[Carried]:
        """As the port says; all over one connection."""
        try:
            with self._connect() as server:
                return [self._one(server, address, letter, at) for address, letter in letters]
        except (OSError, smtplib.SMTPException) as problem:
            refused = isinstance(problem, smtplib.SMTPAuthenticationError)
            code = "auth" if refused else "unreachable"
            return [Carried(Result.LATER, code)] * len(letters)

    def _connect(self) -> smtplib.SMTP:
        context = ssl.create_default_context()
        if self._scheme == "smtps":
            server: smtplib.SMTP = smtplib.SMTP_SSL(self._host, self._port, timeout=SECONDS, context=context)
        else:
            server = smtplib.SMTP(self._host, self._port, timeout=SECONDS)
        if self._scheme == "smtp":
            server.starttls(context=context)
        if self._user:
            server.login(self._user, self._secret)
        return server

    def _one(self, server: smtplib.SMTP, address: str, letter: Letter, at: datetime) -> Carried:
        made = self.message(address, letter, at)
        try:
            server.send_message(made)
        except smtplib.SMTPRecipientsRefused as problem:
            code = next(iter(problem.recipients.values()))[0]
            return Carried(Result.REFUSED if code >= 500 else Result.LATER, f"smtp_{code}")
        except smtplib.SMTPResponseException as problem:
            code = problem.smtp_code
            return Carried(Result.REFUSED if code >= 500 else Result.LATER, f"smtp_{code}")
        except (OSError, smtplib.SMTPException):
            return Carried(Result.LATER, "unreachable")
        return Carried(Result.SENT, reference=str(made["Message-ID"])[:120])

    def message(self, address: str, letter: Letter, at: datetime) -> EmailMessage:
        """A letter as a mail: plain text, and the same Message-ID over all tries."""
        made = EmailMessage()
        made["Subject"] = " ".join(letter.title.split())
        made["From"] = self._sender
        made["To"] = Address(addr_spec=address)
        made["Date"] = format_datetime(at)
        made["Message-ID"] = f"<{letter.key}@{self._sender.rpartition('@')[2].strip('>')}>"
        made["Auto-Submitted"] = "auto-generated"
        made["Content-Language"] = letter.language
        made.set_content("\n\n".join(part for part in (letter.words, letter.link) if part) + "\n")
        return made
