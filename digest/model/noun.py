"""What every noun shares: it is frozen, and refuses fields that it does not know."""

from __future__ import annotations

import re
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, StringConstraints


class Noun(BaseModel):
    """A frozen value. Unknown fields are errors, since a misspelt key would otherwise be lost in silence."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)


def slug_of(name: str) -> str:
    """The slug of a name: lower case letters, digits and single hyphens, at most 60 characters.

    `-vs-` never occurs in a slug, because a comparison's address is `<slug>-vs-<slug>`.

    Args:
        name: A tool's name in any script.

    Returns:
        The slug, or `tool-` and the code points of the name where no letter or digit of ASCII is left.
    """
    import unicodedata

    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    slug = re.sub(r"[^a-z0-9]+", "-", plain.lower()).strip("-")[:60].strip("-")
    while "-vs-" in slug:
        slug = slug.replace("-vs-", "-versus-")
    return slug or "tool-" + "-".join(f"{ord(character):x}" for character in name.strip()[:8])


def checked_address(address: str) -> str:
    """Only the web's two schemes: a link in a mail must never run anything."""
    if not re.match(r"https?://[^\s<>\"]+$", address):
        raise ValueError("must be an address that begins with https:// or http://")
    return address


Slug = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=64)]
WebAddress = Annotated[str, AfterValidator(checked_address)]
Line = Annotated[str, StringConstraints(min_length=1, pattern=r"^[^\r\n]*$")]
