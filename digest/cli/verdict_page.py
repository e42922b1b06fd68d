"""A verdict as a page on the terminal."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from typing import NamedTuple

from rich.columns import Columns
from rich.console import Console, Group, RenderableType
from rich.markdown import Markdown
from rich.padding import Padding
from rich.rule import Rule
from rich.table import Table
from rich.text import Text
from rich.theme import Theme

from digest.model.verdict import PanelScore, Review, Reviewer, Revision, Verdict, panel_score, score_changes
from digest.render.words import tokens

# beyond this a line is hard to read; from two of them on, reviews stand side by side
_MEASURE = 100
_TWO_COLUMNS = 112
_MARKS = {"ship": ("✓ SHIP", "bold green"), "skip": ("✗ SKIP", "bold red")}


class Setting(NamedTuple):
    """What a verdict is shown against.

    Attributes:
        category: The category's name.
        remarks: What an editor should look at, a line each.
    """

    panel: tuple[Reviewer, ...]
    quorum: int
    category: str
    remarks: tuple[str, ...]


def print_verdict(verdict: Verdict, setting: Setting) -> None:
    """Print a verdict, as wide as the terminal is and reads well."""
    console = Console(highlight=False, emoji=False, markup=False, theme=Theme({"markdown.code": "cyan"}))
    width = min(console.width, 132)
    with console.capture() as page:
        console.print(Padding(Group(*_page(verdict, setting, width - 4)), (1, 2)), width=width)
    # rich fills lines up with spaces, which nobody wants in a file or on the clipboard
    sys.stdout.write("".join(f"{line.rstrip()}\n" for line in page.get().splitlines()))


def _page(verdict: Verdict, setting: Setting, width: int) -> Iterator[RenderableType]:
    measure = min(width, _MEASURE)
    yield Text.assemble((verdict.name, "bold"), "  ", (f"by {verdict.vendor}", "dim"))
    yield Text(verdict.tagline)
    yield Text()
    yield _facts(verdict, setting)
    yield Text()
    yield Padding(_markdown(verdict.description), (0, max(0, width - measure), 0, 0))
    yield Text()
    yield _answers(verdict, measure)
    yield Text()
    yield from _reviews(verdict, setting, width)
    if verdict.history:
        yield from _history(verdict, setting)
    for remark in setting.remarks:
        yield Text.assemble(("! ", "yellow"), remark)


def _facts(verdict: Verdict, setting: Setting) -> Table:
    pricing, score = verdict.pricing, panel_score(verdict.reviews, setting.quorum)
    read_at = Text(f"read on {pricing.checked} at {pricing.source}", style="dim", overflow="fold")
    facts: dict[str, str | Text] = {"Panel": _score(score)}
    facts |= {
        "Category": f"{setting.category}{', an incumbent' if verdict.incumbent else ''}",
        "Licence": verdict.licence,
    }
    facts |= {"Price": f"{pricing.model} · {pricing.entry}", "": read_at, "Homepage": verdict.homepage}
    facts |= {"Source": verdict.repository} if verdict.repository else {}
    facts |= {"Also called": ", ".join(verdict.aliases)} if verdict.aliases else {}
    grid = Table.grid(padding=(0, 2))
    grid.add_column(style="cyan", no_wrap=True)
    grid.add_column(overflow="fold")
    for label, fact in facts.items():
        grid.add_row(label, fact if isinstance(fact, Text) else Text(fact))
    return grid


def _score(score: PanelScore) -> Text:
    if not score.reviews:
        return Text.assemble((score.figure, "bold"), f"  {score.sentence}")
    return Text.assemble((score.figure, "bold"), f"  {score.sentence}; {score.ran_in_words}")


def _answers(verdict: Verdict, measure: int) -> Table:
    grid = Table.grid(padding=(0, 2))
    grid.add_column(no_wrap=True)
    grid.add_column(max_width=measure - 14)
    grid.add_row(Text("Ship it if", style="bold green"), Text(verdict.ship_if))
    grid.add_row(Text("Skip it if", style="bold red"), Text(verdict.skip_if))
    return grid


def _reviews(verdict: Verdict, setting: Setting, width: int) -> Iterator[RenderableType]:
    """The reviews in the panel's order, then who is still to speak."""
    order = [reviewer.id for reviewer in setting.panel]
    reviews = sorted(verdict.reviews, key=lambda review: order.index(review.reviewer))
    names = {reviewer.id: reviewer.name for reviewer in setting.panel}
    if width >= _TWO_COLUMNS:
        half = (width - 4) // 2
        for left in range(0, len(reviews), 2):
            pair = [_review(review, names[review.reviewer], half) for review in reviews[left : left + 2]]
            yield Columns(pair, width=half, padding=(0, 2))
    else:
        yield from (_review(review, names[review.reviewer], min(width, _MEASURE)) for review in reviews)
    owing = verdict.owed_by(setting.panel)
    if owing:
        who = ", ".join(reviewer.name for reviewer in owing)
        yield Text.assemble(("Still to speak  ", "cyan"), who)
        yield Text()


