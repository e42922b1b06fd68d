"""`digest check`: findings with places, waivers with reasons, the list of checks, and links that are asked for."""

from __future__ import annotations

import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from conftest import BEFORE_SENDING, WEEK, CommandLine, line_of, replace_in
from proofs import made

from digest.jobs.proof import asked, scored
from digest.jobs.waivers import known_checks
from digest.model.issue import Finding
from digest.preflight import Proof, findings_of
from digest.publication import load_publication

REPOSITORY = Path(__file__).resolve().parent.parent


@pytest.fixture
def check(built_publication: Path, digest_here: CommandLine) -> CommandLine:
    """`digest check` on the sample issue, built anew."""

    def run(*arguments: str, build: bool = True) -> object:
        if build:
            ran = digest_here("--now", BEFORE_SENDING, "build", "--week", WEEK, folder=built_publication)
            assert ran.returncode == 0, ran.said
        return digest_here("--now", BEFORE_SENDING, "check", "--week", WEEK, *arguments, folder=built_publication)

    return run  # type: ignore[return-value]


@pytest.fixture
def draft(built_publication: Path) -> Path:
    return built_publication / "issues" / WEEK / "issue.yaml"


def test_the_sample_issue_has_no_errors(check: CommandLine) -> None:
    ran = check("--json")
    assert ran.returncode == 0
    assert [found for found in ran.json["findings"] if found["severity"] == "error"] == []


def test_a_finding_names_check_line_and_cure(check: CommandLine, draft: Path) -> None:
    replace_in(draft, "Two launches this week", "TODO launches this week")
    ran = check()
    assert ran.returncode == 3
    line = line_of(draft, "intro:")
    assert "error    placeholders" in ran.stdout
    assert f"issue.yaml:{line}: intro" in ran.stdout
    (found,) = [found for found in check("--json").json["findings"] if found["severity"] == "error"]
    assert (found["check"], found["cure"]) == ("placeholders", "write it")


def test_a_mail_that_is_not_what_its_files_make_is_refused(check: CommandLine, draft: Path) -> None:
    replace_in(draft.parent / "email.html", "</body>", " </body>")
    ran = check("--json", build=False)
    assert ran.returncode == 3
    assert ran.json["findings"][0]["check"] == "built"


class TestWaivers:
    def waive(self, draft: Path, check: str, reason: str = "It is a quotation.") -> None:
        text = draft.read_text(encoding="utf-8")
        draft.write_text(f'{text}\nwaive:\n  - check: {check}\n    reason: "{reason}"\n', encoding="utf-8")

    def test_a_waived_error_refuses_nothing_and_is_told_with_its_reason(self, check: CommandLine, draft: Path) -> None:
        replace_in(draft, "Two launches this week", "TODO launches this week")
        self.waive(draft, "placeholders")
        ran = check()
        assert ran.returncode == 0, ran.said
        assert "1 waived" in ran.stdout
        assert "because: It is a quotation." in ran.stdout
        (waived,) = check("--json").json["waived"]
        assert (waived["check"], waived["reason"]) == ("placeholders", "It is a quotation.")

    def test_approval_goes_by_the_waivers_too(
        self, check: CommandLine, draft: Path, digest_here: CommandLine, built_publication: Path
    ) -> None:
        replace_in(draft, "Two launches this week", "TODO launches this week")
        check()
        approve = ("--now", BEFORE_SENDING, "approve", "--week", WEEK)
        assert digest_here(*approve, folder=built_publication).returncode == 3
        self.waive(draft, "placeholders")
        assert digest_here(*approve, folder=built_publication).returncode == 0

    def test_an_unknown_id_is_refused_and_the_nearest_one_offered(self, check: CommandLine, draft: Path) -> None:
        self.waive(draft, "place-holders")
        said = check().refusal(2)
        assert f"issue.yaml:{line_of(draft, 'check: place-holders')}:" in said
        assert 'no check is called "place-holders"; did you mean placeholders?' in said

    @pytest.mark.parametrize("guard", ["unsubscribe-link", "merge-field", "html-too-large", "postal-address", "built"])
    def test_what_protects_readers_cannot_be_waived(self, guard: str, check: CommandLine, draft: Path) -> None:
        self.waive(draft, guard)
        assert f"{guard} cannot be waived" in check().refusal(2)

    def test_a_waiver_without_a_reason_is_a_mistake(self, check: CommandLine, draft: Path) -> None:
        self.waive(draft, "placeholders", reason="")
        assert "waive[1].reason" in check(build=False).refusal(2)

    def test_a_waiver_that_nothing_needs_is_said(self, check: CommandLine, draft: Path) -> None:
        self.waive(draft, "attachment")
        (found,) = [found for found in check("--json").json["findings"] if found["check"] == "waivers"]
        assert found["severity"] == "warning"
        assert found["where"].endswith(f"issue.yaml:{line_of(draft, '- check: attachment')}: waive[1]")

    def test_a_waiver_of_what_was_not_asked_is_not_called_needless(self, check: CommandLine, draft: Path) -> None:
        self.waive(draft, "silent-links")
        assert [found for found in check("--json").json["findings"] if found["check"] == "waivers"] == []


