"""What changed in a feed since it was last read: entries compared one by one, never bytes with bytes.

Pure: what is known and what was found come in, what is to be written comes out. An entry is the one that is known
when it has its identity; where that is gone from the feed, when it says the very same, or has the same link, or the
same title, and no other entry has. So an entry whose publisher gives out new ids is an entry still.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import NamedTuple

from digest.collect.reading import Mark
from digest.model.tool import Launch
from digest.store.entries import EntryChanges, StoredEntry


class Compared(NamedTuple):
    """A feed's answer beside what was known of the feed.

    Attributes:
        changes: What is to be written.
        labels: The judgements of all entries in the answer.
        launches: The launches in the answer, those that were judged earlier as the JSON that was kept.
        news: Whether a launch came, changed, or is one no longer.
        missed: Entries may have come and gone unseen: none of those that were there is there still, and the feed shows
            less time than has passed.
    """

    changes: EntryChanges
    labels: Counter[str]
    launches: tuple[Launch | str, ...]
    news: bool
    missed: bool


def compare(
    feed: str, found: Sequence[Mark], known: Sequence[StoredEntry], *, now: datetime, last_read: datetime | None
) -> Compared:
    """Compare what a feed says with what is known of it.

    Args:
        feed: The feed's address.
        found: The entries of its answer.
        known: The entries that are stored as being in the feed, and stored ones with identities of the answer.
        now: The moment.
        last_read: When the feed was last read.

    Returns:
        What changed.
    """
    same = _same(found, known)
    judged = {row.content_hash: row for row in known}
    added: list[StoredEntry] = []
    replaced: list[tuple[str, StoredEntry]] = []
    rows: list[tuple[Mark, StoredEntry]] = []
    for mark in found:
        before = same.get(mark.identity)
        row = _row(feed, mark, before, judged.get(mark.content_hash) if mark.label is None else None, now)
        rows.append((mark, row))
        if before is None:
            added.append(row)
        elif row != before:
            replaced.append((before.identity, row))
    still = {row.identity for row in same.values()}
    present = [row for row in known if row.last_seen_at is None]
    gone = [(row.identity, row._replace(last_seen_at=last_read or now)) for row in present if row.identity not in still]
    touched = {row.identity for row in added} | {row.identity for _, row in replaced}
    return Compared(
        changes=EntryChanges(tuple(added), (*replaced, *gone)),
        labels=Counter(row.label for _, row in rows),
        launches=tuple(mark.launch or row.launch for mark, row in rows if row.launch),
        news=any(row.launch or _was_launch(same, mark) for mark, row in rows if row.identity in touched),
        missed=_missed(present, still, found, now, last_read),
    )


def _same(found: Sequence[Mark], known: Sequence[StoredEntry]) -> dict[str, StoredEntry]:
    """The stored entry that each found one is, by the found one's identity."""
    stored = {row.identity: row for row in known}
    same = {mark.identity: stored[mark.identity] for mark in found if mark.identity in stored}
    named = set(same)
    signs: tuple[tuple[Callable[[Mark], str | None], Callable[[StoredEntry], str | None]], ...] = (
        (lambda mark: mark.content_hash, lambda row: row.content_hash),
        (lambda mark: mark.link, lambda row: row.link),
        (lambda mark: mark.title, lambda row: row.title),
    )
    for of_mark, of_row in signs:
        present = [row for row in known if row.last_seen_at is None]
        # what several entries of the feed share tells none of them apart
        marks = {sign: mark for mark in found if (sign := of_mark(mark)) and mark.identity not in same}
        rows = {sign: row for row in present if (sign := of_row(row)) and row.identity not in named}
        twice = _shared(map(of_mark, found)) | _shared(map(of_row, present))
        for sign in marks.keys() & rows.keys() - twice:
            same[marks[sign].identity] = rows[sign]
            named.add(rows[sign].identity)
    return same


def _shared(signs: Iterable[str | None]) -> set[str]:
    counted = Counter(sign for sign in signs if sign)
    return {sign for sign, times in counted.items() if times > 1}


def _row(feed: str, mark: Mark, before: StoredEntry | None, judged: StoredEntry | None, now: datetime) -> StoredEntry:
    return StoredEntry(
        feed=feed,
        identity=mark.identity,
        content_hash=mark.content_hash,
        label=mark.label or (judged.label if judged else "other"),
        title=mark.title,
        link=mark.link,
        published=mark.published,
        launch=mark.launch.model_dump_json() if mark.launch else (judged.launch if judged else None),
        first_seen_at=before.first_seen_at if before else now,
    )


def _was_launch(same: dict[str, StoredEntry], mark: Mark) -> bool:
    before = same.get(mark.identity)
    return before is not None and before.launch is not None


def _missed(
    present: Sequence[StoredEntry], still: set[str], found: Sequence[Mark], now: datetime, last_read: datetime | None
) -> bool:
    if not present or not found or last_read is None or any(row.identity in still for row in present):
        return False
    days = sorted(row.published for row in present if row.published)
    return bool(days) and now - last_read > days[-1] - days[0]
