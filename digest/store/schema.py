"""The tables. Nothing here is SQLite's or PostgreSQL's alone."""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import (
    Column,
    DateTime,
    Dialect,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    Table,
    Text,
    TypeDecorator,
    UniqueConstraint,
)

VERSION = "0004"

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(column_0_label)s",
        "uq": "uq_%(table_name)s_%(column_0_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)


class Moment(TypeDecorator[datetime]):
    """A moment in UTC; SQLite forgets the zone, so it is put back on the way out."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Only moments with a zone may enter."""
        if value is not None and value.tzinfo is None:
            raise ValueError("a moment needs a time zone")
        return value.astimezone(UTC) if value is not None else None

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Every moment leaves in UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


# One row: who this database is, and which other's letters it may continue.
databases = Table(
    "databases",
    metadata,
    Column("id", Text, primary_key=True),
    Column("created_at", Moment, nullable=False),
    Column("adopted", Text, nullable=False, server_default=""),
)

feeds = Table(
    "feeds",
    metadata,
    Column("url", Text, primary_key=True),
    Column("etag", Text),
    Column("last_modified", Text),
    Column("body_hash", Text),
    Column("polled_at", Moment),
    Column("succeeded_at", Moment),
    Column("changed_at", Moment),
    Column("errors", Integer, nullable=False, server_default="0"),
    Column("last_error", Text),
    Column("next_poll_at", Moment),
    Column("moved_to", Text),
    Column("moved_seen", Integer, nullable=False, server_default="0"),
    Column("retired_at", Moment),
    Column("read_as", Text),
    Column("missed_at", Moment),
)

# What servers asked for with Retry-After counts for everything on the host.
hosts = Table(
    "hosts",
    metadata,
    Column("host", Text, primary_key=True),
    Column("not_before", Moment, nullable=False),
)

entries = Table(
    "entries",
    metadata,
    Column("feed", Text, primary_key=True),
    Column("identity", Text, primary_key=True),
    Column("content_hash", Text, nullable=False),
    Column("label", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("link", Text),
    Column("published", Moment),
    # the judgement whole, as JSON, where it is a launch
    Column("launch", Text),
    Column("first_seen_at", Moment, nullable=False),
    # empty while the entry is in its feed, so that a poll without changes writes nothing
    Column("last_seen_at", Moment),
    Index("ix_entries_last_seen_at", "last_seen_at"),
)

runs = Table(
    "runs",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("command", Text, nullable=False),
    Column("host", Text, nullable=False),
    Column("process", Integer, nullable=False),
    Column("started_at", Moment, nullable=False),
    Column("ended_at", Moment),
    Column("outcome", Text),
)

stages = Table(
    "stages",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("run_id", Integer, ForeignKey("runs.id"), nullable=False, index=True),
    Column("issue", Text, nullable=False, server_default=""),
    Column("stage", Text, nullable=False),
    Column("started_at", Moment, nullable=False),
    Column("ended_at", Moment),
    Column("outcome", Text),
    Column("detail", Text),
)

alerts = Table(
    "alerts",
    metadata,
    Column("key", Text, primary_key=True),
    Column("said_at", Moment, nullable=False),
)

readers = Table(
    "readers",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("address", Text, nullable=False),
    # the address as it is compared: case and the domain's spelling folded
    Column("address_key", Text, nullable=False),
    Column("name", Text, nullable=False, server_default=""),
    Column("state", Text, nullable=False),
    Column("created_at", Moment, nullable=False),
    # ids of categories, sorted, a space between two; empty means all of them
    Column("categories", Text, nullable=False, server_default=""),
    Column("paused_until", Moment),
    UniqueConstraint("address_key"),
)

consents = Table(
    "consents",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("reader_id", Integer, ForeignKey("readers.id"), nullable=False, index=True),
    Column("at", Moment, nullable=False),
    Column("how", Text, nullable=False),
    Column("wording_hash", Text, nullable=False),
    Column("wording", Text, nullable=False),
    Column("origin", Text, nullable=False, server_default="import"),
)

# Append-only: every change of a reader's state after they came onto the list.
reader_changes = Table(
    "reader_changes",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("reader_id", Integer, ForeignKey("readers.id"), nullable=False, index=True),
    Column("at", Moment, nullable=False),
    Column("state_before", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("cause", Text, nullable=False),
)

# Who must not be brought back and is not among the readers: a keyed hash of the address, never the address.
suppressions = Table(
    "suppressions",
    metadata,
    Column("hash", Text, primary_key=True),
    Column("reason", Text, nullable=False),
    Column("at", Moment, nullable=False),
    Column("cause", Text, nullable=False),
)

# The exact bytes of a letter, by their hash: a change of files in the middle of a send changes nothing.
bodies = Table(
    "bodies",
    metadata,
    Column("hash", Text, primary_key=True),
    Column("email", Text, nullable=False),
)

issues = Table(
    "issues",
    metadata,
    Column("id", Text, primary_key=True),
    Column("state", Text, nullable=False),
    Column("body_hash", Text, ForeignKey("bodies.hash"), nullable=False),
    Column("provider", Text, nullable=False),
    Column("started_at", Moment, nullable=False),
    Column("candidates", Integer, nullable=False, server_default="0"),
    Column("frozen_at", Moment),
    Column("finished_at", Moment),
    # of its comparisons; empty means that it is for everybody
    Column("categories", Text, nullable=False, server_default=""),
)

batches = Table(
    "batches",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("issue", Text, ForeignKey("issues.id"), nullable=False),
    Column("number", Integer, nullable=False),
    Column("state", Text, nullable=False),
    Column("attempt", Integer, nullable=False, server_default="0"),
    Column("owner", Text),
    Column("key", Text, nullable=False),
    Column("tag", Text, nullable=False),
    Column("first_attempt_at", Moment),
    Column("settled_at", Moment),
    UniqueConstraint("issue", "number"),
    Index("ix_batches_issue_state", "issue", "state"),
)

deliveries = Table(
    "deliveries",
    metadata,
    Column("issue", Text, ForeignKey("issues.id"), primary_key=True),
    Column("reader_id", Integer, ForeignKey("readers.id"), primary_key=True),
    Column("batch_id", Integer, ForeignKey("batches.id"), nullable=False, index=True),
    Column("address", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("reason", Text, nullable=False, server_default=""),
    Column("message_id", Text, nullable=False, server_default=""),
    Index("ix_deliveries_issue_state", "issue", "state"),
)

# Append-only: what was tried, when, and how it ended.
attempts = Table(
    "attempts",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("batch_id", Integer, ForeignKey("batches.id"), nullable=False, index=True),
    Column("attempt", Integer, nullable=False),
    Column("owner", Text, nullable=False),
    Column("started_at", Moment, nullable=False),
    Column("ended_at", Moment),
    Column("outcome", Text),
)
