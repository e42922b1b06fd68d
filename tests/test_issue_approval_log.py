"""approval.yaml is a log of decisions: it only ever grows, and says at any moment where the issue stands."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from digest.files.problems import BrokenFile
from digest.issues.approval import Record, append_record, approval_of, approving, read_records
from digest.issues.folder import IssueFolder
from digest.model.issue import Email, Sender

START = datetime(2026, 11, 19, 12, tzinfo=UTC)
SENDER = Sender(name="Ship or Skip", address="letter@example.com", reply_to="x@example.com", postal_address="12 Row")
WORDS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=30)
LINES = WORDS.map(lambda text: " ".join(text.split()) or "x")


def email(subject: str = "Copperline or Tidepool?", html: str = "<p>READER_TOKEN</p>") -> Email:
    return Email(subject=subject, preheader="Also: more.", sender=SENDER, html=html, text="READER_TOKEN")


def approved(by: str, letter: Email | None = None, provider: str = "outbox") -> Record:
    return approving(letter or email(), at=START, by=by, provider=provider, readers=24)


def decided(decision: str, by: str = "Ann") -> Record:
    return Record(decision=decision, at=START, by=by)


DECISIONS = st.builds(
    Record,
    decision=st.sampled_from(["approved", "withdrawn", "skipped", "given up"]),
    at=st.integers(0, 10**6).map(lambda seconds: START + timedelta(seconds=seconds)),
    by=LINES,
    why=WORDS.map(str.strip),
    subject=st.none() | WORDS.map(str.strip),
    preheader=st.none() | WORDS.map(str.strip),
    sender=st.none() | st.just(SENDER),
    provider=st.none() | st.just("outbox"),
    readers=st.none() | st.integers(0, 10**6),
)


class TestTheFile:
    @settings(max_examples=60, deadline=None)
    @given(records=st.lists(DECISIONS, min_size=1, max_size=5))
    def test_it_only_grows_and_reads_back_as_it_was_said(
        self, records: list[Record], tmp_path_factory: pytest.TempPathFactory
    ) -> None:
        folder = IssueFolder("2026-W47", tmp_path_factory.mktemp("log"))
        before = b""
        for record in records:
            append_record(folder, record)
            after = folder.approval.read_bytes()
            assert after.startswith(before)
            assert len(after) > len(before)
            before = after
        assert read_records(folder) == tuple(records)

    @pytest.mark.parametrize(
        "there",
        [
            "# our log\n",
            "- decision: approved\n  at: 2026-11-19T12:00:00Z\n  by: Ann   # she did\n",
            "- decision: approved\r\n  at: 2026-11-19T12:00:00Z\r\n  by: Ann\r\n",
            "- {decision: skipped, at: 2026-11-19T12:00:00Z, by: 'Ann'}",
            "-   decision: skipped\n    at: 2026-11-19 12:00:00Z\n    by: Ann\n\n\n# the end",
        ],
        ids=["a comment", "a comment in a line", "Windows line ends", "no line end", "another indent"],
    )
    def test_what_a_person_wrote_there_stays_byte_for_byte(self, tmp_path: Path, there: str) -> None:
        folder = IssueFolder("2026-W47", tmp_path)
        folder.approval.write_bytes(there.encode())
        known = read_records(folder)
        append_record(folder, decided("withdrawn"))
        assert folder.approval.read_bytes().startswith(there.encode())
        assert read_records(folder) == (*known, decided("withdrawn"))

    @pytest.mark.parametrize(
        ("text", "says"),
        [
            ("decision: approved\n", ":1:1: must be a list of decisions"),
            ("- decision: maybe\n  at: 2026-11-19T12:00:00Z\n  by: Ann\n", ":1:3: decision: must be 'approved'"),
            ("- decision: approved\n  by: Ann\n", ":1:3: at: is missing"),
            ("- decision: approved\n  at: soon\n  by: Ann\n", ":2:3: at: "),
            ("- decision: approved\n  at: 2026-11-19T12:00:00Z\n  by: Ann\n  readers: many\n", ":4:3: readers: "),
            ("- just words\n", ":1:3: "),
        ],
    )
    def test_a_record_that_does_not_fit_has_its_place(self, tmp_path: Path, text: str, says: str) -> None:
        folder = IssueFolder("2026-W47", tmp_path)
        folder.approval.write_text(text)
        with pytest.raises(BrokenFile) as caught:
            read_records(folder)
        assert says in caught.value.mistakes[0]

    def test_without_a_file_nothing_was_decided(self, tmp_path: Path) -> None:
        assert read_records(IssueFolder("2026-W47", tmp_path)) == ()


class TestWhereItStands:
    def test_two_people_and_the_same_bytes(self) -> None:
        standing = approval_of([approved("Ann"), approved("Ben")])
        assert standing.people == ("Ann", "Ben")
        assert standing.is_approved(2)
        assert not standing.is_approved(3)

    def test_one_person_twice_is_one_person(self) -> None:
        assert not approval_of([approved("Ann"), approved("Ann")]).is_approved(2)

    @pytest.mark.parametrize(
        "other",
        [
            approved("Ben", email(subject="Another?")),
            approved("Ben", email(html="<p>other READER_TOKEN</p>")),
            approved("Ben", provider="smtp"),
        ],
        ids=["subject", "HTML", "provider"],
    )
    def test_other_bytes_start_the_count_anew(self, other: Record) -> None:
        standing = approval_of([approved("Ann"), other])
        assert standing.people == ("Ben",)
        assert standing.latest == other

    def test_withdrawn_is_a_draft_again(self) -> None:
        standing = approval_of([approved("Ann"), approved("Ben"), decided("withdrawn"), approved("Ann")])
        assert standing.people == ("Ann",)
        assert not standing.is_approved(2)

    def test_skipped_until_it_is_withdrawn(self) -> None:
        assert approval_of([approved("Ann"), decided("skipped")]).skipped is not None
        assert approval_of([approved("Ann"), decided("skipped")]).latest is None
        assert approval_of([decided("skipped"), decided("withdrawn")]).skipped is None

    def test_given_up_stays_given_up(self) -> None:
        assert approval_of([approved("Ann"), decided("given up")]).given_up

    def test_nothing_decided(self) -> None:
        assert approval_of([]) == (None, (), None, False)
