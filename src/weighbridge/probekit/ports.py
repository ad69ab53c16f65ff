"""The bench: all that a probe may touch. No path, no socket, no database handle.

A verb that finds nothing to work on leaves through `core.evidence.Silent`; the probe need not catch it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, BinaryIO, Generic, Protocol, TypeVar

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from weighbridge.core.candidate import Artefact, Candidate, Declared, Role
from weighbridge.core.card import Card
from weighbridge.core.evidence import Evidence, Outcome
from weighbridge.core.prices import Prices
from weighbridge.core.wording import Phrase
from weighbridge.probekit.folds import Fold
from weighbridge.probekit.languages import Languages
from weighbridge.probekit.tokens import ParallelText, Tokenizer

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]


class BudgetSpent(Exception):
    """The time allowed is over. A probe lets it through: half a sample is no measurement."""


class Budget(Protocol):
    """Fixes sample sizes before the first draw."""

    @property
    def seconds(self) -> float:
        """Nominal seconds for one probe."""
        ...

    def affords(self, seconds_each: float) -> int:
        """How many items of this nominal cost fit.

        From the figures alone, never from a clock: the same run has the same sample.
        """
        ...


class ColumnType(StrEnum):
    """What a column holds."""

    NUMBER = "number"
    TEXT = "text"
    DATE = "date"
    BOOLEAN = "boolean"
    OTHER = "other"


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One column, and what one scan tells of it."""

    name: str
    type: ColumnType
    is_whole: bool  # numbers without a fraction
    n_distinct: int
    n_missing: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ClassSizes:
    """Over some columns, for every individual the smallest class it lies in.

    An individual is a person, or a row where no person column is given.

    `sizes` ascending, `individuals` how many have that size; both of shape (m,). Missing counts as a value of its own.
    """

    sizes: Ints
    individuals: Ints


class Table(Protocol):
    """Columns on an engine: verbs, never a connection. Rows never come out as objects.

    Where `rows_stay`, in a database, no row comes out at all: `sample`, `batches` and `fold` leave through `Silent`.
    """

    label: str
    declared: Declared
    n_rows: int

    @property
    def rows_stay(self) -> bool:
        """Whether its rows stay where they lie, so that only counts come out."""
        ...

    @property
    def columns(self) -> tuple[Column, ...]:
        """All columns, in the file's order."""
        ...

    def sample(self, column: str, n: int, seed: int) -> pa.Array:
        """Up to `n` values that are not missing, as text, drawn without replacement; the same for the same seed."""
        ...

    def n_individuals(self, person: str) -> int:
        """How many different values the person column has; a missing one counts each time as a person of its own."""
        ...

    def class_sizes(
        self, columns: Sequence[str], *, person: str = "", steps: Mapping[str, float] | None = None
    ) -> ClassSizes:
        """Exact sizes of the classes that these columns make.

        See `ClassSizes`. With `person`, a class counts persons, not rows. A number column named in `steps` is taken in
        steps: values with one floor(value / step) are one.
        """
        ...

    def quantiles(self, column: str, shares: Sequence[float], seed: int) -> Floats:
        """Quantiles of the finite values of a number column, interpolated; empty where it has none.

        `shares` in [0, 1]. Over some thousand values drawn by the seed; over all, where rows stay.
        """
        ...

    def is_counter(self, column: str) -> bool:
        """Whether the values of a number column are 0, 1, 2, ... or 1, 2, 3, ... without a gap, in any order."""
        ...

    def batches(self, columns: Sequence[str]) -> Iterator[pa.RecordBatch]:
        """The named columns as they are, batch by batch, in the file's order."""
        ...

    def fold(self, fold: Fold, tick: Callable[[int, int], None] | None = None) -> bytes:
        """What a fold remembers of all rows, whatever engine they lie on.

        `tick` is called with the rows done and all rows, and may raise: `BudgetSpent` leaves through here.
        """
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Documents:
    """A batch of documents; the four arrays have one length."""

    label: str  # of the artefact
    first_record: int  # number of the first, from 1, in its artefact
    text: pa.Array  # strings; a missing one is the empty string
    private: Bools
    canary: Bools
    secret: pa.Array  # strings: the secret that stands in the text; empty where none was declared


