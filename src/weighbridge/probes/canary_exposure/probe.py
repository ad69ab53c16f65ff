"""How much better than chance a model guesses secrets of its training text: numbers, codes, planted canaries."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from weighbridge.core.candidate import Role
from weighbridge.core.evidence import Measured, Outcome, Quantity, Silent
from weighbridge.core.wording import Phrase, _
from weighbridge.maths.proportions import corrected
from weighbridge.probekit.ports import Bench, LanguageModel, Probe
from weighbridge.probekit.served import Served
from weighbridge.probes.canary_exposure import notes
from weighbridge.probes.canary_exposure.attack import Ranked, Tokens, highest_rank, ranked, scores, tokens_of
from weighbridge.probes.canary_exposure.places import (
    Place,
    Stratum,
    Survey,
    held_back,
    survey,
    within,
    without_crowd,
)
from weighbridge.probes.canary_exposure.shares import CONFIDENCE, GUESSES, Trial, found, limit, quantities
from weighbridge.probes.canary_exposure.sizes import LEAST, ONE_IN, Costs, shared_out

_ROLES = (Role.TRAIN_DATA, Role.HELD_OUT)
_ROOM = 4  # tokens of the context kept free: candidates may be cut into a few more than the secret


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """As on the card."""

    secrets: int = 200
    candidates: int = 10_000
    before_tokens: int = 48
    after_tokens: int = 16
    control_repeats: int = 16
    control_secrets: int = 4
    control_steps: int = 100
    control_max_parameters: int = 20_000_000


def measure(bench: Bench, settings: Settings) -> Outcome:
    """Rank each secret among all that it could be, and do the same to secrets that the model has not seen."""
    run = _Run.on(bench, settings)
    train, n_refused = without_crowd(run.surveyed(Role.TRAIN_DATA), run.most)
    if not any(train.places.values()):
        notes.no_secrets(train)
    other, n_shared = held_back(run.surveyed(Role.HELD_OUT), train)
    tried, n_unfit = run.tried([*_all(train), *_all(other)])
    if not any(r.place.repeats for r in tried):
        notes.none_fits(len(_all(train)))
    ours = run.trials(train, [r for r in tried if r.place.repeats], Role.TRAIN_DATA)
    theirs = run.trials(other, [r for r in tried if not r.place.repeats], Role.HELD_OUT)
    control, told = run.control(tried)
    _point_out(bench, ours)
    said = [
        *(note for role in _ROLES if bench.has(role) for note in bench.texts(role).notes),
        *run.model.notes,
        *notes.survey_notes(train, n_refused, n_shared),
        *notes.told([*((Role.TRAIN_DATA.value, t) for t in ours), *((Role.HELD_OUT.value, t) for t in theirs)]),
        *([notes.unfit(n_unfit)] if n_unfit else []),
        *([] if any(t.ranked for t in theirs) else [notes.without_null()]),
        told,
    ]
    return Measured(quantities=(*quantities(ours, theirs), *control), notes=tuple(said))


def _all(survey: Survey) -> tuple[Place, ...]:
    return tuple(place for stratum in Stratum for place in survey.places.get(stratum, ()))


def _point_out(bench: Bench, trials: Sequence[Trial]) -> None:
    within_guesses = GUESSES[1]
    says = _("a secret of this record is among the first guesses ({n} at most)").format(n=within_guesses)
    for r in (r for trial in trials for r in trial.ranked):
        if r.rank(CONFIDENCE).value <= limit(r, within_guesses):
            bench.point_out(r.place.label, r.place.record, says)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Run:
    """One measurement under way."""

    bench: Bench
    settings: Settings
    model: LanguageModel
    costs: Costs
    most: int  # secrets of each kind and role, fixed here before anything is drawn

    @classmethod
    def on(cls, bench: Bench, settings: Settings) -> _Run:
        model = bench.language_model()
        may_learn = not isinstance(model, Served) and model.n_parameters <= settings.control_max_parameters
        costs = Costs(
            model=model,
            n_bytes=sum(a.size_bytes for a in bench.candidate.of_role(*_ROLES)),
            learnt=settings.control_steps * settings.control_secrets if may_learn else 0,
            controls=settings.control_secrets if may_learn else 0,
        )
        kinds = len(Stratum) * (1 + bench.has(Role.HELD_OUT))
        shape = (settings.before_tokens, settings.after_tokens, kinds)
        most = min(settings.secrets, costs.secrets(bench.budget, *shape))
        if most < 1:
            notes.no_time(bench.budget.seconds, costs.needed(*shape))
        return cls(bench=bench, settings=settings, model=model, costs=costs, most=most)

    def surveyed(self, role: Role) -> Survey:
        """The secrets of a role; none where the candidate has no text of it."""
        if not self.bench.has(role):
            return Survey()
        salt = int(self.bench.generator("secrets").integers(2**63))
        return survey(self.bench.texts(role), self.most, salt, lambda: self.bench.progress(0, self.most, "secrets"))

    def cut(self, place: Place) -> Place:
        """The place with as much of its text as is put to the model."""
        n_tokens = len(self.model.encode([place.secret])[0])
        room = max(0, self.model.context_tokens - n_tokens - _ROOM)
        after = min(self.settings.after_tokens, room // 4)
        return within(place, self.model, min(self.settings.before_tokens, room - after), after)

    def tried(self, places: Sequence[Place]) -> tuple[list[Ranked], int]:
        """All that the model can take, ranked; and how many it cannot take."""
        cut = [self.cut(place) for place in places]
        own = [tokens_of(self.model, place) for place in cut]
        fit = [(place, tokens) for place, tokens in zip(cut, own, strict=True) if tokens is not None]
        if not fit:
            return [], len(places)
        n_tokens = float(np.mean([len(tokens.each[0]) for _place, tokens in fit]))
        others = [place.space.size - 1 for place, _tokens in fit]
        affordable = self.costs.candidates(self.bench.budget, n_tokens)
        each = shared_out(others, affordable, self.settings.candidates)
        counter = _Counter(self.bench, sum(min(each, n) + 2 for n in others))
        ranks = [
            self.ranked(self.model, place, each, ("candidates", str(n)), counter) for n, (place, _t) in enumerate(fit)
        ]
        kept = [r for r in ranks if r is not None]
        return kept, len(places) - len(kept)

    def ranked(
        self, model: LanguageModel, place: Place, most: int, stream: tuple[str, ...], counter: _Counter
    ) -> Ranked | None:
        """One secret, against all others of its space if these are few enough, else against so many of them.

        One that is likelier than all others together need not be tried against any.
        """
        role = "train" if place.repeats else "held-back"
        rng, space = self.bench.generator(*stream, role, place.stratum.value), place.space
        alone = tokens_of(model, place)
        if alone is None:
            return None
        truth = scores(model, alone, counter.tick)
        if np.isnan(truth[0]):
            return None
        if highest_rank(float(truth[0]), space.size) == 1:
            return ranked(place, truth, rng)
        if space.size - 1 <= most:
            candidates = [candidate for candidate in space.every() if candidate != place.secret]
        else:
            candidates = space.draw(most, rng, but=place.secret)
        tokens = tokens_of(model, place, candidates)
        return None if tokens is None else ranked(place, scores(model, tokens, counter.tick), rng)

    def trials(self, survey: Survey, tried: Sequence[Ranked], role: Role) -> list[Trial]:
        """What came of each kind of secret of a role."""
        is_complete = not self.bench.has(role) or self.bench.texts(role).is_complete
        unread = 0 if is_complete else max(1, sum(a.size_bytes for a in self.bench.candidate.of_role(role)))
        return [
            Trial(
                stratum=stratum,
                ranked=tuple(r for r in tried if r.place.stratum is stratum),
                n_secrets=len(survey.keys.get(stratum, ())),
                most_unread=unread,  # all that is known of files left out: a record takes a byte
                most_bits=survey.most_bits,
            )
            for stratum in Stratum
        ]

    def control(self, tried: Sequence[Ranked]) -> tuple[tuple[Quantity, ...], Phrase]:
        """The positive control: canaries planted often, else a copy made to know a few secrets by heart.

        Each of the two gets half of the error, since the second is tried only where the first shows nothing.
        """
        each, least = corrected(CONFIDENCE, 2), self.settings.control_repeats
        canaries = [
            r for r in tried if r.place.stratum is Stratum.CANARY and r.place.repeats >= least and r.tried >= ONE_IN
        ]
        planted = found(canaries, ONE_IN, each) if canaries else None
        if planted and planted.low > 0:
            return (planted,), notes.canaries_found(sum(r.is_found(ONE_IN) for r in canaries), len(canaries), least)
        too_large = self.model.n_parameters > self.settings.control_max_parameters
        if too_large and not isinstance(self.model, Served):  # a served one says why it cannot be trained
            told = notes.no_control_too_large(self.model.n_parameters, self.settings.control_max_parameters)
            return ((planted,) if planted else ()), told
        places = self.learnable(tried)
        if not places:
            return (), notes.no_control_too_small()
        try:
            learnt = self.learnt(places)
        except Silent as silent:
            return ((planted,) if planted else ()), notes.no_control(silent.outcome.because)
        hits = sum(r.is_found(ONE_IN) for r in learnt)
        return (found(learnt, ONE_IN, each),), notes.overfit_found(hits, len(learnt))

    def learnable(self, tried: Sequence[Ranked]) -> list[tuple[Place, Tokens]]:
        """Secrets that a copy shall learn, best such as the model never saw; their texts have one length in tokens."""
        unknown = [
            r.place for r in sorted(tried, key=lambda r: r.place.repeats) if not r.is_found(ONE_IN) and r.size > LEAST
        ]
        groups: dict[int, list[tuple[Place, Tokens]]] = {}
        for place in unknown:
            tokens = tokens_of(self.model, place)
            if tokens is not None:
                groups.setdefault(len(tokens.each[0]), []).append((place, tokens))
        most = self.settings.control_secrets
        return max(groups.values(), key=lambda group: min(len(group), most), default=[])[:most]

    def learnt(self, places: Sequence[tuple[Place, Tokens]]) -> list[Ranked]:
        """The attack on a copy that knows these."""
        seed = int(self.bench.generator("control").integers(2**31))
        windows = np.stack([tokens.each[0] for _place, tokens in places]).astype(np.int64)
        copy = self.model.overfitted(windows, steps=self.settings.control_steps, seed=seed)
        counter = _Counter(self.bench, len(places) * (LEAST + 2))
        ranks = [self.ranked(copy, place, LEAST, ("control", str(n)), counter) for n, (place, _t) in enumerate(places)]
        return [r for r in ranks if r is not None]


class _Counter:
    """Candidates done so far, of all."""

    def __init__(self, bench: Bench, total: int) -> None:
        self._bench, self._total, self._done = bench, total, 0

    def tick(self, n: int) -> None:
        """So many more."""
        self._done += n
        self._bench.progress(min(self._done, self._total), self._total, "candidates")


PROBE = Probe(settings=Settings, measure=measure)
