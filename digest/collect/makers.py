"""What a maker's own words say: the entries of vendors' blogs and of changelogs.

Neither says by its kind that something was shipped, so the title or the summary has to. They are read in this order:
what the title announces; a title that is the tool's name; what the summary announces. What speaks for another subject
(a partnership, a guide) or for an update wins over the weaker signs.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from digest.collect import names
from digest.collect.judgement import UNSURE, judged
from digest.collect.rules import (
    ABOUT,
    EARLIER,
    FEATURE,
    IMPERATIVE,
    LAUNCH_SUMMARIES,
    LAUNCH_TITLES,
    NO_TOOL,
    NUMBERED,
    OTHERS,
    PLACE,
    SUBJECTS,
    TOOL_NOUN,
    UNNAMED,
    UPDATES,
    Rule,
    first_match,
)
from digest.model.tool import Entry, Launch

# Letters of a name, then a number in it: `Grok 4`, `GLM-5.1`, `TRIBE v2`. What is merely counted is no name.
_VERSIONED = re.compile(r"[A-Za-z][\w.+-]*[ \w.+/()-]*\d", re.ASCII)
_LETTERED = re.compile(r"[A-Z][a-z]+ [A-Z](?: [A-Z][a-z]+)?")  # Heron A, Heron R Wader
_INTERFACE = re.compile(r"^[A-Z][\w.+-]*(?: (?:to|and|of|[A-Z][\w.+-]*)){0,7} (?:API|SDK|CLI|app)s?$")
# "Perch for Teachers" is an edition of a tool; "Lessons for Teachers" is not
_FOR_SOMEBODY = re.compile(r"(?!\w+ing )[A-Z][a-z0-9]+(?<!s) for [A-Z]\w+(?: [A-Z]\w+){0,2}")
_PARTS_OF_NAMES = re.compile(r"\s/\s|\sand\s(?=[A-Z])")
_HEAD = re.compile(r":\s|\s[–—-]\s|[,.]\s")
_NO_HEAD = ("the ", "our ", "a ", "an ", "new ")
_CLAIM_ENDS = re.compile(r"[:,;]\s|\s[–—-]\s")
# "the V-JEPA 2 world model and new benchmarks": the name ends where it is said what it is
_KIND_BEHIND = re.compile(rf"(?P<name>[A-Z][\w.+-]*(?: [A-Z0-9][\w.+-]*)*) (?:[a-z][\w-]* ){{0,2}}{TOOL_NOUN.pattern}")
_DOING = re.compile(r"[A-Z][a-z]{2,}ing [A-Z]")
_FEATURE_NAME = re.compile(r" (?:[A-Z][a-z]{3,}ing|Support|Integrations?|UI)$")
_DESCRIBES = re.compile(r"(?i)(?:a|an|our|the|your|first|new)\b")
_IS_WHAT = re.compile(rf" is (?:a|an|the|our) .*{TOOL_NOUN.pattern}")
_VERSION_BEHIND = re.compile(r" v?(?P<numbers>\d+(?:\.\d+)*)")
_EARLY = re.compile(r"(?i)\b(?:preview|beta)\b")
_SENTENCE_ENDS = re.compile(r"(?<=[a-z)][.!?])\s")
_MADE_FOR = re.compile(r"\b(?:Kit|SDK|Client|CLI|Plugin|Connector|Extension)(?: for\b|$)")
_BETTER = re.compile(r"(?i)(?:better|faster|more|improved|higher|cheaper)\b")  # than it was
_LISTED = re.compile(r", and ")
_TAGLINE = 110
_WEAK = 60


class Said(NamedTuple):
    """What a title announces: the rule that found it, the tool's name, and the part of the title that counts."""

    rule: Rule
    name: str
    claim: str


def by_its_maker(entry: Entry, *, otherwise: Launch | None = None) -> Launch:
    """Judges an entry in which a maker writes about its own tools.

    Args:
        entry: An entry of a vendor's blog or of a changelog.
        otherwise: The judgement where nothing is said; None says that no tool was shipped.

    Returns:
        The judgement.
    """
    vendor = names.vendor_of_feed(entry.feed_title)
    title = _plain(entry.title)
    said = announced(title)
    if said is None and not first_match(SUBJECTS, title) and (launch := _by_name(entry, title, vendor)):
        return launch
    # "for Government" tells who is served, not what it is about
    claim = re.sub(r" for (?=[A-Z]).*", "", said.claim) if said else title
    if other := other_subject(title, claim):
        weak = said is None and other[0].score <= _WEAK
        told = _by_summary(entry, vendor) if weak else None
        return told or judged(entry, "other", other[0].score, other[0].reason)
    update = first_match(UPDATES, claim) or first_match(UNNAMED, title)
    if update and not (said and said.rule.score >= 85 and update[0].score < 75):
        return judged(entry, "update", update[0].score, update[0].reason, name=updated(title, vendor), vendor=vendor)
    if said:
        return _by_announcement(entry, said, vendor)
    return (
        _by_summary(entry, vendor)
        or otherwise
        or judged(entry, "other", UNSURE, "nothing says that a tool was shipped")
    )


