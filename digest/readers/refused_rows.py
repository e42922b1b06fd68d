"""The rows that an import refused: all of them in a file, the first of them to be shown."""

from __future__ import annotations

import csv
import os
import tempfile
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import IO, Any

from digest.files.writing import unwritable
from digest.readers.import_csv import Kind, Refusal

_SHOWN = 10
_HEAD = ("line", "address", "why")


class RefusedRows:
    """Takes refusals one by one; the file is there whole or not at all, and only where something was refused.

    Attributes:
        path: The file, once it is there.
        shown: The first refusals, a line each.
        counts: How many there are, by kind.
    """

    def __init__(self, source: str, path: Path | None) -> None:
        self._source = source
        self._beside = path
        self._file: IO[str] | None = None
        self._writer: Any = None
        self.path: Path | None = None
        self.shown: list[str] = []
        self.counts: Counter[Kind] = Counter()

    def __enter__(self) -> RefusedRows:
        return self

    def write(self, refused: Iterable[Refusal]) -> None:
        """Take some more."""
        for one in refused:
            self.counts[one.kind] += 1
            if len(self.shown) < _SHOWN:
                self.shown.append(f"{self._source}:{one.line}: {one.who}: {one.why}")
            if self._beside is not None:
                self._open(self._beside)
                self._writer.writerow((one.line, one.who, one.why))

    def _open(self, path: Path) -> None:
        if self._file is not None:
            return
        try:
            # it holds addresses: its owner alone may read it
            handle, _ = beside = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=".new")
        except OSError as error:
            raise unwritable(path, error) from error
        self._file = os.fdopen(handle, "w", encoding="utf-8", newline="")
        self._new = Path(beside[1])
        self._writer = csv.writer(self._file)
        self._writer.writerow(_HEAD)

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if self._file is None or self._beside is None:
            return
        try:
            self._file.close()
            if kind is None:
                self._new.replace(self._beside)
                self.path = self._beside
        except OSError as error:
            raise unwritable(self._beside, error) from error
        finally:
            self._new.unlink(missing_ok=True)
