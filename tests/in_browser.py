"""A letter in a real browser: at a width, in a scheme, as poor mail programs show it."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
SCHEMES = ("light", "dark")


@contextmanager
def opened(browser: Any, html: str, width: int, scheme: str = "light", height: int = 812) -> Iterator[Any]:
    """A page that shows a letter and asks nothing of the network."""
    context = browser.new_context(viewport={"width": width, "height": height}, color_scheme=scheme, offline=True)
    page = context.new_page()
    page.set_content(html)
    yield page
    context.close()


def without_styles(html: str) -> str:
    """The letter in a program that drops style elements (Gmail with a foreign account)."""
    return re.sub(r"<style.*?</style>", "", html, flags=re.DOTALL)


def as_outlook_reads_it(html: str) -> str:
    """The letter with its conditional comments opened, as classic Outlook has them, and what it skips taken out."""
    html = re.sub(r"<!--\[if [^\]]*!\s*mso[^\]]*\]>(<!-->|-->)?.*?<!(--)?\[endif\]-->", "", html, flags=re.DOTALL)
    html = re.sub(r"<!--\[if [^\]]*mso[^\]]*\]>", "", html)
    return html.replace("<![endif]-->", "")
