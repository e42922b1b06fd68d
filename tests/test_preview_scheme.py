"""A mail in one colour scheme: the question that it asks of the desktop is answered in its own text."""

from __future__ import annotations

import pytest

from digest.preview.scheme import for_the_frame, in_scheme


@pytest.mark.parametrize(
    "asked",
    [
        "@media (prefers-color-scheme:dark){",
        "@media (prefers-color-scheme: dark) {",
        "@media(prefers-color-scheme:dark){",
        "@media screen and (prefers-color-scheme:dark){",
        "@media only screen and ( prefers-color-scheme : dark )\n{",
        "@MEDIA (Prefers-Color-Scheme: Dark) {",
    ],
)
def test_dark_rules_hold_in_the_dark_and_nowhere_else(asked: str) -> None:
    tail = asked[asked.rindex(")") + 1 :]
    assert in_scheme(asked + "p{}}", "dark") == f"@media all{tail}p{{}}}}"
    assert in_scheme(asked + "p{}}", "light") == f"@media not all{tail}p{{}}}}"


def test_light_rules_hold_in_the_light_and_nowhere_else() -> None:
    asked = "@media (prefers-color-scheme: light) {p{}}"
    assert in_scheme(asked, "light") == "@media all {p{}}"
    assert in_scheme(asked, "dark") == "@media not all {p{}}"


def test_other_questions_stay_as_they_are() -> None:
    asked = "@media only screen and (min-width:480px){p{color:red}}"
    assert in_scheme(asked, "dark") == asked


def test_the_mail_supports_the_one_scheme_alone() -> None:
    mail = '<meta content="light dark" name="color-scheme"><style>:root{color-scheme:light dark;margin:0}</style>'
    shown = '<meta name="color-scheme" content="dark"><style>:root{color-scheme:dark;margin:0}</style>'
    assert in_scheme(mail, "dark") == shown


def test_links_in_the_frame_want_a_window_of_their_own_which_it_never_gets() -> None:
    mail = '<html><head lang="en"><title>x</title></head><body><header></header></body></html>'
    assert for_the_frame(mail).count('<head lang="en"><base target="_blank">') == 1
    assert for_the_frame("<p>no head</p>") == "<p>no head</p>"
