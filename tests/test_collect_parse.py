"""From a feed's bytes to entries."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from digest.collect.kinds import guess_kind
from digest.collect.parse import MOST_ENTRIES, NotAFeed, ParsedFeed, parse_feed
from digest.collect.plain_text import plain
from digest.model.tool import Entry, Feed, FeedKind

NOW = datetime(2026, 11, 20, 8, tzinfo=UTC)
URL = "https://maker.example/blog/feed.xml"


def parsed(body: str | bytes, kind: FeedKind | None = "vendor-blog", url: str = URL) -> ParsedFeed:
    document = body.encode() if isinstance(body, str) else body
    return parse_feed(document, Feed(url=url, kind=kind), content_type=None, now=NOW)


def rss(items: str, title: str = "Maker") -> str:
    return f'<?xml version="1.0"?><rss version="2.0"><channel><title>{title}</title>{items}</channel></rss>'


def one(item: str, kind: FeedKind = "vendor-blog", url: str = URL) -> Entry:
    (entry,) = parsed(rss(f"<item>{item}</item>"), kind, url).entries
    return entry


def test_an_rss_item_becomes_an_entry() -> None:
    entry = one(
        "<title>Introducing Heron</title><link>https://maker.example/heron</link><guid>h1</guid>"
        "<pubDate>Thu, 19 Nov 2026 10:00:00 +0100</pubDate><description>&lt;p&gt;A bird.&lt;/p&gt;</description>"
    )
    assert entry == Entry(
        feed=URL,
        feed_title="Maker",
        kind="vendor-blog",
        identity="h1",
        title="Introducing Heron",
        link="https://maker.example/heron",
        published=datetime(2026, 11, 19, 9, tzinfo=UTC),
        summary="A bird.",
    )


def test_an_atom_entry_without_published_takes_updated() -> None:
    (entry,) = parsed(
        '<feed xmlns="http://www.w3.org/2005/Atom"><title>t</title><entry><id>a</id><title>v1.0.0</title>'
        "<updated>2026-11-18T00:00:00Z</updated><content>Long text</content></entry></feed>"
    ).entries
    assert (entry.published, entry.summary) == (datetime(2026, 11, 18, tzinfo=UTC), "Long text")


@pytest.mark.parametrize("version", ["https://jsonfeed.org/version/1", "https://jsonfeed.org/version/1.1"])
def test_a_json_feed_is_read(version: str) -> None:
    item = {
        "id": 7,
        "url": "/x",
        "title": "Heron &amp; Co",
        "content_html": "<p>Hi</p>",
        "date_published": "2026-11-18T01:00:00+01:00",
    }
    feed = parsed(json.dumps({"version": version, "title": "Maker", "items": [item, None, 3, {}]}))
    (entry,) = feed.entries
    assert (entry.identity, entry.title, entry.link, entry.summary) == (
        "7",
        "Heron & Co",
        "https://maker.example/x",
        "Hi",
    )
    assert entry.published == datetime(2026, 11, 18, tzinfo=UTC)
    assert feed.warnings == ("3 of 4 entries say nothing that can be read and were left out",)


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b"", "an empty document"),
        (b" \n", "an empty document"),
        (b"<!doctype html><html><body><p>Hello</p></body></html>", "a web page"),
        (b'{"items": []}', "not a JSON Feed"),
        (b"[1, 2]", "not a JSON Feed"),
        (b"[" * 100_000, "not a JSON Feed"),
        (b'{"version": "https://jsonfeed.org/version/1.1", "items": 3}', "not a JSON Feed"),
        (b"just words", "not a feed"),
        (b"\x89PNG\r\n\x1a\n", "not a feed"),
        (b"/etc/passwd", "not a feed"),
        (b"http://127.0.0.1/", "not a feed"),
    ],
)
def test_what_is_no_feed_is_refused_in_words(body: bytes, words: str) -> None:
    with pytest.raises(NotAFeed) as caught:
        parsed(body)
    assert words in caught.value.line()
    assert URL in caught.value.line()
    assert caught.value.exit_code == 2


def test_a_feed_without_entries_is_a_feed() -> None:
    assert parsed(rss("")).entries == ()


def test_an_entry_that_says_nothing_costs_itself_only() -> None:
    feed = parsed(rss("<item><title>One</title></item><item/><item><title>Two</title></item>"))
    assert [entry.title for entry in feed.entries] == ["One", "Two"]
    assert feed.warnings == ("1 of 3 entries say nothing that can be read and were left out",)


def test_ill_formed_xml_still_gives_its_entries() -> None:
    assert parsed('<rss version="2.0"><channel><item><title>A & B</title></item>').entries[0].title == "A & B"


@pytest.mark.parametrize(
    ("title", "shown"),
    [
        ("Caf&eacute;&nbsp;Heron", "Café Heron"),  # names of HTML, which XML does not know
        ("A &unknown; bird", "A &unknown; bird"),
        ("Heron\x02 flies\x00", "Heron flies"),  # characters that XML does not allow
        ("Heron <b>flies", "Heron flies"),
        ("Heron & Co", "Heron & Co"),
        ("<new:bird>Heron</new:bird>", "Heron"),  # a vocabulary that nobody declared
    ],
)
def test_one_bad_title_costs_no_other_entry(title: str, shown: str) -> None:
    def item(name: str) -> str:
        return f"<item><title>{name}</title><link>https://a.example/{len(name)}</link></item>"

    titles = [entry.title for entry in parsed(rss(item("Before") + item(title) + item("After it"))).entries]
    assert (titles[0], titles[-1]) == ("Before", "After it")
    assert shown in titles or len(titles) == 3


@pytest.mark.parametrize(
    "bad",
    [
        "<item><description>neither id nor link</description></item>",
        "<item><title>No day</title><guid>1</guid><pubDate>the day before yesterday</pubDate></item>",
        "<item><title>Second of its id</title><guid>Good</guid></item>",
        "<item></item>",
    ],
)
def test_an_entry_without_id_or_with_a_bad_date_is_kept_and_costs_no_other(bad: str) -> None:
    good = "<item><title>Good</title><guid>Good</guid><link>https://a.example/</link></item>"
    feed = parsed(rss(good + bad) + "<script>document.write(1)</script>")
    assert feed.entries[0].title == "Good"
    assert len(feed.entries) == (1 if bad == "<item></item>" else 2)


def test_what_nobody_reads_takes_nothing_else_with_it() -> None:
    """Elements that are left out before feedparser sees them, in every place where an entry's words could be."""
    entry = one(
        "<category>birds<![CDATA[ & more ]]></category><author>a@b.example (A)</author><title>He<b/>ron</title>"
        "<media:group xmlns:media='http://search.yahoo.com/mrss/'><media:thumbnail url='t.png'/>"
        "<media:description>A grey bird</media:description></media:group><comments>https://a.example/talk</comments>"
        "<link>https://a.example/heron</link>"
    )
    assert (entry.title, entry.summary, entry.link) == ("Heron", "A grey bird", "https://a.example/heron")