class Texts(Protocol):
    """Documents of one role, streamed."""

    @property
    def notes(self) -> tuple[Phrase, ...]:
        """What was taken for granted in reading them, such as that each line of a text file is a document."""
        ...

    @property
    def is_complete(self) -> bool:
        """Whether every file of the role was read; else `notes` name those that were left out."""
        ...

    def batches(self) -> Iterator[Documents]:
        """All documents, in order, in batches of bounded size. May be called again."""
        ...


class Decoding(StrEnum):
    """How a next token is drawn: the schemes that are scored in one pass."""

    GREEDY = "greedy"
    SAMPLED = "temperature-1"
    TOP_K = "top-k-40"
    TOP_P = "top-p-0.95"


class Signal(StrEnum):
    """What a pass over texts can give per token, besides its log-probability."""

    RANK = "rank"  # 0 for the likeliest token
    ENTROPY = "entropy"  # nats
    MEAN = "mean"  # of log-probabilities over the vocabulary, under the model's own distribution
    VARIANCE = "variance"  # likewise


@dataclass(frozen=True, slots=True, kw_only=True)
class Scores:
    """Teacher-forced scores of the tokens from `first` on; every array has shape (windows, length - first)."""

    log_probability: Floats  # nats
    is_argmax: Bools
    under: dict[Decoding, Floats]  # log-probability under each scheme asked for; -inf where it can never be drawn
    signals: dict[Signal, Floats]


class LanguageModel(Protocol):
    """A causal language model with its tokenizer."""

    n_parameters: int
    context_tokens: int
    vocabulary_size: int
    decodings: tuple[Decoding, ...]  # what `score` can give under; a served model may not give all
    signals: tuple[Signal, ...]  # likewise
    notes: tuple[Phrase, ...]  # what should be told beside every number that comes from it

    def encode(self, texts: Sequence[str]) -> list[Ints]:
        """Token ids of each text as one string, without special tokens."""
        ...

    def decode(self, tokens: Sequence[Ints]) -> list[str]:
        """The text of each sequence of tokens."""
        ...

    def score(
        self, windows: Ints, *, first: int, under: Sequence[Decoding] = (), signals: Sequence[Signal] = ()
    ) -> Scores:
        """One forward pass over windows of shape (n, length), all of one length, at most `context_tokens`.

        `first` >= 1.
        """
        ...

    def generate(self, prompts: Ints, *, n_new: int, decoding: Decoding, seed: int) -> Ints:
        """New tokens, shape (n, n_new), after prompts of shape (n, length).

        Slow: teacher-forced scoring is the default.
        """
        ...

    def overfitted(self, windows: Ints, *, steps: int, seed: int) -> LanguageModel:
        """A copy trained on these windows until it knows them.

        A known leak, to try an attack on. The model itself stays as it is. A served model leaves through `Silent`.
        """
        ...

    def hidden(self, windows: Ints) -> Floats:
        """The last hidden layer, averaged over the tokens of each window of shape (n, length): (n, width).

        A served model leaves through `Silent`.
        """
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Examples:
    """Rows as a classifier takes them, with the answers they should get.

    Drawn without replacement from all artefacts of a role. No two rows are equal, and none stands in the examples of
    another role as well: what was left out for that is counted.
    """

    inputs: pa.Table  # n rows; the columns are the classifier's, in its order
    targets: Ints  # shape (n,); indices into the classifier's classes
    beside: pa.Table  # n rows; every other column of the file, such as a sensitive one that the model does not take
    labels: tuple[str, ...]  # shape (n,): of the artefact that each row lies in
    records: Ints  # shape (n,): its number there, from 1
    persons: Ints  # shape (n,): equal numbers are one person; all different where no person column is declared
    declared: Declared  # of the first artefact; the column names below are those of this declaration
    n_records: int  # rows that there are
    n_repeated: int  # rows left out since an equal one is in
    n_shared: int  # rows left out since an equal one stands in another role as well
    n_unlabelled: int  # rows left out since their target is missing or none of the classifier's classes
    notes: tuple[Phrase, ...] = ()  # what should be told beside every number that comes from them

    @property
    def n(self) -> int:
        """How many rows were drawn."""
        return len(self.targets)


