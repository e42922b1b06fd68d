"""What the panel beside the letter shows: words, pairs, the desk, approval. The checks stand in the page itself."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from digest.errors import DigestError
from digest.issues.desk_file import read_desk
from digest.issues.draft import read_draft
from digest.issues.folder import IssueFolder
from digest.jobs.approve import since_last_approval
from digest.jobs.desk import Listing, listing
from digest.jobs.edit_issue import WORDS
from digest.jobs.owed import Owed
from digest.jobs.standing import Standing
from digest.jobs.versions import version_of
from digest.jobs.wishes import pairing_as_wished
from digest.model.issue import Comparison
from digest.pairing.score import PairScore
from digest.preview.issue_page import IssuePage
from digest.preview.letters import Letter, Letters


class Words(NamedTuple):
    """The words that a person may change.

    Attributes:
        fields: Name to text.
        answers: The comparisons of the letter; their bottom lines by `<slug>-vs-<slug>`, as a person wrote them.
        seen: The version of issue.yaml.
    """

    fields: Mapping[str, str]
    answers: tuple[tuple[Comparison, str], ...]
    seen: str


class Met(NamedTuple):
    """A comparison of the letter, and why its tools meet."""

    comparison: Comparison
    score: PairScore | None
    is_pinned: bool
    leads: bool


class Pairs(NamedTuple):
    """The pairs of the letter and those that could have been."""

    met: tuple[Met, ...]
    runners_up: tuple[PairScore, ...]
    names: Mapping[str, str]
    forbidden: tuple[tuple[str, str], ...]
    held: tuple[str, ...]
    seen: str


class DeskPanel(NamedTuple):
    """The tools of the issue, and who owes what."""

    listing: Listing
    owed: Owed | None
    slugs: tuple[str, ...]


class ApprovePanel(NamedTuple):
    """What an approval would say, and what changed since the last one.

    Attributes:
        changes: What is other than in the last approval, a line each; None where there was none.
        may: Whether there is something to approve now.
        fingerprint: The letter that the page shows.
    """

    standing: Standing
    changes: tuple[str, ...] | None
    may: bool
    fingerprint: str
    needed: int


Panel = Words | Pairs | DeskPanel | ApprovePanel | None
_RUNNERS_UP = 6


def panel_of(letters: Letters, folder: IssueFolder, panel: str, page: IssuePage) -> tuple[Panel, str]:
    """The panel of a name, or the line that says why it cannot be shown.

    Args:
        letters: The publication's letters.
        folder: The issue's folder.
        panel: A name of `PANELS`.
        page: What the page says of the issue.
    """
    letter = page.letter
    try:
        if panel == "words":
            return _words(folder, letter), ""
        if panel == "pairs":
            return _pairs(letters, folder, letter), ""
        if panel == "desk":
            return _desk(letters, folder, letter), ""
        if panel == "approve":
            return _approve(letters, page), ""
    except DigestError as error:
        return None, error.line().replace(f"{letters.publication.folder}/", "")
    return None, ""


def _words(folder: IssueFolder, letter: Letter) -> Words:
    draft = read_draft(folder)[0]
    issue = letter.issue
    fields = {name: str(getattr(issue or draft, name) or "").strip() for name in WORDS}
    theirs = {frozenset(one.tools): one.bottom_line or "" for one in draft.comparisons or ()}
    answers = tuple(
        (one, theirs.get(frozenset((one.a.slug, one.b.slug)), "").strip())
        for one in (issue.comparisons if issue else ())
    )
    return Words(fields, answers, version_of(folder.draft))


def _pairs(letters: Letters, folder: IssueFolder, letter: Letter) -> Pairs:
    pairing, draft = pairing_as_wished(letters.publication, folder)
    pinned = {frozenset(pair) for pair in draft.pin}
    met = tuple(
        Met(
            comparison=one,
            score=pairing.score_of(one),
            is_pinned=frozenset((one.a.slug, one.b.slug)) in pinned,
            leads=frozenset(draft.lead or ()) == {one.a.slug, one.b.slug},
        )
        for one in (letter.issue.comparisons if letter.issue else ())
    )
    shown = {frozenset((one.comparison.a.slug, one.comparison.b.slug)) for one in met}
    others = [score for score in pairing.runners_up if frozenset((score.a, score.b)) not in shown]
    return Pairs(met, tuple(others[:_RUNNERS_UP]), pairing.names, draft.forbid, draft.hold, version_of(folder.draft))


def _desk(letters: Letters, folder: IssueFolder, letter: Letter) -> DeskPanel:
    assert letter.standing is not None
    listed = listing(letters.publication, letter.standing, ignored=True)
    owed = letters.checked(folder).owed if letter.html is not None and not letter.mistakes else None
    slugs = tuple(tool.slug for tool in read_desk(folder).tools)
    return DeskPanel(listed, owed, slugs)


def _approve(letters: Letters, page: IssuePage) -> ApprovePanel:
    letter = page.letter
    if letter.standing is None:
        raise DigestError("where this issue stands cannot be read")
    return ApprovePanel(
        standing=letter.standing,
        changes=_changes(letters, letter),
        may=letter.standing.state == "draft" and letter.email is not None and not letter.mistakes,
        fingerprint=letter.fingerprint,
        needed=letters.publication.settings.approvals,
    )


def _changes(letters: Letters, letter: Letter) -> tuple[str, ...] | None:
    if letter.standing is None or letter.email is None:
        return None
    return since_last_approval(letters.publication, letter.standing, letter.email)
