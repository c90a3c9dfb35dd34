"""Somebody with a browser who means no good: knows how forms are sent, and sends what no form of ours would."""

import re
import secrets
from typing import Any

from flask import Flask
from werkzeug.test import TestResponse

from tests.visiting import Visiting

TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')


class Attacker(Visiting):
    """A visitor whose requests carry a true form token and a fresh key, so that only the locks behind them stand in the way."""

    def __init__(self, app: Flask, name: str) -> None:
        super().__init__(app, name)
        self._token = ""

    @property
    def token(self) -> str:
        """A form token of this very session."""
        if not self._token:
            signed_in = self._apart(self.client.get, "/")
            shown = signed_in if signed_in.status_code == 200 else self._apart(self.client.get, "/sign-in")
            found = TOKEN.search(shown.get_data(as_text=True))
            assert found, "no form token on the page"
            self._token = found[1]
        return self._token

    def look(self, address: str, **how: Any) -> TestResponse:
        """Ask for an address, expecting nothing."""
        answer = self._apart(self.client.get, address, **how)
        answer.get_data()
        return answer

    def strike(self, address: str, fields: dict[str, Any] | None = None, **how: Any) -> TestResponse:
        """Send a form with its token and a new key, expecting nothing."""
        said = {"csrf_token": self.token, "once": secrets.token_urlsafe(24), **(fields or {})}
        answer = self._apart(self.client.post, address, data=said, **how)
        answer.get_data()
        return answer
