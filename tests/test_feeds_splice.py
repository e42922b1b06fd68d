"""Changing the feeds in digest.toml changes nothing else in it: every other byte stays."""

from __future__ import annotations

import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digest.files.toml_splice import append_tables, count_tables, remove_table
from digest.files.toml_statements import statements

# Blocks of a TOML file, each whole lines, with what is easily mistaken for a header, a comment or the end of a string.
OTHERS = st.sampled_from(
    [
        "",
        "   ",
        "# a comment",
        "# [[feeds]]",
        '# """ not a string',
        'name{} = "The # sign and [[feeds]]"',
        "path{} = 'C:\\'  # a literal string ends here",
        'text{} = """\n[[feeds]]\nurl = "no feed"\n\\""" still inside\n"""',
        "more{} = '''\n[feeds]\n# no comment'''''",
        'words{} = [\n  "[[feeds]]", # one\n  ["a"],\n  [ "#" ],\n]',
        "inline{} = {{ a = [1, 2], b = '}}' }}",
        "[panel{}]\nquorum = 2",
        '[[panel{}.reviewers]]\nid = "feeds"',
        "[schedule{}] # [[feeds]]",
    ]
)
FEEDS = st.sampled_from(
    [
        '[[feeds]]\nurl = "https://{}.example/"',
        '# its comment\n[[feeds]] # and another\nurl = "https://{}.example/"\n# below',
        '[[ "feeds" ]]\nurl = """https://{}.example/"""\n\nkind = "news"',
        "  [[feeds]]\n  # inside\n  url = 'https://{}.example/'\n",
    ]
)
ADDED = st.lists(
    st.fixed_dictionaries(
        {"url": st.text(st.characters(exclude_categories=("Cs",)), max_size=20)},
        optional={"kind": st.sampled_from(["news", "changelog"]), "allow_private": st.booleans()},
    ),
    min_size=1,
    max_size=3,
)


@st.composite
def toml_texts(draw: st.DrawFn) -> str:
    """A TOML text of many shapes; keys and tables are numbered, so that none stands twice."""
    blocks = draw(st.lists(st.one_of(OTHERS, FEEDS), max_size=8))
    line_break = draw(st.sampled_from(["\n", "\r\n"]))
    lines = "\n".join(block.format(number) for number, block in enumerate(blocks))
    text = lines.replace("\n", line_break) + draw(st.sampled_from(["", line_break]))
    return text


def feeds_of(text: str) -> list[object]:
    feeds = tomllib.loads(text).get("feeds", [])
    assert isinstance(feeds, list)
    return feeds


def others_of(text: str) -> dict[str, object]:
    return {key: value for key, value in tomllib.loads(text).items() if key != "feeds"}


@given(toml_texts())
def test_the_statements_are_the_whole_text(text: str) -> None:
    tomllib.loads(text)
    parts = list(statements(text))
    assert "".join(text[start:end] for _, start, end in parts) == text
    assert count_tables(text, "feeds") == len(feeds_of(text))


@given(toml_texts(), ADDED)
def test_what_is_appended_stands_last_and_every_other_byte_stays(text: str, added: list[dict[str, str | bool]]) -> None:
    after = append_tables(text, "feeds", added)
    assert feeds_of(after) == [*feeds_of(text), *added]
    assert others_of(after) == others_of(text)
    # what was there is there still: a beginning and an end around what is new
    same = next(
        (at for at in range(len(text), -1, -1) if after.startswith(text[:at]) and after.endswith(text[at:])), None
    )
    assert same is not None
    assert after.endswith("\n") == text.endswith("\n") or not text


@given(toml_texts(), ADDED)
def test_removing_what_was_appended_gives_the_same_bytes(text: str, added: list[dict[str, str | bool]]) -> None:
    after = append_tables(text, "feeds", added)
    for number in range(len(feeds_of(after)) - 1, len(feeds_of(text)) - 1, -1):
        after = remove_table(after, "feeds", number)
    assert after == text


@given(toml_texts(), st.data())
def test_what_is_removed_is_that_table_alone(text: str, data: st.DataObject) -> None:
    feeds = feeds_of(text)
    if not feeds:
        return
    number = data.draw(st.integers(0, len(feeds) - 1))
    after = remove_table(text, "feeds", number)
    assert feeds_of(after) == [*feeds[:number], *feeds[number + 1 :]]
    assert others_of(after) == others_of(text)
    gone = len(text) - len(after)
    assert any(text[:at] + text[at + gone :] == after for at in range(len(after) + 1)), "more than one place changed"


PLAIN = """\
# The feeds of the open web.
# Two lines about all of them.

[[feeds]]
url = "https://one.example/"

# Why we read the second.
[[feeds]]
url = "https://two.example/"
kind = "news"  # or is it
# never on Sundays

[[feeds]]
url = "https://three.example/"

# About the mail.
[mail]
size = 1
"""


def test_a_table_takes_the_comments_that_touch_it_with_it() -> None:
    after = remove_table(PLAIN, "feeds", 1)
    assert after == PLAIN.replace(
        '# Why we read the second.\n[[feeds]]\nurl = "https://two.example/"\nkind = "news"  # or is it\n'
        "# never on Sundays\n\n",
        "",
    )


def test_comments_with_a_blank_line_between_stay() -> None:
    after = remove_table(PLAIN, "feeds", 0)
    assert after == PLAIN.replace('[[feeds]]\nurl = "https://one.example/"\n\n', "")


def test_a_new_table_stands_behind_the_last_one_not_behind_what_follows_it() -> None:
    after = append_tables(PLAIN, "feeds", [{"url": "https://four.example/", "allow_private": True}])
    new = '\n[[feeds]]\nurl = "https://four.example/"\nallow_private = true\n'
    assert after == PLAIN.replace("\n# About the mail.", f"{new}\n# About the mail.")


def test_the_first_one_stands_at_the_end() -> None:
    assert append_tables("a = 1\r\n", "feeds", [{"url": "x"}]) == 'a = 1\r\n\r\n[[feeds]]\r\nurl = "x"\r\n'
    assert append_tables("a = 1", "feeds", [{"url": "x"}]) == 'a = 1\n\n[[feeds]]\nurl = "x"'
    assert append_tables("", "feeds", [{"url": "x"}]) == '[[feeds]]\nurl = "x"\n'


def test_comments_that_touch_the_next_header_are_its_own() -> None:
    text = '[[feeds]]\nurl = "a"\n# about b\n[[feeds]]\nurl = "b"\n'
    assert remove_table(text, "feeds", 0) == '# about b\n[[feeds]]\nurl = "b"\n'
    assert remove_table(text, "feeds", 1) == '[[feeds]]\nurl = "a"\n'


def test_a_list_in_brackets_has_no_tables_to_take_out() -> None:
    text = 'feeds = [{ url = "a" }]\n'
    assert count_tables(text, "feeds") == 0
    with pytest.raises(IndexError):
        remove_table(text, "feeds", 0)
