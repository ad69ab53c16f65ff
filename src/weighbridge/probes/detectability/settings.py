"""What may be set, and what a measurement costs."""

from __future__ import annotations

from dataclasses import dataclass

from weighbridge.core.evidence import not_measured
from weighbridge.core.wording import phrase
from weighbridge.probekit.ports import Budget
from weighbridge.probes.detectability import notes
from weighbridge.probes.detectability.members import MEMBERS
from weighbridge.probes.detectability.ranked import Gates

# Nominal seconds, from which sample sizes follow: the same on every machine. Measured on one core with texts of 150
# words, and doubled: a text through the pool in all rotations, as given and in one format; and a text through all
# attacks at two strengths, with and without the normaliser.
SECONDS_PER_TEXT, SECONDS_PER_ATTACKED = 0.06, 0.4
_FOR_POOL, _FOR_ATTACKS, _FOR_WRITING, _FOR_INSIDE = 0.4, 0.3, 0.5, 0.2  # shares of the time; ours


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """As on the card."""

    texts_each: int = 2000
    least_each: int = 100
    least_for_5pct: int = 300
    least_for_1pct: int = 1000
    least_words: int = 50
    attacked_texts: int = 400
    generated_texts: int = 300
    generated_tokens: int = 200
    human_until: str = "2019-02-14"
    members: str = "words,characters,style,compression,white-box"
    folds: int = 5
    draws: int = 1000

    @property
    def gates(self) -> Gates:
        """How many texts a number takes."""
        return Gates(area=self.least_each, at_5=self.least_for_5pct, at_1=self.least_for_1pct)

    @property
    def names(self) -> tuple[str, ...]:
        """The detectors of the pool.

        Raises
        ------
        Silent
            For one that there is not.
        """
        known = [member.name for member in MEMBERS]
        named = [name.strip() for name in self.members.split(",") if name.strip()]
        unknown = sorted(set(named) - set(known))
        if unknown or not named:
            not_measured(
                phrase("the setting members names a detector that there is not"),
                phrase("weighbridge weigh DIR --set detectability.members={known}", known=",".join(known)),
            )
        return tuple(name for name in known if name in named)


def texts_in_all(budget: Budget, settings: Settings) -> int:
    """How many texts of both sides are compared, fixed before the first is drawn."""
    most = int(_FOR_POOL * budget.affords(SECONDS_PER_TEXT))
    if most < 2 * settings.least_each:
        notes.too_little_time(budget.seconds, round(2 * settings.least_each * SECONDS_PER_TEXT / _FOR_POOL) + 1)
    return most


def attacked_each(budget: Budget, settings: Settings) -> int:
    """How many texts of each side are attacked."""
    return min(settings.attacked_texts, int(_FOR_ATTACKS * budget.affords(SECONDS_PER_ATTACKED)) // 2)


def affords_writing(budget: Budget, seconds_each: float) -> int:
    """How many texts of this cost the model may be made to write."""
    return int(_FOR_WRITING * budget.affords(seconds_each))


def affords_inside(budget: Budget, seconds_each: float) -> int:
    """How many texts of this cost the model may be asked about."""
    return int(_FOR_INSIDE * budget.affords(seconds_each))
