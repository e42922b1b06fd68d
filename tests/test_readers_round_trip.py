"""What is exported is imported as it was; importing twice changes nothing; nor does the order of rows."""

from __future__ import annotations

import io
import json
import random
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from conftest import CommandLine
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from digest.jobs.export_readers import export_csv, export_json
from digest.jobs.import_readers import import_readers
from digest.jobs.set_up import set_up
from digest.model.reader import Suppression
from digest.publication import Publication, load_publication
from digest.readers.formats import COLUMNS
from digest.store.database import Database, open_database
from digest.store.readers import Wanted, stream_readers
from digest.store.suppressions import SuppressionKey, suppress

NOW = datetime(2026, 11, 20, 8, tzinfo=UTC)

_FIRST, _LAST = datetime(2020, 1, 1), datetime(2026, 11, 1)  # noqa: DTZ001 - hypothesis adds the zone
# what a table of text can hold: no half characters, no NUL
_WORDS = st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\0"), max_size=30)
_MOMENTS = st.datetimes(_FIRST, _LAST, timezones=st.just(UTC))
_ADDRESSES = st.builds(
    "{}@{}".format,
    st.sampled_from(["ann", "ben.bee", "cy+letters", "Dee", "jörg", "eve_9", "fay", "gus"]),
    st.sampled_from(["example.com", "müller.example", "EXAMPLE.org"]),
)

pytestmark = pytest.mark.long


@st.composite
def _rows(draw: st.DrawFn) -> dict[str, str]:
    state = draw(st.sampled_from(["active", "active", "paused", "pending", "unsubscribed", "bounced", "complained"]))
    is_proven = state in ("active", "paused") or draw(st.booleans())
    return {
        "address": draw(_ADDRESSES),
        "name": draw(_WORDS),
        "state": state,
        "categories": " ".join(draw(st.sets(st.sampled_from(["data", "design", "security"])))),
        "paused_until": (NOW + timedelta(days=9)).isoformat() if state == "paused" and draw(st.booleans()) else "",
        "since": draw(_MOMENTS).isoformat(),
        "consented_at": draw(_MOMENTS).isoformat() if is_proven else "",
        "consent": "Send me the letter. " + draw(_WORDS) if is_proven else "",
        "consent_how": draw(st.sampled_from(["", "the form", "import of a.csv"])) if is_proven else "",
        "consent_by": draw(st.sampled_from(["reader", "editor", "import"])) if is_proven else "",
        "changed_at": draw(_MOMENTS).isoformat() if state not in ("active", "pending") else "",
        "cause": draw(st.sampled_from(["", "one click"])) if state not in ("active", "pending") else "",
        "suppression": "",
    }


def _written(rows: list[dict[str, str]]) -> str:
    import csv

    out = io.StringIO()
    table = csv.DictWriter(out, COLUMNS)
    table.writeheader()
    table.writerows(rows)
    return out.getvalue()


@contextmanager
def _publication() -> Iterator[tuple[Publication, Path]]:
    with tempfile.TemporaryDirectory() as folder:
        set_up(Path(folder) / "letter")
        yield load_publication(Path(folder) / "letter", {"DIGEST_SUPPRESSION_KEY": "k" * 32}), Path(folder)


@contextmanager
def _list(publication: Publication, place: Path, *contents: str) -> Iterator[Database]:
    """An empty list, into which some files are imported one after the other."""
    database = open_database(f"sqlite:///{tempfile.mktemp(dir=place, suffix='.db')}", NOW)
    try:
        for content in contents:
            (place / "r.csv").write_text(content, encoding="utf-8", newline="")
            import_readers(publication, database, place / "r.csv", NOW)
        yield database
    finally:
        database.close()


def exported(database: Database) -> str:
    out = io.StringIO()
    export_csv(database, out, Wanted())
    return out.getvalue()


_FEW = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@_FEW
@given(st.lists(_rows(), max_size=12), st.lists(st.sampled_from(["x", "y", "z"]), unique=True))
def test_export_and_import_are_the_identity(rows: list[dict[str, str]], erased: list[str]) -> None:
    with _publication() as (publication, place):
        key = SuppressionKey("k" * 32)
        with _list(publication, place, _written(rows)) as first:
            with first.transaction() as connection:
                suppress(connection, [Suppression(key.hash(one), "erased", NOW, "erased") for one in erased])
            once = exported(first)
        with _list(publication, place, once) as second:
            assert exported(second) == once


@_FEW
@given(st.lists(_rows(), max_size=12))
def test_importing_twice_changes_nothing(rows: list[dict[str, str]]) -> None:
    with _publication() as (publication, place):
        content = _written(rows)
        with _list(publication, place, content) as once, _list(publication, place, content, content) as twice:
            assert exported(once) == exported(twice)


