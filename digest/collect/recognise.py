"""Does an entry announce a newly shipped tool, and which one: from an entry to a launch.

What counts depends on where it was said. On a launch site every entry is a launch unless it is spam; a trending list
only says that something is popular; a vendor's blog has to say it in words. A person decides in the end: the score
ranks, the reasons explain. The rules themselves are in `rules`.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from digest.collect import names
from digest.collect.links import host_of
from digest.collect.rules import (
    FIRST_RELEASE,
    LAUNCH_SUMMARIES,
    LAUNCH_TITLES,
    NEWLY_MADE,
    NOT_A_TOOL,
    OTHERS,
    PRE_RELEASE,
    SPAM,
    UPDATES,
    VERSION,
    WRITES_ABOUT_OTHERS,
    Rule,
    first_match,
)
from digest.model.tool import Entry, FeedKind, Label, Launch

_PREFIX = re.compile(r"^(?P<site>Show|Launch) HN\s*[:–—-]\s*(?P<rest>.+)$", re.I)
_MADE_BY_ME = re.compile(r"^(?:I|We)(?:'ve|’ve| have)? (?:built|made|created|wrote) [A-Z]\w")
# Letters of a name, then a number in it: `Grok 4`, `GLM-5.1`. What is merely counted is no name.
_VERSIONED = re.compile(r"[A-Za-z][\w.+-]*[ \w.+/()-]*\d", re.ASCII)
_NUMBERED = re.compile(
    r"(?i)\b(?:19|20)\d\d\b|\b(?:part|wave|week|day|episode|vol(?:ume)?|chapter|class|series|phase|no|step) ?\d"
)
_UNSURE = 50

Match = tuple[Rule, re.Match[str]]


def recognise(entry: Entry) -> Launch:
    """Judges one entry.

    Args:
        entry: An entry of any kind of feed.

    Returns:
        The judgement, with the tool's name for launches and updates, a score and the reasons.
    """
    launch = _BY_KIND[entry.kind](entry)
    if launch.label == "launch" and not launch.name:
        return _judged(entry, "other", 40, "no name can be found", *launch.reasons)
    return launch


def _judged(
    entry: Entry, label: Label, score: int, *reasons: str, name: str | None = None, vendor: str | None = None
) -> Launch:
    named = label != "other"
    return Launch(
        entry=entry,
        label=label,
        name=(name or None) if named else None,
        vendor=(vendor or None) if named else None,
        score=score,
        reasons=reasons,
    )


def _launch_site(entry: Entry) -> Launch:
    if spam := first_match(SPAM, f"{entry.title} {entry.summary}"):
        return _judged(entry, "other", spam[0].score, f"spam: {spam[0].reason}")
    name, vendor = names.from_launch_site(entry.title, entry.summary)
    return _judged(entry, "launch", 90, "a launch site lists it", name=name, vendor=vendor)


def _hacker_news(entry: Entry) -> Launch:
    prefixed = _PREFIX.match(entry.title)
    if prefixed:
        return _shown(entry, prefixed["rest"], prefixed["site"].capitalize())
    if _MADE_BY_ME.match(entry.title):
        return _judged(entry, "launch", 65, "its maker shows it", name=names.from_show_hn(entry.title, entry.link))
    head = re.split(r"\s[–—]\s", entry.title, maxsplit=1)[0]
    named = VERSION.search(head)
    first_word = re.sub(r"\W", "", head.split()[0].lower()) if head.split() else ""
    by_maker = bool(first_word) and first_word in host_of(entry.link or "").replace("-", "")
    if named and named.end() == len(head) and _is_major(named["numbers"]) and by_maker and names.looks_like_name(head):
        vendor = names.without_version(head)
        return _judged(entry, "launch", 75, "its maker announces a major release", name=head, vendor=vendor)
    open_source = re.search(r"(?i)\bopen[- ]source\b", entry.title)
    if named and head != entry.title and open_source and names.looks_like_name(head):
        return _judged(entry, "launch", 60, "a named version with a tagline, open source", name=head)
    strong = first_match(LAUNCH_TITLES[:1], entry.title)
    if strong and not first_match(OTHERS, entry.title) and names.looks_like_name(names.without_tail(strong[1]["name"])):
        return _judged(entry, "launch", 60, strong[0].reason, name=names.without_tail(strong[1]["name"]))
    return _judged(entry, "other", 80, "neither Show HN nor Launch HN")


def _shown(entry: Entry, rest: str, site: str) -> Launch:
    """A Show HN or Launch HN: its maker shows it, unless it is nothing to use or merely a new minor version."""
    if site == "Show" and (reading := first_match(NOT_A_TOOL, rest)):
        return _judged(entry, "other", reading[0].score, reading[0].reason)
    name = names.from_show_hn(rest, entry.link)
    owner = names.repository_owner(entry.link)
    version = VERSION.search(name or "")
    if name and version and not _is_major(version["numbers"]) and re.search(r"(?i)\bnow (?:with|has|supports)\b", rest):
        plain = names.without_version(name)
        return _judged(entry, "update", 70, "its maker shows a minor version", name=plain, vendor=owner)
    return _judged(entry, "launch", 90, f"{site} HN: its maker shows it", name=name, vendor=owner)


def _release(entry: Entry) -> Launch:
    """A release of a repository: a first or a major one is a launch, all others are updates."""
    repository = names.repository_name(entry.link)
    vendor = names.repository_owner(entry.link)
    tag = (entry.link or "").rpartition("/tag/")[2] or entry.title
    version = VERSION.search(tag) or VERSION.search(entry.title)
    name = _product(entry, repository)
    if PRE_RELEASE.search(tag) or PRE_RELEASE.search(entry.title):
        return _judged(entry, "update", 85, "a pre-release", name=name, vendor=vendor)
    if version and _is_major(version["numbers"]):
        return _judged(entry, "launch", 80, "a major release", name=name, vendor=vendor)
    if FIRST_RELEASE.search(f"{entry.title} {entry.summary[:200]}") or (version and version["numbers"] == "0.1.0"):
        return _judged(entry, "launch", 75, "a first release", name=name, vendor=vendor)
    return _judged(entry, "update", 85, "a patch or a minor release", name=name, vendor=vendor)


def _product(entry: Entry, repository: str | None) -> str | None:
    """A release's product: its title or its text before the version, where that is a name, else the repository's."""
    for text in (entry.title, entry.summary[:80]):
        head = names.without_version(text).strip()
        if head and head != text and names.looks_like_name(head, 3) and not PRE_RELEASE.search(head):
            return None if head.lower() in ("v", "version", "release") else head
    return repository or entry.title


def _is_major(numbers: str) -> bool:
    """Whether a version is x, x.0 or x.0.0, and neither zero nor a date."""
    parts = [int(part) for part in numbers.split(".")]
    return 0 < parts[0] < 1_000 and not any(parts[1:])


def _trending_model(entry: Entry) -> Launch:
    owner, _, model = entry.title.rpartition("/")
    if re.search(r"(?i)[-_.](?:gguf|awq|gptq|exl2|mlx|[48]-?bit|fp8|bnb)\b", model):
        return _judged(entry, "launch", 45, "a trending model, though a repackaged one", name=model, vendor=owner)
    return _judged(entry, "launch", 75, "a trending model is a newly released one", name=model, vendor=owner)


def _trending_repository(entry: Entry) -> Launch:
    if NEWLY_MADE.search(entry.summary[:300]):
        name = names.repository_name(entry.link) or entry.title.rpartition("/")[2]
        owner = names.repository_owner(entry.link)
        return _judged(entry, "launch", _UNSURE, "trending, and its text calls it new", name=name, vendor=owner)
    return _judged(entry, "other", 80, "popular, which says nothing about new")


def _blog(entry: Entry) -> Launch:
    """A vendor's blog has to say it in words; what speaks for something else wins."""
    if WRITES_ABOUT_OTHERS.search(entry.feed_title):
        return _news(entry)
    vendor = names.vendor_of_feed(entry.feed_title)
    told = first_match(LAUNCH_TITLES, entry.title)
    if other := first_match(OTHERS, _claim(entry.title, told)):
        return _judged(entry, "other", other[0].score, other[0].reason)
    update = first_match(UPDATES, _claim(entry.title, told))
    if update and not (told and told[0].score >= 85 and update[0].score < 75):
        return _judged(entry, "update", update[0].score, update[0].reason, name=_updated(entry, vendor), vendor=vendor)
    name = _told_name(told)
    if told and vendor and _is_part_of(vendor, name, entry.title):
        reason = "a part or a minor version of a known tool"
        return _judged(entry, "update", _UNSURE, reason, name=vendor, vendor=vendor)
    if told and names.looks_like_name(name, 6):
        return _judged(entry, "launch", told[0].score, told[0].reason, name=name, vendor=vendor)
    return _title_is_name(entry, vendor) or _by_summary(entry, vendor)


