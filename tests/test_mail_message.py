"""The message of one reader's copy: whole, readable by every mail program, and the same bytes for the same copy."""

from __future__ import annotations

import email.policy
from datetime import UTC, datetime
from email.message import EmailMessage
from email.parser import BytesParser
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from digest.mail.merge_field import MERGE_FIELD, unsubscribe_address
from digest.mail.message import list_id, message_of
from digest.model.delivery import Copy
from digest.model.issue import Email, Sender
from digest.tokens import Tokens

BASE = "https://letter.example.com"
TOKEN = Tokens(["k" * 32]).letter_token(7, "2026-W47")
DATE = datetime(2026, 11, 20, 8, 5, tzinfo=UTC)
TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=80)


def sender(**changes: str) -> Sender:
    values = {
        "name": "Ship or Skip",
        "address": "letter@example.com",
        "reply_to": "editors@example.com",
        "postal_address": "12 Harbour Row",
    }
    return Sender(**{**values, **changes})


def letter(**changes: Any) -> Email:
    values: dict[str, Any] = {
        "subject": "Copperline or Tidepool?",
        "preheader": "Also: more.",
        "sender": sender(),
        "html": f'<p>Grüße — 1\u00a0000 € <a href="{unsubscribe_address(BASE)}">leave</a></p>\n',
        "text": f"Grüße — 1\u00a0000 €\n\nLeave: {unsubscribe_address(BASE)}\n",
    }
    return Email(**{**values, **changes})


def made(mail: Email | None = None, *, to: str = "ann@example.com", token: str = TOKEN, base_url: str = BASE) -> bytes:
    copy = Copy(7, to, token)
    return message_of(mail or letter(), copy, base_url=base_url, date=DATE, identity="0123456789abcdef").as_bytes()


def parsed(content: bytes) -> EmailMessage:
    message = BytesParser(policy=email.policy.default).parsebytes(content)
    assert isinstance(message, EmailMessage)
    assert not message.defects
    assert all(not part.defects for part in message.walk())
    return message


def raw_headers(content: bytes) -> list[bytes]:
    """The header lines as they travel, folded ones put together again."""
    head = content.partition(b"\r\n\r\n")[0]
    return head.replace(b"\r\n ", b" ").replace(b"\r\n\t", b" ").split(b"\r\n")


def part(message: EmailMessage, kind: str) -> str:
    body = message.get_body((kind,))
    assert body is not None
    return str(body.get_content()).replace("\r\n", "\n")


class TestTheWholeMessage:
    def test_parses_back_as_it_was_meant(self) -> None:
        message = parsed(made())
        assert message["From"] == "Ship or Skip <letter@example.com>"
        assert message["To"] == "ann@example.com"
        assert message["Reply-To"] == "editors@example.com"
        assert message["Subject"] == "Copperline or Tidepool?"
        assert message["Date"].datetime == DATE
        assert message["Message-ID"] == "<0123456789abcdef@letter.example.com>"
        assert message["MIME-Version"] == "1.0"
        assert message["List-Id"] == "<letter.example.com>"

    def test_each_header_stands_once(self) -> None:
        names = [line.partition(b":")[0].lower() for line in raw_headers(made())]
        assert len(names) == len(set(names))

    def test_text_first_and_the_html_last(self) -> None:
        message = parsed(made())
        kinds = [one.get_content_type() for one in message.walk()]
        assert kinds == ["multipart/alternative", "text/plain", "text/html"]

    def test_both_parts_are_intact_and_carry_the_reader_s_own_link(self) -> None:
        message = parsed(made())
        for kind, was in (("plain", letter().text), ("html", letter().html)):
            assert part(message, kind) == was.replace(MERGE_FIELD, TOKEN) + "\n"

    @settings(max_examples=60, deadline=None)
    @given(text=TEXT, html=TEXT)
    def test_any_words_survive_the_journey(self, text: str, html: str) -> None:
        message = parsed(made(letter(text=f"begin {text}\nend", html=f"<p>{html}</p>")))
        assert _lines(part(message, "plain")) == _lines(f"begin {text}\nend\n")
        assert _lines(part(message, "html")) == _lines(f"<p>{html}</p>\n")

    def test_only_ascii_travels_and_no_line_is_longer_than_allowed(self) -> None:
        long = letter(subject="Ä" * 300, html=f"<p>{'ü' * 5000}</p>", text="x" * 5000)
        content = made(long)
        content.decode("ascii")
        assert max(map(len, content.split(b"\r\n"))) <= 998
        assert parsed(content)["Subject"] == "Ä" * 300

    def test_lines_end_as_the_standard_wants(self) -> None:
        content = made()
        assert content.count(b"\n") == content.count(b"\r\n")

    def test_a_line_that_begins_with_from_or_a_dot_stays(self) -> None:
        message = parsed(made(letter(text="From here on\n.\n..two\n")))
        assert part(message, "plain") == "From here on\n.\n..two\n"

    def test_a_text_that_holds_the_boundary_stays_whole(self) -> None:
        evil = "--=_0123456789abcdef--\n\n--=_0123456789abcdef\nContent-Type: text/html\n\nhi\n"
        message = parsed(made(letter(text=evil)))
        assert part(message, "plain") == evil
        assert [one.get_content_type() for one in message.iter_parts()] == ["text/plain", "text/html"]


