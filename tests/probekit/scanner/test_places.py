from __future__ import annotations

import pytest

from weighbridge.probekit.scanner.scan import spans


def found(text: str) -> list[tuple[str, str]]:
    return [(text[s.start : s.end], s.pattern) for s in spans(text)]


@pytest.mark.parametrize(
    "address",
    [
        "221B Baker Street", "1600 Pennsylvania Ave NW", "12 St. John's Road", "742 Evergreen Terrace, Apt 4", "Hauptstraße 12", "Musterstr. 5a",
        "Kurfürstendamm 21", "Kerkstraat 12", "Storgatan 7", "5 rue de la Paix", "12 bis, avenue Victor Hugo",
        "Calle Mayor 5", "Via Roma, 12", "Rua Augusta 100", "Avenida Paulista, 1578", "ul. Marszałkowska 10", "ул. Ленина, д. 5", "улица Ленина 5",
        "شارع الملك فهد 12", "Jalan Sudirman No. 5",
    ],
)  # fmt: skip
def test_street_addresses(address: str) -> None:
    told = [
        (written, pattern) for written, pattern in found(f"lives at {address} since May") if pattern == "street-address"
    ]
    assert len(told) == 1
    assert told[0][0].strip(" ,") in address or address in told[0][0]


@pytest.mark.parametrize(
    "text",
    [
        "On 22 May. The High Court ruled", "the best way in 2023", "St Paul met Dr Smith", "rural. In August 1859", "via 12 of them", "Colgate 13",
        "3 people on the road", "in place of 5", "Grand Place in 1959 was", "the 5th Avenue",
    ],
)  # fmt: skip
def test_what_is_no_address(text: str) -> None:
    assert [pattern for _, pattern in found(text) if pattern == "street-address"] == []


@pytest.mark.parametrize(
    ("text", "pattern"),
    [
        ("lat 52.52001, 13.40495", "position-exact"), ("geo:37.786971,-122.399677", "position-exact"), ("POINT(36.8219 -1.2921)", "position-exact"),
        ('{"lat": 51.50741, "lon": -0.12781}', "position-exact"), ("latitude=51.50741&longitude=-0.12781", "position-exact"),
        ("52.5200, 13.4050", "position-pair"), ("52,5200; 13,4050", "position-pair"), ("52.520 13.405", "position-pair"), ("0.0000, 0.0000 lat", None),
        ("0.9134, 0.8732", None), ("12.3456, 45.6789, 78.1234", None), ("acc 0.9134 0.8732 0.9931", None), ("1.234,567", None), ("95.1234, 98.1234", None),
        ("40°26'46\"N 79°58'56\"W", "position-degrees"), ("48°51′24″N, 2°21′03″E", "position-degrees"), ("40°26'N 79°58'W", "position-degrees-coarse"),
        ("it was 25°C and 30°F", None), ("GPS 0.0000, 0.0000", "position-null"),
    ],
)  # fmt: skip
def test_positions(text: str, pattern: str | None) -> None:
    assert [p for _, p in found(text) if p.startswith("position")] == ([pattern] if pattern else [])
