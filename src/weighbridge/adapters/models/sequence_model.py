"""A sequence classifier of `transformers` in memory: loaded, asked, trained. Needs torch.

Texts are asked about in batches of one length, so that nothing is padded and an answer does not depend on what stands
beside it. Batches follow from the texts alone: the same call gives the same bytes.
"""

from __future__ import annotations

import copy
import inspect
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from safetensors.torch import load_file
from transformers import MODEL_FOR_SEQUENCE_CLASSIFICATION_MAPPING, AutoConfig

from weighbridge.adapters.models.foreign import reading
from weighbridge.adapters.models.torch_loading import DROPPED, check_layers, check_shapes
from weighbridge.adapters.models.weights import WeightFiles
from weighbridge.core.errors import Unusable
from weighbridge.core.evidence import not_measured
from weighbridge.core.wording import _, phrase
from weighbridge.probekit.ports import Floats, Ints

_BATCH_TOKENS = 4096  # asked about at one time
_UNSAID = 512  # tokens taken at most, where neither model nor tokenizer says how many
_WARM_UP = 0.1  # of the steps; then the rate falls to nothing in a straight line
_KNOWN_BY_HEART = 0.05  # nats per row: an overfitted model needs no less


@dataclass(frozen=True, slots=True, kw_only=True)
class Blueprint:
    """What a classifier is made of, without its weights."""

    config: Any
    made_by: Any
    n_classes: int
    label: str
    most_tokens: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Training:
    """How weights are changed: AdamW, gradients cut to length 1, the rate up and then down in straight lines."""

    epochs: int
    learning_rate: float
    batch_size: int
    weight_decay: float
    drops_out: bool = True
    until_by_heart: bool = False  # at the highest rate, until the rows are known


def blueprint(raw: dict[str, object], weights: WeightFiles, *, n_classes: int, most: int, label: str) -> Blueprint:
    """What a configuration describes, if the weights fit it.

    Parameters
    ----------
    most : tokens that the tokenizer takes at most; 0 where it does not say

    Raises
    ------
    Unusable
        Where transformers does not know such a classifier, or the weights are of other shapes.
    """
    what = _("cannot open the classifier {label}").format(label=label)
    fix = _("save the model again, whole: model.save_pretrained('FOLDER')")
    with reading(what, why=_("transformers cannot use its config.json"), fix=fix):
        kept = {key: value for key, value in raw.items() if key not in DROPPED and not key.startswith("_")}
        config = AutoConfig.for_model(kept.pop("model_type"), **kept, num_labels=n_classes)
        if type(config) not in MODEL_FOR_SEQUENCE_CLASSIFICATION_MAPPING:
            raise Unusable(
                what,
                _("its model_type is {kind}, of which transformers knows no sequence classifier").format(
                    kind=config.model_type
                ),
                _("name the folder of a classifier of texts"),
            )
        found = MODEL_FOR_SEQUENCE_CLASSIFICATION_MAPPING[type(config)]
        made_by = found[0] if isinstance(found, (tuple, list)) else found
        config.problem_type = "single_label_classification"
        check_layers(config, weights, what)
        check_shapes(made_by, config, weights, what)
        with torch.device("meta"):
            context = _context(made_by(config))
    limits = [limit for limit in (context, most) if limit > 0]
    return Blueprint(
        config=config, made_by=made_by, n_classes=n_classes, label=label, most_tokens=min(limits, default=_UNSAID)
    )


def state_of(weights: WeightFiles) -> dict[str, torch.Tensor]:
    """All tensors of some files."""
    return {name: tensor for path in weights.paths for name, tensor in load_file(Path(path)).items()}


