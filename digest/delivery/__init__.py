"""Deliver an issue: every reader once, and whoever cannot be accounted for is listed by name."""
