"""From launches to tools."""

from __future__ import annotations

import time
import tomllib
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rapidfuzz import fuzz

from digest.collect.identify import identify
from digest.collect.near_names import near_names
from digest.collect.parse import parse_feed
from digest.collect.recognise import recognise
from digest.model.issue import Category
from digest.model.tool import Entry, Feed, FeedKind, Label, Launch, Sighting, Tool

DAY = datetime(2026, 11, 12, 9, tzinfo=UTC)
FEEDS = Path(__file__).resolve().parent.parent / "feeds"
TITLES: dict[FeedKind, str] = {"producthunt": "Launch Pad", "hackernews": "Show HN", "vendor-blog": "Maker Blog"}


def launch(
    name: str,
    *,
    kind: FeedKind = "producthunt",
    source: str | None = None,
    link: str | None = None,
    vendor: str | None = None,
    days: float | None = 0,
    title: str | None = None,
    summary: str = "",
    label: Label = "launch",
) -> Launch:
    feed_title = source or TITLES.get(kind, kind)
    entry = Entry(
        feed=f"https://{kind}.example/feed",
        feed_title=feed_title,
        kind=kind,
        identity=f"{name} {link} {days}",
        title=title or name,
        link=link,
        published=None if days is None else DAY + timedelta(days=days),
        summary=summary,
    )
    return Launch(entry=entry, label=label, name=name, vendor=vendor, score=80, reasons=("said so",))


def tools(*launches: Launch, known: tuple[Tool, ...] = ()) -> tuple[Tool, ...]:
    return identify(launches, known, ()).tools


def slugs(*launches: Launch, known: tuple[Tool, ...] = ()) -> list[str]:
    return [tool.slug for tool in tools(*launches, known=known)]


def test_a_launch_becomes_a_tool() -> None:
    (tool,) = tools(
        launch("Heron", link="https://heron.example/?utm_source=x", vendor="Grey", summary="Wades through logs.")
    )
    assert tool == Tool(
        slug="heron",
        name="Heron",
        vendor="Grey",
        tagline="Wades through logs",
        homepage="https://heron.example/",
        score=80,
        shipped_at=DAY,
        sightings=(Sighting(source="Launch Pad", title="Heron", link="https://heron.example/", published=DAY),),
    )


def test_updates_and_other_entries_make_no_tool() -> None:
    assert slugs(launch("Heron", label="update"), launch("Egret", label="other")) == []


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (
            launch("heron", kind="github-releases", link="https://github.com/Grey/heron/releases/tag/v1.0.0", days=-90),
            launch("A log reader", kind="hackernews", link="https://github.com/grey/Heron"),
        ),
        (
            launch("Heron", link="https://heron.example/?ref=launchpad.example"),
            launch("Wading tool", kind="hackernews", link="http://www.heron.example/#top"),
        ),
        (launch("Heron"), launch("heron", kind="vendor-blog", vendor="Grey", days=6)),
        (launch("Heron 1.0", kind="vendor-blog", vendor="Grey"), launch("Heron", kind="hackernews")),
        (launch("Heron", vendor="Grey"), launch("Heron", kind="vendor-blog", vendor="Grey Labs")),
    ],
    ids=["repository", "page", "name", "name and version", "vendor's longer name"],
)
def test_the_same_tool_is_known_by_repository_page_or_name(one: Launch, other: Launch) -> None:
    (tool,) = tools(one, other)
    assert len(tool.sightings) == 2


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (launch("Heron"), launch("Heron", kind="hackernews", days=8)),
        (launch("Heron", vendor="Grey"), launch("Heron", kind="hackernews", vendor="Blue")),
        (launch("Heron 3"), launch("Heron 4", kind="hackernews")),
        (
            launch("Heron", kind="hackernews", link="https://github.com/grey/heron", vendor="grey"),
            launch("Heron", link="https://github.com/blue/heron", vendor="blue"),
        ),
        (
            launch("Heron", kind="vendor-blog", link="https://docs.example/new", title="Heron"),
            launch("Egret", kind="vendor-blog", link="https://docs.example/new", title="Egret"),
        ),
    ],
    ids=["far apart", "vendors", "versions", "repositories", "a page about many"],
)
def test_what_only_looks_the_same_stays_apart(one: Launch, other: Launch) -> None:
    assert len(tools(one, other)) == 2


