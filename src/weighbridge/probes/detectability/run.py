"""One measurement, step by step: texts chosen, format put right, pool turned over them, attacked, and told."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from weighbridge.core.evidence import Basis, Quantity, Silent
from weighbridge.core.wording import Phrase
from weighbridge.maths import resampling
from weighbridge.maths.proportions import Interval, corrected
from weighbridge.maths.resampling import Rated
from weighbridge.maths.roc import auc
from weighbridge.probekit.labelled import Strings, n_words
from weighbridge.probekit.ports import Bench, LanguageModel, Rewriter, Table
from weighbridge.probes.detectability import inside, notes, own_test
from weighbridge.probes.detectability import settings as sized
from weighbridge.probes.detectability.attacking import Means, attacked
from weighbridge.probes.detectability.audit import RULES, Leak, audit
from weighbridge.probes.detectability.canonical import canonical, length_matched
from weighbridge.probes.detectability.carrying import carried
from weighbridge.probes.detectability.gathering import WHITE_BOX, Gathering
from weighbridge.probes.detectability.leftover import left
from weighbridge.probes.detectability.material import Material
from weighbridge.probes.detectability.measuring import Told, Turn, elsewhere, joined, tested, turned
from weighbridge.probes.detectability.pool import Pool
from weighbridge.probes.detectability.pooling import LEVEL, of_pool
from weighbridge.probes.detectability.ranked import (
    CONFIDENCE,
    RATES,
    Ranked,
    Teller,
    changed,
    flagged,
    headline,
    length_of,
    shown,
)
from weighbridge.probes.detectability.recited import with_recited
from weighbridge.probes.detectability.sample import Sample
from weighbridge.probes.detectability.settings import Settings
from weighbridge.probes.detectability.tongues import registry

# What rules read, and what follows from it: not told of texts that the format alone may tell apart.
_WITHHELD = frozenset({*(metric for _level, metric in RATES), "predictive-value", "worst-attack-tpr"})

Found = tuple[tuple[Quantity, ...], tuple[Phrase, ...]]


def of_texts(bench: Bench, settings: Settings) -> Found:
    """Everything that is measured over texts."""
    run = _Run(bench=bench, settings=settings, teller=_teller(bench, settings))
    gathering = Gathering(bench=bench, settings=settings)
    material, said = gathering.material()
    each = sized.attacked_each(bench.budget, settings)
    n_texts = len(material.sample) + sum(map(len, material.arms.values()))
    model, under_attack, told_inside = gathering.insider(n_texts, 2 * each)
    leaks = audit(material.sample.human.texts, material.sample.machine.texts, confidence=CONFIDENCE)
    alike = gathering.seen_from_inside(in_one_format(material.sample), model)
    as_given = tested(*run.turned(replace(material.sample, columns=alike.columns), "as-given"))
    still = left(alike, CONFIDENCE)
    alike, turns = run.turned(alike, "alike")
    told = tested(alike, turns)
    ranked = _ranked(told, alike, material)
    arms = {
        arm: _by_stack(
            joined([told.human, elsewhere(alike, texts, turns)]),
            {},
            np.asarray([*alike.human.strata, *texts.strata], dtype=object),
        )
        for arm, given in material.arms.items()
        for texts in (gathering.seen_from_inside(_in_format(given), model),)
    }
    found = [
        *headline(ranked, run.teller), *changed(ranked, arms, run.teller), *run.of_format(leaks, as_given, told),
        *of_pool(told, run.teller), *_counted(material),
    ]  # fmt: skip
    struck, said_struck = run.attacked(alike, turns, each, model if under_attack else None)
    axes = {axis: ranked.labels[axis] for axis in ("domain", "language")}
    travelled, said_travelled = carried(alike, axes, run.fit, run.teller)
    n_machine = int(material.sample.is_machine.sum())
    every = with_recited((*found, *struck, *travelled), material.n_recited, n_machine)
    told_all = [q for q in every if not (still.leaks and q.metric in _WITHHELD)]
    return tuple(told_all), (
        *said, *told_inside, *notes.of_recited(material.n_recited, n_machine),
        *notes.of_leaks(leaks[0].rule, leaks[0].auroc.value, _area(as_given), _area(told), still),
        *said_struck, *said_travelled, *_closing(ranked, arms, found, settings),
    )  # fmt: skip


def of_scores(bench: Bench, tables: tuple[Table, ...], settings: Settings) -> Found:
    """The same rates for a test of the owner's own; nothing is known of what it looked at."""
    bench.progress(0, sum(table.n_rows for table in tables), "rows")
    rows, lacking = own_test.compared(
        own_test.read(tables), settings.least_each, registry(bench), bench.generator("compared")
    )
    if lacking and not len(rows.scores):
        notes.no_rows_to_compare(settings.least_each)
    arm, human = rows.labels["arm"], ~rows.is_machine
    ranked = _of_rows(rows.at(human | (arm == "raw")), bench)
    if ranked.fewest < settings.least_each:
        notes.too_few_rows(*ranked.sizes, settings.least_each, rows.n_left_out)
    arms = {
        name: _of_rows(rows.at(human | (rows.is_machine & (arm == name))), bench)
        for name in sorted(set(arm[rows.is_machine].tolist()) - {"raw"})
    }
    teller = replace(_teller(bench, settings), n_of="row", basis=Basis.TESTIFIED, beside=(("test", "own"),))
    found = [*headline(ranked, teller), *changed(ranked, arms, teller)]
    return tuple(found), (
        *notes.of_own_test(rows.n_left_out, rows.n_unscored, _first_area(found)),
        *notes.of_lacking(lacking),
        *_closing(ranked, arms, found, settings),
    )


