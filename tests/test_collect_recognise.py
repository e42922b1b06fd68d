"""Does an entry announce a newly shipped tool, and which one."""

from __future__ import annotations

import json
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from digest.collect.recognise import recognise
from digest.model.tool import Entry, FeedKind, Launch


def judged(
    kind: FeedKind, title: str, *, feed: str = "Maker Blog", link: str | None = None, summary: str = ""
) -> Launch:
    entry = Entry(
        feed="https://feed.example/", feed_title=feed, kind=kind, identity="1", title=title, link=link, summary=summary
    )
    return recognise(entry)


@pytest.mark.parametrize(
    ("title", "tagline", "name", "vendor"),
    [
        ("Heron", "Wades through logs", "Heron", None),
        ("Heron - Wades through logs", "Wades through logs", "Heron", None),
        ("Heron: The Log Copilot - Wades", "Wades", "Heron", None),
        ("Canvas by Heron - Draw", "Draw", "Canvas", "Heron"),
        ("Heron (Beta) - Wades", "Wades", "Heron", None),
        ("Heron 4.0 - Wades", "Wades", "Heron 4.0", None),
    ],
)
def test_every_entry_of_a_launch_site_is_a_launch(title: str, tagline: str, name: str, vendor: str | None) -> None:
    launch = judged("producthunt", title, summary=tagline)
    assert (launch.label, launch.name, launch.vendor) == ("launch", name, vendor)


@pytest.mark.parametrize("title", ["Buy Verified Wallet Accounts", "Buy Google Reviews - Cheap", "Best Casino Slots"])
def test_unless_it_is_spam(title: str) -> None:
    launch = judged("producthunt", title)
    assert launch.label == "other"
    assert launch.reasons[0].startswith("spam: ")


@pytest.mark.parametrize(
    ("title", "link", "name"),
    [
        ("Show HN: Heron – Wades through logs", "https://heron.example/", "Heron"),
        ("Show HN: Heron: wades through logs", None, "Heron"),
        ("Show HN: Heron 1.0, a log tool", None, "Heron 1.0"),
        ("Show HN: Heron, a book catalogue API", None, "Heron"),
        ("Launch HN: Heron (YC W26) – Wades through logs", "https://heron.example/", "Heron"),
        ("Show HN: I built a tiny log reader", "https://github.com/grey/heron", "heron"),
        ("Show HN: Terminal UI for logs", "https://www.getheron.example/", "getheron"),
        ("Show HN: We built a log reader that sleeps (Heron Cloud)", "https://x.example/", "Heron Cloud"),
        ("I built Heron, a log reader", "https://heron.example/", "Heron"),
    ],
)
def test_hacker_news_names_the_tool_in_the_title_or_by_its_address(title: str, link: str | None, name: str) -> None:
    launch = judged("hackernews", title, link=link)
    assert (launch.label, launch.name) == ("launch", name)


@pytest.mark.parametrize(
    "title",
    ["Ask HN: Which log reader?", "Log readers considered harmful", "Show HN: A free textbook on logs", "Why Herons?"],
)
def test_other_talk_on_hacker_news_is_not_a_launch(title: str) -> None:
    assert judged("hackernews", title, link="https://blog.example/x").label == "other"


@pytest.mark.parametrize(
    ("title", "link", "label", "name"),
    [
        ("Heron 2.0", "https://heron.example/blog/two", "launch", "Heron 2.0"),
        ("Heron 2.4", "https://heron.example/blog/v2.4", "update", "Heron"),
        ("Heron Opus 4.7", "https://maker.example/news/heron-opus-4-7", "launch", "Heron Opus 4.7"),
        ("Heron Opus 4.7", "https://maker.example/news/today", "other", None),
        ("Heron 2025 Numbers", "https://heron.example/heron-2025-numbers", "other", None),
        ("Heron: Lesson 1", "https://heron.example/heron-lesson-1", "other", None),
        ("Heron Turns 23", "https://heron.example/heron-turns-23", "other", None),
        ("Heron 1", "https://en.wikipedia.org/wiki/Heron_1", "other", None),
        ("Introducing Heron Cloud", "https://heron.example/cloud", "launch", "Heron Cloud"),
    ],
)
def test_a_named_version_on_hacker_news_is_a_launch_where_it_lives(
    title: str, link: str, label: str, name: str | None
) -> None:
    launch = judged("hackernews", title, link=link)
    assert (launch.label, launch.name) == (label, name)


