"""What is different about a language model that is asked where it is served: what it costs, and what it can take."""

from __future__ import annotations

from typing import Protocol, runtime_checkable

import numpy as np

from weighbridge.probekit.ports import Bools, Ints, LanguageModel

# One core of a laptop was measured to do 6e10 floating-point operations a second in single precision; a third of that
# leaves room for all else. A pass costs two operations for each parameter and token (Kaplan et al. 2020, section 2.1).
_OPERATIONS_PER_SECOND = 2e10


@runtime_checkable
class Served(Protocol):
    """What a served language model has besides its port."""

    seconds_per_token: float  # nominal: sample sizes follow from it, and no clock is read

    def takes(self, windows: Ints) -> Bools:
        """Which windows of shape (n, length) reach it as they are; `score` leaves through `Silent` for any other.

        A server that takes text and no tokens may cut the text of a window into other tokens than those it was made of.
        """
        ...


def taken(model: LanguageModel, windows: Ints) -> Bools:
    """Which windows the model can be asked about: all, unless it is served and says otherwise."""
    return model.takes(windows) if isinstance(model, Served) else np.ones(len(windows), dtype=bool)


def pass_seconds(model: LanguageModel, n_tokens: int) -> float:
    """Nominal cost of one forward pass over so many tokens: on one core here, or where the model is served.

    References
    ----------
    Kaplan et al. 2020, Scaling Laws for Neural Language Models: two operations for each parameter and token.
    """
    if isinstance(model, Served):
        return model.seconds_per_token * n_tokens
    return 2 * model.n_parameters * n_tokens / _OPERATIONS_PER_SECOND
