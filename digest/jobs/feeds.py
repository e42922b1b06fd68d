"""Subscribe, unsubscribe, take over a list: changes of the feeds in digest.toml, and nothing else in it.

The text is spliced under the publication's lock, read back, and written only where it says exactly what was meant.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from digest.collect.opml import read_subscriptions, write_opml
from digest.errors import BrokenInput, DigestError, LockHeld, Refused
from digest.files.problems import BrokenFile, validated
from digest.files.toml_source import TomlSource, parse_toml, read_toml
from digest.files.toml_splice import Value, append_tables, count_tables, remove_table
from digest.files.writing import write_whole
from digest.http.client import shown
from digest.jobs.feed_find import Found, address_to_keep, find_feed
from digest.jobs.feed_look import look_at
from digest.jobs.feed_meant import key_of, one_of, same_feed
from digest.jobs.lock import held
from digest.model.run import Clock, Progress
from digest.model.tool import Feed
from digest.publication import FILE, Publication, Settings

_BYTE_ORDER_MARK = b"\xef\xbb\xbf"


class Subscribed(NamedTuple):
    """What came of subscribing.

    Attributes:
        added: The feed as digest.toml has it now; None where nothing was added.
        already: The feed that was there already; None where there was none.
        found: What the address leads to; None where it was not asked.
    """

    added: Feed | None = None
    already: Feed | None = None
    found: Found | None = None


class TakenOver(NamedTuple):
    """What came of a list of feeds: what was added, what was there, and what was left out in words."""

    added: tuple[Feed, ...]
    already: tuple[Feed, ...]
    warnings: tuple[str, ...]


def subscribe(
    publication: Publication, wanted: Feed, clock: Clock, *, check: bool = True, progress: Progress
) -> Subscribed:
    """Subscribe to a feed, given its address or that of a page that names it.

    Args:
        publication: The publication.
        wanted: The address, and what the person says about the feed.
        clock: Tells the moment.
        check: Ask the address first; without, it is taken as it is.
        progress: Told while several addresses are tried.

    Returns:
        The feed that was added or that was there already; or, with neither, the feeds to choose from.

    Raises:
        DigestError: The address leads to no feed, or digest.toml cannot be changed; nothing is written then.
    """
    if there := same_feed(publication.settings.feeds, wanted.url):
        return Subscribed(already=there)
    found, feed = None, wanted
    if check:
        found = (_found_in_file if wanted.file else find_feed)(publication, wanted, clock(), progress)
        if found.look is None:
            return Subscribed(found=found)
        feed = found.look.feed.model_copy(update={"url": address_to_keep(found.look)})
    added, there_already = _add(publication.folder, [feed], clock, "feeds add")
    if there_already:
        return Subscribed(already=there_already[0], found=found)
    return Subscribed(added=added[0], found=found)


def unsubscribe(publication: Publication, said: str, clock: Clock) -> Feed:
    """Take a feed out of digest.toml. What was learnt of it stays in the database until the next collection tidies up.

    Args:
        publication: The publication.
        said: Its address or title, or a part that fits no other feed.
        clock: Tells the moment.

    Returns:
        The feed that was taken out.

    Raises:
        BrokenInput: No feed fits, or several do.
        DigestError: digest.toml cannot be changed.
    """
    with _changing(publication.folder, "feeds remove", clock):
        source, settings = _read(publication.folder)
        feed = one_of(settings.feeds, said)
        number = settings.feeds.index(feed)
        meant = (*settings.feeds[:number], *settings.feeds[number + 1 :])
        _write(source, settings, lambda text: remove_table(text, "feeds", number), meant)
    return feed


def take_over(
    publication: Publication, content: bytes, name: str, clock: Clock, *, allow_private: bool = False
) -> TakenOver:
    """Subscribe to every feed of a list. None of them is asked.

    Args:
        publication: The publication.
        content: OPML, or addresses, one a line.
        name: The file, as it is named to the person.
        clock: Tells the moment.
        allow_private: Believe the list where it says that a feed may live at a private address.

    Raises:
        BrokenInput: The file is no list of feeds.
        DigestError: digest.toml cannot be changed.
    """
    feeds, warnings = read_subscriptions(content, name)
    private = [feed for feed in feeds if feed.allow_private]
    if private and not allow_private:
        count = "1 feed" if len(private) == 1 else f"{len(private):,} feeds"
        said = (
            f"{name}: {count} marked as private; import with --allow-private to let them be asked at private addresses"
        )
        warnings = (*warnings, said)
        feeds = tuple(feed.model_copy(update={"allow_private": False}) for feed in feeds)
    added, already = _add(publication.folder, feeds, clock, "feeds import") if feeds else ((), ())
    return TakenOver(added, already, warnings)


def write_list(publication: Publication, moment: datetime, path: Path | None = None) -> bytes:
    """The subscribed feeds as OPML 2.0.

    Args:
        publication: The publication.
        moment: When it is written.
        path: Where to, if to a file; an OPML file that stands there is replaced, anything else is not.

    Returns:
        The document.

    Raises:
        Refused: Another kind of file stands there.
        DigestError: It cannot be written.
    """
    document = write_opml(publication.settings.feeds, title=f"{publication.settings.name}: feeds", moment=moment)
    if path is not None:
        if path.exists() and not (path.is_file() and _is_opml(path)):
            raise Refused("stands there already and is no OPML", where=path, cure="name another file")
        write_whole(path, document)
    return document


def with_password(feeds: Iterable[Feed]) -> tuple[Feed, ...]:
    """The feeds whose addresses hold credentials."""
    return tuple(feed for feed in feeds if shown(feed.url) != feed.url)


def _found_in_file(publication: Publication, wanted: Feed, now: datetime, progress: Progress) -> Found:
    """A feed that lies in a file, if it does."""
    (look,) = look_at(publication, [wanted], now, progress)
    if look.problem:
        raise BrokenInput(look.problem.partition("; ")[0], where=wanted.url, cure="name a feed inside the publication")
    return Found(look)


def _add(folder: Path, wanted: Sequence[Feed], clock: Clock, command: str) -> tuple[tuple[Feed, ...], tuple[Feed, ...]]:
    """Add feeds to digest.toml; returns those that were added and those that were there."""
    with _changing(folder, command, clock):
        source, settings = _read(folder)
        there = {key_of(feed.url) for feed in settings.feeds}
        new = tuple(feed for feed in wanted if key_of(feed.url) not in there)
        if new:
            tables = [_table(feed) for feed in new]
            _write(source, settings, lambda text: append_tables(text, "feeds", tables), (*settings.feeds, *new))
    already = tuple(feed for feed in wanted if feed not in new)
    return new, already


@contextmanager
def _changing(folder: Path, command: str, clock: Clock) -> Iterator[None]:
    """The publication's lock; where another run holds it, nobody else does what was asked here, and that is said."""
    try:
        with held(folder, command, clock):
            yield
    except LockHeld as error:
        holder = error.what.partition(";")[0]
        raise LockHeld(holder, cure="nothing was changed; run it again when that one is done") from None