@pytest.mark.parametrize(
    ("tag", "title", "label"),
    [
        ("v1.0.0", "v1.0.0", "launch"),
        ("v2.0", "2.0", "launch"),
        ("v2.0.0", "Heron 2", "launch"),
        ("v0.1.0", "First release", "launch"),
        ("v1.0.1", "v1.0.1", "update"),
        ("v1.4.0", "v1.4.0", "update"),
        ("v2.0.0-rc.1", "2.0.0-rc.1", "update"),
        ("v1.0.0-beta", "v1.0.0-beta", "update"),
        ("v2026.4.0", "v2026.4.0", "update"),
        ("nightly", "Nightly", "update"),
    ],
)
def test_a_first_or_major_release_is_a_launch(tag: str, title: str, label: str) -> None:
    launch = judged("github-releases", title, link=f"https://github.com/grey/heron/releases/tag/{tag}")
    assert (launch.label, launch.vendor) == (label, "grey")
    assert launch.name in ("heron", "Heron")


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("Introducing Heron", "Heron"),
        ("Introducing Heron: a drawing program that saves plain files", "Heron"),
        ("Introducing the Heron Search API", "Heron Search API"),
        ("Introducing Heron for Teachers", "Heron for Teachers"),
        ("Announcing Heron 12B", "Heron 12B"),
        ("Meet Heron", "Heron"),
        ("Heron is now generally available", "Heron"),
        ("Heron: now in research preview", "Heron"),
        ("Heron is here: logs that read themselves", "Heron"),
        ("Heron, our log planner, opens as a public beta", "Heron"),
        ("Heron 1.0 is out", "Heron 1.0"),
        ("We have open-sourced Heron, the engine inside Egret", "Heron"),
        ("Open-sourcing Heron", "Heron"),
        ("Heron-7B", "Heron-7B"),
        ("Heron 3.5: wading with action", "Heron 3.5"),
        ("Heron Wader 2 brings whole flocks to the pond", "Heron Wader 2"),
        ("Heron 3.7 Grey and Heron Book", "Heron 3.7 Grey"),
        ("HERON v2: A Model That Knows Every Bird", "HERON v2"),
        ("Introducing HERON v2: A Model That Knows Every Bird", "HERON v2"),
        ("Introducing: Heron 2 and Heron CLI.", "Heron 2"),
        ("Introducing the Heron 2 bird model and new counts", "Heron 2"),
        ("Maker Introduces Heron 2.5, the First Model for Birds", "Heron 2.5"),
        ("Maker Is Open-Sourcing Heron", "Heron"),
        ("Introducing Kestrel: The browser that runs in a loop on Maker Workers", "Kestrel"),
        ("Announcing Heron for Government", "Heron for Government"),
        ("Heron GA: it's the water, not the fish", "Heron"),
        ("Heron: a bird skill for compact flocks", "Heron"),
        ("Heron Guarded Nests: get to the pond faster", "Heron Guarded Nests"),
        ("Heron Batch API", "Heron Batch API"),
        ("Heron Song to Text and Text to Song APIs", "Heron Song to Text and Text to Song APIs"),
        ("Maker for the building trade", "Maker for the building trade"),
        ("Open Release of Heron-1", "Heron-1"),
        ("Your flock needs a pond, not a lake — introducing @heron/pond", "@heron/pond"),
        ("Introducing heron-api", "heron-api"),
        ("Introducing Heron Deep Research", "Heron Deep Research"),
        ("Introducing Heron Kit for Ponds", "Heron Kit for Ponds"),
        ("Heron API now available in public beta", "Heron API"),
        ("Maker collaborates with Grebe Web Services to launch Heron Pro", "Heron Pro"),
        ("Heron for Enterprise", "Heron for Enterprise"),
        ("Heron A Wading: Enterprise-grade control of ponds", "Heron A Wading"),
        ("Heron: our new open source framework for counting", "Heron"),
        ("Heron Pond 1.0 Arrives!", "Heron Pond 1.0"),
        ("Heron-V3 正式版发布 2025/12/01", "Heron-V3"),
    ],
)
def test_a_makers_blog_says_it_in_words(title: str, name: str) -> None:
    launch = judged("vendor-blog", title)
    assert (launch.label, launch.name, launch.vendor) == ("launch", name, "Maker")


