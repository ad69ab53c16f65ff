"""A classifier of texts from its folder: Hugging Face files. The folder is hostile; see `causal_lm`.

No torch is imported until a model is opened.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from weighbridge.adapters.models.causal_lm import check_installed, check_memory
from weighbridge.adapters.models.fine_tuning import FineTuneRecipe, Maker, Start, read_fine_tuning
from weighbridge.adapters.models.foreign import read_json
from weighbridge.adapters.models.recipe_child import open_recipe
from weighbridge.adapters.models.recipe_file import RecipeFile
from weighbridge.adapters.models.tokenizer_folder import FolderTokenizer, open_tokenizer
from weighbridge.adapters.models.weights import WeightFiles, model_weights
from weighbridge.core.errors import Unusable
from weighbridge.core.evidence import not_measured
from weighbridge.core.wording import Phrase, _, phrase
from weighbridge.probekit.ports import Classifier, Floats, Ints, Recipe, Structure

if TYPE_CHECKING:
    from weighbridge.adapters.models.sequence_model import Blueprint, SequenceModel

_CONFIG, _TOKENIZER_CONFIG, _ADAPTER_CONFIG = "config.json", "tokenizer_config.json", "adapter_config.json"
_ENDING = "ForSequenceClassification"
_UNNAMED = re.compile(r"LABEL_(\d+)")
_MOST_CLASSES, _LONGEST_NAME = 10_000, 200
_NO_LIMIT = 1 << 20  # tokenizers write 10^30 for no limit
_FALLBACK = 0  # the token of an empty text, where the tokenizer puts none around it


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """Where a classifier comes from, and how it can be made again."""

    blueprint: Blueprint
    is_unnamed: bool  # its classes have no names
    recipe: RecipeFile | None
    base: Path | None
    spill: Path


class SequenceClassifier:
    """A classifier of one text in a row, in the first column that holds texts."""

    def __init__(
        self, model: SequenceModel, tokenizer: FolderTokenizer, classes: tuple[str, ...], origin: Origin
    ) -> None:
        self._model, self._tokenizer, self._origin = model, tokenizer, origin
        self.kind = str(origin.blueprint.made_by.__name__)
        self.classes = classes
        self.aliases = tuple(str(number) for number in range(len(classes)))  # the keys of id2label, in its order
        self.inputs: tuple[str, ...] = ("text",)
        self.n_inputs = 1
        self.notes: tuple[Phrase, ...] = (
            phrase("of a text the first {n} tokens are used", n=origin.blueprint.most_tokens),
        )
        if origin.is_unnamed:
            self.notes += (phrase("the classes have no names in config.json; they are told by their numbers"),)

    def predict_proba(self, inputs: pa.Table) -> Floats:
        """Probabilities, shape (n, classes); see the port."""
        return self._model.probabilities(self._encoded(inputs, 0))

    def embed(self, inputs: pa.Table) -> Floats | None:
        """What goes into the last layer."""
        return self._model.embeddings(self._encoded(inputs, 0))

    def structure(self) -> Structure:
        """The tokens that it knows, its table of tokens and its last layer."""
        return Structure(
            instances=np.empty((0, 0)), names_instances=False, leaves=np.empty(0, dtype=np.int64), untold_leaves=False,
            vocabulary=self._tokenizer.vocabulary(), arrays=self._model.tables(),
        )  # fmt: skip

    @property
    def recipe(self) -> Recipe | None:
        """The recipe that the candidate names: fine-tuning in numbers, or code in a child process."""
        file = self._origin.recipe
        if file is None:
            return None
        if file.path.suffix != ".toml":
            return open_recipe(file, classes=self.classes, inputs=self.inputs, spill=self._origin.spill)
        tuning = read_fine_tuning(file)
        make = self._from_base() if tuning.start is Start.BASE else self._from_scratch
        return FineTuneRecipe(Maker(make=make, encode=self._encoded), tuning, label=file.label)

    def _from_scratch(self, seed: int) -> SequenceModel:
        return type(self._model).from_scratch(self._origin.blueprint, seed=seed)

    def _from_base(self) -> _OnBase:
        base = self._origin.base
        if base is None:
            not_measured(
                phrase("the recipe starts from the base, and weighbridge.toml names none"),
                phrase('add to weighbridge.toml: [base] path = "FOLDER"; or say start = "scratch" in the recipe'),
            )
        told = _("the base of {label}").format(label=self._origin.blueprint.label)
        return _OnBase(self._origin.blueprint, model_weights(base, label=told))

    def _encoded(self, inputs: pa.Table, most: int) -> list[Ints]:
        """The tokens of each row's text, at most so many; 0 for as many as the model takes."""
        limit = self._origin.blueprint.most_tokens
        found = self._tokenizer.encode_whole(_texts(inputs), most=min(most, limit) if most else limit)
        return [tokens if len(tokens) else np.asarray([_FALLBACK], dtype=np.int64) for tokens in found]


