"""digest.toml and the environment become a Publication, or every mistake in them at once.

Secrets come from the environment or from files that it names (`NAME_FILE`), never from digest.toml, and are never
printed.
"""

from __future__ import annotations

import os
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Literal

from email_validator import EmailNotValidError, validate_email
from pydantic import AfterValidator, Field

from digest.errors import BrokenInput
from digest.files.problems import BrokenFile, validated
from digest.files.text import read_text
from digest.files.toml_source import TomlSource, read_toml
from digest.files.writing import write_private
from digest.model.issue import Category, Language, Sender
from digest.model.noun import Line, Noun, Slug, WebAddress
from digest.model.pairing import PairingRules
from digest.model.service import PROVIDERS, ProviderSettings, checked_service
from digest.model.theme import LEAST_CONTRAST, Theme, faint
from digest.model.tool import Feed
from digest.model.verdict import Reviewer
from digest.model.week import Schedule

FILE = "digest.toml"
KEY_FILE = "digest.secret"
SUPPRESSION_KEY_FILE = "digest.secret.suppression"


def _checked_mailbox(address: str) -> str:
    try:
        validate_email(address, check_deliverability=False, test_environment=True)
    except EmailNotValidError as error:
        raise ValueError(f"must be a mail address ({str(error).rstrip('.').lower()})") from None
    return address


class SenderSettings(Sender):
    """Who the letter comes from; a postal address is required by law in most countries (CAN-SPAM, 15 USC 7704)."""

    address: Annotated[str, AfterValidator(_checked_mailbox)]
    reply_to: Annotated[str, AfterValidator(_checked_mailbox)]


class PanelSettings(Noun):
    """The standing critics, and how many reviews make a per cent."""

    quorum: Annotated[int, Field(ge=1, le=50)] = 2
    reviewers: Annotated[tuple[Reviewer, ...], Field(min_length=1)]


class CategorySettings(Category):
    """A category of the publication."""

    id: Slug


class IssueSettings(Noun):
    """How much an issue holds."""

    comparisons: Annotated[int, Field(ge=1, le=6)] = 4
    also_shipped: Annotated[int, Field(ge=0, le=40)] = 12
    first_number: Annotated[int, Field(ge=0, le=99_999)] = 1


class AlertSettings(Noun):
    """Where word goes when an issue is held past its time, and where a good run reports."""

    webhook: WebAddress | None = None
    ping: WebAddress | None = None


class Settings(Noun):
    """digest.toml."""

    name: Line
    language: Language = "en"
    base_url: WebAddress
    approval: Literal["required", "automatic"] = "required"
    approvals: Annotated[int, Field(ge=1, le=5)] = 1
    sender: SenderSettings
    panel: PanelSettings
    categories: Annotated[tuple[CategorySettings, ...], Field(min_length=1)]
    schedule: Schedule = Schedule()
    issue: IssueSettings = IssueSettings()
    pairing: PairingRules = PairingRules()
    provider: ProviderSettings = ProviderSettings()
    alerts: AlertSettings = AlertSettings()
    theme: Theme = Theme()
    feeds: tuple[Feed, ...] = ()


