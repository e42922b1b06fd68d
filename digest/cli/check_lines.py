"""What `digest check` prints: findings, what was waived, what is owed; and the checks that there are."""

from __future__ import annotations

import textwrap
from typing import Any

import click

from digest.cli.call import Call, heading, row
from digest.cli.pair_lines import owed_document, print_owed
from digest.jobs.check import Checked
from digest.jobs.waivers import Known, known_checks
from digest.model.issue import Finding

_COLOURS = {"error": "red", "warning": "yellow"}
_INDENT = " " * 4


def as_document(checked: Checked) -> dict[str, Any]:
    """What was found, for programs."""
    return {
        "findings": [finding.model_dump(mode="json") for finding in checked.findings],
        "waived": [{**one.finding.model_dump(mode="json"), "reason": one.reason} for one in checked.waived],
        "spam_points": checked.spam_points,
        **owed_document(checked.owed),
    }


def print_checked(call: Call, issue: str, checked: Checked) -> None:
    """What was found, for people: errors first, each with its place in the publication and its cure."""
    heading(f"{issue} · {checked.line}")
    for finding in sorted(checked.findings, key=lambda finding: finding.severity != "error"):
        inside = finding.where.replace(f"{call.publication.folder}/", "")
        _print_finding(finding.model_copy(update={"where": inside}))
    for one in checked.waived:
        row("waived", f"{one.finding.check}: {one.finding.what}")
        row("", f"because: {one.reason}")
    if checked.spam_points is not None:
        row(
            "spam",
            f"{round(checked.spam_points, 1) + 0.0} of 5 points by SpamAssassin's own rules, the network left out",
        )
    print_owed(checked.owed)
    click.echo()


def print_checks(call: Call) -> None:
    """Every check: id, severity, what it holds a letter to."""
    checks = known_checks()
    if call.as_json:
        call.print_json([one._asdict() for one in checks])
        return
    heading(f"{len(checks)} checks")
    for one in checks:
        click.echo(f"  {click.style(one.id, bold=True)}  {_graveness(one)}")
        click.echo(textwrap.fill(one.says, 96, initial_indent=_INDENT, subsequent_indent=_INDENT))
    click.echo()


def _print_finding(finding: Finding) -> None:
    label = f"{finding.severity.ljust(8)} {click.style(finding.check, bold=True)}"
    click.echo(f"  {click.style(label, fg=_COLOURS[finding.severity])}")
    for text in (finding.what, finding.where, finding.cure and f"→ {finding.cure}"):
        if text:
            click.echo(
                textwrap.fill(text, 96, initial_indent=_INDENT, subsequent_indent=_INDENT, break_on_hyphens=False)
            )


def _graveness(check: Known) -> str:
    said = check.severity if check.can_be_waived or check.severity == "warning" else "error, cannot be waived"
    return click.style(said, fg=_COLOURS[check.severity])