class SequenceModel:
    """A classifier over sequences of tokens, in fp32, on the CPU."""

    def __init__(self, model: Any, made: Blueprint) -> None:
        self._model = model.eval().requires_grad_(requires_grad=False)
        self._made = made
        self._pad = made.config.pad_token_id
        self._head = _head(model, made.n_classes)
        self._options = {"use_cache": False} if "use_cache" in inspect.signature(model.forward).parameters else {}

    @classmethod
    def loaded(cls, made: Blueprint, state: dict[str, torch.Tensor]) -> SequenceModel:
        """The model with these weights; every weight that it has must be there."""
        what = _("cannot open the classifier {label}").format(label=made.label)
        fix = _("save the model again, whole: model.save_pretrained('FOLDER')")
        with reading(what, why=_("the weights do not fit its config.json"), fix=fix):
            model, missing = _filled(made, state, seed=0)
        if missing:
            why = _("config.json describes weights of which {n} are in no file, the first is {first}")
            raise Unusable(what, why.format(n=len(missing), first=missing[0][:100]), fix)
        return cls(model, made)

    @classmethod
    def on_base(cls, made: Blueprint, state: dict[str, torch.Tensor], *, seed: int) -> SequenceModel:
        """The model with the weights of a base, and a new head."""
        what = _("cannot make {label} again from its base").format(label=made.label)
        fix = _("name the base that it was fine-tuned from in weighbridge.toml: [base] path = FOLDER")
        with reading(what, why=_("the weights of the base do not fit the classifier's config.json"), fix=fix):
            # Copies: the library takes tensors of its own type as they are, and training would change them for all.
            model, missing = _filled(made, {name: tensor.clone() for name, tensor in state.items()}, seed=seed)
        body = f"{model.base_model_prefix}."
        lacking = [name for name in missing if name.startswith(body) and "pooler" not in name]
        if lacking:
            why = _("the base lacks {n} weights that the classifier has, the first is {first}")
            raise Unusable(what, why.format(n=len(lacking), first=lacking[0][:100]), fix)
        return cls(model, made)

    @classmethod
    def from_scratch(cls, made: Blueprint, *, seed: int) -> SequenceModel:
        """The model with weights as they are before any training."""
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(seed)
            return cls(made.made_by(copy.deepcopy(made.config)), made)

    @property
    def n_tokens(self) -> int:
        """How many tokens it has a row for."""
        return int(self._model.get_input_embeddings().weight.shape[0])

    def tables(self) -> tuple[Floats, ...]:
        """Its embedding of tokens and its last layer, as they lie in memory."""
        found = [self._model.get_input_embeddings().weight, *([self._head.weight] if self._head is not None else [])]
        return tuple(weight.detach().numpy() for weight in found)

    def probabilities(self, sequences: Sequence[Ints]) -> Floats:
        """Probabilities of the classes, shape (n, classes)."""
        found = np.empty((len(sequences), self._made.n_classes))
        for rows in _of_one_length(sequences):
            found[rows] = torch.softmax(self._logits(sequences, rows).double(), dim=1).numpy()
        if not np.isfinite(found).all():
            not_measured(
                phrase("{label} gives probabilities that are no numbers", label=self._made.label),
                phrase("check the weights: training may have diverged, or a conversion to a narrower type overflowed"),
            )
        return found

    def embeddings(self, sequences: Sequence[Ints]) -> Floats | None:
        """What goes into the last layer, shape (n, width); None where no last layer is found."""
        if self._head is None:
            return None
        seen: list[torch.Tensor] = []
        watch = self._head.register_forward_pre_hook(lambda _module, inputs: seen.append(inputs[0]))
        found = np.empty((len(sequences), int(self._head.in_features)))
        try:
            for rows in _of_one_length(sequences):
                self._logits(sequences, rows)
                given = seen.pop()
                found[rows] = (given if given.ndim == 2 else given[:, -1]).double().numpy()
        finally:
            watch.remove()
        return found

    def train(
        self, sequences: Sequence[Ints], targets: Ints, how: Training, *, seed: int,
        tick: Callable[[], None] | None = None,
    ) -> None:  # fmt: skip
        """Change the weights until this model says these targets of these sequences; in place.

        `tick` is called after each step, and may raise to end it.
        """
        if not len(sequences):
            return
        order = np.random.default_rng(seed)
        steps = how.epochs * -(-len(sequences) // how.batch_size)
        optimiser = torch.optim.AdamW(self._model.parameters(), lr=how.learning_rate, weight_decay=how.weight_decay)
        self._model.requires_grad_(requires_grad=True).train(how.drops_out)
        self._model.config.pad_token_id = _padding(sequences, self._pad, self._model)
        step = 0
        with torch.random.fork_rng(devices=[]):  # dropout draws from torch's own generator
            torch.manual_seed(seed)
            for _epoch in range(how.epochs):
                losses = 0.0
                for rows in _batches(order.permutation(len(sequences)), how.batch_size):
                    for group in optimiser.param_groups:
                        group["lr"] = how.learning_rate * (1.0 if how.until_by_heart else _share_of_peak(step, steps))
                    losses += len(rows) * self._step(optimiser, [sequences[row] for row in rows], targets[rows])
                    step += 1
                    if tick is not None:
                        tick()
                if how.until_by_heart and losses < _KNOWN_BY_HEART * len(sequences):
                    break
        self._model.eval().requires_grad_(requires_grad=False)

    def _step(self, optimiser: torch.optim.Optimizer, sequences: list[Ints], targets: Ints) -> float:
        """One change of the weights; the mean loss before it."""
        tokens, mask = _padded(sequences, self._model.config.pad_token_id)
        logits = self._model(input_ids=tokens, attention_mask=mask, **self._options).logits
        loss = torch.nn.functional.cross_entropy(logits, torch.from_numpy(np.ascontiguousarray(targets)))
        optimiser.zero_grad(set_to_none=True)
        loss.backward()  # type: ignore[no-untyped-call]  # torch leaves it untyped
        torch.nn.utils.clip_grad_norm_(self._model.parameters(), 1.0)
        optimiser.step()
        return float(loss.detach())

    def _logits(self, sequences: Sequence[Ints], rows: Ints) -> torch.Tensor:
        """Of sequences of one length. Without a pad token the last one counts, as for a model asked about one text."""
        self._model.config.pad_token_id = -1 if self._pad is None else self._pad
        tokens = torch.from_numpy(np.stack([sequences[row] for row in rows]))
        with torch.inference_mode():
            logits: torch.Tensor = self._model(
                input_ids=tokens, attention_mask=torch.ones_like(tokens), **self._options
            ).logits
        return logits


def _filled(made: Blueprint, state: dict[str, torch.Tensor], *, seed: int) -> tuple[Any, list[str]]:
    """The model with these weights, and the names of those that it has beside them, which are drawn anew."""
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        model, info = made.made_by.from_pretrained(
            None, config=copy.deepcopy(made.config), state_dict=state, dtype=torch.float32, output_loading_info=True
        )
    return model, sorted(info["missing_keys"])


def _head(model: Any, n_classes: int) -> Any | None:
    """The last layer that gives a number for each class, outside of the body."""
    body = f"{model.base_model_prefix}."
    found = [
        module
        for name, module in model.named_modules()
        if isinstance(module, torch.nn.Linear) and module.out_features == n_classes and not name.startswith(body)
    ]
    return found[-1] if found else None


def _context(model: Any) -> int:
    """How many tokens a model can take, by its table of positions, else by its configuration; 0 where neither says."""
    for name, module in model.named_modules():
        if name.endswith(("position_embeddings", ".wpe")) and isinstance(module, torch.nn.Embedding):
            # Where positions count from behind the padding, as in RoBERTa, the first ones are never used.
            return int(module.num_embeddings) - (0 if module.padding_idx is None else module.padding_idx + 1)
    found = getattr(model.config.get_text_config(), "max_position_embeddings", 0)
    return found if isinstance(found, int) else 0


def _of_one_length(sequences: Sequence[Ints]) -> list[Ints]:
    """Places of the sequences in groups of one length, each of a bounded number of tokens."""
    lengths = np.asarray([len(sequence) for sequence in sequences], dtype=np.int64)
    found = []
    for length in np.unique(lengths):
        places = np.flatnonzero(lengths == length)
        step = max(1, _BATCH_TOKENS // int(length))
        found += [places[start : start + step] for start in range(0, len(places), step)]
    return found


def _batches(places: Ints, size: int) -> list[Ints]:
    return [places[start : start + size] for start in range(0, len(places), size)]


def _padding(sequences: Sequence[Ints], declared: int | None, model: Any) -> int:
    """The token to pad with: the model's own, or else one that none of the texts has."""
    if declared is not None:
        return declared
    used = np.unique(np.concatenate(list(sequences)))
    free = np.setdiff1d(np.arange(model.get_input_embeddings().weight.shape[0]), used, assume_unique=True)
    return int(free[0]) if len(free) else 0


def _padded(sequences: list[Ints], pad: int) -> tuple[torch.Tensor, torch.Tensor]:
    """Tokens and which of them count, shape (n, longest)."""
    longest = max(len(sequence) for sequence in sequences)
    tokens, mask = np.full((2, len(sequences), longest), pad, dtype=np.int64)
    mask[:] = 0
    for row, sequence in enumerate(sequences):
        tokens[row, : len(sequence)] = sequence
        mask[row, : len(sequence)] = 1
    return torch.from_numpy(tokens), torch.from_numpy(mask)


def _share_of_peak(step: int, steps: int) -> float:
    """The rate of learning at a step, as a share of its highest."""
    warm = max(1, round(_WARM_UP * steps))
    return (step + 1) / warm if step < warm else (steps - step) / max(1, steps - warm)
