"""Does an entry announce a newly shipped tool, and which one: from an entry to a launch.

What counts depends on where it was said. On a launch site every entry is a launch unless it is spam; a trending list
only says that something is popular; a vendor's blog has to say it in words. A person decides in the end: the score
ranks, the reasons explain. The rules themselves are in `rules`.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from digest.collect import names
from digest.collect.judgement import UNSURE, judged
from digest.collect.links import host_of, is_home
from digest.collect.makers import announced, by_its_maker, other_subject, updated
from digest.collect.rules import (
    FIRST_RELEASE,
    NEWLY_MADE,
    NOT_A_TOOL,
    NUMBERED,
    PRE_RELEASE,
    SPAM,
    UPDATES,
    VERSION,
    WRITES_ABOUT_OTHERS,
    first_match,
)
from digest.model.tool import Entry, FeedKind, Launch

_PREFIX = re.compile(r"^(?P<site>Show|Launch) HN\s*[:–—-]\s*(?P<rest>.+)$", re.I)
# where named things are described that nobody ships
_ENCYCLOPEDIAS = ("wikipedia.org", "archive.org", ".gov", ".edu", "arxiv.org")
_MADE_BY_ME = re.compile(r"^(?:I|We)(?:'ve|’ve| have)? (?:built|made|created|wrote) [A-Z]\w")


def recognise(entry: Entry) -> Launch:
    """Judges one entry.

    Args:
        entry: An entry of any kind of feed.

    Returns:
        The judgement, with the tool's name for launches and updates, a score and the reasons.
    """
    launch = _BY_KIND[entry.kind](entry)
    if launch.label == "launch" and not launch.name:
        return judged(entry, "other", 40, "no name can be found", *launch.reasons)
    return launch


def _launch_site(entry: Entry) -> Launch:
    if spam := first_match(SPAM, f"{entry.title} {entry.summary}"):
        return judged(entry, "other", spam[0].score, f"spam: {spam[0].reason}")
    name, vendor = names.from_launch_site(entry.title, entry.summary)
    return judged(entry, "launch", 90, "a launch site lists it", name=name, vendor=vendor)


def _hacker_news(entry: Entry) -> Launch:
    prefixed = _PREFIX.match(entry.title)
    if prefixed:
        return _shown(entry, prefixed["rest"], prefixed["site"].capitalize())
    if _MADE_BY_ME.match(entry.title):
        return judged(entry, "launch", 65, "its maker shows it", name=names.from_show_hn(entry.title, entry.link))
    head = re.split(r"\s[–—]\s", entry.title, maxsplit=1)[0]
    if launch := _version_at_its_maker(entry, head):
        return launch
    named = VERSION.search(head)
    open_source = re.search(r"(?i)\bopen[- ]source\b", entry.title)
    counted = NUMBERED.search(head)
    if named and not counted and head != entry.title and open_source and names.looks_like_name(head):
        return judged(entry, "launch", 60, "a named version with a tagline, open source", name=head)
    said = announced(entry.title)
    if (
        said
        and said.rule.score >= 90
        and not other_subject(entry.title, said.claim)
        and names.looks_like_name(said.name)
    ):
        return judged(entry, "launch", 60, said.rule.reason, name=said.name)
    return judged(entry, "other", 80, "neither Show HN nor Launch HN")


def _version_at_its_maker(entry: Entry, head: str) -> Launch | None:
    """A title that is a named version, with a link to where that tool lives: `Heron 2` at heron.example.

    Where the host is called like the tool, only a major version is a launch; where the address spells the whole name
    (`maker.example/news/heron-opus-2-1`), the version belongs to the name.
    """
    named, link = VERSION.search(head), entry.link or ""
    if (
        named is None
        or NUMBERED.search(head)
        or named.start() == 0
        or not names.looks_like_name(head)
        or not is_home(link)
    ):
        return None
    first_word, host = _letters(head.split()[0]), host_of(link)
    vendor = names.without_version(head)
    if first_word and first_word in _letters(host):
        if named.end() != len(head):
            return None
        if names.is_major(named["numbers"]):
            return judged(entry, "launch", 75, "its maker announces a major release", name=head, vendor=vendor)
        return judged(entry, "update", 65, "its maker announces a minor release", name=vendor, vendor=vendor)
    if _letters(head) in _letters(link) and not host.endswith(_ENCYCLOPEDIAS):
        return judged(entry, "launch", 60, "the title and the address are a name with a version", name=head)
    return None


def _letters(text: str) -> str:
    return re.sub(r"[^a-z0-9]", "", text.lower())


def _shown(entry: Entry, rest: str, site: str) -> Launch:
    """A Show HN or Launch HN: its maker shows it, unless it is nothing to use or merely a new minor version."""
    if site == "Show" and (reading := first_match(NOT_A_TOOL, rest)):
        return judged(entry, "other", reading[0].score, reading[0].reason)
    name = names.from_show_hn(rest, entry.link)
    owner = names.repository_owner(entry.link)
    version = VERSION.search(name or "")
    if (
        name
        and version
        and not names.is_major(version["numbers"])
        and re.search(r"(?i)\bnow (?:with|has|supports)\b", rest)
    ):
        plain = names.without_version(name)
        return judged(entry, "update", 70, "its maker shows a minor version", name=plain, vendor=owner)
    return judged(entry, "launch", 90, f"{site} HN: its maker shows it", name=name, vendor=owner)


def _release(entry: Entry) -> Launch:
    """A release of a repository: a first or a major one is a launch, all others are updates."""
    repository = names.repository_name(entry.link)
    vendor = names.repository_owner(entry.link)
    tag = (entry.link or "").rpartition("/tag/")[2] or entry.title
    version = VERSION.search(tag) or VERSION.search(entry.title)
    name = _product(entry, repository)
    if PRE_RELEASE.search(tag) or PRE_RELEASE.search(entry.title):
        return judged(entry, "update", 85, "a pre-release", name=name, vendor=vendor)
    if version and names.is_major(version["numbers"]):
        return judged(entry, "launch", 80, "a major release", name=name, vendor=vendor)
    if FIRST_RELEASE.search(f"{entry.title} {entry.summary[:200]}") or (version and version["numbers"] == "0.1.0"):
        return judged(entry, "launch", 75, "a first release", name=name, vendor=vendor)
    return judged(entry, "update", 85, "a patch or a minor release", name=name, vendor=vendor)


def _product(entry: Entry, repository: str | None) -> str | None:
    """A release's product: its title or its text before the version, where that is a name, else the repository's."""
    for text in (entry.title, entry.summary[:80]):
        head = names.without_version(text).strip()
        if head and head != text and names.looks_like_name(head, 3) and not PRE_RELEASE.search(head):
            return None if head.lower() in ("v", "version", "release") else head
    return repository or entry.title


def _trending_model(entry: Entry) -> Launch:
    owner, _, model = entry.title.rpartition("/")
    if re.search(r"(?i)[-_.](?:gguf|awq|gptq|exl2|mlx|[48]-?bit|fp8|bnb)\b", model):
        return judged(entry, "launch", 45, "a trending model, though a repackaged one", name=model, vendor=owner)
    return judged(entry, "launch", 75, "a trending model is a newly released one", name=model, vendor=owner)


def _trending_repository(entry: Entry) -> Launch:
    if NEWLY_MADE.search(entry.summary[:300]):
        name = names.repository_name(entry.link) or entry.title.rpartition("/")[2]
        owner = names.repository_owner(entry.link)
        return judged(entry, "launch", UNSURE, "trending, and its text calls it new", name=name, vendor=owner)
    return judged(entry, "other", 80, "popular, which says nothing about new")


def _blog(entry: Entry) -> Launch:
    """A vendor's blog has to say it in words."""
    return _news(entry) if WRITES_ABOUT_OTHERS.search(entry.feed_title) else by_its_maker(entry)


def _changelog(entry: Entry) -> Launch:
    """A changelog is about one known tool, unless it names another in words; some are blogs that say so."""
    if re.search(r"(?i)\bblog\b", entry.feed_title):
        return by_its_maker(entry)
    vendor = names.vendor_of_feed(entry.feed_title)
    name = updated(entry.title, vendor)
    otherwise = judged(entry, "update", 75, "a changelog tells of a known tool", name=name, vendor=vendor)
    return by_its_maker(entry, otherwise=otherwise)


def _news(entry: Entry) -> Launch:
    """A third party's words are a launch only where they leave no doubt."""
    said = announced(entry.title)
    doubt = said is None or said.rule.score < 80 or other_subject(entry.title, entry.title)
    if said and not doubt and not first_match(UPDATES, entry.title) and names.looks_like_name(said.name):
        return judged(entry, "launch", UNSURE, "in the news", said.rule.reason, name=said.name)
    return judged(entry, "other", 75, "somebody writes about tools")


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
