"""Where a tag comes from: every tag that a template writes carries its template and line until the mail is compiled.

A letter is made of a dozen templates, so the line of what they make together tells nobody where a mistake stands.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from jinja2.ext import Extension
from jinja2.lexer import Token, TokenStream

ATTRIBUTE = "data-from"

# A tag whose name stands whole in the template.
_TAG = re.compile(r"<[a-zA-Z][\w:-]*(?=[\s/>])")
# A control character, which no printed value holds: what people write is never taken for a mark.
_OURS = "\x02"
_MARK = re.compile(rf' {ATTRIBUTE}="{_OURS}[^"]*"')


class SourceLines(Extension):
    """Marks the tags of templates that make markup; plain text stays as it is."""

    def filter_stream(self, stream: TokenStream) -> Iterator[Token]:
        """The template's tokens, those that are printed as they stand with their tags marked."""
        for token in stream:
            if token.type == "data" and self.environment.autoescape is True:
                yield Token(token.lineno, "data", _marked(token.value, stream.name or "", token.lineno))
            else:
                yield token


def unmarked(markup: str) -> str:
    """What templates made, without the marks."""
    return _MARK.sub("", markup)


def line_of(mark: str) -> str:
    """A mark's template and line, such as `email/lead.mjml.j2:4`."""
    return mark.removeprefix(_OURS)


def _marked(text: str, template: str, first_line: int) -> str:
    def with_mark(tag: re.Match[str]) -> str:
        line = first_line + text.count("\n", 0, tag.start())
        return f'{tag.group()} {ATTRIBUTE}="{_OURS}{template}:{line}"'

    return _TAG.sub(with_mark, text)
