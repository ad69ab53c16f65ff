from __future__ import annotations

import ipaddress

import numpy as np
import pytest
from stdnum import iban, luhn

from weighbridge.probekit.scanner import examples
from weighbridge.probekit.scanner.kinds import Tier
from weighbridge.probekit.scanner.scan import spans


def test_addresses_as_the_standard_library_knows_them() -> None:
    rng = np.random.default_rng(1)
    near = [int(ipaddress.IPv4Address(a)) for a in ("10.0.0.0", "100.64.0.0", "127.0.0.0", "169.254.0.0", "172.16.0.0", "172.32.0.0",
            "192.0.2.0", "192.168.0.0", "198.18.0.0", "198.51.100.0", "203.0.113.0", "224.0.0.0", "255.255.255.255")]  # fmt: skip
    tried = [*rng.integers(0, 2**32, 3000).tolist(), *(a + d for a in near for d in (-1, 0, 1) if a + d < 2**32)]
    relay = ipaddress.ip_network("192.88.99.0/24")
    for number in tried:
        address = ipaddress.IPv4Address(number)
        if address not in relay and address not in ipaddress.ip_network("192.0.0.0/24"):  # where editions differ
            parts = tuple(int(p) for p in str(address).split("."))
            assert examples.is_example_quad(parts) is (not address.is_global or address.is_multicast), address


def test_test_numbers_pass_their_own_checks() -> None:
    assert sum(luhn.is_valid(card) for card in examples._CARDS) >= 50
    assert sum(iban.is_valid(one) for one in examples._IBANS) >= 50


@pytest.mark.parametrize(
    "text",
    [
        "a@example.com", "b@mail.example.org", "c@host.test", "support@lovelace.org", "no-reply@shop.de", "info@charity.org",
        "git@github.com", "1+a@users.noreply.github.com", "(212) 555-0123", "+1 212 555 0199", "+44 20 7946 0000",
        "+44 7700 900123", "+1 800 555 1234", "4111 1111 1111 1111", "378282246310005", "GB29 NWBK 6016 1331 9268 19", "10.0.0.1", "8.8.8.8",
        "192.0.2.7", "2001:db8::1", "078-05-1120", "https://user:pass@example.com/x",
    ],
)  # fmt: skip
def test_what_is_nobodys(text: str) -> None:
    assert [s.tier for s in spans(text)] == [Tier.EXAMPLE]


@pytest.mark.parametrize(
    "text", ["a.support@lovelace.org", "ada@testing.org", "+1 212 736 5000", "5105 1051 0510 5118", "81.2.69.142"]
)
def test_what_is_somebodys(text: str) -> None:
    assert [s.tier for s in spans(text)] == [Tier.VALIDATED]
