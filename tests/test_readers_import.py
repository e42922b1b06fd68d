"""Readers come onto the list with proof of consent, once; who left stays away."""

from __future__ import annotations

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
from digest.readers.import_csv import ReadersRead, read_readers
from digest.store.database import Database, open_database
from digest.store.readers import active_readers, all_readers, set_state

NOW = datetime(2026, 11, 20, 8, tzinfo=UTC)
WORDING = "Send me the letter every Friday."
HEAD = "address,name,consented_at,consent\n"


def read(text: str | bytes, assumed: str | None = None) -> ReadersRead:
    content = text if isinstance(text, bytes) else text.encode()
    return read_readers(content, source="r.csv", assumed_wording=assumed, now=NOW)


def addresses(found: ReadersRead) -> list[str]:
    return [address for address, _, _ in found.people]


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    opened = open_database(f"sqlite:///{tmp_path / 'digest.db'}", NOW)
    yield opened
    opened.close()


Import = Callable[..., ImportReport]


@pytest.fixture
def imported(database: Database, tmp_path: Path) -> Import:
    def run(*rows: str, assumed: str | None = WORDING) -> ImportReport:
        path = tmp_path / "r.csv"
        path.write_text("address,name\n" + "\n".join(rows) + "\n")
        return import_readers(database, path, assumed, NOW)

    return run


class TestConsent:
    def test_from_the_file_is_kept_whole(self) -> None:
        found = read(HEAD + f'ann@example.com,Ann,2026-05-01T10:00:00+02:00,"{WORDING}, and so on"\n')
        ((address, name, consent),) = found.people
        assert (address, name) == ("ann@example.com", "Ann")
        assert consent.wording == f"{WORDING}, and so on"
        assert consent.at == datetime(2026, 5, 1, 8, tzinfo=UTC)
        assert consent.how == "import of r.csv"

    @pytest.mark.parametrize(
        "row", ["ann@example.com,Ann,,\n", "ann@example.com,Ann,2026-05-01, \n", "ann@example.com\n"]
    )
    def test_without_it_nobody_is_taken(self, row: str) -> None:
        found = read(HEAD + row)
        assert found.people == ()
        assert found.refused[0].startswith("r.csv:2: ann@example.com: no proof of consent; add the column consent")
        assert "--assume-consent" in found.refused[0]

    @pytest.mark.parametrize("empty", ["", "   "])
    def test_an_empty_wording_is_no_wording(self, empty: str) -> None:
        assert read("address\nann@example.com\n", empty).people == ()

    def test_the_one_who_imports_may_say_the_wording(self) -> None:
        ((_, _, consent),) = read("address\nann@example.com\n", WORDING).people
        assert (consent.wording, consent.at) == (WORDING, NOW)

    def test_the_file_s_own_wording_comes_first(self) -> None:
        ((_, _, consent),) = read(HEAD + "ann@example.com,Ann,2026-05-01,Their own words.\n", WORDING).people
        assert consent.wording == "Their own words."
        assert consent.at == datetime(2026, 5, 1, tzinfo=UTC)

    @pytest.mark.parametrize(
        "moment", ["yesterday", "2026-13-01", "01.05.2026", "2026-11-21", "9999-12-31T23:59:59-14:00"]
    )
    def test_a_moment_that_cannot_be_is_refused(self, moment: str) -> None:
        found = read(HEAD + f"ann@example.com,Ann,{moment},{WORDING}\n")
        assert found.people == ()
        assert "consented_at" in found.refused[0]


