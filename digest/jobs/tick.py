"""One tick of the weekly job: what it was asked for, what it works with, and what it tells."""

from __future__ import annotations

from contextlib import AbstractContextManager
from datetime import datetime
from typing import NamedTuple

from digest.jobs.alert import alert_once
from digest.model.run import Clock, Progress, StageReport
from digest.publication import Publication
from digest.store.database import Database
from digest.store.runs import Run


class Options(NamedTuple):
    """How a run was asked for.

    Attributes:
        offline: Read the recorded feeds, and import the sample readers if there are none.
        approve: Stand in for the person who approves.
        week: Only this issue.
    """

    offline: bool = False
    approve: bool = False
    week: str | None = None


class Tick(NamedTuple):
    """One run and what it works with."""

    publication: Publication
    database: Database
    run: Run
    clock: Clock
    progress: Progress
    options: Options
    stages: list[StageReport]

    def tell(self, stage: str, issue: str, summary: str, *warnings: str) -> None:
        """Put a stage's line into the report."""
        self.stages.append(StageReport(stage=stage, issue=issue, summary=summary, warnings=warnings))

    def stage(self, name: str, issue: str = "") -> AbstractContextManager[list[str]]:
        """Record a stage around its work; what is appended to the list is kept as its detail."""
        return self.run.stage(name, issue)

    def said(self, moment: datetime) -> str:
        """A moment in words, on the publication's clock."""
        return f"{moment.astimezone(self.publication.schedule.zone):%A %-d %B, %H:%M}"

    def alert(self, key: str, text: str) -> None:
        """Say something aloud, once."""
        missed = alert_once(self.publication, self.database, self.clock(), key, text)
        if missed:
            self.tell("alert", "", missed, missed)


class Ended(NamedTuple):
    """How an issue stands at the end of a tick: words and an exit code."""

    outcome: str
    exit_code: int = 0
