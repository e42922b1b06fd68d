"""Which links mean the same page, and whose page it is."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from digest.collect.links import canonical, is_home, repository_of, web_link, without_tracking


@pytest.mark.parametrize(
    ("link", "key"),
    [
        ("https://www.Heron.example/", "heron.example"),
        ("http://heron.example:80/a/#top", "heron.example/a"),
        ("https://heron.example:8443/a", "heron.example:8443/a"),
        ("https://heron.example/?utm_source=hn&UTM_medium=x&mtm_c=1&fbclid=2&gclid=3&mc_cid=4", "heron.example"),
        ("https://heron.example/?ref=launches.example", "heron.example"),
        ("https://heron.example/?ref=producthunt", "heron.example"),
        ("https://heron.example/?ref=main", "heron.example?ref=main"),
        ("https://news.ycombinator.com/item?id=47289785", "news.ycombinator.com/item?id=47289785"),
        ("https://x.example/watch?v=2&b=1", "x.example/watch?b=1&v=2"),
        ("https://[broken", ""),
        ("nonsense", ""),
    ],
)  # fmt: skip
def test_a_canonical_link_keeps_what_identifies_a_page(link: str, key: str) -> None:
    assert canonical(link) == key


def test_people_are_sent_to_the_page_without_the_tracking() -> None:
    assert without_tracking("https://x.example/?a=%20b&utm_source=hn&ref=hn#top") == "https://x.example/?a=%20b#top"
    assert without_tracking("https://x.example/?utm_source=hn") == "https://x.example/"


@settings(deadline=None)
@given(st.text(max_size=80))
def test_any_text_is_a_link_of_the_web_or_none(text: str) -> None:
    kept = web_link(text, "https://maker.example/feed")
    assert kept is None or kept.lower().startswith(("http://", "https://"))
    canonical(text)
    without_tracking(text)
    repository_of(text)


@pytest.mark.parametrize(
    ("link", "repository"),
    [
        ("https://github.com/saltmarsh/heron", "https://github.com/saltmarsh/heron"),
        ("https://www.github.com/saltmarsh/heron.git", "https://github.com/saltmarsh/heron"),
        ("https://github.com/saltmarsh/heron/releases/tag/v1", "https://github.com/saltmarsh/heron"),
        ("https://github.com/saltmarsh", None),
        ("https://github.com/orgs/saltmarsh/discussions", None),
        ("https://gist.github.com/saltmarsh/heron", None),
        (None, None),
    ],
)
def test_a_repository_is_found_in_a_link(link: str | None, repository: str | None) -> None:
    assert repository_of(link) == repository


def test_a_tools_home_is_neither_a_code_host_nor_a_place_that_talks_about_tools() -> None:
    assert is_home("https://heron.example/")
    assert not is_home("https://github.com/a/b")
    assert not is_home("https://old.reddit.com/r/x")
    assert not is_home("https://www.producthunt.com/posts/heron")
