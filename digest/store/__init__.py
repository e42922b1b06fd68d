"""The database: what the machine learns. Schema, migrations, and one module of queries a noun; all SQL is here."""