class TestList:
    def test_every_check_is_listed_with_what_it_holds_a_letter_to(self, digest_here: CommandLine) -> None:
        ran = digest_here("check", "--list", "--json")
        assert [one["id"] for one in ran.json] == [one.id for one in known_checks()]
        assert all(one["says"] for one in ran.json)
        shown = digest_here("check", "--list").stdout
        assert all(one.id in shown for one in known_checks())

    def test_the_page_of_checks_is_current(self) -> None:
        done = subprocess.run([sys.executable, REPOSITORY / "docs" / "checks.py", "--check"], check=False)
        assert done.returncode == 0


class Site(BaseHTTPRequestHandler):
    """Pages that are there, gone, in trouble, or only there for GET; it writes down what it was asked."""

    asked: list[tuple[str, str]]

    def do_HEAD(self) -> None:
        self._answer()

    def do_GET(self) -> None:
        self._answer()

    def _answer(self) -> None:
        type(self).asked.append((self.command, self.path))
        status = {"/gone": 404, "/trouble": 502}.get(self.path, 200)
        if self.path == "/get-only" and self.command == "HEAD":
            status = 405
        self.send_response(status)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Says nothing."""


@pytest.fixture
def site() -> Iterator[tuple[str, type[Site]]]:
    handler = type("OneSite", (Site,), {"asked": []})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_address[1]}", handler
    server.shutdown()


class TestOnline:
    def findings_of(self, folder: Path, *addresses: str) -> list[Finding]:
        links = " and ".join(f'<a href="{address}">page number {n}</a>' for n, address in enumerate(addresses))
        letter = made().inside(f"<p>They say so on {links}.</p>")
        proof = Proof(letter.email, letter.issue)
        return list(findings_of(asked(proof, load_publication(folder), lambda *_: None, pause=0)))

    def test_each_link_is_asked_for_once_and_named(self, publication: Path, site: tuple[str, type[Site]]) -> None:
        here, handler = site
        pages = ("/there", "/gone", "/trouble", "/get-only", "/there#part")
        findings = self.findings_of(publication, *(here + page for page in pages))
        (dead,) = [finding for finding in findings if finding.check == "dead-links"]
        assert (dead.severity, f"{here}/gone" in dead.what, "404" in dead.what) == ("error", True, True)
        (silent,) = [finding for finding in findings if finding.check == "silent-links"]
        assert (silent.severity, f"{here}/trouble" in silent.what, "502" in silent.what) == ("warning", True, True)
        assert handler.asked.count(("HEAD", "/there")) == 1
        assert ("GET", "/there") not in handler.asked
        assert ("GET", "/get-only") in handler.asked

    def test_readers_own_links_and_examples_are_not_asked_for(
        self, publication: Path, site: tuple[str, type[Site]]
    ) -> None:
        here, handler = site
        self.findings_of(publication, f"{here}/vote/READER_TOKEN", "https://tool.example/x")
        assert handler.asked == []

    def test_nobody_is_asked_unless_told_to(
        self, check: CommandLine, draft: Path, site: tuple[str, type[Site]]
    ) -> None:
        here, handler = site
        replace_in(draft, "Two launches this week", f"[A page]({here}/gone). Two launches this week")
        assert "dead-links" not in check().stdout
        assert handler.asked == []


@pytest.mark.long
@pytest.mark.skipif(shutil.which("spamassassin") is None, reason="spamassassin is not installed")
class TestSpamAssassin:
    def test_a_sound_letter_has_next_to_no_points(self) -> None:
        letter = made()
        points = scored(Proof(letter.email, letter.issue)).spam_points
        assert points is not None
        assert points <= 0.5

    def test_an_offer_without_a_text_that_says_the_same_has_some(self) -> None:
        letter = made().with_email(subject="FREE CASH BONUS ACT NOW!!!", text="View this online.")
        points = scored(Proof(letter.email, letter.issue)).spam_points
        assert points is not None
        assert points > 0.5
