"""Any carrier of SMS that speaks HTTP, described by one file: messages of `notices`, and codes of `people`."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from pathlib import Path

from linli.faces.languages import reads_english
from linli.integrations.sms import rules
from linli.integrations.sms.rules import Asking, BadSms
from linli.kernel import outside
from linli.kernel.outside import Unreached
from linli.notices.by_phone import ByPhone
from linli.notices.ports import Carried, Letter, Result
from linli.people import ports as people_ports

SECONDS = 10.0
AT_ONCE = 8  # requests under way
FEW = 1  # for so few no threads are needed


class HttpSms(ByPhone):
    """Fills ``notices.ports.Carrier`` and ``people.ports.CodeSender``.

    :param asking: how the carrier wants to be asked.
    :param secret: what its file calls ``{secret}``.
    :raises BadSms: an address that cannot be used.
    """

    road = "sms"

    def __init__(self, asking: Asking, secret: str = "") -> None:
        if outside.usable(rules.filled(asking.url, {"phone": "0", "words": "0", "key": "0", "secret": "0"})):
            raise BadSms("url cannot be used")
        self._asking, self._secret = asking, secret

    @classmethod
    def from_file(cls, path: str, secret: str = "") -> HttpSms:
        """The carrier that a file describes.

        :raises BadSms: it cannot be read, or not be used.
        """
        try:
            told = tomllib.loads(Path(path).read_text(encoding="utf-8"))
        except (OSError, tomllib.TOMLDecodeError) as problem:
            raise BadSms(f"{path}: {problem}") from problem
        return cls(rules.read(told), secret)

    @property
    def asking(self) -> Asking:
        """How the carrier is asked, and how its receipts read."""
        return self._asking

    def carry(self, letters: Sequence[tuple[str, Letter]], *, at: datetime) -> Sequence[Carried]:
        """As the port says; several requests at once."""
        if len(letters) <= FEW:
            return [self._one(phone, letter) for phone, letter in letters]
        with ThreadPoolExecutor(AT_ONCE) as pool:
            return list(pool.map(lambda one: self._one(*one), letters))

    def send(self, phone: str, code: str, language: str) -> None:
        """Send a sign-in code, as ``people.ports.CodeSender`` says.

        :raises NotSent: the carrier did not take it.
        """
        words = self._asking.code_en if reads_english(language) else self._asking.code_zh
        said = self._ask(phone, words.replace("{code}", code), key="", title="", more={"code": code})
        if said.result is not Result.SENT:
            raise people_ports.NotSent(said.code)

    def _one(self, phone: str, letter: Letter) -> Carried:
        return self._ask(phone, letter.words, key=letter.key, title=letter.title, more=letter.fields)

    def _ask(self, phone: str, words: str, *, key: str, title: str, more: Mapping[str, str]) -> Carried:
        given = {
            **more,
            "phone": phone.removeprefix("+86"),
            "e164": phone,
            "words": f"{self._asking.sign}{words}"[: rules.MOST_LETTERS],
            "title": title,
            "key": key,
            "secret": self._secret,
        }
        url, headers, body = rules.written(self._asking, given)
        try:
            answer = outside.ask(
                self._asking.method, url, headers=headers, body=body, seconds=SECONDS, most_bytes=64 * 1024
            )
            if answer.status == 429 or answer.status >= 500:
                return Carried(Result.LATER, f"http_{answer.status}")
            if not answer.good:
                return Carried(Result.REFUSED, f"http_{answer.status}")
            return self._judge(answer.json())
        except Unreached as problem:
            return Carried(Result.LATER if problem.again else Result.REFUSED, problem.code)

    def _judge(self, said: object) -> Carried:
        code = str(rules.at_path(said, self._asking.good_path))
        if code in self._asking.good:
            reference = rules.at_path(said, self._asking.reference) if self._asking.reference else ""
            return Carried(Result.SENT, reference=str(reference or "")[:120])
        return Carried(Result.LATER if code in self._asking.later else Result.REFUSED, code[:60])
