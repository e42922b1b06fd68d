"""What a tool is called, read from the words around it, and who made it.

Without its tagline, without its vendor unless that is part of the name, with a version only where it is sold under it.
"""

from __future__ import annotations

import re
from functools import lru_cache
from urllib.parse import urlsplit

from digest.collect.links import host_of
from digest.collect.rules import VERSION

# Where a name ends and the sentence about it goes on.
_TAIL = re.compile(
    r"\s[–—|-]+\s|:\s|[,;!?](?:\s|$)|\.\s|\s\("
    r"|\s(?:is|are|was|has|for|with|that|which|from|by|on|in|into|to|as|at|now|using|your|the"
    r"|a|an|lets?|brings?|makes?|helps?|package|packages|delivering|enabling|powering)\s"
    r"|\sand\s(?=[A-Z]\w+ [A-Z0-9]|the )"
)
# "Claude for Teachers" is sold under that name; "Dynamic Definitions for Flexible Asset Partitioning" is a sentence.
_FOR_SOMEBODY = re.compile(
    r"^[a-z]?[A-Z][\w.-]*(?: [A-Z][\w-]*)? for (?:[A-Z][\w-]*(?: (?=[A-Z])|(?=[:,;!?.]|$| [–—-] ))){1,3}"
)
_LEAD = re.compile(
    r"(?i)^(?:the )?(?:all[- ]new |brand[- ]new |new )?(?:next generation of |(?:\w+ )?preview of |(?:public )?beta of "
    r"|general availability of |launch of |release of |first )?(?:the |our |a |an )?"
)
_NO_NAME = re.compile(r"(?i)^(?:an?|the|my|our|i|i['’](?:ve|m)|we|we['’](?:ve|re)|how|why|what)\b")
_VERSION_WORD = re.compile(r"v\d[\w.]*|\w+(?:-\w+)*-v?\d[\w.-]*")
_SMALL = frozenset(["of", "and", "the", "for", "&", "+", "a", "de", "la"])
_PLAIN_HOSTS = frozenset(
    [
        "www",
        "app",
        "blog",
        "docs",
        "static",
        "demo",
        "get",
        "try",
        "news",
        "go",
        "use",
        "about",
        "en",
        "my",
        "m",
        "web",
        "github",
        "gitlab",
    ]
)
_FEED_WORDS = re.compile(
    r"(?i)[\s:|,–—-]*\b(?:blog|news|newsroom|changelog|release notes|releases|updates|engineering"
    r"|developers?|feed|rss|journal|official)\b"
    r"[\s:|,–—-]*"
)  # fmt: skip


def without_tail(text: str) -> str:
    """The name at the beginning of a text: up to the tagline, the verb or the bracket."""
    name = _LEAD.sub("", text.strip(), count=1) or text.strip()
    if whole := _FOR_SOMEBODY.match(name):
        return whole[0].strip()
    found = _TAIL.search(name)
    return (name[: found.start()] if found and found.start() else name).strip(" \"'“”‘’.,:;!–—-*_`")


def looks_like_name(text: str, most_words: int = 5) -> bool:
    """Whether a text could be a tool's name: few words, all of them capitalised, or one coined word."""
    words = text.split()
    if not words or len(words) > most_words or len(text) > 60 or not any(map(str.isalnum, text)):
        return False
    if len(words) == 1:
        return len(text) > 1
    return not _NO_NAME.match(text) and all(
        (word in _SMALL or bool(_VERSION_WORD.fullmatch(word)))
        if at and word.islower()
        else not word[0].islower() or any(map(str.isupper, word))
        for at, word in enumerate(words)
    )


def is_major(numbers: str) -> bool:
    """Whether a version is x, x.0 or x.0.0, and neither zero nor a date."""
    parts = [int(part) for part in numbers.split(".")]
    return 0 < parts[0] < 1_000 and not any(parts[1:])


def is_sold_with_version(name: str) -> bool:
    """Whether a version belongs to a name: `Mistral Medium 3`, `Llama 4 Scout`, but not `Agent Plugins 1.0.0`."""
    found = VERSION.search(name)
    return bool(found) and found["numbers"].count(".") < 2  # type: ignore[index]


def is_coined(text: str) -> bool:
    """Whether a text is unmistakably a name: one word with a capital, a digit or a hyphen inside."""
    return bool(re.fullmatch(r"[A-Za-z][\w.+-]*(?:[A-Z0-9]|-[A-Z])[\w.+-]*", text)) and not text.isupper()


