"""Who may ask the editors' application, what it answers to, and what its answers may do."""

from __future__ import annotations

import base64
import re
import shutil
from html.parser import HTMLParser
from pathlib import Path

import pytest
from conftest import WEEK, CommandLine, tree
from preview_server import NOON, previewing

from digest.preview.application import application
from digest.preview.guard import Door
from digest.publication import load_publication

PAGE = f"/issues/{WEEK}"
VIEWS_AND_PANELS = [(view, "checks") for view in ("phone", "text", "source", "inbox", "headers")]
VIEWS_AND_PANELS += [("phone", panel) for panel in ("words", "pairs", "desk", "approve")]


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


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE", "OPTIONS"])
def test_other_methods_are_refused_for_every_address(folder: Path, method: str) -> None:
    with previewing(folder) as preview:
        for path in ("/", PAGE, "/nowhere"):
            answer = preview.asked(path, method=method)
            assert (answer.status, answer.headers["Allow"]) == (405, "GET, HEAD, POST")


def test_a_change_needs_the_token_of_this_application_and_its_own_origin(folder: Path) -> None:
    before = tree(folder)
    with previewing(folder) as preview:
        fields = {**preview.fields(f"{PAGE}?panel=words"), "subject": "Changed by a stranger"}
        path = f"{PAGE}/words"
        assert preview.posted(path, {**fields, "token": "x" * 43}).status == 403
        assert preview.posted(path, {name: text for name, text in fields.items() if name != "token"}).status == 403
        for origin in ("http://evil.example", "null", "", f"http://localhost:{preview.port}"):
            assert preview.posted(path, fields, Origin=origin).status == 403
        assert preview.posted(path, fields, Host=f"evil.example:{preview.port}").status == 403
        assert tree(folder) == before
        assert preview.posted(path, fields).status == 303
    assert tree(folder) != before


def test_every_route_that_changes_something_asks_for_the_token(folder: Path) -> None:
    app = application(load_publication(folder, {}), lambda: NOON)
    rules = [rule.rule for rule in app.url_map.iter_rules() if "POST" in (rule.methods or ())]
    assert len(rules) >= 9
    with previewing(folder) as preview:
        for rule in rules:
            path = rule.replace("<issue>", WEEK).replace("<slug>", "copperline")
            assert preview.posted(path, {"token": ""}).status == 403


def test_with_a_password_nobody_is_answered_without_it(folder: Path) -> None:
    with previewing(folder, door=Door("0.0.0.0", "correct horse battery")) as preview:
        answer = preview.asked(PAGE)
        assert (answer.status, answer.headers["WWW-Authenticate"]) == (401, 'Basic realm="preview"')
        assert "Ship or Skip" not in answer.body
        for said, status in (("wrong", 401), ("correct horse battery", 200)):
            basic = base64.b64encode(f"me:{said}".encode()).decode()
            assert preview.asked(PAGE, headers={"Authorization": f"Basic {basic}"}).status == status


def test_another_address_than_loopback_needs_a_password(folder: Path, digest_command: CommandLine) -> None:
    said = digest_command("preview", "--no-browser", "--host", "0.0.0.0", folder=folder).refusal(2)
    assert said == (
        "0.0.0.0: the preview answers to other machines only with a password of 12 characters or more; "
        "set DIGEST_PREVIEW_PASSWORD"
    )


def test_head_is_answered_without_a_body(folder: Path) -> None:
    with previewing(folder) as preview:
        answer = preview.asked(PAGE, method="HEAD")
    assert (answer.status, answer.body) == (200, "")


def test_the_mail_may_show_itself_and_nothing_else(folder: Path) -> None:
    with previewing(folder) as preview:
        policy = preview.asked(f"{PAGE}/email.html").headers["Content-Security-Policy"]
        frame = re.search(r"<iframe[^>]*>", preview.page(PAGE))
    rules = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; form-action 'none'; frame-ancestors 'self'"
    assert policy == f"{rules}; sandbox allow-same-origin"
    assert frame is not None
    assert ' sandbox="allow-same-origin"' in frame[0]
    assert ' width="375"' in frame[0]


def test_every_page_allows_its_own_script_alone_and_no_frames_of_others(folder: Path) -> None:
    with previewing(folder) as preview:
        for path in ("/", PAGE, "/nowhere"):
            headers = preview.asked(path).headers
            assert "default-src 'none'; script-src 'self';" in headers["Content-Security-Policy"]
            assert "unsafe" not in headers["Content-Security-Policy"]
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
    nasty = "\"'><script>alert(1)</script><img src=x onerror=alert(1)>{{ 1234*1000 }}"
    issue = folder / "issues" / WEEK
    words = nasty.replace("'", "''")
    fields = "".join(f"{name}: '{words}'\n" for name in ("subject", "preheader", "headline", "intro", "unknown"))
    (issue / "email.txt").write_text(nasty, encoding="utf-8")
    for draft in (fields, fields.replace("unknown: ", "# ")):
        (issue / "issue.yaml").write_text(draft, encoding="utf-8")
        with previewing(folder) as preview:
            for view, panel in VIEWS_AND_PANELS:
                page = preview.page(f"{PAGE}?view={view}&panel={panel}")
                tags = _Tags()
                tags.feed(page)
                assert not {"img", "onerror"} & tags.found
                assert re.findall(r"<script[^>]*>", page) == ['<script src="/static/preview.js" defer>']
                assert "1234000" not in page
