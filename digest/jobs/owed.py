"""What an issue still lacks, and who owes it: which reviewers have not spoken on which tool."""

from __future__ import annotations

from typing import NamedTuple

from digest.issues.desk_file import read_desk_tools
from digest.jobs.judge import verdicts_of
from digest.jobs.standing import Standing
from digest.model.issue import Finding, Issue
from digest.model.tool import Tool
from digest.model.verdict import Reviewer, Verdict
from digest.publication import Publication
from digest.verdicts.match import matches

_NAMED = 3


class Debt(NamedTuple):
    """The tools on which one reviewer has not spoken."""

    reviewer: Reviewer
    tools: tuple[Verdict, ...]


class Owed(NamedTuple):
    """What an issue still lacks.

    Attributes:
        wanted: How many comparisons digest.toml wants at the most.
        debts: The reviewers that owe a review of a tool that has a verdict, in the panel's order.
        waiting: The issue's tools without a verdict, the surest first: everybody owes a review of them.
    """

    wanted: int
    debts: tuple[Debt, ...]
    waiting: tuple[Tool, ...]


def owed(publication: Publication, standing: Standing, issue: Issue) -> Owed:
    """What a draft still lacks; a closed issue lacks nothing any more.

    Args:
        publication: The publication.
        standing: The issue.
        issue: The letter as it was built.
    """
    if standing.is_closed:
        return Owed(0, (), ())
    settings = publication.settings
    verdicts = verdicts_of(publication).verdicts
    tools = read_desk_tools(standing.folder)
    matched = matches(tools, verdicts)
    judged = {slug: verdicts[slug] for slug in matched.values()} | {one.slug: one for one in _in_the_letter(issue)}
    debts = (
        Debt(reviewer, tuple(judged[slug] for slug in sorted(judged) if not judged[slug].review_by(reviewer.id)))
        for reviewer in settings.panel.reviewers
    )
    waiting = [tool for tool in tools if tool.slug not in matched]
    return Owed(
        wanted=settings.issue.comparisons,
        debts=tuple(debt for debt in debts if debt.tools),
        waiting=tuple(sorted(waiting, key=lambda tool: (not tool.accepted, -tool.score, tool.slug))),
    )


def owed_findings(owed: Owed, issue: Issue) -> list[Finding]:
    """What of it readers would notice: silent reviewers of the letter's tools, and fewer comparisons than wanted.

    Args:
        owed: What the issue lacks.
        issue: The letter.
    """
    letter = {verdict.slug for verdict in _in_the_letter(issue)}
    findings = [
        Finding(
            check="silent-reviewers",
            severity="warning",
            what=f"{debt.reviewer.name} has not spoken on {_named([tool.name for tool in silent])}",
            where=", ".join(f"verdicts/{tool.slug}.yaml" for tool in silent[:_NAMED]),
            cure="write the review, or let the letter say so",
        )
        for debt in owed.debts
        if (silent := [tool for tool in debt.tools if tool.slug in letter])
    ]
    count = len(issue.comparisons)
    if count < owed.wanted and (owed.waiting or owed.debts):
        findings.append(
            Finding(
                check="few-comparisons",
                severity="warning",
                what=f"{count} of {owed.wanted} comparisons: {_lacking(owed)}",
                where="issue.yaml: comparisons",
                cure="write verdicts (`digest verdict new SLUG`), or let it be a short letter",
            )
        )
    return findings


def _lacking(owed: Owed) -> str:
    said = []
    if owed.waiting:
        said.append(f"nobody has spoken on {_named([tool.name for tool in owed.waiting])}")
    said += [f"{debt.reviewer.name} not on {_named([tool.name for tool in debt.tools])}" for debt in owed.debts]
    return "; ".join(said)


def _in_the_letter(issue: Issue) -> list[Verdict]:
    single = [issue.single] if issue.single else []
    return [tool for pair in issue.comparisons for tool in (pair.a, pair.b)] + single


def _named(names: list[str]) -> str:
    """A few names, and how many more there are."""
    more = len(names) - _NAMED
    shown = [*names[:_NAMED], *([f"{more} more"] if more > 0 else [])]
    return " and ".join([", ".join(shown[:-1]), shown[-1]]) if len(shown) > 1 else "".join(shown)
