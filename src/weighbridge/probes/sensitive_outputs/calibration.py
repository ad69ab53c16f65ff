"""Known weights: names that tell nothing harmful, and so many among them that do."""

from __future__ import annotations

import json
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa

from weighbridge.core.candidate import Candidate, Role, Subject
from weighbridge.core.evidence import not_measured
from weighbridge.core.wording import Phrase, phrase
from weighbridge.probekit.bench import MemoryBench, generator
from weighbridge.probekit.ports import Calibration, Floats, Recipe, Structure, Truth, Weight
from weighbridge.probes.sensitive_outputs.lexicon import Category
from weighbridge.probes.sensitive_outputs.probe import FINDING

_PLAIN = (
    "latency", "relation", "therapist", "colour", "weight_kg", "sentiment", "invoice_total", "platform", "ip_address",
    "brightness", "duration", "species", "engine", "title", "summary", "priority", "plant_health", "leafDisease",
)  # fmt: skip
_TELLING: dict[Category, tuple[str, ...]] = {
    Category.ADDRESS: ("home_address", "codigoPostal", "домашний адрес", "家庭住址"),
    Category.COORDINATES: ("geoLocation", "latitude", "خط العرض", "देशांतर"),
    Category.ETHNICITY: ("ethnicity", "Hautfarbe", "uyghur", "ብሔር"),
    Category.RELIGION: ("RELIGION", "musulmán", "宗教信仰", "dini inanç"),
    Category.HEALTH: ("hiv_status", "grossesse", "діагноз", "ugonjwa"),
    Category.SEXUALITY: ("sexual-orientation", "homosexuell", "性取向", "orientasi seksual"),
    Category.POLITICS: ("dissident", "opinionPolitica", "المعارضة", "siyasi görüş"),
    Category.CRIME: ("criminalRecord", "судимость", "antecedentes penales", "ወንጀል"),
}


@dataclass(kw_only=True)
class ToyClassifier:
    """A classifier that only has classes."""

    classes: tuple[str, ...]
    kind: str = "ToyClassifier"
    inputs: tuple[str, ...] = ("x",)
    n_inputs: int = 1
    notes: tuple[Phrase, ...] = field(default=())
    recipe: Recipe | None = None

    def predict_proba(self, inputs: pa.Table) -> Floats:
        """Even chances."""
        return np.full((inputs.num_rows, len(self.classes)), 1 / len(self.classes))

    def embed(self, inputs: pa.Table) -> Floats | None:
        """Nothing."""
        del inputs
        return None

    def structure(self) -> Structure:
        """Nothing that can be told."""
        not_measured(phrase("it cannot be looked into"), phrase("export it as skops"))


def null(seed: int) -> Weight:
    """Names that tell nothing harmful."""
    return _weight(seed, telling={})


def planted(seed: int) -> Weight:
    """So many names of several kinds among them, some as classes and some as fields."""
    rng = generator(seed, "planted")
    chosen = {c: [names[i] for i in rng.permutation(len(names))[: rng.integers(1, 4)]] for c, names in _TELLING.items()}
    return _weight(seed, telling=chosen)


def _weight(seed: int, *, telling: dict[Category, list[str]]) -> Weight:
    rng = generator(seed, "sensitive-outputs")
    names = [name for held in telling.values() for name in held]
    order = rng.permutation(len(names)).tolist()
    classes = (*_PLAIN[:6], *(names[n] for n in order[::2]))
    fields = (*_PLAIN[6:], *(names[n] for n in order[1::2]))
    schema = {"$schema": "https://json-schema.org/draft/2020-12/schema", "type": "object",
              "properties": {name: {"type": "string"} for name in fields}}  # fmt: skip
    bench = MemoryBench(
        candidate=Candidate(name="toy", version="1", artefacts=(), subjects=(Subject.CLASSIFIER,)),
        seed=seed,
        the_classifier=ToyClassifier(classes=classes),
        files={"output.schema.json": json.dumps(schema).encode()},
        roles={"output.schema.json": Role.WEIGHTS},
        formats={"output.schema.json": "json"},
    )
    counts = {category: len(telling.get(category, [])) for category in Category}
    truths = [
        Truth(metric="sensitive-output-fields", value=value, by=(("category", category.value),))
        for category, value in counts.items()
    ]
    truths.append(Truth(metric="sensitive-output-fields", value=sum(counts.values())))
    finding = sum(counts[category] for category in FINDING)
    truths.append(Truth(metric="finding-output-fields", value=finding))
    truths.append(Truth(metric="outputs-read", value=len(_PLAIN) + len(names)))
    return Weight(bench=bench, truths=tuple(truths))


CALIBRATION = Calibration(null=null, planted=planted)