def test_a_long_text_is_read_as_far_as_a_summary_needs_it_and_the_next_field_whole() -> None:
    entry = one(
        f"<description>{'word ' * 50_000}</description><content>{'<p>more</p>' * 50_000}</content>"
        "<title>Behind it</title><pubDate>Thu, 19 Nov 2026 10:00:00 +0100</pubDate>"
    )
    assert entry.title == "Behind it"
    assert 1_990 < len(entry.summary) <= 2_000
    assert entry.published == datetime(2026, 11, 19, 9, tzinfo=UTC)


def test_at_most_two_thousand_entries_are_kept_and_the_newest() -> None:
    day = NOW - timedelta(days=1)
    items = [
        {"id": str(at), "title": f"t{at}", "date_published": (day - timedelta(minutes=at)).isoformat()}
        for at in reversed(range(MOST_ENTRIES + 5))
    ]
    feed = parsed(json.dumps({"version": "https://jsonfeed.org/version/1", "items": items}))
    assert len(feed.entries) == MOST_ENTRIES
    assert feed.entries[-1].title == "t0"
    assert feed.warnings == ("2,005 entries; the newest 2,000 were kept",)


@pytest.mark.parametrize(
    "date", ["Mon, 01 Jan 0001 00:00:00 GMT", "Sun, 31 Dec 1989 23:59:59 GMT", "Mon, 23 Nov 2026 00:00:00 GMT", "soon"]
)
def test_a_date_that_cannot_be_true_counts_as_missing(date: str) -> None:
    assert one(f"<title>t</title><pubDate>{date}</pubDate>").published is None


