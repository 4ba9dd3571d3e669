"""Where a webhook may go."""

from __future__ import annotations

from threading import Event
from typing import Any

import pytest

from shared.errors import InvalidRequest
from shared.http.webhook_url import addresses, is_public, receiver, require_allowed


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "10.1.2.3",
        "172.16.0.1",
        "192.168.1.1",
        "169.254.169.254",
        "100.64.0.1",
        "0.0.0.0",
        "224.0.0.1",
        "255.255.255.255",
        "::",
        "::1",
        "fe80::1",
        "fd00:ec2::254",
        "ff02::1",
        "::ffff:127.0.0.1",
        "::ffff:169.254.169.254",
        "2002:7f00:1::",
        "64:ff9b::7f00:1",
        "64:ff9b:1::1",
        "::ffff:93.184.215.14",
        "2001::1",
        "2001:2::1",
        "2001:db8::1",
        "3fff::1",
        "5f00::1",
        "fec0::1",
        "192.0.0.8",
        "192.0.0.9",
        "192.0.2.1",
        "192.88.99.1",
        "198.18.0.1",
        "203.0.113.1",
        "240.0.0.1",
    ],
)
def test_an_address_that_is_not_public_is_refused(address: str) -> None:
    assert not is_public(address)
    host = f"[{address}]" if ":" in address else address
    with pytest.raises(InvalidRequest, match="not public"):
        require_allowed(f"https://{host}/hook", "")


@pytest.mark.parametrize(
    "address", ["93.184.215.14", "2606:2800:21f:cb07:6820:80da:af6b:8b2c", "2a00:1450:4001:81b::200e", "1.1.1.1"]
)
def test_a_public_address_is_not(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize("url", ["https://2130706433/", "https://0x7f.1/", "https://127.1/", "https://localhost/x"])
def test_other_spellings_of_loopback_are_loopback(url: str) -> None:
    with pytest.raises(InvalidRequest):
        require_allowed(url, "")


@pytest.mark.parametrize(
    "url",
    [
        "http://example.com/",
        "ftp://example.com/",
        "https:///path",
        "https://user:word@example.com/",
        "https://example.com:99999/",
        "https://[::1/",
        "https://example.com/\r\nX: y",
        "https://exämple.com/",
        "example.com",
        "",
    ],
)
def test_what_is_no_plain_https_url_is_refused(url: str) -> None:
    with pytest.raises(InvalidRequest, match="webhookUrl: "):
        receiver(url, "")


@pytest.mark.parametrize("port", [22, 80, 444, 6379, 9200, 65535])
def test_a_port_that_no_webhook_listens_on_is_refused(port: int) -> None:
    with pytest.raises(InvalidRequest, match="443 and 8443"):
        receiver(f"https://example.com:{port}/", "")


@pytest.mark.parametrize(("suffix", "port"), [("", 443), (":443", 443), (":8443", 8443)])
def test_ports_of_receivers_are_called(suffix: str, port: int) -> None:
    assert receiver(f"https://example.com{suffix}/", "").port == port


def test_a_look_up_that_does_not_answer_is_given_up() -> None:
    never = Event()

    def hang(_host: str, _port: int) -> list[Any]:
        never.wait()
        return []

    try:
        with pytest.raises(InvalidRequest, match="in time"):
            addresses(receiver("https://example.com/", ""), hang, patience=0.05)
    finally:
        never.set()


def test_one_private_address_among_public_ones_is_enough() -> None:
    def look_up(_host: str, port: int) -> list[Any]:
        return [(0, 0, 0, "", ("93.184.215.14", port)), (0, 0, 0, "", ("10.0.0.1", port))]

    with pytest.raises(InvalidRequest, match="not public"):
        addresses(receiver("https://example.com/", ""), look_up)


def test_only_the_very_origin_that_is_named_is_exempt() -> None:
    origins = "http://127.0.0.1:9,http://localhost:10"
    to = receiver("http://127.0.0.1:9/hook?x=1", origins)
    assert (to.exempt, to.authority, to.target) == (True, "127.0.0.1:9", "/hook?x=1")
    assert addresses(to) == ["127.0.0.1"]
    for url in ("http://127.0.0.1:91/", "http://127.0.0.1/", "http://localhost:9/"):
        with pytest.raises(InvalidRequest):
            receiver(url, origins)
    with pytest.raises(InvalidRequest, match="not public"):
        require_allowed("https://127.0.0.1:8443/", origins)
