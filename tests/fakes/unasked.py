"""A classifier of which only the names are looked at."""

from __future__ import annotations

from dataclasses import dataclass

import pyarrow as pa

from weighbridge.core.wording import Phrase
from weighbridge.probekit.ports import Floats, Recipe, Structure


@dataclass
class Unasked:
    """It takes what it says, and is never asked."""

    inputs: tuple[str, ...] = ("a", "b")
    classes: tuple[str, ...] = ("no", "yes")
    n_inputs: int = 2
    kind: str = "toy"
    notes: tuple[Phrase, ...] = ()

    def predict_proba(self, inputs: pa.Table) -> Floats:
        raise NotImplementedError

    def embed(self, inputs: pa.Table) -> Floats | None:
        raise NotImplementedError

    def structure(self) -> Structure:
        raise NotImplementedError

    @property
    def recipe(self) -> Recipe | None:
        return None
