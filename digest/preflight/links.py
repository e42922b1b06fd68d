"""Where the letter leads, as far as it can be told without asking."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterator
from urllib.parse import SplitResult, unquote, urlsplit

from email_validator import EmailNotValidError, validate_email

from digest.mail.merge_field import MERGE_FIELD
from digest.preflight.check import HTML, TEXT, Fault, error, warning
from digest.preflight.page import Element, letters, name_of
from digest.preflight.page import where as place_of
from digest.preflight.proof import Proof

# Names that are for examples only (RFC 2606, sections 2 and 3; RFC 6761).
_EXAMPLES = re.compile(r"(?:^|\.)(?:example\.(?:com|net|org|edu)|example|test|invalid)$")
_HERE = re.compile(r"(?:^|\.)(?:localhost|local|internal|lan|home\.arpa)$|^(?:127\.|0\.0\.0\.0|10\.|192\.168\.|\[?::1)")
# Words that wait for an address: a whole step of a path in capitals, a host that is an instruction, braces.
_PLACEHOLDER = re.compile(
    r"(?:^|//|/)(?:TODO|TBD|TK|FIXME|XXX+|LINK|URL)(?:$|/)|[{<]|\[[\w -]+\]|/(?:undefined|null|None|NaN)$|"
    r"^(?:https?://)?(?:www\.)?(?i:(?:your|my)[-_]?(?:site|domain|company|link|url|name|website|brand|newsletter|app|product)|"
    r"(?:insert|add)[-_]?(?:link|url|here)\w*|(?:via\.)?placeholder|undefined|url|domain|website)(?:\.\w+)?(?:$|/)"
)
_SHORTENERS = set(
    "adf.ly amzn.to bit.do bit.ly bl.ink buff.ly chilp.it clck.ru cutt.ly dlvr.it fb.me flip.it geni.us goo.gl hubs.ly "
    "ift.tt is.gd j.mp l.ead.me lnkd.in mcaf.ee ow.ly qr.ae rb.gy rebrand.ly rebrandly.com s.id short.io shorte.st "
    "shorturl.at shorturl.gg soo.gd spoti.fi surl.li t.co t.ly t1p.de tiny.cc tiny.one tinyurl.com tr.im trib.al u.to "
    "urlz.fr v.gd vzturl.com wp.me x.co zpr.io".split()
)


@error
def link_addresses(proof: Proof) -> Iterator[Fault]:
    """Links lead to whole web, mail or telephone addresses that can be read as such."""
    for link, address in _links(proof):
        if not _left_open(address):
            wrong = "" if _is_anchor(address, proof) else _wrong(address)
            if wrong:
                what = f"the link “{name_of(link)[:40]}” leads to “{address[:80]}”: {wrong}"
                yield Fault(what, place_of(link), "give it a whole address that begins with https://")


@error
def link_placeholders(proof: Proof) -> Iterator[Fault]:
    """No link waits for its address: no `#`, no TODO, no braces, no machine of one's own."""
    for link, address in _links(proof):
        host = _host(address)
        if _left_open(address) or (host and _HERE.search(host) and proof.is_real):
            what = f"the link “{name_of(link)[:40]}” leads to “{address[:80]}”"
            yield Fault(what, place_of(link), "give it the address that it is to have")


@error
def link_examples(proof: Proof) -> Iterator[Fault]:
    """A letter to real readers leads to no example domain (RFC 2606); letters to the outbox may."""
    if not proof.is_real:
        return
    for link, address in _links(proof):
        host = _host(address) or (address.rpartition("@")[2].partition("?")[0] if address.startswith("mailto:") else "")
        if host and _EXAMPLES.search(host.lower()):
            what = f"the link “{name_of(link)[:40]}” leads to {host}, which is for examples only"
            cure = "set base_url in digest.toml" if address.startswith(proof.issue.base_url) else "give it its address"
            yield Fault(what, place_of(link), cure)


@warning
def link_https(proof: Proof) -> Iterator[Fault]:
    """Links lead to https addresses."""
    for link, address in _links(proof):
        if address.lower().startswith("http://") and not (_HERE.search(_host(address)) and not proof.is_real):
            what = f"the link “{name_of(link)[:40]}” leads to {address[:80]}, without https"
            yield Fault(what, place_of(link), "begin it with https://")


@warning
def link_shorteners(proof: Proof) -> Iterator[Fault]:
    """Links say where they lead: no shorteners, which filters block with the worst of their users, and no bare
    numbers (SpamAssassin's NUMERIC_HTTP_ADDR).
    """
    for link, address in _links(proof):
        host = _host(address).removeprefix("www.")
        if host in _SHORTENERS:
            what = f"the link “{name_of(link)[:40]}” goes through {host}"
            yield Fault(what, place_of(link), "write the address that it leads to")
        elif _is_number(host) and proof.is_real:
            yield Fault(f"the link “{name_of(link)[:40]}” leads to the number {host}", place_of(link), "use a name")


