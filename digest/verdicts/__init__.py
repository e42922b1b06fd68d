"""The stored verdicts: read, validated, matched to the tools that were collected."""
