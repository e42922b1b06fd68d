"""Mail addresses: which of them are good, and which two are the same."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from email_validator import ValidatedEmail

# what nearly all local parts look like: RFC 5322's dot-atom without its rare characters, in lower case
_PLAIN_LOCAL_PART = re.compile(r"[a-z0-9_+-]+(?:\.[a-z0-9_+-]+)*", re.ASCII)
_LONGEST_LOCAL_PART, _LONGEST = 64, 254  # RFC 5321 section 4.5.3.1, and RFC 3696's erratum 1690


class MailAddress(NamedTuple):
    """A mail address that was checked.

    Attributes:
        address: As it is written to: the domain in lower case and in its own script, the local part as it was given.
        key: As it is compared: who owns `Ann@example.com` owns `ann@EXAMPLE.com`, and `müller.example` is
            `xn--mller-kva.example`.
    """

    address: str
    key: str


def mail_address(written: str) -> MailAddress:
    """Check an address, and give it the spelling that addresses are kept and compared in.

    Syntax as RFC 5321, 5322 and 6531 have it, domains as IDNA 2008 has them. Nothing is asked of the network.

    Args:
        written: An address alone, without a name or angle brackets.

    Raises:
        ValueError: It is no address, in words.
    """
    written = written.strip()
    local, _, domain = written.rpartition("@")
    if len(local) <= _LONGEST_LOCAL_PART and _PLAIN_LOCAL_PART.fullmatch(local):
        folded, octets = _checked_domain(domain)
        if len(local) + 1 + octets <= _LONGEST:
            address = f"{local}@{folded}"
            return MailAddress(address, _key(address))
    address = _validated(written).normalized
    return MailAddress(address, _key(address))


def address_key(written: str) -> str:
    """An address as addresses are compared; what is no address is folded all the same, and equals no reader's."""
    try:
        return mail_address(written).key
    except ValueError:
        return _key(written.strip())


def _key(address: str) -> str:
    return address.lower() if address.isascii() else unicodedata.normalize("NFC", address.casefold())


@lru_cache(maxsize=4096)
def _checked_domain(domain: str) -> tuple[str, int]:
    """A domain in its own script, and its length in ASCII. Lists have many addresses and few domains."""
    checked = _validated(f"a@{domain}")
    return checked.domain, len(checked.ascii_domain)


def _validated(written: str) -> ValidatedEmail:
    from email_validator import EmailNotValidError, validate_email

    try:
        # .example and .test domains are the samples'; whether a domain takes mail is the provider's to find out
        return validate_email(written, check_deliverability=False, test_environment=True)
    except EmailNotValidError as error:
        said = " ".join(str(error).rstrip(".").split())
        raise ValueError(said[:1].lower() + said[1:]) from None