def announced(title: str) -> Said | None:
    """What a title announces in words, and how far its claim reaches; None where it announces nothing.

    What comes behind the name ("…: a drawing program that saves your study notes") describes the tool and decides
    nothing.
    """
    told = first_match(LAUNCH_TITLES, title)
    if told is None:
        return None
    rule, found = told
    groups = found.groupdict()
    named = groups.get("name") or groups.get("welcomed") or ""
    name, claim = names.without_tail(named), title[found.start() :]
    begins_with_name = found[0].startswith(named)
    if begins_with_name and _DOING.match(name):
        return None
    if not names.looks_like_name(name, 6) and (kind := _KIND_BEHIND.match(named)):
        return Said(rule, kind["name"], claim[: found[0].find(named) + kind.end()])
    # where words such as "is now available" stand behind the name, they belong to the claim
    lead = max(found[0].find(name), 1) if found[0].endswith(named) else len(found[0])
    end = _CLAIM_ENDS.search(claim, lead)
    return Said(rule, name, claim[: end.start()] if end else claim)


def other_subject(title: str, claim: str) -> tuple[Rule, re.Match[str]] | None:
    """What speaks for another subject than a tool: anywhere in a title, or in the part of it that counts."""
    return first_match(SUBJECTS, title) or first_match(OTHERS, claim)


def updated(title: str, vendor: str | None) -> str | None:
    """The tool that an update belongs to: the title's first words where they are a name, else the vendor."""
    head = names.without_version(title)
    head = head if head != title else names.without_tail(title)
    verb = head.lower() in ("fixed", "new", "improved", "added", "changed", "updated", "removed")
    return head if names.looks_like_name(head, 3) and not verb else vendor


def _by_announcement(entry: Entry, said: Said, vendor: str | None) -> Launch:
    """A title that announces something: a tool, unless it is a part or a minor version of a known one."""
    summary = _told_by(entry)
    if vendor and _is_known(said.name, vendor):
        return judged(entry, "update", UNSURE, "a minor version of a known tool", name=vendor, vendor=vendor)
    if vendor and _is_elsewhere(said, vendor):
        reason = "a part of a known tool, or a known tool in a new place"
        return judged(entry, "update", UNSURE, reason, name=vendor, vendor=vendor)
    if other := first_match(NO_TOOL, summary[:150]):
        return judged(entry, "other", other[0].score, other[0].reason)
    if FEATURE.search(summary[:200]) or _FEATURE_NAME.search(said.name):
        return judged(entry, "update", UNSURE, "a part of a known tool", name=vendor, vendor=vendor)
    if names.looks_like_name(said.name, 6):
        return judged(entry, "launch", said.rule.score, said.rule.reason, name=said.name, vendor=vendor)
    reason = "what is introduced has no name of its own"
    return _by_summary(entry, vendor) or judged(entry, "update", UNSURE, reason, name=vendor, vendor=vendor)


def _is_elsewhere(said: Said, vendor: str) -> bool:
    """Whether something is merely announced for another place: `Heron on Egret Cloud`, `Caching for Heron`.

    A version is new wherever it is, unless the place is the vendor's own: then it is somebody else's version.
    """
    behind = said.claim[said.claim.find(said.name) + len(said.name) :]
    place = PLACE.search(behind) or PLACE.search(said.name if f" for {vendor}" in said.name else "")
    versioned = bool(_VERSIONED.match(said.name)) and not NUMBERED.search(said.name)
    # `Heron AI` has its place in `Heron Cloud` too
    # a kit for Ponds is another tool than the kit for lakes
    versioned = versioned or bool(_MADE_FOR.search(said.name))
    own = re.sub(r"(?i)\s+(?:AI|Labs|Inc)\.?$", "", vendor).casefold()
    return bool(place) and (not versioned or place["place"].casefold().startswith(own))  # type: ignore[index]


def _is_known(name: str, vendor: str) -> bool:
    """Whether a name is the tool that the vendor is named after, as it is or in a minor version."""
    own, called = vendor.casefold(), name.casefold()
    if not called.startswith(own):
        return False
    version = _VERSION_BEHIND.fullmatch(called, len(own))
    return called == own or (version is not None and not names.is_major(version["numbers"]))


