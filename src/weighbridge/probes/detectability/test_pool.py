from __future__ import annotations

import sys
from collections.abc import Callable

import numpy as np
import pytest

from weighbridge.core.evidence import Silent
from weighbridge.maths.roc import auc
from weighbridge.probes.detectability import engine, members
from weighbridge.probes.detectability.pool import Pool, Scored, Surprise, Uncalibrated, pools
from weighbridge.probes.detectability.sample import Sample, joined, sample_of
from weighbridge.probes.detectability.style import NAMES, FunctionWords, traits, words_of

pytest.importorskip("sklearn", reason="scikit-learn is an extra")
pytest.importorskip("zstandard", reason="zstandard is an extra")

WORDS = [f"{a}{b}" for a in "bdfgklmnprst" for b in ("ale", "oam", "oor", "unt", "eck", "ish")]
FAST = ("words", "characters", "compression")


def texts(n: int, seed: int, tilt: float = 0.0) -> tuple[str, ...]:
    rng = np.random.default_rng(seed)
    rate = np.exp(tilt * np.linspace(-1, 1, len(WORDS)))
    return tuple(" ".join(rng.choice(WORDS, 40, p=rate / rate.sum())) for _ in range(n))


def toy(n: int, seed: int, tilt: float, *, stratum: str = "") -> Sample:
    return sample_of(texts(n, seed), texts(n, seed + 1, tilt), paired=True, language="en", stratum=stratum)


def taught(tilt: float = 1.5, only: tuple[str, ...] = FAST) -> Pool:
    return Pool.fit(toy(60, 0, tilt), toy(60, 10, tilt), rng=np.random.default_rng(0), only=only)


def area(scores: np.ndarray[tuple[int, ...], np.dtype[np.float64]], of: Sample) -> float:
    return auc(scores[of.is_machine], scores[~of.is_machine])


@pytest.fixture(scope="module")
def pool() -> Pool:
    return taught(only=())


def test_all_members_and_both_ways_tell_two_sources(pool: Pool) -> None:
    test = toy(60, 20, 1.5)
    scored = pool.scored(test)
    assert pool.names == ("words", "characters", "style", "compression")
    for column in (*scored.members.T, scored.stack, scored.min_p):
        assert area(column, test) > 0.7
    assert area(scored.stack, test) > 0.95


def test_of_people_s_texts_at_most_the_share_that_is_said_is_flagged(pool: Pool) -> None:
    people = sample_of(texts(400, 30), (), language="en")
    scored = pool.scored(people)
    for p_values in (*scored.p_values.T, scored.stack_p, scored.min_p_p):
        assert p_values.min() >= 1 / 61
        assert (p_values <= 0.1).mean() < 0.2  # sixty texts calibrate roughly; of many such pools it is one tenth


def test_the_same_seed_gives_the_same_scores() -> None:
    test = toy(20, 20, 1.5)
    a, b = (taught().scored(test) for _ in range(2))
    for name in Scored.__slots__:
        assert np.array_equal(getattr(a, name), getattr(b, name))


def test_one_source_is_not_told_from_itself() -> None:
    test = toy(150, 20, 0.0)
    scored = taught(tilt=0.0).scored(test)
    assert abs(area(scored.stack, test) - 0.5) < 0.12


def test_a_stratum_has_its_own_threshold_and_none_is_lent_unasked() -> None:
    train = joined(toy(60, 0, 1.5, stratum="a"), toy(60, 2, 1.5, stratum="b"))
    pool = Pool.fit(train, toy(60, 10, 1.5, stratum="a"), rng=np.random.default_rng(0), only=FAST)
    other = toy(20, 20, 1.5, stratum="b")
    with pytest.raises(Uncalibrated) as missing:
        pool.scored(other)
    assert missing.value.stratum == "b"
    lent = pool.scored(other, by="a")
    assert lent.at(np.arange(5)).stack.shape == (5,)


def test_the_model_s_own_columns_are_a_member_where_they_are_there() -> None:
    rng = np.random.default_rng(0)

    def with_columns(sample: Sample) -> Sample:
        return sample.saying(
            sample.texts, np.column_stack([sample.is_machine * 2 + rng.normal(size=len(sample)), np.ones(len(sample))])
        )

    pool = Pool.fit(with_columns(toy(60, 0, 0)), with_columns(toy(60, 10, 0)), rng=rng, only=("words", "white-box"))
    test = with_columns(toy(60, 20, 0))
    assert pool.names == ("words", "white-box")
    assert area(pool.scored(test).members[:, 1], test) > 0.85


