"""A known weight: letters drawn one by one, a model that knows how often each comes, a classifier of a set error."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from weighbridge.core.candidate import Candidate, Claims, Declared, Role, Subject
from weighbridge.core.wording import Phrase
from weighbridge.probekit.bench import MemoryBench, MemoryTable, MemoryTexts, generator
from weighbridge.probekit.known_languages import KnownLanguages
from weighbridge.probekit.ports import (
    Calibration,
    Decoding,
    Examples,
    Floats,
    Ints,
    LanguageModel,
    Recipe,
    Scores,
    Signal,
    Structure,
    Truth,
    Weight,
)

# Two languages of four letters each: one byte a letter, and two.
LETTERS = {"en": "abcd", "ru": "абвг"}
ALPHABET = "".join(LETTERS.values())
_FREQUENCIES = np.array([0.55, 0.25, 0.15, 0.05])
_DOCUMENTS, _LENGTH = 60, 40
_RECORDS = 120


@dataclass(slots=True, kw_only=True)
class LetterModel:
    """A language model whose tokens are letters, and which knows no more than how likely each is."""

    probabilities: Floats  # over ALPHABET
    n_parameters: int = 100
    context_tokens: int = 512
    vocabulary_size: int = len(ALPHABET)
    decodings: tuple[Decoding, ...] = ()
    signals: tuple[Signal, ...] = ()
    notes: tuple[Phrase, ...] = ()

    def encode(self, texts: Sequence[str]) -> list[Ints]:
        """A token for each letter that it knows."""
        return [np.asarray([ALPHABET.index(c) for c in text if c in ALPHABET], np.int64) for text in texts]

    def decode(self, tokens: Sequence[Ints]) -> list[str]:
        """The letters."""
        return ["".join(ALPHABET[i] for i in ids.tolist()) for ids in tokens]

    def score(
        self, windows: Ints, *, first: int, under: Sequence[Decoding] = (), signals: Sequence[Signal] = ()
    ) -> Scores:
        """The logarithm of each letter's probability."""
        assert not under and not signals  # noqa: S101, PT018  a toy
        logs = np.log(self.probabilities)[windows[:, first:]]
        return Scores(log_probability=logs, is_argmax=np.zeros(logs.shape, bool), under={}, signals={})

    def generate(self, prompts: Ints, *, n_new: int, decoding: Decoding, seed: int) -> Ints:
        """Not in this toy."""
        raise NotImplementedError

    def overfitted(self, windows: Ints, *, steps: int, seed: int) -> LanguageModel:
        """Not in this toy."""
        raise NotImplementedError

    def hidden(self, windows: Ints) -> Floats:
        """Not in this toy."""
        raise NotImplementedError


@dataclass(slots=True, kw_only=True)
class ErringClassifier:
    """A classifier that says what stands in the text."""

    kind: str = "toy"
    classes: tuple[str, ...] = ("no", "yes")
    inputs: tuple[str, ...] = ("text",)
    n_inputs: int = 1
    notes: tuple[Phrase, ...] = ()
    recipe: Recipe | None = None

    def predict_proba(self, inputs: pa.Table) -> Floats:
        """Sure of "yes" where the text says so."""
        says = np.array([text.startswith("yes") for text in inputs.column(0).to_pylist()], dtype=np.float64)
        return np.stack([1 - says, says], axis=1)

    def embed(self, inputs: pa.Table) -> Floats | None:
        """Nothing."""
        del inputs
        return None

    def structure(self) -> Structure:
        """Not in this toy."""
        raise NotImplementedError


def documents(rng: np.random.Generator) -> tuple[MemoryTexts, MemoryTable, KnownLanguages]:
    """Documents of both languages, letters drawn one by one, and an ear that knows them."""
    texts, tags = [], []
    for tag, letters in LETTERS.items():
        drawn = rng.choice(list(letters), (_DOCUMENTS, _LENGTH), p=_FREQUENCIES)
        texts += ["".join(row) for row in drawn]
        tags += [tag] * _DOCUMENTS
    said = Declared(text_field="text", language_field="lang")
    table = MemoryTable({"text": texts, "lang": tags}, label="held-out.jsonl", declared=said)
    return MemoryTexts(texts, label="held-out.jsonl"), table, KnownLanguages(marks=dict(zip(texts, tags, strict=True)))


def _examples(rng: np.random.Generator, right: dict[str, float]) -> Examples:
    """Records of which the classifier is right about this share, by language."""
    targets, said, tags = [], [], []
    for tag, share in right.items():
        truth = rng.integers(0, 2, _RECORDS)
        hit = rng.random(_RECORDS) < share
        targets.append(truth)
        said += [f"{'yes' if yes else 'no'} {n}" for n, yes in enumerate(np.where(hit, truth, 1 - truth).tolist())]
        tags += [tag] * _RECORDS
    n = len(said)
    return Examples(
        inputs=pa.table({"text": said}), targets=np.concatenate(targets), beside=pa.table({"lang": tags}),
        labels=("held-out.jsonl",) * n, records=np.arange(1, n + 1), persons=np.arange(n),
        declared=Declared(target="answer", language_field="lang"), n_records=n, n_repeated=0, n_shared=0,
        n_unlabelled=0,
    )  # fmt: skip


def _weight(seed: int, probabilities: Floats, right: dict[str, float]) -> Weight:
    rng = generator(seed, "language-quality")
    texts, table, languages = documents(rng)
    claims = Claims(languages=("en", "sw"))
    bench = MemoryBench(
        candidate=Candidate(
            name="toy", version="1", artefacts=(), subjects=(Subject.CAUSAL_LM, Subject.CLASSIFIER), claims=claims
        ),
        seed=seed,
        models_by_role={Role.WEIGHTS: LetterModel(probabilities=probabilities)},
        the_classifier=ErringClassifier(),
        the_languages=languages,
        texts_by_role={Role.HELD_OUT: texts},
        tables_by_role={Role.HELD_OUT: (table,)},
        examples_by_role={Role.HELD_OUT: _examples(rng, right)},
    )
    return Weight(bench=bench, truths=tuple(_truths(probabilities, right)))


def _truths(probabilities: Floats, right: dict[str, float]) -> Iterator[Truth]:
    """The bits that the letters need by the model's probabilities; errors alike on both sides give F1 = accuracy."""
    for tag, letters in LETTERS.items():
        by = (("language", tag),)
        nats = -np.log([probabilities[ALPHABET.index(c)] for c in letters]) @ _FREQUENCIES
        yield Truth(metric="bits-per-byte", value=float(nats) / math.log(2) / len(letters[0].encode()), by=by)
        yield Truth(metric="documents-tested", value=_DOCUMENTS, by=by)
        yield Truth(metric="identified-share", value=1, by=by)
        yield Truth(metric="accuracy", value=right[tag], by=by)
        yield Truth(metric="macro-f1", value=right[tag], by=by)
    yield Truth(metric="documents-tested", value=0, by=(("language", "sw"),))


def null(seed: int) -> Weight:
    """A model to which all letters are alike, and a classifier that guesses."""
    return _weight(seed, np.full(len(ALPHABET), 1 / len(ALPHABET)), {"en": 0.5, "ru": 0.5})


def planted(seed: int) -> Weight:
    """A model that knows the letters of one language well and of the other badly; so does the classifier."""
    known = np.concatenate([0.9 * _FREQUENCIES, np.full(4, 0.025)])
    return _weight(seed, known, {"en": 0.9, "ru": 0.7})


CALIBRATION = Calibration(null=null, planted=planted)
