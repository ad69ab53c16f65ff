"""A causal language model from its folder: Hugging Face files, whole or as a PEFT adapter over a base.

The folder is hostile. Its configuration and its weights are read here and handed over as values: `from_pretrained` of a
folder follows what lies in it, such as a base path named by an adapter, a weight file named by the configuration, or a
checkpoint with a pickle beside it. Only the tokenizer's files are read by the library itself.

No torch is imported until a model is opened.
"""

from __future__ import annotations

import importlib.util
import os
from collections.abc import Callable
from pathlib import Path

from weighbridge.adapters.models.foreign import read_json, reading, settle
from weighbridge.adapters.models.tokenizer_folder import has_tokenizer, open_tokenizer
from weighbridge.adapters.models.weights import WeightFiles, adapter_weights, model_weights
from weighbridge.core.errors import Unusable
from weighbridge.core.evidence import not_measured
from weighbridge.core.wording import _, phrase
from weighbridge.probekit.ports import LanguageModel

_CONFIG, _ADAPTER_CONFIG = "config.json", "adapter_config.json"
_FP32_BYTES = 4


def open_causal_lm(folder: Path, *, label: str, base: Path | None = None) -> LanguageModel:
    """Open a causal language model.

    Parameters
    ----------
    folder : holds config.json, safetensors and a tokenizer; or adapter_config.json and adapter_model.safetensors
    label : what errors call it
    base : folder of the model that an adapter belongs to; of no effect for a whole model

    Raises
    ------
    Unusable
        For anything that is missing, damaged, wants code to be run, or does not fit together.
    Silent
        Where the packages for it are not installed, or the machine is too small.
    """
    adapter = read_json(folder, _ADAPTER_CONFIG, label=label) if (folder / _ADAPTER_CONFIG).exists() else None
    whole = folder if adapter is None else _base_of(folder, base, adapter, label)
    config = _configuration(whole, label)
    weights = model_weights(whole, label=label)
    added = adapter_weights(folder, label=label) if adapter is not None else None
    check_installed()
    check_memory(weights, label)
    tokenizer = open_tokenizer(folder if has_tokenizer(folder) else whole, label=label)
    from weighbridge.adapters.models.torch_loading import adapt, load
    from weighbridge.adapters.models.torch_model import TorchLanguageModel

    model = load(config, weights, label=label)
    if adapter is not None and added is not None:
        model = adapt(model, folder, adapter, added, label=label)
    _check_fit(tokenizer.highest_id, int(model.get_input_embeddings().weight.shape[0]), label)
    opened = TorchLanguageModel(model, tokenizer, label=label)
    _check_causal(opened.looks_ahead, label)
    return opened


def _cannot_open(label: str) -> str:
    return _("cannot open the language model {label}").format(label=label)


def _base_of(folder: Path, base: Path | None, adapter: dict[str, object], label: str) -> Path:
    """The folder of the base, which may be the adapter's own."""
    if base is not None:
        return base
    if (folder / _CONFIG).exists():
        return folder
    named = str(adapter.get("base_model_name_or_path") or _("it does not say which"))
    raise Unusable(
        _cannot_open(label),
        _("it is an adapter without its base ({named}), which weighbridge.toml does not name").format(
            named=named[:100]
        ),
        _('add the folder of the base to weighbridge.toml:\n[base]\npath = "FOLDER"'),
    )


def _configuration(folder: Path, label: str) -> dict[str, object]:
    """The content of config.json, if it asks for no code and no quantised arithmetic."""
    if not (folder / _CONFIG).exists():
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
    if not isinstance(config.get("model_type"), str):
        raise Unusable(
            _cannot_open(label),
            _("config.json has no model_type"),
            _("copy config.json again from where the model was made"),
        )
    if config.get("quantization_config"):
        not_measured(
            phrase("the weights of {label} are quantised, which is not read yet", label=label),
            phrase("weigh the weights they were made from, or save them dequantised: model.dequantize()"),
        )
    return config


def check_installed() -> None:
    """Leave through `Silent` where a package is missing."""
    settle()
    if any(importlib.util.find_spec(name) is None for name in ("torch", "transformers", "safetensors")):
        not_measured(
            phrase("language models need packages that are not installed"), phrase("pip install 'weighbridge[lm]'")
        )


def check_memory(weights: WeightFiles, label: str) -> None:
    """Say that a model is too large before the operating system ends the process without a word."""
    needed = weights.n_values * _FP32_BYTES
    try:
        there = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    except (ValueError, OSError, AttributeError):  # not told on this system
        return
    if needed > there:
        not_measured(
            phrase(
                "{label} needs {needed} GB of memory in fp32; this machine has {there}",
                label=label, needed=round(needed / 1e9), there=round(there / 1e9),
            ),
            phrase("weigh it on a machine with more memory"),
        )  # fmt: skip


def _check_fit(highest_id: int, rows: int, label: str) -> None:
    if highest_id >= rows:
        raise Unusable(
            _cannot_open(label),
            _("the tokenizer has token ids up to {highest}; the model's embedding has {rows} rows").format(
                highest=highest_id, rows=rows
            ),
            _("copy the tokenizer that the model was trained with into its folder"),
        )


def _check_causal(looks_ahead: Callable[[], bool], label: str) -> None:
    fix = _("name the folder of a model that predicts the next token")
    with reading(_cannot_open(label), why=_("the model does not run"), fix=fix):
        if looks_ahead():
            raise Unusable(
                _cannot_open(label),
                _("it looks ahead: a later token changes what it says of earlier ones"),
                fix,
            )
