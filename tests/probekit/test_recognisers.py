from __future__ import annotations

from importlib.metadata import EntryPoint, EntryPoints

import pytest

from weighbridge.core.evidence import NotMeasured, Silent
from weighbridge.probekit import recognisers
from weighbridge.probekit.recognisers import GROUP, Recogniser, found_by, load, pattern_of
from weighbridge.probekit.scanner.kinds import Kind, Tier

OFFERED = EntryPoints(
    EntryPoint(name=name.lower(), value=f"fakes.recognisers:{name}", group=GROUP)
    for name in ("Finder", "Breaker", "Liar", "Unmade", "Nothing")
)


@pytest.fixture(autouse=True)
def offered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recognisers, "entry_points", OFFERED.select)
    load.cache_clear()


def test_a_recogniser_is_loaded_by_name() -> None:
    told = found_by(load("finder"), ["hello Ada", "nobody"])
    assert told is not None
    assert [[(s, e, p.slug, p.tier) for s, e, p in one] for one in told] == [[(6, 9, "own-name", Tier.OWN)], []]


@pytest.mark.parametrize(
    ("name", "says"), [("absent", "there are: breaker"), ("unmade", "ValueError"), ("nothing", "no method find")]
)
def test_what_cannot_be_loaded_is_said_without_its_message(name: str, says: str) -> None:
    with pytest.raises(Silent) as silence:
        load(name)
    outcome = silence.value.outcome
    assert isinstance(outcome, NotMeasured)
    assert says in str(outcome.because)
    assert "secret" not in str(outcome.because)
    assert "recogniser" in str(outcome.remedy)


@pytest.mark.parametrize("name", ["breaker", "liar"])
def test_one_that_breaks_or_breaks_its_word_gives_nothing(name: str) -> None:
    made = load(name)
    assert isinstance(made, Recogniser)
    assert found_by(made, ["hello"]) is None


@pytest.mark.parametrize(
    ("label", "kind"),
    [
        ("EMAIL_ADDRESS", Kind.EMAIL),
        ("Person", Kind.NAME),
        ("street address", Kind.ADDRESS),
        ("IBAN_CODE", Kind.IBAN),
        ("CRYPTO", Kind.OTHER),
    ],
)
def test_labels_of_others(label: str, kind: Kind) -> None:
    assert pattern_of(label).kind is kind
