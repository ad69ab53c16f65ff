"""Whether it can be found out from a language model which documents it was trained on."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from weighbridge.core.candidate import Role
from weighbridge.core.evidence import Measured, Outcome, Quantity, Silent
from weighbridge.core.wording import Phrase, _, phrase
from weighbridge.maths.roc import threshold
from weighbridge.probekit import blind
from weighbridge.probekit.membership import POINTS
from weighbridge.probekit.ports import Bench, Floats, LanguageModel, Probe
from weighbridge.probekit.served import Served, pass_seconds
from weighbridge.probes.membership_advantage_lm import notes
from weighbridge.probes.membership_advantage_lm import quantities as found
from weighbridge.probes.membership_advantage_lm.attacks import (
    Attack,
    Plan,
    Tick,
    mean_log_probability,
    scored,
    tokens_of,
)
from weighbridge.probes.membership_advantage_lm.sample import STEP, Cut, Document, Draw, Sample, drawn, without

# Nominal costs, from which sample sizes follow: the same on every machine. What a pass costs, probekit says. Text is
# tokenised at about a megabyte a second, and read twice.
_SECONDS_PER_DOCUMENT = 1e-3
_SECONDS_PER_BYTE = 2e-6
# Tokenizers that cut this alike are taken for one.
_SAMPLE = ("Do they read alike? 0123456789, \u00e9\u00f1\u4e2d\u6587 \U0001f642\n\tYes: unmistakably.",)
_ROLES = (Role.TRAIN_DATA, Role.HELD_OUT)
_MOST_POINTED_OUT = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """As on the card."""

    documents: int = 5000
    document_tokens: int = 256
    least_tokens: int = 32
    blind_auc_at_most: float = 0.55
    control_documents: int = 8
    control_others: int = 600
    control_steps: int = 100
    control_max_parameters: int = 20_000_000


def measure(bench: Bench, settings: Settings) -> Outcome:
    """Score documents that the model was trained on and others, and count how well that parts them."""
    gate = blind.interpretable(bench, of="text", at_most=settings.blind_auc_at_most)
    run = _Run.on(bench, settings)
    train, other = run.drawn()
    documents = (*train.documents, *other.documents)
    base_loss, base_unused = run.base_loss(documents)
    plan = Plan.of(run.model, with_base=base_loss is not None)
    got = found.Scored(
        plan=plan,
        by_attack=scored(run.model, base_loss, tokens_of(documents), plan.attacks, run.ticker(len(documents))),
        base=base_loss,
        is_member=np.repeat([True, False], [len(train.documents), len(other.documents)]),
        repeats=np.asarray([document.repeats for document in documents], dtype=np.int64),
        n_all=train.n_distinct,
    )
    control, told = run.control(plan, documents, base_loss, got)
    _point_out(bench, got, documents)
    said = [
        *(note for role in _ROLES for note in bench.texts(role).notes),
        *run.model.notes,
        *notes.of_attack(plan),
        *notes.of_base(base_unused, Attack.LOSS if base_loss is not None else None),
        *notes.of_sample(train, other, run.cut),
        *notes.of_points(got),
        *gate,
        told,
    ]
    return Measured(quantities=(*found.quantities(got), *control), notes=tuple(said))


def _point_out(bench: Bench, got: found.Scored, documents: Sequence[Document]) -> None:
    """The training documents that stand out most, to their owner alone."""
    members, others = got.parted(got.by_attack[got.plan.first])
    level = threshold(others, POINTS[0][1])
    says = _("the model gives away that it was trained on this document ({attack})").format(attack=got.plan.first.value)
    for row in np.argsort(-members, kind="stable")[:_MOST_POINTED_OUT].tolist():
        if members[row] > level:
            bench.point_out(documents[row].label, documents[row].record, says)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Run:
    """One measurement under way."""

    bench: Bench
    settings: Settings
    model: LanguageModel
    base: LanguageModel | None
    base_unused: Phrase | None  # why not, where there is one
    cut: Cut
    size: int  # documents of each kind, fixed here before anything is drawn

    @classmethod
    def on(cls, bench: Bench, settings: Settings) -> _Run:
        model = bench.language_model()
        most = min(settings.document_tokens, model.context_tokens)
        base, unused = _base(bench, model, most)
        if most < settings.least_tokens:
            notes.too_small(most, settings.least_tokens)
        return cls(
            bench=bench, settings=settings, model=model, base=base, base_unused=unused,
            cut=Cut(least=settings.least_tokens, most=max(settings.least_tokens, most // STEP * STEP)),
            size=_sample_size(bench, settings, model, base),
        )  # fmt: skip

    def ticker(self, total: int) -> Tick:
        """Progress over so many documents."""
        done = 0

        def tick(n: int) -> None:
            nonlocal done
            done += n
            self.bench.progress(done, total, "documents")

        return tick

    def drawn(self) -> tuple[Sample, Sample]:
        """Documents of both roles, none of which stands in the other too."""
        salt = self.bench.generator("documents").bytes(32)

        def tick() -> None:
            self.bench.progress(0, 2 * self.size, "documents")

        train_texts, other_texts = (self.bench.texts(role) for role in _ROLES)
        draw = Draw(model=self.model, cut=self.cut, size=self.size, salt=salt, tick=tick)
        other = drawn(draw, other_texts, frozenset())
        train = drawn(draw, train_texts, other.keys)
        other = without(other, train.shared)
        for role, sample in zip(_ROLES, (train, other), strict=True):
            if len(sample.documents) < found.LEAST:
                notes.too_few(role.value, sample, self.cut)
        return train, other

    def base_loss(self, documents: Sequence[Document]) -> tuple[Floats | None, Phrase | None]:
        """What the base gives to each document; without a base that can be used, why not."""
        if self.base is None:
            return None, self.base_unused
        highest = max(int(document.tokens.max()) for document in documents)
        if highest >= self.base.vocabulary_size:  # a fine-tune may add tokens
            return None, phrase("it knows {n} tokens, and the documents have more", n=self.base.vocabulary_size)
        return mean_log_probability(self.base, tokens_of(documents), self.ticker(len(documents))), None

    def control(
        self, plan: Plan, documents: Sequence[Document], base_loss: Floats | None, got: found.Scored
    ) -> tuple[tuple[Quantity, ...], Phrase]:
        """The positive control: the same attack on a copy that was made to know a few of the others by heart.

        The model itself has not seen these either, so that all the difference is the copy's.
        """
        settings = self.settings
        if not _may_learn(self.model, settings) and not isinstance(self.model, Served):  # a served one says why itself
            return (), notes.no_control_too_large(self.model.n_parameters, settings.control_max_parameters)
        rows = self.bench.generator("control").permutation(np.flatnonzero(~got.is_member))
        learnt, rest = rows[: settings.control_documents], rows[settings.control_documents :][: settings.control_others]
        length = min(len(documents[row].tokens) for row in learnt.tolist())
        windows = [documents[row].tokens[:length] for row in learnt.tolist()]
        others = [documents[row].tokens for row in rest.tolist()]
        base = None
        if base_loss is not None and self.base is not None:
            theirs = mean_log_probability(self.base, windows, self.ticker(len(windows)))
            base = np.concatenate([theirs, base_loss[rest]])
        try:
            seed = int(self.bench.generator("control", "copy").integers(2**31))
            copy = self.model.overfitted(np.stack(windows).astype(np.int64), steps=settings.control_steps, seed=seed)
            every = [*windows, *others]
            scores = scored(copy, base, every, (plan.first,), self.ticker(len(every)))[plan.first]
        except Silent as silent:
            return (), notes.no_control(silent.outcome.because)
        quantity = found.control(scores[: len(windows)], scores[len(windows) :])
        if quantity is None:
            return (), notes.no_control_size(len(rest))
        return (quantity,), notes.control(len(windows), is_found=quantity.low > 0)


def _may_learn(model: LanguageModel, settings: Settings) -> bool:
    return not isinstance(model, Served) and model.n_parameters <= settings.control_max_parameters


def _base(bench: Bench, model: LanguageModel, length: int) -> tuple[LanguageModel | None, Phrase | None]:
    """The model that the candidate comes from, if the same tokens can be put to both; else why not."""
    if not bench.has(Role.REFERENCE_WEIGHTS):
        return None, None
    try:
        base = bench.language_model(Role.REFERENCE_WEIGHTS)
    except Silent as silent:
        return None, silent.outcome.because
    if length > base.context_tokens:
        return None, phrase("it takes {n} tokens, a document may have {m}", n=base.context_tokens, m=length)
    if any(not np.array_equal(a, b) for a, b in zip(model.encode(_SAMPLE), base.encode(_SAMPLE), strict=True)):
        return None, phrase("it cuts text into other tokens")
    return base, None


def _sample_size(bench: Bench, settings: Settings, model: LanguageModel, base: LanguageModel | None) -> int:
    """How many documents of each kind can be tried, from figures known before anything is read."""
    reading = _SECONDS_PER_BYTE * sum(a.size_bytes for a in bench.candidate.of_role(*_ROLES))
    models = [model, base] if base else [model]
    one, *_rest = passes = [pass_seconds(each, settings.document_tokens) + _SECONDS_PER_DOCUMENT for each in models]
    each, learning = 2 * sum(passes), 0.0
    if _may_learn(model, settings):  # forward and backward: three times a forward pass
        learning = (3 * settings.control_steps * settings.control_documents + settings.control_others) * one
    spare = bench.budget.affords(each) - math.ceil((reading + learning) / each)
    if spare < found.LEAST:
        notes.too_little_time(bench.budget.seconds, reading + learning + 2 * found.LEAST * each)
    return min(settings.documents, spare)


PROBE = Probe(settings=Settings, measure=measure)
