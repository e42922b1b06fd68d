"""Who may ask the editors' application, what it answers to, and what its answers may do."""

from __future__ import annotations

import re
import shutil
from html.parser import HTMLParser
from pathlib import Path

import pytest
from conftest import WEEK
from preview_server import previewing

PAGE = f"/issues/{WEEK}"


@pytest.fixture
def folder(tmp_path: Path, _built_once: Path) -> Path:
    return Path(shutil.copytree(_built_once, tmp_path / "letter"))


def test_both_names_of_this_machine_are_answered(folder: Path) -> None:
    with previewing(folder) as preview:
        for name in ("127.0.0.1", "localhost"):
            assert preview.asked(PAGE, host=f"{name}:{preview.port}").status == 200


@pytest.mark.parametrize(
    "host",
    ["evil.example", "evil.example:{}", "localhost", "127.0.0.1:1", "localhost.evil.example:{}", "", "a b", "[::1"],
)
def test_any_other_name_is_refused_for_every_address(folder: Path, host: str) -> None:
    with previewing(folder) as preview:
        for path in ("/", PAGE, f"{PAGE}/email.html", "/static/preview.css", "/nowhere"):
            answer = preview.asked(path, host=host.format(preview.port))
            assert answer.status == 403
            assert "Ship or Skip" not in answer.body


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "OPTIONS"])
def test_it_only_reads(folder: Path, method: str) -> None:
    with previewing(folder) as preview:
        for path in ("/", PAGE, "/nowhere"):
            answer = preview.asked(path, method=method)
            assert (answer.status, answer.headers["Allow"]) == (405, "GET, HEAD")


def test_head_is_answered_without_a_body(folder: Path) -> None:
    with previewing(folder) as preview:
        answer = preview.asked(PAGE, method="HEAD")
    assert (answer.status, answer.body) == (200, "")


def test_the_mail_may_show_itself_and_nothing_else(folder: Path) -> None:
    with previewing(folder) as preview:
        policy = preview.asked(f"{PAGE}/email.html").headers["Content-Security-Policy"]
        frame = re.search(r"<iframe[^>]*>", preview.page(PAGE))
    rules = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; form-action 'none'; frame-ancestors 'self'"
    assert policy == f"{rules}; sandbox"
    assert frame is not None
    assert ' sandbox=""' in frame[0]
    assert ' width="375"' in frame[0]


def test_every_page_forbids_scripts_and_frames_of_others(folder: Path) -> None:
    with previewing(folder) as preview:
        for path in ("/", PAGE, "/nowhere"):
            headers = preview.asked(path).headers
            assert "default-src 'none'" in headers["Content-Security-Policy"]
            assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
            assert headers["X-Content-Type-Options"] == "nosniff"
            assert headers["Cache-Control"] == "no-store"


class _Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found |= {tag, *(name for name, _ in attrs)}


def test_what_strangers_say_is_text_on_every_page(folder: Path) -> None:
    nasty = "\"'><script>alert(1)</script><img src=x onerror=alert(1)>{{ 7*7 }}"
    issue = folder / "issues" / WEEK
    words = nasty.replace("'", "''")
    fields = "".join(f"{name}: '{words}'\n" for name in ("subject", "preheader", "headline", "intro", "unknown"))
    (issue / "email.txt").write_text(nasty, encoding="utf-8")
    for draft in (fields, fields.replace("unknown: ", "# ")):
        (issue / "issue.yaml").write_text(draft, encoding="utf-8")
        with previewing(folder) as preview:
            for view in ("phone", "text", "headers"):
                page = preview.page(f"{PAGE}?view={view}")
                tags = _Tags()
                tags.feed(page)
                assert not {"script", "img", "onerror"} & tags.found
                assert "49" not in re.findall(r"\}\}|\b49\b", page)
