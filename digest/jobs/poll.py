"""Ask the subscribed feeds and read what they answer: hosts side by side, one request at a time to each.

feeds → those that may be asked now → answers → readings
"""

from __future__ import annotations

import hashlib
import threading
import time
from collections import defaultdict
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path

from digest.collect.politeness import Decider, address_of
from digest.collect.reading import ReadJob
from digest.collect.workers import Workers
from digest.errors import BrokenInput, DigestError
from digest.http.client import Answer, Client, FetchFailed, LeftAlone, Limits, host_of
from digest.jobs.polled import Polled, Source
from digest.model.run import Progress

# Between two requests to a host: Hacker News and others refuse the second within one second.
GAP = timedelta(seconds=2)
_HOSTS_AT_ONCE = 12


@dataclass(frozen=True)
class Poll:
    """One round of asking.

    Attributes:
        workers: Where feeds are read.
        known: The content hashes of each feed's entries that need no judgement.
        root: The folder that files of feeds may lie in.
        gap: The pause between two requests to the same public host.
        keep_bodies: Keep what was answered, for a recording.
        alone: The hosts that asked to be left alone, to which those are added that ask so now.
    """

    client: Client
    workers: Workers
    decider: Decider
    root: Path
    known: Mapping[str, frozenset[str]] = field(default_factory=dict)
    gap: timedelta = GAP
    keep_bodies: bool = False
    alone: set[str] = field(default_factory=set)

    @property
    def now(self) -> datetime:
        """The moment."""
        return self.decider.now

    def ask(self, sources: Sequence[Source], progress: Progress) -> list[Polled]:
        """Ask every feed once.

        Args:
            sources: The feeds.
            progress: Told feed by feed.

        Returns:
            What came of each, in the order of the feeds.
        """
        queues: dict[str, list[int]] = defaultdict(list)
        for number, source in enumerate(sources):
            # files wait for nobody
            queues[source.host or f"file {number}"].append(number)
        polled: dict[int, Polled] = {}
        turn = threading.Lock()

        def ask_host(numbers: Sequence[int]) -> None:
            for place, number in enumerate(numbers):
                source = sources[number]
                if place and source.host not in self.alone and not source.feed.allow_private:
                    time.sleep(self.gap.total_seconds())
                came = Polled(source, skipped=True) if source.host in self.alone else self._polled(source)
                with turn:
                    self.alone.update({came.waiting_host} - {""})
                    polled[number] = came
                    progress("asking feeds", len(polled), len(sources))

        with ThreadPoolExecutor(_HOSTS_AT_ONCE) as pool:
            # the longest queues first, since they are what everybody waits for in the end
            for finished in [pool.submit(ask_host, queue) for queue in sorted(queues.values(), key=len, reverse=True)]:
                finished.result()
        return [polled[number] for number in range(len(sources))]

    def _polled(self, source: Source) -> Polled:
        """Ask one feed, and read what it answers."""
        try:
            answer = self._from_file(source) if source.path else self._from_web(source)
        except LeftAlone:
            return Polled(source, skipped=True)
        except FetchFailed as error:
            wait = self.decider.wait(error.retry_after, error.date, status=error.status)
            host = host_of(error.where) if wait is not None and error.status in (429, 503) else ""
            return Polled(source, problem=error.line(), status=error.status, wait=wait, waiting_host=host)
        except DigestError as error:
            return Polled(source, problem=error.line())
        body, kept = answer.body, answer if self.keep_bodies else replace(answer, body=b"")
        body_hash = hashlib.sha256(body).hexdigest()
        same = answer.status == 304 or body_hash == source.state.body_hash
        if same:
            return Polled(source, answer=kept, unchanged=True)
        known = self.known.get(source.feed.url, frozenset())
        job = ReadJob(feed=source.feed, content_type=answer.content_type, now=self.now, known=known)
        try:
            return Polled(source, answer=kept, body_hash=body_hash, reading=self.workers.read(job, body))
        except DigestError as error:
            return Polled(source, problem=error.line())

    def _from_web(self, source: Source) -> Answer:
        state, address = source.state, address_of(source.state)
        return self.client.get(
            address,
            etag=state.etag,
            last_modified=state.last_modified,
            allow_private=source.feed.allow_private and host_of(address) == host_of(source.feed.url),
            avoid=self.alone,
        )

    def _from_file(self, source: Source) -> Answer:
        """The body of a feed that lies in a file, which may not lead out of its folder."""
        path = source.path
        assert path is not None
        try:
            if not path.resolve().is_relative_to(self.root.resolve()):
                raise BrokenInput("leads out of the publication", where=path, cure="keep the feed inside its folder")
            most = Limits().most_bytes
            with path.open("rb") as file:
                body = file.read(most + 1)
        except OSError as error:
            what = f"cannot read: {(error.strerror or str(error)).lower()}"
            raise BrokenInput(what, where=path, cure="check the name, or record it again") from error
        if len(body) > most:
            raise BrokenInput(f"larger than {most // 1024**2} MiB", where=path, cure="keep fewer entries in it")
        return Answer(200, source.feed.url, body, source.content_type)
