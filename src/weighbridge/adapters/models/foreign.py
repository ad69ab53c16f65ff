"""Libraries that read other people's files raise whatever they like; here that becomes one of our faults."""

from __future__ import annotations

import json
import os
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from weighbridge.core.errors import Outside, Unusable, WeighbridgeError
from weighbridge.core.evidence import Silent
from weighbridge.core.wording import _

_LARGEST_JSON = 1 << 26  # 64 MiB; the largest configuration or index that is not a tokenizer has a few

# Threads of OpenMP that wait by spinning starve each other where cores are shared. Nothing may go to the network.
_DEFAULTS = {
    "OMP_WAIT_POLICY": "PASSIVE",
    "TOKENIZERS_PARALLELISM": "false",
    "TRANSFORMERS_VERBOSITY": "error",
    "TRANSFORMERS_NO_ADVISORY_WARNINGS": "1",
}
_FIXED = {"HF_HUB_OFFLINE": "1", "HF_HUB_DISABLE_TELEMETRY": "1"}


def settle() -> None:
    """Set what torch and transformers read from the environment when they are first imported."""
    for name, value in _DEFAULTS.items():
        os.environ.setdefault(name, value)
    os.environ.update(_FIXED)


@contextmanager
def reading(what: str, *, why: str, fix: str) -> Iterator[None]:
    """Run a library's reader: its warnings are dropped, and whatever it raises becomes `Unusable`.

    Its own message is left out: it may quote the file. The kind of the error is added to `why`.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    except (WeighbridgeError, Silent):
        raise
    except MemoryError as error:
        raise Outside(what, _("there is not enough memory"), _("weigh it on a machine with more memory")) from error
    except Exception as error:  # a reader of hostile files may raise anything
        raise Unusable(what, f"{why} ({type(error).__name__})", fix) from error
    except BaseException as error:
        if type(error).__name__ != "PanicException":  # a Rust library that gave up; no subclass of Exception
            raise
        raise Unusable(what, f"{why} ({type(error).__name__})", fix) from error


def read_json(folder: Path, name: str, *, label: str) -> dict[str, object]:
    """The JSON object in a file of a model's folder.

    Raises
    ------
    Unusable
        If it is no JSON object, or far too large for one.
    Outside
        If it cannot be read.
    """
    what = _("cannot read {name} of {label}").format(name=name, label=label)
    fix = _("copy {name} again from where the model was made").format(name=name)
    try:
        size = (folder / name).stat().st_size
        text = (folder / name).read_bytes() if size <= _LARGEST_JSON else b""
    except OSError as error:
        raise Outside(what, error.strerror or type(error).__name__, fix) from error
    if size > _LARGEST_JSON:
        raise Unusable(
            what, _("it has {size} bytes; at most {most} are read").format(size=size, most=_LARGEST_JSON), fix
        )
    try:
        parsed = json.loads(text)
    except (ValueError, RecursionError) as error:
        line = getattr(error, "lineno", 0)
        raise Unusable(what, _("it is not JSON (line {line})").format(line=line), fix) from error
    if not isinstance(parsed, dict):
        raise Unusable(what, _("it holds no JSON object but a value"), fix)
    return parsed
