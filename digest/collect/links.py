"""Links: which may be kept, when two mean the same page, and whose page it is.

Nothing here is fetched. A canonical link is a key for comparing, never an address to send anybody to.
"""

from __future__ import annotations

import re
from functools import lru_cache
from urllib.parse import SplitResult, parse_qsl, unquote, urlencode, urljoin, urlsplit

# A list of what to drop, never of what to keep: cleaners that drop every parameter they do not know map all items of
# Hacker News (`item?id=…`) to one address.
_TRACKING = re.compile(r"(?:utm_|mtm_|mc_|_hs).*|fbclid|gclid|dclid|msclkid|igshid|twclid|yclid")
_REF_SOURCES = frozenset(
    [
        "producthunt",
        "hackernews",
        "hn",
        "reddit",
        "twitter",
        "x",
        "github",
        "newsletter",
        "rss",
        "feed",
        "linkedin",
        "mastodon",
        "bluesky",
        "betalist",
    ]
)
_DEFAULT_PORTS = {"http": 80, "https": 443}

# An address with nothing in it that could need care, as nearly all are.
_PLAIN = re.compile(r"https?://[a-z0-9-]+(?:\.[a-z0-9-]+)+/[\w.~%/+@:,;!&=-]*(?:\?[\w.~%/+@:,;!&=-]+)?", re.ASCII)

# Places that write about tools, list them or keep their code. A tool's home is elsewhere where there is a choice.
_CODE_HOSTS = frozenset(("github.com", "gitlab.com", "codeberg.org", "bitbucket.org", "sr.ht"))
_TALK_HOSTS = frozenset(
    (
        "producthunt.com", "news.ycombinator.com", "hnrss.org", "reddit.com", "lobste.rs", "betalist.com",
        "x.com", "twitter.com", "bsky.app", "linkedin.com", "youtube.com", "youtu.be", "facebook.com",
        "medium.com", "substack.com", "dev.to", "techcrunch.com", "theverge.com", "arstechnica.com", "wired.com",
        "venturebeat.com", "theregister.com", "infoq.com", "zdnet.com", "engadget.com", "bloomberg.com",
    )
)  # fmt: skip
_GITHUB_OWN = frozenset(
    [
        "about",
        "apps",
        "blog",
        "collections",
        "customer-stories",
        "enterprise",
        "events",
        "explore",
        "features",
        "issues",
        "login",
        "marketplace",
        "new",
        "notifications",
        "orgs",
        "pricing",
        "pulls",
        "readme",
        "search",
        "security",
        "settings",
        "site",
        "sponsors",
        "topics",
        "trending",
    ]
)


def web_link(link: object, base: str = "") -> str | None:
    """A link that may be kept: absolute, http or https, without control characters or quotes.

    Args:
        link: Whatever the feed says.
        base: The address that a relative link is relative to.

    Returns:
        The link, or None where it is not one of the web.
    """
    if not isinstance(link, str) or not link.strip():
        return None
    if len(link) <= 2_000 and _PLAIN.fullmatch(link):
        return link
    try:
        absolute = urljoin(base, "".join(link.split()))
        parts = urlsplit(absolute)
        usable = parts.scheme.lower() in ("http", "https") and bool(parts.hostname) and (parts.port or 1) > 0
    except ValueError:
        return None
    if not usable or len(absolute) > 2_000 or not absolute.isprintable():
        return None
    return re.sub(r'[<>"\\^`{|}]', lambda sign: f"%{ord(sign[0]):02X}", absolute)


@lru_cache(maxsize=8_192)
def canonical(link: str) -> str:
    """What two addresses of the same page have in common.

    Args:
        link: A web address.

    Returns:
        Host, path and what identifies a page in the query; without scheme, `www.`, default port, trailing slash,
        fragment, and parameters that only track. Empty for what is no address.
    """
    try:
        parts = urlsplit(link.strip())
        port = parts.port
    except ValueError:
        return ""
    if not parts.hostname:
        return ""
    port_shown = "" if port in (None, _DEFAULT_PORTS.get(parts.scheme)) else f":{port}"
    kept = [(name, value) for name, value in parse_qsl(parts.query, keep_blank_values=True) if not _tracks(name, value)]
    query = f"?{urlencode(sorted(kept))}" if kept else ""
    return f"{_host(parts)}{port_shown}{parts.path.rstrip('/')}{query}"


def without_tracking(link: str) -> str:
    """An address to send people to, without the parameters that only say where they came from."""
    head, mark, fragment = link.partition("#")
    page, asked, query = head.partition("?")
    # The pairs are kept as they are spelt: decoding and encoding them again could change what the site reads.
    kept = [pair for pair in query.split("&") if pair and not _tracks(*_pair(pair))]
    return page + (asked + "&".join(kept) if kept else "") + mark + fragment


@lru_cache(maxsize=8_192)
def host_of(link: str) -> str:
    """The host of an address, in lower case, without `www.`; empty for what is no address."""
    try:
        return _host(urlsplit(link))
    except ValueError:
        return ""


@lru_cache(maxsize=8_192)
def repository_of(link: str | None) -> str | None:
    """The repository that a link leads into.

    Args:
        link: A web address, perhaps deep inside the repository (a release, a file).

    Returns:
        `https://github.com/owner/name` as the link spells it, or None where it is no repository of GitHub.
    """
    if not link or host_of(link) != "github.com":
        return None
    steps = [step for step in urlsplit(link).path.split("/") if step]
    if len(steps) < 2 or steps[0].lower() in _GITHUB_OWN:
        return None
    name = steps[1].removesuffix(".git")
    if not re.fullmatch(r"[\w.-]+", steps[0]) or not re.fullmatch(r"[\w.-]+", name):
        return None
    return f"https://github.com/{steps[0]}/{name}"


def is_home(link: str) -> bool:
    """Whether a link leads to a place of the tool's own, not to one that lists tools, talks of them or keeps code."""
    host = host_of(link)
    return bool(host) and not any(host == other or host.endswith(f".{other}") for other in _CODE_HOSTS | _TALK_HOSTS)


def _host(parts: SplitResult) -> str:
    return (parts.hostname or "").rstrip(".").removeprefix("www.")


def _pair(text: str) -> tuple[str, str]:
    name, _, value = text.partition("=")
    return unquote(name), unquote(value)


def _tracks(name: str, value: str) -> bool:
    """Whether a parameter only says where a visitor came from.

    `ref` does where its value is a host or a known source; otherwise it may be a branch or a page (miniflux's rule).
    """
    if name.lower() == "ref":
        return "." in value or value.lower() in _REF_SOURCES
    return bool(_TRACKING.fullmatch(name.lower()))
