"""A known weight: models that cannot see order or spelling at all, and models whose losses follow by counting."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import combinations, islice

import numpy as np
import pyarrow as pa

from weighbridge.core.candidate import Candidate, Declared, Role, Subject
from weighbridge.core.canon import digest_of_bytes
from weighbridge.core.evidence import Asked, Evidence, Measured, NotApplicable, Quantity
from weighbridge.core.wording import Phrase, phrase
from weighbridge.probekit.bench import MemoryBench, MemoryTable, MemoryTexts, generator
from weighbridge.probekit.ports import (
    Calibration,
    Classifier,
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

TAGS = ("en", "de", "es", "fr", "sw", "yo")
_WORDS, _DOCUMENTS, _RECORDS = 12, 55, 60  # words of a text; texts and records of each language
_SIZE = 600
# Words whose letters ascend: with two of them exchanged a word is none of these.
VOCABULARY = tuple("".join(letters) for letters in islice(combinations("abcdefghijklm", 5), _SIZE))
_PLACES = {word: place for place, word in enumerate(VOCABULARY, 2)}
_UNKNOWN = 1
NEXT, OTHER, STRANGE = 1.0, 4.0, 9.0  # nats of a word that follows its forerunner, of any other, of an unknown one


@dataclass(slots=True, kw_only=True)
class _Toy:
    """What both models are besides what they make of a text."""

    n_parameters: int = 100
    context_tokens: int = 1024
    decodings: tuple[Decoding, ...] = ()
    signals: tuple[Signal, ...] = ()
    notes: tuple[Phrase, ...] = ()

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
class LetterModel(_Toy):
    """Its tokens are letters, whose probabilities know nothing of what came before: no order, no spelling."""

    vocabulary_size: int = 27

    def encode(self, texts: Sequence[str]) -> list[Ints]:
        """Letters and the space."""
        return [np.asarray([ord(c) - 96 if c != " " else 0 for c in t if c.isalpha() or c == " "], int) for t in texts]

    def decode(self, tokens: Sequence[Ints]) -> list[str]:
        """The letters."""
        return ["".join(chr(i + 96) if i else " " for i in ids.tolist()) for ids in tokens]

    def score(
        self, windows: Ints, *, first: int, under: Sequence[Decoding] = (), signals: Sequence[Signal] = ()
    ) -> Scores:
        """The later in the alphabet, the less likely."""
        assert not under and not signals  # noqa: S101, PT018  a toy
        logs = -np.log(4.0) - 0.1 * windows[:, first:].astype(np.float64)
        return Scores(log_probability=logs, is_argmax=np.zeros(logs.shape, bool), under={}, signals={})


@dataclass(slots=True, kw_only=True)
class ChainModel(_Toy):
    """Its tokens are words, and it expects each to be followed by the next one of its vocabulary."""

    vocabulary_size: int = _SIZE + 2

    def encode(self, texts: Sequence[str]) -> list[Ints]:
        """A token for each word, one for all that it does not know."""
        return [np.asarray([_PLACES.get(word, _UNKNOWN) for word in text.split()], np.int64) for text in texts]

    def decode(self, tokens: Sequence[Ints]) -> list[str]:
        """The words."""
        return [" ".join(VOCABULARY[i - 2] if i > _UNKNOWN else "?" for i in ids.tolist()) for ids in tokens]

    def score(
        self, windows: Ints, *, first: int, under: Sequence[Decoding] = (), signals: Sequence[Signal] = ()
    ) -> Scores:
        """Three prices, and no other."""
        assert not under and not signals  # noqa: S101, PT018  a toy
        here, before = windows[:, first:], windows[:, first - 1 : -1]
        follows = (here == before + 1) & (before > _UNKNOWN)
        logs = -np.where(here == _UNKNOWN, STRANGE, np.where(follows, NEXT, OTHER))
        return Scores(log_probability=logs, is_argmax=follows, under={}, signals={})


@dataclass(slots=True, kw_only=True)
class MarkClassifier:
    """Looks for a word: whether it is there, or whether it comes before another."""

    sees_order: bool
    kind: str = "toy"
    classes: tuple[str, ...] = ("no", "yes")
    inputs: tuple[str, ...] = ("text",)
    n_inputs: int = 1
    notes: tuple[Phrase, ...] = ()
    recipe: Recipe | None = None

    def predict_proba(self, inputs: pa.Table) -> Floats:
        """Sure, either way."""
        texts = inputs.column(0).to_pylist()
        yes = [t.find("xx") < t.find("yy") if self.sees_order else "zz" in t for t in texts]
        says = np.asarray(yes, dtype=np.float64)
        return np.stack([1 - says, says], axis=1)

    def embed(self, inputs: pa.Table) -> Floats | None:
        """Nothing."""
        del inputs
        return None

    def structure(self) -> Structure:
        """Not in this toy."""
        raise NotImplementedError


def texts(rng: np.random.Generator) -> tuple[list[str], list[str]]:
    """Runs of the vocabulary, some of each language, and their tags."""
    starts = rng.permutation(_SIZE - _WORDS)[: len(TAGS) * _DOCUMENTS].reshape(len(TAGS), _DOCUMENTS)
    made = [" ".join(VOCABULARY[at : at + _WORDS]) for of_tag in starts for at in of_tag.tolist()]
    return made, [tag for tag in TAGS for _ in range(_DOCUMENTS)]


def examples(rng: np.random.Generator, *, in_order: bool) -> Examples:
    """Records in which one word comes before another within the first three, or stands there or not."""
    rows, targets, tags = [], [], []
    for tag in TAGS:
        for n in range(_RECORDS):
            yes = bool(rng.integers(2))
            marks = ["xx", "yy"] if yes else ["yy", "xx"]
            first = [*marks, "mm"] if in_order else ["zz" if yes else "mm", "mm", "mm"]
            rows.append(" ".join([*first, f"n{n}", "mm", f"t{tag}"]))
            targets.append(int(yes))
            tags.append(tag)
    k = len(rows)
    return Examples(
        inputs=pa.table({"text": rows}), targets=np.asarray(targets), beside=pa.table({"lang": tags}),
        labels=("held-out.jsonl",) * k, records=np.arange(1, k + 1), persons=np.arange(k),
        declared=Declared(target="answer", language_field="lang"), n_records=k, n_repeated=0, n_shared=0,
        n_unlabelled=0,
    )  # fmt: skip


def reads(*tags: str) -> Evidence:
    """What the predecessor would have sealed of a model that knows these languages."""
    shown = tuple(
        Quantity(
            metric=metric, value=0.3, low=0.2, high=0.4, confidence=0.99, unit="1", n=60, n_of="document",
            by=(("language", tag),),
        )
        for tag in tags for metric in ("saving-over-small-model", "gain-over-commonest")
    )  # fmt: skip
    made = premium(*shown)
    return replace(made, asked=replace(made.asked, probe="language-quality"))


def premium(*found: Quantity) -> Evidence:
    """What the predecessor would have sealed: these figures, or nothing."""
    nothing = digest_of_bytes(b"")
    asked = Asked(
        candidate=nothing,
        reading=nothing,
        probe="tokenizer-premium",
        version=1,
        settings=(),
        seed=0,
        budget_seconds=60.0,
    )
    silent = NotApplicable(because=phrase("there is no tokenizer"))
    return Evidence(asked=asked, outcome=Measured(quantities=found) if found else silent)


def _bench(seed: int, model: LanguageModel, classifier: Classifier, *, in_order: bool) -> MemoryBench:
    rng = generator(seed, "english-assumptions")
    made, tags = texts(rng)
    table = MemoryTable(
        {"text": made, "lang": tags}, label="held-out.jsonl",
        declared=Declared(text_field="text", language_field="lang"),
    )  # fmt: skip
    return MemoryBench(
        candidate=Candidate(name="toy", version="1", artefacts=(), subjects=(Subject.CAUSAL_LM, Subject.CLASSIFIER)),
        seed=seed,
        models_by_role={Role.WEIGHTS: model},
        the_classifier=classifier,
        texts_by_role={Role.HELD_OUT: MemoryTexts(made, label="held-out.jsonl")},
        tables_by_role={Role.HELD_OUT: (table,)},
        examples_by_role={Role.HELD_OUT: examples(rng, in_order=in_order)},
        evidence_by_slug={"tokenizer-premium": premium(), "language-quality": reads(*TAGS)},
    )


def _truths(order: float, threes: float, spelling: float, drop: float) -> Iterator[Truth]:
    for tag in TAGS:
        by = (("language", tag),)
        yield Truth(metric="order-rise", value=order, by=(*by, ("shuffle", "sentence")))
        yield Truth(metric="order-rise", value=threes, by=(*by, ("shuffle", "threes")))
        yield Truth(metric="spelling-rise", value=spelling, by=by)
        yield Truth(metric="order-drop", value=drop, by=(*by, ("shuffle", "sentence")))
        yield Truth(metric="order-drop", value=drop, by=(*by, ("shuffle", "threes")))
        yield Truth(metric="characters-per-word", value=5.0, by=by)


def null(seed: int) -> Weight:
    """Models of letters and of bags of words: all orders and all spellings with the same letters are one to them."""
    bench = _bench(seed, LetterModel(), MarkClassifier(sees_order=False), in_order=False)
    return Weight(bench=bench, truths=tuple(_truths(0.0, 0.0, 0.0, 0.0)))


def planted(seed: int) -> Weight:
    """Models that see nothing but order; what they lose is counted over all orders of n words.

    In random order a word follows its forerunner with probability 1/n; inside a window of three with 1/3, and over the
    edge of two windows with 1/9. One word in twelve is misspelt: it is strange, and the one after it has no forerunner.
    """
    n, windows = _WORDS, _WORDS // 3
    whole = OTHER + (n - 1) * NEXT
    step = OTHER - NEXT
    order = (n - 1) * (1 - 1 / n) * step / whole
    threes = (2 * windows * (2 / 3) + (windows - 1) * (8 / 9)) * step / whole
    spelling = ((STRANGE - OTHER) + (n - 1) * (STRANGE - NEXT) + (n - 1) * step) / n / whole
    bench = _bench(seed, ChainModel(), MarkClassifier(sees_order=True), in_order=True)
    return Weight(bench=bench, truths=tuple(_truths(order, threes, spelling, 0.5)))


CALIBRATION = Calibration(null=null, planted=planted)
