"""An issue as its folder alone says it, and the letters that went before another one."""

from __future__ import annotations

from digest.errors import BrokenInput, DigestError
from digest.issues.compose import composed
from digest.issues.desk_file import read_desk_tools
from digest.issues.draft import read_draft, settled
from digest.issues.folder import IssueFolder
from digest.issues.inputs import read_inputs
from digest.jobs.pair import comparisons_of
from digest.jobs.standing import Standing, all_standings
from digest.model.issue import Issue
from digest.model.past_issue import PastComparison, PastIssue, PastTool
from digest.model.verdict import Verdict, panel_score
from digest.publication import Publication


def reread(folder: IssueFolder) -> Issue:
    """An issue, put together again from its folder alone.

    Raises:
        BrokenInput: The folder holds no build, or one that issue.yaml has left behind.
    """
    inputs = read_inputs(folder)
    draft, source = read_draft(folder)
    if inputs is None or source is None:
        raise BrokenInput("nothing was built for this issue yet", where=folder.path, cure="run `digest build`")
    verdicts = {verdict.slug: verdict for verdict in inputs.verdicts}
    draft = settled(draft, None, inputs.proposal)
    comparisons, left_out = comparisons_of(draft.comparisons or (), verdicts, inputs.reasons, inputs.answers)
    strangers = [pair for pair in left_out if pair not in inputs.left_out]
    if strangers:
        raise BrokenInput(
            f"{strangers[0]} came into issue.yaml after the last build", where=folder.draft, cure="run `digest build`"
        )
    return composed(draft, comparisons, read_desk_tools(folder), inputs)


def number_of(publication: Publication, issue: str) -> int:
    """Which of the publication's letters an issue is: those before it that went out, or are about to, are counted.

    Args:
        publication: The publication; its `first_number` is the number of its first letter here.
        issue: The issue's id.
    """
    gone = [one for one in _before(publication, issue) if one.state in ("sent", "approved")]
    return publication.settings.issue.first_number + len(gone)


def last_issue(publication: Publication, issue: str) -> tuple[PastIssue | None, str]:
    """The newest letter that went out before an issue, as the next one looks back on it.

    Returns:
        The past issue, or None where there is none; and why it cannot be read, or an empty text.
    """
    sent = [one for one in _before(publication, issue) if one.state == "sent"]
    if not sent:
        return None, ""
    try:
        return _looked_back(reread(sent[-1].folder)), ""
    except DigestError as error:
        return None, f"last week's lines left out: {error.line()}"


def _before(publication: Publication, issue: str) -> list[Standing]:
    """The issues before another one, in the order in which they go out."""

    def goes_out(name: str) -> tuple[object, ...]:
        return (publication.schedule.send_date(name), name)

    return sorted(
        (one for one in all_standings(publication) if goes_out(one.issue) < goes_out(issue)),
        key=lambda one: goes_out(one.issue),
    )


def _looked_back(issue: Issue) -> PastIssue | None:
    if not issue.comparisons:
        return None

    def looked_back(tool: Verdict) -> PastTool:
        return PastTool(slug=tool.slug, name=tool.name, score=panel_score(tool.reviews, issue.quorum))

    pairs = tuple(PastComparison(a=looked_back(pair.a), b=looked_back(pair.b)) for pair in issue.comparisons)
    return PastIssue(id=issue.id, date=issue.date, comparisons=pairs)
