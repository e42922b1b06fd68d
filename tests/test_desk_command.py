"""`digest tools`, as an editor uses it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from conftest import BEFORE_SENDING, WEEK, CommandLine, Ran, tree

from digest.issues.folder import issue_folder, read_tools, write_tools
from digest.jobs.tip import name_in
from digest.model.noun import slug_of
from digest.model.tool import Sighting, Tool

Tools = Callable[..., Ran]
DAY = datetime(2026, 11, 12, 9, tzinfo=UTC)


def tool(slug: str, *, score: int = 80, source: str = "Launch Pad", **facts: str) -> Tool:
    name = facts.get("name", slug.replace("-", " ").title())
    sighting = Sighting(source=source, title=name, link=f"https://{slug}.example/", published=DAY)
    return Tool(**{"slug": slug, "name": name, "score": score, "homepage": sighting.link, "shipped_at": DAY,
                   "sightings": (sighting,), **facts})  # fmt: skip


@pytest.fixture
def tools(publication: Path, digest_here: CommandLine) -> Tools:
    """`digest tools …` in a publication with five tools for 2026-W47, one of them with a verdict, and one for W48."""
    write_tools(
        issue_folder(publication, WEEK),
        [
            tool("egret"),
            tool("grebe", score=20),
            tool("heron"),
            tool("heron-db", source="Show HN", name="Heron DB"),
            tool("tidepool", category="data"),
        ],
    )
    write_tools(issue_folder(publication, "2026-W48"), [tool("ibis")])

    def run(*arguments: str) -> Ran:
        return digest_here("--now", BEFORE_SENDING, "tools", *arguments, folder=publication)

    return run


def listed(ran: Ran) -> list[tuple[str, str]]:
    assert ran.returncode == 0, ran.said
    return [(one["slug"], one["desk"]) for one in ran.json["tools"]]


def desk(publication: Path, issue: str = WEEK) -> str:
    return issue_folder(publication, issue).desk.read_text(encoding="utf-8")


def test_the_list_names_slugs_sources_scores_and_what_was_decided(tools: Tools) -> None:
    tools("accept", "grebe")
    tools("ignore", "egret")

    assert listed(tools("list", "--json")) == [
        ("grebe", "accepted"), ("heron", ""), ("heron-db", ""), ("tidepool", ""),
    ]  # fmt: skip
    assert listed(tools("list", "--all", "--json"))[-1] == ("egret", "ignored")
    assert listed(tools("list", "--waiting", "--json")) == [("grebe", "accepted"), ("heron", ""), ("heron-db", "")]
    said = tools("list").stdout.splitlines()
    assert said[1] == "2026-W47 · 4 tools; 3 wait for a verdict"
    assert said[4].split() == ["grebe", "Grebe", "uncategorised", "20", "accepted", "2026-11-12", "waits", "Launch", "Pad"]  # fmt: skip  # noqa: E501


def test_every_decision_is_a_line_with_who_when_and_why(tools: Tools, publication: Path) -> None:
    assert tools("accept", "grebe", "egret", "--by", "Ann <ann@example.com>").stdout == (
        "grebe is accepted in 2026-W47\negret is accepted in 2026-W47\n"
    )
    assert tools("ignore", "ibis", "--by", "Ann", "--why", "a\nbird").stdout == "ibis is ignored in 2026-W48\n"
    assert tools("merge", "heron-db", "heron", "--by", "Ann").stdout == "heron-db is merged into heron in 2026-W47\n"
    assert tools("rename", "heron", "Heron: the DB", "--by", "Ann").stdout == (
        'heron is called "Heron: the DB" in 2026-W47\n'
    )
    assert tools("category", "heron", "data", "--by", "Ann").stdout == "heron is on the shelf data in 2026-W47\n"

    at = 'at: "2026-11-19T12:00:00+01:00"'
    assert desk(publication).splitlines() == [
        f'- {{decision: accept, tool: grebe, by: "Ann <ann@example.com>", {at}}}',
        f'- {{decision: accept, tool: egret, by: "Ann <ann@example.com>", {at}}}',
        f'- {{decision: merge, tool: heron-db, into: heron, by: "Ann", {at}}}',
        f'- {{decision: rename, tool: heron, name: "Heron: the DB", by: "Ann", {at}}}',
        f'- {{decision: category, tool: heron, category: "data", by: "Ann", {at}}}',
    ]
    assert desk(publication, "2026-W48") == f'- {{decision: ignore, tool: ibis, by: "Ann", {at}, why: "a bird"}}\n'


def test_taking_a_line_out_undoes_it(tools: Tools, publication: Path) -> None:
    before = tools("list", "--json").stdout
    tools("ignore", "egret")
    issue_folder(publication, WEEK).desk.write_text("", encoding="utf-8")
    assert tools("list", "--json").stdout == before


def test_one_tool_is_shown_with_what_was_decided_and_what_may_be_the_same(tools: Tools) -> None:
    assert [one["slug"] for one in tools("show", "heron", "--json").json["possible_merges"]] == ["heron-db"]
    assert "`digest tools merge heron-db heron`" in tools("show", "heron").stdout

    tools("merge", "heron-db", "heron", "--by", "Ann", "--why", "the same page")
    shown = tools("show", "heron-db", "--json").json
    assert (shown["slug"], shown["merged"], shown["possible_merges"]) == ("heron", ["heron-db"], [])
    assert [one["decision"] for one in shown["decisions"]] == ["merge"]
    assert "heron-db merged into heron by Ann on 2026-11-19: the same page" in tools("show", "heron").stdout


def test_what_is_said_about_a_merged_tool_goes_to_the_one_that_it_is_part_of(tools: Tools) -> None:
    tools("merge", "heron-db", "heron")
    assert tools("accept", "heron-db").stdout == "heron is accepted in 2026-W47 (heron-db is merged into it)\n"
    assert listed(tools("list", "--json"))[0] == ("heron", "accepted")


def test_what_is_no_news_is_not_written(tools: Tools, publication: Path) -> None:
    tools("accept", "egret")
    before = desk(publication)
    assert tools("accept", "egret").stdout == "egret is already accepted in 2026-W47\n"
    assert desk(publication) == before


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("accept", "egrett"), 'no tool is called "egrett"; did you mean egret?'),
        (("accept", "zzzzzz"), 'no tool is called "zzzzzz"; `digest tools list` lists them'),
        (("accept", "Not a slug"), '"Not a slug" is no slug; `digest tools list` lists them'),
        (("accept", "ibis", "--week", WEEK), 'no tool of 2026-W47 is called "ibis"; it belongs to 2026-W48'),
        (("accept", "heron", "--week", "x"), '"x" must be a week such as 2026-W47'),
        (("merge", "heron", "heron"), "heron cannot be merged into itself; name two tools"),
        (("merge", "heron", "egrt"), 'no tool is called "egrt"; did you mean egret?'),
        (("merge", "heron", "ibis", "--week", WEEK), "without --week, the tools of two open issues can be merged too"),
        (("separate", "heron", "heron"), "heron is one tool; name two"),
        (("separate", "heron", "egrt"), 'no tool is called "egrt"; did you mean egret?'),
        (("category", "heron", "dta"), 'no category is called "dta"; did you mean data?'),
        (("show", "herno"), 'no tool is called "herno"; did you mean heron?'),
        (("add", "heron.example"), '"heron.example" is no address of the web; begin it with https://'),
        (("add", "javascript:alert(1)"), "is no address of the web"),
        (("add", "https://x.example", "--category", "dta"), 'no category is called "dta"; did you mean data?'),
    ],
)
def test_a_mistake_is_one_line_and_changes_nothing(
    tools: Tools, publication: Path, arguments: tuple[str, ...], said: str
) -> None:
    before = tree(publication)
    assert said in tools(*arguments).refusal(2)
    assert tree(publication) == before


def test_of_several_tools_one_mistake_decides_nothing(tools: Tools, publication: Path) -> None:
    before = tree(publication)
    tools("accept", "egret", "grebe", "herno").refusal(2)
    assert tree(publication) == before


def test_a_circle_is_refused_before_it_is_written(tools: Tools, publication: Path) -> None:
    tools("merge", "heron-db", "heron")
    before = tree(publication)
    assert "heron-db is merged into heron already; take that line out of" in tools("merge", "heron", "heron-db").refusal(2)  # fmt: skip  # noqa: E501
    assert tree(publication) == before


def test_a_broken_desk_stops_the_build_with_every_mistake(
    tools: Tools, publication: Path, digest_here: CommandLine
) -> None:
    path = issue_folder(publication, WEEK).desk
    path.write_text("- {decision: accept, tool: egert}\n- {decision: hide, tool: heron}\n", encoding="utf-8")
    ran = digest_here("--now", BEFORE_SENDING, "build", folder=publication)
    assert ran.returncode == 2
    lines = ran.stderr.removeprefix("digest: ").splitlines()
    assert [line.removeprefix(f"{path}:").split()[0] for line in lines] == ["1:22:", "2:4:"]


def test_two_tools_that_are_called_separate_are_not_offered_as_one_again(tools: Tools, publication: Path) -> None:
    assert "`digest tools separate heron-db heron`" in tools("show", "heron").stdout
    said = tools("separate", "heron-db", "heron", "--by", "Ann", "--why", "another maker").stdout
    assert said == "heron-db is another tool than heron in 2026-W47\n"
    at = 'at: "2026-11-19T12:00:00+01:00"'
    assert desk(publication) == (
        f'- {{decision: separate, tool: heron-db, other: heron, by: "Ann", {at}, why: "another maker"}}\n'
    )
    assert tools("show", "heron", "--json").json["possible_merges"] == []
    assert tools("show", "heron-db", "--json").json["possible_merges"] == []
    again = tools("separate", "heron", "heron-db").stdout
    assert again == "heron is already another tool than heron-db in 2026-W47\n"

    # taking the line out asks again
    issue_folder(publication, WEEK).desk.unlink()
    assert [one["slug"] for one in tools("show", "heron", "--json").json["possible_merges"]] == ["heron-db"]


def test_calling_merged_tools_separate_takes_the_merge_back(tools: Tools) -> None:
    tools("merge", "heron-db", "heron")
    assert tools("separate", "heron", "heron-db").stdout == "heron-db is another tool than heron in 2026-W47\n"
    assert {"heron", "heron-db"} <= {slug for slug, _ in listed(tools("list", "--json"))}


def test_a_tool_is_merged_into_one_of_another_open_issue(tools: Tools, publication: Path) -> None:
    tools("category", "ibis", "data")
    said = tools("merge", "ibis", "egret", "--by", "Ann").stdout
    assert said == "ibis is merged into egret in 2026-W47; it belonged to 2026-W48\n"
    assert read_tools(issue_folder(publication, "2026-W48")) == ()
    assert not issue_folder(publication, "2026-W48").desk.exists()
    shown = tools("show", "ibis", "--json").json
    assert (shown["slug"], shown["issue"], shown["merged"]) == ("egret", WEEK, ["ibis"])
    assert len(shown["sightings"]) == 2
    assert [one["decision"] for one in shown["decisions"]] == ["category", "merge"]


# --- tips ----------------------------------------------------------------------------------------------------------


def test_a_tip_becomes_a_tool_without_a_word_to_the_network(tools: Tools, publication: Path) -> None:
    ran = tools(
        "add", "https://stork.example/?utm_source=mail", "--name", "Stork", "--tagline", "Carries what you give it",
        "--category", "data", "--by", "Ann <ann@example.com>",
    )  # fmt: skip
    assert ran.stdout == "stork is filed with 2026-W47: Stork, data\n"
    (stork,) = (one for one in read_tools(issue_folder(publication, WEEK)) if one.slug == "stork")
    assert stork == Tool(
        slug="stork", name="Stork", tagline="Carries what you give it", category="data", score=100,
        homepage="https://stork.example/",
        sightings=(Sighting(source="editor: Ann", title="Stork", link="https://stork.example/"),),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("address", "slug", "name"),
    [
        ("https://github.com/brackwater/night-jar/releases", "night-jar", "Night Jar"),
        ("https://www.kingfisher.example", "kingfisher", "Kingfisher"),
        ("https://kingfisher.example/tools/Red_Kite.html", "red-kite", "Red Kite"),
        ("https://kingfisher.example/docs/", "kingfisher", "Kingfisher"),
        ("https://nightjar.example/item/4711", "nightjar", "Nightjar"),
    ],
)
def test_a_tip_without_a_name_gets_it_from_its_address(address: str, slug: str, name: str) -> None:
    assert name_in(address) == name
    assert slug_of(name) == slug


def test_a_tip_about_a_known_tool_is_one_more_sighting_of_it(tools: Tools, publication: Path) -> None:
    for _ in range(2):
        said = tools("add", "https://heron.example/", "--name", "Heron", "--by", "Ann").stdout
        assert said == "heron is known already, in 2026-W47: Heron, uncategorised\n"
    (heron,) = (one for one in read_tools(issue_folder(publication, WEEK)) if one.slug == "heron")
    assert [one.source for one in heron.sightings] == ["Launch Pad", "editor: Ann"]


def test_a_tip_that_looks_like_a_known_tool_is_offered_as_one(tools: Tools) -> None:
    said = tools("add", "https://elsewhere.example/", "--name", "Egret Cloud").stderr
    assert said == (
        "warning: perhaps one tool: egret-cloud and egret (nearly the same name, one without a date); "
        "`digest tools merge egret egret-cloud`, or `digest tools separate egret egret-cloud`\n"
    )


def test_a_tip_about_an_ignored_tool_says_so(tools: Tools) -> None:
    tools("ignore", "heron")
    ran = tools("add", "https://heron.example/", "--name", "Heron")
    assert "heron is ignored; `digest tools accept heron` brings it back" in ran.stderr
    assert "heron" not in [slug for slug, _ in listed(tools("list", "--json"))]


# --- from the desk into the letter ---------------------------------------------------------------------------------


def test_the_letter_follows_the_desk_and_rebuilds_from_its_folder(
    tools: Tools, publication: Path, digest_here: CommandLine
) -> None:
    def digest(*arguments: str) -> Ran:
        return digest_here("--now", BEFORE_SENDING, *arguments, folder=publication)

    tools("accept", "grebe")
    tools("ignore", "egret")
    tools("merge", "heron-db", "heron")
    tools("rename", "heron", "Grey Heron")
    assert digest("build").returncode == 0
    text = issue_folder(publication, WEEK).text.read_text(encoding="utf-8")
    assert "Grey Heron" in text
    assert "Grebe" in text
    assert "Egret" not in text
    assert "Heron DB" not in text
    (publication / "verdicts" / "tidepool.yaml").unlink()
    assert digest("build", "--verify").returncode == 0

    tools("accept", "egret")
    assert "run `digest build`" in digest("approve").refusal(3)


def test_an_approved_issue_keeps_its_tools_until_the_approval_is_withdrawn(
    tools: Tools, publication: Path, digest_here: CommandLine
) -> None:
    for command in ("build", "approve"):
        ran = digest_here("--now", BEFORE_SENDING, command, folder=publication)
        assert ran.returncode == 0, ran.said
    before = tree(publication)
    for arguments in (
        ("ignore", "heron"),
        ("merge", "heron", "egret"),
        ("separate", "heron", "egret"),
        ("add", "https://s.example", "--week", WEEK),
    ):
        said = tools(*arguments).refusal(3)
        assert said.startswith("2026-W47 is approved; nothing is decided about its tools any more")
        assert said.endswith("withdraw the approval with `digest unapprove` first")
    assert "heron is known since 2026-W47, which is approved" in tools("add", "https://heron.example/").refusal(3)
    assert tree(publication) == before

    for pair in (("ibis", "heron"), ("heron", "ibis")):
        said = tools("merge", *pair).refusal(3)
        assert said.startswith("heron belongs to 2026-W47, which is approved; nothing is merged there")
        assert said.endswith("or `digest tools ignore ibis` keeps ibis out of 2026-W48")
    assert tree(publication) == before

    assert tools("add", "https://s.example").stdout.startswith("s is filed with 2026-W48")
    assert digest_here("--now", BEFORE_SENDING, "unapprove", folder=publication).returncode == 0
    assert tools("ignore", "heron").returncode == 0