@dataclass(frozen=True)
class Publication:
    """A folder with digest.toml, read together with the environment.

    Attributes:
        folder: The publication's folder, absolute.
        settings: What digest.toml says.
        base_url: Where the readers' application answers, without a slash at its end.
        database_url: The state's database, as SQLAlchemy spells it.
        provider: The service that sends.
        api_url: Its address, where it is not the usual one.
    """

    folder: Path
    settings: Settings
    base_url: str
    database_url: str
    provider: str
    environment_keys: tuple[str, ...] = field(repr=False, default=())
    api_url: str | None = None
    environment: Mapping[str, str] = field(repr=False, compare=False, default_factory=dict)

    def secret(self, name: str) -> str | None:
        """A provider's key: from the environment, or from the file that NAME_FILE names. It is never printed.

        Args:
            name: The variable, such as `RESEND_API_KEY`.

        Raises:
            BrokenInput: The file cannot be read.
        """
        value, mistake = _variable(self.environment, name)
        if mistake:
            raise BrokenInput(mistake)
        return value

    @property
    def schedule(self) -> Schedule:
        """What is due when."""
        return self.settings.schedule

    @property
    def category_ids(self) -> tuple[str, ...]:
        """The ids of the categories, in their order."""
        return tuple(category.id for category in self.settings.categories)

    @property
    def outbox(self) -> Path:
        """The Maildir of the built-in provider."""
        return self.folder / "outbox"

    @property
    def verdicts(self) -> Path:
        """The folder of stored verdicts."""
        return self.folder / "verdicts"

    @property
    def recording(self) -> Path:
        """The folder of recorded answers."""
        return self.folder / "feeds"

    def secret_keys(self) -> tuple[str, ...]:
        """The keys that sign readers' links, newest first.

        Without any in the environment, one is made for this folder on the first call and kept in `digest.secret`,
        readable by its owner alone: enough for the outbox, and `digest doctor` says so before a real send.
        """
        return self.environment_keys or (_local_secret(self.folder / KEY_FILE),)

    def suppression_key(self) -> str:
        """The key by which those who must not be brought back are known again; it is never rotated.

        Without DIGEST_SUPPRESSION_KEY one is made for this folder, as for the readers' links.

        Raises:
            BrokenInput: It is too short, or its file cannot be read.
        """
        key = self.secret("DIGEST_SUPPRESSION_KEY")
        if key is not None and len(key) < 16:
            cure = "make one with `openssl rand -hex 32`"
            raise BrokenInput("shorter than 16 characters", where="DIGEST_SUPPRESSION_KEY", cure=cure)
        return key or _local_secret(self.folder / SUPPRESSION_KEY_FILE, "DIGEST_SUPPRESSION_KEY")


def find_folder(start: Path) -> Path:
    """The publication that a folder lies in: itself, or the nearest above it with a digest.toml, as git finds its own.

    Raises:
        BrokenInput: There is none.
    """
    start = start.resolve()
    if not start.is_dir():
        raise BrokenInput("no such folder", where=start, cure="name the publication's folder with -C DIR")
    for folder in (start, *start.parents):
        if (folder / FILE).is_file():
            return folder
    raise BrokenInput(
        f"no {FILE} here or in any folder above", where=start, cure="make a publication with `digest init DIR`"
    )


def load_publication(folder: Path, environment: Mapping[str, str] = os.environ) -> Publication:
    """Read a publication.

    Args:
        folder: The folder with digest.toml.
        environment: The process's environment.

    Returns:
        The publication.

    Raises:
        BrokenFile: With every mistake in digest.toml and the environment, one a line.
    """
    mistakes: list[str] = []
    settings: Settings | None = None
    source = None
    try:
        source = read_toml(folder / FILE)
        settings = validated(Settings, source.data, path=source.path, position_of=source.position_of)
    except BrokenFile as error:
        mistakes += error.mistakes
    if settings is not None and source is not None:
        mistakes += _repeated(settings, source.path)
        mistakes += _faint(settings.theme, source)
    values, wrong = _environment(environment)
    mistakes += wrong
    if mistakes or settings is None:
        raise BrokenFile(folder / FILE, mistakes)
    return Publication(
        folder=folder,
        settings=settings,
        base_url=values.get("DIGEST_BASE_URL", settings.base_url).rstrip("/"),
        database_url=values.get("DIGEST_DATABASE_URL", f"sqlite:///{folder / 'digest.db'}"),
        provider=values.get("DIGEST_PROVIDER", settings.provider.name),
        environment_keys=tuple(key for key in values.get("DIGEST_SECRET_KEYS", "").replace(",", " ").split() if key),
        api_url=values.get("DIGEST_API_URL", settings.provider.api_url),
        environment=environment,
    )