def _review(review: Review, name: str, width: int) -> RenderableType:
    mark, style = _MARKS[review.call]
    title = Text.assemble((name, "bold"), "  ", (mark, style))
    about = Text(f"{review.basis} · {review.by} · {review.date}", style="dim")
    parts: list[RenderableType] = [Rule(title, align="left", style="dim"), about, Text()]
    parts += [Text(review.short, style="bold"), Text(), _markdown(review.quote)]
    if review.disclosure:
        parts += [Text(), Text.assemble(("Disclosure: ", "yellow"), review.disclosure)]
    grid = Table.grid()
    grid.add_column(width=width)
    grid.add_row(Group(*parts, Text()))
    return grid


def _history(verdict: Verdict, setting: Setting) -> Iterator[RenderableType]:
    yield Rule(Text("What it was", style="bold"), align="left", style="dim")
    names = {reviewer.id: reviewer.name for reviewer in setting.panel}
    revisions = sorted(verdict.history, key=lambda revision: revision.date)
    grid = Table.grid(padding=(0, 2))
    grid.add_column(style="cyan", no_wrap=True)
    grid.add_column()
    for change, revision in zip(score_changes(verdict, setting.quorum), revisions, strict=True):
        grid.add_row(str(change.date), Text(change.sentence, style="bold"))
        for line in _old_calls(revision, names):
            grid.add_row("", line)
    yield grid
    yield Text()


def _old_calls(revision: Revision, names: dict[str, str]) -> Iterator[Text]:
    for review in revision.reviews:
        mark, style = _MARKS[review.call]
        who = names.get(review.reviewer, review.reviewer.replace("-", " ").capitalize())
        yield Text.assemble(f"{who} said ", (mark, style), f" on {review.date} ({review.basis}): {review.short}")


def _markdown(text: str) -> Markdown:
    """Words as the letter understands them: rich's own Markdown has headings, images and tables besides."""
    page = Markdown("", hyperlinks=False, inline_code_lexer=None)
    page.parsed = tokens(text)
    return page


def as_document(verdict: Verdict, setting: Setting) -> dict[str, object]:
    """A verdict as JSON has it, with what follows from it."""
    score = panel_score(verdict.reviews, setting.quorum)
    changes = [
        {"date": change.date, "before": change.before.figure, "after": change.after.figure, "why": change.why}
        for change in score_changes(verdict, setting.quorum)
    ]
    said = {"figure": score.figure, "percent": score.percent, "ships": score.ships, "reviews": score.reviews}
    return {
        **verdict.model_dump(mode="json"),
        "panel_score": {**said, "ran": score.ran},
        "score_changes": changes,
        "owed_by": [reviewer.id for reviewer in verdict.owed_by(setting.panel)],
        "remarks": list(setting.remarks),
    }
