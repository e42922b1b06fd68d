"""Readers' links are signed: who, which issue, what for.

A token in a letter is untimed, so that the same batch is the same bytes; it can vote, leave and change categories, and
no more, since letters get forwarded. Each purpose has a salt of its own, so that no token serves another one. Keys
rotate: the newest signs, all of them open.
"""

from __future__ import annotations

from collections.abc import Sequence

from itsdangerous import BadSignature, URLSafeSerializer

LETTER = "letter"


class Tokens:
    """Signs and opens the tokens of one publication.

    Args:
        keys: The secret keys, newest first.
    """

    def __init__(self, keys: Sequence[str]) -> None:
        # itsdangerous signs with the last of a list and opens with any
        self._keys = list(reversed(keys))

    def letter_token(self, reader: int, issue: str) -> str:
        """The token that stands in one reader's copy of an issue."""
        return str(self._serializer(LETTER).dumps([reader, issue]))

    def test_token(self, issue: str) -> str:
        """A letter's token that works everywhere and changes nothing: no reader has the number 0."""
        return self.letter_token(0, issue)

    def opened_letter_token(self, token: str) -> tuple[int, str] | None:
        """Reader and issue of a token, or None where it was forged, cut, or made for something else."""
        try:
            said = self._serializer(LETTER).loads(token)
        except (BadSignature, ValueError, TypeError):
            return None
        match said:
            case [int(reader), str(issue)]:
                return reader, issue
        return None

    def _serializer(self, purpose: str) -> URLSafeSerializer:
        return URLSafeSerializer(self._keys, salt=f"digest.{purpose}")