def _by_name(entry: Entry, title: str, vendor: str | None) -> Launch | None:
    """A title that begins with a tool's name and has nothing else, or a tagline, behind it."""
    cut = _HEAD.search(title)
    head = (title[: cut.start()] if cut else title).strip()
    tail = title[cut.end() :].strip() if cut else ""
    if head.lower().startswith(_NO_HEAD) or NUMBERED.search(head) or first_match(OTHERS, head):
        return None
    if vendor and head.startswith(f"{vendor} for ") and 0 < len(head) - len(vendor) - 5 <= 30:
        return judged(entry, "launch", 55, "the title names a tool and whom it is for", name=head, vendor=vendor)
    if _FOR_SOMEBODY.fullmatch(title) and not first_match(ABOUT, title):
        return judged(entry, "launch", 50, "the title names a tool and whom it is for", name=title, vendor=vendor)
    if not (_INTERFACE.match(head) or all(map(names.looks_like_name, _PARTS_OF_NAMES.split(head)))):
        return None
    if vendor and _is_known(head, vendor):
        return judged(entry, "update", UNSURE, "a minor version of a known tool", name=vendor, vendor=vendor)
    told = _first_sentence(entry)
    update = first_match(UPDATES, head) or first_match(UPDATES, told[:100])
    launched = _VERSIONED.match(head) and first_match(LAUNCH_SUMMARIES, told)
    # "We launched Heron 2, with support for ponds" is no update
    sure = launched and launched[0].score >= 75 and update and update[0].score < 90
    if update and update[0].score > _WEAK and not sure:
        return judged(entry, "update", update[0].score, update[0].reason, name=updated(head, vendor), vendor=vendor)
    return _named(entry, head, tail, vendor)


def _named(entry: Entry, head: str, tail: str, vendor: str | None) -> Launch | None:
    """What makes a name at the beginning of a title a launch: its form, its tagline, or what the summary says."""

    def launch(score: int, *reasons: str, name: str = head) -> Launch:
        return judged(entry, "launch", score, *reasons, name=name, vendor=vendor)

    summary = _told_by(entry)
    if summary.startswith(f"{head} is ") and _IS_WHAT.match(summary, len(head)):
        return launch(60, "the summary says what the named tool is")
    interface = bool(_INTERFACE.match(head))
    versioned = bool(_VERSIONED.match(head) or _LETTERED.fullmatch(head))
    about = first_match(ABOUT, tail)
    changed = (_BETTER.match(tail) or _LISTED.search(tail)) and not versioned
    if (
        changed
        or first_match(UPDATES, tail)
        or first_match(NO_TOOL, tail)
        or (about and about[0].score > (_WEAK if versioned else 0))
    ):
        return None
    if len(head) > 3 and (versioned or interface):
        name = head if interface else _PARTS_OF_NAMES.split(head)[0]
        return launch(65, "the title is a name with a version", name=name)
    if tail and names.is_coined(head):
        return launch(55, "the title is a coined name with a tagline")
    described = any(
        _DESCRIBES.match(words) and TOOL_NOUN.search(words) and len(words) <= _TAGLINE and not _LISTED.search(words)
        for words in (tail, summary)
    )
    if (described or IMPERATIVE.match(tail)) and len(head.split()) <= 3:
        return launch(55, "the title is a name and says what the tool is")
    said = first_match(LAUNCH_SUMMARIES, summary)
    if said and not tail and ("name" not in said[1].groupdict() or head.casefold() in said[1]["name"].casefold()):
        return launch(said[0].score, "the title is a name", said[0].reason)
    if not tail and len(head.split()) <= 2 and re.fullmatch(r".{1,80}[.!]", summary):
        return launch(45, "the title is a short name, with a tagline")
    return None


def _by_summary(entry: Entry, vendor: str | None) -> Launch | None:
    """What only the summary tells, in one of its first two sentences."""
    for sentence in _SENTENCE_ENDS.split(_told_by(entry))[:2]:
        if EARLIER.search(sentence):
            continue
        said = first_match(LAUNCH_SUMMARIES, sentence)
        if said and "name" in said[1].groupdict() and _is_by(said[1], vendor):
            name = names.without_tail(said[1]["name"])
            ends = said[1].start("name") + len(name)
            claim = sentence[: ends + 30]  # what comes later describes the tool
            elsewhere = PLACE.match(sentence[ends:].lstrip()) and not _EARLY.search(said[1][0])
            about = first_match(UPDATES, claim) or other_subject(claim, claim) or first_match(NO_TOOL, sentence)
            if elsewhere or about:
                continue
            name = name if names.is_sold_with_version(name) else names.without_version(name)
            if names.looks_like_name(name) and not (vendor and _is_known(name, vendor)):
                return judged(entry, "launch", said[0].score - 5, said[0].reason, name=name, vendor=vendor)
        update = first_match(UPDATES, sentence)
        if update and vendor and sentence.startswith(vendor):
            return judged(entry, "update", UNSURE, update[0].reason, name=vendor, vendor=vendor)
    return None


def _is_by(found: re.Match[str], vendor: str | None) -> bool:
    """Whether it is the vendor that is said to have launched something, where somebody is said to."""
    subject = found.groupdict().get("subject")
    return subject is None or (vendor is not None and subject.casefold().startswith(vendor.split()[0].casefold()))


def _told_by(entry: Entry) -> str:
    """The beginning of a summary, empty where it only repeats the title."""
    repeats = entry.summary.startswith(entry.title) and len(entry.summary) < len(entry.title) + 10
    return "" if repeats else _plain(entry.summary[:300])


def _first_sentence(entry: Entry) -> str:
    return _SENTENCE_ENDS.split(_told_by(entry), maxsplit=1)[0]


def _plain(text: str) -> str:
    """A text with hyphens that break and hyphens that do not as one."""
    return text.replace("\u2011", "-")
