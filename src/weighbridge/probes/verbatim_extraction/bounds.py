"""What a token's log-probability is at most under a decoding scheme that a model, such as a served one, cannot score.

A scheme that keeps some tokens divides by the mass that they have. Where only the plain log-probability of a token is
known, and at least how many tokens are likelier, that mass is still bounded from below:

- the token itself is kept, and so are all that are likelier: together at least (rank + 1) times its probability;
- top-k keeps the k likeliest, which have at least k / V of the mass of a vocabulary of V tokens, and a token with k or
  more likelier ones is never drawn;
- top-p keeps at least its p of the mass.
"""

from __future__ import annotations

import math

import numpy as np

from weighbridge.probekit.ports import Decoding, Floats

_TOP_K, _TOP_P = 40, 0.95  # as the names of the schemes say


def at_most(decoding: Decoding, log_probability: Floats, least_rank: Floats, vocabulary: int) -> Floats:
    """The largest log-probability that each token may have under a scheme, in nats, at most 0.

    Parameters
    ----------
    log_probability : of the token under the model's own distribution, nats
    least_rank : same shape; how many tokens are likelier, at least
    vocabulary : number of tokens that the model chooses among
    """
    if decoding is Decoding.GREEDY:
        return np.where(least_rank > 0, -np.inf, 0.0)
    if decoding is Decoding.SAMPLED:
        return np.minimum(log_probability, 0.0)
    least_mass = min(1.0, _TOP_K / vocabulary) if decoding is Decoding.TOP_K else _TOP_P
    bound = np.minimum(-np.log1p(least_rank), log_probability - math.log(least_mass))
    never = (decoding is Decoding.TOP_K) & (least_rank >= _TOP_K)
    return np.where(never, -np.inf, np.minimum(bound, 0.0))
