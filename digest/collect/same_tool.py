"""Which launches and known tools are the same tool: evidence, as sets of things that belong together.

Strongest first: the same sighting, the same repository, the same page, the same name. All sets are found by looking at
everything at once, so that nothing depends on the order of feeds or entries.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from digest.collect.links import canonical, host_of, repository_of
from digest.collect.names import repository_name, repository_owner, without_version
from digest.model.tool import Launch, Tool

NEAR = timedelta(days=7)
SIGHTING, REPOSITORY, PAGE, NAME, IGNORED = range(5)


@dataclass(frozen=True)
class Trace:
    """What something can be known again by. A launch leaves one trace, a known tool one for each of its sightings.

    Attributes:
        of: The number of the launch or known tool.
        source: The feed, empty where the trace is a known tool's own address.
        vendor: The vendor, folded; empty where unknown or where it is merely the owner of the repository.
        owner: The repository's owner, folded.
    """

    of: int
    source: str
    title: str
    link: str | None
    name: str
    vendor: str
    owner: str
    day: datetime | None

    @property
    def sighting(self) -> tuple[str, str, str] | None:
        """What makes two sightings one."""
        return sighting_key(self.source, self.title, self.link) if self.source else None

    @property
    def repository(self) -> str | None:
        """The repository, for comparing."""
        found = repository_of(self.link)
        return found.casefold() if found else None

    @property
    def code(self) -> str | None:
        """The place on any code host, for telling apart what only shares a name."""
        name = repository_name(self.link)
        return f"{host_of(self.link or '')}/{self.owner}/{fold(name)}" if name else None


@dataclass(frozen=True)
class Evidence:
    """Things that belong together, and how strongly (0 is the strongest)."""

    strength: int
    members: frozenset[int]


def sighting_key(source: str, title: str, link: str | None) -> tuple[str, str, str]:
    """What makes two sightings one: source, title and page; the date may be corrected."""
    return source, title, canonical(link) if link else ""


def source_of(feed_title: str, feed: str) -> str:
    """How a feed is called in a sighting: by its title, else its host."""
    return " ".join(feed_title.split()) or host_of(feed) or "a feed"


def fold(text: str | None) -> str:
    """A name for comparing: letters and digits only, without case."""
    plain = unicodedata.normalize("NFKC", text or "").casefold()
    return "".join(filter(str.isalnum, plain)) or plain.strip()


def in_utc(moment: datetime | None) -> datetime | None:
    """A moment that can be compared: one without a zone is taken as UTC."""
    return moment if moment is None or moment.tzinfo else moment.replace(tzinfo=UTC)


def vendors_agree(one: str, other: str) -> bool:
    """Whether two folded vendors may be the same: `Google` and `Google DeepMind`, or one of them unknown."""
    short, long = sorted((one, other), key=len)
    return not short or (long.startswith(short) and (len(short) >= 3 or short == long))


def trace_of_launch(number: int, launch: Launch) -> Trace:
    """The trace that a launch leaves."""
    entry = launch.entry
    owner, vendor = fold(repository_owner(entry.link)), fold(launch.vendor)
    return Trace(
        of=number,
        source=source_of(entry.feed_title, entry.feed),
        title=entry.title,
        link=entry.link,
        name=launch.name or "",
        vendor="" if vendor == owner else vendor,
        owner=owner,
        day=in_utc(entry.published),
    )


def traces_of_tool(number: int, tool: Tool) -> Iterator[Trace]:
    """The traces of a known tool: its sightings and its own addresses."""
    day = in_utc(tool.shipped_at)
    owner = fold(repository_owner(tool.repository))
    vendor = "" if fold(tool.vendor) == owner else fold(tool.vendor)
    told = [(sighting.source, sighting.title, sighting.link, in_utc(sighting.published)) for sighting in tool.sightings]
    told += [("", "", link, day) for link in dict.fromkeys((tool.homepage, tool.repository)) if link]
    for source, title, link, published in told or [("", "", None, day)]:
        yield Trace(
            of=number, source=source, title=title, link=link, name=tool.name,
            vendor=vendor, owner=fold(repository_owner(link)), day=published,
        )  # fmt: skip


def evidence(traces: Sequence[Trace]) -> tuple[Evidence, ...]:
    """All that speaks for things being the same.

    Args:
        traces: The traces of all launches and all known tools.

    Returns:
        Sets of two or more, the strongest first.
    """
    found: list[tuple[int, Iterable[Trace]]] = []
    found += [(SIGHTING, group) for group in _grouped(traces, lambda trace: trace.sighting)]
    found += [(REPOSITORY, group) for group in _grouped(traces, lambda trace: trace.repository)]
    found += [(PAGE, group) for group in _pages(traces)]
    found += [(NAME, group) for group in _names(traces)]
    sets = {Evidence(strength, frozenset(trace.of for trace in group)) for strength, group in found}
    several = [entry for entry in sets if len(entry.members) > 1]
    return tuple(sorted(several, key=lambda entry: (entry.strength, sorted(entry.members))))


def _grouped(traces: Iterable[Trace], key: Callable[[Trace], Hashable]) -> list[list[Trace]]:
    """Traces by a key; those without one are left out."""
    groups: dict[Hashable, list[Trace]] = defaultdict(list)
    for trace in traces:
        if (value := key(trace)) is not None:
            groups[value].append(trace)
    return list(groups.values())


def _pages(traces: Sequence[Trace]) -> Iterator[list[Trace]]:
    """Traces that lead to the same page, near in time or under the same name.

    A page that one feed gives for differently named tools is a page about many (release notes, a documentation), and
    shows nothing.
    """
    for group in _grouped(traces, lambda trace: None if trace.repository or not trace.link else canonical(trace.link)):
        names: dict[str, set[str]] = defaultdict(set)
        for trace in group:
            names[trace.source].add(_bare(trace.name))
        if any(len(told) > 1 for source, told in names.items() if source):
            continue
        yield from _runs(group)
        yield from _grouped(group, lambda trace: _bare(trace.name))


def _names(traces: Sequence[Trace]) -> Iterator[list[Trace]]:
    """Traces of the same name, near in time, whose vendors agree.

    `Tidepool 1.0` and `Tidepool` are one; so are neither `Grok 3` and `Grok 4`, nor then either of them and `Grok`.
    """
    for alike in _grouped(traces, lambda trace: _bare(trace.name) or None):
        for run in _runs(alike):
            versions = {_version(trace.name) for trace in run} - {""}
            parts = [run] if len(versions) < 2 else _grouped(run, lambda trace: _version(trace.name))
            for part in parts:
                yield from _by_vendor(part)


def _by_vendor(traces: list[Trace]) -> list[list[Trace]]:
    """Traces of one name by vendor; those without one join the only vendor there is.

    The owner of a repository counts as the vendor only where there are several repositories to tell apart.
    """
    strict = len({trace.code for trace in traces if trace.code}) > 1
    told = {trace: trace.vendor or (trace.owner if strict else "") for trace in traces}
    vendors: list[set[str]] = []
    for vendor in sorted(set(told.values()) - {""}):
        akin = [group for group in vendors if any(vendors_agree(vendor, other) for other in group)]
        vendors = [group for group in vendors if group not in akin] + [{vendor}.union(*akin)]
    if len(vendors) < 2:
        return [traces]
    return [[trace for trace in traces if told[trace] in group] for group in [*vendors, {""}]]


def _runs(traces: Iterable[Trace]) -> list[list[Trace]]:
    """Traces in runs without a gap of more than seven days; undated ones join where there is only one run."""
    dated = sorted(((trace.day, trace) for trace in traces if trace.day), key=lambda pair: pair[0])
    undated = [trace for trace in traces if trace.day is None]
    runs: list[list[Trace]] = []
    last: datetime | None = None
    for day, trace in dated:
        if last is None or day - last > NEAR:
            runs.append([])
        runs[-1].append(trace)
        last = day
    if len(runs) == 1:
        return [runs[0] + undated]
    return [*runs, undated] if undated else runs


def _bare(name: str) -> str:
    """A name for comparing, without its version."""
    return fold(without_version(name)) or fold(name)


def _version(name: str) -> str:
    """The version in a name for comparing: `1.0` and `v1` are one; empty where there is none."""
    rest = name[len(without_version(name)) :]
    numbers = re.sub(r"[^0-9.]", "", rest).strip(".")
    return re.sub(r"(?:\.0)+$", "", numbers)
