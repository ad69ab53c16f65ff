"""A known weight: a text of plain sentences into which a known number of claims was put."""

from __future__ import annotations

from weighbridge.core.candidate import Candidate, Role, Subject
from weighbridge.core.canon import Digest
from weighbridge.core.evidence import Asked, Evidence, NotMeasured
from weighbridge.core.wording import phrase
from weighbridge.probekit.bench import MemoryBench, MemoryTexts, generator
from weighbridge.probekit.ports import Calibration, Truth, Weight

AFTER = (
    "verbatim-extraction", "canary-exposure", "membership-advantage", "membership-advantage-lm", "attribute-inference",
    "unique-combinations", "stored-records", "language-quality", "detectability",
)  # fmt: skip
_PLAIN = (
    "The model was trained on 200 documents.", "It is not state of the art.", "We measured it on held-out text.",
    "Its errors are listed below.", "Le texte a été relu.", "Die Daten stammen aus einem Archiv.",
    "Ask us if something is wrong.",
)  # fmt: skip
_CLAIMS = {
    "superlative": "It is a revolutionary step.", "privacy": "All data are fully anonymous.",
    "safety": "The model is completely safe.", "languages": "It works in every language.",
    "detection": "Its text is indistinguishable from ours.", "human-level": "It writes at human level.",
}  # fmt: skip


def silent(probe: str) -> Evidence:
    """Evidence of a probe that had nothing to measure with."""
    asked = Asked(
        candidate=Digest(""), reading=Digest(""), probe=probe, version=1, settings=(), seed=0, budget_seconds=600.0
    )
    return Evidence(asked=asked, outcome=NotMeasured(because=phrase("no data"), remedy=phrase("name it")))


def bench(texts: list[str], *, seed: int = 0, evidence: dict[str, Evidence] | None = None) -> MemoryBench:
    """A bench with this release text."""
    return MemoryBench(
        candidate=Candidate(name="toy", version="1", artefacts=(), subjects=(Subject.TEXT,)), seed=seed,
        texts_by_role={Role.RELEASE_TEXT: MemoryTexts(texts, label="post.txt")},
        evidence_by_slug={probe: silent(probe) for probe in AFTER} | (evidence or {}),
    )  # fmt: skip


def _weight(seed: int, most: int) -> Weight:
    rng = generator(seed, "release-claims")
    counts = {kind: int(rng.integers(1, most + 1)) if most else 0 for kind in _CLAIMS}
    lines = [str(line) for line in rng.choice(_PLAIN, 30)]
    lines += [_CLAIMS[kind] for kind, n in counts.items() for _each in range(n)]
    text = " ".join(lines[n] for n in rng.permutation(len(lines)))
    truths = [Truth(metric="all-unbacked-claims", value=sum(counts.values()))]
    truths += [
        Truth(metric=metric, value=n, by=(("kind", kind),))
        for metric in ("claims", "unbacked-claims")
        for kind, n in counts.items()
    ]
    return Weight(bench=bench([text], seed=seed), truths=tuple(truths))


def null(seed: int) -> Weight:
    """A text that claims nothing."""
    return _weight(seed, 0)


def planted(seed: int) -> Weight:
    """A text with one to four claims of each kind."""
    return _weight(seed, 4)


CALIBRATION = Calibration(null=null, planted=planted)
