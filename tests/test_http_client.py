"""Fetching: limits, safe addresses, and one clear line when something fails."""

from __future__ import annotations

import gzip
import socket
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler

import pytest
from feed_server import FeedServer, serving

from digest.http.client import Client, FetchFailed, Limits

AGENT = "digest/0.1 (+https://letter.example/about)"
SHORT = Limits(connect_seconds=1.0, total_seconds=0.7)


@pytest.fixture
def server() -> Iterator[FeedServer]:
    with serving() as running:
        yield running


@pytest.fixture
def client() -> Client:
    return Client(AGENT)


def failure(client: Client, address: str, *, allow_private: bool = True) -> FetchFailed:
    with pytest.raises(FetchFailed) as caught:
        client.get(address, allow_private=allow_private)
    assert "\n" not in caught.value.line()
    return caught.value


def test_a_document_comes_with_what_identifies_its_version(server: FeedServer, client: Client) -> None:
    server.says("/feed", b"<rss/>", ETag='W/"a b"', Last_Modified="yesterday, more or less", Content_Type="text/xml")
    answer = client.get(server.address("/feed"), allow_private=True)
    assert (answer.status, answer.body, answer.content_type) == (200, b"<rss/>", "text/xml")
    assert (answer.etag, answer.last_modified) == ('W/"a b"', "yesterday, more or less")
    assert answer.address == server.address("/feed")


def test_it_says_honestly_who_asks(server: FeedServer, client: Client) -> None:
    server.says("/feed", b"x")
    client.get(server.address("/feed"), allow_private=True)
    assert server.asked[0].headers["User-Agent"] == AGENT


def test_an_unchanged_document_is_a_304_and_the_validators_travel_verbatim(server: FeedServer, client: Client) -> None:
    server.says("/feed", status=304, ETag='"1"')
    answer = client.get(server.address("/feed"), etag='"1"', last_modified="Tue, 1 Jan", allow_private=True)
    assert (answer.status, answer.body) == (304, b"")
    assert server.asked[0].headers["If-None-Match"] == '"1"'
    assert server.asked[0].headers["If-Modified-Since"] == "Tue, 1 Jan"


def test_five_redirects_are_followed_and_six_are_not(server: FeedServer, client: Client) -> None:
    for step in range(6):
        server.says(f"/{step}", status=301 + step % 2, Location=f"{step + 1}")
    server.says("/6", b"there")
    assert client.get(server.address("/1"), allow_private=True).address == server.address("/6")
    assert "more than 5 redirects" in failure(client, server.address("/0")).line()


@pytest.mark.parametrize("target", ["file:///etc/passwd", "ftp://example.com/feed", "gopher://x/"])
def test_a_redirect_out_of_the_web_is_refused(server: FeedServer, client: Client, target: str) -> None:
    server.says("/feed", status=302, Location=target)
    assert "not an address of the web" in failure(client, server.address("/feed")).line()


@pytest.mark.parametrize(
    "address", ["file:///etc/passwd", "data:text/xml,<rss/>", "feed", "", "http://", "http://[::1"]
)
def test_what_is_no_address_of_the_web_is_refused(client: Client, address: str) -> None:
    failure(client, address)


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "127.1", "2130706433", "0x7f.1", "localhost", "0.0.0.0", "[::ffff:127.0.0.1]", "[::1]"]
)
def test_a_private_address_is_never_asked(server: FeedServer, client: Client, host: str) -> None:
    server.says("/feed", b"secret")
    problem = failure(client, server.address("/feed", host), allow_private=False)
    assert "a private address is not asked" in problem.line()
    assert server.asked == []


def test_a_name_that_leads_to_a_private_address_is_refused_when_connecting(client: Client) -> None:
    name = socket.gethostname()
    try:
        number = socket.gethostbyname(name)
    except OSError:
        pytest.skip("this machine's own name does not resolve")
    with serving("0.0.0.0") as server:
        server.says("/feed", b"secret")
        problem = failure(client, server.address("/feed", name), allow_private=False)
        assert f"{name} leads to" in problem.line()
        assert number in problem.line()
        assert server.asked == []


@pytest.mark.parametrize(
    "elsewhere", ["http://169.254.169.254/latest/", "http://127.0.0.2:{port}/feed", "http://[::1]/"]
)
def test_a_feed_that_may_be_private_may_not_lead_to_other_private_machines(
    server: FeedServer, client: Client, elsewhere: str
) -> None:
    server.says("/feed", status=302, Location=elsewhere.format(port=server.port))
    problem = failure(client, server.address("/feed"))
    assert "a private address is not asked (it redirects to" in problem.line()
    assert len(server.asked) == 1


def test_only_redirects_that_are_permanent_from_the_first_on_move_a_document(
    server: FeedServer, client: Client
) -> None:
    server.says("/a", status=301, Location="/b")
    server.says("/b", status=308, Location="/c")
    server.says("/c", status=302, Location="/d")
    server.says("/d", status=301, Location="/e")
    server.says("/e", b"there", Cache_Control="max-age=5", Expires="0")
    assert client.get(server.address("/a"), allow_private=True).moved_to == server.address("/c")
    assert client.get(server.address("/c"), allow_private=True).moved_to is None
    answer = client.get(server.address("/e"), allow_private=True)
    assert (answer.moved_to, answer.cache_control, answer.expires) == (None, "max-age=5", "0")


