import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from weighbridge.probekit.ports import Decoding
from weighbridge.probes.verbatim_extraction.bounds import at_most
from weighbridge.probes.verbatim_extraction.calibration import kept


@given(st.integers(0, 2**32), st.sampled_from([2, 30, 41, 200]), st.floats(0.01, 8), st.sampled_from(list(Decoding)))
def test_no_token_is_likelier_than_its_bound(seed: int, vocabulary: int, spread: float, decoding: Decoding) -> None:
    rng = np.random.default_rng(seed)
    logits = spread * rng.standard_normal((3, vocabulary))
    chances = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
    order = np.argsort(-chances, axis=1, kind="stable")
    ranks = np.argsort(order, axis=1).astype(np.float64)
    with np.errstate(divide="ignore"):
        truth = np.log(kept(chances, decoding))
    for known in (ranks, np.minimum(ranks, 1)):  # the rank, or only whether it is the likeliest
        bound = at_most(decoding, np.log(chances), known, vocabulary)
        assert (truth <= bound + 1e-9).all()
        assert (bound <= 0).all()


def test_what_can_never_be_drawn_is_known() -> None:
    logs, ranks = np.log([[0.3, 0.3]]), np.asarray([[39.0, 40.0]])
    assert np.isinf(at_most(Decoding.TOP_K, logs, ranks, 1000)).tolist() == [[False, True]]
    assert np.isinf(at_most(Decoding.GREEDY, logs, np.asarray([[0.0, 1.0]]), 1000)).tolist() == [[False, True]]


@pytest.mark.parametrize(("decoding", "bound"), [(Decoding.TOP_P, 0.2 / 0.95), (Decoding.TOP_K, 0.2 / (40 / 50))])
def test_the_bound_is_as_near_as_the_mass_allows(decoding: Decoding, bound: float) -> None:
    got = at_most(decoding, np.log([0.2]), np.asarray([0.0]), 50)
    assert np.exp(got) == pytest.approx([bound])
