"""Build: tools with verdicts → comparisons → issue → mail; and rebuild from the issue's folder alone.

A build has two halves. The first takes what it needs from the publication and freezes it into the folder; the second
makes the mail from the folder. Rebuilding is the second half alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from importlib.metadata import version
from pathlib import Path
from typing import NamedTuple

from digest import __version__
from digest.errors import Refused
from digest.files.text import read_text
from digest.files.writing import write_whole
from digest.files.yaml_source import YamlSource
from digest.issues.compose import composed, other_tools, proposed
from digest.issues.desk_file import read_desk
from digest.issues.difference import kept_fields, renewed_fields
from digest.issues.draft import Draft, Proposal, read_draft, settled, write_draft
from digest.issues.folder import IssueFolder
from digest.issues.inputs import Inputs, read_inputs, write_inputs
from digest.jobs.pair import Pairing, answers_to, comparisons_of, pairing_of
from digest.jobs.past import last_issue, number_of, reread
from digest.jobs.standing import Standing
from digest.jobs.wishes import refuse_mistakes
from digest.model.issue import Category, Comparison, Email, Issue, Sender
from digest.model.tool import Tool
from digest.publication import Publication
from digest.render.email import render_email
from digest.render.templates import Templates

# what turns templates into bytes: another version may make other ones
_PACKAGES = ("mjml", "premailer", "jinja2", "markdown-it-py", "nh3")


class Built(NamedTuple):
    """An issue as it was built.

    Attributes:
        warnings: Broken verdicts, and comparisons that had to be left out for them.
        left_out: Planned comparisons that the issue lacks.
        tools: How many tools were collected for it.
        judged: How many of them have a verdict.
        renewed: What became other in issue.yaml, a line each.
        kept: What a person wrote there and the program would write otherwise, a line each.
        changed: The files that this build wrote.
    """

    issue: Issue
    email: Email
    warnings: tuple[str, ...]
    left_out: tuple[str, ...]
    tools: int = 0
    judged: int = 0
    renewed: tuple[str, ...] = ()
    kept: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()


class _Composed(NamedTuple):
    """Everything that a build is about to write."""

    built: Built
    inputs: Inputs
    source: YamlSource | None
    before: Draft
    after: Draft


def build(publication: Publication, standing: Standing) -> Built:
    """Write or refresh the issue's files.

    Raises:
        Refused: The issue is approved or closed; its bytes stay as they are.
        BrokenFile: issue.yaml is broken, or names a tool without a verdict.
        BrokenInput: A template does not work.
    """
    if standing.is_closed:
        cure = "withdraw the approval with `digest unapprove` first" if standing.state == "approved" else ""
        raise Refused(f"{standing.issue} is {standing.state}; nothing is built for it any more", cure=cure)
    made = _compose(publication, standing.folder)
    folder = standing.folder
    # the mail first and what it was made from last: a build that is killed between is seen as not built
    wrote = {
        folder.draft: write_draft(folder, made.source, made.before, made.after),
        folder.html: write_whole(folder.html, made.built.email.html),
        folder.text: write_whole(folder.text, made.built.email.text),
        folder.inputs: write_inputs(folder, made.inputs),
    }
    return made.built._replace(changed=tuple(path.name for path, written in wrote.items() if written))


def as_it_would_be(publication: Publication, standing: Standing) -> Built:
    """What a build would make now, without writing anything."""
    return _compose(publication, standing.folder).built


def rebuilt(folder: IssueFolder, templates: Templates) -> tuple[Issue, Email]:
    """The issue and its mail, made again from the folder alone.

    Raises:
        BrokenInput: The folder holds no build, or a template does not work.
    """
    issue = reread(folder)
    return issue, render_email(issue, templates)


def verify(publication: Publication, standing: Standing) -> None:
    """Make the mail again from the folder alone and compare it with what lies there.

    Raises:
        Refused: It is not the same, byte for byte.
        BrokenInput: The folder holds no build.
    """
    folder = standing.folder
    _, email = rebuilt(folder, templates_of(publication))
    for path, part in ((folder.html, email.html), (folder.text, email.text)):
        if not path.is_file() or path.read_bytes() != part.encode():
            raise Refused(
                "not what its folder makes with these templates and packages",
                where=path,
                cure="compare inputs.json with `digest build`'s",
            )


def templates_of(publication: Publication) -> Templates:
    """The publication's templates: its own before the program's.

    They stay compiled for as long as the process lives: Jinja2 notices a file that changed, and one that came or went
    makes them anew.
    """
    folder = publication.folder / "templates"
    return _templates(folder, frozenset(folder.rglob("*")))


@lru_cache(maxsize=4)
def _templates(folder: Path, _files: frozenset[Path]) -> Templates:
    return Templates(folder)


def read_built(standing: Standing) -> Email | None:
    """The mail that lies in the folder, with the words around it that its build froze; None before the first build."""
    folder = standing.folder
    inputs = read_inputs(folder)
    if inputs is None or not folder.html.is_file() or not folder.text.is_file():
        return None
    draft = settled(read_draft(folder)[0], None, inputs.proposal)
    words = Email(subject=draft.subject or "", preheader=draft.preheader or "", sender=inputs.sender, html="", text="")
    # the parts exactly as they lie there: the noun would trim them, and a hash of trimmed bytes is another hash
    return words.model_copy(update={"html": read_text(folder.html), "text": read_text(folder.text)})


def _compose(publication: Publication, folder: IssueFolder) -> _Composed:
    desk = read_desk(folder, publication.category_ids)
    tools = desk.tools
    draft, source = read_draft(folder)
    last = read_inputs(folder)
    pairing = pairing_of(publication, folder, tools, draft)
    others = _others(publication, tools, pairing, draft)
    proposal = proposed(pairing.comparisons, len(others), pairing.single)
    after = settled(draft, last.proposal if last else None, proposal)
    refuse_mistakes(after, pairing, {tool.slug for tool in desk.collected}, source)
    planned = after.comparisons or ()
    panel = publication.settings.panel
    answers = answers_to(planned, pairing.verdicts, panel.quorum, panel.reviewers)
    comparisons, left_out = comparisons_of(planned, pairing.verdicts, pairing.reasons, answers)
    templates = templates_of(publication)
    frozen = _frozen(publication, folder, pairing, comparisons, answers, templates, proposal)
    looking_back, unread = last_issue(publication, folder.id)
    inputs = frozen.model_copy(update={"left_out": left_out, "last": looking_back})
    issue = composed(after, comparisons, tools, inputs)
    left = tuple(f"comparison left out: {pair}: its verdict is broken" for pair in left_out)
    warnings = (*pairing.broken, *left, *filter(None, (unread,)))
    built = Built(
        issue=issue,
        email=render_email(issue, templates),
        warnings=warnings,
        left_out=left_out,
        tools=len(tools),
        judged=len(pairing.matches),
        renewed=renewed_fields(draft, after, pairing.names),
        kept=kept_fields(after, proposal, pairing.names),
    )
    return _Composed(built, inputs, source, draft, after)


def _others(publication: Publication, tools: Sequence[Tool], pairing: Pairing, draft: Draft) -> tuple[Tool, ...]:
    compared = {slug for pair in pairing.comparisons for slug in (pair.a.slug, pair.b.slug)}
    return other_tools(
        tools,
        matches=pairing.matches,
        compared=compared | ({pairing.single.slug} if pairing.single else set()),
        hold=draft.hold,
        at_most=publication.settings.issue.also_shipped,
    )


def _frozen(
    publication: Publication,
    folder: IssueFolder,
    pairing: Pairing,
    comparisons: Sequence[Comparison],
    answers: dict[str, str],
    templates: Templates,
    proposal: Proposal,
) -> Inputs:
    settings = publication.settings
    used = {verdict.slug: verdict for pair in comparisons for verdict in (pair.a, pair.b)}
    single = None if comparisons else pairing.single
    if single:
        used[single.slug] = single
    return Inputs(
        issue=folder.id,
        date=publication.schedule.send_date(folder.id),
        number=number_of(publication, folder.id),
        publication=settings.name,
        language=settings.language,
        base_url=publication.base_url,
        sender=Sender.model_validate(settings.sender.model_dump()),
        panel=settings.panel.reviewers,
        quorum=settings.panel.quorum,
        categories=tuple(Category.model_validate(category.model_dump()) for category in settings.categories),
        theme=settings.theme,
        also_shipped=settings.issue.also_shipped,
        verdicts=tuple(used[slug] for slug in sorted(used)),
        single=single.slug if single else None,
        matches=pairing.matches,
        reasons={pair.slug: pair.reason for pair in comparisons if pair.reason},
        answers=answers,
        proposal=proposal,
        templates=templates.hashes(),
        versions={"digest": __version__, **{name: version(name) for name in _PACKAGES}},
    )