def test_with_a_normaliser_in_front_invisible_marks_change_nothing() -> None:
    train, calibrate, test = toy(40, 0, 1.5), toy(40, 10, 1.5), toy(20, 20, 1.5)
    plain, front = pools(train, calibrate, rng=np.random.default_rng(0), only=FAST)
    assert front.members is plain.members  # nothing to normalise: taught once
    marked = test.saying(tuple(text.replace("a", "a\u200b") for text in test.texts))
    assert np.array_equal(front.scored(marked).stack, front.scored(test).stack)
    assert not np.array_equal(plain.scored(marked).stack, plain.scored(test).stack)
    odd = train.saying(tuple(text.replace("b", "\u0430") for text in train.texts))
    plain, front = pools(odd, calibrate, rng=np.random.default_rng(0), only=("characters",))
    assert front.members is not plain.members


ODD = ("", "a", "\x00", "👩‍👩‍👧‍👦", "שלום עולם", "漢字かな" * 30, "word " * 200_000, "\ud800", "the same", "the same")


def test_odd_texts_are_learnt_and_scored() -> None:
    sample = sample_of(ODD, ODD[::-1])
    pool = Pool.fit(sample, sample, rng=np.random.default_rng(0))
    scored = pool.scored(sample)
    for name in Scored.__slots__:
        assert np.isfinite(getattr(scored, name)).all()
    assert pool.scored(sample.at(np.array([], dtype=np.int64))).stack.shape == (0,)


def test_texts_that_are_all_the_same_tell_nothing() -> None:
    sample = sample_of(("one and the same text",) * 20, ("one and the same text",) * 20)
    scored = Pool.fit(sample, sample, rng=np.random.default_rng(0)).scored(sample)
    assert np.ptp(scored.stack) == np.ptp(scored.min_p) == 0
    assert scored.stack_p.min() == scored.min_p_p.min() == 1


def test_no_word_at_all() -> None:
    sample = sample_of(("!", "?", ".", ","), ("!", "?", "-", ":"))
    assert members.Words.fit(sample, 0).score(sample).tolist() == [0] * 8


def test_one_kind_alone() -> None:
    one = sample_of(texts(10, 0), ())
    for train, calibrate in ((one, one), (toy(10, 0, 1), one.machine), (toy(10, 0, 1), toy(10, 0, 1).machine)):
        with pytest.raises(ValueError, match="both kinds"):
            Pool.fit(train, calibrate, rng=np.random.default_rng(0))


def test_a_tick_is_told_and_may_end_it() -> None:
    told: list[tuple[int, int]] = []
    Pool.fit(toy(12, 0, 1), toy(12, 2, 1), rng=np.random.default_rng(0), tick=lambda *n: told.append(n), only=FAST)
    assert told == [(i, 12) for i in range(12)]


@pytest.mark.slow
def test_over_many_pools_people_are_flagged_as_often_as_is_said() -> None:
    flagged = []
    for seed in range(60):
        pool = Pool.fit(
            toy(40, 100 * seed, 0.3), toy(39, 100 * seed + 10, 0.3), rng=np.random.default_rng(seed), only=FAST
        )
        scored = pool.scored(sample_of(texts(40, 100 * seed + 20), (), language="en"))
        flagged.append([(p <= 0.1).mean() for p in (*scored.p_values.T, scored.stack_p, scored.min_p_p)])
    spread = np.std(flagged, axis=0, ddof=1) / np.sqrt(len(flagged))
    assert (np.mean(flagged, axis=0) <= 0.1 + 3 * spread).all()
    assert (np.mean(flagged, axis=0) >= 0.05).all()  # and not much less often: ties are rare


def test_surprise_grows_with_the_score_and_beyond_the_highest() -> None:
    of = Surprise.of(np.array([0.0, 1.0, 1.0, 2.0, 3.0]))
    found = of(np.array([-5.0, 0.0, 0.5, 1.0, 2.5, 3.0, 4.0, 9.0]))
    assert (np.diff(found) > 0).all()
    assert np.isfinite(Surprise.of(np.zeros(4))(np.array([-1.0, 0.0, 1.0]))).all()


def test_small_words_are_learnt_per_language() -> None:
    known = FunctionWords.learnt(
        ["the cat and the dog", "the end and it", "der Hund und", "der Tag und"], ["en", "en", "de", "de"]
    )
    assert known.of == (("de", ("der", "und")), ("en", ("and", "the")))
    rates = known.rates(["the the x y", "der x", "???"], ["en", "de", "fr"])
    assert rates[0].tolist()[2:] == [0, 0.5]
    assert np.isnan(rates[0][:2]).all()
    assert np.isnan(rates[2]).all()
    assert len(traits(" ".join(texts(1, 0)))) == len(NAMES)
    assert words_of("漢字かな AI") == ["漢", "字", "か", "な", "AI"]


@pytest.mark.parametrize(
    ("library", "use"),
    [
        ("sklearn.ensemble", lambda: engine.regression(np.zeros((2, 1)), np.array([True, False]), 0)),
        ("zstandard", lambda: engine.Packer(b"x")),
    ],
)
def test_without_the_extra_it_says_what_to_install(
    library: str, use: Callable[[], object], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, library, None)
    with pytest.raises(Silent) as silent:
        use()
    assert "weighbridge[detection]" in str(silent.value.outcome)
