"""A detector to keep: what it learns from, how its thresholds are set, and the rates that it has on texts unseen."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from weighbridge.core.evidence import Quantity
from weighbridge.core.wording import Phrase
from weighbridge.maths.roc import threshold
from weighbridge.probekit.labelled import n_words
from weighbridge.probekit.ports import Bench, Bools, Floats
from weighbridge.probes.detectability import notes
from weighbridge.probes.detectability.gathering import Gathering
from weighbridge.probes.detectability.material import UNSAID
from weighbridge.probes.detectability.ranked import RATES, Ranked, Teller, flagged, headline, length_of, shown
from weighbridge.probes.detectability.run import in_one_format
from weighbridge.probes.detectability.sample import Sample
from weighbridge.probes.detectability.settings import Settings
from weighbridge.probes.detectability.splits import rotations

Fit = Callable[[Sequence[str], Bools], Callable[[Sequence[str]], Floats]]
"""Makes a detector of texts and who wrote them: what it gives says how likely each text is the model's."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Threshold:
    """Above which score a text of this language and domain is flagged."""

    language: str
    domain: str
    fpr: float  # of people's texts, the share that was to be flagged
    score: float
    n: int  # people's texts that it was set on; the detector has learnt from none of them


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Kept:
    """A detector, with all that its card has to say."""

    scored: Callable[[Sequence[str]], Floats]
    texts: tuple[str, ...]  # on which what is written is compared with what is read back
    thresholds: tuple[Threshold, ...]
    rates: tuple[Quantity, ...]
    notes: tuple[Phrase, ...]
    n_human: int
    n_machine: int
    languages: tuple[str, ...]
    domains: tuple[str, ...]
    words: tuple[int, int]  # of the texts that it was made from, the 5 and 95 % quantile


def kept(bench: Bench, settings: Settings, fit: Fit) -> Kept:
    """Make a detector of the candidate's texts, and measure it on texts of prompts and sources it has not seen.

    Raises
    ------
    Silent
        Where there are too few texts, as in the probe.
    """
    material, said = Gathering(bench=bench, settings=settings).material()
    sample = in_one_format(material.sample)
    try:
        turns = rotations(sample, bench.generator("rotations"), settings.folds)
    except ValueError:
        notes.no_test(len(sample))
    scores, fold = np.zeros(len(sample)), np.zeros(len(sample), dtype=np.int64)
    for number, turn in enumerate(turns):
        learns = sample.at(np.concatenate([turn.train, turn.calibrate]))
        scores[turn.test] = fit(learns.texts, learns.is_machine)(sample.at(turn.test).texts)
        fold[turn.test] = number
        bench.progress(number + 1, len(turns) + 1, "detectors")
    languages = [stratum.partition("\t")[0] for stratum in sample.strata]
    words = np.asarray([n_words(text) for text in sample.texts], dtype=np.int64)
    labels = {
        "language": np.asarray(languages, dtype=object), "domain": material.domain, "group": material.group,
        "decoding": material.decoding, "length": length_of(words),
    }  # fmt: skip
    strata = np.asarray(sample.strata, dtype=object)
    flags = [flagged(scores, sample.is_machine, fold, strata, fpr) for fpr, _metric in RATES]
    ranked = Ranked(
        scores=scores, is_machine=sample.is_machine, groups=sample.groups, at_5=flags[0], at_1=flags[1], labels=labels
    )
    teller = Teller(rng=bench.generator("bootstrap"), gates=settings.gates, draws=settings.draws)
    held = turns[0].calibrate
    learns = sample.at(np.sort(np.concatenate([turns[0].train, turns[0].test])))
    scored = fit(learns.texts, learns.is_machine)
    return Kept(
        scored=scored, texts=sample.at(held).texts, thresholds=_thresholds(sample.at(held), scored, settings),
        rates=tuple(replace(q, metric=_plain(q.metric)) for q in headline(ranked, teller)), notes=said,
        n_human=ranked.sizes[0], n_machine=ranked.sizes[1], languages=tuple(shown(labels["language"])) or (UNSAID,),
        domains=tuple(shown(material.domain)),
        words=(int(np.quantile(words, 0.05)), int(np.quantile(words, 0.95))),
    )  # fmt: skip


def _plain(metric: str) -> str:
    return "auroc" if metric == "auroc-stack" else metric


def _thresholds(held: Sample, scored: Callable[[Sequence[str]], Floats], settings: Settings) -> tuple[Threshold, ...]:
    """For each language and domain, set on people's texts that the detector has not learnt from."""
    human = held.human
    scores, strata = scored(human.texts), np.asarray(human.strata, dtype=object)
    made = []
    for stratum in sorted(set(human.strata)):
        here = scores[strata == stratum]
        language, _, domain = stratum.partition("\t")
        for fpr, _metric in RATES:
            if len(here) * fpr >= 1 and settings.gates.allows(fpr, len(here) * settings.folds):
                made.append(
                    Threshold(language=language, domain=domain, fpr=fpr, score=threshold(here, fpr), n=len(here))
                )
    return tuple(made)
