"""Check: preflight over the mail that lies in the folder."""

from __future__ import annotations

from typing import NamedTuple

from digest.errors import BrokenInput, Refused
from digest.issues.draft import read_draft
from digest.jobs.build import read_built, rebuilt, templates_of
from digest.jobs.standing import Standing
from digest.model.issue import Email, Finding, Issue
from digest.preflight import preflight
from digest.publication import Publication


class Checked(NamedTuple):
    """What preflight found."""

    issue: Issue
    email: Email
    findings: tuple[Finding, ...]

    @property
    def errors(self) -> tuple[Finding, ...]:
        """The findings that refuse."""
        return tuple(finding for finding in self.findings if finding.severity == "error")

    @property
    def line(self) -> str:
        """The findings, counted."""
        errors, warnings = len(self.errors), len(self.findings) - len(self.errors)
        return f"{_count(errors, 'error')}, {_count(warnings, 'warning')}"


def check(publication: Publication, standing: Standing) -> Checked:
    """Run preflight over the issue as it was built.

    Raises:
        BrokenInput: Nothing was built yet, or a file of the issue is broken.
    """
    email = read_built(standing)
    if email is None:
        raise BrokenInput("nothing was built for this issue yet", where=standing.folder.path, cure="run `digest build`")
    issue, again = rebuilt(standing.folder, templates_of(publication))
    findings = list(preflight(email, issue))
    if standing.state == "draft" and (again.html, again.text) != (email.html, email.text):
        findings.insert(
            0,
            Finding(
                check="built",
                severity="error",
                what="the mail in the folder is not what its files make",
                where=str(standing.folder.html),
                cure="run `digest build`",
            ),
        )
    findings += _missing_comparisons(standing, issue)
    return Checked(issue, email, tuple(findings))


def refuse_errors(checked: Checked, doing: str) -> None:
    """Stop where preflight found an error.

    Raises:
        Refused: Names the first error and counts the others.
    """
    if checked.errors:
        first, more = checked.errors[0], len(checked.errors) - 1
        also = f" (and {more} more; `digest check` lists them)" if more else ""
        raise Refused(f"{doing} refused: {first.what}{also}", where=first.where, cure=first.cure)


def _missing_comparisons(standing: Standing, issue: Issue) -> list[Finding]:
    """What an editor planned or pinned must be in the letter."""
    there = {frozenset((pair.a.slug, pair.b.slug)) for pair in issue.comparisons}
    draft = read_draft(standing.folder)[0]
    wanted = [("planned", plan.tools, "a verdict is broken") for plan in draft.comparisons or ()]
    why = "a verdict is broken, or the comparisons in issue.yaml are others"
    wanted += [("pinned", pin, why) for pin in draft.pin if pin not in [tools for _, tools, _ in wanted]]
    return [
        Finding(
            check="comparisons",
            severity="error",
            what=f"{tools[0]} vs {tools[1]} is {wish} and not in the mail: {why}",
            where=str(standing.folder.draft),
            cure="mend the verdict (`digest verdict check`), then run `digest build`",
        )
        for wish, tools, why in wanted
        if frozenset(tools) not in there
    ]


def _count(number: int, noun: str) -> str:
    return f"{number or 'no'} {noun}{'' if number == 1 else 's'}"
