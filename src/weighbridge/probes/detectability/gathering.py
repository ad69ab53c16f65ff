"""Where texts come from: people's as given, the model's as given or written now; and what the model says of both."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from weighbridge.core.candidate import Role
from weighbridge.core.evidence import Silent
from weighbridge.core.wording import Phrase
from weighbridge.probekit.languages import Languages
from weighbridge.probekit.ports import Bench, LanguageModel
from weighbridge.probes.detectability import inside, notes
from weighbridge.probes.detectability import settings as sized
from weighbridge.probes.detectability.material import CHANGED, RAW, Asked, Material, Side, beside, gathered, of_role
from weighbridge.probes.detectability.sample import Sample
from weighbridge.probes.detectability.settings import Settings
from weighbridge.probes.detectability.tongues import heard, registry, spelt_alike
from weighbridge.probes.detectability.writing import planned, written

_OUTPUTS = (Role.OUTPUTS, Role.SAMPLES)
WHITE_BOX = "white-box"
_CELLS = 40  # forms of a text under attack: ten attacks at two strengths, with the normaliser and without


@dataclass(frozen=True, slots=True, kw_only=True)
class Gathering:
    """Gathers; `said` is what there is to tell of it."""

    bench: Bench
    settings: Settings

    @property
    def has_model(self) -> bool:
        """Whether there is a model to ask, among the files or where it is served."""
        return self.bench.has(Role.WEIGHTS) or self.bench.candidate.served is not None

    def pulse(self) -> None:
        """A sign of life where nothing is counted."""
        self.bench.progress(0, 1, "texts")

    def material(self) -> tuple[Material, tuple[Phrase, ...]]:
        """Texts of both sides, as many as there is time for, and what is to be said of them."""
        asked = Asked(
            most=self.settings.texts_each, in_all=sized.texts_in_all(self.bench.budget, self.settings),
            least=self.settings.least_each, least_words=self.settings.least_words,
            human_until=self.settings.human_until,
        )  # fmt: skip
        human, machine, said = self._sides()
        languages = registry(self.bench)
        human, machine = (replace(side, language=spelt_alike(side.language, languages)) for side in (human, machine))
        human, machine, ear = self._by_ear(human, machine, languages)
        made = gathered(human, machine, asked, self.bench.generator("distinct"), languages)
        return made, (
            *said, *ear, *made.notes, *notes.of_doubt(made.n_doubtful, made.n_human, asked.human_until),
            *notes.of_sources(made.paired),
        )  # fmt: skip

    def _by_ear(self, human: Side, machine: Side, languages: Languages | None) -> tuple[Side, Side, tuple[Phrase, ...]]:
        """Both sides in the language that their texts are told to be in, where nobody named any."""
        sides = (human, machine)
        if any((side.language != "").any() for side in sides):
            return human, machine, ()
        tag = heard([(side.n, side.fetch) for side in sides], languages)
        if not tag:
            return human, machine, ()
        named = [replace(side, language=np.full(side.n, tag, dtype=object)) for side in sides]
        return named[0], named[1], (notes.told_by_ear(tag),)

    def insider(self, n_texts: int, n_attacked: int) -> tuple[LanguageModel | None, bool, tuple[Phrase, ...]]:
        """The model as a detector of its own text, whether attacked texts can be shown to it too, and what to say."""
        if WHITE_BOX not in self.settings.names or not self.has_model:
            return None, False, ()
        try:
            model = self.bench.language_model()
        except Silent as silent:
            return None, False, (notes.of_white_box(silent.outcome.because),)
        affords = sized.affords_inside(self.bench.budget, inside.cost(model))
        if affords < n_texts:
            return None, False, (notes.white_box_dear(n_texts, affords),)
        under_attack = affords >= n_texts + _CELLS * n_attacked
        return model, under_attack, () if under_attack else (notes.white_box_unattacked(),)

    def seen_from_inside(self, sample: Sample, model: LanguageModel | None) -> Sample:
        """The sample with what the model says of each text."""
        if model is None:
            return sample
        return replace(sample, columns=inside.columns(model, sample.texts, self.pulse))

    def _has_text(self, role: Role) -> bool:
        """Whether there is anything of a role but files of scores."""
        declared = self.bench.candidate.of_role(role)
        return self.bench.has(role) and not (declared and all(one.declared.score_field for one in declared))

    def _sides(self) -> tuple[Side, Side, tuple[Phrase, ...]]:
        outputs = [role for role in _OUTPUTS if self._has_text(role)]
        if not outputs and not self.has_model:
            notes.nothing_to_detect()
        if not self.bench.has(Role.HUMAN_TEXT):
            notes.no_human_text()
        human, read = of_role(self.bench, Role.HUMAN_TEXT, self.pulse)
        said = read.notes
        machine: Side | None = None
        for role in outputs:
            side, read = of_role(self.bench, role, self.pulse)
            machine = side if machine is None else beside(machine, side)
            said += read.notes
        if machine is not None and ((machine.arm == RAW).any() or not self.has_model):
            changed = sorted(set(machine.arm.tolist()) & set(CHANGED))
            if changed and not (machine.arm == RAW).any():
                notes.no_raw_output(changed)
            return human, machine, said
        rest, new, told = self._written(human)
        return rest, new if machine is None else beside(machine, new), (*said, *told)

    def _written(self, human: Side) -> tuple[Side, Side, tuple[Phrase, ...]]:
        """What the model writes, asked to go on from what people wrote."""
        model = self.bench.language_model()
        plan = planned(
            model, each=self.settings.generated_texts, n_new=self.settings.generated_tokens,
            affords=lambda seconds: sized.affords_writing(self.bench.budget, seconds),
        )  # fmt: skip
        rest, new = written(model, human, plan, self.bench.generator("writing"), self.pulse)
        return rest, new, (*model.notes, notes.of_written(new.n, plan.n_new))