@_FEW
@given(st.lists(_rows(), max_size=12, unique_by=lambda row: row["address"].casefold()), st.randoms())
def test_the_order_of_rows_changes_nothing(rows: list[dict[str, str]], lot: random.Random) -> None:
    shuffled = [*rows]
    lot.shuffle(shuffled)
    with (
        _publication() as (publication, place),
        _list(publication, place, _written(rows)) as one,
        _list(publication, place, _written(shuffled)) as other,
    ):
        assert exported(one) == exported(other)


@_FEW
@given(
    st.lists(st.tuples(_ADDRESSES, st.sampled_from(["subscribed", "unsubscribed", "bounced"])), max_size=12),
    st.randoms(),
)
def test_who_gets_letters_does_not_depend_on_the_order_even_where_rows_contradict_each_other(
    rows: list[tuple[str, str]], lot: random.Random
) -> None:
    head = "email,status,consent,consented_at\n"

    def content(listed: list[tuple[str, str]]) -> str:
        return head + "".join(f"{address},{state},Yes please.,2026-05-01\n" for address, state in listed)

    shuffled = [*rows]
    lot.shuffle(shuffled)
    with (
        _publication() as (publication, place),
        _list(publication, place, content(rows)) as one,
        _list(publication, place, content(shuffled)) as other,
    ):
        found = [
            {reader.address.casefold() for reader in stream_readers(database, Wanted(("active",)))}
            for database in (one, other)
        ]
    left = {address.casefold() for address, state in rows if state != "subscribed"}
    assert found[0] == found[1] == {address.casefold() for address, _ in rows} - left


def test_a_list_moves_from_one_kind_of_database_to_the_other(
    publication: Path, database_url: str, digest_here: CommandLine, tmp_path: Path
) -> None:
    here = {"DIGEST_DATABASE_URL": database_url, "DIGEST_SUPPRESSION_KEY": "k" * 32}
    there = {**here, "DIGEST_DATABASE_URL": f"sqlite:///{tmp_path / 'other.db'}"}

    def run(*arguments: str, env: dict[str, str]) -> str:
        ran = digest_here("readers", *arguments, folder=publication, env=env)
        assert ran.returncode == 0, ran.said
        return ran.stdout

    run("import", str(publication / "feeds" / "readers.csv"), env=here)
    run("leave", "jonas.weber@example.com", env=here)
    run("edit", "y.tanaka@example.com", "--category", "data", "--pause-until", "2027-03-01", env=here)
    run("erase", "mirela.dragan@example.com", "--yes", env=here)
    run("export", str(tmp_path / "all.csv"), env=here)
    assert (tmp_path / "all.csv").stat().st_mode & 0o077 == 0
    assert "23 readers" in run("import", str(tmp_path / "all.csv"), env=there)
    # the two may sort other scripts differently
    assert sorted(run("export", env=there).splitlines()) == sorted((tmp_path / "all.csv").read_text().splitlines())

    assert (
        digest_here(
            "readers", "import", str(publication / "feeds" / "readers.csv"), "--json", folder=publication, env=there
        ).json["added"]
        == 0
    )


def test_json_is_one_document_with_the_proof(publication: Path, tmp_path: Path) -> None:
    loaded = load_publication(publication, {})
    database = open_database(loaded.database_url, NOW)
    out = io.StringIO()
    assert export_json(database, out, Wanted()) == 0
    assert json.loads(out.getvalue()) == []
    import_readers(loaded, database, publication / "feeds" / "readers.csv", NOW)
    out = io.StringIO()
    export_json(database, out, Wanted(("active",)))
    database.close()
    people = json.loads(out.getvalue())
    assert len(people) == 24
    assert all(one["consent"]["wording"].startswith("Send me") for one in people)
    assert all(len(one["consent"]["wording_hash"]) == 64 for one in people)


@pytest.mark.parametrize("others", [0, 1])
def test_hashes_of_another_key_are_refused_by_line(others: int) -> None:
    head = ",".join(COLUMNS)
    with _publication() as (publication, place):
        made = SuppressionKey(("k" if others == 0 else "o") * 32).hash("ann@example.com")
        (place / "r.csv").write_text(f"{head}\n,,erased,,,,,,,,,,{made}\n")
        with _list(publication, place) as database:
            report = import_readers(publication, database, place / "r.csv", NOW)
    assert (report.suppressed, report.refusals) == ((1, {}) if others == 0 else (0, {"state": 1}))
