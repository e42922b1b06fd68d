"""Where Alembic meets our database: the connection is handed in, never configured in a file."""

from __future__ import annotations

from alembic import context

from digest.store.schema import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    # SQLite changes a table by writing it anew
    render_as_batch=True,
    # our caller's transaction is the one that counts
    transactional_ddl=False,
)
context.run_migrations()
