# ruff: noqa: E501 — a row of a table is one line
"""Every fault of a provider, what the reader gets and what the ledger says: the expectation, and the page made of it.

`python tests/fault_table.py [--check]` writes docs/faults.md, or says whether it is current. The tests run every cell.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import NamedTuple

PAGE = Path(__file__).parent.parent / "docs" / "faults.md"
WEB = ("resend", "postmark", "sendgrid", "mailgun", "ses")


class Cell(NamedTuple):
    """What becomes of a copy.

    Attributes:
        state: What the ledger says.
        copies: How many copies the reader got.
        stops: Whether the provider says that nothing can be sent until a person has mended something.
        whole: Whether it refused the batch as a whole, so that halves of it are tried.
    """

    state: str
    copies: int
    stops: bool = False
    whole: bool = False

    def __str__(self) -> str:
        mark = ", the run stops" if self.stops else ", in halves again" if self.whole else ""
        return f"{self.state}{mark} · {self.copies}"


NOT_NOW = Cell("pending", 0)
STOPPED = Cell("pending", 0, stops=True)
HALVED = Cell("pending", 0, whole=True)
PERHAPS = Cell("unknown", 1)
PERHAPS_NOT = Cell("unknown", 0)

# What happens before a call has left, whoever the provider is.
ON_THE_WAY: dict[str, Cell] = {
    "its host has no address": NOT_NOW,
    "it refuses the connection": NOT_NOW,
    "no secure connection is possible": NOT_NOW,
    "its certificate is somebody else's": NOT_NOW,
}

_USUAL: dict[str, Cell] = {
    "takes the call and hangs up": PERHAPS,
    "hangs up and takes nothing": PERHAPS_NOT,
    "takes the call and answers 503": PERHAPS,
    "answers 503 and takes nothing": PERHAPS_NOT,
    "takes the call and answers 500": PERHAPS,
    "takes the call and answers 502 in HTML": PERHAPS,
    "takes the call and answers 408": PERHAPS,
    "takes the call and is silent": PERHAPS,
    "takes the call and drips its answer": PERHAPS,
    "cuts its answer off": PERHAPS,
    "answers with half a document": PERHAPS,
    "answers 200 with a page": PERHAPS,
    "answers without a word": PERHAPS,
    "answers for one message too few": PERHAPS,
    "answers for one message too many": PERHAPS,
    "answers with one id twice": PERHAPS,
    "answers 429": NOT_NOW,
    "answers 429 with Retry-After in seconds": NOT_NOW,
    "answers 429 with Retry-After as a date": NOT_NOW,
    "answers 401": STOPPED,
    "answers 403": STOPPED,
    "answers 404": STOPPED,
    "answers 400": HALVED,
    "answers 422": HALVED,
    "redirects with 307": STOPPED,
}

# Services that answer with one id for the whole call have no list to get wrong; SendGrid answers without a document.
_LISTS = ("answers for one message too few", "answers for one message too many", "answers with one id twice")
_DOCUMENTS = ("cuts its answer off", "answers with half a document")

FAULTS: dict[str, dict[str, Cell | None]] = {
    fault: {
        name: None
        if (fault in _LISTS and name in ("sendgrid", "mailgun")) or (fault in _DOCUMENTS and name == "sendgrid")
        else usual
        for name in WEB
    }
    for fault, usual in _USUAL.items()
}

SMTP: dict[str, Cell] = {
    "its host has no address": NOT_NOW,
    "it refuses the connection": NOT_NOW,
    "its certificate is somebody else's": NOT_NOW,
    "it offers no TLS": STOPPED,
    "greets with 421": NOT_NOW,
    "refuses user or password (535)": STOPPED,
    "cannot check user or password now (454)": NOT_NOW,
    "refuses the sender (550)": STOPPED,
    "does not want the sender now (451)": NOT_NOW,
    "refuses the mailbox (550)": Cell("rejected", 0),
    "does not want the mailbox now (450)": NOT_NOW,
    "hangs up at the mailbox": NOT_NOW,
    "is silent at the mailbox": NOT_NOW,
    "does not want the message (554 to DATA)": Cell("rejected", 0),
    "refuses the message (554 after it)": Cell("rejected", 0),
    "does not take the message now (451 after it)": NOT_NOW,
    "takes the message and hangs up": PERHAPS,
    "hangs up during the message": PERHAPS_NOT,
    "takes the message and is silent": PERHAPS,
}

_TITLES = {
    "resend": "Resend",
    "postmark": "Postmark",
    "sendgrid": "SendGrid",
    "mailgun": "Mailgun",
    "ses": "Amazon SES",
}

_HEAD = """\
# What happens when a provider fails

