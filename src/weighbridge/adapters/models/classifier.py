"""A classifier from one file: skops or ONNX. Neither runs code when it is read; a pickle is never opened."""

from __future__ import annotations

from pathlib import Path

from weighbridge.core.errors import Outside, Unusable
from weighbridge.core.wording import _
from weighbridge.probekit.ports import Classifier

_ZIP = b"PK\x03\x04"
_TO_SKOPS = "python -c \"import joblib, skops.io; skops.io.dump(joblib.load('OLD'), 'NEW.skops')\""


def open_classifier(path: Path, *, label: str) -> Classifier:
    """Open a classifier.

    Raises
    ------
    Unusable
        For a file that is damaged, of another format, or holds types that are not known to be safe.
    Silent
        Where the packages for it are not installed, or it gives no probabilities per class.
    """
    try:
        with path.open("rb") as stream:
            first = stream.read(4)
    except OSError as error:
        raise Outside(
            _("cannot read {label}").format(label=label),
            error.strerror or type(error).__name__,
            _("check that it is there and that you may read it"),
        ) from error
    if path.suffix == ".onnx":
        from weighbridge.adapters.models.onnx_classifier import open_onnx

        return open_onnx(path, label=label)
    if first == _ZIP:
        from weighbridge.adapters.models.skops_classifier import open_skops

        return open_skops(path, label=label)
    raise Unusable(
        _("cannot open the classifier {label}").format(label=label),
        _("it is neither ONNX nor a skops file, which is a zip file; this one begins otherwise"),
        _("if you made the file yourself and trust it, convert it: {command}").format(command=_TO_SKOPS),
    )
