"""The publication's templates come first, and a broken one says where."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest
import sample_issue as sample

from digest.errors import BrokenInput
from digest.render.email import render_email
from digest.render.templates import Templates, program_templates


def write(folder: Path, name: str, source: str) -> None:
    (folder / name).parent.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text(source, encoding="utf-8")


def test_the_program_s_templates_are_found_and_a_missing_folder_is_fine(tmp_path: Path) -> None:
    assert (program_templates() / "email.mjml.j2").is_file()
    assert Templates(tmp_path / "none").hashes() == Templates().hashes()


def test_a_publication_overrides_one_file_and_keeps_the_others(tmp_path: Path) -> None:
    write(tmp_path, "email/masthead.mjml.j2", '<p class="title">The Other Letter</p>')
    html = render_email(sample.issue(), Templates(tmp_path)).html
    assert "The Other Letter" in html
    assert "Unsubscribe" in html


def test_hashes_name_every_template_that_the_mail_is_made_of(tmp_path: Path) -> None:
    before = Templates().hashes()
    assert {"email.mjml.j2", "email.txt.j2", "email/parts.mjml.j2", "email/dark.css.j2"} <= set(before)
    write(tmp_path, "email/footer.mjml.j2", "x")
    after = Templates(tmp_path).hashes()
    assert after["email/footer.mjml.j2"] == hashlib.sha256(b"x").hexdigest()
    assert {name for name in before if before[name] != after[name]} == {"email/footer.mjml.j2"}


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("fine\n{{ letter.nonsense }}", r"templates/email/footer\.mjml\.j2:2: .*nonsense"),
        ("{{ nobody }}", r"templates/email/footer\.mjml\.j2:1: .*'nobody' is undefined"),
        ("one\ntwo\n{% if %}", r"templates/email/footer\.mjml\.j2:3: "),
        ("{% include 'email/none.j2' %}", r"the template email/none\.j2 is missing"),
        ("{{ 1 / 0 }}", r"templates/email/footer\.mjml\.j2:1: .*division by zero"),
        ("{{ issue|nofilter }}", r"templates/email/footer\.mjml\.j2:1: .*nofilter"),
    ],
)
def test_a_broken_template_is_named_with_its_line_and_the_cause(tmp_path: Path, source: str, said: str) -> None:
    write(tmp_path, "email/footer.mjml.j2", source)
    with pytest.raises(BrokenInput, match=said) as caught:
        render_email(sample.issue(), Templates(tmp_path))
    assert "delete it from templates/" in caught.value.cure


def test_a_template_that_is_not_text_is_named(tmp_path: Path) -> None:
    (tmp_path / "email.txt.j2").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(BrokenInput, match=r"templates/email\.txt\.j2"):
        render_email(sample.issue(), Templates(tmp_path))
    with pytest.raises(BrokenInput, match=r"templates/email\.txt\.j2"):
        Templates(tmp_path).hashes()
