"""When entries of a feed may have been missed."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the schema forward."""
    op.add_column("feeds", sa.Column("missed_at", sa.DateTime(timezone=True), nullable=True))
