"""How many secrets are ranked, and against how many others: from figures alone, before anything is scored."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from weighbridge.probekit.ports import Budget, LanguageModel
from weighbridge.probekit.served import pass_seconds

# Nominal costs: the same on every machine. What a pass costs, probekit says. Text is tokenised at about a megabyte a
# second, and read twice; a candidate is some tens of characters.
_SECONDS_PER_TEXT = 3e-4
_SECONDS_PER_BYTE = 2e-6
_NOMINAL_SECRET = 16  # tokens

ONE_IN = 100  # a known leak counts as found where by chance one secret in a hundred would be
LEAST = 2 * ONE_IN - 1  # others below which no sample is drawn: two places of two hundred are the first hundredth


@dataclass(frozen=True, slots=True, kw_only=True)
class Costs:
    """What this run takes, in nominal seconds."""

    model: LanguageModel
    n_bytes: int  # of text to be read
    learnt: int  # windows times steps of overfitting
    controls: int  # secrets ranked for the control

    def text_seconds(self, n_tokens: float) -> float:
        """One candidate, scored."""
        return pass_seconds(self.model, math.ceil(n_tokens)) + _SECONDS_PER_TEXT

    def beside(self, n_tokens: float) -> float:
        """All that is not a candidate: reading, and the control (forward and backward: three times a forward pass)."""
        scored = 3 * self.learnt + LEAST * self.controls
        return self.n_bytes * _SECONDS_PER_BYTE + scored * self.text_seconds(n_tokens)

    def candidates(self, budget: Budget, n_tokens: float) -> int:
        """How many candidates the budget affords, at so many tokens each."""
        each = self.text_seconds(n_tokens)
        return budget.affords(each) - math.ceil(self.beside(n_tokens) / each)

    def secrets(self, budget: Budget, before: int, after: int, kinds: int) -> int:
        """How many secrets of each kind can be ranked, at the least."""
        return self.candidates(budget, before + after + _NOMINAL_SECRET) // (LEAST * kinds)

    def needed(self, before: int, after: int, kinds: int) -> float:
        """Seconds in which ten secrets of each kind would be ranked."""
        n_tokens = before + after + _NOMINAL_SECRET
        return self.beside(n_tokens) + 10 * LEAST * kinds * self.text_seconds(n_tokens)


def shared_out(others: Sequence[int], affordable: int, most: int) -> int:
    """How many others each secret is ranked against, so that what small spaces leave goes to the large ones.

    Parameters
    ----------
    others : how many others there are for each secret
    affordable : over all secrets
    most : for one secret
    """
    left, n = affordable, len(others)
    for count in sorted(others):
        each = left // n
        if count > each:
            return max(LEAST, min(each, most))
        left, n = left - count, n - 1
    return most