def _first_area(found: list[Quantity]) -> float:
    return next(q.value for q in found if q.metric == "auroc-stack")


def in_one_format(sample: Sample) -> Sample:
    """All texts in one format and, within each language and domain, of one distribution of lengths."""
    return length_matched(_in_format(sample))


def _in_format(sample: Sample) -> Sample:
    return sample.saying(tuple(canonical(text) for text in sample.texts))


def _teller(bench: Bench, settings: Settings) -> Teller:
    return Teller(rng=bench.generator("bootstrap"), gates=settings.gates, draws=settings.draws)


def _closing(ranked: Ranked, arms: dict[str, Ranked], found: list[Quantity], settings: Settings) -> tuple[Phrase, ...]:
    """What is missing, and what not to make of it all."""
    return (
        *notes.of_sizes(*ranked.sizes, settings.least_for_5pct, settings.least_for_1pct),
        *notes.of_drawing(_rarely_drawn(ranked, settings.least_each), settings.least_each),
        *notes.of_arms(has_changed=bool(arms)),
        *notes.of_groups(has_groups=any(q.metric == "worst-group-fpr" for q in found)),
        notes.of_accuracy(),
    )


def _rarely_drawn(ranked: Ranked, least: int) -> list[tuple[str, int]]:
    """Ways of drawing, of several that are named, with fewer different texts than are told by themselves."""
    column = ranked.labels["decoding"][ranked.is_machine]
    sizes = [(way, int((column == way).sum())) for way in shown(column)]
    return [(way, n) for way, n in sizes if n < least]


def _of_rows(rows: own_test.Rows, bench: Bench) -> Ranked:
    fold, strata = own_test.folds(rows, bench.generator("own")), own_test.strata_of(rows)
    flags = [flagged(rows.scores, rows.is_machine, fold, strata, level) for level, _metric in RATES]
    return Ranked(
        scores=rows.scores, is_machine=rows.is_machine, groups=rows.groups, at_5=flags[0], at_1=flags[1],
        labels=rows.labels,
    )  # fmt: skip


def _ranked(told: Told, sample: Sample, material: Material) -> Ranked:
    """The stack's ranking, which is the clean headline, with what is said of each text."""
    words = np.asarray([n_words(text) for text in sample.texts], dtype=np.int64)
    languages = [stratum.partition("\t")[0] for stratum in sample.strata]
    labels: dict[str, Strings] = {
        "language": np.asarray(languages, dtype=object), "domain": material.domain, "group": material.group,
        "decoding": material.decoding, "length": length_of(words),
    }  # fmt: skip
    return _by_stack(told, labels, np.asarray(sample.strata, dtype=object))


def _by_stack(told: Told, labels: dict[str, Strings], strata: Strings) -> Ranked:
    flags = [flagged(told.stack, told.is_machine, told.fold, strata, level) for level, _metric in RATES]
    return Ranked(
        scores=told.stack, is_machine=told.is_machine, groups=told.groups, at_5=flags[0], at_1=flags[1], labels=labels
    )