Each line is a test: a real server on loopback does it to a call with three readers. A cell has what the ledger says of
each copy, and how many copies its reader then has. Nothing is ever sent again on a guess, so no cell has a 2.

This page is written by `make docs`.

| the ledger says | means | what happens next |
|---|---|---|
| pending | nothing of it was sent | a pause of up to a minute that the provider asks for (Retry-After) is waited for; else the next tick sends it |
| pending, the run stops | nothing of it was sent, and nothing can be until you have mended what the line says | the run ends with 4 and says it in a line; mend it (`digest doctor` helps), then `digest send` |
| pending, in halves again | the whole call was refused, perhaps for one copy | halves are tried under keys of their own, until the one is found and rejected by name; at a repetition it stays unknown |
| rejected | the provider said no to this reader | nothing; the reader is listed with the reason |
| unknown | it may have been sent | see [below](#what-becomes-of-unknown) |
"""

_TAIL = """\
## What becomes of unknown

| provider | how it is settled | by whom |
|---|---|---|
| outbox | repeated: a message that is there is not written again | the next tick |
| Resend | repeated byte for byte under the same key, within 23 hours of the first attempt: it arrives once, and the answer is that of the first time; later it is quarantined | the next tick |
| Postmark | looked up by its tag, from 15 minutes after the attempt: what it knows of was accepted, the rest is quarantined | the next tick; `digest reconcile` asks at once |
| Mailgun | looked up in the events of the issue, from 30 minutes after the attempt: what it knows of was accepted, the rest is quarantined | the next tick; `digest reconcile` asks at once |
| SendGrid, Amazon SES, SMTP | cannot be asked: quarantined by name | the next tick, then you |

After three calls in a row that leave nothing but unknown, the others wait for the next tick.

A quarantined delivery is listed by `digest deliveries`, and never sent again by the program. Once you know what became of
it, `digest deliveries settle` says so; who said it and why stays in the ledger.
"""


def page() -> str:
    """The whole page."""
    lines = [_HEAD, "## Before a call has left", "", "| what happens | every provider over HTTP |", "|---|---|"]
    lines += [f"| {what} | {cell} |" for what, cell in ON_THE_WAY.items()]
    lines += ["", "## When a provider is called over HTTP", ""]
    lines += [f"| what it does | {' | '.join(_TITLES[name] for name in WEB)} |", "|---" * (len(WEB) + 1) + "|"]
    for fault, cells in FAULTS.items():
        lines.append(f"| {fault} | {' | '.join(str(cells[name] or '—') for name in WEB)} |")
    lines += [
        "",
        "— where its answers hold no such thing.",
        "",
        "## SMTP",
        "",
        "| what the server does | one reader a call |",
        "|---|---|",
    ]
    lines += [f"| {fault} | {cell} |" for fault, cell in SMTP.items()]
    return "\n".join([*lines, "", _TAIL])


def main() -> int:
    """Write or check."""
    if "--check" not in sys.argv[1:]:
        PAGE.write_text(page(), encoding="utf-8")
        return 0
    if PAGE.is_file() and PAGE.read_text(encoding="utf-8") == page():
        return 0
    print(f"{PAGE.name} is not what the tests expect; run `make docs`", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
