"""From a configuration and checked weights to a model of `transformers`, in fp32 on the CPU. Needs torch."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import torch
from safetensors.torch import load_file
from transformers import MODEL_FOR_CAUSAL_LM_MAPPING, AutoConfig
from transformers.activations import NewGELUActivation
from transformers.utils import logging

from weighbridge.adapters.models.foreign import reading
from weighbridge.adapters.models.weights import WeightFiles
from weighbridge.core.errors import Unusable
from weighbridge.core.evidence import not_measured
from weighbridge.core.wording import _, phrase

logging.set_verbosity_error()
logging.disable_progress_bar()

# Keys with which a configuration chooses code or files to load, or what comes out; they do not say what the model is.
# From `num_labels` a table of that length would be made.
DROPPED = frozenset(
    {
        "attn_implementation", "experts_implementation", "fusion_config", "transformers_weights",
        "dtype", "torch_dtype", "output_attentions", "output_hidden_states", "return_dict",
        "num_labels", "id2label", "label2id",
    }
)  # fmt: skip
# Adapters that become part of the weights. Others (prompts, mixtures that name further adapters) stay outside them.
_MERGED = frozenset({"LORA", "ADALORA", "LOHA", "LOKR", "IA3", "OFT", "BOFT", "VERA", "HRA"})


def load(raw: dict[str, object], weights: WeightFiles, *, label: str) -> Any:
    """The model that this configuration describes, with these weights. Every weight it has must be there."""
    what = _("cannot open the language model {label}").format(label=label)
    fix = _("save the model again, whole: model.save_pretrained('FOLDER')")
    with reading(what, why=_("transformers cannot use its config.json"), fix=fix):
        kept = {key: value for key, value in raw.items() if key not in DROPPED and not key.startswith("_")}
        config = AutoConfig.for_model(kept.pop("model_type"), **kept)
        made_by, config = _model_class(config, what)
        check_layers(config, weights, what)
        check_shapes(made_by, config, weights, what)
    with reading(what, why=_("the weights do not fit its config.json"), fix=fix):
        state = {name: tensor for path in weights.paths for name, tensor in load_file(path).items()}
        model, info = made_by.from_pretrained(
            None, config=config, state_dict=state, dtype=torch.float32, output_loading_info=True
        )
    missing = sorted(info["missing_keys"])
    if missing:
        why = _("config.json describes weights of which {n} are in no file, the first is {first}")
        raise Unusable(what, why.format(n=len(missing), first=missing[0]), fix)
    _fuse(model)
    return model


def adapt(model: Any, folder: Path, raw: dict[str, object], weights: WeightFiles, *, label: str) -> Any:
    """The model with the adapter in this folder merged into its weights."""
    kind = str(raw.get("peft_type"))
    if kind not in _MERGED:
        not_measured(
            phrase("adapters of type {kind} are not read", kind=kind[:40]),
            phrase("merge it into its base: model.merge_and_unload().save_pretrained('FOLDER')"),
        )
    try:
        from peft import PeftConfig, get_peft_model, set_peft_model_state_dict
    except ImportError:
        not_measured(phrase("adapters need the package peft"), phrase("pip install 'weighbridge[lm]'"))
    what = _("cannot put the adapter {label} on its base").format(label=label)
    fix = _('name the base it was trained on in weighbridge.toml: [base] path = "FOLDER"')
    if raw.get("megatron_config"):
        raise Unusable(
            what,
            _('adapter_config.json has the key "megatron_config": it names code to be run, and none is run here'),
            _('take "megatron_config" out of adapter_config.json'),
        )
    with reading(what, why=_("its weights do not fit the base"), fix=fix):
        _resize(model, weights)
        wrapped = get_peft_model(model, PeftConfig.from_pretrained(str(folder)))
        loaded = set_peft_model_state_dict(wrapped, load_file(weights.paths[0]))
        missing = [name for name in loaded.missing_keys if ".default" in name]
        strange = list(loaded.unexpected_keys)
        if missing or strange:
            why = _("the base has {n} places for which the adapter has no weights, the adapter {m} without a place")
            raise Unusable(what, why.format(n=len(missing), m=len(strange)), fix)
        return wrapped.merge_and_unload()


def _model_class(config: Any, what: str) -> tuple[Any, Any]:
    """The class for this configuration; of a model for several media, its part for text."""
    if type(config) not in MODEL_FOR_CAUSAL_LM_MAPPING:
        raise Unusable(
            what,
            _("its model_type is {kind}, of which transformers knows no causal language model").format(
                kind=config.model_type
            ),
            _("name the folder of a model that predicts the next token"),
        )
    found = MODEL_FOR_CAUSAL_LM_MAPPING[type(config)]
    made_by = found[0] if isinstance(found, (tuple, list)) else found
    text = config.get_text_config()
    return made_by, text if made_by.config_class is type(text) else config


def check_layers(config: Any, weights: WeightFiles, what: str) -> None:
    """A configuration may ask for any number of layers; making them would take for ever."""
    layers = getattr(config.get_text_config(), "num_hidden_layers", 0)
    if isinstance(layers, int) and layers > len(weights.shapes):
        raise Unusable(
            what,
            _("config.json says {layers} layers; the files hold {n} tensors in all").format(
                layers=layers, n=len(weights.shapes)
            ),
            _("copy config.json again from where the model was made"),
        )


def check_shapes(made_by: Any, config: Any, weights: WeightFiles, what: str) -> None:
    """Compare shapes on a model without memory of its own: the library would make room first and complain later."""
    with torch.device("meta"):
        described = made_by(config).state_dict()
    for name, shape in weights.shapes.items():
        wanted = tuple(described[name].shape) if name in described else shape
        if shape != wanted:
            raise Unusable(
                what,
                _("{name} has the shape {shape} in the file; config.json describes {wanted}").format(
                    name=name[:100], shape=list(shape), wanted=list(wanted)
                ),
                _("copy config.json again from where the model was made"),
            )


def _fuse(model: Any) -> None:
    """Put torch's own kernel in place of GPT-2's GELU written out in seven passes: the same formula, less time."""
    for module in model.modules():
        for name, child in module.named_children():
            if isinstance(child, NewGELUActivation):
                setattr(module, name, torch.nn.GELU(approximate="tanh"))


def _resize(model: Any, weights: WeightFiles) -> None:
    """Give the embedding the rows that the adapter brings its own embedding with, as after tokens were added."""
    embedding = model.get_input_embeddings()
    name = next(name for name, module in model.named_modules() if module is embedding)
    shape = weights.shapes.get(f"base_model.model.{name}.weight")
    if shape and shape[0] != embedding.weight.shape[0]:
        model.resize_token_embeddings(shape[0], mean_resizing=False)
