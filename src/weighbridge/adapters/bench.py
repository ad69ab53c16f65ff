"""The bench of a real candidate.

Roles become opened tables, texts, models and streams, each opened once per weighing.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO, cast

import numpy as np

from weighbridge.adapters.door import Opened
from weighbridge.adapters.engines.local import fold_here
from weighbridge.adapters.engines.spark import SparkRunner
from weighbridge.adapters.formats.price_shelf import read_prices
from weighbridge.adapters.languages.registry import Registry, open_registry
from weighbridge.adapters.models.counting import open_tokenizers
from weighbridge.adapters.opening import Allowed, open_model, open_the_classifier, open_the_rewriter
from weighbridge.adapters.tables.duck import DuckTable, Runner, open_table
from weighbridge.adapters.text.documents import TextFile, open_texts
from weighbridge.adapters.warehouses.table import WarehouseTable, keep_rows
from weighbridge.core.candidate import Artefact, Candidate, Role
from weighbridge.core.evidence import Evidence, not_measured
from weighbridge.core.ports import Pointer
from weighbridge.core.prices import Prices
from weighbridge.core.wording import phrase
from weighbridge.probekit.bench import FixedBudget, generator
from weighbridge.probekit.formats import is_table
from weighbridge.probekit.languages import Languages
from weighbridge.probekit.ports import (
    Budget,
    BudgetSpent,
    Classifier,
    Examples,
    Floats,
    LanguageModel,
    Rewriter,
    Stream,
    Table,
    Texts,
)
from weighbridge.probekit.tokens import ParallelText, Tokenizer

# A probe plans with nominal seconds. A slow machine may take longer; this many times longer is no plan any more.
_PATIENCE = 10.0


@dataclass(kw_only=True)
class Yard:
    """What the probes of one weighing share: opened once, handed to each bench."""

    opened: Opened
    spill: Path
    pointers: list[Pointer] = field(default_factory=list)
    allowed: Allowed = field(default_factory=Allowed)
    kept: Path = field(default_factory=Path)  # outlives the weighing: what a server answered, as numbers
    prices: Prices = field(default_factory=read_prices)
    language_data: Path | None = None  # the user's folder of tables on languages
    run: Runner = fold_here  # where folds run
    remote: WarehouseTable | None = None  # the one table of the candidate, where it lies in a database
    examples: dict[tuple[Role, int, int], Examples] = field(default_factory=dict)
    _tables: dict[str, DuckTable] = field(default_factory=dict)
    _models: dict[Role, LanguageModel] = field(default_factory=dict)
    _classifier: Classifier | None = None
    _languages: Registry | None = None
    _tokenizers: tuple[Tokenizer, ...] | None = None
    _made: dict[tuple[str, int, str], Floats] = field(default_factory=dict)

    def table(self, artefact: Artefact) -> Table:
        """The table of an artefact."""
        if self.remote is not None:
            return self.remote
        if artefact.label not in self._tables:
            self._tables[artefact.label] = open_table(
                self.opened.path(artefact.label),
                label=artefact.label,
                format=artefact.format,
                declared=artefact.declared,
                spill=self.spill,
                run=self.run,
            )
        return self._tables[artefact.label]

    def check_unchanged(self) -> None:
        """Raise Unusable if what is weighed is not what it was at the door."""
        if self.remote is not None:
            self.remote.check_unchanged()
        self.opened.check_unchanged()

    def close(self) -> None:
        """Let go of the engines behind the tables."""
        for table in self._tables.values():
            table.close()
        self._tables.clear()
        if self.remote is not None:
            self.remote.close()
        if isinstance(self.run, SparkRunner):
            self.run.close()

    def model(self, role: Role) -> LanguageModel:
        """The language model of a role."""
        if role not in self._models:
            self._models[role] = open_model(self.opened, role, self.allowed, self.kept)
        return self._models[role]

    def classifier(self) -> Classifier:
        """The classifier, with its recipe where there is one."""
        if self._classifier is None:
            self._classifier = open_the_classifier(self.opened, self.allowed, self.spill)
        return self._classifier

    def tokenizers(self) -> tuple[Tokenizer, ...]:
        """The tokenizers among the candidate's own files."""
        if self._tokenizers is None:
            self._tokenizers = open_tokenizers(self.opened)
        return self._tokenizers

    def languages(self) -> Registry:
        """The registry of languages; what it tells of texts is kept with it."""
        if self._languages is None:
            self._languages = open_registry(self.language_data)
        return self._languages

    def once(self, probe: str, seed: int, key: str, make: Callable[[], Floats]) -> Floats:
        """What `make` gives, kept for the weighing."""
        if (probe, seed, key) not in self._made:
            self._made[probe, seed, key] = make()
        return self._made[probe, seed, key]