def test_a_compressed_document_that_was_cut_off_is_refused(server: FeedServer, client: Client) -> None:
    server.says("/feed", gzip.compress(b"<rss/>" * 99)[:-8], Content_Encoding="gzip")
    assert "compression is damaged" in failure(client, server.address("/feed")).line()


def test_a_proxy_of_the_environment_is_trusted_but_not_led_to_private_machines(
    server: FeedServer, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("http_proxy", server.address(""))
    monkeypatch.setenv("no_proxy", "")
    server.says("http://feeds.example/rss", b"by proxy")
    assert client.get("http://feeds.example/rss").body == b"by proxy"
    failure(client, "http://0x7f.1/rss", allow_private=False)
    assert [asked.target for asked in server.asked] == ["http://feeds.example/rss"]


def test_a_small_bomb_never_becomes_a_large_one(server: FeedServer) -> None:
    bomb = gzip.compress(b"\0" * 30_000_000)
    server.says("/feed", bomb, Content_Encoding="gzip")
    assert "larger than 15 MiB" in failure(Client(AGENT), server.address("/feed")).line()


def test_a_compressed_document_is_read(server: FeedServer, client: Client) -> None:
    server.says("/feed", gzip.compress(b"<rss/>"), Content_Encoding="gzip")
    assert client.get(server.address("/feed"), allow_private=True).body == b"<rss/>"


def drip_body(request: BaseHTTPRequestHandler) -> None:
    request.send_response(200)
    request.end_headers()
    while True:
        request.wfile.write(b"x")
        time.sleep(0.05)


def drip_headers(request: BaseHTTPRequestHandler) -> None:
    request.wfile.write(b"HTTP/1.1 200 OK\r\nX-Long: ")
    while True:
        request.wfile.write(b"x")
        time.sleep(0.05)


@pytest.mark.parametrize("drip", [drip_body, drip_headers])
def test_a_server_that_drips_is_left_at_the_deadline(server: FeedServer, drip: object) -> None:
    server.answers["/feed"] = drip  # type: ignore[assignment]
    begun = time.monotonic()
    assert "took longer than 0.7 s" in failure(Client(AGENT, limits=SHORT), server.address("/feed")).line()
    assert time.monotonic() - begun < 2


def test_a_server_that_says_nothing_is_left(server: FeedServer) -> None:
    server.answers["/feed"] = lambda _: time.sleep(3)
    quick = Client(AGENT, limits=Limits(connect_seconds=0.3))
    assert "no answer within 0.3 s" in failure(quick, server.address("/feed")).line()


@pytest.mark.parametrize(
    ("status", "headers", "words"),
    [
        (404, {}, "no such document"),
        (410, {}, "no such document"),
        (401, {}, "refuses access"),
        (403, {"cf_mitigated": "challenge"}, "bot wall"),
        (429, {"Retry_After": "120"}, "wait (120)"),
        (503, {}, "come back later"),
        (500, {}, "in trouble"),
        (418, {}, "no document"),
        (300, {}, "no document"),
    ],
)
def test_a_refusal_is_said_in_one_line(
    server: FeedServer, client: Client, status: int, headers: dict[str, str], words: str
) -> None:
    server.says("/feed", b"<html>", status=status, **headers)
    problem = failure(client, server.address("/feed"))
    assert words in problem.line()
    assert problem.status == status
    assert len(server.asked) == 1, "nothing is asked again"


def test_what_goes_wrong_on_the_way_is_said_in_one_line(server: FeedServer, client: Client) -> None:
    server.says("/damaged", b"this is not gzip", Content_Encoding="gzip")
    assert "compression is damaged" in failure(client, server.address("/damaged")).line()
    assert "cannot be found" in failure(client, "http://no-such-host.invalid/").line()
    assert "no secure connection" in failure(client, server.address("/").replace("http:", "https:")).line()
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        port = closed.getsockname()[1]
    assert "the connection failed" in failure(client, f"http://127.0.0.1:{port}/").line()


def test_credentials_in_an_address_go_to_its_host_and_into_no_message(server: FeedServer, client: Client) -> None:
    server.says("/feed", b"mine")
    address = server.address("/feed", "reader:secret@127.0.0.1")
    answer = client.get(address, allow_private=True)
    assert server.asked[0].headers["Authorization"].startswith("Basic ")
    assert "secret" not in answer.address
    assert "secret" not in failure(client, address.replace("/feed", "/none")).line()


def test_credentials_of_this_machine_are_not_sent(
    server: FeedServer, client: Client, monkeypatch: pytest.MonkeyPatch, tmp_path: object
) -> None:
    netrc = tmp_path / "netrc"  # type: ignore[operator]
    netrc.write_text("machine 127.0.0.1 login me password hunter2\n")
    monkeypatch.setenv("NETRC", str(netrc))
    server.says("/feed", b"x")
    client.get(server.address("/feed"), allow_private=True)
    assert "Authorization" not in server.asked[0].headers
