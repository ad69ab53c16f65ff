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
from weighbridge.adapters.tables.duck import DuckTable, open_table
from weighbridge.adapters.text.documents import TextFile, open_texts
from weighbridge.core.candidate import Artefact, Candidate, Role
from weighbridge.core.evidence import Evidence, not_measured
from weighbridge.core.ports import Pointer
from weighbridge.core.wording import phrase
from weighbridge.probekit.bench import FixedBudget, generator
from weighbridge.probekit.formats import is_table
from weighbridge.probekit.ports import Budget, BudgetSpent, Classifier, LanguageModel, Stream, Table, Texts

# A probe plans with nominal seconds. A slow machine may take longer; this many times longer is no plan any more.
_PATIENCE = 10.0


@dataclass(kw_only=True)
class Yard:
    """What the probes of one weighing share: opened once, handed to each bench."""

    opened: Opened
    spill: Path
    pointers: list[Pointer] = field(default_factory=list)
    _tables: dict[str, DuckTable] = field(default_factory=dict)
    _models: dict[Role, LanguageModel] = field(default_factory=dict)

    def table(self, artefact: Artefact) -> Table:
        """The table of an artefact."""
        if artefact.label not in self._tables:
            self._tables[artefact.label] = open_table(
                self.opened.path(artefact.label),
                label=artefact.label,
                format=artefact.format,
                declared=artefact.declared,
                spill=self.spill,
            )
        return self._tables[artefact.label]

    def close(self) -> None:
        """Let go of the engines behind the tables."""
        for table in self._tables.values():
            table.close()
        self._tables.clear()

    def model(self, role: Role) -> LanguageModel:
        """The language model of a role."""
        if role not in self._models:
            self._models[role] = _open_model(self.opened, role)
        return self._models[role]


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
        for artefact in sorted(self.candidate.artefacts, key=lambda a: a.label):
            path = self.yard.opened.path(artefact.label)
            yield Stream(artefact=artefact, open=lambda path=path: cast("BinaryIO", path.open("rb")))  # type: ignore[misc]

    def tables(self, role: Role) -> tuple[Table, ...]:
        """The tables of this role."""
        return tuple(self.yard.table(a) for a in self.candidate.of_role(role) if is_table(a.format))

    def texts(self, role: Role) -> Texts:
        """All documents of this role."""
        found = self.candidate.of_role(role)
        if not found:
            not_measured(
                phrase("the candidate names no text of role {role}", role=role.value),
                phrase('add to weighbridge.toml: [[artefact]] role = "{role}" path = "FILE"', role=role.value),
            )
        return open_texts(
            [
                TextFile(path=self.yard.opened.path(a.label), label=a.label, format=a.format, declared=a.declared)
                for a in found
            ]
        )

    def language_model(self, role: Role = Role.WEIGHTS) -> LanguageModel:
        """The language model of this role."""
        return self.yard.model(role)

    def classifier(self) -> Classifier:
        """The classifier among the weights."""
        from weighbridge.adapters.models.classifier import open_classifier

        found = [a for a in self.candidate.of_role(Role.WEIGHTS) if a.format in ("onnx", "skops")]
        if not found:
            not_measured(phrase("there is no classifier among the weights"), phrase("save it as .skops or .onnx"))
        if len(found) > 1:
            not_measured(
                phrase("the candidate holds {n} classifiers, and only one can be tried at a time", n=len(found)),
                phrase("weigh the folder of each by itself"),
            )
        return open_classifier(self.yard.opened.path(found[0].label), label=found[0].label)


def make_bench(  # noqa: PLR0913  joined in one place only, wiring
    yard: Yard,
    *,
    candidate: Candidate,
    probe: str,
    seed: int,
    budget_seconds: float,
    evidence: Mapping[str, Evidence],
    tell: Callable[[str, int, int, str], None],
) -> YardBench:
    """A bench for one run."""
    return YardBench(
        yard=yard, candidate=candidate, probe=probe, seed=seed, budget=FixedBudget(budget_seconds),
        evidence_by_slug=evidence, tell=tell,
    )  # fmt: skip


def _open_model(opened: Opened, role: Role) -> LanguageModel:
    try:
        from weighbridge.adapters.models.causal_lm import open_causal_lm
    except ModuleNotFoundError:
        not_measured(
            phrase("language models need packages that are not installed"),
            phrase("pip install 'weighbridge[lm]'"),
        )
    folders = opened.model_folders()
    if len(folders) > 1 and role is Role.WEIGHTS:
        not_measured(
            phrase("the candidate holds {n} models, and only one can be tried at a time", n=len(folders)),
            phrase("weigh the folder of each by itself"),
        )
    folder = opened.base_folder if role is Role.REFERENCE_WEIGHTS else next(iter(folders), None)
    if folder is None:
        not_measured(
            phrase("the candidate names no language model of role {role}", role=role.value),
            phrase("name the model's folder in weighbridge.toml"),
        )
    is_adapter = role is Role.WEIGHTS and (folder / "adapter_config.json").exists()
    return open_causal_lm(folder, label=role.value, base=opened.base_folder if is_adapter else None)
