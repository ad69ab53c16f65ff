"""What of the format is left in texts that were brought into one: rules of case and marks, and beginnings learnt."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from weighbridge.maths.proportions import corrected
from weighbridge.probekit.ports import Floats
from weighbridge.probes.detectability.audit import RULES, Leak, leak_of, values
from weighbridge.probes.detectability.sample import READ, Sample

LEAST = 0.6  # the area of a rule, at the low end of its interval, from which a headline may leak; ours
# Lengths of words are how a text is written; how many there are was made alike.
_OF_STYLE = frozenset({"words", "characters"})
_BEGINNINGS: tuple[tuple[str, Callable[[str], str]], ...] = (
    ("first-word", lambda text: " ".join(text.split(None, 1)[:1])),
    ("first-two-words", lambda text: " ".join(text.split(None, 2)[:2])),
    ("first-three-words", lambda text: " ".join(text.split(None, 3)[:3])),
    ("first-letters", lambda text: text[:4]),
)
_GLUED, _MARKS = re.compile(r"[^\W\d_][,;:](?=[^\W\d_])"), re.compile(r"[,;:]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Left:
    """The rule that still tells most, in the language and domain where it does."""

    rule: str
    area: float
    leaks: bool


def left(sample: Sample, confidence: float) -> Left:
    """The worst rule of all, judged in each stratum by itself; beginnings are learnt on one half, judged on another."""
    strata = np.asarray(sample.strata, dtype=object)
    names = sorted(set(sample.strata))
    found = [leak for name in names for leak in _of(sample.at(strata == name), corrected(confidence, len(names)))]
    leaking = [leak for leak in found if leak.auroc.low >= LEAST]
    worst = max(leaking or found, key=lambda leak: leak.auroc.value)
    return Left(rule=worst.rule, area=worst.auroc.value, leaks=bool(leaking))


def _of(sample: Sample, confidence: float) -> list[Leak]:
    human, machine = sample.human.texts, sample.machine.texts
    each = corrected(confidence, len(RULES) + len(_SHARES) + len(_BEGINNINGS))
    sides = values(human), values(machine)
    made = [
        leak_of(rule, sides[0][:, at], sides[1][:, at], each) for at, rule in enumerate(RULES) if rule not in _OF_STYLE
    ]
    made += [leak_of(rule, _each(share, human), _each(share, machine), each) for rule, share in _SHARES]
    for rule, beginning in _BEGINNINGS:
        told = [[beginning(text).casefold() for text in side] for side in (human, machine)]
        best = _telling(told[0][::2], told[1][::2])
        judged = [np.asarray([begins == best for begins in side[1::2]], dtype=np.float64) for side in told]
        made.append(leak_of(rule, judged[0], judged[1], each))
    return made


def _telling(human: Sequence[str], machine: Sequence[str]) -> str:
    """The beginning whose shares of the two differ most; of equal ones the first in order."""
    counts = Counter(human), Counter(machine)
    apart = {
        begins: abs(counts[0][begins] / len(human) - counts[1][begins] / len(machine))
        for begins in sorted({*human, *machine})
    }
    return max(apart, key=lambda begins: apart[begins])


def _each(share: Callable[[str], float], texts: Sequence[str]) -> Floats:
    return np.asarray([share(text[:READ]) for text in texts], dtype=np.float64)


def _capitals(text: str) -> float:
    return sum(map(str.isupper, text)) / max(1, sum(map(str.isalpha, text)))


def _digits(text: str) -> float:
    return sum(map(str.isdigit, text)) / max(1, len(text))


def _glued(text: str) -> float:
    return len(_GLUED.findall(text)) / max(1, len(_MARKS.findall(text)))


_SHARES: tuple[tuple[str, Callable[[str], float]], ...] = (
    ("capitals", _capitals), ("digits", _digits), ("no-space-after-comma", _glued),
)  # fmt: skip
