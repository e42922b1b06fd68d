"""A list of feeds as a file: out and in again without loss, and hostile ones cost one clear line."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from digest.collect.links import canonical
from digest.collect.opml import Subscriptions, address_of, read_subscriptions, write_opml
from digest.errors import BrokenInput
from digest.model.tool import Feed, FeedKind

NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
LETTERS = st.characters(
    exclude_categories=("Cc", "Cf", "Cs", "Cn", "Co", "Zs", "Zl", "Zp", "Mn"), exclude_characters='<>"'
)
HOSTS = st.from_regex(r"[a-z]{1,8}\.example", fullmatch=True)
ADDRESSES = st.builds(
    "{}://{}/{}".format,
    st.sampled_from(["https", "http"]),
    HOSTS,
    st.text(LETTERS | st.sampled_from("?&=#%'"), max_size=20),
)
FEEDS = st.builds(
    Feed,
    url=ADDRESSES,
    title=st.none() | st.text(LETTERS | st.sampled_from(' <>"&'), min_size=1, max_size=40),
    kind=st.none() | st.sampled_from(get_args(FeedKind)),
    allow_private=st.booleans(),
)


def opml(*outlines: str, before: str = "") -> bytes:
    return f'{before}<opml version="2.0"><head/><body>{"".join(outlines)}</body></opml>'.encode()


def read(content: bytes) -> Subscriptions:
    return read_subscriptions(content, "list.opml")


def refusal(content: bytes) -> str:
    began = time.monotonic()
    with pytest.raises(BrokenInput) as caught:
        read(content)
    assert time.monotonic() - began < 5
    line = caught.value.line()
    assert line.startswith("list.opml: ")
    assert "\n" not in line
    return line


@given(st.lists(FEEDS, unique_by=lambda feed: canonical(feed.url), max_size=6))
def test_what_is_exported_is_imported_as_it_was(feeds: list[Feed]) -> None:
    tidy = [feed.model_copy(update={"title": _tidy(feed.title)}) for feed in feeds]
    assert read(write_opml(tidy, title="A & B", moment=NOW)) == (tuple(tidy), ())


def _tidy(title: str | None) -> str | None:
    """A title in the one spelling that titles are kept in: composed, one line, single spaces."""
    import unicodedata

    return " ".join(unicodedata.normalize("NFC", title).split()) or None if title else None


class TestExport:
    def test_other_programs_find_what_opml_2_0_asks_for(self) -> None:
        feeds = [Feed(url="https://a.example/?x=1&y=2", title="A", kind="changelog"), Feed(url="https://b.example/")]
        root = etree.fromstring(write_opml(feeds, title="Mine", moment=NOW))
        assert root.get("version") == "2.0"
        assert root.findtext("head/title") == "Mine"
        assert root.findtext("head/dateCreated") == "Fri, 20 Nov 2026 09:00:00 +0000"
        first, second = root.findall("body/outline")
        assert (first.get("type"), first.get("text"), first.get("category")) == ("rss", "A", "changelog")
        assert first.get("xmlUrl") == "https://a.example/?x=1&y=2"
        assert (second.get("text"), second.get("title")) == ("https://b.example/", None)

    def test_what_xml_cannot_hold_is_left_out(self) -> None:
        document = write_opml([Feed(url="https://a.example/", title="A\x07B\ufffe")], title="\x00", moment=NOW)
        assert read(document).feeds[0].title == "AB"


class TestImport:
    def test_folders_nest_as_deep_as_they_like(self) -> None:
        inner = '<outline text="In" xmlUrl="https://a.example/"/>'
        assert [feed.url for feed in read(opml('<outline text="Folder">' * 100, inner, "</outline>" * 100)).feeds] == [
            "https://a.example/"
        ]

    def test_a_feed_that_stands_there_twice_comes_once(self) -> None:
        content = opml('<outline xmlUrl="https://www.a.example/feed/"/>', '<outline xmlUrl="http://a.example/feed"/>')
        assert [feed.url for feed in read(content).feeds] == ["https://www.a.example/feed/"]

    def test_titles_of_other_programs_are_taken_and_cleaned(self) -> None:
        content = opml('<outline text="A &#x202e; &amp;\n B" XMLURL="" xmlurl="feed://a.example/x"/>')
        assert read(content).feeds == (Feed(url="https://a.example/x", title="A & B"),)

    def test_categories_of_other_programs_are_no_kinds(self) -> None:
        content = opml('<outline xmlUrl="https://a.example/" category="/Tech/AI,fun"/>')
        assert read(content).feeds[0].kind is None

    def test_an_unescaped_ampersand_costs_a_warning_not_the_list(self) -> None:
        feeds, warnings = read(opml('<outline text="A & B" xmlUrl="https://a.example/?a=1&c=2"/>'))
        assert len(feeds) == 1
        assert len(warnings) == 1
        assert "not well-formed" in warnings[0]

    def test_a_plain_list_of_addresses(self) -> None:
        content = b"\xef\xbb\xbf# mine\r\nhttps://a.example/feed\r\n\r\n  b.example/rss.xml \nfeed:https://c.example/\n"
        assert [feed.url for feed in read(content).feeds] == [
            "https://a.example/feed", "https://b.example/rss.xml", "https://c.example/",
        ]  # fmt: skip

    def test_utf_16_as_windows_writes_it(self) -> None:
        content = (
            '<?xml version="1.0" encoding="utf-16"?><opml><body><outline xmlUrl="https://a.example/é"/></body></opml>'
        )
        assert read(content.encode("utf-16")).feeds == (Feed(url="https://a.example/é"),)

    def test_nothing_in_it_is_nothing_found(self) -> None:
        assert read(b"") == read(opml()) == read(b"\n# none yet\n") == ((), ())


class TestHostileFiles:
    def test_what_is_no_address_of_the_web_is_counted_in_one_line(self) -> None:
        bad = ("javascript:alert(1)", "file:///etc/passwd", "file:../secret", "data:text/xml,x", "https://", "&#10;")
        content = opml('<outline xmlUrl="https://a.example/"/>\n', *(f'<outline xmlUrl="{one}"/>' for one in bad))
        feeds, warnings = read(content)
        assert [feed.url for feed in feeds] == ["https://a.example/"]
        assert warnings == ("list.opml:2: 5 addresses are not of the web and left out: javascript:alert(1)",)

    @pytest.mark.parametrize("place", ['<outline text="{}" xmlUrl="https://a.example/"/>', "<outline>{}</outline>"])
    def test_entities_are_refused_whatever_they_are(self, place: str) -> None:
        outside = '<!DOCTYPE opml [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
        doubled = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 12))
        bomb = f'<!DOCTYPE opml [<!ENTITY a0 "aaaaaaaaaa">{doubled}]>'
        long = f'<!DOCTYPE opml [<!ENTITY x "{"a" * 100_000}">]>'
        for before, used in ((outside, "&x;"), (bomb, "&a11;"), (long, "&x;" * 50_000)):
            line = refusal(opml(place.format(used), before=before))
            assert "root:" not in line
            assert "entities" in line or "not OPML" in line

    def test_too_many_feeds(self) -> None:
        outlines = (f'<outline text="x" xmlUrl="https://a.example/{number}"/>' for number in range(50_000))
        assert "50,000 feeds; at most 2,000" in refusal(opml(*outlines))

    def test_200_000_attributes_cost_no_time(self) -> None:
        began = time.monotonic()
        many = " ".join(f'a{number}="x"' for number in range(200_000))
        assert len(read(opml(f'<outline xmlUrl="https://a.example/" {many}/>')).feeds) == 1
        assert time.monotonic() - began < 5

    def test_what_is_no_list_says_so(self) -> None:
        assert "no OPML document" in refusal(b"<rss><channel/></rss>")
        assert "not OPML" in refusal(b"<!doctype html><html><body>hi & you</body></html>")
        assert "neither OPML nor text" in refusal(bytes(range(256)))
        assert "larger than 10 MB" in refusal(b"x" * 10_000_001)
        refusal(b"<" + bytes(range(256)))

    def test_folders_without_end_cost_one_warning(self) -> None:
        feeds, warnings = read(opml('<outline text="x">' * 50_000, "</outline>" * 50_000))
        assert feeds == ()
        assert len(warnings) == 1


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("example.com", "https://example.com"),
        ("example.com/blog?x=1", "https://example.com/blog?x=1"),
        ("localhost:8000/feed", "https://localhost:8000/feed"),
        ("HTTP://Example.com/A", "http://Example.com/A"),
        ("feed://example.com/x", "https://example.com/x"),
        ("feed:http://example.com/x", "http://example.com/x"),
        (" https://example.com/a\n", "https://example.com/a"),
        ("javascript:alert(1)", "javascript:alert(1)"),
        ("mailto:a@b.example", "mailto:a@b.example"),
        ("nonsense", "nonsense"),
    ],
)
def test_addresses_as_people_type_them(typed: str, meant: str) -> None:
    assert address_of(typed) == meant
