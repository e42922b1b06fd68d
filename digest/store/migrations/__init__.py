"""The schema's history, one module a step; it runs by itself when the database is opened."""
