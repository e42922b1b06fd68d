"""One run at a time: a lock on the publication's folder, which the system takes back when its holder dies."""

from __future__ import annotations

import fcntl
import json
import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from digest.errors import LockHeld
from digest.files.writing import unwritable
from digest.model.run import Clock


@contextmanager
def held(folder: Path, command: str, clock: Clock) -> Iterator[None]:
    """Hold the publication's lock, or leave at once.

    Args:
        folder: The publication's folder.
        command: Who holds it, for whoever comes second.
        clock: Tells since when.

    Raises:
        LockHeld: Another run holds it; says who.
        DigestError: The folder cannot be written.
    """
    path = folder / "digest.lock"
    try:
        handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
    except OSError as error:
        raise unwritable(path, error) from error
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise LockHeld(f"{_holder(handle)} is at work here; this run leaves it to that one") from None
        holder = {"command": command, "process": os.getpid(), "host": socket.gethostname()}
        try:
            os.ftruncate(handle, 0)
            os.pwrite(handle, json.dumps({**holder, "since": clock().isoformat()}).encode(), 0)
        except OSError as error:
            raise unwritable(path, error) from error
        yield
        os.ftruncate(handle, 0)
    finally:
        os.close(handle)


def _holder(handle: int) -> str:
    try:
        said = json.loads(os.pread(handle, 4096, 0))
        return f"`digest {said['command']}` (process {said['process']} on {said['host']} since {said['since']})"
    except (ValueError, KeyError):
        # the other one has the lock and has not written its name yet
        return "another run of digest"