class TestRows:
    def test_the_columns_may_be_named_as_other_services_name_them(self) -> None:
        assert addresses(read("Email Address,Name\nann@example.com,Ann\n", WORDING)) == ["ann@example.com"]
        assert addresses(read("NAME, EMAIL \nAnn, ann@example.com \n", WORDING)) == ["ann@example.com"]

    def test_twice_in_the_file_is_once_on_the_list(self) -> None:
        found = read("address\nann@example.com\nANN@EXAMPLE.COM\nben@example.com\n", WORDING)
        assert addresses(found) == ["ann@example.com", "ben@example.com"]
        assert found.refused == ("r.csv:3: ANN@EXAMPLE.COM: stands in the file twice; the first one counts",)

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
        assert found.people == ()
        assert all("\n" not in line and "\r" not in line for line in found.refused)

    def test_a_name_is_one_line_of_sensible_length(self) -> None:
        ((_, name, _),) = read(f'address,name\nann@example.com,"Ann\r\nBcc: x {"y" * 500}"\n', WORDING).people
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
        ("content", "says"),
        [
            (b"caf\xe9", "not UTF-8 text"),
            (b"", "no column is called address"),
            (b"ann@example.com\nben@example.com\n", "no column is called address"),
            (b"name;address\nAnn;ann@example.com\n", "no column is called address"),
            (b"address\n" + b"x" * 200_000 + b"\n", "longer than"),
            (b'address\n"never closed\n' + b"x\n" * 100_000, "longer than"),
        ],
        ids=["Latin-1", "empty", "no heading", "semicolons", "a huge field", "a quote that is never closed"],
    )
    def test_that_is_no_list_of_readers(self, content: bytes, says: str) -> None:
        with pytest.raises(BrokenInput) as caught:
            read(content, WORDING)
        assert caught.value.line().startswith("r.csv")
        assert says in caught.value.line()

    def test_that_is_not_there(self, database: Database, tmp_path: Path) -> None:
        with pytest.raises(DigestError, match="cannot read: no such file"):
            import_readers(database, tmp_path / "nowhere.csv", WORDING, NOW)


class TestTheList:
    def test_imported_twice_nobody_is_on_it_twice(self, database: Database, imported: Import) -> None:
        assert imported("ann@example.com", "ben@example.com").added == 2
        again = imported("ann@example.com", "Ben@EXAMPLE.com", "cy@example.com")
        assert (again.added, len(again.known)) == (1, 2)
        assert again.line == "1 reader added, 2 known before"
        assert active_readers(database) == 3

    @pytest.mark.parametrize("state", ["unsubscribed", "bounced", "complained", "paused"])
    def test_who_left_is_not_brought_back(self, database: Database, imported: Import, state: str) -> None:
        imported("ann@example.com")
        assert set_state(database, "ann@example.com", state)
        report = imported("ANN@example.com,Ann Again")
        assert (report.added, report.known) == (0, ("ANN@example.com",))
        (ann,) = all_readers(database)
        assert (ann.state, ann.name) == (state, "")

    def test_is_in_the_order_of_addresses(self, database: Database, imported: Import) -> None:
        imported("cy@example.com", "Ann@example.com", "ben@example.com")
        listed = [one.address for one in all_readers(database)]
        assert listed == ["Ann@example.com", "ben@example.com", "cy@example.com"]


class TestAsAPersonSeesIt:
    def test_from_the_import_to_leaving(self, publication: Path, tmp_path: Path, digest_here: CommandLine) -> None:
        path = tmp_path / "old list.csv"
        path.write_text("address\nann@example.com\nnonsense\nann@example.com\n")
        without = digest_here("readers", "import", str(path), folder=publication)
        assert without.returncode == 0
        assert "0 readers added, 3 refused" in without.stdout
        assert without.stderr.count("warning: old list.csv:") == 3

        ran = digest_here("readers", "import", str(path), "--assume-consent", WORDING, folder=publication)
        assert ran.returncode == 0
        assert "1 reader" in ran.stdout
        assert "old list.csv:3: nonsense: " in ran.stderr
        assert digest_here("readers", "leave", "ann@example.com", folder=publication).returncode == 0
        again = digest_here("readers", "import", str(path), "--assume-consent", WORDING, folder=publication)
        assert "0 readers added, 1 known before, 2 refused" in again.stdout
        listed = digest_here("readers", "list", folder=publication).stdout
        assert "1 unsubscribed" in listed

    def test_whoever_leaves_must_be_on_the_list(self, publication: Path, digest_here: CommandLine) -> None:
        line = digest_here("readers", "leave", "nobody@example.com", folder=publication).refusal(2)
        assert line == "nobody@example.com: not on the list; `digest readers list` lists everybody"

    def test_a_file_that_is_not_there(self, publication: Path, digest_here: CommandLine) -> None:
        line = digest_here("readers", "import", "nowhere.csv", folder=publication).refusal(1)
        assert line.startswith("nowhere.csv: cannot read: no such file")