def _claim(title: str, told: Match | None) -> str:
    """The part of a title that says what the entry is about: from the words that introduce a tool to its name.

    What comes behind ("…: a drawing program that saves your study notes") describes the tool and decides nothing.
    """
    if not told:
        return title
    said = title[told[1].start() :]
    lead = told[1][0].find(names.without_tail(told[1]["name"] or "")) if told[1]["name"] else 0
    end = re.search(r"[:,;]\s|\s[–—-]\s", said[max(lead, 1) :])
    return said[: max(lead, 1) + end.start()] if end else said


def _told_name(told: Match | None) -> str:
    """The name that a rule found, cleaned; empty where it found none."""
    if not told:
        return ""
    found = told[1].groupdict()
    return names.without_tail(found.get("name") or found.get("welcomed") or "")


def _is_part_of(vendor: str, name: str, title: str) -> bool:
    """Whether what a title introduces is a part or a minor version of the tool that the vendor is named after."""
    own, called = vendor.casefold(), name.casefold()
    if version := re.fullmatch(rf"{re.escape(own)} v?(\d+(?:\.\d+)*)", called):
        return not _is_major(version[1])
    return own not in called and bool(re.search(rf"(?i)\b(?:for|on|in) {re.escape(vendor)}", title))


def _title_is_name(entry: Entry, vendor: str | None) -> Launch | None:
    """A title that is a name and nothing else, or a name and a tagline."""
    head, colon, tail = entry.title.partition(": ")
    head = head.strip()
    versioned = bool(_VERSIONED.match(head))
    sentence = head.lower().startswith(("the ", "our ", "a ", "an ", "introducing "))
    if sentence or not names.looks_like_name(head) or _NUMBERED.search(head):
        return None
    if vendor and _is_part_of(vendor, head, entry.title):
        return _judged(entry, "update", _UNSURE, "a minor version of a known tool", name=vendor, vendor=vendor)
    if (versioned or head.endswith(" API")) and len(head) > 3:
        name = re.split(r"\s/\s", head)[0]
        return _judged(entry, "launch", 65, "the title is a name with a version", name=name, vendor=vendor)
    if colon and names.is_coined(head) and not first_match(UPDATES, tail):
        return _judged(entry, "launch", 55, "the title is a coined name with a tagline", name=head, vendor=vendor)
    said = first_match(LAUNCH_SUMMARIES, entry.summary[:400])
    if said and not colon:
        return _judged(entry, "launch", said[0].score, "the title is a name", said[0].reason, name=head, vendor=vendor)
    return None


