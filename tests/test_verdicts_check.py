"""`digest verdict check`: mistakes, what time did to good verdicts, what almost matches, and whether homepages live."""

from __future__ import annotations

import json
from datetime import date, timedelta
from pathlib import Path

import pytest
from conftest import CommandLine, line_of, replace_in, tree
from feed_server import serving
from sample_issue import made_review, made_verdict

from digest.http.client import Client, Limits
from digest.jobs.homepages import ask_homepages
from digest.jobs.verdict_check import check_verdicts
from digest.publication import Publication, load_publication
from digest.verdicts.ages import remarks_on_age

TIDEPOOL = "verdicts/tidepool.yaml"
NOW = ("--now", "2026-11-20T09:00:00+01:00")
TODAY = date(2026, 11, 20)


def loaded(folder: Path) -> Publication:
    return load_publication(folder, {})


def not_counted(_what: str, _done: int, _all: int) -> None:
    """Progress that nobody watches."""


class TestAges:
    @pytest.mark.parametrize(("days", "told"), [(0, False), (90, False), (91, True), (400, True)])
    def test_a_price_is_good_for_90_days(self, days: int, told: bool) -> None:
        verdict = made_verdict("Tidepool", reviews=())
        remarks = list(remarks_on_age(verdict, verdict.pricing.checked + timedelta(days=days)))
        assert [remark.place for remark in remarks] == ([("pricing", "checked")] if told else [])
        if told:
            assert remarks[0].what == f"the price was read {days} days ago"
            assert verdict.pricing.source in remarks[0].cure

    @pytest.mark.parametrize(("days", "told"), [(180, False), (181, True)])
    def test_a_verdict_is_good_for_180_days_after_its_newest_call(self, days: int, told: bool) -> None:
        newest = date(2026, 11, 1)
        pricing = made_verdict("Tidepool").pricing.model_copy(update={"checked": newest + timedelta(days=days)})
        old = made_review("builder", "ship", "Tidepool", date=date(2025, 1, 1))
        new = made_review("skeptic", "ship", "Tidepool", date=newest)
        verdict = made_verdict("Tidepool", reviews=(old, new), pricing=pricing)
        remarks = list(remarks_on_age(verdict, newest + timedelta(days=days)))
        assert [remark.what for remark in remarks] == ([f"nobody has judged it for {days} days"] if told else [])

    def test_one_that_waits_for_reviews_does_not_age(self) -> None:
        verdict = made_verdict("Tidepool", reviews=())
        assert list(remarks_on_age(verdict, verdict.pricing.checked)) == []

    def test_a_day_that_is_still_to_come_is_odd(self) -> None:
        verdict = made_verdict("Tidepool", reviews=())
        (remark,) = remarks_on_age(verdict, verdict.pricing.checked - timedelta(days=1))
        assert remark.what == f"{verdict.pricing.checked} is still to come"


class TestTheCommand:
    def test_warnings_have_their_line_and_are_no_failure(self, publication: Path, digest_here: CommandLine) -> None:
        path = publication / TIDEPOOL
        replace_in(path, "  checked: 2026-11-16", "  checked: 2026-08-01")
        ran = digest_here(*NOW, "verdict", "check", folder=publication)
        assert (ran.returncode, ran.stdout) == (0, "14 good verdicts, no mistakes, 1 warning\n")
        place = f"{path}:{line_of(path, '2026-08-01')}:3"
        cure = "look at https://tidepool.example and renew it"
        assert ran.stderr == f"warning: {place}: the price was read 111 days ago; {cure}\n"

    def test_some_are_checked_without_the_others(self, publication: Path, digest_here: CommandLine) -> None:
        (publication / TIDEPOOL).write_text("nonsense")
        ran = digest_here(*NOW, "verdict", "check", "heron", "copperline", folder=publication)
        assert 'no verdict is called "heron"' in ran.refusal(2)
        ran = digest_here(*NOW, "verdict", "check", "inkwell", "copperline", folder=publication)
        assert (ran.returncode, ran.stdout, ran.stderr) == (0, "2 good verdicts, no mistakes\n", "")

    def test_a_misspelt_one_is_answered_with_the_nearest(self, publication: Path, digest_here: CommandLine) -> None:
        line = digest_here("verdict", "check", "tidepol", folder=publication).refusal(2)
        assert line == 'no verdict is called "tidepol"; did you mean tidepool?'

    def test_a_verdict_without_reviews_is_good_and_says_who_owes_it(
        self, publication: Path, digest_here: CommandLine
    ) -> None:
        path = publication / TIDEPOOL
        path.write_text(path.read_text().partition("reviews:")[0] + "reviews: []\n")
        ran = digest_here(*NOW, "verdict", "check", folder=publication)
        assert (ran.returncode, ran.stderr) == (0, "")
        assert ran.stdout == ("tidepool waits for builder, skeptic, futurist, founder\n14 good verdicts, no mistakes\n")

    def test_a_tool_that_almost_matches_is_offered(self, built_publication: Path, digest_here: CommandLine) -> None:
        tools = built_publication / "issues" / "2026-W48" / "tools.jsonl"
        tools.write_text(tools.read_text() + '{"name": "Tidepool 2.0", "slug": "tidepool-2-0"}\n')
        ran = digest_here(*NOW, "verdict", "check", folder=built_publication)
        assert ran.returncode == 0
        assert ran.stderr == (
            'warning: perhaps the tool tidepool-2-0 is verdicts/tidepool.yaml: "Tidepool 2.0" reads like "Tidepool"; '
            'if it is, add "Tidepool 2.0" to the aliases in verdicts/tidepool.yaml\n'
        )
        listed = digest_here(
            *NOW, "tools", "list", "--waiting", "--json", "--week", "2026-W48", folder=built_publication
        )
        assert [(near["tool"], near["verdict"]) for near in listed.json["near"]] == [("tidepool-2-0", "tidepool")]
        shown = digest_here(*NOW, "tools", "list", "--waiting", "--week", "2026-W48", folder=built_publication)
        assert "tidepool-2-0 is verdicts/tidepool.yaml" in " ".join(shown.stdout.split())

    def test_as_json_it_says_all_of_it(self, publication: Path, digest_here: CommandLine) -> None:
        replace_in(publication / TIDEPOOL, "  checked: 2026-11-16", "  checked: 2026-08-01")
        (publication / "verdicts" / "heron.yaml").write_text("name: Heron\n")
        ran = digest_here(*NOW, "verdict", "check", "--json", folder=publication)
        assert (ran.returncode, ran.stderr) == (2, "")
        assert len(ran.json["verdicts"]) == 14
        assert [warned["verdict"] for warned in ran.json["warnings"]] == ["tidepool"]
        assert all("heron.yaml:1:1: " in mistake for mistake in ran.json["mistakes"])

    def test_it_writes_nothing(self, built_publication: Path, digest_here: CommandLine) -> None:
        before = tree(built_publication, without=())
        digest_here(*NOW, "verdict", "check", folder=built_publication)
        assert tree(built_publication, without=()) == before

    def test_a_broken_desk_is_not_its_business(self, built_publication: Path, digest_here: CommandLine) -> None:
        (built_publication / "issues" / "2026-W48" / "desk.yaml").write_text("nonsense: [")
        assert digest_here(*NOW, "verdict", "check", folder=built_publication).returncode == 0