def test_a_clock_that_runs_a_day_fast_is_believed() -> None:
    assert one("<title>t</title><pubDate>Sat, 21 Nov 2026 08:00:00 GMT</pubDate>").published is not None


@pytest.mark.parametrize(
    ("raw", "shown"),
    [
        ("AT&amp;amp;T", "AT&T"),
        ("&lt;b&gt;Bold&lt;/b&gt; move", "Bold move"),
        ("&amp;lt;b&amp;gt;Bold&amp;lt;/b&amp;gt; move", "Bold move"),
        ("&lt;script&gt;alert(1)&lt;/script&gt;Heron", "Heron"),
        ("a\n\t b\u00a0c", "a b c"),
        ("ab\u202ecd\u2066e\u200b", "abcde"),
        ("1 &lt; 2 &amp;&amp; 3 &gt; 2", "1 < 2 && 3 > 2"),
        ("Vec&lt;u8&gt; for &lt;dialog-box&gt;", "Vec<u8> for <dialog-box>"),
        ("مرحبا Heron", "مرحبا Heron"),
    ],
)
def test_titles_are_plain_text_in_one_line(raw: str, shown: str) -> None:
    assert one(f"<title>{raw}</title><guid>1</guid>").title == shown


def test_blocks_of_markup_become_words_apart() -> None:
    assert plain("<p>One</p><p>Two<br>Three</p><ul><li>Four</li></ul>", 100) == "One Two Three Four"


def test_summaries_are_cut_at_two_thousand_characters() -> None:
    summary = one(f"<title>t</title><description>{'word ' * 1_000}</description>").summary
    assert 1_990 <= len(summary) <= 2_000
    assert summary.endswith("word…")


@settings(deadline=None)
@given(st.text(max_size=300))
def test_any_text_becomes_one_visible_line(text: str) -> None:
    line = plain(text, 200)
    assert len(line) <= 200
    assert line == " ".join(line.split())
    assert not any(sign in line for sign in "\0\r\n\x1b\u202e\u2028\ufeff")
    line.encode()


@pytest.mark.parametrize(
    ("link", "kept"),
    [
        ("/heron", "https://maker.example/heron"),
        ("heron?a=1&amp;b=2", "https://maker.example/blog/heron?a=1&b=2"),
        ("javascript:alert(1)", None),
        ("data:text/html,x", None),
        ("file:///etc/passwd", None),
        ("mailto:a@b.example", None),
        ("http://", None),
        ("https://[broken/", None),
        ('https://x.example/"&gt;&lt;script&gt;', "https://x.example/%22%3E%3Cscript%3E"),
    ],
)
def test_links_are_absolute_and_of_the_web(link: str, kept: str | None) -> None:
    assert one(f"<title>t</title><link>{link}</link>").link == kept


def test_an_entry_is_known_by_its_id_else_its_link_else_its_words() -> None:
    assert one("<title>t</title><guid isPermaLink='false'>g</guid><link>https://x.example/a</link>").identity == "g"
    assert one("<title>t</title><link>https://www.x.example/a/?utm_source=rss</link>").identity == "x.example/a"
    assert len(one("<title>t</title><description>d</description>").identity) == 64


def test_an_id_stays_as_it_is_and_is_a_link_only_where_it_is_an_address() -> None:
    mere = one("<title>t</title><guid>tag-1</guid>")
    assert (mere.identity, mere.link) == ("tag-1", None)
    assert one("<title>t</title><guid>https://x.example/g</guid>").link == "https://x.example/g"


