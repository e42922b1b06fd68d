"""digest.toml and the environment say which provider sends, where, and with which key; what is missing is named."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from conftest import CommandLine, replace_in
from letters import batch, copies, letter
from provider_table import DEADLINE

from digest.delivery.providers import _PROVIDERS, needs_of, notes_of, provider_of
from digest.errors import BrokenInput
from digest.files.problems import BrokenFile
from digest.model.service import PROVIDERS
from digest.publication import Publication, load_publication

SECRET = "a-very-secret-key"
KEYS = {
    "smtp": {"SMTP_URL": f"smtps://letter:{SECRET}@mail.internal:465"},
    "resend": {"RESEND_API_KEY": SECRET},
    "postmark": {"POSTMARK_SERVER_TOKEN": SECRET},
    "sendgrid": {"SENDGRID_API_KEY": SECRET},
    "mailgun": {"MAILGUN_API_KEY": SECRET},
    "ses": {"AWS_ACCESS_KEY_ID": "AKIA", "AWS_SECRET_ACCESS_KEY": SECRET},
}
REMOTE = list(KEYS)


@pytest.fixture(autouse=True)
def nobody_is_signed_in(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """AWS's tools look in many places; in a test there is nothing in any of them."""
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_PROFILE", "AWS_DEFAULT_REGION", "AWS_REGION"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "none"))
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "none"))
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")


def loaded(folder: Path, name: str, environment: dict[str, str] | None = None, **settings: Any) -> Publication:
    publication = load_publication(folder, {"DIGEST_PROVIDER": name, **(environment or {})})
    told = {"region": "eu-central-1"} if name == "ses" else {}
    provider = publication.settings.provider.model_copy(update={**told, **settings})
    return replace(publication, settings=publication.settings.model_copy(update={"provider": provider}))


def test_every_provider_that_digest_toml_may_name_is_there() -> None:
    assert tuple(_PROVIDERS) == PROVIDERS


@pytest.mark.parametrize("name", REMOTE)
def test_a_missing_key_is_named_with_its_cure(name: str, publication: Path) -> None:
    needs = needs_of(loaded(publication, name))
    assert len(needs) == 1
    assert all(need.what and need.cure for need in needs)
    with pytest.raises(BrokenInput) as caught:
        provider_of(loaded(publication, name))
    assert caught.value.exit_code == 2


@pytest.mark.parametrize("name", REMOTE)
def test_with_its_key_it_is_ready_and_shows_the_key_to_nobody(name: str, publication: Path) -> None:
    ready = loaded(publication, name, KEYS[name])
    provider = provider_of(ready)
    assert provider.name == name
    assert SECRET not in repr(ready) + repr(provider)


@pytest.mark.parametrize("name", REMOTE)
def test_a_key_may_lie_in_a_file(name: str, publication: Path, tmp_path: Path) -> None:
    environment = {}
    for variable, value in KEYS[name].items():
        (tmp_path / variable).write_text(f"{value}\n")
        environment[f"{variable}_FILE"] = str(tmp_path / variable)
    assert needs_of(loaded(publication, name, environment)) == []


def test_a_key_file_that_is_not_there_is_said_by_its_variable(publication: Path) -> None:
    with pytest.raises(BrokenInput, match="RESEND_API_KEY_FILE"):
        needs_of(loaded(publication, "resend", {"RESEND_API_KEY_FILE": "/nowhere"}))


@pytest.mark.parametrize("name", [name for name in REMOTE if name != "smtp"])
def test_a_service_may_live_elsewhere(name: str, publication: Path) -> None:
    environment = {**KEYS[name], "DIGEST_API_URL": "http://127.0.0.1:9/"}
    (copy,) = copies(1)
    answer = provider_of(loaded(publication, name, environment)).send(letter(), batch([copy]), [copy], DEADLINE)
    # port 9 refuses, so it was this address that was asked
    assert answer.outcomes[0].reason == "not sent: no connection"