def _table(feed: Feed) -> dict[str, Value]:
    """A feed as its table; what is as usual is left out, and so is the address of one that lies in a file."""
    return feed.model_dump(exclude_defaults=True, exclude={"url"} if feed.file else None)


def _read(folder: Path) -> tuple[TomlSource, Settings]:
    """digest.toml as it is now, behind the lock."""
    source = read_toml(folder / FILE)
    settings = validated(Settings, source.data, path=source.path, position_of=source.position_of)
    if "feeds" in source.data and count_tables(source.text, "feeds") != len(settings.feeds):
        line = source.position_of(("feeds",)).line
        said = "the feeds are written as one list, which cannot be added to line by line"
        raise BrokenInput(said, where=f"{source.path}:{line}", cure="write each one as a [[feeds]] table of its own")
    if "feeds" in source.data and not settings.feeds:
        line = source.position_of(("feeds",)).line
        said = "an empty list of feeds leaves no room for [[feeds]] tables"
        raise BrokenInput(said, where=f"{source.path}:{line}", cure="take that line out")
    return source, settings


def _write(source: TomlSource, before: Settings, change: Callable[[str], str], meant: tuple[Feed, ...]) -> None:
    """Write a changed text, if it reads back as meant."""
    text = change(source.text)
    try:
        after = parse_toml(text, source.path)
        said = validated(Settings, after.data, path=source.path, position_of=after.position_of)
    except BrokenFile as error:
        raise _not_as_meant(source.path) from error
    if said != before.model_copy(update={"feeds": meant}):
        raise _not_as_meant(source.path)
    mark = _BYTE_ORDER_MARK if source.path.read_bytes().startswith(_BYTE_ORDER_MARK) else b""
    write_whole(source.path, mark + text.encode())


def _not_as_meant(path: Path) -> DigestError:
    return BrokenInput("cannot be changed safely here, so nothing was written", where=path, cure="edit it by hand")


def _is_opml(path: Path) -> bool:
    with path.open("rb") as file:
        return b"<opml" in file.read(2_000)