def test_nearly_the_same_name_is_offered_and_not_merged() -> None:
    found = identify([launch("Heron Cloud"), launch("Cloud Heron", kind="hackernews")], (), ())
    assert len(found.tools) == 2
    assert found.possible_merges == (("cloud-heron", "heron-cloud", "nearly the same name within seven days"),)


def test_a_tool_without_a_date_is_offered_too() -> None:
    tip = launch("Cloud Heron", kind="hackernews", days=None)
    (pair,) = identify([launch("Heron Cloud"), tip], (), ()).possible_merges
    assert pair == ("cloud-heron", "heron-cloud", "nearly the same name, one without a date")
    known = Tool(slug="heron-cloud", name="Heron Cloud")
    (pair,) = identify([tip], [known], ()).possible_merges
    assert pair == ("cloud-heron", "heron-cloud", "nearly the same name, both without a date")


_WORDS = st.lists(st.sampled_from(["Heron", "heron", "Herons", "Cloud", "AI", "2", "鷺", "H"]), min_size=1, max_size=4)
_NAMES = st.lists(st.one_of(_WORDS.map(" ".join), st.text(max_size=8)), max_size=8)


@settings(deadline=None)
@given(_NAMES, _NAMES)
def test_near_names_are_those_that_comparing_each_with_each_finds(asked: list[str], names: list[str]) -> None:
    def near(one: str, other: str) -> bool:
        return fuzz.token_set_ratio(one.casefold(), other.casefold()) >= 90

    found = [frozenset(pair) for pair in near_names(asked, names)]
    assert set(found) == {frozenset((one, other)) for one in asked for other in names if near(one, other)}
    if set(asked) <= set(names):
        assert len(found) == len(set(found))


def test_two_thousand_launches_become_tools_in_a_second() -> None:
    makers = (None, "Grey", "Blue")
    shipped = [
        launch(
            f"{'Heron Egret Grebe Stork Crane'.split()[at % 5]}{'Cloud Desk Field'.split()[at % 3]} {at % 700}",
            kind=("producthunt", "hackernews", "vendor-blog")[at % 3],
            link=f"https://tool{at % 1_500}.example/?utm_source=feed",
            vendor=makers[at % 3],
            days=at % 14,
            summary="Reads logs and wades through data. " * 5,
        )
        for at in range(2_000)
    ]
    begun = time.process_time()
    found = identify(shipped, (), [Category(id="logs", name="Logs", words=("logs", "data"))])
    assert len(found.tools) > 1_000
    assert time.process_time() - begun < 2  # half of it is for machines that are busy


def egret(**facts: object) -> Tool:
    seen = Sighting(source="Launch Pad", title="Egret", link="https://egret.example/", published=DAY)
    return Tool.model_validate(
        {"slug": "egret", "name": "Egret", "homepage": seen.link, "shipped_at": DAY, "sightings": (seen,), **facts}
    )


@pytest.mark.parametrize(
    ("known", "again"),
    [
        (egret(vendor="Grey"), launch("Egret", vendor="Grey Labs", link="https://elsewhere.example/egret", days=90)),
        (egret(), launch("EGRET", link="https://www.egret.example/again", days=90)),
        (egret(), launch("Egret", link="https://egret.example/", days=90)),
    ],
    ids=["maker", "site", "page"],
)
def test_an_ignored_tool_is_known_again_however_much_later(known: Tool, again: Launch) -> None:
    found = identify([again], [known], (), ignored=["egret"])
    assert [tool.slug for tool in found.tools] == ["egret"]
    assert found.perhaps_ignored == ()