class _OnBase:
    """Makes a model with the weights of the base, read once, and a new head."""

    def __init__(self, made: Blueprint, weights: WeightFiles) -> None:
        from weighbridge.adapters.models.sequence_model import state_of

        self._made, self._state = made, state_of(weights)

    def __call__(self, seed: int) -> SequenceModel:
        from weighbridge.adapters.models.sequence_model import SequenceModel

        return SequenceModel.on_base(self._made, self._state, seed=seed)


def open_sequence_classifier(
    folder: Path, *, label: str, base: Path | None, recipe: RecipeFile | None, spill: Path
) -> Classifier:
    """Open a classifier of texts.

    Parameters
    ----------
    folder : holds config.json, safetensors and a tokenizer
    label : what errors call it
    base : folder of the model that it was fine-tuned from, for a recipe that starts there
    recipe : how it was made, if the candidate says so
    spill : where a recipe in a child process may write

    Raises
    ------
    Unusable
        For anything that is missing, damaged, wants code to be run, or does not fit together.
    Silent
        Where it is of a kind that is not read here, or the packages for it are not installed.
    """
    config = _configuration(folder, label)
    classes, is_unnamed = _classes(config, label)
    weights = model_weights(folder, label=label)
    check_installed()
    check_memory(weights, label)
    tokenizer = open_tokenizer(folder, label=label)
    from weighbridge.adapters.models.sequence_model import SequenceModel, blueprint, state_of

    made = blueprint(config, weights, n_classes=len(classes), most=_longest(folder, label), label=label)
    model = SequenceModel.loaded(made, state_of(weights))
    _check_fit(tokenizer.highest_id, model.n_tokens, label)
    origin = Origin(blueprint=made, is_unnamed=is_unnamed, recipe=recipe, base=base, spill=spill)
    return SequenceClassifier(model, tokenizer, classes, origin)


def _cannot_open(label: str) -> str:
    return _("cannot open the classifier {label}").format(label=label)


def _configuration(folder: Path, label: str) -> dict[str, object]:
    """The content of config.json, if it asks for no code and is of a kind that is read here."""
    if not (folder / _CONFIG).exists():
        if (folder / _ADAPTER_CONFIG).exists():
            not_measured(
                phrase("{label} is an adapter of a classifier, which is not read yet", label=label),
                phrase("merge it into its base: model.merge_and_unload().save_pretrained('FOLDER')"),
            )
        raise Unusable(
            _cannot_open(label),
            _("the folder has no {name}").format(name=_CONFIG),
            _("name the folder that holds config.json, the weights as .safetensors and the tokenizer"),
        )
    config = read_json(folder, _CONFIG, label=label)
    if "auto_map" in config:
        raise Unusable(
            _cannot_open(label),
            _('config.json has the key "auto_map": the model wants code of its own to be run, and none is run here'),
            _('if transformers knows the model without that code, take "auto_map" out of config.json'),
        )
    names = config.get("architectures")
    if not (isinstance(names, list) and any(str(name).endswith(_ENDING) for name in names)):
        raise Unusable(
            _cannot_open(label),
            _("its config.json names no architecture that ends in {ending}").format(ending=_ENDING),
            _("name the folder of a classifier of texts"),
        )
    if not isinstance(config.get("model_type"), str):
        raise Unusable(
            _cannot_open(label),
            _("config.json has no model_type"),
            _("copy config.json again from where the model was made"),
        )
    _check_kind(config, label)
    return config


