"""The weekly job with its state in PostgreSQL does what it does with SQLite."""

from __future__ import annotations

from pathlib import Path

import pytest
from conftest import SENDING, WEEK, CommandLine, tree
from newsroom import letters_in

pytestmark = pytest.mark.long


def test_the_whole_job_runs_on_postgresql(
    publication: Path, sent_publication: Path, digest_command: CommandLine, postgresql_url: str
) -> None:
    environment = {"DIGEST_DATABASE_URL": postgresql_url}

    first = digest_command("run", "--offline", "--approve", folder=publication, env=environment)
    assert first.returncode == 0, first.said
    assert "24 candidates = 24 accepted" in first.stdout
    assert not list(publication.glob("digest.db*"))
    letters = letters_in(publication / "outbox")
    assert len(letters) == len(set(letters)) == 24
    for part in ("email.html", "email.txt", "inputs.json", "tools.jsonl", "issue.yaml", "approval.yaml"):
        there = publication / "issues" / WEEK / part
        assert there.read_bytes() == (sent_publication / "issues" / WEEK / part).read_bytes(), part

    before = tree(publication)
    second = digest_command("run", "--offline", "--approve", folder=publication, env=environment)
    assert "Nothing is sent twice" in second.stdout
    assert tree(publication) == before

    listed = digest_command("--now", SENDING, "deliveries", "list", "--json", folder=publication, env=environment)
    assert listed.returncode == 0
    assert listed.json["balance"]["accepted"] == 24
