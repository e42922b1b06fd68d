"""Whether a page is there: asked with HEAD, and with GET where the server does not take that for a question."""

from __future__ import annotations

from typing import Any

import requests

from digest.http.client import Answer, Client, FetchFailed


class _Head(Client):
    _method = "HEAD"

    def _body(self, response: requests.Response, address: str) -> bytes:
        return b""


class Presence(Client):
    """A client that asks for pages without taking them: its answers have no body."""

    def get(self, address: str, **known: Any) -> Answer:
        """Asks whether a document is there.

        Args:
            address: Its web address.
            known: What a client that fetches takes besides.

        Returns:
            The answer to HEAD, else to GET; many servers refuse HEAD for pages that they have.

        Raises:
            FetchFailed: It is not there, or nobody answers.
        """
        try:
            return _Head(self._user_agent, limits=self._limits).get(address, **known)
        except FetchFailed as refused:
            # no second question where nobody answered, or where we were asked to leave it
            if refused.status is None or refused.status == 429:
                raise
        return super().get(address, **known)

    def _body(self, response: requests.Response, address: str) -> bytes:
        return b""