def _check_kind(config: dict[str, object], label: str) -> None:
    if config.get("quantization_config"):
        not_measured(
            phrase("the weights of {label} are quantised, which is not read yet", label=label),
            phrase("weigh the weights they were made from, or save them dequantised: model.dequantize()"),
        )
    if config.get("problem_type") == "multi_label_classification":
        not_measured(
            phrase(
                "{label} may give several labels to one text, so that its probabilities do not sum to 1", label=label
            ),
            phrase("weigh a classifier that gives one label to each text"),
        )


def _classes(config: dict[str, object], label: str) -> tuple[tuple[str, ...], bool]:
    """The names of the classes, and whether they are numbers for want of names.

    A configuration without names has two classes: transformers leaves its own names of two out of the file.
    """
    held = config.get("id2label", {"0": "LABEL_0", "1": "LABEL_1"})
    if not isinstance(held, dict) or not 0 < len(held) <= _MOST_CLASSES:
        raise _bad_names(label, _("id2label in config.json is no table of names"))
    if sorted(held) != sorted(str(number) for number in range(len(held))):
        raise _bad_names(label, _("id2label in config.json does not count its {n} classes from 0").format(n=len(held)))
    if len(held) == 1:
        not_measured(
            phrase("{label} gives one number, and no probabilities of classes", label=label),
            phrase("weigh a classifier with two classes or more; a regression is none"),
        )
    names = tuple(held[str(number)] for number in range(len(held)))
    if not all(isinstance(name, (str, int)) for name in names):
        raise _bad_names(label, _("a name in id2label of config.json is no text"))
    found = tuple(str(name) for name in names)
    if all((match := _UNNAMED.fullmatch(name)) and int(match[1]) == n for n, name in enumerate(found)):
        return tuple(str(number) for number in range(len(found))), True
    if len(set(found)) != len(found) or not all(0 < len(x) <= _LONGEST_NAME and x.isprintable() for x in found):
        raise _bad_names(label, _("names in id2label of config.json are not short, printable and different"))
    return found, False


def _bad_names(label: str, why: str) -> Unusable:
    return Unusable(_cannot_open(label), why, _("mend id2label in config.json, or copy the file again"))


def _longest(folder: Path, label: str) -> int:
    """The tokens that the tokenizer takes at most; 0 where it does not say."""
    if not (folder / _TOKENIZER_CONFIG).exists():
        return 0
    said = read_json(folder, _TOKENIZER_CONFIG, label=label).get("model_max_length")
    return int(said) if isinstance(said, (int, float)) and 0 < said < _NO_LIMIT else 0


def _check_fit(highest_id: int, rows: int, label: str) -> None:
    if highest_id >= rows:
        raise Unusable(
            _cannot_open(label),
            _("the tokenizer has token ids up to {highest}; the model's embedding has {rows} rows").format(
                highest=highest_id, rows=rows
            ),
            _("copy the tokenizer that the model was trained with into its folder"),
        )


def _texts(inputs: pa.Table) -> list[str]:
    """The first column that holds texts; a missing one is the empty text."""
    for column in inputs.columns:
        kind = column.type.value_type if pa.types.is_dictionary(column.type) else column.type
        if pa.types.is_string(kind) or pa.types.is_large_string(kind):
            found: list[str] = pc.fill_null(column.cast(pa.large_string()), "").to_pylist()
            return found
    return not_measured(
        phrase("a classifier of texts was given {n} columns, none of which holds texts", n=inputs.num_columns),
        phrase("name the column with the texts in weighbridge.toml: text_field = COLUMN"),
    )
