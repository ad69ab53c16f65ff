"""A known weight: evidence of a predecessor that was made, its intervals drawn around margins that are set."""

from __future__ import annotations

from statistics import NormalDist

from weighbridge.core.candidate import Candidate, Claims, Subject
from weighbridge.core.canon import digest_of_bytes
from weighbridge.core.evidence import Asked, Evidence, Measured, NotApplicable, Outcome, Quantity
from weighbridge.core.wording import phrase
from weighbridge.probekit.bench import MemoryBench, generator
from weighbridge.probekit.ports import Calibration, Truth, Weight

_ERROR = 0.01
_CONFIDENCE = 1 - 0.05 / 4  # as the predecessor corrects it: four languages
_HALF = NormalDist().inv_cdf((1 + _CONFIDENCE) / 2) * _ERROR
NOTHING = NotApplicable(because=phrase("it is about something else"))


def evidence(probe: str, outcome: Outcome) -> Evidence:
    """What a predecessor would have sealed."""
    none = digest_of_bytes(b"")
    asked = Asked(candidate=none, reading=none, probe=probe, version=1, settings=(), seed=0, budget_seconds=60.0)
    return Evidence(asked=asked, outcome=outcome)


def margin(language: str, value: float, *, metric: str = "saving-over-small-model") -> Quantity:
    """A margin as it was measured, with its interval."""
    return Quantity(
        metric=metric, value=value, low=value - _HALF, high=value + _HALF, confidence=_CONFIDENCE, unit="1", n=100,
        n_of="document", by=(("language", language),),
    )  # fmt: skip


def bench(seed: int, quality: Outcome, coverage: Outcome, *, claims: tuple[str, ...] = ()) -> MemoryBench:
    """A language model with what was measured of it."""
    return MemoryBench(
        candidate=Candidate(
            name="toy", version="1", artefacts=(), subjects=(Subject.CAUSAL_LM,), claims=Claims(languages=claims)
        ),
        seed=seed,
        evidence_by_slug={
            "language-quality": evidence("language-quality", quality),
            "language-coverage": evidence("language-coverage", coverage),
        },
    )


def _weight(seed: int, margins: dict[str, float], shown: int) -> Weight:
    rng = generator(seed, "low-resource-benefit")
    found = tuple(margin(tag, value + float(rng.normal(0, _ERROR))) for tag, value in margins.items())
    truths = [
        Truth(metric="margin", value=value, by=(("language", tag),)) for tag, value in margins.items() if tag != "en"
    ]
    truths.append(Truth(metric="low-resource-languages", value=shown, by=(("evidence", "shown"),)))
    truths.append(Truth(metric="low-resource-languages", value=1, by=(("evidence", "claimed only"),)))
    made = bench(seed, Measured(quantities=found), NOTHING, claims=("kri",))
    return Weight(bench=made, truths=tuple(truths))


def null(seed: int) -> Weight:
    """It does well in English, and no better than a small model in two languages that few serve."""
    return _weight(seed, {"en": 0.3, "yo": -0.1, "ht": -0.2}, 0)


def planted(seed: int) -> Weight:
    """It does well in all three."""
    return _weight(seed, {"en": 0.3, "yo": 0.2, "ht": 0.3}, 2)


CALIBRATION = Calibration(null=null, planted=planted)