def test_entries_that_share_an_id_are_told_apart_wherever_they_stand() -> None:
    items = [f"<item><guid isPermaLink='false'>same</guid><title>{title}</title></item>" for title in ("A", "B")]
    there, back = parsed(rss("".join(items))).entries, parsed(rss("".join(reversed(items)))).entries
    assert len({entry.identity for entry in there}) == 2
    assert set(there) == set(back)


def test_an_entry_that_is_there_twice_is_kept_once() -> None:
    assert len(parsed(rss("<item><guid>g</guid><title>A</title></item>" * 2)).entries) == 1


LAUNCHES = "https://launches.example/feed"


def launch_site(target: str) -> Entry:
    content = (
        f"&lt;p&gt;Keep notes&lt;/p&gt;&lt;a href='{LAUNCHES}/x'&gt;Discussion&lt;/a&gt;"
        f" | &lt;a href='{target}'&gt;Link&lt;/a&gt;"
    )
    page = "<link>https://launches.example/products/heron</link>"
    return one(f"<title>Heron</title>{page}<description>{content}</description>", "producthunt", LAUNCHES)


def test_a_launch_sites_entry_has_the_tagline_and_leads_to_the_product() -> None:
    entry = launch_site("https://heron.example/?ref=launches&amp;amp;x=1")
    assert (entry.summary, entry.link) == ("Keep notes", "https://heron.example/?ref=launches&x=1")


@pytest.mark.parametrize("target", ["https://launches.example/r/p/1", "javascript:alert(1)"])
def test_a_launch_sites_own_detour_is_not_taken(target: str) -> None:
    assert launch_site(target).link == "https://launches.example/products/heron"


def test_a_hacker_news_entry_leads_to_the_tool_and_drops_the_counters() -> None:
    entry = one(
        "<title>Show HN: Heron</title><link>https://news.ycombinator.com/item?id=1</link><description><![CDATA["
        '<p>We made it.</p><p>Article URL: <a href="https://heron.example/">https://heron.example/</a></p>'
        "<p>Comments URL: <a href='https://news.example/item?id=1'>https://news.example/item?id=1</a></p>"
        "<p>Points: 3</p><p># Comments: 0</p>]]></description>",
        "hackernews",
    )
    assert (entry.link, entry.summary) == ("https://heron.example/", "We made it.")


@pytest.mark.parametrize(
    ("url", "title", "kind"),
    [
        ("https://www.producthunt.com/feed", "", "producthunt"),
        ("https://hnrss.org/show", "Hacker News: Show HN", "hackernews"),
        ("https://github.com/a/b/releases.atom", "Release notes from b", "github-releases"),
        ("https://x.example/github/daily.xml", "GitHub Daily Trending Repositories", "github-trending"),
        ("https://x.example/hf.xml", "Huggingface Trending Models", "hf-trending"),
        ("https://cursor.example/changelog/rss", "Cursor", "changelog"),
        ("https://maker.example/blog/feed.xml", "Maker", "vendor-blog"),
        ("https://techcrunch.com/feed/", "TechCrunch", "news"),
        ("https://maker.example/rss", "Maker News", "vendor-blog"),
    ],
)
def test_a_feeds_kind_is_guessed_from_its_address_and_title(url: str, title: str, kind: FeedKind) -> None:
    assert guess_kind(url, title) == kind


@pytest.mark.long
def test_every_feed_of_the_corpus_is_read(shared_folder: Path) -> None:
    files = [path for path in sorted((shared_folder / "feeds").glob("*/*")) if path.is_file()]
    entries = [entry for path in files for entry in parsed(path.read_bytes(), None, f"{URL}/{path.name}").entries]
    assert len(files) >= 134
    assert len(entries) >= 6_500
    assert sum(bool(entry.title) for entry in entries) >= 0.99 * len(entries)
    assert sum(entry.published is not None for entry in entries) >= 0.98 * len(entries)
