"""Which feeds a web page names: the links of its head, resolved, each once."""

from __future__ import annotations

import time

import pytest

from digest.collect.discover import FeedLink, feeds_named, is_page, usual_addresses

PAGE = "https://a.example/blog/post"


def named(head: str, *, address: str = PAGE, content_type: str | None = None) -> list[str]:
    page = f"<!doctype html><html><head>{head}</head><body>x</body></html>".encode()
    return [link.address for link in feeds_named(page, address, content_type=content_type)]


def link(href: str, kind: str = "application/rss+xml", more: str = "") -> str:
    return f'<link rel="alternate" type="{kind}" href="{href}" {more}>'


@pytest.mark.parametrize(
    ("href", "found"),
    [
        ("https://b.example/feed", "https://b.example/feed"),
        ("/feed", "https://a.example/feed"),
        ("feed.xml", "https://a.example/blog/feed.xml"),
        ("../atom", "https://a.example/atom"),
        ("//c.example/x", "https://c.example/x"),
        ("?format=rss&amp;x=1", "https://a.example/blog/post?format=rss&x=1"),
    ],
)
def test_relative_links_are_resolved(href: str, found: str) -> None:
    assert named(link(href)) == [found]


def test_the_page_may_set_another_base() -> None:
    assert named('<base href="https://cdn.example/x/">' + link("feed")) == ["https://cdn.example/x/feed"]
    assert named('<base href="/y/">' + link("feed")) == ["https://a.example/y/feed"]
    assert named('<base href="javascript:x">' + link("/feed")) == ["https://a.example/feed"]


@pytest.mark.parametrize(
    "kind",
    [
        "application/rss+xml",
        "application/atom+xml",
        "application/feed+json",
        "APPLICATION/RSS+XML; charset=utf-8",
        " application/rdf+xml ",
    ],
)
def test_the_types_of_feeds(kind: str) -> None:
    assert named(link("/feed", kind)) == ["https://a.example/feed"]


def test_json_counts_where_the_link_says_that_it_is_a_feed() -> None:
    assert named(link("/wp-json/wp/v2/posts/7", "application/json")) == []
    assert named(link("/feed.json", "application/json")) == ["https://a.example/feed.json"]
    assert named(link("/x", "application/json", 'title="JSON Feed"')) == ["https://a.example/x"]


def test_other_links_are_none() -> None:
    others = (
        '<link rel="stylesheet" type="application/rss+xml" href="/a"><link rel="alternate" hreflang="de" href="/de">'
    )
    assert named(others + '<link rel="alternate" type="application/rss+xml">') == []
    assert named(link("javascript:alert(1)") + link("file:///etc/passwd") + link("http://[")) == []


def test_each_address_once_in_the_pages_order() -> None:
    head = link("/b") + link("/a/") + link("https://www.a.example/b") + link("/a?utm_source=x")
    assert named(head) == ["https://a.example/b", "https://a.example/a/"]


def test_a_feed_of_comments_counts_only_where_there_is_no_other() -> None:
    comments = link("/comments/feed/", more='title="A: Comments Feed"')
    assert named(link("/feed/") + comments) == ["https://a.example/feed/"]
    assert named(comments) == ["https://a.example/comments/feed/"]


def test_titles_are_plain_text() -> None:
    page = "<head>" + link("/f", more='title="A &lt;b&gt;bold&lt;/b&gt; &amp;amp; \u202e B"')
    assert feeds_named(page.encode(), PAGE, content_type="text/html; charset=utf-8") == (
        FeedLink("https://a.example/f", "A bold & B"),
    )


@pytest.mark.parametrize("charset", ["iso-8859-1", "no-such-charset", "utf-8"])
def test_a_wrong_charset_costs_nothing_but_letters(charset: str) -> None:
    assert named(link("/feed", more='title="Übersicht"'), content_type=f"text/html; charset={charset}")


def test_hostile_pages_cost_no_time() -> None:
    attributes = " ".join(f'a{number}="x"' for number in range(200_000))
    pages = (
        link("/feed", more=attributes),
        "<div>" * 300_000,
        "".join(link(f"/{number}") for number in range(30_000)),
        "\x00\x01" * 100_000,
        "<base href='x'>" * 100_000,
    )
    began = time.monotonic()
    for page in pages:
        assert len(feeds_named(page.encode(), PAGE)) <= 50
    assert time.monotonic() - began < 10
    assert feeds_named(b"", PAGE) == ()


def test_what_a_page_is() -> None:
    assert is_page(b"<!DOCTYPE html>", None)
    assert is_page(b"hello", "text/html; charset=utf-8")
    assert not is_page(b"<?xml version='1.0'?><rss/>", "text/xml")
    assert not is_page(b"{}", None)


def test_the_usual_addresses_are_five_of_the_same_host() -> None:
    assert usual_addresses("https://a.example:8443/blog/x?y") == tuple(
        f"https://a.example:8443/{path}" for path in ("feed", "feed.xml", "rss.xml", "atom.xml", "index.xml")
    )
