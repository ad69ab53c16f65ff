"""How much of its training text a language model gives back, word for word."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from weighbridge.core.candidate import Role
from weighbridge.core.evidence import Measured, Outcome, Quantity, Silent, not_measured
from weighbridge.core.wording import Phrase, _, phrase
from weighbridge.probekit.ports import Bench, Bools, Ints, LanguageModel, Probe
from weighbridge.probekit.served import Served, pass_seconds, taken
from weighbridge.probes.verbatim_extraction import notes
from weighbridge.probes.verbatim_extraction.attack import Tries, attack
from weighbridge.probes.verbatim_extraction.shares import CONFIDENCE, Trial, quantities, share
from weighbridge.probes.verbatim_extraction.targets import Draw, Survey, Windows, repeats, settle, survey
from weighbridge.probes.verbatim_extraction.windows import Shape, Stratum, information_bits

# Nominal costs, from which sample sizes follow: the same on every machine. Text is tokenised at about a megabyte a
# second; what a pass costs, probekit says.
_SECONDS_PER_WINDOW = 2e-4
_SECONDS_PER_BYTE = 1e-6
# Tokenizers that cut this alike are taken for one.
_SAMPLE = ("Do they read alike? 0123456789, \u00e9\u00f1\u4e2d\u6587 \U0001f642\n\tYes: unmistakably.",)
_ROLES = (Role.TRAIN_DATA, Role.HELD_OUT)


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """As on the card."""

    prefix_tokens: int = 50
    suffix_tokens: int = 50
    stride_tokens: int = 0
    targets_per_stratum: int = 5000
    low_entropy_bits: int = 64
    control_windows: int = 4
    control_steps: int = 100
    control_max_parameters: int = 20_000_000

    @property
    def shape(self) -> Shape:
        """The windows that these settings ask for."""
        return Shape(
            prefix=self.prefix_tokens, suffix=self.suffix_tokens, stride=self.stride_tokens or self.suffix_tokens
        )


def measure(bench: Bench, settings: Settings) -> Outcome:
    """Draw windows from the training text, attack them, and do the same to text never seen and to the base."""
    run = _Run.on(bench, settings)
    train, held_out = run.surveyed(Role.TRAIN_DATA), run.surveyed(Role.HELD_OUT)
    if train is None or train.n_short == train.n_documents:
        notes.too_short(train, run.shape)
    windows, n_low = run.windows(train)
    if not len(windows.tokens):
        notes.untakeable(train, n_low)
        notes.too_repetitive(n_low, settings.low_entropy_bits)
    others, n_low_others = run.windows(held_out) if held_out else (None, 0)
    stands, stands_others = run.counted(windows, others)
    seen = stands_others > 0
    others = others.only(~seen) if others else None
    ours = run.tried(train, windows, stands)
    theirs = run.tried(held_out, others, stands_others[~seen]) if held_out and others else None
    beyond, n_in_both = run.beyond(ours, held_out)
    control, told = run.control(ours)
    _point_out(bench, ours, beyond)
    said = [
        *(note for role in _ROLES if bench.has(role) for note in bench.texts(role).notes),
        *notes.survey_notes(train, ours, run.shape, n_low),
        *notes.control_notes(ours, theirs, n_low_others, int(seen.sum()), n_in_both),
        *notes.base_notes(ours, run.base_unused),
        *notes.served_notes(run.model, ours, theirs),
        told,
    ]
    return Measured(quantities=(*quantities(ours, theirs, beyond), *control), notes=tuple(said))


def _point_out(bench: Bench, trial: Trial, beyond: Bools) -> None:
    for row in np.flatnonzero(beyond).tolist():
        target = trial.windows.targets[row]
        says = _("a passage of this record comes back ({stratum})").format(stratum=target.stratum.value)
        bench.point_out(target.label, target.record, says)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Run:
    """One measurement under way."""

    bench: Bench
    settings: Settings
    shape: Shape
    model: LanguageModel
    base: LanguageModel | None
    base_unused: Phrase | None  # why not, where there is one
    size: int  # windows per stratum and role, fixed here before anything is drawn

    @classmethod
    def on(cls, bench: Bench, settings: Settings) -> _Run:
        model, shape = bench.language_model(), settings.shape
        if shape.length > model.context_tokens:
            notes.too_long(shape, model.context_tokens)
        base, unused = _base(bench, model, shape)
        size = _sample_size(bench, settings, model, base)
        return cls(bench=bench, settings=settings, shape=shape, model=model, base=base, base_unused=unused, size=size)

    def tick(self) -> None:
        """A sign of life while text is read."""
        self.bench.progress(0, self.size, "windows")

    def surveyed(self, role: Role) -> Survey | None:
        """The windows of a role, if the candidate has text of it."""
        if not self.bench.has(role):
            return None
        stream = ("targets",) if role is Role.TRAIN_DATA else ("targets", role.value)
        salts = {s: int(self.bench.generator(*stream, s.value).integers(2**63)) for s in Stratum}
        draws = {s: Draw(self.size, salt) for s, salt in salts.items()}
        texts = self.bench.texts(role)
        found = survey(texts, self.model, self.shape, draws, self.tick)
        if not texts.is_complete:  # all that is known of files left out: a record takes a byte
            found.most_unread = max(1, sum(a.size_bytes for a in self.bench.candidate.of_role(role)))
        return found

    def windows(self, found: Survey) -> tuple[Windows, int]:
        """The windows drawn that are worth trying, and the number of those whose suffix says too little."""
        drawn = [target for s in Stratum for target in found.draws[s].drawn()]
        settled = settle(drawn, self.model, self.shape)
        reaches = taken(self.model, settled.tokens)
        found.untaken = _by_kind(settled.only(~reaches))
        settled = settled.only(reaches)
        halves = (settled.tokens[:, : self.shape.prefix], settled.tokens[:, self.shape.prefix :])
        texts = zip(*(self.model.decode(list(half)) for half in halves), strict=True)
        bits = np.asarray([information_bits(prefix, suffix) for prefix, suffix in texts], dtype=np.int64)
        says_enough = bits >= self.settings.low_entropy_bits
        found.set_apart = _by_kind(settled.only(~says_enough))
        return settled.only(says_enough), int((~says_enough).sum())

    def counted(self, windows: Windows, others: Windows | None) -> tuple[Ints, Ints]:
        """How often each window stands in the training text: ours, and the held-out ones, which should not."""
        every = np.concatenate([windows.tokens, others.tokens]) if others else windows.tokens
        stands = repeats(self.bench.texts(Role.TRAIN_DATA), self.model, every, self.tick)
        return stands[: len(windows.tokens)], stands[len(windows.tokens) :]

    def tried(self, found: Survey, windows: Windows, stands: Ints) -> Trial:
        """Attack the windows, and the base with those that came out."""
        tries = self.attacked(self.model, windows.tokens)
        base = None
        if self.base is not None:
            known = windows.tokens.max(axis=1, initial=0) < self.base.vocabulary_size  # a fine-tune may add tokens
            out = tries.probable & known
            base = self.attacked(self.base, windows.tokens[out]).spread(out)
        return Trial(survey=found, windows=windows, repeats=stands, tries=tries, base=base)

    def attacked(self, model: LanguageModel, tokens: Ints) -> Tries:
        """The attack, with progress in windows."""

        def tick(done: int) -> None:
            self.bench.progress(done, len(tokens), "windows")

        return attack(model, tokens, self.shape.prefix, tick)

    def beyond(self, trial: Trial, held_out: Survey | None) -> tuple[Bools, int]:
        """Windows that come out of the candidate beyond every control, and how many of them held-out text holds too.

        Only ordinary text is excused by standing in held-out text: a record that is in both was not held out.
        """
        out = trial.probable
        if held_out is None or not out.any():
            return out, 0
        suffixes = trial.windows.tokens[out][:, self.shape.prefix :]
        elsewhere = repeats(self.bench.texts(Role.HELD_OUT), self.model, suffixes, self.tick) > 0
        for n, keys in enumerate([trial.windows.keys(row, self.shape) for row in np.flatnonzero(out).tolist()]):
            elsewhere[n] |= bool(keys) and all(key in held_out.identifiers for key in keys)
        beyond, excusable = out.copy(), trial.excusable[out]
        beyond[out] = ~(elsewhere & excusable)
        return beyond, int((elsewhere & ~excusable).sum())

    def control(self, trial: Trial) -> tuple[tuple[Quantity, ...], Phrase]:
        """The positive control: canaries that come out, else a copy made to know a few windows by heart."""
        canary = np.asarray([t.is_canary for t in trial.windows.targets], dtype=bool)
        n, hits = int(canary.sum()), int(trial.tries.probable[canary].sum())
        if hits:
            return (share("control-found", hits, n, CONFIDENCE),), notes.canaries_found(hits, n)
        chosen = np.flatnonzero(~trial.tries.probable)[-self.settings.control_windows :]  # random ones come last
        too_large = self.model.n_parameters > self.settings.control_max_parameters
        if too_large and not isinstance(self.model, Served):  # a served one says why it cannot be trained
            return (), notes.no_control_too_large(self.model.n_parameters, self.settings.control_max_parameters)
        if not len(chosen):
            return (), notes.no_control_all_known()
        tokens = trial.windows.tokens[chosen]
        try:
            seed = int(self.bench.generator("control").integers(2**31))
            overfitted = self.model.overfitted(tokens, steps=self.settings.control_steps, seed=seed)
            hits = int(self.attacked(overfitted, tokens).probable.sum())
        except Silent as silent:
            return (), notes.no_control(silent.outcome.because)
        return (share("control-found", hits, len(chosen), CONFIDENCE),), notes.overfit_found(hits, len(chosen))


def _by_kind(windows: Windows) -> dict[Stratum, int]:
    strata = [target.stratum for target in windows.targets]
    return {stratum: strata.count(stratum) for stratum in Stratum}


def _base(bench: Bench, model: LanguageModel, shape: Shape) -> tuple[LanguageModel | None, Phrase | None]:
    """The model that the candidate comes from, if the same tokens can be put to both; else why not."""
    if not bench.has(Role.REFERENCE_WEIGHTS):
        return None, None
    try:
        base = bench.language_model(Role.REFERENCE_WEIGHTS)
    except Silent as silent:
        return None, silent.outcome.because
    if shape.length > base.context_tokens:
        return None, phrase("it takes {n} tokens, a window has {m}", n=base.context_tokens, m=shape.length)
    if any(not np.array_equal(a, b) for a, b in zip(model.encode(_SAMPLE), base.encode(_SAMPLE), strict=True)):
        return None, phrase("it cuts text into other tokens")
    return base, None


def _sample_size(bench: Bench, settings: Settings, model: LanguageModel, base: LanguageModel | None) -> int:
    """How many windows of each stratum can be tried, from figures known before anything is read."""
    n_bytes = {role: sum(a.size_bytes for a in bench.candidate.of_role(role)) for role in _ROLES}
    reading = _SECONDS_PER_BYTE * (2 * n_bytes[Role.TRAIN_DATA] + 2 * n_bytes[Role.HELD_OUT])
    models = [model, base] if base else [model]
    passes = sum(pass_seconds(each, settings.shape.length) for each in models) + _SECONDS_PER_WINDOW
    each = passes * len(Stratum) * (2 if bench.has(Role.HELD_OUT) else 1)
    learning = 0.0
    if model.n_parameters <= settings.control_max_parameters and not isinstance(
        model, Served
    ):  # forward and backward: three times a forward pass
        learning = 3 * settings.control_steps * settings.control_windows * passes
    spare = bench.budget.affords(each) - math.ceil((reading + learning) / each)
    if spare < 1:
        not_measured(
            phrase(
                "in the {seconds:.0f} s allowed, not one window of each kind can be tried", seconds=bench.budget.seconds
            ),
            phrase(
                "allow more: weighbridge weigh --budget {seconds}",
                seconds=math.ceil(2 * (reading + learning + 100 * each)),
            ),
        )
    return min(settings.targets_per_stratum, spare)


PROBE = Probe(settings=Settings, measure=measure)
