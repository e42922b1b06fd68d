"""Take one issue as far as it can go now: pair → build → check → approve → send, or say why it waits."""

from __future__ import annotations

from digest.jobs import approve as decisions
from digest.jobs.build import build
from digest.jobs.check import check, refuse_errors
from digest.jobs.import_readers import import_readers
from digest.jobs.send import edited_since_approval, send
from digest.jobs.standing import Standing
from digest.jobs.tick import Ended, Tick
from digest.model.issue import Issue
from digest.store.ledger import sending_of
from digest.store.readers import active_readers


def advance(tick: Tick, standing: Standing) -> Ended:
    """Take one issue as far as it can go now.

    Args:
        tick: The tick.
        standing: Where the issue stands.

    Returns:
        How it stands then.

    Raises:
        DigestError: A stage failed; the next tick goes on from there.
    """
    now = tick.clock()
    if standing.sent is not None:
        at = tick.said(standing.sent.at)
        return Ended(f"{standing.issue} was sent on {at}: {standing.sent.balance.line}. Nothing is sent twice.")
    if standing.state == "skipped":
        after, _ = decisions.roll_over(tick.publication, standing, now)
        return Ended(f"{standing.issue} is skipped; its tools roll over to {after}.")
    if standing.state == "given up":
        return Ended(f"{standing.issue} was given up; it never goes out.")
    begun = sending_of(tick.database, standing.issue)
    if now >= standing.moments.give_up and begun is None:
        return _give_up(tick, standing)
    if standing.state == "draft" and begun is None:
        if now < standing.moments.draft:
            return Ended(f"The draft of {standing.issue} is due on {tick.said(standing.moments.draft)}.")
        standing, letter = _drafted(tick, standing)
        if standing.state != "approved":
            return _waiting(tick, standing, letter)
    elif begun is None:
        edited = edited_since_approval(tick.publication, standing)
        tick.tell("approved", standing.issue, edited or "the approved version stands", *([edited] if edited else []))
    if begun is None and now < standing.moments.send:
        return Ended(f"{standing.issue} is approved and goes out on {tick.said(standing.moments.send)}.")
    return _sent(tick, standing)


def _drafted(tick: Tick, standing: Standing) -> tuple[Standing, Issue]:
    """Pair, build and check; approve where nobody has to."""
    publication, issue = tick.publication, standing.issue
    with tick.stage("build", issue) as detail:
        built = build(publication, standing)
        pairs = [f"{pair.a.name} vs {pair.b.name}" for pair in built.issue.comparisons]
        detail += pairs
    single = built.issue.single
    leads = f"; {pairs[0]} leads" if pairs else f"; {single.name} stands alone" if single else ""
    count = f"{len(pairs)} comparison{'' if len(pairs) == 1 else 's'}"
    tick.tell("pair", issue, f"{built.tools} tools, {built.judged} with a verdict: {count}{leads}", *built.warnings)
    size = f"{len(built.email.html.encode()) / 1000:.0f} KB of HTML, {len(built.email.text.split())} words"
    tick.tell("build", issue, f"issues/{issue}/email.html, {size}")
    with tick.stage("check", issue) as detail:
        checked = check(publication, standing)
        detail.append(checked.line)
    lines = [f"{finding.what}{f' ({finding.where})' if finding.where else ''}" for finding in checked.findings]
    tick.tell("check", issue, checked.line, *lines)
    # a letter that compares nothing is another one than readers signed up for: whether it goes out, a person decides
    if _stands_in(tick, standing) and not built.issue.is_digest_only:
        refuse_errors(checked, "approval")
        by = decisions.STAND_IN if tick.options.approve else decisions.AUTOMATIC
        with tick.stage("approve", issue) as detail:
            standing = _approved(tick, standing, by)
            detail.append(by)
        tick.tell("approve", issue, f"by `{by}`")
    return standing, built.issue


def _approved(tick: Tick, standing: Standing, by: str) -> Standing:
    """Approve as often as the publication wants people: whoever stands in, stands in for all of them."""
    _import_samples(tick)
    # counted from those who approved already: a run that was killed between two goes on with the second
    for number in range(len(standing.approval.people), tick.publication.settings.approvals):
        name = by if number == 0 else f"{by} ({number + 1})"
        standing, _ = decisions.approve(tick.publication, tick.database, standing, tick.clock(), name)
    return standing


def _import_samples(tick: Tick) -> None:
    """Offline, an empty list is filled with the sample readers, so that there is somebody to write to."""
    sample = tick.publication.recording / "readers.csv"
    if tick.options.offline and sample.is_file() and active_readers(tick.database) == 0:
        report = import_readers(tick.publication, tick.database, sample, tick.clock())
        tick.tell("readers", "", report.line, *report.refused)


def _stands_in(tick: Tick, standing: Standing) -> bool:
    """Whether the machine approves now: when it was told to, or in an automatic publication when it is time to send."""
    automatic = tick.publication.settings.approval == "automatic" and tick.clock() >= standing.moments.send
    return tick.options.approve or automatic


def _waiting(tick: Tick, standing: Standing, letter: Issue) -> Ended:
    """An issue without approval: fine before its time, an alert past it."""
    now, issue = tick.clock(), standing.issue
    have, needed = len(standing.approval.people), tick.publication.settings.approvals
    lacks = f"{issue} waits for approval" + (f" ({have} of {needed})" if have else "")
    if letter.is_digest_only:
        lacks = f"{issue} compares nothing, it only says what shipped, and waits for approval by a person"
    if now >= standing.moments.send:
        until = f"it can still go out until {tick.said(standing.moments.give_up)}"
        text = f"{lacks} past its time: {until}; approve it with `digest approve`."
        tick.alert(f"held/{issue}", text)
        return Ended(text, exit_code=5)
    text = f"{lacks} and goes out on {tick.said(standing.moments.send)}; approve it with `digest approve`."
    if now >= standing.moments.remind:
        tick.alert(f"remind/{issue}", text)
    return Ended(text)


def _give_up(tick: Tick, standing: Standing) -> Ended:
    after, tools = decisions.roll_over(tick.publication, standing, tick.clock())
    text = (
        f"{standing.issue} is given up: it had not gone out by {tick.said(standing.moments.give_up)} and never will. "
        f"Its {tools} tools roll over to {after}."
    )
    tick.alert(f"given-up/{standing.issue}", text)
    # the record last: a run that is killed before it does all of this again, and says nothing twice
    decisions.give_up(tick.publication, standing, tick.clock())
    return Ended(text, exit_code=5)


def _sent(tick: Tick, standing: Standing) -> Ended:
    issue = standing.issue
    _import_samples(tick)
    with tick.stage("send", issue) as detail:
        balance = send(tick.publication, tick.database, standing, tick.clock, progress=tick.progress)
        detail.append(balance.line)
    tick.tell("send", issue, f"{balance.line}, through {tick.publication.provider}")
    if balance.unaccounted:
        text = f"{issue} is incomplete: {balance.unaccounted} deliveries are open; `digest deliveries` lists them."
        tick.alert(f"incomplete/{issue}", text)
        return Ended(text, exit_code=4)
    return Ended(f"{issue} is sent: {balance.line}.")