@pytest.mark.parametrize(
    "title",
    [
        "Heron partners with Egret", "Heron to acquire Egret", "Heron raises $20 million", "How Egret uses Heron",
        "We are hiring a heron keeper", "Heron on the SWE benchmark", "Heron system card", "Meet us at the winter fair",
        "Introducing the Heron Partner Program", "Introducing our new SVP, Grey Heron", "Best practices for herons",
        "Post-mortem: an hour of yesterday", "Why herons wait", "Building herons that last",
        "Heron in 2025: a look back", "Introducing the Heron Health Advisory Board",
        "Maker Launches European Data Center Footprint in Helsinki",
        "Agents Rule of Two: A Practical Approach to Herons",
        "Heron 3: how it learned to skip", "MakerCloud: Expanding to Meet Demand", "Is Heron out?",
        "Egret Powers GREBE One, a Real-Time Operating System for Ponds",
        "AlphaHeron: Five years of wading", "Ponds, the ring-and-perch model, and Egrets",
        "HeronComp: a benchmark for wading agents", "Announcing HeronConf 2025", "Lessons for Teachers",
        "Pond Search API: Better Nets, Wider Ponds", "API 上线水塘缓存 2025/12/01",
    ],
)  # fmt: skip
def test_other_news_of_a_maker_is_not_a_launch(title: str) -> None:
    assert judged("vendor-blog", title).label == "other"


@pytest.mark.parametrize(
    ("kind", "title"),
    [
        ("vendor-blog", "Heron now supports functions"),
        ("vendor-blog", "Heron 1.0.1: three fixes"),
        ("vendor-blog", "Maker 1.36 Release"),
        ("vendor-blog", "Opus is now available in Maker"),
        ("vendor-blog", "Maker is now available as an image for containers"),
        ("vendor-blog", "Introducing folders in Maker Desk"),
        ("vendor-blog", "Introducing Heron on MakerCloud"),
        ("vendor-blog", "Introducing Private Ponds for Maker serverless"),
        ("vendor-blog", "Introducing Maker Pond Caching"),
        ("vendor-blog", "Announcing Maker 1.7: Wide Waters"),
        ("vendor-blog", "Grebe 8B is live on MakerCloud"),
        ("changelog", "Usage can be exported"),
        ("changelog", "Fixed: dates that end today"),
        ("changelog", "Announcing Maker 1.7: Wide Waters"),
    ],
)
def test_news_of_a_known_tool_is_an_update(kind: FeedKind, title: str) -> None:
    assert judged(kind, title, feed="Maker changelog").label == "update"


@pytest.mark.parametrize(
    ("title", "summary"),
    [
        ("Introducing Heron Checks", "Heron Checks give you the ability to count birds inside a pipeline."),
        ("Pond Lights", "Maker now supports lights. They help at night."),
        ("Grebe 3.2 Swift", "Grebe 3.2 Swift models are now available in Maker."),
        ("Grebe 3", "Grebe 3 is now available to run on Maker. It is the next generation."),
        ("Announcing New Maker and Grebe integration", ""),
    ],
)
def test_a_summary_may_say_that_it_is_only_a_part_of_a_known_tool(title: str, summary: str) -> None:
    assert judged("vendor-blog", title, summary=summary).label == "update"


@pytest.mark.parametrize(
    ("title", "summary", "name"),
    [
        ("Heron", "Heron is an open-source framework for counting birds.", "Heron"),
        ("Heron: building a better bird book", "Heron is a small library that names birds.", "Heron"),
        ("Speaking of Herons", "Heron TTS: An open model that sings.", "Heron TTS"),
        ("Wide is the new deep", "Heron Wide 3 delivers the best count of birds.", "Heron Wide 3"),
        ("Large enough", "Today, we are announcing Heron Large 2, the new generation.", "Heron Large 2"),
        ("Count birds anywhere", "Introducing Heron Access for Ponds. Attach it to a pond.", "Heron Access for Ponds"),
        (
            "The flock",
            "We’re introducing Heron 4 Grey and Heron 4 Blue, the first herons of their kind.",
            "Heron 4 Grey",
        ),
        ("Heron Bed", "The new bedding model for birds.", "Heron Bed"),
        ("Heron", "Stands to reason.", "Heron"),
        ("Introducing Heron: it draws", "Heron is our new drawing program.", "Heron"),
        ("HERON: Connecting ponds", "We have trained a tiny net called HERON which finds birds.", "HERON"),
        ("Building with birds", "Maker has announced the general availability of Heron 2, a unified model.", "Heron 2"),
        ("Flocks that last", "The Heron Kit has been released, with a graph of ponds.", "Heron Kit"),
        ("Heron-02", "Released Heron 02, a model with support for wide ponds.", "Heron-02"),
        ("Heron Song API", "Clear voices. Multilingual support.", "Heron Song API"),
        ("Introducing Heron", "We are launching Heron, a native feature flag service.", "Heron"),
    ],
)
def test_a_summary_may_say_what_the_title_does_not(title: str, summary: str, name: str) -> None:
    launch = judged("vendor-blog", title, summary=summary)
    assert (launch.label, launch.name) == ("launch", name)