def _lines(text: str) -> list[str]:
    """What a mail carries is lines: how they ended is not kept."""
    return text.replace("\r\n", "\n").replace("\r", "\n").split("\n")


class TestTheSameCopyIsTheSameBytes:
    def test_every_time(self) -> None:
        assert made() == made()

    def test_another_reader_gets_other_bytes(self) -> None:
        assert made(token=Tokens(["k" * 32]).letter_token(8, "2026-W47")) != made()


class TestLeavingWithOneClick:
    @pytest.mark.parametrize(
        ("base_url", "token"),
        [
            (BASE, TOKEN),
            (BASE, "t" * 400),
            (f"https://{'a' * 60}.{'b' * 60}.{'c' * 60}.example.com/some/path", "t" * 400),
            ("http://localhost:8000", TOKEN),
        ],
        ids=["as usual", "a long token", "a long host", "a port"],
    )
    def test_the_address_is_whole_and_in_plain_words(self, base_url: str, token: str) -> None:
        content = made(token=token, base_url=base_url)
        (line,) = [line for line in raw_headers(content) if line.lower().startswith(b"list-unsubscribe:")]
        wanted = f"<{base_url}/unsubscribe/{token}>, <mailto:editors@example.com?subject=unsubscribe>"
        assert line.decode() == f"List-Unsubscribe: {wanted}"
        assert f"<{base_url}/unsubscribe/{token}>".encode() in content
        assert b"List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n" in content

    def test_as_a_mail_program_reads_it(self) -> None:
        said = str(parsed(made(token="t" * 300))["List-Unsubscribe"])
        assert said.startswith(f"<{BASE}/unsubscribe/{'t' * 300}>,")

    def test_no_list_header_is_encoded(self) -> None:
        lines = [line for line in raw_headers(made(token="t" * 400)) if line.lower().startswith(b"list-")]
        assert len(lines) == 3
        assert all(b"=?" not in line for line in lines)

    def test_the_list_s_name_is_under_the_sender_s_domain(self) -> None:
        assert list_id(sender(address="news@mail.example.org")) == "<letter.mail.example.org>"


HOSTILE = [
    "x\r\nBcc: everyone@example.com",
    "x\nBcc: everyone@example.com",
    "x\rBcc: everyone@example.com",
    "x\r\n\r\n<script>",
    "x\x0b\x0cBcc: y",
    "x\x85Bcc: y",
    "x\u2028Bcc: y",
    # the library decodes words in this notation, line breaks and all
    "=?utf-8?q?x=0d=0aBcc:_y?=",
    "x =?utf-8?b?eA0KQmNjOiB5?= y",
    "x=?utf-8?q?=0aBcc: y?=",
    "==??utf-8?q?x=0d=0aBcc:_y?=",
]


class TestNobodyAddsAHeader:
    @pytest.mark.parametrize("hostile", HOSTILE)
    def test_through_the_subject(self, hostile: str) -> None:
        content = made(letter(subject=hostile))
        self.only_ours(content)

    @pytest.mark.parametrize("hostile", HOSTILE)
    def test_through_the_sender_s_name(self, hostile: str) -> None:
        # the model refuses line breaks; whatever gets past it must not get past the message
        odd = letter(sender=sender().model_copy(update={"name": hostile}))
        self.only_ours(made(odd))

    @pytest.mark.parametrize("hostile", HOSTILE[:4])
    def test_the_nouns_refuse_them_already(self, hostile: str) -> None:
        with pytest.raises(ValidationError):
            sender(name=hostile)

    @pytest.mark.parametrize("hostile", HOSTILE[:4])
    def test_through_an_address_it_is_refused_aloud(self, hostile: str) -> None:
        with pytest.raises(ValueError, match=r"(?i)linefeed|carriage|newline|header|address"):
            made(to=hostile)

    @settings(max_examples=60, deadline=None)
    @given(subject=TEXT, name=TEXT)
    def test_whatever_they_are(self, subject: str, name: str) -> None:
        odd = letter(subject=subject, sender=sender().model_copy(update={"name": name}))
        self.only_ours(made(odd))

    @pytest.mark.parametrize(
        "name", ['Ship "or" Skip', "Skip, Ship & Co.", "Schiff <oder> nicht", "船か", "a@b.example", "\\"]
    )
    def test_odd_names_come_back_as_they_are(self, name: str) -> None:
        message = parsed(made(letter(sender=sender(name=name))))
        (address,) = message["From"].addresses
        assert (address.display_name, address.addr_spec) == (name, "letter@example.com")

    def only_ours(self, content: bytes) -> None:
        names = [line.partition(b":")[0] for line in raw_headers(content)]
        assert names == [
            b"From",
            b"To",
            b"Reply-To",
            b"Subject",
            b"Date",
            b"Message-ID",
            b"List-Id",
            b"List-Unsubscribe",
            b"List-Unsubscribe-Post",
            b"MIME-Version",
            b"Content-Type",
        ]
        message = parsed(content)
        assert message["Bcc"] is None
        assert [address.addr_spec for address in message["From"].addresses] == ["letter@example.com"]
