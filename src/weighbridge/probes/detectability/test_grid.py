from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest

from weighbridge.probekit.ports import Floats
from weighbridge.probes.detectability.attacks import ATTACKS
from weighbridge.probes.detectability.grid import Means, adversarial_round, grid
from weighbridge.probes.detectability.lexicon import Lists
from weighbridge.probes.detectability.pool import pools
from weighbridge.probes.detectability.sample import Sample, sample_of

for extra in ("sklearn", "zstandard", "regex", "rapidfuzz"):
    pytest.importorskip(extra, reason="the extra of detection")

WORDS = ["the", "big", "house", "of", "a", "colour", "near", "stone", "river", "bread", "in", "1999", "and", "cloud"]
HIDING = tuple(a for a in ATTACKS if a.name in ("homoglyph", "article", "synonym"))


def toy(n: int, seed: int) -> Sample:
    rng = np.random.default_rng(seed)
    rate = np.exp(1.2 * np.linspace(-1, 1, len(WORDS)))
    sides = [
        tuple(" ".join(rng.choice(WORDS, 40, p=p)) for _ in range(n))
        for p in (np.full(len(WORDS), 1 / len(WORDS)), rate / rate.sum())
    ]
    return sample_of(sides[0], sides[1], paired=True, language="en")


def test_every_attack_is_asked_of_every_pool_and_the_normaliser_undoes_what_is_not_seen() -> None:
    both = pools(toy(50, 0), toy(50, 1), rng=np.random.default_rng(0), only=("characters", "words"))
    test = toy(30, 2)
    told: list[tuple[int, int]] = []
    cells = list(
        grid(both, test, rng=np.random.default_rng(1), means=Means(attacks=HIDING, tick=lambda *n: told.append(n)))
    )
    assert [(c.attack, c.strength, c.normalised) for c in cells] == [
        (a.name, s, n) for a in HIDING for s in a.strengths for n in (False, True)
    ]
    assert told == [(i, 6) for i in range(6)]
    clean = both[1].scored(test).stack
    by = {(c.attack, c.strength, c.normalised): c for c in cells}
    hidden, seen = (by["homoglyph", 1.0, normalised] for normalised in (False, True))
    assert np.array_equal(seen.scored.stack, clean)
    machine = test.is_machine
    assert (hidden.scored.stack_p[machine] <= 0.05).mean() < (seen.scored.stack_p[machine] <= 0.05).mean()
    assert hidden.attacked.is_changed.all()


def test_a_pool_learns_from_its_worst_attack() -> None:
    train, calibrate, test = toy(50, 0), toy(50, 1), toy(30, 2)
    plain, _ = pools(train, calibrate, rng=np.random.default_rng(0), only=("characters",))
    means = Means(attacks=HIDING[:1])
    made = adversarial_round(plain, train, calibrate, rng=np.random.default_rng(1), means=means)
    assert made is not None
    assert made.attack == "homoglyph"
    caught = [
        next(
            float((c.scored.stack_p[test.is_machine] <= 0.05).mean())
            for c in grid([pool], test, rng=np.random.default_rng(2), means=means)
            if c.strength == made.strength
        )
        for pool in (plain, made.pool)
    ]
    assert caught[1] > caught[0] + 0.2


def test_the_model_is_asked_about_what_the_text_became() -> None:
    def columns_of(texts: Sequence[str]) -> Floats:
        return np.array([[float(text.count("e"))] for text in texts])

    def with_columns(sample: Sample) -> Sample:
        return sample.saying(sample.texts, columns_of(sample.texts))

    both = pools(*(with_columns(toy(40, i)) for i in (0, 1)), rng=np.random.default_rng(0), only=("white-box",))
    means = Means(attacks=HIDING[:1], columns_of=columns_of)
    cell = next(grid(both[:1], with_columns(toy(20, 2)), rng=np.random.default_rng(1), means=means))
    assert np.array_equal(
        cell.scored.members,
        both[0]
        .scored(cell.attacked.sample.saying(cell.attacked.sample.texts, columns_of(cell.attacked.sample.texts)))
        .members,
    )


def test_where_nothing_can_be_attacked() -> None:
    sample, calibrate = toy(20, 0), toy(20, 1)
    pool = pools(sample, calibrate, rng=np.random.default_rng(0), only=("words",))[0]
    means = Means(attacks=HIDING[2:], lists=Lists())
    assert list(grid([pool], sample, rng=np.random.default_rng(1), means=means)) == []
    assert adversarial_round(pool, sample, calibrate, rng=np.random.default_rng(1), means=means) is None
