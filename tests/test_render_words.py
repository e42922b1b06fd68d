"""Small Markdown, as HTML and as text."""

from __future__ import annotations

import pytest

from digest.render import words


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("a *b* **c** `d`", "<p>a <em>b</em> <strong>c</strong> <code>d</code></p>"),
        ("one\n\ntwo", "<p>one</p>\n<p>two</p>"),
        ("[x](https://a.example/?b=1&c=2)", '<p><a href="https://a.example/?b=1&amp;c=2">x</a></p>'),
        ("[x](mailto:a@example.com)", '<p><a href="mailto:a@example.com">x</a></p>'),
        ("<https://a.example>", '<p><a href="https://a.example">https://a.example</a></p>'),
        ("# not a heading", "<p># not a heading</p>"),
        ("<b>no markup</b>", "<p>&lt;b&gt;no markup&lt;/b&gt;</p>"),
        ("[x](javascript:alert(1))", "<p>[x](javascript:alert(1))</p>"),
        ("[x](ftp://a.example)", "<p><a>x</a></p>"),
        ("", ""),
    ],
)
def test_markdown_becomes_a_short_list_of_tags(written: str, shown: str) -> None:
    assert str(words.block(written)) == shown


def test_lists_are_lists() -> None:
    assert str(words.block("- a\n- b")).replace("\n", "") == "<ul><li>a</li><li>b</li></ul>"


def test_one_line_has_no_block_around_it() -> None:
    assert str(words.inline("*a*\n\n- b <c>")) == "<em>a</em> - b &lt;c&gt;"


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("a *b* **c** `d`", "a b c `d`"),
        ("one\nstill one\n\ntwo", "one still one\n\ntwo"),
        ("see [the list](https://a.example/x)", "see the list (https://a.example/x)"),
        ("<https://a.example>", "https://a.example"),
        ("[write](mailto:a@example.com)", "write (a@example.com)"),
        ("before\n\n- a\n- b\n\nafter", "before\n\n- a\n- b\n\nafter"),
        ("1. a\n2. b\n   - c", "1. a\n2. b\n  - c"),
        ("AT&amp;T", "AT&T"),
    ],
)
def test_markdown_is_said_in_plain_text(written: str, said: str) -> None:
    assert words.plain(written) == said


def test_folded_lines_hang_behind_their_dash_and_keep_addresses_whole() -> None:
    address = "https://a.example/" + "x" * 90
    folded = words.fold(f"- {'word ' * 20}{address}", 2).split("\n")
    assert folded[0].startswith("  - word")
    assert all(line.startswith("    ") for line in folded[1:])
    assert folded[-1].strip() == address
