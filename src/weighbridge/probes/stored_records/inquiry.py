"""One measurement under way: what is looked into, what was left out, what is to be said."""

from __future__ import annotations

from dataclasses import dataclass, field

from weighbridge.core.candidate import Subject
from weighbridge.core.evidence import Quantity, Silent
from weighbridge.core.wording import Phrase
from weighbridge.probekit.ports import Bench, Structure
from weighbridge.probes.stored_records import notes
from weighbridge.probes.stored_records.files import File, Unread, Where, released
from weighbridge.probes.stored_records.training import Training

_MOST_POINTERS = 10_000  # of each kind; ours, for memory


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """As on the card."""

    leaf_records: int = 5
    rare_below: int = 5
    passage_characters: int = 50
    tokenizer_mib: int = 64
    unpack_mib: int = 256


@dataclass(slots=True, kw_only=True)
class Inquiry:
    """A classifier or a language model, its files, and its training data."""

    bench: Bench
    settings: Settings
    is_classifier: bool
    kind: str  # of the classifier
    n_classes: int
    structure: Structure | None
    silent: Silent | None  # why a classifier has none
    training: Training
    files: tuple[File, ...]
    said: list[Phrase]
    unread: Unread = field(default_factory=Unread)

    @classmethod
    def on(cls, bench: Bench, settings: Settings) -> Inquiry:
        """Open what there is."""
        bench.progress(0, 1, "part")
        is_classifier = Subject.CLASSIFIER in bench.candidate.subjects
        kind, inputs, n_classes = "", tuple[str, ...](), 0
        structure: Structure | None = None
        silent: Silent | None = None
        said: list[Phrase] = []
        if is_classifier:
            try:
                classifier = bench.classifier()
                kind, inputs, n_classes = classifier.kind, classifier.inputs, len(classifier.classes)
                said += classifier.notes
                structure = classifier.structure()
            except Silent as why:
                silent = why
                said.append(why.outcome.because)
        training = Training.on(bench, inputs)
        said += training.told
        said += [] if training.is_there else [notes.no_training_data()]
        return cls(
            bench=bench, settings=settings, is_classifier=is_classifier, kind=kind, n_classes=n_classes,
            structure=structure, silent=silent, training=training, files=released(bench), said=said,
        )  # fmt: skip

    def tick(self) -> None:
        """A sign of life."""
        self.bench.progress(0, 1, "part")


@dataclass(slots=True)
class Pointing:
    """Points records out, so many at most."""

    bench: Bench
    says: str
    left: int = _MOST_POINTERS

    def __call__(self, label: str, record: int) -> None:
        """Point one out."""
        if self.left > 0:
            self.left -= 1
            self.bench.point_out(label, record, self.says)


def count(metric: str, where: Where, value: int, n: int, n_of: str, *, more: int = 0) -> Quantity:
    """So many were found at this place, and so many more may be in what was left out."""
    return Quantity(
        metric=metric, value=value, low=value, high=value + more, confidence=1.0, unit="count", n=n, n_of=n_of,
        by=(("where", where.value),),
    )  # fmt: skip
