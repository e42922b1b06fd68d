"""Runs `digest` and kills it, with SIGKILL, at a chosen point: `python kill_driver.py POINT NUMBER ARGUMENT…`.

The point is a name in POINTS (`none` kills nothing); the process dies when it comes there for the NUMBERth time. With
`KILL_DRIVER_COUNT` set to a file, every point that is passed is written there, so that a test knows how often there is
something to die at. Batches are small here, so that the sample's readers fill three of them.
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from digest.cli import main
from digest.delivery.provider import Limits
from digest.delivery.providers.outbox import Outbox
from digest.issues import approval, draft, folder, inputs, sent
from digest.jobs import build, send
from digest.store import ledger
from digest.store.runs import Run

POINT, NUMBER = sys.argv[1], int(sys.argv[2])
_passed = 0


def here(point: str) -> None:
    """Die, if it is here."""
    global _passed
    if os.environ.get("KILL_DRIVER_COUNT"):
        with Path(os.environ["KILL_DRIVER_COUNT"]).open("a", encoding="utf-8") as file:
            file.write(f"{point}\n")
    if point == POINT:
        _passed += 1
        if _passed == NUMBER:
            os.kill(os.getpid(), signal.SIGKILL)


def around(module: Any, name: str, before: str = "", after: str = "") -> None:
    """Make the way into a function, and the way out of it, points to die at."""
    original: Callable[..., Any] = getattr(module, name)

    def watched(*arguments: Any, **named: Any) -> Any:
        if before:
            here(before)
        result = original(*arguments, **named)
        if after:
            here(after)
        return result

    setattr(module, name, watched)


def watch_stages() -> None:
    original = Run.stage

    @contextmanager
    def stage(self: Run, name: str, issue: str = "") -> Iterator[list[str]]:
        here("stage")
        with original(self, name, issue) as detail:
            here("stage")
            yield detail
            here("stage")
        here("stage")

    Run.stage = stage  # type: ignore[method-assign]
    around(Run, "end", before="stage", after="stage")


watch_stages()
Outbox.limits = Limits(readers=10)
around(send, "begin_sending", before="before the sending begins", after="after the sending began")
around(ledger, "_freeze_page", before="in the freeze")
around(ledger, "freeze_readers", after="after the freeze")
around(ledger, "claim", after="after a claim")
around(Outbox, "_delivered", after="after a message")
around(Outbox, "send", after="before a batch is settled")
around(ledger, "settle", after="after a batch was settled")
around(ledger, "finish", before="before the sending is finished", after="after the sending was finished")
around(send, "write_sent", before="before sent.yaml", after="after sent.yaml")
# every file is written beside itself and renamed
around(os, "fsync", after="after a flush")
for module in (build, folder, draft, inputs, approval, sent):
    around(module, "write_whole", before="before a file", after="after a file")

if __name__ == "__main__":
    sys.argv[1:] = sys.argv[3:]
    main()
