"""How Django's ``authenticate`` knows a person: by phone and password, in the same time whether or not the
phone is known.
"""

from __future__ import annotations

from django.contrib.auth.backends import BaseBackend
from django.contrib.auth.hashers import check_password, make_password
from django.http import HttpRequest

from linli.people import models, queries

PATH = "linli.people.backends.PhonePassword"


class PhonePassword(BaseBackend):
    """Phone and password. The keyword arguments are ``phone`` (E.164) and ``password``."""

    def authenticate(
        self, request: HttpRequest | None, phone: str | None = None, password: str | None = None, **_: object
    ) -> models.Account | None:
        """The account, or None. A phone nobody has costs one hash as well."""
        if phone is None or password is None:
            return None
        account = queries.account_by_phone(phone)
        if account is None or not account.has_usable_password():
            make_password(password)
            return None
        return account if check_password(password, account.password) else None

    def get_user(self, user_id: int) -> models.Account | None:
        """The account of a session, unless it was closed meanwhile."""
        return models.Account.objects.filter(pk=user_id, is_active=True).first()