@dataclass(frozen=True, slots=True, kw_only=True)
class Structure:
    """What a classifier holds besides what it computes. Empty arrays and tuples: it holds none of it."""

    instances: npt.NDArray[Any]  # training rows kept whole, shape (m, width), as its last step sees them
    names_instances: bool  # it is of a kind that keeps training rows, even where they could not be read here
    leaves: Ints  # training records in each leaf of each of its trees; empty where there are no trees
    untold_leaves: bool  # it has trees, and they do not say how many records a leaf has
    vocabulary: tuple[str, ...]  # words and categories it holds, such as a vectoriser's or an encoder's
    arrays: tuple[npt.NDArray[Any], ...]  # its other numbers: coefficients, layers, initialisers
    keepers: tuple[tuple[str, int], ...] = ()  # kinds of parts that keep rows, and how many, in the order of instances
    # Some rows of a table as each of its steps sees them: numbers, one row for each; None: of some step, unknown.
    # Whole None: it is not known what its steps see.
    views: Callable[[pa.Table], Iterator[Floats | None]] | None = None


class Recipe(Protocol):
    """How a classifier was made, so that it can be made again from other rows, its preprocessing included."""

    says: Phrase  # in words: what is refitted, and how

    def shadows(
        self, inputs: pa.Table, targets: Ints, subsets: Bools, *, seed: int, stop: Callable[[int], None] | None = None
    ) -> Iterator[Floats]:
        """For each subset a model is fitted on these rows alone, and asked about all.

        Parameters
        ----------
        inputs : n rows, columns as the classifier takes them
        targets : shape (n,), indices into the classifier's classes
        subsets : shape (k, n), which rows the k-th model sees
        seed : the k-th model has a seed of its own, which follows from this one and k
        stop : called with the number of models made so far; may raise to end it all

        Returns
        -------
        k arrays of shape (n, classes), one after the other; a class that a subset lacks has probability 0.

        Raises
        ------
        Silent
            Where the recipe does not give a model: it raises, never ends, or gives what is no probability.
        """
        ...

    @property
    def bagged(self) -> Recipe | None:
        """The recipe of one tree, where the classifier is the mean of independent bagged trees."""
        ...

    @property
    def overfitted(self) -> Recipe:
        """The recipe changed so that its models know their rows by heart: a known leak, to try an attack on."""
        ...


class Classifier(Protocol):
    """A classifier over rows with named columns: numbers, categories or one text."""

    kind: str  # class name of the estimator; "onnx", "endpoint", ... where there is none
    classes: tuple[str, ...]  # as text; numbers as Python prints them ("1", not "1.0", for whole ones)
    inputs: tuple[str, ...]  # names of the columns it takes; empty where it goes by position alone
    n_inputs: int
    notes: tuple[Phrase, ...]  # what should be told beside every number that comes from it

    def predict_proba(self, inputs: pa.Table) -> Floats:
        """Probabilities, shape (n, classes), in the order of `classes`; rows sum to 1.

        Raises
        ------
        Silent
            Where it gives something else: not finite, of another shape, sums that are not 1.
        """
        ...

    def embed(self, inputs: pa.Table) -> Floats | None:
        """What it computes of a row before its last layer, shape (n, width); None where it has no such thing."""
        ...

    def structure(self) -> Structure:
        """What it holds besides what it computes; leaves through `Silent` where it cannot be looked into."""
        ...

    @property
    def recipe(self) -> Recipe | None:
        """How it was made; None where nobody said."""
        ...


class Rewriter(Protocol):
    """A command of the user's that rewrites texts, such as a paraphraser."""

    says: Phrase  # in words: what rewrites, and where it runs

    def rewrite(self, texts: Sequence[str], *, seed: int, tick: Callable[[], None]) -> list[str]:
        """Each text rewritten, in order; `tick` is called while it is waited for and may raise.

        Leaves through `Silent` where it does not give each text back once.
        """
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Stream:
    """One artefact as bytes.

    `open` gives a new reader from the start, as often as wanted; reading it is bounded by the file.
    """

    artefact: Artefact
    open: Callable[[], BinaryIO]


