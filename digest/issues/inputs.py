"""What a build took from elsewhere, frozen into the issue's folder, so that it rebuilds from that folder alone."""

from __future__ import annotations

import json
from typing import Any

from digest.files.problems import BrokenFile, Position, validated
from digest.files.text import read_text
from digest.files.writing import write_whole
from digest.issues.draft import Proposal
from digest.issues.folder import IssueFolder
from digest.model.issue import Masthead
from digest.model.verdict import Verdict


class Inputs(Masthead):
    """inputs.json.

    Attributes:
        also_shipped: How many of the other tools are listed, at most.
        verdicts: Those that the comparisons use, or the single one.
        single: The slug of the verdict that stands in for a comparison where there is none.
        matches: Verdict slugs by tool slug, of this issue's tools.
        reasons: Why two tools meet, by `<slug>-vs-<slug>`.
        answers: The program's bottom lines, by the same.
        proposal: What the program last proposed for issue.yaml; what differs from it there is a person's.
        left_out: Planned comparisons that this build lacks, since a verdict was broken.
        templates: The SHA-256 of each template, by name.
        versions: Of the packages that turn templates into mail.
    """

    issue: str
    also_shipped: int
    verdicts: tuple[Verdict, ...]
    single: str | None = None
    matches: dict[str, str]
    reasons: dict[str, str]
    answers: dict[str, str]
    proposal: Proposal
    left_out: tuple[str, ...] = ()
    templates: dict[str, str]
    versions: dict[str, str]

    def verdict(self, slug: str) -> Verdict | None:
        """A frozen verdict by its slug."""
        return next((verdict for verdict in self.verdicts if verdict.slug == slug), None)


def read_inputs(folder: IssueFolder) -> Inputs | None:
    """The frozen inputs of an issue's last build, or None before the first.

    Raises:
        BrokenFile: Somebody changed the file so that it no longer fits.
    """
    if not folder.inputs.is_file():
        return None
    return validated(Inputs, _parsed(folder), path=folder.inputs, position_of=lambda _: Position(1, 1))


def frozen_pairs(folder: IssueFolder) -> tuple[tuple[str, str], ...] | None:
    """The pairs that an issue's last build compared, or None before the first; ten times as fast as reading it all.

    Raises:
        BrokenFile: Somebody changed the file so that it no longer fits.
    """
    if not folder.inputs.is_file():
        return None
    data = _parsed(folder)
    names = data.get("answers", {}) if isinstance(data, dict) else {}
    pairs = (name.partition("-vs-") for name in names if name not in data.get("left_out", ()))
    return tuple((a, b) for a, _, b in pairs)


def _parsed(folder: IssueFolder) -> Any:
    try:
        return json.loads(read_text(folder.inputs))
    except json.JSONDecodeError as error:
        place = f"{folder.inputs}:{error.lineno}:{error.colno}"
        raise BrokenFile(folder.inputs, [f"{place}: not JSON; take the file away and run `digest build`"]) from None


def write_inputs(folder: IssueFolder, inputs: Inputs) -> bool:
    """Write the frozen inputs; sorted and indented, so that git shows what changed.

    Returns:
        Whether the file changed.
    """
    data = inputs.model_dump(mode="json", exclude_defaults=True)
    # whole, since a later version of the program may have other colours of its own
    data["theme"] = inputs.theme.model_dump(mode="json")
    return write_whole(folder.inputs, json.dumps(data, ensure_ascii=False, indent=1, sort_keys=True) + "\n")
