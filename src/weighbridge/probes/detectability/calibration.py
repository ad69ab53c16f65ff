"""A known weight: texts that differ in how often one word stands in them, and in how often one line ends in them."""

from __future__ import annotations

import numpy as np

from weighbridge.core.candidate import Artefact, Belonging, Candidate, Declared, Role, Subject
from weighbridge.core.canon import digest_of_bytes
from weighbridge.probekit.bench import MemoryBench, MemoryTexts, generator
from weighbridge.probekit.ports import Calibration, Truth, Weight

N = 120  # texts of each side
_CODES = 7  # words of a text that stand in no other
_LETTERS = np.array(list("bcdfghjklmnpqrstvwxz"))
_TELLING, _NEUTRAL = "indeed", "rather"
SETTINGS = (
    ("attacked_texts", 0), ("draws", 200), ("folds", 3), ("least_for_5pct", 100), ("least_words", 5),
    ("members", "words"),
)  # fmt: skip


def texts_of(rng: np.random.Generator, n: int, telling: float, ended: float) -> list[str]:
    """Texts of nine words. The second is the telling one at this rate; a line ends after the third at that."""
    codes = ["".join(letters) for letters in rng.choice(_LETTERS, (n * _CODES, 7))]
    made = []
    for row, (tells, ends) in enumerate(zip(rng.random(n) < telling, rng.random(n) < ended, strict=True)):
        own = codes[row * _CODES : (row + 1) * _CODES]
        words = [own[0], _TELLING if tells else _NEUTRAL, own[1]]
        made.append(" ".join(words) + ("\n" if ends else " ") + " ".join((*own[2:], _NEUTRAL)))
    return made


def bench_of(human: list[str], machine: list[str], seed: int) -> MemoryBench:
    """A candidate that is these texts alone."""
    both = {Role.HUMAN_TEXT: human, Role.OUTPUTS: machine}
    return MemoryBench(
        candidate=Candidate(
            name="toy", version="1", subjects=(Subject.CAUSAL_LM,),
            artefacts=tuple(_artefact(role, f"{role.value}.jsonl") for role in both),
        ),
        seed=seed,
        texts_by_role={role: MemoryTexts(texts, label=f"{role.value}.jsonl") for role, texts in both.items()},
    )  # fmt: skip


def _artefact(role: Role, label: str) -> Artefact:
    return Artefact(
        role=role, label=label, digest=digest_of_bytes(label.encode()), size_bytes=1, format="jsonl",
        belongs=Belonging.EVIDENCE_ONLY, declared=Declared(language="en"),
    )  # fmt: skip


def _weight(seed: int, telling: tuple[float, float], ended: tuple[float, float]) -> Weight:
    """Two sources whose texts have the word and the line end at these rates, people's first.

    Of a text with the word and one without, the best guess is that the one with it is the model's; all others are
    alike. So it is right half the time, and half the difference of the rates more often; and likewise of line ends,
    which must not add to it.
    """
    rng = generator(seed, "detectability", "toy")
    human, machine = (texts_of(rng, N, telling[side], ended[side]) for side in (0, 1))
    best, leak = (0.5 + (of[1] - of[0]) / 2 for of in (telling, ended))
    truths = (
        Truth(metric="auroc-stack", value=best),
        Truth(metric="auroc-stack", value=best, by=(("state", "raw"),)),
        Truth(metric="auroc-stack", value=best, by=(("language", "en"),)),
        Truth(metric="auroc-of-member", value=best, by=(("member", "words"),)),
        Truth(metric="leak-auroc", value=leak, by=(("rule", "newlines"),)),
        Truth(metric="leak-auroc-max", value=leak),
    )
    return Weight(bench=bench_of(human, machine, seed), truths=truths, settings=SETTINGS)


def null(seed: int) -> Weight:
    """Two samples of one source."""
    return _weight(seed, (0.5, 0.5), (0.0, 0.0))


def planted(seed: int) -> Weight:
    """The word stands in most of the model's texts and in few of people's, and line ends give them away as well."""
    rng = generator(seed, "detectability", "planted")
    return _weight(seed, (0.15 + 0.1 * rng.random(), 0.75 + 0.1 * rng.random()), (0.05, 0.95))


CALIBRATION = Calibration(null=null, planted=planted)
