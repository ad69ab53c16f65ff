"""A bench in memory: what tests and calibrations put a probe on. It opens nothing."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from weighbridge.core.candidate import Artefact, Belonging, Candidate, Declared, Role, Subject
from weighbridge.core.canon import digest_of_bytes
from weighbridge.core.evidence import Evidence, not_measured
from weighbridge.core.ports import Pointer
from weighbridge.core.prices import Prices
from weighbridge.core.wording import Phrase, phrase
from weighbridge.probekit.folds import ROW, Fold, fold_batches
from weighbridge.probekit.known_languages import KnownLanguages
from weighbridge.probekit.languages import Languages
from weighbridge.probekit.ports import (
    Budget,
    Classifier,
    ClassSizes,
    Column,
    ColumnType,
    Documents,
    Examples,
    Floats,
    Ints,
    LanguageModel,
    Rewriter,
    Stream,
    Table,
    Texts,
)
from weighbridge.probekit.tokens import ParallelText, Tokenizer


@dataclass(frozen=True, slots=True)
class FixedBudget:
    """A number of nominal seconds."""

    seconds: float

    def affords(self, seconds_each: float) -> int:
        """How many items of this nominal cost fit."""
        return int(self.seconds / seconds_each) if seconds_each > 0 else np.iinfo(np.int64).max


def generator(seed: int, *stream: str) -> np.random.Generator:
    """The random numbers of one named stream of a seed; streams are independent of each other."""
    words = np.frombuffer(hashlib.sha256("\0".join(stream).encode()).digest(), dtype="<u4")
    return np.random.default_rng(np.random.SeedSequence([seed, *(int(word) for word in words)]))


QUANTILES_OF = 10_000  # values that quantiles are taken over where a sample can be drawn; ours


def quantiles_of(sample: pa.Array, shares: Sequence[float]) -> Floats:
    """Quantiles of the finite numbers in a sample, which comes as text; empty where there are none."""
    values: Floats = np.array([float(value) for value in sample.to_pylist()])
    values = values[np.isfinite(values)]
    return np.quantile(values, shares) if values.size else values


class MemoryTable:
    """A table in memory, counted with numpy: slow, simple, and the measure of faster ones."""

    rows_stay = False

    def __init__(
        self, columns: Mapping[str, Sequence[object]], *, label: str = "table.csv", declared: Declared | None = None
    ) -> None:
        self.label = label
        self.declared = declared or Declared()
        arrays = {name: _plain(pa.array(values, from_pandas=True)) for name, values in columns.items()}
        empty = {name: array.cast(pa.string()) for name, array in arrays.items() if pa.types.is_null(array.type)}
        self._table = pa.table({**arrays, **empty})
        self.n_rows: int = self._table.num_rows

    @property
    def columns(self) -> tuple[Column, ...]:
        """All columns with their types and counts."""
        return tuple(self._column(name) for name in self._table.column_names)

    def _column(self, name: str) -> Column:
        values = self._table[name]
        kind = _column_type(values.type)
        whole = kind is ColumnType.NUMBER and _is_whole(values)
        distinct = _n_distinct(values)
        return Column(name=name, type=kind, is_whole=whole, n_distinct=distinct, n_missing=values.null_count)

    def sample(self, column: str, n: int, seed: int) -> pa.Array:
        """Up to `n` present values as text."""
        present = pc.drop_null(self._table[column]).combine_chunks()
        chosen = generator(seed, column).permutation(len(present))[:n]
        return present.take(pa.array(np.sort(chosen))).cast(pa.string())

    def n_individuals(self, person: str) -> int:
        """Distinct persons; a missing one is a person of its own."""
        return len(np.unique(self._persons(person)))

    def class_sizes(
        self, columns: Sequence[str], *, person: str = "", steps: Mapping[str, float] | None = None
    ) -> ClassSizes:
        """For every individual the smallest class it lies in."""
        who = self._persons(person) if person else np.arange(self.n_rows)
        if self.n_rows == 0:
            return ClassSizes(sizes=np.zeros(0, np.int64), individuals=np.zeros(0, np.int64))
        coded = [self._codes(name, (steps or {}).get(name, 0.0)) for name in columns]
        keys = np.stack(coded) if columns else np.zeros((1, self.n_rows), np.int64)
        _, group = np.unique(keys, axis=1, return_inverse=True)
        pairs = np.unique(np.stack([group.ravel(), who]), axis=1)  # one row per class and individual in it
        size = np.bincount(pairs[0])[pairs[0]]
        smallest = np.full(int(who.max()) + 1, np.iinfo(np.int64).max)
        np.minimum.at(smallest, pairs[1], size)
        sizes, individuals = np.unique(smallest[np.unique(who)], return_counts=True)
        return ClassSizes(sizes=sizes, individuals=individuals)

    def quantiles(self, column: str, shares: Sequence[float], seed: int) -> Floats:
        """Quantiles of the finite values of a number column, over a sample."""
        return quantiles_of(self.sample(column, QUANTILES_OF, seed), shares)

    def is_counter(self, column: str) -> bool:
        """Whether the values are 0, 1, 2, ... or 1, 2, 3, ... without a gap."""
        values = {value for value in self._table[column].to_pylist() if value is not None}
        return any(values == set(range(first, first + len(values))) for first in (0, 1)) and bool(values)

    def batches(self, columns: Sequence[str]) -> Iterator[pa.RecordBatch]:
        """The named columns."""
        yield from self._table.select(list(columns)).to_batches(max_chunksize=4096)

    def fold(self, fold: Fold, tick: Callable[[int, int], None] | None = None) -> bytes:
        """What a fold remembers of all rows."""
        numbered = self._table.append_column(ROW, pa.array(np.arange(1, self.n_rows + 1)))
        batches = numbered.select(list(fold.columns)).to_batches(max_chunksize=4096)
        state = fold_batches(fold, batches or [pa.RecordBatch.from_pylist([], numbered.select(fold.columns).schema)])
        if tick:
            tick(self.n_rows, self.n_rows)
        return state

    def _codes(self, name: str, step: float = 0.0) -> Ints:
        values = self._table[name].combine_chunks()
        if step:
            values = pc.add(pc.floor(pc.divide(values.cast(pa.float64()), step)), 0.0)  # so that -0 is 0
        codes = values.cast(pa.string()).dictionary_encode(null_encoding="encode")
        return np.asarray(codes.indices, dtype=np.int64)

    def _persons(self, name: str) -> Ints:
        values = self._table[name].combine_chunks()
        codes = self._codes(name)
        missing = np.asarray(values.is_null())
        codes = codes.copy()
        codes[missing] = codes.max(initial=0) + 1 + np.arange(int(missing.sum()))
        return np.unique(codes, return_inverse=True)[1].astype(np.int64).ravel()


def _plain(values: pa.Array) -> pa.Array:
    return values.dictionary_decode() if pa.types.is_dictionary(values.type) else values


def _n_distinct(values: pa.ChunkedArray) -> int:
    if pa.types.is_nested(values.type):  # as text, for which there is a kernel
        values = pa.array([None if cell is None else str(cell) for cell in values.to_pylist()], pa.string())
    distinct: int = pc.count_distinct(values, mode="only_valid").as_py()
    return distinct


def _is_whole(values: pa.ChunkedArray) -> bool:
    if pa.types.is_integer(values.type):  # also beyond 2**53, up to where a fraction could be told
        return True
    return pc.all(pc.equal(pc.floor(values), values)).as_py() in (True, None)


def _column_type(kind: pa.DataType) -> ColumnType:
    if pa.types.is_boolean(kind):
        return ColumnType.BOOLEAN
    if pa.types.is_integer(kind) or pa.types.is_floating(kind) or pa.types.is_decimal(kind):
        return ColumnType.NUMBER
    if pa.types.is_string(kind) or pa.types.is_large_string(kind):
        return ColumnType.TEXT
    return ColumnType.DATE if pa.types.is_temporal(kind) else ColumnType.OTHER


class MemoryTexts:
    """Documents in memory."""

    def __init__(
        self,
        texts: Sequence[str],
        *,
        private: Sequence[bool] = (),
        canary: Sequence[bool] = (),
        secret: Sequence[str] = (),
        label: str = "train.jsonl",
    ) -> None:
        self.notes: tuple[Phrase, ...] = ()
        self.is_complete = True
        self._texts = tuple(texts)
        self._private = np.asarray(private or [False] * len(texts), dtype=bool)
        self._canary = np.asarray(canary or [False] * len(texts), dtype=bool)
        self._secret = tuple(secret or [""] * len(texts))
        self._label = label

    def batches(self, size: int = 512) -> Iterator[Documents]:
        """All documents in order."""
        for start in range(0, len(self._texts), size):
            part = slice(start, start + size)
            yield Documents(
                label=self._label, first_record=start + 1, text=pa.array(self._texts[part], pa.string()),
                private=self._private[part], canary=self._canary[part],
                secret=pa.array(self._secret[part], pa.string()),
            )  # fmt: skip


@dataclass(kw_only=True)
class MemoryBench:
    """A bench over what it is given.

    `files` are artefacts as bytes by label, with their roles in `roles` (weights where not said).
    """

    candidate: Candidate = field(default_factory=lambda: Candidate(name="toy", version="1", artefacts=(), subjects=()))
    seed: int = 0
    budget: Budget = field(default_factory=lambda: FixedBudget(600.0))
    tables_by_role: Mapping[Role, tuple[Table, ...]] = field(default_factory=dict)
    texts_by_role: Mapping[Role, Texts] = field(default_factory=dict)
    models_by_role: Mapping[Role, LanguageModel] = field(default_factory=dict)
    the_classifier: Classifier | None = None
    the_prices: Prices | None = None
    the_languages: Languages | None = field(default_factory=KnownLanguages)
    the_tokenizers: tuple[Tokenizer, ...] = ()
    the_parallel_text: ParallelText | None = None
    the_rewriter: Rewriter | None = None
    examples_by_role: Mapping[Role, Examples] = field(default_factory=dict)
    files: Mapping[str, bytes] = field(default_factory=dict)
    roles: Mapping[str, Role] = field(default_factory=dict)
    formats: Mapping[str, str] = field(default_factory=dict)
    evidence_by_slug: Mapping[str, Evidence] = field(default_factory=dict)
    pointers: list[Pointer] = field(default_factory=list)
    ticks: list[tuple[int, int, str]] = field(default_factory=list)
    made: dict[str, Floats] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.files and not self.candidate.artefacts:
            made = tuple(self._artefact(label, data) for label, data in sorted(self.files.items()))
            old = self.candidate
            self.candidate = Candidate(
                name=old.name, version=old.version, artefacts=made, subjects=old.subjects or (Subject.BYTES,),
                claims=old.claims, triage=old.triage, base=old.base, plan=old.plan, probes=old.probes,
                replication=old.replication,
            )  # fmt: skip

    def _artefact(self, label: str, data: bytes) -> Artefact:
        return Artefact(
            role=self.roles.get(label, Role.WEIGHTS), label=label, digest=digest_of_bytes(data), size_bytes=len(data),
            format=self.formats.get(label, "unknown"), belongs=Belonging.WEIGHTS,
        )  # fmt: skip

    def generator(self, *stream: str) -> np.random.Generator:
        """Random numbers of one named stream."""
        return generator(self.seed, *stream)

    def progress(self, done: int, of: int, unit: str) -> None:
        """Note a tick."""
        self.ticks.append((done, of, unit))

    def point_out(self, label: str, record: int, says: str) -> None:
        """Note a pointer."""
        self.pointers.append(Pointer(probe="", label=label, record=record, says=says))

    def evidence(self, slug: str) -> Evidence:
        """Evidence given beforehand."""
        return self.evidence_by_slug[slug]

    def has(self, role: Role) -> bool:
        """Whether anything of this role is there."""
        held = (self.tables_by_role, self.texts_by_role, self.models_by_role, self.examples_by_role)
        return any(role in things for things in held) or bool(self.candidate.of_role(role))

    def streams(self) -> Iterator[Stream]:
        """The files, by label."""
        for artefact in sorted(self.candidate.artefacts, key=lambda a: a.label):
            if artefact.label in self.files:
                yield Stream(artefact=artefact, open=lambda data=self.files[artefact.label]: io.BytesIO(data))  # type: ignore[misc]

    def tables(self, role: Role) -> tuple[Table, ...]:
        """The tables of this role."""
        return self.tables_by_role.get(role, ())

    def texts(self, role: Role) -> Texts:
        """The texts of this role."""
        if role not in self.texts_by_role:
            not_measured(phrase("no text of role {role}", role=role.value), phrase("declare one in weighbridge.toml"))
        return self.texts_by_role[role]

    def language_model(self, role: Role = Role.WEIGHTS) -> LanguageModel:
        """The model of this role."""
        if role not in self.models_by_role:
            not_measured(
                phrase("no language model of role {role}", role=role.value), phrase("declare one in weighbridge.toml")
            )
        return self.models_by_role[role]

    def classifier(self) -> Classifier:
        """The classifier."""
        if self.the_classifier is None:
            not_measured(phrase("there is no classifier"), phrase("declare one in weighbridge.toml"))
        return self.the_classifier

    def rewriter(self) -> Rewriter | None:
        """The command that rewrites texts."""
        return self.the_rewriter

    def examples(self, role: Role, n: int) -> Examples:
        """Up to `n` of the examples given for this role."""
        if role not in self.examples_by_role:
            not_measured(
                phrase("no examples of role {role}", role=role.value), phrase("declare them in weighbridge.toml")
            )
        return drawn(self.examples_by_role[role], n, generator(self.seed, "examples", role.value))

    def prices(self) -> Prices:
        """The shelf of prices."""
        if self.the_prices is None:
            not_measured(phrase("there is no shelf of prices"), phrase("name one: --prices FILE"))
        return self.the_prices

    def tokenizers(self) -> tuple[Tokenizer, ...]:
        """The tokenizers given."""
        return self.the_tokenizers

    def parallel_text(self) -> ParallelText:
        """The parallel text given."""
        if self.the_parallel_text is None:
            not_measured(phrase("there is no parallel text"), phrase("declare one in weighbridge.toml"))
        return self.the_parallel_text

    def languages(self) -> Languages:
        """The registry given."""
        if self.the_languages is None:
            not_measured(phrase("no registry of languages is at hand"), phrase("pip install 'weighbridge[languages]'"))
        return self.the_languages

    def once(self, key: str, make: Callable[[], Floats]) -> Floats:
        """Made at the first call."""
        if key not in self.made:
            self.made[key] = make()
        return self.made[key]


def drawn(examples: Examples, n: int, generator: np.random.Generator) -> Examples:
    """Up to `n` of these examples, in their order, drawn without replacement."""
    chosen = np.sort(generator.permutation(examples.n)[:n])
    rows = pa.array(chosen)
    return replace(
        examples,
        inputs=examples.inputs.take(rows),
        beside=examples.beside.take(rows),
        targets=examples.targets[chosen],
        labels=tuple(examples.labels[row] for row in chosen.tolist()),
        records=examples.records[chosen],
        persons=examples.persons[chosen],
    )