def _area(told: Told) -> float:
    return auc(told.stack[told.is_machine], told.stack[~told.is_machine])


def _counted(material: Material) -> Iterator[Quantity]:
    """What was set aside, counted over all there is."""
    for side, n in zip(("human", "machine"), material.n_repeated, strict=True):
        yield _count("repeated-texts", n, n + int((material.sample.is_machine == (side == "machine")).sum()), side)
    yield _count("human-texts-in-doubt", material.n_doubtful, material.n_human, "")


def _count(metric: str, n: int, of: int, side: str) -> Quantity:
    return Quantity(
        metric=metric, value=n, low=n, high=n, confidence=1.0, unit="count", n=of, n_of="text",
        by=(("side", side),) if side else (),
    )  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class _Run:
    """One measurement under way."""

    bench: Bench
    settings: Settings
    teller: Teller

    def tick(self, done: int, of: int) -> None:
        """How far it is."""
        self.bench.progress(done, of, "steps")

    def fit(
        self,
        train: Sample,
        calibrate: Sample,
        stream: str,
        normalised: bool = False,  # noqa: FBT001, FBT002  as the pool has it
    ) -> Pool:
        """A pool of the detectors that are asked for."""
        rng = self.bench.generator("pool", stream)
        only = tuple(name for name in self.settings.names if name != WHITE_BOX or train.columns.shape[1])
        if not only:
            notes.no_member()
        return Pool.fit(train, calibrate, rng=rng, tick=self.tick, normalised=normalised, only=only)

    def turned(self, sample: Sample, stream: str) -> tuple[Sample, tuple[Turn, ...]]:
        """Pools for all rotations, the same for every form of the texts."""
        try:
            return sample, turned(
                sample, lambda train, calibrate, n: self.fit(train, calibrate, f"{stream}-{n}"),
                self.bench.generator("rotations"), self.settings.folds,
            )  # fmt: skip
        except ValueError:
            notes.no_test(len(sample))

    def of_format(self, leaks: tuple[Leak, ...], as_given: Told, told: Told) -> Iterator[Quantity]:
        """What the format gives away by itself, and how much of the figure it was."""
        each, n = corrected(CONFIDENCE, len(RULES)), len(told.stack)
        for leak in leaks:
            yield self.teller.quantity("leak-auroc", leak.auroc, n, (("rule", leak.rule),), each)
        yield self.teller.quantity(
            "leak-auroc-max",
            Interval(
                leaks[0].auroc.value, max(leak.auroc.low for leak in leaks), max(leak.auroc.high for leak in leaks)
            ),
            n,
        )
        rated = Rated(scores=as_given.stack, is_positive=as_given.is_machine, groups=as_given.groups)
        given = resampling.auc(rated, CONFIDENCE, self.teller.rng, self.teller.draws)
        yield self.teller.quantity("auroc-as-given", given, n)
        drop, _best = resampling.gain(rated, told.stack[:, None], CONFIDENCE, self.teller.rng, self.teller.draws)
        yield self.teller.quantity("format-drop", drop, n)

    def attacked(
        self, sample: Sample, turns: tuple[Turn, ...], each: int, model: LanguageModel | None
    ) -> tuple[list[Quantity], tuple[Phrase, ...]]:
        """Under attack; without the model's own say where it cannot be asked about attacked texts."""
        n = min(int(sample.is_machine.sum()), int((~sample.is_machine).sum()))
        if not each or not self.teller.gates.allows(LEVEL, n):
            return [], (notes.no_attacks(),)
        if model is None and sample.columns.shape[1]:
            bare = replace(sample, columns=sample.columns[:, :0])
            sample, turns = self.turned(bare, "bare")
        means = Means(
            each=each, fit=self.fit,
            columns=None if model is None else lambda texts: inside.columns(model, texts, lambda: self.tick(0, 1)),
            rewriter=None, rng=lambda stream: self.bench.generator("attack", stream), tick=self.tick,
        )  # fmt: skip
        rewriter, said = self.rewriter()
        found, told = attacked(sample, turns, replace(means, rewriter=rewriter), self.teller)
        return found, (*said, *told)

    def rewriter(self) -> tuple[Rewriter | None, tuple[Phrase, ...]]:
        """The user's own command, or why it is not run."""
        try:
            return self.bench.rewriter(), ()
        except Silent as silent:
            return None, (notes.of_paraphrase(silent.outcome),)
