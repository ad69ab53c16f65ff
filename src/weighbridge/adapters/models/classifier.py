"""A classifier from one file. None of its formats runs code when it is read; a pickle is never opened."""

from __future__ import annotations

from pathlib import Path

from weighbridge.adapters.models.recipe_file import RecipeFile
from weighbridge.core.errors import Outside, Unusable
from weighbridge.core.wording import _
from weighbridge.probekit.ports import Classifier

_TO_SKOPS = "python -c \"import joblib, skops.io; skops.io.dump(joblib.load('OLD'), 'NEW.skops')\""


def open_classifier(path: Path, *, label: str, format: str, recipe: RecipeFile | None, spill: Path) -> Classifier:  # noqa: A002  the name of what it is
    """Open a classifier.

    Parameters
    ----------
    format : onnx, skops, xgboost or lightgbm, told by content at the door
    recipe : how it was made; without one, an estimator from a skops file is its own recipe
    spill : where a recipe that runs in a child may write

    Raises
    ------
    Unusable
        For a file that is damaged, of another format, or holds types that are not known to be safe.
    Silent
        Where the packages for it are not installed, or it gives no probabilities per class.
    """
    try:
        with path.open("rb") as stream:
            stream.read(1)
    except OSError as error:
        raise Outside(
            _("cannot read {label}").format(label=label),
            error.strerror or type(error).__name__,
            _("check that it is there and that you may read it"),
        ) from error
    if format == "onnx":
        from weighbridge.adapters.models.onnx_classifier import open_onnx

        return open_onnx(path, label=label, recipe=recipe, spill=spill)
    if format == "skops":
        from weighbridge.adapters.models.skops_classifier import open_skops

        return open_skops(path, label=label, recipe=recipe, spill=spill)
    if format in ("xgboost", "lightgbm"):
        from weighbridge.adapters.models.boosted_classifier import open_boosted
        from weighbridge.adapters.models.cloning import recipe_classes

        named = recipe_classes(recipe)
        return open_boosted(path, label=label, library=format, recipe=recipe, spill=spill, names=named)
    raise Unusable(
        _("cannot open the classifier {label}").format(label=label),
        _("it is of the format {format}, and classifiers are read from onnx, skops, xgboost and lightgbm").format(
            format=format
        ),
        _("if you made the file yourself and trust it, convert it: {command}").format(command=_TO_SKOPS),
    )
