"""Digest: a weekly newsletter that compares newly shipped tools, two by two."""

__version__ = "0.1.0"