def from_launch_site(title: str, tagline: str) -> tuple[str, str | None]:
    """Name and vendor in a launch site's title: `Name - tagline`, `Name: tagline`, `Name by Vendor`, `Name (Beta)`."""
    head = title
    for dash in (" - ", " – ", " — ", ": "):
        head = head.removesuffix(f"{dash}{tagline}") if tagline else head
    head = re.split(r"\s[–—-]\s|:\s", head, maxsplit=1)[0]
    head = re.sub(r"\s*\([^)]*\)\s*$", "", head)
    name, by, vendor = head.partition(" by ")
    if by and name and looks_like_name(vendor, 3):
        return name.strip(), vendor.strip()
    return head.strip() or title, None


def from_show_hn(title: str, link: str | None) -> str | None:
    """The name in a Show HN title after its prefix, else the repository's, else the site's.

    About one title in six says "I built …" and names nothing (counted in 288 of them).
    """
    head = re.split(r"\s[–—-]\s|:\s|,\s", title, maxsplit=1)[0]
    head = re.sub(r"\s*\((?:YC )?[A-Z]+\s?\d{2,4}\)|\s*\(beta\)", "", head, flags=re.I).strip(" .!")
    made = re.match(r"(?:I|We)(?:'ve|’ve| have)? (?:built|made|created|wrote) ([A-Z]\w[\w.+-]*)", head)
    if made:
        return made[1]
    separated = len(head) < len(title.strip())
    if looks_like_name(head, 4) and not _NO_NAME.match(head) and (separated or len(head.split()) <= 3):
        return head
    if aside := re.search(r"\(([A-Z][\w.+-]*(?: [A-Z0-9][\w.+-]*){0,2})\)\s*$", title):
        return aside[1]
    if called := re.search(r"\b(?:called|named) ([A-Z][\w.+-]*)", title):
        return called[1]
    return repository_name(link) or site_name(link)


def without_version(name: str) -> str:
    """A name without the version behind it: `Cursor 0.45` is Cursor."""
    found = VERSION.search(name)
    head = name[: found.start()] if found else name
    return re.sub(r"(?i)[\s,:(–—-]*(?:version|release)?[\s,:(–—-]*$", "", head).strip() if found else name


def repository_name(link: str | None) -> str | None:
    """The repository's name in a link to one of the code hosts, else None."""
    if not link or host_of(link) not in ("github.com", "gitlab.com", "codeberg.org", "huggingface.co"):
        return None
    steps = [step for step in urlsplit(link).path.split("/") if step]
    return steps[min(1, len(steps) - 1)].removesuffix(".git") if steps else None


def repository_owner(link: str | None) -> str | None:
    """The owner's name in a link to one of the code hosts, else None."""
    if repository_name(link) is None:
        return None
    return next(step for step in urlsplit(link or "").path.split("/") if step)


def site_name(link: str | None) -> str | None:
    """The telling label of a site's host: `ambisounds.app` is ambisounds."""
    if not link or not host_of(link) or "ycombinator" in host_of(link):
        return None
    subdomain, domain = _split_host(host_of(link))
    first = subdomain.split(".")[0]
    return first if first and first not in _PLAIN_HOSTS else domain or None


def vendor_of_feed(feed_title: str) -> str | None:
    """The vendor in a feed's title: `Mistral AI News` is Mistral AI."""
    title = re.split(r"\s[|–—]\s|:\s", feed_title.replace("-news", " news").replace("-blog", " blog"))[0]
    if "." in title and " " not in title.strip():
        title = _split_host(title.strip().lower())[1].capitalize()
    words = _FEED_WORDS.sub(" ", title).strip(" -:|").split()
    words = words[1:] if len(words) > 1 and words[0].lower() == "the" else words
    return " ".join(words[2:] if [word.lower() for word in words[:2]] == ["ai", "at"] else words) or None


@lru_cache(maxsize=4_096)
def _split_host(host: str) -> tuple[str, str]:
    """A host's subdomain and its registrable label, by the public suffix list that tldextract brings along."""
    parts = _extractor()(host)
    return parts.subdomain, parts.domain


@lru_cache(maxsize=1)
def _extractor():  # type: ignore[no-untyped-def]
    import tldextract  # slow to import, and only some entries need it

    # No list is downloaded, and none is cached on disk.
    return tldextract.TLDExtract(suffix_list_urls=(), cache_dir=None, include_psl_private_domains=True)