class TestHomepages:
    def test_each_is_there_moved_gone_or_silent(self) -> None:
        with serving() as server, serving() as other:
            server.says("/there", b"<h1>Hello</h1>")
            server.says("/gone", status=410)
            server.says("/wall", status=403)
            server.says("/trouble", status=500)
            server.says("/large", b"x" * 300_000)
            server.says("/moved", status=301, Location=other.address("/new", host="localhost"))
            server.says("/within", status=301, Location="/there")
            other.says("/new", b"Hello again")
            client = Client("digest-test", limits=Limits(most_bytes=100_000))
            paths = ["/there", "/gone", "/nowhere", "/wall", "/trouble", "/large", "/within"]
            addresses = [server.address(path) for path in paths]
            nobody = "http://127.0.0.1:9/"
            found = ask_homepages(client, [*addresses, nobody], not_counted, pause=0, allow_private=True)
        assert {path: found[address].state for path, address in zip(paths, addresses, strict=True)} == {
            "/there": "there",
            "/gone": "gone",
            "/nowhere": "gone",
            "/wall": "silent",
            "/trouble": "silent",
            "/large": "silent",
            "/within": "there",
        }
        assert found[nobody].state == "gone"
        assert found[addresses[1]].said == "there is no such document any more (HTTP 410)"

    def test_one_host_is_asked_one_at_a_time_with_a_pause_and_each_page_once(self) -> None:
        with serving() as server:
            for path in ("/a", "/b", "/c"):
                server.says(path)
            addresses = [server.address(path) for path in ("/a", "/b", "/a", "/c")]
            pauses: list[float] = []
            with pytest.MonkeyPatch.context() as patch:
                patch.setattr("digest.jobs.homepages.time.sleep", pauses.append)
                ask_homepages(Client("digest-test"), addresses, not_counted, allow_private=True)
            assert [asked.target for asked in server.asked] == ["/a", "/b", "/c"]
        assert pauses == [2.0, 2.0]

    def test_a_dead_one_is_a_warning_at_its_line_and_a_living_one_is_none(self, publication: Path) -> None:
        with serving() as server:
            server.says("/there")
            for slug, path in (("tidepool", "/gone"), ("copperline", "/there")):
                file = publication / "verdicts" / f"{slug}.yaml"
                replace_in(file, f"homepage: https://{slug}.example", f"homepage: {server.address(path)}")
            client = Client("digest-test")
            found = check_verdicts(
                loaded(publication),
                TODAY,
                ["tidepool", "copperline"],
                lambda addresses: ask_homepages(client, addresses, not_counted, pause=0, allow_private=True),
            )
        (warned,) = found.warnings
        place = line_of(publication / TIDEPOOL, "homepage: ")
        assert warned.where == f"{publication / TIDEPOOL}:{place}:1"
        assert warned.what == "its homepage does not answer any more (there is no such document any more (HTTP 404))"
        assert "Tidepool's new address" in warned.cure

    def test_nothing_is_asked_unless_somebody_wishes_it(self, publication: Path, digest_here: CommandLine) -> None:
        with serving() as server:
            path = publication / TIDEPOOL
            replace_in(path, "homepage: https://tidepool.example", f"homepage: {server.address('/')}")
            assert digest_here(*NOW, "verdict", "check", folder=publication).returncode == 0
            assert server.asked == []

    def test_a_private_address_is_not_asked_for_anybody(self, publication: Path, digest_here: CommandLine) -> None:
        with serving() as server:
            path = publication / TIDEPOOL
            replace_in(path, "homepage: https://tidepool.example", f"homepage: {server.address('/')}")
            ran = digest_here(*NOW, "verdict", "check", "tidepool", "--online", "--json", folder=publication)
            assert server.asked == []
        assert ran.returncode == 0
        assert json.loads(ran.stdout)["warnings"] == []
        assert "no word from " in ran.stderr