@pytest.mark.parametrize(
    ("again", "reason"),
    [
        (launch("Egret", link="https://elsewhere.example/", days=90), "the same name as a tool that is ignored"),
        (launch("Heron", link="https://egret.example/", days=90), "the same page as a tool that is ignored"),
    ],
)
def test_what_may_be_an_ignored_tool_is_offered(again: Launch, reason: str) -> None:
    found = identify([again], [egret()], (), ignored=["egret"])
    (new,) = found.tools
    assert found.perhaps_ignored == ((new.slug, "egret", reason),)
    assert identify([again], [egret()], ()).perhaps_ignored == ()


def test_another_version_of_an_ignored_tool_is_new() -> None:
    found = identify([launch("Egret 2", vendor="Grey", days=90)], [egret(vendor="Grey")], (), ignored=["egret"])
    assert [tool.slug for tool in found.tools] == ["egret-2"]


def test_different_tools_of_one_name_get_different_slugs() -> None:
    found = slugs(
        launch("Heron", vendor="Grey"), launch("Heron", vendor="Blue", source="B"), launch("Heron", days=30, source="C")
    )
    assert found == ["heron", "heron-2", "heron-blue"] or found == ["heron", "heron-2", "heron-grey"]


KNOWN = Tool(
    slug="heron-logs",
    name="Heron",
    tagline="Ours",
    category="logs",
    shipped_at=DAY,
    sightings=(Sighting(source="Launch Pad", title="Heron", link="https://heron.example/", published=DAY),),
)


def test_a_known_tool_keeps_its_words_and_gets_the_sighting() -> None:
    (tool,) = tools(
        launch("HERON", kind="hackernews", link="https://heron.example", days=-1, summary="Theirs"), known=(KNOWN,)
    )
    assert (tool.slug, tool.name, tool.tagline, tool.category) == ("heron-logs", "Heron", "Ours", "logs")
    assert [sighting.source for sighting in tool.sightings] == ["Show HN", "Launch Pad"]
    assert tool.shipped_at == DAY - timedelta(days=1)


def test_a_known_tool_that_nothing_was_learnt_about_is_not_returned() -> None:
    known = KNOWN.model_copy(update={"homepage": "https://heron.example/", "score": 80})
    assert slugs(launch("Heron", link="https://heron.example/?ref=hn"), known=(known,)) == []


def test_known_tools_never_become_one_but_an_editor_hears_of_it() -> None:
    other = KNOWN.model_copy(update={"slug": "heron-two", "vendor": "Blue"})
    found = identify([launch("Heron", kind="hackernews", link="https://heron.example/")], (KNOWN, other), ())
    assert [tool.slug for tool in found.tools] == ["heron-logs"]
    assert ("heron-logs", "heron-two", "an entry fits both") in found.possible_merges


def test_the_home_is_the_tools_own_place_where_there_is_one() -> None:
    listed = launch("Heron", link="https://producthunt.example/products/heron")
    code = launch("Heron", kind="github-releases", link="https://github.com/grey/heron/releases/tag/v1")
    blog = launch("Heron", kind="vendor-blog", link="https://grey.example/blog/heron")
    assert tools(listed, code, blog)[0].homepage == "https://grey.example/blog/heron"
    assert tools(listed, code, blog)[0].repository == "https://github.com/grey/heron"
    assert tools(listed)[0].homepage == "https://producthunt.example/products/heron"


@pytest.mark.parametrize(
    ("kind", "title", "summary", "tagline"),
    [
        ("producthunt", "Heron", "Wades through logs", "Wades through logs"),
        ("hackernews", "Show HN: Heron – Wades through logs", "We made it.", "Wades through logs"),
        ("vendor-blog", "Introducing Heron", "Heron wades. It also flies.", "Heron wades"),
        ("vendor-blog", "Introducing Heron", "word " * 60, ""),
    ],
)
def test_the_tagline_comes_from_where_it_is_said_best(kind: FeedKind, title: str, summary: str, tagline: str) -> None:
    assert tools(launch("Heron", kind=kind, title=title, summary=summary))[0].tagline == tagline