@warning
def link_repeated(proof: Proof) -> Iterator[Fault]:
    """No two tools share an address, and no two links of quite different words: one of them was likely copied."""
    tools = [tool for pair in proof.issue.comparisons for tool in (pair.a, pair.b)]
    named = [(tool.name, tool.homepage) for tool in tools]
    named += [(tool.name, tool.homepage) for tool in proof.issue.also_shipped if tool.homepage]
    names = {letters(name): name for name, _ in named}
    held: dict[str, str] = {}
    for link, address in _links(proof):
        words = letters(name_of(link))
        if words not in names or MERGE_FIELD in address:
            continue
        key = address.partition("#")[0].rstrip("/").lower()
        first = held.setdefault(key, words)
        if first != words:
            what = f"“{names[first]}” and “{names[words]}” lead to the same address, {address[:80]}"
            yield Fault(what, place_of(link), "give each its own")


@warning
def text_addresses(proof: Proof) -> Iterator[Fault]:
    """Addresses in the text part are whole: none ends in an ellipsis or is broken in two."""
    for number, line in enumerate(proof.email.text.split("\n"), start=1):
        for address in re.findall(r"https?://\S*", line):
            if re.search(r"(?:…|\.\.\.)$", address) or not _host(address):
                yield Fault(f"the address {address[:80]} is cut off", f"{TEXT}:{number}", "print it whole")


def addresses_to_ask(proof: Proof) -> dict[str, str]:
    """The web addresses of other people that the letter leads to, each with its place in the letter.

    Readers' own addresses are not among them, since they work for readers only, nor are example domains.
    """
    asked: dict[str, str] = {}
    for link, address in _links(proof):
        if re.match(r"https?://", address, re.IGNORECASE) and not (MERGE_FIELD in address or _wrong(address)):
            if _EXAMPLES.search(_host(address)):
                continue
            asked.setdefault(address.partition("#")[0], place_of(link) or HTML)
    return asked


def _links(proof: Proof) -> Iterator[tuple[Element, str]]:
    for link in proof.page.links:
        yield link, (link.get("href") or "").strip()


def _left_open(address: str) -> bool:
    """Whether an address waits to be written."""
    bare = unquote(address.replace(MERGE_FIELD, ""))
    return address in ("", "#", "http://", "https://", "mailto:") or bool(
        _PLACEHOLDER.search(bare.partition("?")[0]) and not bare.lower().startswith("data:")
    )


def _is_anchor(address: str, proof: Proof) -> bool:
    """Whether a link leads to a place inside the letter that there is; some programs stay where they are."""
    name = unquote(address.removeprefix("#"))
    return address.startswith("#") and any(name in (one.get("id"), one.get("name")) for one in proof.page.elements)


def _wrong(address: str) -> str:
    """Why an address is none, in a few words; empty where it is one."""
    try:
        parts = urlsplit(address)
        host, port = parts.hostname or "", parts.port
    except ValueError as reason:
        return str(reason).lower()
    if address.startswith("#"):
        return "nothing in the letter has that id"
    if parts.scheme in ("tel", "sms"):
        return "" if re.fullmatch(r"\+?[\d().-]{3,}(?:\?.*)?", parts.path) else "that is no number"
    if parts.scheme == "mailto":
        return _wrong_mailbox(unquote(parts.path))
    return _wrong_web(parts, address, host, port)


def _wrong_web(parts: SplitResult, address: str, host: str, port: int | None) -> str:
    if not parts.scheme or parts.scheme not in ("http", "https"):
        return "that is no web address" if parts.scheme else "it is not whole"
    if re.search(r"\s", address) or "\\" in address:
        return "it holds a space or a backslash"
    if not host:
        return "it names no host"
    if re.match(r"https?://(?:https?[:/]|www\.?$)", address, re.IGNORECASE) or host in ("http", "https", "www"):
        return "it begins twice"
    if ".." in host or host.startswith((".", "-")) or len(host) > 253 or "_" in host.rpartition(".")[2]:
        return "its host is misspelt"
    if "." not in host and ":" not in host and host != "localhost":
        return "its host has no domain"
    if "." in host and not _is_number(host) and not re.search(r"\.(?:[^\W\d_]{2,}|xn--[\w-]+)\.?$", host):
        return "its host has no domain"
    if parts.username is not None:
        return "it holds a name or password"
    return "" if port != 0 else "its port is none"


def _wrong_mailbox(path: str) -> str:
    for mailbox in path.split(","):
        try:
            validate_email(mailbox.strip(), check_deliverability=False, test_environment=True)
        except EmailNotValidError:
            return "that is no mail address"
    return ""


def _host(address: str) -> str:
    try:
        return (urlsplit(address).hostname or "").rstrip(".")
    except ValueError:
        return ""


def _is_number(host: str) -> bool:
    try:
        ipaddress.ip_address(host.strip("[]"))
    except ValueError:
        return False
    return True
