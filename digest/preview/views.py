"""The ways to look at an issue."""

from __future__ import annotations

from typing import NamedTuple


class View(NamedTuple):
    """One way to look at an issue.

    Attributes:
        look: How the mail in the frame is shown; None where no mail is framed.
        width: The frame's width in CSS pixels; 0 where it follows the window.
        says: What a person sees there that they see nowhere else.
    """

    id: str
    name: str
    look: str | None = None
    width: int = 0
    says: str = ""


VIEWS = {
    view.id: view
    for view in (
        View("phone", "Phone", "light", 375),
        View("desktop", "Desktop", "light", 600),
        View("free", "Free width", "light", 480, "Drag the corner, or give a width."),
        View("dark", "Dark", "dark", 375, "The mail's own dark scheme, as Apple Mail shows it."),
        View("inverted", "Forced dark", "inverted", 375, "Colours turned over, about as Gmail's app does it."),
        View("no-images", "Images off", "no-images", 375, "What is left where no picture is loaded."),
        View("no-styles", "No styles", "no-styles", 375, "Style elements dropped, as Gmail does for other addresses."),
        View(
            "outlook",
            "Outlook",
            "outlook",
            700,
            "Conditional comments opened, and what classic Outlook ignores taken out.",
        ),
        View("inbox", "Inbox"),
        View("text", "Plain text"),
        View("source", "Source"),
        View("headers", "Headers"),
    )
}

PANELS = {"checks": "Checks", "words": "Words", "pairs": "Pairs", "desk": "Desk", "approve": "Approve"}
