"""E-mail against a small server of our own, well-behaved and not."""

from __future__ import annotations

import socketserver
import threading
from collections.abc import Iterator
from email import message_from_string, policy

import pytest

from linli.cases.tests.cast import AT
from linli.integrations.email.adapter import BadMailServer, SmtpMail
from linli.notices.ports import Letter, Result

LETTER = Letter(
    "linli-9-email-0",
    1,
    "case_settled",
    "已办结，请您评价",
    "「照明」已办结。",
    "zh-hans",
    link="https://linli.example/case/1/",
)


class _Session(socketserver.StreamRequestHandler):
    def handle(self) -> None:
        server = self.server
        assert isinstance(server, FakeServer)
        self._say("220 fake")
        while line := self.rfile.readline().decode().strip():
            verb = line.partition(" ")[0].upper()
            if verb == "RCPT" and server.refuse:
                self._say(server.refuse)
            elif verb == "DATA":
                self._say("354 go on")
                held = []
                while (piece := self.rfile.readline().decode()) != ".\r\n":
                    held.append(piece)
                server.heard.append("".join(held))
                self._say("250 taken")
            elif verb == "QUIT":
                self._say("221 bye")
                return
            else:
                self._say("250 ok")

    def _say(self, words: str) -> None:
        self.wfile.write(f"{words}\r\n".encode())


class FakeServer(socketserver.ThreadingTCPServer):
    """Takes mail, or refuses each recipient with ``refuse``."""

    allow_reuse_address = True
    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Session)
        self.heard: list[str] = []
        self.refuse = ""


@pytest.fixture
def far() -> Iterator[FakeServer]:
    with FakeServer() as server:
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        yield server
        server.shutdown()


def carrier(far: FakeServer) -> SmtpMail:
    return SmtpMail(f"smtp+plain://127.0.0.1:{far.server_address[1]}", "linli@community.example")


def test_a_letter_becomes_a_mail_with_a_stable_name(far: FakeServer) -> None:
    said = carrier(far).carry([("zhang@mail.example", LETTER)] * 2, at=AT)
    assert [one.result for one in said] == [Result.SENT] * 2
    mails = [message_from_string(one, policy=policy.default) for one in far.heard]
    assert {mail["Message-ID"] for mail in mails} == {"<linli-9-email-0@community.example>"}
    assert mails[0]["Subject"] == "已办结，请您评价"
    assert mails[0]["Auto-Submitted"] == "auto-generated"
    assert "https://linli.example/case/1/" in mails[0].get_content()


@pytest.mark.parametrize(
    ("refuse", "result", "code"),
    [("550 no such user", Result.REFUSED, "smtp_550"), ("451 try later", Result.LATER, "smtp_451")],
)
def test_a_refusal_means_what_its_first_figure_says(
    far: FakeServer, refuse: str, result: Result, code: str
) -> None:
    far.refuse = refuse
    said = carrier(far).carry([("zhang@mail.example", LETTER)], at=AT)[0]
    assert (said.result, said.code) == (result, code)


def test_a_server_that_is_not_there_is_asked_again_later() -> None:
    said = SmtpMail("smtp+plain://127.0.0.1:1", "a@b.example").carry([("z@mail.example", LETTER)], at=AT)
    assert [(one.result, one.code) for one in said] == [(Result.LATER, "unreachable")]


@pytest.mark.parametrize(
    ("url", "sender"),
    [
        ("http://mail.example", "a@b.example"),
        ("smtp+plain://mail.example", "a@b.example"),
        ("smtps://mail.example", "x"),
    ],
)
def test_a_server_that_would_carry_in_the_open_is_refused(url: str, sender: str) -> None:
    with pytest.raises(BadMailServer):
        SmtpMail(url, sender)
