"""Readers: what they want, pauses, every change of state, and who must not be brought back."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the schema forward."""
    op.create_table(
        "reader_changes",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("reader_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state_before", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("cause", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["reader_id"], ["readers.id"], name=op.f("fk_reader_changes_reader_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reader_changes")),
    )
    op.create_index(op.f("ix_reader_changes_reader_id"), "reader_changes", ["reader_id"], unique=False)
    op.create_table(
        "suppressions",
        sa.Column("hash", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("cause", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("hash", name=op.f("pk_suppressions")),
    )
    op.add_column("readers", sa.Column("categories", sa.Text(), server_default="", nullable=False))
    op.add_column("readers", sa.Column("paused_until", sa.DateTime(timezone=True), nullable=True))
    op.add_column("consents", sa.Column("origin", sa.Text(), server_default="import", nullable=False))
    op.add_column("issues", sa.Column("categories", sa.Text(), server_default="", nullable=False))
