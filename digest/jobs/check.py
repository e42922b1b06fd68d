"""Check: preflight over the mail that lies in the folder."""

from __future__ import annotations

from typing import NamedTuple

from digest.errors import BrokenInput, Refused
from digest.issues.draft import read_draft
from digest.jobs.build import Built, read_built, rebuilt, templates_of
from digest.jobs.owed import Owed, owed, owed_findings
from digest.jobs.proof import asked, proof_of, scored
from digest.jobs.standing import Standing
from digest.jobs.waivers import Waived, waived
from digest.model.issue import Email, Finding, Issue
from digest.model.run import Progress
from digest.preflight import findings_of
from digest.publication import Publication

# Checks that only `digest check` asks for: they take a second, or the network.
_ONLINE, _SPAM = ("dead-links", "silent-links"), ("spam-points",)


class Checked(NamedTuple):
    """What preflight found.

    Attributes:
        findings: Without those that are waived.
        owed: What the issue still lacks, and who owes it.
        waived: Findings that an editor let pass, with the reason.
        spam_points: SpamAssassin's score, where it was asked and is installed.
    """

    issue: Issue
    email: Email
    findings: tuple[Finding, ...]
    owed: Owed
    waived: tuple[Waived, ...] = ()
    spam_points: float | None = None

    @property
    def errors(self) -> tuple[Finding, ...]:
        """The findings that refuse."""
        return tuple(finding for finding in self.findings if finding.severity == "error")

    @property
    def line(self) -> str:
        """The findings, counted."""
        errors, warnings = len(self.errors), len(self.findings) - len(self.errors)
        also = f", {len(self.waived)} waived" if self.waived else ""
        return f"{_count(errors, 'error')}, {_count(warnings, 'warning')}{also}"


def check(
    publication: Publication, standing: Standing, *, online: Progress | None = None, spam: bool = False
) -> Checked:
    """Run preflight over the issue as it was built.

    Args:
        publication: The publication.
        standing: The issue.
        online: Ask for every address that the letter leads to, and tell this how far it is; None asks nobody.
        spam: Ask SpamAssassin, where it is installed.

    Raises:
        BrokenInput: Nothing was built yet, a file of the issue is broken, or a waiver names no check.
    """
    email = read_built(standing)
    if email is None:
        raise BrokenInput("nothing was built for this issue yet", where=standing.folder.path, cure="run `digest build`")
    issue, again = rebuilt(standing.folder, templates_of(publication))
    made = again if standing.state == "draft" else None
    return _checked(publication, standing, email, issue, made, online, spam)


def check_unwritten(publication: Publication, standing: Standing, built: Built) -> Checked:
    """Run preflight over a letter as a build would make it now, before it is written.

    Args:
        publication: The publication.
        standing: The issue; it has an issue.yaml.
        built: What the build would make.

    Raises:
        BrokenInput: A file of the issue is broken, or a waiver names no check.
    """
    return _checked(publication, standing, built.email, built.issue, None, None, False)


def _checked(
    publication: Publication,
    standing: Standing,
    email: Email,
    issue: Issue,
    made: Email | None,
    online: Progress | None,
    spam: bool,
) -> Checked:
    draft, source = read_draft(standing.folder)
    proof = proof_of(publication, standing, email, issue, source=source, again=made)
    proof = scored(proof) if spam else proof
    proof = asked(proof, publication, online) if online else proof
    lacking = owed(publication, standing, issue)
    findings = [*findings_of(proof), *_missing_comparisons(standing, issue), *owed_findings(lacking, issue)]
    unasked = (*(() if online else _ONLINE), *(() if proof.spam_points is not None else _SPAM))
    left, gone = waived(draft, source, [_whole(finding, standing) for finding in findings], optional=unasked)
    return Checked(issue, email, left, lacking, gone, proof.spam_points)


def refuse_errors(checked: Checked, doing: str) -> None:
    """Stop where preflight found an error.

    Raises:
        Refused: Names the first error and counts the others.
    """
    if checked.errors:
        first, more = checked.errors[0], len(checked.errors) - 1
        also = f" (and {more} more; `digest check` lists them)" if more else ""
        raise Refused(f"{doing} refused: {first.what}{also}", where=first.where, cure=first.cure)


def _whole(finding: Finding, standing: Standing) -> Finding:
    """A finding whose file is named as it lies on the disk."""
    for path in (standing.folder.draft, standing.folder.html, standing.folder.text):
        if finding.where.startswith(path.name):
            return finding.model_copy(update={"where": f"{path.parent}/{finding.where}"})
    return finding


def _missing_comparisons(standing: Standing, issue: Issue) -> list[Finding]:
    """What an editor planned or pinned must be in the letter."""
    pairs = [frozenset((pair.a.slug, pair.b.slug)) for pair in issue.comparisons]
    draft = read_draft(standing.folder)[0]
    wanted = [("planned", plan.tools, "a verdict is broken") for plan in draft.comparisons or ()]
    why = "a verdict is broken, or the comparisons in issue.yaml are others"
    wanted += [("pinned", pin, why) for pin in draft.pin if pin not in [tools for _, tools, _ in wanted]]
    findings = [
        Finding(
            check="comparisons",
            severity="error",
            what=f"{tools[0]} vs {tools[1]} is {wish} and not in the mail: {why}",
            where=str(standing.folder.draft),
            cure="mend the verdict (`digest verdict check`), then run `digest build`",
        )
        for wish, tools, why in wanted
        if frozenset(tools) not in pairs
    ]
    if draft.lead and frozenset(draft.lead) != next(iter(pairs), None):
        said = " vs ".join(draft.lead)
        findings.append(
            Finding(
                check="comparisons",
                severity="error",
                what=f"{said} is to lead and does not: the comparisons in issue.yaml are others",
                where=str(standing.folder.draft),
                cure="put it first under `comparisons`, or take that field out and run `digest build`",
            )
        )
    return findings


def _count(number: int, noun: str) -> str:
    return f"{number or 'no'} {noun}{'' if number == 1 else 's'}"