def test_the_category_is_the_one_whose_words_occur_most() -> None:
    categories = (
        Category(id="art", name="Art", words=("draw",)),
        Category(id="logs", name="Logs", words=("log", "log reader", "trace")),
    )
    heron = launch("Heron", summary="A log reader. Drawing is not a word of it; LOG is")
    plain = launch("Egret", summary="Catalogue of drawers")
    found = {tool.slug: tool.category for tool in identify([heron, plain], (), categories).tools}
    assert found == {"heron": "logs", "egret": "uncategorised"}


NAMES = ["Heron", "heron", "Heron 1.0", "Heron 2", "Egret", "Grey Heron", "鷺"]
LINKS = [None, "https://heron.example/", "https://www.heron.example/?ref=hn", "https://github.com/grey/heron",
         "https://github.com/blue/heron", "https://egret.example/a"]  # fmt: skip
SOME = st.builds(
    launch,
    st.sampled_from(NAMES),
    kind=st.sampled_from(("producthunt", "hackernews", "vendor-blog", "github-releases")),
    link=st.sampled_from(LINKS),
    vendor=st.sampled_from((None, "Grey", "Grey Labs", "Blue")),
    days=st.sampled_from((None, 0, 5, 10, 40)),
    title=st.sampled_from((None, "A title", "Another title")),
    summary=st.sampled_from(("", "Wades.", "Flies away.")),
)


@settings(deadline=None)
@given(st.lists(SOME, max_size=9), st.randoms(use_true_random=False))
def test_the_order_of_feeds_and_entries_changes_nothing(launches: list[Launch], random: object) -> None:
    shuffled = list(launches)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert identify(launches, (), ()) == identify(shuffled, (), ())


@settings(deadline=None)
@given(st.lists(SOME, max_size=9))
def test_identifying_the_same_launches_again_changes_nothing(launches: list[Launch]) -> None:
    found = identify(launches, (), ()).tools
    assert len({tool.slug for tool in found}) == len(found)
    assert identify([*launches, *launches], (), ()).tools == found
    assert identify(launches, found, ()).tools == ()


@settings(deadline=None)
@given(st.lists(SOME, max_size=6), st.lists(SOME, max_size=6), st.randoms(use_true_random=False))
def test_a_second_week_depends_on_no_order_either(first: list[Launch], second: list[Launch], random: object) -> None:
    known = list(identify(first, (), ()).tools)
    found = identify(second, known, ())
    random.shuffle(second)  # type: ignore[attr-defined]
    random.shuffle(known)  # type: ignore[attr-defined]
    assert identify(second, known, ()) == found
    after = {tool.slug: tool for tool in [*known, *found.tools]}
    assert identify(second, list(after.values()), ()).tools == ()


def test_the_recorded_week_gives_one_tool_each() -> None:
    recording = tomllib.loads((FEEDS / "recording.toml").read_text())
    launches = [
        recognise(entry)
        for row in recording["feed"]
        for entry in parse_feed(
            (FEEDS / row["file"]).read_bytes(),
            Feed(url=row["url"], title=row["title"], kind=row["kind"]),
            content_type=row["content_type"],
            now=recording["moment"],
        ).entries
    ]
    found = {tool.slug: tool for tool in tools(*launches)}
    expected = {
        "smolvlm-3b", "perplexity-sonar-pro-2-api", "driftwood", "copperline", "tidepool", "quarry-cloud",
        "inkwell", "framekit", "minutely", "hushnote", "latchkey", "palisade",
    }  # fmt: skip
    assert expected <= set(found)
    assert not [slug for slug in found for wanted in expected if slug.startswith(f"{wanted}-")]
    assert len(found["driftwood"].sightings) == 3
    assert found["driftwood"].repository == "https://github.com/saltmarsh-labs/driftwood"
    assert "buy-verified-wallet-accounts" not in found
