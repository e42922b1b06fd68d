"""Check the verdicts: every mistake with its place, and in the good ones what an editor should look at."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import suppress
from datetime import date
from operator import itemgetter
from typing import TYPE_CHECKING, NamedTuple

from digest.errors import BrokenInput
from digest.files.problems import BrokenFile, nearest
from digest.files.yaml_source import read_yaml
from digest.issues.desk_file import read_desk_tools
from digest.jobs.judge import verdicts_of
from digest.jobs.standing import all_standings
from digest.jobs.verdict_schema import is_current
from digest.model.tool import Tool
from digest.model.verdict import Verdict
from digest.publication import Publication
from digest.verdicts.ages import Remark, remarks_on_age
from digest.verdicts.match import NearMatch, matches, near_matches
from digest.verdicts.schema import FILE

if TYPE_CHECKING:
    from digest.jobs.homepages import Homepage

# the homepages to ask → what came of each
Ask = Callable[[Sequence[str]], "Mapping[str, Homepage]"]


class Warned(NamedTuple):
    """Something in a good verdict that an editor should look at."""

    verdict: str
    where: str
    what: str
    cure: str

    @property
    def line(self) -> str:
        """It all in one line."""
        return f"{self.where}: {self.what}; {self.cure}"


class VerdictsChecked(NamedTuple):
    """What a check found.

    Attributes:
        verdicts: The good ones by slug.
        mistakes: A line for each mistake in the others.
        warnings: What is odd in the good ones.
        waiting: The reviewers' ids by the slug of a verdict that has no review yet.
        near: Tools of open issues that may be one of these verdicts'.
    """

    verdicts: dict[str, Verdict]
    mistakes: tuple[str, ...]
    warnings: tuple[Warned, ...]
    waiting: dict[str, tuple[str, ...]]
    near: tuple[NearMatch, ...]


def check_verdicts(
    publication: Publication,
    today: date,
    only: Sequence[str] = (),
    ask: Ask | None = None,
) -> VerdictsChecked:
    """Check all verdicts, or some.

    Args:
        publication: The publication.
        today: The day, in its time zone.
        only: The slugs of those to check; none means all.
        ask: Asks the homepages that it is given; None leaves them alone.

    Raises:
        BrokenInput: One of the slugs has no file.
    """
    _refuse_strangers(publication, only)
    read = verdicts_of(publication, only or None, every_mistake=True)
    panel = publication.settings.panel.reviewers
    homepages = ask([verdict.homepage for verdict in read.verdicts.values()]) if ask else {}
    warnings = [
        warned
        for slug, verdict in read.verdicts.items()
        for warned in _warned(publication, slug, [*remarks_on_age(verdict, today), *_at_home(verdict, homepages)])
    ]
    if not only and any(publication.verdicts.glob("*.yaml")) and not is_current(publication):
        what = "is not the schema of this digest.toml, so editors complete what is out of date"
        warnings.append(Warned("", str(publication.verdicts / FILE), what, "run `digest verdict schema --write`"))
    waiting = {
        slug: tuple(reviewer.id for reviewer in verdict.owed_by(panel))
        for slug, verdict in read.verdicts.items()
        if verdict.is_waiting
    }
    near = _near(publication, read.verdicts, only)
    return VerdictsChecked(read.verdicts, read.broken, tuple(warnings), waiting, near)


def _refuse_strangers(publication: Publication, slugs: Collection[str]) -> None:
    known = [path.stem for path in publication.verdicts.glob("*.yaml")]
    for slug in slugs:
        if slug not in known:
            cure = nearest(slug, known, f"`digest verdict new {slug}` starts one for a collected tool")
            raise BrokenInput(f'no verdict is called "{slug}"', cure=cure)


def _warned(publication: Publication, slug: str, remarks: Sequence[Remark]) -> list[Warned]:
    """Remarks with their places, which are looked for only where there is one."""
    if not remarks:
        return []
    path = publication.verdicts / f"{slug}.yaml"
    source = read_yaml(path)
    places = [(source.position_of(remark.place), remark) for remark in remarks]
    return [
        Warned(slug, f"{path}:{at.line}:{at.column}", remark.what, remark.cure)
        for at, remark in sorted(places, key=itemgetter(0))
    ]


def _at_home(verdict: Verdict, homepages: Mapping[str, Homepage]) -> list[Remark]:
    page = homepages.get(verdict.homepage)
    if page and page.state == "gone":
        what = f"its homepage does not answer any more ({page.said})"
        return [Remark(("homepage",), what, f"look for {verdict.name}'s new address, or say that it is gone")]
    if page and page.state == "moved":
        return [Remark(("homepage",), "its homepage has moved for good", f"change it to {page.said}")]
    return []


def _near(publication: Publication, verdicts: Mapping[str, Verdict], only: Collection[str]) -> tuple[NearMatch, ...]:
    """Tools of open issues that almost match; a broken desk is the build's to report."""
    tools: dict[str, Tool] = {}
    for standing in all_standings(publication):
        if not standing.is_closed:
            with suppress(BrokenFile):
                tools |= {tool.slug: tool for tool in read_desk_tools(standing.folder)}
    every = verdicts if not only else verdicts_of(publication).verdicts
    offers = near_matches(tools.values(), every, matches(tools.values(), every))
    return tuple(offer for offer in offers if not only or offer.verdict in only)