@pytest.mark.parametrize(
    ("name", "settings", "address"),
    [
        ("resend", {}, "https://api.resend.com"),
        ("postmark", {}, "https://api.postmarkapp.com"),
        ("sendgrid", {}, "https://api.sendgrid.com"),
        ("sendgrid", {"region": "eu"}, "https://api.eu.sendgrid.com"),
        ("mailgun", {}, "https://api.mailgun.net"),
        ("mailgun", {"region": "eu"}, "https://api.eu.mailgun.net"),
        ("ses", {}, "https://email.eu-central-1.amazonaws.com"),
    ],
)
def test_where_it_lives_usually(name: str, settings: dict[str, str], address: str, publication: Path) -> None:
    provider = provider_of(loaded(publication, name, KEYS[name], **settings))
    assert provider._api_url == address  # type: ignore[attr-defined]


def test_the_account_s_own_rate_stands_over_the_usual_one(publication: Path) -> None:
    usual = provider_of(loaded(publication, "ses", KEYS["ses"])).limits
    own = provider_of(loaded(publication, "ses", KEYS["ses"], messages_a_second=200.0)).limits
    assert (usual.messages_a_second, own.messages_a_second, own.readers) == (14, 200, 50)


def test_mailgun_has_two_regions(publication: Path) -> None:
    (need,) = needs_of(loaded(publication, "mailgun", KEYS["mailgun"], region="mars"))
    assert '"mars"' in need.what


@pytest.mark.parametrize(
    "address", ["mail.internal:587", "https://mail.internal", "smtp://", "smtp://u:p@mail.internal:99999", "smtp://[x"]
)
def test_a_mail_server_s_address_that_cannot_be_read_is_not_repeated(address: str, publication: Path) -> None:
    (need,) = needs_of(loaded(publication, "smtp", {"SMTP_URL": address}))
    assert need.what == "SMTP_URL cannot be read"
    assert "u:p@" not in need.what + need.cure


@pytest.mark.parametrize(
    ("line", "what"),
    [
        ('name = "pigeon"', "provider.name"),
        ('name = "resend"\napi_url = "http://api.somewhere.org"', "https://"),
        ('name = "resend"\napi_url = "https://me:secret@api.somewhere.org"', "without a password"),
        ('name = "resend"\napi_key = "x"', "api_key"),
        ('name = "ses"\nmessages_a_second = 0', "messages_a_second"),
    ],
)
def test_a_mistake_in_digest_toml_has_its_line(line: str, what: str, publication: Path) -> None:
    replace_in(publication / "digest.toml", 'name = "outbox"', line)
    with pytest.raises(BrokenFile) as caught:
        load_publication(publication, {})
    assert len(caught.value.mistakes) == 1
    assert "digest.toml:" in caught.value.mistakes[0]
    assert what in caught.value.mistakes[0]


@pytest.mark.parametrize(
    "address", ["https://api.eu.mailgun.net", "http://localhost:8080", "http://10.0.0.7", "smtp://x"]
)
def test_addresses_that_keys_may_travel_to(address: str, publication: Path) -> None:
    assert load_publication(publication, {"DIGEST_API_URL": address}).api_url == address


@pytest.mark.parametrize("name", REMOTE)
def test_the_doctor_says_what_is_missing_and_what_to_switch_by_hand(
    name: str, publication: Path, digest_here: CommandLine
) -> None:
    replace_in(publication / "digest.toml", 'name = "outbox"', f'name = "{name}"\nregion = "eu"')
    without = digest_here("doctor", folder=publication)
    (need,) = needs_of(loaded(publication, name))
    assert need.what in " ".join(without.stdout.split())
    ready = digest_here("doctor", folder=publication, env=KEYS[name])
    said = " ".join(ready.stdout.split())
    assert need.what not in said
    assert SECRET not in ready.said
    for note in notes_of(loaded(publication, name)):
        assert note in said
