"""The reading of feeds in processes of their own, which are ended when a feed takes too long or too much.

A process is started when there is something to read and serves one feed after the other; one that had to be ended is
replaced by the next feed that needs one. Each has a pipe of its own, so that none can take another down.
"""

from __future__ import annotations

import json
import os
import queue
import subprocess
import sys
from multiprocessing import Pipe
from multiprocessing.connection import Connection
from types import TracebackType

from digest.collect.reading import NO_MEMORY, READING, Reading, ReadJob
from digest.errors import BrokenInput, DigestError

SECONDS = 10.0
_PROCESSES = 2
_TO_START = 60.0
_LARGEST_READING = 64 * 1024 * 1024


class Unreadable(DigestError):
    """A feed that cannot be read within limits."""


class Workers:
    """Reads feeds in other processes; safe to call from several threads, which wait for their turn.

    Args:
        at_once: How many feeds there are to read for certain: for those, processes start before the first one comes.
        processes: How many feeds are read at the same time.
        seconds: How long the reading of one feed may take.
    """

    def __init__(self, *, at_once: int = 0, processes: int = _PROCESSES, seconds: float = SECONDS) -> None:
        self._seconds = seconds
        # the last one back is the first one out: one that runs already is taken before another is started
        self._free: queue.LifoQueue[_Worker | None] = queue.LifoQueue()
        self._processes = processes
        for number in range(processes):
            self._free.put(self._new() if number < at_once else None)

    def __enter__(self) -> Workers:
        return self

    def __exit__(self, kind: type[BaseException] | None, _error: BaseException | None, _: TracebackType | None) -> None:
        for _number in range(self._processes):
            try:
                # after a mishap, a thread that reads still may never give its worker back; it ends with its pipe
                worker = self._free.get(timeout=0 if kind else self._seconds * 2)
            except queue.Empty:
                continue
            if worker:
                worker.end()

    def _new(self) -> _Worker:
        return _Worker(alarm=int(self._seconds) + 5)

    def read(self, job: ReadJob, body: bytes) -> Reading:
        """Read a feed.

        Args:
            job: Whose body it is.
            body: The document.

        Returns:
            What it holds.

        Raises:
            BrokenInput: It is no feed.
            Unreadable: It took too long or too much memory, or broke the process that read it.
        """
        worker = self._free.get()
        try:
            worker = worker or self._new()
            answer = worker.read(job, body, self._seconds)
        except (OSError, EOFError, ValueError) as error:
            slow = isinstance(error, TimeoutError)
            ended = worker.end() if worker else None
            worker = None
            raise _unreadable(job.feed.url, self._seconds if slow else None, ended) from error
        except BaseException:
            if worker:
                worker.end()
            worker = None
            raise
        finally:
            self._free.put(worker)
        if isinstance(answer, BrokenInput):
            raise answer
        return answer


class _Worker:
    """One process and the pipe to it."""

    def __init__(self, alarm: int) -> None:
        self._pipe, theirs = Pipe()
        with theirs:
            self._process = _started(theirs, alarm)
        self._ready = False

    def read(self, job: ReadJob, body: bytes, seconds: float) -> Reading | BrokenInput:
        """The reading, or what is wrong with the feed.

        Raises:
            TimeoutError: It took too long.
            OSError: The process is gone.
            EOFError: Likewise.
            ValueError: Its answer makes no sense.
        """
        if not self._ready:
            self._received(_TO_START)
            self._ready = True
        self._pipe.send_bytes(job.model_dump_json().encode())
        self._pipe.send_bytes(body)
        answer = self._received(seconds)
        if answer[:1] == READING:
            return Reading.model_validate_json(answer[1:])
        what, cure = json.loads(answer[1:])
        return BrokenInput(str(what), where=job.feed.url, cure=str(cure))

    def end(self) -> int:
        """End the process whatever it does.

        Returns:
            How it had ended of its own accord, or minus the signal's number.
        """
        self._pipe.close()
        self._process.kill()
        return self._process.wait()

    def _received(self, seconds: float) -> bytes:
        if not self._pipe.poll(seconds):
            raise TimeoutError
        return self._pipe.recv_bytes(_LARGEST_READING)


def _started(pipe: Connection, alarm: int) -> subprocess.Popen[bytes]:
    # it gets this program's way to its modules, and none of its secrets
    environment = {
        "PYTHONPATH": os.pathsep.join(filter(None, sys.path)),
        "PYTHONDONTWRITEBYTECODE": "1",
        "PYDANTIC_DISABLE_PLUGINS": "__all__",  # looking for some in all packages is a tenth of its start
    }
    descriptor = pipe.fileno()
    return subprocess.Popen(
        [sys.executable, "-P", "-m", "digest.collect.worker", str(descriptor), str(alarm)],
        env=environment,
        pass_fds=[descriptor],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


def _unreadable(feed: str, seconds: float | None, ended: int | None) -> Unreadable:
    if seconds is not None:
        return Unreadable(f"reading it took longer than {seconds:g} s", where=feed, cure="look at what it sends")
    if ended == NO_MEMORY:
        return Unreadable("reading it takes more memory than a feed may", where=feed, cure="look at what it sends")
    how = f" (signal {-ended})" if ended and ended < 0 else ""
    return Unreadable(f"the process that read it broke{how}", where=feed, cure="look at what it sends")
