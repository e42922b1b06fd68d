"""The templates: the publication's own first, then the program's; everything that they print is escaped.

Jinja2's `select_autoescape()` leaves `.mjml` alone, so escaping is on for every template here. Only the text part
is written without it, because plain text has no markup to escape into.
"""

from __future__ import annotations

import hashlib
import re
from pathlib import Path
from types import TracebackType
from typing import Any

from jinja2 import (
    ChoiceLoader,
    Environment,
    FileSystemLoader,
    StrictUndefined,
    TemplateError,
    TemplateNotFound,
    TemplateSyntaxError,
    meta,
)
from markupsafe import Markup

from digest.errors import BrokenInput
from digest.mail.merge_field import ReaderAddress, defused, defused_address
from digest.render import words
from digest.render.source_lines import SourceLines, unmarked

EMAIL_HTML = "email.mjml.j2"
EMAIL_TEXT = "email.txt.j2"

_ADDRESS = re.compile(r"https?://\S+")


def program_templates() -> Path:
    """The folder of the program's own templates.

    Returns:
        `digest/templates` inside an installed wheel, else `templates` beside the package.
    """
    package = Path(__file__).resolve().parent.parent
    shipped = package / "templates"
    return shipped if shipped.is_dir() else package.parent / "templates"


class Templates:
    """The Jinja2 environment of a publication.

    Args:
        overrides: The publication's templates/ folder, which may be missing, or None.
    """

    def __init__(self, overrides: Path | None = None) -> None:
        self._folders = [folder for folder in (overrides, program_templates()) if folder is not None]
        self._markup = Environment(
            loader=ChoiceLoader([FileSystemLoader(folder) for folder in self._folders]),
            autoescape=True,
            undefined=StrictUndefined,
            finalize=visible,
            extensions=[SourceLines],
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._markup.filters.update(words=words.block, inline=words.inline)
        self._plain = self._markup.overlay(autoescape=False)
        self._plain.filters = {**self._markup.filters, "plain": words.plain, "line": words.one_line, "fold": words.fold}

    def markup(self, name: str, **values: object) -> str:
        """A template as markup, every value in it escaped.

        Args:
            name: The template's name, relative to its folder.
            values: What the template may print.

        Returns:
            The filled template.

        Raises:
            BrokenInput: The template is missing, is no Jinja2, or asks for what is not there.
        """
        return unmarked(self.marked(name, **values))

    def marked(self, name: str, **values: object) -> str:
        """The same as `markup`, every tag of a template with that template and its line."""
        return self._filled(self._markup, name, values)

    def plain(self, name: str, **values: object) -> str:
        """A template as plain text; arguments, result and errors as for `markup`."""
        return self._filled(self._plain, name, values)

    def hashes(self, *names: str) -> dict[str, str]:
        """The SHA-256 of every template that the mail is made of, by name, those that others include among them.

        Args:
            names: Where to begin; the mail's two parts when none is given.

        Returns:
            Name to hash, in the order of the names.
        """
        waiting, known = list(names or (EMAIL_HTML, EMAIL_TEXT)), dict[str, str]()
        while waiting:
            name = waiting.pop()
            if name in known:
                continue
            source = self._source(name)
            known[name] = hashlib.sha256(source.encode()).hexdigest()
            waiting.extend(found for found in meta.find_referenced_templates(self._parsed(name, source)) if found)
        return dict(sorted(known.items()))

    def _source(self, name: str) -> str:
        assert self._markup.loader is not None
        try:
            return self._markup.loader.get_source(self._markup, name)[0]
        except (TemplateError, OSError, UnicodeDecodeError) as error:
            raise self._broken(name, error) from error

    def _parsed(self, name: str, source: str) -> Any:
        try:
            return self._markup.parse(source, name)
        except TemplateError as error:
            raise self._broken(name, error) from error

    def _filled(self, environment: Environment, name: str, values: dict[str, object]) -> str:
        try:
            return environment.get_template(name).render(values)
        except RecursionError as error:
            raise self._broken(name, error) from error
        except Exception as error:  # a template may call anything on a value, so it may raise anything
            raise self._broken(name, error) from error

    def _broken(self, name: str, error: Exception) -> BrokenInput:
        cure = "mend the template, or delete it from templates/ to use the program's own"
        if isinstance(error, TemplateNotFound):
            return BrokenInput(f"the template {error.name} is missing", where=f"templates/{name}", cure=cure)
        if isinstance(error, TemplateSyntaxError):
            where = f"templates/{error.name or name}:{error.lineno}"
        else:
            where = f"templates/{self._place(error.__traceback__) or name}"
        return BrokenInput(f"the template does not work: {error}", where=where, cure=cure)

    def _place(self, traceback: TracebackType | None) -> str:
        """The innermost template line of a traceback, as `name:line`; Jinja2 puts its own lines into it."""
        place = ""
        while traceback is not None:
            file = Path(traceback.tb_frame.f_code.co_filename)
            for folder in self._folders:
                if file.is_relative_to(folder):
                    place = f"{file.relative_to(folder).as_posix()}:{traceback.tb_lineno}"
            traceback = traceback.tb_next
        return place


def visible(value: object) -> object:
    """A value without the characters that nobody sees, and without anything that a provider would replace.

    Unseen are control characters and turns of the reading direction.

    Args:
        value: Anything that a template prints.

    Returns:
        The same, cleaned where it is text; markup stays markup, and a reader's own address keeps its merge field.
    """
    # markup is made of values that went through here, or of words that `words` cleaned
    if isinstance(value, ReaderAddress | Markup) or not isinstance(value, str):
        return value
    text = words.seen(value)
    return defused_address(text) if _ADDRESS.fullmatch(text) else defused(text)
