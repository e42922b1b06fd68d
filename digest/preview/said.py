"""What the page says after a change, by the name that the address carries."""

from __future__ import annotations

SAID = {
    "words": "The words are written to issue.yaml.",
    "pairs": "The pairs are written to issue.yaml.",
    "desk": "The decision is written to desk.yaml.",
    "tip": "The tool is filed.",
    "verdict": "The verdict is written to its file.",
    "build": "The letter is built.",
    "approve": "The letter is approved.",
    "withdraw": "The approval is withdrawn; the letter is a draft again.",
}
