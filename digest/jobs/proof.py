"""The proof of an issue: its mail, and everything around it that preflight reads."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime

from digest import __version__
from digest.files.text import read_text
from digest.files.yaml_source import YamlSource
from digest.http.client import Limits
from digest.http.presence import Presence
from digest.jobs.homepages import PAUSE_SECONDS, ask_homepages
from digest.jobs.standing import Standing, all_standings
from digest.mail.message import message_of
from digest.model.delivery import Copy
from digest.model.issue import Comparison, Email, Issue
from digest.model.run import Progress
from digest.preflight import Past, Proof, Reply, addresses_to_ask
from digest.publication import Publication

_LIMITS = Limits(total_seconds=10.0)
_PATIENCE = 60  # seconds that SpamAssassin may take; it needs about one


def proof_of(
    publication: Publication,
    standing: Standing,
    email: Email,
    issue: Issue,
    *,
    source: YamlSource | None,
    again: Email | None,
) -> Proof:
    """A proof, with what the publication's files know around it.

    Args:
        publication: The publication.
        standing: The issue.
        email: Its mail as it lies in the folder.
        issue: What it was made from.
        source: issue.yaml.
        again: The mail as its files make it now; None where that is no fault.
    """
    lines = {place: source.position_of(place).line for place in source.spots} if source else {}
    past = _past(publication, standing, issue.comparisons)
    return Proof(email, issue, past, publication.provider != "outbox", lines, again)


def asked(proof: Proof, publication: Publication, progress: Progress, *, pause: float = PAUSE_SECONDS) -> Proof:
    """The same proof with what came of asking for every address that the letter leads to.

    Args:
        proof: The proof.
        publication: Says who asks.
        progress: Told address by address.
        pause: Seconds between two questions to one host.
    """
    client = Presence(f"digest/{__version__} (+{publication.base_url})", limits=_LIMITS)
    # a letter to the outbox may lead to machines of one's own
    found = ask_homepages(client, addresses_to_ask(proof), progress, pause=pause, allow_private=not proof.is_real)
    replies = {
        address: Reply(page.said, page.state == "gone") if page.state in ("gone", "silent") else Reply()
        for address, page in found.items()
    }
    return replace(proof, replies=replies)


def scored(proof: Proof) -> Proof:
    """The same proof with SpamAssassin's score by its own rules; as it is where that is not installed or fails."""
    program = shutil.which("spamassassin")
    if program is None:
        return proof
    copy = Copy(0, "reader@example.org", "a" * 40)
    date = datetime.combine(proof.issue.date, datetime.min.time(), UTC)
    message = message_of(proof.email, copy, base_url=proof.issue.base_url, date=date, identity="preflight")
    try:
        done = subprocess.run(
            [program, "-L", "-x", "--cf=required_score 5"],
            input=message.as_bytes(),
            capture_output=True,
            timeout=_PATIENCE,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return proof
    return replace(proof, spam_points=_points(done.stdout.decode(errors="replace")))


def _points(marked: str) -> float | None:
    """The score in the header that SpamAssassin adds."""
    said = marked.partition("X-Spam-Status:")[2].partition("score=")[2].split(maxsplit=1)
    try:
        return float(said[0])
    except (IndexError, ValueError):
        return None


def _past(publication: Publication, standing: Standing, comparisons: Iterable[Comparison]) -> Past:
    """The letters that went out before, or are about to, the newest first."""
    earlier = sorted(
        (
            one
            for one in all_standings(publication)
            if one.state in ("sent", "approved")
            and (one.moments.send, one.issue) < (standing.moments.send, standing.issue)
        ),
        key=lambda one: (one.moments.send, one.issue),
        reverse=True,
    )
    subjects = {one.issue: subject for one in earlier if (subject := _subject(one))}
    return Past(subjects, dict(_met(earlier, comparisons)))


def _subject(standing: Standing) -> str:
    if standing.sent is not None:
        return standing.sent.subject
    latest = standing.approval.latest
    return (latest.subject if latest else None) or ""


def _met(earlier: Sequence[Standing], comparisons: Iterable[Comparison]) -> Iterator[tuple[frozenset[str], str]]:
    """Pairs that an earlier letter had, with the newest such letter.

    Only the names of the pairs are looked for in what its build froze: to read all of a year's letters would take
    longer than all checks together.
    """
    frozen: Mapping[str, str] = {
        one.issue: read_text(one.folder.inputs) for one in earlier if one.folder.inputs.is_file()
    }
    for pair in comparisons:
        a, b = pair.a.slug, pair.b.slug
        for issue, text in frozen.items():
            if f'"{a}-vs-{b}":' in text or f'"{b}-vs-{a}":' in text:
                yield frozenset((a, b)), issue
                break
