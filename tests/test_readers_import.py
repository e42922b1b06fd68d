"""Readers come onto the list with proof of consent, once; who left stays away."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

import pytest
from conftest import CommandLine
from hypothesis import given
from hypothesis import strategies as st

from digest.errors import BrokenInput, DigestError
from digest.jobs.import_readers import ImportReport, import_readers
from digest.model.reader import Person
from digest.publication import load_publication
from digest.readers.csv_file import examine, records_of
from digest.readers.formats import format_of
from digest.readers.import_csv import Refusal, Terms, read_people
from digest.store.database import Database, open_database
from digest.store.readers import active_readers, set_state, stream_proven, stream_readers
from digest.store.suppressions import SuppressionKey

NOW = datetime(2026, 11, 20, 8, tzinfo=UTC)
WORDING = "Send me the letter every Friday."
HEAD = "address,name,consented_at,consent\n"
KEY = SuppressionKey("k" * 32)


class Found:
    """What a file holds: people who can be taken, and a line for each that cannot."""

    def __init__(self, content: bytes, assumed: str | None) -> None:
        with tempfile.NamedTemporaryFile() as kept:
            kept.write(content)
            kept.flush()
            file = examine(Path(kept.name), "r.csv", lambda columns: format_of(columns) is not None)
            self.encoding, self.delimiter = file.encoding, file.delimiter
            format_ = format_of(file.columns)
            assert format_ is not None
            terms = Terms("r.csv", (assumed or "").strip(), ("data", "design"), KEY, NOW)
            rows = list(read_people(records_of(file), format_, terms))
        assert len(rows) == file.records
        self.people: list[Person] = [row.person for row in rows if row.person]
        self.refusals: list[Refusal] = [row.refusal for row in rows if row.refusal]
        self.refused = tuple(f"r.csv:{one.line}: {one.who}: {one.why}" for one in self.refusals)


def read(text: str | bytes, assumed: str | None = None) -> Found:
    return Found(text if isinstance(text, bytes) else text.encode(), assumed)


def addresses(found: Found) -> list[str]:
    return [person.address.address for person in found.people]


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    opened = open_database(database_url, NOW)
    yield opened
    opened.close()


Import = Callable[..., ImportReport]


@pytest.fixture
def imported(publication: Path, database: Database, tmp_path: Path) -> Import:
    def run(*rows: str, assumed: str | None = WORDING, head: str = "address,name", **options: object) -> ImportReport:
        path = tmp_path / "r.csv"
        path.write_text(head + "\n" + "\n".join(rows) + "\n")
        loaded = load_publication(publication, {})
        return import_readers(loaded, database, path, NOW, assumed_wording=assumed, **options)  # type: ignore[arg-type]

    return run


class TestConsent:
    def test_from_the_file_is_kept_whole(self) -> None:
        found = read(HEAD + f'ann@example.com,Ann,2026-05-01T10:00:00+02:00,"{WORDING}, and so on"\n')
        (person,) = found.people
        assert (person.address.address, person.name) == ("ann@example.com", "Ann")
        consent = person.consent
        assert consent is not None
        assert consent.wording == f"{WORDING}, and so on"
        assert consent.at == datetime(2026, 5, 1, 8, tzinfo=UTC)
        assert consent.how == "import of r.csv"

    @pytest.mark.parametrize(
        "row", ["ann@example.com,Ann,,\n", "ann@example.com,Ann,2026-05-01, \n", "ann@example.com\n"]
    )
    def test_without_it_nobody_is_taken(self, row: str) -> None:
        found = read(HEAD + row)
        assert found.people == []
        assert found.refused[0].startswith("r.csv:2: ann@example.com: no proof of consent; add the column consent")
        assert "--assume-consent" in found.refused[0]

    @pytest.mark.parametrize("empty", ["", "   "])
    def test_an_empty_wording_is_no_wording(self, empty: str) -> None:
        assert read("address\nann@example.com\n", empty).people == []

    def test_the_one_who_imports_may_say_the_wording(self) -> None:
        (person,) = read("address\nann@example.com\n", WORDING).people
        consent = person.consent
        assert consent is not None
        assert (consent.wording, consent.at) == (WORDING, NOW)

    def test_the_file_s_own_wording_comes_first(self) -> None:
        (person,) = read(HEAD + "ann@example.com,Ann,2026-05-01,Their own words.\n", WORDING).people
        consent = person.consent
        assert consent is not None
        assert consent.wording == "Their own words."
        assert consent.at == datetime(2026, 5, 1, tzinfo=UTC)

    @pytest.mark.parametrize(
        "moment", ["yesterday", "2026-13-01", "01.05.2026", "2026-11-21", "9999-12-31T23:59:59-14:00"]
    )
    def test_a_moment_that_cannot_be_is_refused(self, moment: str) -> None:
        found = read(HEAD + f"ann@example.com,Ann,{moment},{WORDING}\n")
        assert found.people == []
        assert "consented_at" in found.refused[0]


class TestRows:
    def test_the_columns_may_be_named_as_other_services_name_them(self) -> None:
        assert addresses(read("Email Address,Name\nann@example.com,Ann\n", WORDING)) == ["ann@example.com"]
        assert addresses(read("NAME, EMAIL \nAnn, ann@example.com \n", WORDING)) == ["ann@example.com"]

    @pytest.mark.parametrize(
        "address",
        [
            "",
            "nonsense",
            "@example.com",
            "ann@",
            "ann@@example.com",
            "ann@exa mple.com",
            "ann@localhost",
            "ann example.com",
            "ann@example.com, ben@example.com",
            "Ann <ann@example.com>",
            "mailto:ann@example.com",
            ".ann@example.com",
            "ann@" + "a" * 250 + ".com",
            "ann\\r\\nBcc: all@example.com",
        ],
    )
    def test_a_bad_address_is_refused_by_its_line(self, address: str) -> None:
        found = read(f'address\nben@example.com\n"{address}"\ncy@example.com\n', WORDING)
        assert addresses(found) == ["ben@example.com", "cy@example.com"]
        (refused,) = found.refused
        assert refused.startswith("r.csv:3: ")
        assert "\n" not in refused

    def test_line_breaks_in_an_address_never_come_through(self) -> None:
        found = read('address\n"ann@example.com\r\nBcc: all@example.com"\n', WORDING)
        assert found.people == []
        assert all("\n" not in line and "\r" not in line for line in found.refused)

    def test_a_name_is_one_line_of_sensible_length(self) -> None:
        name = read(f'address,name\nann@example.com,"Ann\r\nBcc: x {"y" * 500}"\n', WORDING).people[0].name
        assert "\n" not in name
        assert "\r" not in name
        assert len(name) <= 200

    def test_addresses_of_other_scripts(self) -> None:
        assert addresses(read("address\nanja@müller.example\n", WORDING)) == ["anja@müller.example"]

    def test_rows_with_too_few_or_too_many_fields(self) -> None:
        found = read(HEAD + "ann@example.com\nben@example.com,Ben,2026-05-01,Yes please,more,and more\n", WORDING)
        assert addresses(found) == ["ann@example.com", "ben@example.com"]

    @given(st.binary(max_size=200))
    def test_any_rubbish_is_refused_in_words(self, rubbish: bytes) -> None:
        with suppress(BrokenInput):
            read(b"address,name\n" + rubbish, WORDING)


class TestTheFile:
    def test_as_excel_saves_it(self) -> None:
        assert addresses(read(b"\xef\xbb\xbfaddress\r\nann@example.com\r\n", WORDING)) == ["ann@example.com"]

    @pytest.mark.parametrize(
        ("encoding", "read_as"),
        [
            ("utf-8", "utf-8"),
            ("utf-16", "utf-16"),
            ("utf-16-le", "utf-16-le"),
            ("utf-16-be", "utf-16-be"),
            ("latin-1", "cp1252"),
        ],
    )
    def test_in_the_encodings_that_programs_save(self, encoding: str, read_as: str) -> None:
        found = read(f"address,name\nann@example.com,Åsa Müller\n{'x@example.com,X' * 9}\n".encode(encoding), WORDING)
        assert found.encoding == read_as
        assert found.people[0].name == "Åsa Müller"

    @pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
    def test_with_the_delimiters_that_programs_save(self, delimiter: str) -> None:
        found = read(f"name{delimiter}address\nAnn{delimiter}ann@example.com\n", WORDING)
        assert (addresses(found), found.people[0].name) == (["ann@example.com"], "Ann")

    def test_with_line_breaks_inside_quotation_marks_the_lines_are_still_right(self) -> None:
        found = read(HEAD + '"a@example.com","A",2026-05-01,"One.\nTwo."\n\nnonsense,,,\n')
        assert found.people[0].consent is not None
        assert found.people[0].consent.wording == "One.\nTwo."
        assert found.refused[0].startswith("r.csv:5: nonsense: ")

    @pytest.mark.parametrize(
        ("content", "says"),
        [
            (b"", "no column is called address"),
            (b"ann@example.com\nben@example.com\n", "no column is called address"),
            (b"PK\x03\x04 and so on", "an archive or a spreadsheet"),
            (b"\xff\xfea", "broken UTF-16 text"),
            (b"address\n" + b"x" * 200_000 + b"\n", "longer than"),
            (b'address\n"never closed\n' + b"x\n" * 100_000, "r.csv:2: a field is longer than"),
        ],
        ids=["empty", "no heading", "a spreadsheet", "cut UTF-16", "a huge field", "a quote that is never closed"],
    )
    def test_that_is_no_list_of_readers(self, content: bytes, says: str) -> None:
        with pytest.raises(BrokenInput) as caught:
            read(content, WORDING)
        assert caught.value.line().startswith("r.csv")
        assert says in caught.value.line()

    def test_that_is_broken_at_its_end_is_refused_before_anybody_is_taken(
        self, database: Database, imported: Import
    ) -> None:
        with pytest.raises(BrokenInput):
            imported(*(f"r{number}@example.com" for number in range(1500)), '"' + "x" * 200_000)
        assert active_readers(database) == 0

    def test_that_is_not_there(self, publication: Path, database: Database, tmp_path: Path) -> None:
        with pytest.raises(DigestError, match="cannot read: no such file"):
            import_readers(load_publication(publication, {}), database, tmp_path / "nowhere.csv", NOW)


class TestTheList:
    def test_imported_twice_nobody_is_on_it_twice(self, database: Database, imported: Import) -> None:
        assert imported("ann@example.com", "ben@example.com").added == 2
        again = imported("ann@example.com", "Ben@EXAMPLE.com", "cy@example.com")
        assert again.line == "1 reader added, 2 known before"
        assert active_readers(database) == 3

    def test_one_domain_in_two_spellings_is_one_reader(self, database: Database, imported: Import) -> None:
        report = imported("anja@müller.example", "anja@xn--mller-kva.example", "ANJA@MÜLLER.EXAMPLE")
        assert (report.added, report.refusals) == (1, {"twice": 2})
        assert set_state(database, "Anja@XN--MLLER-KVA.example", "unsubscribed", NOW, "test")

    def test_twice_in_the_file_is_once_on_the_list_however_far_apart(
        self, database: Database, imported: Import
    ) -> None:
        others = [f"r{number}@example.com" for number in range(1200)]
        report = imported("ann@example.com", "ANN@example.com", *others, "ann@EXAMPLE.com")
        assert (report.added, report.refusals) == (1201, {"twice": 2})
        assert report.refused[0] == "r.csv:3: ANN@example.com: stands in the file twice; the first one counts"
        assert report.refused[1].startswith("r.csv:1204: ")

    @pytest.mark.parametrize("state", ["unsubscribed", "bounced", "complained"])
    def test_who_left_is_not_brought_back(self, database: Database, imported: Import, state: str) -> None:
        imported("ann@example.com")
        assert set_state(database, "ann@example.com", state, NOW, "test")  # type: ignore[arg-type]
        report = imported("ANN@example.com,Ann Again")
        assert (report.added, report.known) == (0, 1)
        assert "on 2026-11-20, and an import brings nobody back" in report.refused[0]
        (ann,) = stream_readers(database)
        assert (ann.state, ann.name) == (state, "")

    def test_who_left_elsewhere_is_kept_away_without_their_address_being_kept(
        self, database: Database, imported: Import
    ) -> None:
        left = imported("ann@example.com,unsubscribed", head="email,status")
        assert (left.added, left.suppressed, list(stream_readers(database))) == (0, 1, [])
        again = imported("ann@example.com")
        assert (again.added, again.refusals) == (0, {"left": 1})
        assert imported("ann@example.com,unsubscribed", head="email,status").known == 1

    def test_who_left_elsewhere_leaves_this_list_too(self, database: Database, imported: Import) -> None:
        imported("ann@example.com")
        report = imported("ann@example.com,bounced", head="email,status")
        assert report.line == "0 readers added, 1 left the list"
        ((reader, _, change),) = stream_proven(database)
        assert change is not None
        assert (reader.state, change.before, change.cause) == ("bounced", "active", "import of r.csv")

    def test_is_in_the_order_of_addresses(self, database: Database, imported: Import) -> None:
        imported("cy@example.com", "Ann@example.com", "ben@example.com")
        listed = [one.address for one in stream_readers(database)]
        assert listed == ["Ann@example.com", "ben@example.com", "cy@example.com"]

    def test_another_key_of_suppressions_is_noticed_before_anybody_is_brought_back(
        self, publication: Path, imported: Import
    ) -> None:
        imported("ann@example.com,unsubscribed", head="email,status")
        (publication / "digest.secret.suppression").write_text("another key, long enough\n")
        with pytest.raises(BrokenInput, match="DIGEST_SUPPRESSION_KEY: not the key"):
            imported("ann@example.com")

    def test_a_dry_run_says_the_same_and_keeps_nothing(self, database: Database, imported: Import) -> None:
        rows = ["ann@example.com", "nonsense", *(f"r{number}@example.com" for number in range(1100))]
        dry = imported(*rows, is_dry=True)
        assert active_readers(database) == 0
        assert dry._replace(is_dry=False) == imported(*rows)


class TestTheReport:
    def test_has_every_row_that_was_refused_with_its_line(self, imported: Import, tmp_path: Path) -> None:
        report = imported("ann@example.com", *(f"nonsense {number}" for number in range(30)))
        assert report.report == tmp_path / "r.refused.csv"
        lines = report.report.read_text().splitlines()
        assert lines[0] == "line,address,why"
        assert lines[1].startswith("3,nonsense 0,")
        assert len(lines) == 31
        assert len(report.refused) == 10
        assert report.report.stat().st_mode & 0o077 == 0

    def test_may_lie_elsewhere(self, imported: Import, tmp_path: Path) -> None:
        assert imported("nonsense", report=tmp_path / "why.csv").report == tmp_path / "why.csv"
        assert not (tmp_path / "r.refused.csv").exists()

    def test_is_not_written_where_nothing_was_refused(self, imported: Import, tmp_path: Path) -> None:
        assert imported("ann@example.com").report is None
        assert [path.name for path in tmp_path.glob("*r*.csv*")] == ["r.csv"]


class TestAsAPersonSeesIt:
    def test_from_the_import_to_leaving(self, publication: Path, tmp_path: Path, digest_here: CommandLine) -> None:
        path = tmp_path / "old list.csv"
        path.write_text("address\nann@example.com\nnonsense\nann@example.com\n")
        without = digest_here("readers", "import", str(path), folder=publication)
        assert without.returncode == 0
        assert "2 without proof of consent" in without.stdout
        assert without.stderr.count("warning: old list.csv:") == 3

        ran = digest_here("readers", "import", str(path), "--assume-consent", WORDING, folder=publication)
        assert ran.returncode == 0
        assert "1 reader" in ran.stdout
        assert "old list.csv:3: nonsense: " in ran.stderr
        assert digest_here("readers", "leave", "ann@example.com", folder=publication).returncode == 0
        again = digest_here("readers", "import", str(path), "--assume-consent", WORDING, "--json", folder=publication)
        assert (again.json["added"], again.json["refusals"]) == (0, {"left": 2, "address": 1})
        listed = digest_here("readers", "list", folder=publication).stdout
        assert "1 unsubscribed" in listed

    def test_from_standard_input(self, publication: Path, digest_here: CommandLine) -> None:
        said = digest_here(
            "readers", "import", "-", "--assume-consent", WORDING, folder=publication, stdin="email\na@example.com\nx\n"
        )
        assert "standard input · 2 rows" in said.stdout
        assert "warning: standard input:3: x: " in said.stderr

    def test_an_encoding_that_was_guessed_is_said(
        self, publication: Path, tmp_path: Path, digest_here: CommandLine
    ) -> None:
        (tmp_path / "r.csv").write_bytes("address,name\nann@example.com,Åsa\n".encode("latin-1"))
        ran = digest_here("readers", "import", str(tmp_path / "r.csv"), "--assume-consent", "x", folder=publication)
        assert "not UTF-8 text, read as Windows-1252 (Latin-1)" in ran.stderr

    def test_an_empty_wording_is_refused(self, publication: Path, digest_here: CommandLine) -> None:
        ran = digest_here("readers", "import", "r.csv", "--assume-consent", " ", folder=publication)
        assert "the wording is empty" in ran.refusal(2)

    def test_whoever_leaves_must_be_on_the_list(self, publication: Path, digest_here: CommandLine) -> None:
        line = digest_here("readers", "leave", "nobody@example.com", folder=publication).refusal(2)
        assert line == "nobody@example.com: not on the list; `digest readers list` lists everybody"

    def test_a_file_that_is_not_there(self, publication: Path, digest_here: CommandLine) -> None:
        line = digest_here("readers", "import", "nowhere.csv", folder=publication).refusal(1)
        assert line.startswith("nowhere.csv: cannot read: no such file")
