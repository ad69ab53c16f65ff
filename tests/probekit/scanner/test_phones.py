from __future__ import annotations

import sys

import numpy as np
import phonenumbers as truth
import pytest

from weighbridge.core.evidence import Silent
from weighbridge.probekit.scanner import phones
from weighbridge.probekit.scanner.phones import Call, calling_code, international, is_in_region, reaches


def numbers() -> list[str]:
    """Example numbers of every region and type, and each with one digit changed."""
    rng = np.random.default_rng(2)
    made = []
    for region in sorted(truth.SUPPORTED_REGIONS):
        for kind in (0, 1, 3, 4):
            example = truth.example_number_for_type(region, kind)
            if example is not None:
                made.append(truth.format_number(example, truth.PhoneNumberFormat.E164)[1:])
    changed = [f"{n[: (at := int(rng.integers(2, len(n))))]}{rng.integers(10)}{n[at + 1 :]}" for n in made]
    return made + changed


def test_what_libphonenumber_calls_valid_reaches_somebody() -> None:
    differ = 0
    tried = numbers()
    for number in tried:
        try:
            valid = truth.is_valid_number(truth.parse(f"+{number}"))
        except truth.NumberParseException:
            valid = False
        differ += valid is not (reaches(number) in (Call.SOMEBODY, Call.OFFICE))
    assert differ <= 0.002 * len(tried)  # it also drops a trunk prefix behind the calling code


def test_numbers_as_they_are_dialled_in_a_region() -> None:
    missed = 0
    regions = sorted(truth.SUPPORTED_REGIONS)
    for region in regions:
        example = truth.example_number_for_type(region, 1) or truth.example_number(region)
        assert example is not None
        written = "".join(c for c in truth.format_number(example, truth.PhoneNumberFormat.NATIONAL) if c.isdigit())
        missed += is_in_region(written, region) not in (Call.SOMEBODY, Call.OFFICE)
    assert missed <= 0.05 * len(regions)


def test_codes_and_regions() -> None:
    assert (calling_code("4420"), calling_code("999"), calling_code("12")) == ("44", "", "1")
    assert "GB" in phones.regions()
    assert "001" not in phones.regions()
    assert international("020 7946 0018".replace(" ", ""), "GB") == "442079460018"
    assert is_in_region("123", "ZZ") is Call.NO_CODE


def test_without_the_library_nothing_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "phonenumbers", None)
    phones._codes.cache_clear()
    with pytest.raises(Silent, match="not installed"):
        phones.check_installed()
    monkeypatch.undo()
    phones._codes.cache_clear()