@dataclass(kw_only=True)
class YardBench:
    """The bench that one run of one probe gets."""

    yard: Yard
    candidate: Candidate
    probe: str
    seed: int
    budget: Budget
    evidence_by_slug: Mapping[str, Evidence]
    tell: Callable[[str, int, int, str], None]
    reads_prices: bool = False
    started: float = field(default_factory=time.monotonic)

    def generator(self, *stream: str) -> np.random.Generator:
        """Random numbers of one named stream of the seed."""
        return generator(self.seed, self.probe, *stream)

    def progress(self, done: int, of: int, unit: str) -> None:
        """Tell how far it is; raises BudgetSpent when far over time."""
        self.tell(self.probe, done, of, unit)
        if time.monotonic() - self.started > _PATIENCE * self.budget.seconds:
            raise BudgetSpent

    def point_out(self, label: str, record: int, says: str) -> None:
        """Keep a pointer in memory; the command shows it only with --reveal."""
        self.yard.pointers.append(Pointer(probe=self.probe, label=label, record=record, says=says))

    def evidence(self, slug: str) -> Evidence:
        """The evidence of a predecessor."""
        return self.evidence_by_slug[slug]

    def has(self, role: Role) -> bool:
        """Whether the candidate has an artefact of this role."""
        return bool(self.candidate.of_role(role))

    def streams(self) -> Iterator[Stream]:
        """Every artefact as bytes."""
        if self.yard.remote is not None:
            keep_rows(self.yard.remote.label)
        for artefact in sorted(self.candidate.artefacts, key=lambda a: a.label):
            path = self.yard.opened.path(artefact.label)
            yield Stream(artefact=artefact, open=lambda path=path: cast("BinaryIO", path.open("rb")))  # type: ignore[misc]

    def tables(self, role: Role) -> tuple[Table, ...]:
        """The tables of this role."""
        return tuple(self.yard.table(a) for a in self.candidate.of_role(role) if is_table(a.format))

    def texts(self, role: Role) -> Texts:
        """All documents of this role; a file of scores holds none."""
        found = tuple(a for a in self.candidate.of_role(role) if not a.declared.score_field)
        if not found:
            not_measured(
                phrase("the candidate names no text of role {role}", role=role.value),
                phrase('add to weighbridge.toml: [[artefact]] role = "{role}" path = "FILE"', role=role.value),
            )
        if self.yard.remote is not None:
            keep_rows(self.yard.remote.label)
        return open_texts([self._text_file(a) for a in found])

    def _text_file(self, artefact: Artefact) -> TextFile:
        path = self.yard.opened.path(artefact.label)
        return TextFile(path=path, label=artefact.label, format=artefact.format, declared=artefact.declared)

    def language_model(self, role: Role = Role.WEIGHTS) -> LanguageModel:
        """The language model of this role."""
        return self.yard.model(role)

    def classifier(self) -> Classifier:
        """The classifier among the weights, or where it is served."""
        return self.yard.classifier()

    def rewriter(self) -> Rewriter | None:
        """The command that rewrites texts, where one is named."""
        return open_the_rewriter(self.yard.opened, self.yard.allowed, self.yard.spill)

    def examples(self, role: Role, n: int) -> Examples:
        """Up to `n` rows of this role as the classifier takes them."""
        from weighbridge.adapters.examples import draw_examples

        tables = {r: self.tables(r) for r in (Role.TRAIN_DATA, Role.HELD_OUT, Role.POPULATION)}
        kept, key = self.yard.examples, (role, n, self.seed)
        if key not in kept:
            kept[key] = draw_examples(self.classifier(), tables, role, n=n, seed=self.seed)
        return kept[key]

    def prices(self) -> Prices:
        """The shelf of prices that lies ready.

        A probe that did not name it on its card is a bug: its evidence would be taken again under another shelf.
        """
        if not self.reads_prices:
            msg = "the card of this probe does not name the shelf of prices"
            raise LookupError(msg)
        return self.yard.prices

    def tokenizers(self) -> tuple[Tokenizer, ...]:
        """The tokenizers among the candidate's own files."""
        return self.yard.tokenizers()

    def parallel_text(self) -> ParallelText:
        """The owner's parallel text, or what is at hand."""
        from weighbridge.adapters.languages.parallel import Sources, read_parallel

        found = self.candidate.of_role(Role.PARALLEL_TEXT)
        tables = tuple(self.yard.table(a) for a in found if is_table(a.format))
        files = tuple(self._text_file(a) for a in found if not is_table(a.format))
        return read_parallel(Sources(files=files, tables=tables, language_data=self.yard.language_data))

    def languages(self) -> Languages:
        """The registry of languages."""
        return self.yard.languages()

    def once(self, key: str, make: Callable[[], Floats]) -> Floats:
        """What `make` gives, computed once per weighing."""
        return self.yard.once(self.probe, self.seed, key, make)


def make_bench(  # noqa: PLR0913  joined in one place only, wiring
    yard: Yard,
    *,
    candidate: Candidate,
    probe: str,
    seed: int,
    budget_seconds: float,
    evidence: Mapping[str, Evidence],
    tell: Callable[[str, int, int, str], None],
    reads_prices: bool = False,
) -> YardBench:
    """A bench for one run."""
    return YardBench(
        yard=yard, candidate=candidate, probe=probe, seed=seed, budget=FixedBudget(budget_seconds),
        evidence_by_slug=evidence, tell=tell, reads_prices=reads_prices,
    )  # fmt: skip