@pytest.mark.parametrize(
    ("title", "summary"),
    [
        ("Heron first impressions", "Since we introduced Heron to the world last month, we’ve worked with artists."),
        ("Introducing Heron Atlases", "We’ve created heron atlases, a new technique for drawing what herons do."),
        ("Introducing NextHeron", "Maker gives $7M and its tools to the oldest ponds."),
        ("Introducing Maker London", "Maker expands with a new office in London."),
        ("Introducing Heron Labs", "The company formerly known as Egret is now called Heron Labs."),
        ("Automating ponds", "Egret is a new software company for the age of birds."),
        ("Wading at Egret", "Egret has launched Grebe, which counts with our birds."),
    ],
)
def test_a_summary_may_say_that_nothing_was_shipped_by_the_maker(title: str, summary: str) -> None:
    assert judged("vendor-blog", title, summary=summary).label == "other"


def test_a_changelog_may_launch_another_named_tool() -> None:
    launch = judged("changelog", "Heron Pro API is now generally available", feed="Maker changelog")
    assert (launch.label, launch.name) == ("launch", "Heron Pro API")


def test_a_trending_model_is_new_and_a_trending_repository_only_where_its_text_says_so() -> None:
    model = judged("hf-trending", "grey/Heron-7B")
    assert (model.label, model.name, model.vendor) == ("launch", "Heron-7B", "grey")
    link = "https://github.com/grey/heron"
    assert judged("github-trending", "grey/heron", link=link, summary="Reads logs").label == "other"
    assert judged("github-trending", "grey/heron", link=link, summary="Just released! Reads logs").label == "launch"


def test_news_are_a_launch_only_where_they_leave_no_doubt() -> None:
    assert judged("news", "Maker launches Heron").name == "Heron"
    assert judged("news", "Is Heron the future of logs?").label == "other"


def test_every_judgement_gives_its_reasons() -> None:
    assert judged("vendor-blog", "Introducing Heron").reasons == ("the title introduces it",)
    assert judged("vendor-blog", "A quiet week").reasons == ("nothing says that a tool was shipped",)


KINDS: tuple[FeedKind, ...] = (
    "producthunt", "hackernews", "github-releases", "changelog",
    "vendor-blog", "github-trending", "hf-trending", "news",
)  # fmt: skip


@settings(deadline=None)
@given(st.sampled_from(KINDS), st.text(max_size=80), st.text(max_size=80), st.text(max_size=40))
def test_any_entry_can_be_judged(kind: FeedKind, title: str, summary: str, link: str) -> None:
    launch = judged(kind, title, summary=summary, link=link)
    assert 0 <= launch.score <= 100
    assert launch.reasons
    assert (launch.name is not None) == (launch.label == "launch") or launch.label == "update"


def test_ten_thousand_entries_are_judged_in_five_seconds() -> None:
    titles = ["Show HN: Heron – Wades", "Introducing Heron", "How Egret uses Heron to " + "wade " * 40, "A quiet week"]
    begun = time.process_time()
    for at in range(10_000):
        judged(KINDS[at % len(KINDS)], titles[at % 4], summary="Heron is a new reader of logs. " * 60)
    assert time.process_time() - begun < 5


@pytest.mark.parametrize(
    "text", ["Heron A" * 300, "Heron for " * 200, "we are introducing the new " * 80, "A-1 " * 500]
)
def test_no_wording_takes_long_to_judge(text: str) -> None:
    begun = time.process_time()
    for kind in KINDS:
        judged(kind, text[:300], summary=text[:2_000])
        judged(kind, "Heron", summary=text[:2_000])
    assert time.process_time() - begun < 1


def test_the_rules_agree_with_people_about_real_entries(shared_folder: Path) -> None:
    rows = [json.loads(line) for line in (shared_folder / "launches" / "dev.jsonl").read_text().splitlines()]
    pairs = [
        (row, judged(row["kind"], row["title"], feed=row["feed_title"], link=row["link"], summary=row["summary"] or ""))
        for row in rows
    ]
    hits = [(row, launch) for row, launch in pairs if row["label"] == launch.label == "launch"]
    called = sum(launch.label == "launch" for _, launch in pairs)
    launched = sum(row["label"] == "launch" for row in rows)
    named = sum(_letters(launch.name or "") in map(_letters, row["names"]) for row, launch in hits)
    assert len(hits) / called >= 0.9, "precision"
    assert len(hits) / launched >= 0.9, "recall"
    assert named / len(hits) >= 0.9, "names"


def _letters(name: str) -> str:
    return "".join(filter(str.isalnum, name.casefold()))