class Bench(Protocol):
    """What one run of one probe works on."""

    candidate: Candidate  # its triage, purpose, audience and plan are blank: no measurement may depend on them
    seed: int
    budget: Budget

    def generator(self, *stream: str) -> np.random.Generator:
        """Random numbers of the bench's seed.

        One independent stream per name, so that adding a draw shifts no other.
        """
        ...

    def progress(self, done: int, of: int, unit: str) -> None:
        """Tell how far it is; raises BudgetSpent when far over time, so call it in every loop that takes long."""
        ...

    def point_out(self, label: str, record: int, says: str) -> None:
        """Note where something lies in the owner's own file (record from 1). Kept only with --reveal; never sealed."""
        ...

    def evidence(self, slug: str) -> Evidence:
        """The evidence of a probe that the card names in `after`."""
        ...

    def has(self, role: Role) -> bool:
        """Whether the candidate has an artefact of this role."""
        ...

    def streams(self) -> Iterator[Stream]:
        """Every artefact as bytes, by label."""
        ...

    def tables(self, role: Role) -> tuple[Table, ...]:
        """The tables of this role, by label; artefacts of the role that are no tables are left out."""
        ...

    def texts(self, role: Role) -> Texts:
        """All documents of this role, artefact after artefact."""
        ...

    def language_model(self, role: Role = Role.WEIGHTS) -> LanguageModel:
        """The causal language model of this role: weights, or reference-weights for the base."""
        ...

    def classifier(self) -> Classifier:
        """The classifier among the weights, or where it is served."""
        ...

    def rewriter(self) -> Rewriter | None:
        """The command that rewrites texts, where one is named; leaves through `Silent` where it may not be run."""
        ...

    def examples(self, role: Role, n: int) -> Examples:
        """Up to `n` rows of this role as the classifier takes them; for one seed, the same in every probe.

        Leaves through `Silent` where there is no classifier, no row, or no column named as its target.
        """
        ...

    def prices(self) -> Prices:
        """The shelf of prices that lies ready; only a probe whose card names it among its shelves may ask."""
        ...

    def tokenizers(self) -> tuple[Tokenizer, ...]:
        """The tokenizers among the candidate's own files, each once; none where it has none."""
        ...

    def parallel_text(self) -> ParallelText:
        """The same sentences in several languages: the owner's, else FLORES-200 if it is at hand, else our own few."""
        ...

    def languages(self) -> Languages:
        """The registry of languages, which also tells what a text is in.

        Leaves through `Silent` where the packages for it are not installed.
        """
        ...

    def once(self, key: str, make: Callable[[], Floats]) -> Floats:
        """What `make` gives, computed once per weighing: asked for again, by this probe and this key, it is kept.

        The key names everything that the numbers depend on besides candidate and seed.
        """
        ...


S = TypeVar("S")


@dataclass(frozen=True, slots=True)
class Probe(Generic[S]):
    """A probe's `PROBE`: its settings and the function that measures. The card is read from `probe.toml` beside it."""

    settings: type[S]
    measure: Callable[[Bench, S], Outcome]


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadedProbe:
    """A card with what it stands for; `load` imports the probe, and is called only when it runs."""

    card: Card
    load: Callable[[], Probe[Any]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Truth:
    """The true answer of one quantity, known by construction."""

    metric: str
    value: float
    by: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Weight:
    """A known weight.

    A toy bench and the truth about it. `settings` override the probe's defaults, to keep toys small.
    """

    bench: Bench
    truths: tuple[Truth, ...]
    settings: tuple[tuple[str, bool | int | float | str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Calibration:
    """A probe's `CALIBRATION`: how to make its null and its planted toy from a seed.

    `null` holds no leak; `planted` holds one of known size. The contract test checks that the intervals cover both
    truths as
    often as they claim, and that for each of `planted(seed).truths` also in `null(seed).truths` the planted interval
    excludes
    the null's value.
    """

    null: Callable[[int], Weight]
    planted: Callable[[int], Weight]
