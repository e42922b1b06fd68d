"""A server that does whatever a server can do wrong, asked by one `digest collect`: it stands, the others are read."""

from __future__ import annotations

import gzip
import json
import sqlite3
import textwrap
import time
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest
from conftest import CommandLine
from feed_server import FeedServer, serving

pytestmark = pytest.mark.long

NOW = "2026-11-18T12:00:00+01:00"
MOST_MEMORY = 300  # MB, of the process that was called
ITEM = (
    "<item><title>{0}</title><link>https://{0}.example/</link><guid>{0}</guid>"
    "<pubDate>Tue, 17 Nov 2026 09:00:00 GMT</pubDate><description>A new tool</description></item>"
)
# Runs in the process that is called: one name answers differently the second time, and the end tells the peak.
SITE = """
    import atexit, os, re, socket
    from pathlib import Path

    if os.environ.get("PEAK_FILE"):
        asked = socket.getaddrinfo
        turns = []

        def answers(host, *arguments, **named):
            if host == "rebinding.test":
                turns.append(host)
                host = "198.51.100.7" if len(turns) == 1 else "127.0.0.1"
            return asked(host, *arguments, **named)

        def tell():
            peak = re.search(r"VmHWM:\\s+(\\d+)", Path("/proc/self/status").read_text())[1]
            Path(os.environ["PEAK_FILE"]).write_text(peak)

        socket.getaddrinfo = answers
        atexit.register(tell)
"""


def rss(*items: str, head: str = "", title: str = "Launches") -> bytes:
    channel = f"<channel><title>{title}</title>{''.join(items)}</channel>"
    return f'<?xml version="1.0"?>{head}<rss version="2.0">{channel}</rss>'.encode()


def drip(request: BaseHTTPRequestHandler) -> None:
    request.send_response(200)
    request.end_headers()
    while True:
        request.wfile.write(b"<")
        time.sleep(0.2)


def endless(request: BaseHTTPRequestHandler) -> None:
    request.send_response(200)
    request.end_headers()
    while True:
        request.wfile.write(b"<item/>" * 10_000)


def entity_bomb() -> bytes:
    entities = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 10))
    head = f'<!DOCTYPE rss [<!ENTITY e0 "ha">{entities}]>'
    return rss(ITEM.format("bomb"), "<item><title>&e9;</title></item>", head=head)


def gzip_bomb() -> bytes:
    return gzip.compress(rss(ITEM.format("a")) + b" " * 200_000_000)


def truncated_gzip() -> bytes:
    return gzip.compress(rss(*map(ITEM.format, "abcdef")))[:-60]


# What is served, and whether the feed is left out. Where None stands, either is right: what counts is that it ends.
Answering = Callable[[FeedServer], None]
BODIES: dict[str, tuple[Callable[[], bytes], dict[str, str], int, bool | None]] = {
    "/xxe": (
        lambda: rss(
            "<item><title>Secret &x;</title><link>https://xxe.example/</link></item>",
            head='<!DOCTYPE rss [<!ENTITY x SYSTEM "file:///etc/passwd">]>',
        ),
        {}, 200, None,
    ),
    "/entity-bomb": (entity_bomb, {}, 200, None),
    "/attributes": (
        lambda: rss("<item " + " ".join(f"a{n}='{n}'" for n in range(200_000)) + "><title>x</title></item>"),
        {}, 200, True,
    ),
    "/items": (lambda: rss("<item><title>x</title><link>https://a.example/</link></item>" * 200_000), {}, 200, False),
    "/description": (lambda: rss(f"<item><description>{'long ' * 6_000_000}</description></item>"), {}, 200, True),
    "/long-but-allowed": (
        lambda: rss(f"<item><title>Long</title><description>{'<b>long</b> ' * 1_200_000}</description></item>"),
        {}, 200, None,
    ),
    "/gzip-bomb": (gzip_bomb, {"Content_Encoding": "gzip"}, 200, True),
    "/truncated-gzip": (truncated_gzip, {"Content_Encoding": "gzip"}, 200, True),
    "/charset": (
        lambda: rss("<item><title>Gr\N{LATIN SMALL LETTER U WITH DIAERESIS}n</title></item>"),
        {"Content_Type": "text/xml; charset=no-such-charset"}, 200, False,
    ),
    "/page": (lambda: b"<!doctype html><html><title>Down for maintenance</title></html>", {}, 200, True),
    "/too-many": (lambda: b"", {"Retry_After": "7200"}, 429, True),
    "/unavailable": (lambda: b"", {}, 503, True),
    "/control": (lambda: rss(*["<item><title>a\x00\x08\x1b[31m\u202eb</title></item>"] * 50), {}, 200, False),
    "/javascript": (
        lambda: rss("<item><title>Clickme</title><link>javascript:alert(1)</link><pubDate>Tue, 17 Nov 2026 09:00:00 GMT"
                    "</pubDate><description>A new tool</description></item>"),
        {}, 200, False,
    ),
    "/loop": (lambda: b"", {"Location": "/loop"}, 302, True),
    "/metadata": (lambda: b"", {"Location": "http://169.254.169.254/latest/meta-data/"}, 302, True),
    "/nested-json": (lambda: b"[" * 200_000, {}, 200, True),
    "/nested-tags": (lambda: rss("<item><description>" + "<div>" * 100_000 + "</description></item>"), {}, 200, None),
}  # fmt: skip