def _repeated(settings: Settings, path: Path) -> list[str]:
    """Ids that stand twice, which no single field can see."""
    mistakes = []
    for what, ids in (
        ("panel.reviewers", [reviewer.id for reviewer in settings.panel.reviewers]),
        ("categories", [category.id for category in settings.categories]),
        ("feeds", [feed.url for feed in settings.feeds]),
    ):
        twice = sorted({name for name in ids if ids.count(name) > 1})
        mistakes += [f'{path}: {what}: "{name}" stands there twice; keep one' for name in twice]
    return mistakes


def _faint(theme: Theme, source: TomlSource) -> list[str]:
    """Colours that could not be read on each other, which no single field can see."""
    mistakes = []
    for scheme, palette in (("light", theme.light), ("dark", theme.dark)):
        for text, ground, contrast in faint(palette):
            # the one that digest.toml says is the one to change
            name, other = (text, ground) if text in palette.model_fields_set else (ground, text)
            at = source.position_of(("theme", scheme, name))
            mistakes.append(
                f"{source.path}:{at.line}:{at.column}: theme.{scheme}.{name}: {getattr(palette, name)} against {other} "
                f"{getattr(palette, other)} has a contrast of {contrast:.2f}:1, and text needs {LEAST_CONTRAST}:1; "
                f"choose colours that lie further apart"
            )
    return mistakes


def _environment(environment: Mapping[str, str]) -> tuple[dict[str, str], list[str]]:
    """Our variables, each from itself or from the file that NAME_FILE names, and what is wrong with them."""
    values: dict[str, str] = {}
    mistakes: list[str] = []
    for name in ("DIGEST_BASE_URL", "DIGEST_DATABASE_URL", "DIGEST_PROVIDER", "DIGEST_API_URL", "DIGEST_SECRET_KEYS"):
        value, mistake = _variable(environment, name)
        if value is not None:
            values[name] = value
        mistakes += [mistake] if mistake else []
    if not re.fullmatch(r"https?://[^\s<>\"/]+[^\s<>\"]*", values.get("DIGEST_BASE_URL", "https://-")):
        mistakes.append("DIGEST_BASE_URL: must be an address that begins with https:// or http://")
    if values.get("DIGEST_PROVIDER", "outbox") not in PROVIDERS:
        mistakes.append(f'DIGEST_PROVIDER: must be one of {", ".join(PROVIDERS)}; found "{values["DIGEST_PROVIDER"]}"')
    if "DIGEST_API_URL" in values:
        try:
            values["DIGEST_API_URL"] = checked_service(values["DIGEST_API_URL"])
        except ValueError as error:
            mistakes.append(f"DIGEST_API_URL: {error}")
    if not values.get("DIGEST_DATABASE_URL", "sqlite://").startswith(("sqlite:", "postgresql:", "postgresql+psycopg:")):
        mistakes.append("DIGEST_DATABASE_URL: must begin with sqlite:/// or postgresql://")
    if any(len(key) < 16 for key in values.get("DIGEST_SECRET_KEYS", "").replace(",", " ").split()):
        mistakes.append("DIGEST_SECRET_KEYS: a key is shorter than 16 characters; make one with `openssl rand -hex 32`")
    return values, mistakes


def _variable(environment: Mapping[str, str], name: str) -> tuple[str | None, str]:
    """A variable's value, from itself or from the file that NAME_FILE names, and what is wrong with it."""
    if environment.get(name):
        return environment[name].strip(), ""
    if not environment.get(f"{name}_FILE"):
        return None, ""
    try:
        return Path(environment[f"{name}_FILE"]).read_text(encoding="utf-8").strip(), ""
    except (OSError, UnicodeDecodeError):
        return None, f"{name}_FILE: cannot read that file; name a file that holds the value of {name}"


def _local_secret(path: Path, name: str = "DIGEST_SECRET_KEYS") -> str:
    if not path.exists():
        write_private(path, secrets.token_hex(32) + "\n")
    secret = read_text(path).strip()
    if len(secret) < 16:
        raise BrokenInput("holds no key", where=path, cure=f"put a long random word there, or set {name}")
    return secret
