"""Who looks at a page is told when a file of the publication was saved."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

from watchfiles import Change, watch

# a save is several events in quick succession; together they have to stay far below what a person notices
_DEBOUNCE_MS, _STEP_MS = 60, 20
_BEAT_SECONDS = 15.0
_NAMES = (".yaml", ".toml", ".j2", ".jsonl", ".json", ".html", ".txt", ".css")


class Watching:
    """Counts the saves of a publication's files, and lets pages wait for the next one.

    Args:
        folder: The publication's folder.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._count = 0
        self._changed = threading.Condition()
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Begin to watch, in a thread that ends with the process."""
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Watch no longer."""
        self._stop.set()
        if self._thread:
            self._thread.join()

    def events(self) -> Iterator[str]:
        """Server-sent events (HTML standard, section 9.2): one for each save, and a comment now and then that finds
        out who has left.
        """
        with self._changed:
            seen = self._count
        yield "retry: 500\n\n"
        while not self._stop.is_set():
            with self._changed:
                self._changed.wait_for(lambda: self._count > seen or self._stop.is_set(), _BEAT_SECONDS)  # noqa: B023
                now = self._count
            yield f"event: saved\ndata: {now}\n\n" if now > seen else ": still here\n\n"
            seen = now

    def _watch(self) -> None:
        for _ in watch(
            self._folder,
            watch_filter=self._matters,
            debounce=_DEBOUNCE_MS,
            step=_STEP_MS,
            stop_event=self._stop,
            ignore_permission_denied=True,
        ):
            with self._changed:
                self._count += 1
                self._changed.notify_all()

    def _matters(self, _change: Change, path: str) -> bool:
        inside = Path(path).relative_to(self._folder) if Path(path).is_relative_to(self._folder) else Path(path)
        return inside.parts[:1] in (("verdicts",), ("templates",), ("issues",), ("digest.toml",)) and path.endswith(
            _NAMES
        )
