"""Waivers: an editor lets the letter go out with a fault, and says why, in issue.yaml."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Literal, NamedTuple

from digest.files.problems import BrokenFile, nearest
from digest.files.yaml_source import YamlSource
from digest.issues.draft import Draft
from digest.model.issue import Finding
from digest.preflight import CHECKS


class Known(NamedTuple):
    """A check as it is listed.

    Attributes:
        id: By which findings and waivers name it.
        severity: Errors refuse, warnings inform.
        can_be_waived: Whether an editor may let the letter go out with its faults.
        says: What it holds a letter to.
    """

    id: str
    severity: Literal["error", "warning"]
    can_be_waived: bool
    says: str


class Waived(NamedTuple):
    """A finding that was waived, and why."""

    finding: Finding
    reason: str


# What the jobs around preflight find themselves, since it takes the publication's files to see it.
_OF_JOBS = (
    Known("comparisons", "error", False, "What an editor planned, pinned or put first is in the mail so."),
    Known("silent-reviewers", "warning", True, "Every reviewer of the panel has spoken on the letter's tools."),
    Known("few-comparisons", "warning", True, "The letter has as many comparisons as digest.toml wants."),
    Known("waivers", "warning", False, "Every waiver in issue.yaml is still needed."),
)


def known_checks() -> tuple[Known, ...]:
    """Every check that there is, in the order in which findings are told."""
    return (*(Known(one.id, one.severity, one.can_be_waived, one.says) for one in CHECKS), *_OF_JOBS)


def waived(
    draft: Draft, source: YamlSource | None, findings: Sequence[Finding], *, optional: Iterable[str] = ()
) -> tuple[tuple[Finding, ...], tuple[Waived, ...]]:
    """Take out of the findings what issue.yaml waives.

    Args:
        draft: The issue as editors wrote it.
        source: Its file.
        findings: What was found.
        optional: Checks that were not asked this time; waivers of them are not called needless.

    Returns:
        The findings that are left, with a warning for each waiver that nothing needs; and those that are waived.

    Raises:
        BrokenFile: A waiver names no check, or one that protects readers.
    """
    reasons = {waiver.check: waiver.reason for waiver in draft.waive}
    if source is not None:
        _refuse_mistakes(draft, source)
    found = {finding.check for finding in findings} | set(optional)
    left = [finding for finding in findings if finding.check not in reasons]
    for number, waiver in enumerate(draft.waive):
        if waiver.check not in found and source is not None:
            left.append(
                Finding(
                    check="waivers",
                    severity="warning",
                    what=f"{waiver.check} is waived, and finds nothing any more",
                    where=f"issue.yaml:{source.position_of(('waive', number)).line}: waive[{number + 1}]",
                    cure="take the waiver out",
                )
            )
    gone = tuple(Waived(finding, reasons[finding.check]) for finding in findings if finding.check in reasons)
    return tuple(left), gone


def _refuse_mistakes(draft: Draft, source: YamlSource) -> None:
    checks = {check.id: check for check in known_checks()}
    mistakes = []
    seen: set[str] = set()
    for number, waiver in enumerate(draft.waive):
        at = source.position_of(("waive", number, "check"))
        what = ""
        if waiver.check not in checks:
            cure = nearest(waiver.check, checks, "`digest check --list` lists them")
            what = f'no check is called "{waiver.check}"; {cure}'
        elif not checks[waiver.check].can_be_waived:
            what = f"{waiver.check} cannot be waived, since it protects readers; mend what it finds"
        elif waiver.check in seen:
            what = f"{waiver.check} stands there twice; keep one"
        seen.add(waiver.check)
        if what:
            mistakes.append(f"{source.path}:{at.line}:{at.column}: waive[{number + 1}].check: {what}")
    if mistakes:
        raise BrokenFile(source.path, mistakes)
