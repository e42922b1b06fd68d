"""The process that reads feeds: `python -m digest.collect.worker DESCRIPTOR`.

Whatever a hostile feed does to a parser, it does it here: with little memory, a clock that ends the process, no
environment, and nobody's terminal. A job comes in as JSON and a body, a reading goes out as JSON: nothing that comes
from here is run, even if a feed should have taken this process over.
"""

from __future__ import annotations

import gc
import hashlib
import json
import os
import resource
import signal
import sys
from contextlib import suppress
from multiprocessing.connection import Connection

from digest.collect.links import canonical
from digest.collect.parse import parse_feed
from digest.collect.reading import NO_MEMORY, PROBLEM, READING, Mark, Reading, ReadJob
from digest.collect.recognise import recognise
from digest.errors import DigestError
from digest.model.tool import Entry

MOST_MEMORY = 1_500 * 1024 * 1024
# An entry's identity is the key of its row; PostgreSQL's index takes 2,704 bytes for a whole key.
_LONGEST_IDENTITY = 200


def read(job: ReadJob, body: bytes) -> Reading:
    """Read and judge a feed.

    Args:
        job: Whose body it is, and which entries need no judgement.
        body: The document.

    Returns:
        What it holds.

    Raises:
        NotAFeed: It is none.
    """
    parsed = parse_feed(body, job.feed, content_type=job.content_type, now=job.now)
    marks: dict[str, Mark] = {}
    for entry in parsed.entries:
        mark = _mark(entry, job)
        marks.setdefault(mark.identity, mark)
    return Reading(title=parsed.title, ttl=parsed.ttl, marks=tuple(marks.values()), warnings=parsed.warnings)


def _mark(entry: Entry, job: ReadJob) -> Mark:
    said = entry.model_dump_json(exclude={"identity"})
    content_hash = hashlib.sha256(said.encode()).hexdigest()[:32]
    long = len(entry.identity) > _LONGEST_IDENTITY
    is_known, is_history = content_hash in job.known, entry.is_history(job.now)
    judged = None if is_known or is_history else recognise(entry)
    return Mark(
        identity=hashlib.sha256(entry.identity.encode()).hexdigest() if long else entry.identity,
        content_hash=content_hash,
        title=entry.title,
        link=canonical(entry.link) if entry.link else None,
        published=entry.published,
        label=judged.label if judged else None if is_known else "other",
        launch=judged if judged and judged.label == "launch" else None,
    )


def serve(pipe: Connection, seconds: int) -> None:
    """Read one body after the other until nobody asks any more.

    Args:
        pipe: Where jobs come from and readings go.
        seconds: After so many on one feed the process ends, in case that nobody is left to end it.
    """
    pipe.send_bytes(b"ready")
    while True:
        job = ReadJob.model_validate_json(pipe.recv_bytes())
        body = pipe.recv_bytes()
        signal.alarm(seconds)
        try:
            answer = READING + read(job, body).model_dump_json().encode()
        except DigestError as error:
            answer = PROBLEM + json.dumps([error.what, error.cure]).encode()
        except MemoryError:
            os._exit(NO_MEMORY)
        signal.alarm(0)
        pipe.send_bytes(answer)
        del answer, body


def _caged() -> None:
    """Take away what reading a feed does not need."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # whoever started us ends us
    with suppress(ValueError, OSError):  # not every system can cap memory
        resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    nowhere = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):
        os.dup2(nowhere, stream)


if __name__ == "__main__":
    _caged()
    # A feed is thousands of objects that live as long as the feed: looking for cycles among them every 700 is in vain.
    gc.freeze()
    gc.set_threshold(100_000, 50, 100)
    with suppress(EOFError, OSError):
        serve(Connection(int(sys.argv[1])), int(sys.argv[2]))
