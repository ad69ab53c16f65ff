from __future__ import annotations

import pytest
from stdnum import iban

from weighbridge.probekit.scanner.scan import spans
from weighbridge.probekit.scanner.tokens import _IBAN_LENGTHS


def found(text: str, *, links: bool = False) -> list[tuple[str, str, str]]:
    return [(text[s.start : s.end], s.kind.value, s.tier.value) for s in spans(text, links=links)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("(ada@lovelace.org), <b.c+d@mail.co.uk>; 'x@y.de'", [("ada@lovelace.org", "validated"), ("b.c+d@mail.co.uk", "validated"), ("x@y.de", "validated")]),
        ("mailto:ada@lovelace.org?subject=x", [("ada@lovelace.org", "validated")]),
        ("a..b@lovelace.org a.@lovelace.org @home x@y a@b@c.org", [("b@c.org", "validated")]),
        ("icon@2x.png @pytest.mark ada@bar.baz.", [("icon@2x.png", "weak"), ("ada@bar.baz", "weak")]),
        ("é.dupont@poste.fr josé@correo.es", [("é.dupont@poste.fr", "validated"), ("josé@correo.es", "validated")]),
        ("x" * 65 + "@lovelace.org", []),
    ],
)  # fmt: skip
def test_mail(text: str, expected: list[tuple[str, str]]) -> None:
    assert [(written, tier) for written, kind, tier in found(text) if kind == "e-mail"] == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("https://ada:pw@host.org/x", [("https://ada:pw@host.org", "validated")]),
        ("ssh://git@github.com/a/b", [("ssh://git@github.com", "example")]),
        ("https://www.linkedin.com/in/ada-lovelace.", [("https://www.linkedin.com/in/ada-lovelace", "validated")]),
        ("https://twitter.com/ada_l, https://twitter.com/search?q=x", [("https://twitter.com/ada_l", "weak")]),
        ("https://github.com/org/project https://host.org/a/b.html", []),
        ("https://fosstodon.org/@ada https://reddit.com/user/ada", [("https://fosstodon.org/@ada", "weak"), ("https://reddit.com/user/ada", "weak")]),
    ],
)  # fmt: skip
def test_addresses_of_the_web_that_name_somebody(text: str, expected: list[tuple[str, str]]) -> None:
    assert [(written, tier) for written, kind, tier in found(text) if kind == "url-with-user"] == expected


def test_plain_addresses_of_the_web_only_where_they_are_asked_for() -> None:
    text = "see www.charity.org/x, or host.co.uk. Then e.g. this.And that 3.5"
    assert found(text) == []
    assert [w for w, _, _ in found(text, links=True)] == ["www.charity.org/x", "host.co.uk"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("from 81.2.69.142:443,", [("81.2.69.142", "validated")]),
        ("v81.2.69.142 version 81.2.69.142 foo/81.2.69.142 1.2.3.4.5 256.1.1.1", []),
        ("1.2.3.4", [("1.2.3.4", "weak")]),
        ("81.2.69.0/24 81.2.69.142/24", [("81.2.69.0", "example"), ("81.2.69.142", "validated")]),
        ("ip: 1.2.3.4", [("1.2.3.4", "validated")]),
        (
            "2606:4700::6810:84e5 at 12:30:45 std::vector a::b 00:1b:44:11:3a:b7",
            [("2606:4700::6810:84e5", "validated")],
        ),
        ("fe80::1ff:fe23:4567:890a", [("fe80::1ff:fe23:4567:890a", "example")]),
    ],
)
def test_addresses_of_machines(text: str, expected: list[tuple[str, str]]) -> None:
    assert [(written, tier) for written, kind, tier in found(text) if kind == "ip"] == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("to DE44 5001 0517 5407 3249 31 BERLIN", ["DE44 5001 0517 5407 3249 31"]),
        ("NO8330001234567.", ["NO8330001234567"]),
        ("DE44500105175407324932 XX44500105175407324931 DE4450010517540732493", []),
    ],
)
def test_iban(text: str, expected: list[str]) -> None:
    assert [written for written, kind, _ in found(text) if kind == "iban"] == expected


def test_lengths_of_ibans_are_those_of_the_registry_as_stdnum_has_it() -> None:
    for country, length in _IBAN_LENGTHS.items():
        body = "0" * (length - 4)
        digits = next(
            d for d in range(2, 99) if int(f"{body}{int(country[:1], 36)}{int(country[1:], 36)}{d:02d}") % 97 == 1
        )
        plain = f"{country.decode()}{digits:02d}{body}"
        if iban._struct_to_re:  # a body of zeros fits where only digits are asked for
            assert len(plain) == length


@pytest.mark.parametrize(
    ("text", "pattern"),
    [
        ("RSSMRA85T10A562S", "id-it-codicefiscale"), ("12345678Z", "id-es-dni"), ("X1234567L", "id-es-nie"), ("131052-308T", "id-fi-hetu"),
        ("CE 12 34 56 C", "id-gb-nino"), ("AAAPL1234C", "id-in-pan"), ("1234567FA", "id-ie-pps"), ("12345678A", None), ("RSSMRA85T10A562T", None),
        ("ABCDE-12345678Z", None), ("QQ123456C", None), ("AB123456C", "id-gb-nino-example"), ("cartão de cidadão 00000000 0 ZZ4", "id-pt-cc-named"),
    ],
)  # fmt: skip
def test_numbers_with_letters(text: str, pattern: str | None) -> None:
    assert [s.pattern for s in spans(text)] == ([pattern] if pattern else [])