def _serve(server: FeedServer) -> dict[str, bool | None]:
    """Set the server up; returns which feeds are to be left out."""
    for path, (body, headers, status, _) in BODIES.items():
        server.says(path, body(), status, **headers)
    server.answers["/drip"] = drip
    server.answers["/endless"] = endless
    server.says("/rebinding", b"", 302, Location=f"http://rebinding.test:{server.port}/secret")
    server.says("/secret", rss(ITEM.format("secret")))
    for name in ("tidepool", "harbour", "copper"):
        server.says(f"/good-{name}", rss(ITEM.format(name), title=f"Launches of {name}"))
    fates = {path: fate for path, (_, _, _, fate) in BODIES.items()}
    return {**fates, "/drip": True, "/endless": True, "/rebinding": True}


def _subscribe(publication: Path, server: FeedServer, paths: list[str]) -> None:
    settings = (publication / "digest.toml").read_text()
    addresses = [server.address(path, f"127.0.1.{number}") for number, path in enumerate(paths, 1)]
    rest = 'kind = "producthunt"\nallow_private = true\n'
    tables = [f'\n[[feeds]]\nurl = "{address}"\n{rest}' for address in addresses]
    (publication / "digest.toml").write_text(settings[: settings.index("[[feeds]]")] + "".join(tables))


def test_a_hostile_server_costs_only_its_own_feeds(
    publication: Path, digest_command: CommandLine, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "site").mkdir()
    (tmp_path / "site" / "sitecustomize.py").write_text(textwrap.dedent(SITE))
    peak_file = tmp_path / "peak"
    with serving("0.0.0.0") as server:
        fates = _serve(server)
        good = [path for path in server.answers if path.startswith("/good-")]
        _subscribe(publication, server, [*fates, *good])
        begun = time.monotonic()
        ran = digest_command(
            "--now", NOW, "collect", "--json", folder=publication,
            env={"PYTHONPATH": str(tmp_path / "site"), "PEAK_FILE": str(peak_file)}, timeout=240,
        )  # fmt: skip
        seconds = time.monotonic() - begun
        secrets = [asked for asked in server.asked if asked.target == "/secret"]

    assert ran.returncode == 0, ran.said
    assert ran.stderr == "", "one JSON document, and nothing on standard error"
    report = ran.json
    left_out = [line for line in report["warnings"] if line.startswith("feed left out: ")]
    lines = {path: [line for line in left_out if f"{path}:" in line] for path in fates}
    peak = int(peak_file.read_text()) // 1024
    with capsys.disabled():
        print(f"\nhostile: {peak} MB, {seconds:.0f} s, {report['failed']} of {report['feeds']} feeds failed")
        print("\n".join(f"  {line}" for line in report["warnings"]))

    assert {path: len(said) for path, said in lines.items() if fates[path] is True and len(said) != 1} == {}
    assert {path: said for path, said in lines.items() if fates[path] is False and said} == {}
    assert not [line for line in report["warnings"] if "\n" in line]
    assert report["failed"] == sum(map(len, lines.values()))
    assert [line for line in report["warnings"] if "200,000 entries; the newest 2,000 were kept" in line]
    assert secrets == [], "a name that answers differently the second time gains nothing"
    assert peak < MOST_MEMORY
    _assert_tools(publication)
    _assert_waits(publication)


def _assert_tools(publication: Path) -> None:
    text = "".join(path.read_text() for path in publication.glob("issues/*/tools.jsonl"))
    tools = {tool["slug"]: tool for tool in map(json.loads, text.splitlines())}
    assert {"tidepool", "harbour", "copper"} <= tools.keys(), "the other feeds are collected"
    assert "root:" not in text
    assert "javascript:" not in text
    assert not any(ord(sign) < 32 or sign == "\u202e" for sign in text.replace("\n", ""))


def _assert_waits(publication: Path) -> None:
    with sqlite3.connect(publication / "digest.db") as database:
        hosts = database.execute("SELECT host, not_before FROM hosts").fetchall()
        kept = "".join(map(str, database.execute("SELECT * FROM entries").fetchall()))
    assert [until[:16] for _, until in hosts] == ["2026-11-18 13:00"], "two hours, from the moment that it was said"
    assert "root:" not in kept
