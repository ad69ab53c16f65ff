"""Known weights: a model that keeps nothing, and one into which so many rows, strings and passages were put."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from weighbridge.core.candidate import Candidate, Declared, Role, Subject
from weighbridge.core.evidence import not_measured
from weighbridge.core.wording import Phrase, phrase
from weighbridge.probekit.bench import MemoryBench, MemoryTable, MemoryTexts, generator
from weighbridge.probekit.ports import Calibration, Floats, Recipe, Structure, Truth, Weight

_ROWS, _COLUMNS, _DOCUMENTS = 60, 5, 40
_SYLLABLES = tuple(a + b for a in "bdfgklmnprst" for b in "aeiou")
NAMES = tuple(f"x{n}" for n in range(_COLUMNS))


def structure(**held: Any) -> Structure:
    """What a classifier holds: nothing, but for what is given."""
    empty: dict[str, Any] = {
        "instances": np.zeros((0, 0)), "names_instances": False, "leaves": np.zeros(0, dtype=np.int64),
        "untold_leaves": False, "vocabulary": (), "arrays": (),
    }  # fmt: skip
    return Structure(**{**empty, **held})


@dataclass(kw_only=True)
class ToyClassifier:
    """A classifier that only holds things."""

    holds: Structure | None
    kind: str = "ToyClassifier"
    classes: tuple[str, ...] = ("no", "yes")
    inputs: tuple[str, ...] = NAMES
    n_inputs: int = _COLUMNS
    notes: tuple[Phrase, ...] = field(default=())
    recipe: Recipe | None = None

    def predict_proba(self, inputs: pa.Table) -> Floats:
        """Even chances."""
        return np.full((inputs.num_rows, 2), 0.5)

    def embed(self, inputs: pa.Table) -> Floats | None:
        """Nothing."""
        del inputs
        return None

    def structure(self) -> Structure:
        """What it holds."""
        if self.holds is None:
            not_measured(phrase("it cannot be looked into"), phrase("export it as skops"))
        return self.holds


def safetensors(tensors: dict[str, npt.NDArray[np.float32]], metadata: dict[str, str]) -> bytes:
    """A file of tensors in single precision."""
    header: dict[str, object] = {"__metadata__": metadata}
    at = 0
    for name, tensor in tensors.items():
        header[name] = {"dtype": "F32", "shape": list(tensor.shape), "data_offsets": [at, at + tensor.nbytes]}
        at += tensor.nbytes
    told = json.dumps(header).encode()
    return len(told).to_bytes(8, "little") + told + b"".join(tensor.tobytes() for tensor in tensors.values())


def _sentence(rng: np.random.Generator, n: int) -> str:
    return " ".join(_SYLLABLES[a] + _SYLLABLES[b] for a, b in rng.integers(0, len(_SYLLABLES), (n, 2)).tolist())


@dataclass(slots=True, kw_only=True)
class _Toy:
    """Training data, and what a model without a leak holds."""

    rows: Floats
    names: list[str]
    documents: list[str]
    arrays: list[npt.NDArray[np.float32]]
    vocabulary: list[str]
    tokens: list[str]
    leaves: list[int]
    card: str
    metadata: dict[str, str]
    instances: Floats

    @classmethod
    def drawn(cls, rng: np.random.Generator) -> _Toy:
        return cls(
            rows=rng.normal(size=(_ROWS, _COLUMNS)) * [1, 10, 100, 1, 5] + [0, 50, 1000, 3, 0],
            names=[f"{_sentence(rng, 2)} {n}" for n in range(_ROWS)],
            documents=[_sentence(rng, 30) for _ in range(_DOCUMENTS)],
            arrays=[rng.normal(size=(50, _COLUMNS)).astype(np.float32), np.eye(_COLUMNS, dtype=np.float32)],
            vocabulary=["red", "green", "blue"], tokens=[*_SYLLABLES, "▁the", "Ġof"],
            leaves=rng.integers(5, 40, 20).tolist(), card=f"# Toy\n\n{_sentence(rng, 40)}\n",
            metadata={"format": "pt"}, instances=np.zeros((0, _COLUMNS)),
        )  # fmt: skip

    def bench(self, seed: int) -> MemoryBench:
        holds = structure(
            instances=self.instances, leaves=np.asarray(self.leaves), vocabulary=tuple(self.vocabulary),
            arrays=tuple(self.arrays[1:]),
        )  # fmt: skip
        columns: dict[str, Sequence[object]] = {name: self.rows[:, n].tolist() for n, name in enumerate(NAMES)}
        table = MemoryTable(
            {**columns, "name": self.names, "y": ["yes", "no"] * (_ROWS // 2)}, label="rows.csv",
            declared=Declared(target="y"),
        )  # fmt: skip
        tokenizer = {"model": {"vocab": {token: n for n, token in enumerate(self.tokens)}}}
        files = {
            "README.md": self.card.encode(),
            "model.safetensors": safetensors({"w": self.arrays[0]}, self.metadata),
            "tokenizer.json": json.dumps(tokenizer).encode(),
        }
        return MemoryBench(
            candidate=Candidate(
                name="toy", version="1", artefacts=(), subjects=(Subject.CAUSAL_LM, Subject.CLASSIFIER)
            ),
            seed=seed,
            tables_by_role={Role.TRAIN_DATA: (table,)},
            texts_by_role={Role.TRAIN_DATA: MemoryTexts(self.documents)},
            the_classifier=ToyClassifier(holds=holds),
            files=files,
            roles={"README.md": Role.CARD, "tokenizer.json": Role.TOKENIZER},
            formats={"README.md": "markdown", "model.safetensors": "safetensors", "tokenizer.json": "json"},
        )  # fmt: skip


def null(seed: int) -> Weight:
    """Nothing of the training data is kept."""
    toy = _Toy.drawn(generator(seed, "stored-records"))
    return _weight(seed, toy, n=dict.fromkeys(_PLACES, 0))


def planted(seed: int) -> Weight:
    """So many of each kind are kept."""
    rng = generator(seed, "stored-records")
    toy = _Toy.drawn(rng)
    n = dict(zip(_PLACES, rng.integers(1, 6, len(_PLACES)).tolist(), strict=True))
    standard = (toy.rows - toy.rows.mean(axis=0)) / toy.rows.std(axis=0)
    chosen = rng.permutation(_ROWS)
    toy.instances = standard[chosen[: n["instances"]]]
    in_weights = chosen[10 : 10 + n["weights"]]
    toy.arrays[0][: n["weights"]] = (standard if seed % 2 else toy.rows)[in_weights]
    toy.leaves[: n["leaves"]] = [3] * n["leaves"]
    toy.vocabulary += [toy.names[row] for row in chosen[20 : 20 + n["vocabulary"]]]
    toy.tokens += [f"ada{row}@example.org" for row in range(n["tokenizer"])]
    documents = rng.permutation(_DOCUMENTS).tolist()
    toy.metadata["note"] = "\n".join(toy.documents[d][20:90] for d in documents[: n["passages"]])
    toy.card += "\n".join(toy.documents[d][:60] for d in documents[10 : 10 + n["beside"]])
    return _weight(seed, toy, n=n)


_PLACES = ("instances", "weights", "leaves", "vocabulary", "tokenizer", "passages", "beside")


def _weight(seed: int, toy: _Toy, *, n: dict[str, int]) -> Weight:
    at = {
        ("stored-records", "instances"): n["instances"],
        ("stored-records", "weights"): n["weights"],
        ("stored-strings", "vocabulary"): n["vocabulary"],
        ("stored-strings", "tokenizer"): n["tokenizer"],
        ("stored-strings", "weights"): n["passages"],
        ("stored-strings", "metadata"): n["beside"],
    }
    truths = [Truth(metric=metric, value=value, by=(("where", where),)) for (metric, where), value in at.items()]
    truths += [Truth(metric="small-leaves", value=n["leaves"]), Truth(metric="smallest-leaf", value=min(toy.leaves))]
    return Weight(bench=toy.bench(seed), truths=tuple(truths))


CALIBRATION = Calibration(null=null, planted=planted)
