from __future__ import annotations

import itertools
import random
import re
from collections.abc import Iterator, Sequence
from typing import Any

import pytest

from weighbridge.probekit.scanner.kinds import Tier
from weighbridge.probekit.scanner.officials import Checked, checked, shaped_like
from weighbridge.probekit.scanner.scan import spans

parser: Any = re._parser  # type: ignore[attr-defined]  # the expressions are walked, to write random strings that fit


def written(parts: Sequence[Any], rng: random.Random) -> str:
    """A random string that fits a parsed expression."""
    out = ""
    for kind, what in parts:
        match str(kind):
            case "LITERAL":
                out += chr(what)
            case "IN":
                out += rng.choice([c for item in what for c in _choices(item)])
            case "MAX_REPEAT":
                low, high, inner = what
                out += "".join(written(inner, rng) for _ in range(rng.randint(low, high)))
            case "SUBPATTERN":
                out += written(what[3], rng)
            case "BRANCH":
                out += written(rng.choice(what[1]), rng)
            case other:
                raise AssertionError(other)
    return out


def _choices(item: tuple[Any, Any]) -> list[str]:
    match str(item[0]):
        case "LITERAL":
            return [chr(item[1])]
        case "RANGE":
            return [chr(c) for c in range(item[1][0], item[1][1] + 1)]
        case _:
            return list("0123456789")


def samples(entry: Checked) -> Iterator[str]:
    """Random strings that fit, signed and bare in turns."""
    rng = random.Random(entry.official.module)
    forms = [parser.parse(shape.pattern.decode()) for shape in (entry.written, entry.bare)]
    for form in itertools.cycle(forms):
        yield written(form, rng)


def passing(entry: Checked, n: int) -> float:
    """The share of random strings that pass."""
    return sum(map(entry.is_valid, itertools.islice(samples(entry), n))) / n


EACH = pytest.mark.parametrize("entry", checked(), ids=lambda entry: entry.official.module)


def test_there_are_numbers_of_at_least_forty_countries() -> None:
    assert len({entry.official.region for entry in checked()}) >= 40


@EACH
def test_chance_is_about_as_declared(entry: Checked) -> None:
    """Of random strings of its form so many pass; where nothing is checked, that is said by 1."""
    passed = passing(entry, 250)
    assert passed <= entry.official.chance + 0.07  # four standard errors
    assert entry.official.chance < 1 or passed > 0.2


@pytest.mark.slow
@EACH
def test_chance_is_as_declared(entry: Checked) -> None:
    assert passing(entry, 5000) <= entry.official.chance * 1.15 + 0.004


@EACH
def test_what_fits_is_among_those_of_its_shape_and_no_check_breaks(entry: Checked) -> None:
    for one in itertools.islice(samples(entry), 40):
        assert entry.fits(one.encode())
        assert entry.official in {other.official for other in shaped_like(one.encode())}, one
        entry.is_valid(one)


@EACH
def test_a_word_before_it_or_its_region_says_what_it_is(entry: Checked) -> None:
    """Whatever passes its check is found behind its word; no other reading of it may win over that."""
    tried = itertools.islice(samples(entry), 600)
    valid = list(itertools.islice((one for one in tried if entry.is_valid(one)), 3))
    if not valid:
        pytest.skip("no random string passes: the check wants more than digits")
    word = entry.official.words.split("|")[0]
    for one in valid:
        told = spans(f"the {word} {one} of hers")
        assert any(s.kind.value in ("national-id", "iban", "card") and s.end - s.start >= len(one) - 1 for s in told), (
            one
        )


@pytest.mark.parametrize(
    ("text", "pattern", "tier"),
    [
        ("529.982.247-25", "id-br-cpf", Tier.VALIDATED),
        ("52998224725", None, None),
        ("CPF 52998224725", "id-br-cpf-named", Tier.VALIDATED),
        ("44051401359", "id-pl-pesel-bare", Tier.WEAK),
        ("PESEL: 44051401359", "id-pl-pesel-named", Tier.VALIDATED),
        ("11010519491231002X", "id-cn-ric-bare", Tier.WEAK),
        ("身份证11010519491231002X", "id-cn-ric-named", Tier.VALIDATED),
        ("12.345.678-5", "id-cl-rut", Tier.VALIDATED),
        ("536-90-4399", "id-us-ssn", Tier.VALIDATED),
        ("000-12-3456", None, None),
        ("078-05-1120", "id-us-ssn-example", Tier.EXAMPLE),
        ("CE 12 34 56 C", "id-gb-nino", Tier.VALIDATED),
        ("order 123456789012", None, None),
        ("2341 2341 2346", "id-in-aadhaar", Tier.WEAK),
        ("2019 2020 2021", None, None),
        ("BSN is 111222333", "id-nl-bsn-named", Tier.VALIDATED),
        ("a sin is a sin and then comes 046454286", None, None),
        ("9999999999999", None, None),
        ("1699999999999", None, None),
        ("2023-01-01-1234567", None, None),
    ],
)
def test_numbers_as_they_stand(text: str, pattern: str | None, tier: Tier | None) -> None:
    told = [(s.pattern, s.tier) for s in spans(text)]
    assert told == ([(pattern, tier)] if pattern else [])


def test_a_region_lets_a_bare_number_stand_without_a_word() -> None:
    assert not spans("52998224725")
    assert [s.pattern for s in spans("52998224725", regions=("BR",))] == ["id-br-cpf-region"]
    assert not spans("536904399", regions=("US",))  # nothing checks it: any number of nine digits
