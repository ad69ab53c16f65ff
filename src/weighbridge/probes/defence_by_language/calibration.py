"""A known weight: evidence of both predecessors that was made, its intervals drawn around rates that are set."""

from __future__ import annotations

from collections.abc import Iterator

from weighbridge.core.candidate import Candidate, Claims, Subject
from weighbridge.core.canon import digest_of_bytes
from weighbridge.core.evidence import Asked, Evidence, Measured, Outcome, Quantity
from weighbridge.maths.proportions import clopper_pearson
from weighbridge.probekit.bench import MemoryBench, generator
from weighbridge.probekit.ports import Calibration, Truth, Weight

_TEXTS = 400
SERVED = ("en", "sw", "hi")


def evidence(probe: str, outcome: Outcome) -> Evidence:
    """What a predecessor would have sealed."""
    nothing = digest_of_bytes(b"")
    asked = Asked(candidate=nothing, reading=nothing, probe=probe, version=1, settings=(), seed=0, budget_seconds=60.0)
    return Evidence(asked=asked, outcome=outcome)


def number(metric: str, language: str, low: float, value: float, high: float, *, n: int = _TEXTS) -> Quantity:
    """One figure of one language."""
    return Quantity(
        metric=metric, value=value, low=low, high=high, confidence=0.975, unit="1", n=n, n_of="text",
        by=(("language", language),),
    )  # fmt: skip


def bench(
    seed: int, rates: tuple[Quantity, ...], savings: tuple[Quantity, ...], shares: tuple[Quantity, ...] = ()
) -> MemoryBench:
    """A generator that serves three languages, and what was measured of it."""
    return MemoryBench(
        candidate=Candidate(
            name="toy", version="1", artefacts=(), subjects=(Subject.CAUSAL_LM,), claims=Claims(languages=SERVED)
        ),
        seed=seed,
        evidence_by_slug={
            "detectability": evidence("detectability", Measured(quantities=rates)),
            "language-quality": evidence("language-quality", Measured(quantities=savings)),
            "language-coverage": evidence("language-coverage", Measured(quantities=shares)),
        },
    )


def _weight(seed: int, found: dict[str, float]) -> Weight:
    rng, rates = generator(seed, "defence-by-language"), []
    for tag, share in found.items():
        hits = int(rng.binomial(_TEXTS, share))
        made = clopper_pearson(hits, _TEXTS, confidence=0.975)
        rates.append(number("tpr-at-fpr-5pct", tag, made.low, made.value, made.high))
    savings = (number("saving-over-small-model", "hi", 0.1, 0.2, 0.3),)
    return Weight(bench=bench(seed, tuple(rates), savings), truths=tuple(_truths(found)))


def _truths(found: dict[str, float]) -> Iterator[Truth]:
    for tag, share in found.items():
        yield Truth(metric="missed-share", value=1 - share, by=(("language", tag),))
        yield Truth(metric="missed-share-where-able", value=1 - share, by=(("language", tag),))
        yield Truth(metric="defence-tests", value=_TEXTS, by=(("language", tag),))
    yield Truth(metric="defence-tests", value=0, by=(("language", "hi"),))
    yield Truth(metric="languages", value=1, by=(("state", "untested"),))


def null(seed: int) -> Weight:
    """Nine texts in ten are found in both languages that were tested."""
    return _weight(seed, {"en": 0.9, "sw": 0.9})


def planted(seed: int) -> Weight:
    """In one of them only one in five is."""
    return _weight(seed, {"en": 0.9, "sw": 0.2})


CALIBRATION = Calibration(null=null, planted=planted)
