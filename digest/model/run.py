"""What a run is told and what it tells: the clock, the progress, and the report at its end."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from digest.model.noun import Noun

Clock = Callable[[], datetime]
# what is being done, how much of it is done, and how much there is
Progress = Callable[[str, int, int], None]


class StageReport(Noun):
    """What one stage did, in a line, and what it had to leave out."""

    stage: str
    issue: str = ""
    summary: str
    warnings: tuple[str, ...] = ()


class RunReport(Noun):
    """What a run of the weekly job did.

    Attributes:
        issue: The issue that the last stages were about, or an empty string.
        outcome: How it stands now, in a sentence.
        exit_code: As docs/command-line.md lists them.
    """

    publication: str
    moment: datetime
    issue: str = ""
    stages: tuple[StageReport, ...] = ()
    outcome: str
    exit_code: int = 0
