"""`recipe.toml`: how a classifier of texts was fine-tuned, said in numbers. No code of a candidate runs."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import numpy as np
import pyarrow as pa

from weighbridge.adapters.models.recipe_child import Watch
from weighbridge.core.errors import Outside, Unusable
from weighbridge.core.toml import parse
from weighbridge.core.wording import Phrase, _, phrase
from weighbridge.probekit.ports import Bools, Floats, Ints, Recipe

if TYPE_CHECKING:
    from weighbridge.adapters.models.recipe_file import RecipeFile
    from weighbridge.adapters.models.sequence_model import SequenceModel

_LARGEST = 1 << 16  # bytes of such a file
# Ours: small models that start from nothing need so many; training ends before, once the rows are known.
_BY_HEART_EPOCHS = 200


class Kind(StrEnum):
    """What a declarative recipe makes."""

    SEQUENCE_CLASSIFICATION = "sequence-classification"


class Start(StrEnum):
    """The weights that training starts from."""

    BASE = "base"
    SCRATCH = "scratch"


@dataclass(frozen=True, slots=True, kw_only=True)
class FineTuning:
    """The whole file. The values left out are those of the trainer of transformers."""

    kind: Annotated[Kind, "what is made"]
    start: Annotated[Start, 'the weights it starts from: those of [base], or new ones ("scratch")'] = Start.BASE
    epochs: Annotated[int, "how often each row is seen"] = 3
    learning_rate: Annotated[float, "of AdamW, at its highest"] = 5e-5
    batch_size: Annotated[int, "rows per step"] = 8
    max_tokens: Annotated[int, "tokens of a text that are used; 0: as many as the model takes"] = 0
    weight_decay: Annotated[float, "of AdamW"] = 0.0

    def __post_init__(self) -> None:
        rules = (
            ("epochs", 1 <= self.epochs <= 1000, "1 to 1000"),
            ("learning_rate", 0 < self.learning_rate <= 1, "above 0, at most 1"),
            ("batch_size", 1 <= self.batch_size <= 4096, "1 to 4096"),
            ("max_tokens", 0 <= self.max_tokens <= 1 << 17, "0 to 131072"),
            ("weight_decay", 0 <= self.weight_decay <= 1, "0 to 1"),
        )
        wrong = [f"{name} should be {range_}" for name, holds, range_ in rules if not holds]
        if wrong or not math.isfinite(self.learning_rate + self.weight_decay):
            raise ValueError("; ".join(wrong) or "numbers should be finite")


@dataclass(frozen=True, slots=True, kw_only=True)
class Maker:
    """What is needed to make the classifier again."""

    make: Callable[[int], SequenceModel]  # the model before training, by a seed
    encode: Callable[[pa.Table, int], list[Ints]]  # tokens of each row's text, at most so many (0: as the model takes)


class FineTuneRecipe:
    """Shadows by fine-tuning; `says` tells how."""

    def __init__(self, maker: Maker, tuning: FineTuning, *, label: str, by_heart: bool = False) -> None:
        self._maker, self._tuning, self._label, self._by_heart = maker, tuning, label, by_heart
        self.says: Phrase = phrase(
            "each model is fine-tuned again as {label} says, for up to {n} epochs without dropout and weight decay"
            if by_heart
            else "each model is fine-tuned again as {label} says, for {n} epochs",
            label=label, n=tuning.epochs,
        )  # fmt: skip

    @property
    def bagged(self) -> Recipe | None:
        """None: it has no trees."""
        return None

    @property
    def overfitted(self) -> Recipe:
        """The same until the rows are known, and with nothing that keeps it from learning them."""
        tuning = replace(self._tuning, epochs=max(_BY_HEART_EPOCHS, self._tuning.epochs), weight_decay=0.0)
        return FineTuneRecipe(self._maker, tuning, label=self._label, by_heart=True)

    def shadows(
        self, inputs: pa.Table, targets: Ints, subsets: Bools, *, seed: int, stop: Callable[[int], None] | None = None
    ) -> Iterator[Floats]:
        """For each subset the probabilities of a model fine-tuned on it; see the port."""
        from weighbridge.adapters.models.sequence_model import Training

        told = self._tuning
        how = Training(
            epochs=told.epochs, learning_rate=told.learning_rate, batch_size=told.batch_size,
            weight_decay=told.weight_decay, drops_out=not self._by_heart, until_by_heart=self._by_heart,
        )  # fmt: skip
        sequences, watch = self._maker.encode(inputs, told.max_tokens), Watch(stop)
        for k, subset in enumerate(subsets):
            own = int(np.random.SeedSequence((seed, k)).generate_state(1)[0])
            model = self._maker.make(own)
            chosen = np.flatnonzero(subset)
            model.train([sequences[row] for row in chosen], targets[chosen], how, seed=own, tick=watch.waits)
            yield model.probabilities(sequences)
            watch.made(k + 1)


def read_fine_tuning(file: RecipeFile) -> FineTuning:
    """Read a recipe in TOML.

    Raises
    ------
    Faulty
        With all of its faults: line, key, and the nearest known key.
    Unusable
        Where it is no text, or far too long.
    """
    what = _("cannot use the recipe {label}").format(label=file.label)
    fix = _('it should begin with kind = "sequence-classification" and may set epochs, learning_rate, batch_size')
    try:
        with file.path.open("rb") as stream:
            content = stream.read(_LARGEST + 1)
        text = content.decode("utf-8")
    except OSError as error:
        raise Outside(
            what, error.strerror or type(error).__name__, _("check that it is there and that you may read it")
        ) from error
    except UnicodeDecodeError as error:
        raise Unusable(what, _("it is not UTF-8: the byte at {at} is not").format(at=error.start), fix) from None
    if len(content) > _LARGEST:
        raise Unusable(what, _("it has more than {n} bytes").format(n=_LARGEST), fix)
    return parse(FineTuning, text, file=file.label, fix=fix)