def _by_summary(entry: Entry, vendor: str | None) -> Launch:
    """What only the summary tells."""
    summary = entry.summary[:300]
    update = first_match(UPDATES, summary)
    said = first_match(LAUNCH_SUMMARIES, summary)
    if said and "name" in said[1].groupdict() and not first_match(OTHERS, summary) and not update:
        name = names.without_version(names.without_tail(said[1]["name"]))
        if names.looks_like_name(name) and name.casefold() in f"{entry.title} {summary}".casefold():
            return _judged(entry, "launch", said[0].score - 5, said[0].reason, name=name, vendor=vendor)
    if update and vendor and summary.startswith(vendor):
        return _judged(entry, "update", _UNSURE, update[0].reason, name=vendor, vendor=vendor)
    return _judged(entry, "other", _UNSURE, "nothing says that a tool was shipped")


def _updated(entry: Entry, vendor: str | None) -> str | None:
    """The tool that an update belongs to: the title's first words where they are a name, else the vendor."""
    head = names.without_version(entry.title)
    head = head if head != entry.title else names.without_tail(entry.title)
    verb = head.lower() in ("fixed", "new", "improved", "added", "changed", "updated", "removed")
    return head if names.looks_like_name(head, 3) and not verb else vendor


def _changelog(entry: Entry) -> Launch:
    """A changelog is about one known tool, unless it names another in words."""
    if other := first_match(OTHERS, entry.title):
        return _judged(entry, "other", other[0].score, other[0].reason)
    vendor = names.vendor_of_feed(entry.feed_title)
    told = first_match(LAUNCH_TITLES, entry.title)
    name = _told_name(told)
    patched = first_match(UPDATES, entry.title)
    if told and told[0].score >= 85 and names.looks_like_name(name, 6) and not patched:
        return _judged(entry, "launch", told[0].score - 5, told[0].reason, name=name, vendor=vendor)
    reason = patched[0].reason if patched else "a changelog tells of a known tool"
    return _judged(entry, "update", 75, reason, name=_updated(entry, vendor), vendor=vendor)


def _news(entry: Entry) -> Launch:
    """A third party's words are a launch only where they leave no doubt."""
    told = first_match(LAUNCH_TITLES, entry.title)
    if told and told[0].score >= 80 and not first_match(OTHERS, entry.title) and not first_match(UPDATES, entry.title):
        name = _told_name(told)
        if names.looks_like_name(name):
            return _judged(entry, "launch", _UNSURE, "in the news", told[0].reason, name=name)
    return _judged(entry, "other", 75, "somebody writes about tools")


_BY_KIND: dict[FeedKind, Callable[[Entry], Launch]] = {
    "producthunt": _launch_site,
    "hackernews": _hacker_news,
    "github-releases": _release,
    "changelog": _changelog,
    "vendor-blog": _blog,
    "github-trending": _trending_repository,
    "hf-trending": _trending_model,
    "news": _news,
}
