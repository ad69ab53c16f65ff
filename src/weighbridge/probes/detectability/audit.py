"""Leaks: one plain feature of the format at a time, and how well it alone tells the model's texts from people's."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from weighbridge.maths.proportions import Interval, corrected
from weighbridge.maths.roc import TooFew, auc_interval, tpr, tpr_at_fpr
from weighbridge.probekit.ports import Floats
from weighbridge.probes.detectability.meta import META
from weighbridge.probes.detectability.sample import READ
from weighbridge.probes.detectability.scripts import UNSPACED, main_script

FPR = 0.01  # at which the share of the model's texts that a rule finds is told


@dataclass(frozen=True, slots=True, kw_only=True)
class Leak:
    """How well one rule tells the two kinds apart."""

    rule: str
    auroc: Interval  # at least 0.5: the rule says of itself which way it points
    more_in_machine: bool
    tpr: Interval  # of the model's texts, at a false-positive rate of 1 % at most; 0 to 1 where people's are too few


def _matches(pattern: str) -> Callable[[str], float]:
    found = re.compile(pattern)
    return lambda text: float(len(found.findall(text)))


def _any_of(characters: str) -> Callable[[str], float]:
    return lambda text: float(sum(map(text.count, characters)))


def _words(text: str) -> float:
    return float(len(text) if main_script(text[:500]) in UNSPACED else len(text.split()))


def _of_whole(text: str) -> float:
    return float(len(text))


_RULES: tuple[tuple[str, Callable[[str], float]], ...] = (
    ("newlines", _any_of("\n\r\u0085\u2028\u2029")),
    ("double-spaces", _matches(r"(?<=\S)[ \t\u00a0]{2,}(?=\S)")),
    ("edge-spaces", lambda text: float(text[:1].isspace()) + float(text[-1:].isspace())),
    ("no-space-after-stop", _matches(r"(?<=[^\W\d_])[.!?](?=[^\W\d_])")),
    ("space-before-mark", _matches(r"\s[,.;:!?)\]]")),
    ("curly-quotes", _any_of("“”„«»‘’")),
    ("straight-quotes", _any_of("\"'")),
    ("doubled-quotes", _matches(r"''|``")),
    ("long-dashes", _any_of("–—―")),
    ("non-ascii-share", lambda text: sum(not c.isascii() for c in text) / max(1, len(text))),
    ("ends-with-mark", lambda text: float(bool(re.search(r"[.!?…。！？؟।][\"'”’»)\]]*\s*$", text[-20:])))),
    ("starts-with-capital", lambda text: float(text.lstrip()[:1].isupper())),
    ("markdown", _matches(r"\*\*|(?m:^[ \t]*(?:#{1,6}|[-*+•]|\d{1,3}[.)])\s)|```")),
    ("markup", _matches(r"&(?:amp|lt|gt|quot|nbsp|#\d+);|<[a-zA-Z/][^<>]{0,80}>|\\[nt\"]|\ufffd|[\x00-\x08]")),
    ("meta-phrases", lambda text: float(len(META.findall(text)))),
    ("words", _words),
    ("characters", _of_whole),
)  # fmt: skip
RULES = tuple(name for name, _ in _RULES)


def audit(human: Sequence[str], machine: Sequence[str], *, confidence: float = 0.95) -> tuple[Leak, ...]:
    """Every rule, the worst first; all intervals hold together (Bonferroni over the rules).

    Which way a rule points is read off the same texts, so that its area is at least 0.5; an interval that reaches 0.5
    shows nothing.

    Raises
    ------
    ValueError
        Where one of the two kinds has no text.
    """
    if not human or not machine:
        msg = "texts of people and of the model are needed"
        raise ValueError(msg)
    each = corrected(confidence, len(_RULES))
    found = [leak_of(name, _values(rule, human), _values(rule, machine), each) for name, rule in _RULES]
    return tuple(sorted(found, key=lambda leak: -leak.auroc.value))


def values(texts: Sequence[str]) -> Floats:
    """What each rule counts in each text, shape (n, len(RULES))."""
    return np.stack([_values(rule, texts) for _, rule in _RULES], axis=1)


def _values(rule: Callable[[str], float], texts: Sequence[str]) -> Floats:
    whole = rule is _of_whole
    return np.array([rule(text if whole else text[:READ]) for text in texts], dtype=np.float64)


def leak_of(name: str, human: Floats, machine: Floats, confidence: float) -> Leak:
    """How well one count tells the two apart, whichever way it points."""
    area = auc_interval(machine, human, confidence)
    more = area.value >= 0.5
    sign = 1 if more else -1
    turned = area if more else Interval(1 - area.value, 1 - area.high, 1 - area.low)
    # Who takes the better of two directions has at least 0.5, and by chance as far above as the other lies below.
    turned = Interval(turned.value, max(0.5, turned.low), max(turned.high, 1 - turned.low))
    return Leak(rule=name, auroc=turned, more_in_machine=more, tpr=_found(sign * machine, sign * human, confidence))


def _found(machine: Floats, human: Floats, confidence: float) -> Interval:
    try:
        return tpr_at_fpr(machine, human, FPR, confidence)
    except TooFew:
        return Interval(tpr(machine, human, FPR), 0.0, 1.0)
