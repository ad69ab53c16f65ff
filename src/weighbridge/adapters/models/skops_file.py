"""Estimators from skops files, such that nothing in them is run and compiled code stays within its arrays."""

from __future__ import annotations

import io as streams
import json
import warnings
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from weighbridge.adapters.models.boosters import RANK, renew_boosters
from weighbridge.adapters.models.bounds import Unbound, check_bounds
from weighbridge.adapters.models.foreign import reading, settle
from weighbridge.adapters.models.lightgbm_file import read_lightgbm
from weighbridge.adapters.models.trees import UnsafeTree, check_trees
from weighbridge.adapters.models.ubjson import Damaged, dump_ubjson, load_ubjson
from weighbridge.adapters.models.xgboost_file import BoostedModel, NotProbable, read_xgboost
from weighbridge.core.errors import Unusable
from weighbridge.core.evidence import not_measured
from weighbridge.core.wording import Phrase, _, phrase

_PLAIN = frozenset({"ObjectNode"})  # attributes are set, and no method is called
_FUNCTION = frozenset({"FunctionNode"})
_KERNELS = (
    "CompoundKernel", "ConstantKernel", "DotProduct", "ExpSineSquared", "Exponentiation", "Matern", "Product", "RBF",
    "RationalQuadratic", "Sum", "WhiteKernel",
)  # fmt: skip
_DISTANCES = ("Chebyshev", "Euclidean", "Manhattan", "Minkowski", "SEuclidean", "Hamming", "Haversine")

# What skops does not vouch for, and we do, and by which of skops' ways it may be made. Trees, since `check_trees` looks
# at every node before the first prediction. Search trees over neighbours and their distances, since `check_bounds`
# throws them away and builds them anew from the rows they stand for. Boosters, since they are taken out of the file
# before skops sees it, looked through, and written anew. The others are plain Python objects or functions whose code
# was read: they do arithmetic on arrays that numpy checks, and reach no file, no process and no network.
_VOUCHED: dict[str, frozenset[str]] = {
    "sklearn.tree._tree.Tree": frozenset({"TreeNode"}),
    "sklearn.ensemble._hist_gradient_boosting.predictor.TreePredictor": _PLAIN,
    "sklearn.neighbors._kd_tree.KDTree": _PLAIN,
    "sklearn.neighbors._ball_tree.BallTree": _PLAIN,
    **{f"sklearn.metrics._dist_metrics.{name}Distance64": _PLAIN for name in _DISTANCES},
    "sklearn.calibration._CalibratedClassifier": _PLAIN,
    "sklearn.calibration._SigmoidCalibration": _PLAIN,
    "sklearn.calibration._TemperatureScaling": _PLAIN,
    "sklearn.neural_network._stochastic_optimizers.AdamOptimizer": _PLAIN,
    "sklearn.neural_network._stochastic_optimizers.SGDOptimizer": _PLAIN,
    "sklearn.gaussian_process._gpc._BinaryGaussianProcessClassifierLaplace": _PLAIN,
    **{f"sklearn.gaussian_process.kernels.{name}": _PLAIN for name in _KERNELS},
    # A dictionary whose keys are attributes too: what voting and stacking name their estimators in.
    "sklearn.utils._bunch.Bunch": frozenset({"DictNode", "ObjectNode"}),
    # Chooses columns of a frame by name and type.
    "sklearn.compose._column_transformer.make_column_selector": _PLAIN,
    "sklearn.feature_selection._univariate_selection.f_classif": _FUNCTION,
    "sklearn.feature_selection._univariate_selection.chi2": _FUNCTION,
    "sklearn.model_selection._split.StratifiedKFold": _PLAIN,
    "sklearn.model_selection._split.KFold": _PLAIN,
    "sklearn.metrics._scorer._PassthroughScorer": _PLAIN,
    "sklearn.multiclass._ConstantPredictor": _PLAIN,
    # Boosting over histograms with categories keeps check_array with its arguments; a partial of skops holds only
    # functions that are vouched for themselves.
    "functools.partial": frozenset({"PartialNode"}),
    "sklearn.utils.validation.check_array": _FUNCTION,
    # The type of an empty array's values, read by numpy without pickles.
    "numpy.dtype": frozenset({"DTypeNode"}),
    "collections.OrderedDict": frozenset({"TypeNode", "DictNode"}),
    "xgboost.core.Booster": _PLAIN,
    "xgboost.sklearn.XGBClassifier": _PLAIN,
    "lightgbm.basic.Booster": _PLAIN,
    "lightgbm.sklearn.LGBMClassifier": _PLAIN,
}
_BOOSTERS = {"xgboost.core.Booster": "handle", "lightgbm.basic.Booster": "_handle"}
_TEXT = {"__class__": "str", "__module__": "builtins", "__loader__": "TypeNode"}
_EMPTY = {"__class__": "str", "__module__": "builtins", "__loader__": "JsonNode", "content": "null", "is_json": True}
_MOST_UNPACKED = 200  # times the file's size, and at least a GiB: ours, skops packs little or not at all
_GIB = 1 << 30
_TO_ONNX = (
    "onnx = skl2onnx.to_onnx(model, X[:1].astype('float32')); open('model.onnx', 'wb').write(onnx.SerializeToString())"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Saved:
    """What a skops file held."""

    estimator: Any
    notes: tuple[Phrase, ...]
    boosters: dict[int, BoostedModel]  # by id of the estimator of XGBoost or LightGBM whose model it is


def read_skops(path: Path, *, label: str) -> Saved:
    """Put an estimator together again.

    Raises
    ------
    Unusable
        For a file that is damaged, holds types that are not vouched for, or could lead compiled code astray.
    Silent
        Where the packages for it are not installed.
    """
    settle()
    try:
        import sklearn
        from skops import io
    except ImportError:
        not_measured(
            phrase("classifiers in skops files need packages that are not installed"),
            phrase("pip install 'weighbridge[tabular]'"),
        )
    what = _("cannot open the classifier {label}").format(label=label)
    fix = _("save it again: skops.io.dump(model, 'model.skops')")
    with reading(what, why=_("it is damaged, or no skops file"), fix=fix):
        _check_size(path, what, fix)
        named = io.get_untrusted_types(file=path)
    _refuse_unknown(named, what)
    _need_boosting(named)
    with reading(what, why=_("it cannot be put together again"), fix=fix):
        source, models = _without_boosters(path, what)
        with warnings.catch_warnings(record=True) as said:
            warnings.simplefilter("always")
            estimator = io.loads(source, trusted=named) if models else io.load(path, trusted=named)
        boosters = _check(estimator, models, what)
        return Saved(estimator=estimator, notes=_notes(said, sklearn.__version__), boosters=boosters)


def _check_size(path: Path, what: str, fix: str) -> None:
    with zipfile.ZipFile(path) as archive:
        unpacked = sum(entry.file_size for entry in archive.infolist())
    if unpacked > max(_GIB, _MOST_UNPACKED * path.stat().st_size):
        raise Unusable(what, _("it would unpack to {size} bytes").format(size=unpacked), fix)


def _refuse_unknown(named: list[str], what: str) -> None:
    unknown = [name for name in named if name not in _VOUCHED]
    if unknown:
        raise Unusable(
            what,
            _("it holds {n} types that are not known to be safe, the first is {first}").format(
                n=len(unknown), first=unknown[0][:100]
            ),
            _("if you trust the file, convert it to ONNX where it was made: {command}").format(command=_TO_ONNX),
        )


def _need_boosting(named: list[str]) -> None:
    try:
        if any(name.startswith("xgboost.") for name in named):
            import xgboost  # noqa: F401  whether it is there
        if any(name.startswith("lightgbm.") for name in named):
            import lightgbm  # noqa: F401  whether it is there
    except ImportError:
        not_measured(
            phrase("models of XGBoost and LightGBM need packages that are not installed"),
            phrase("pip install 'weighbridge[boosting]'"),
        )


def _without_boosters(path: Path, what: str) -> tuple[bytes, list[BoostedModel]]:
    """The file with its boosters taken out, and these in their order; the schema's ways of making are checked too."""
    with zipfile.ZipFile(path) as archive:
        schema = json.loads(archive.read("schema.json"))
        models: list[BoostedModel] = []
        for node in _nodes(schema):
            name = f"{node.get('__module__')}.{node.get('__class__')}"
            _check_way(node, name, what)
            if name in _BOOSTERS:
                _taken_out(node, _BOOSTERS[name], archive, models, what)
        if not models:
            return b"", []
        made = streams.BytesIO()
        with zipfile.ZipFile(made, "w") as other:
            for entry in archive.namelist():
                content = json.dumps(schema).encode() if entry == "schema.json" else archive.read(entry)
                other.writestr(entry, content)
    return made.getvalue(), models


def _check_way(node: dict[str, Any], name: str, what: str) -> None:
    if name in _VOUCHED and node.get("__loader__") not in _VOUCHED[name]:
        raise Unusable(
            what,
            _("it makes {name} in a way that is not known to be safe").format(name=name[:100]),
            _("save it again: skops.io.dump(model, 'model.skops')"),
        )


def _nodes(schema: Any) -> Iterator[dict[str, Any]]:
    waiting = [schema]
    while waiting:
        thing = waiting.pop()
        if isinstance(thing, dict):
            if "__loader__" in thing:
                yield thing
            waiting.extend(thing.values())
        elif isinstance(thing, list):
            waiting.extend(thing)


def _taken_out(node: dict[str, Any], key: str, archive: zipfile.ZipFile, models: list[BoostedModel], what: str) -> None:
    """Read the model of one booster; in the schema its place is emptied, and the booster told its number."""
    try:
        content = node["content"]
        attributes = content["content"]
        _check_alone(content, key)
        handle, names = attributes[key], content["key_types"]
        model = _read(handle, archive)
        names["content"].append(dict(_TEXT))
    except (Damaged, KeyError, TypeError, AttributeError) as error:
        why = str(error) if isinstance(error, Damaged) else _("a part that it should have is missing")
        raise Unusable(
            what,
            _("it holds a boosted model that is damaged: {why}").format(why=why),
            _("save it again: skops.io.dump(model, 'model.skops')"),
        ) from error
    except NotProbable as error:
        not_measured(
            phrase("its boosted model gives no probabilities ({objective})", objective=str(error)),
            phrase("train it with an objective of classification, such as binary:logistic or multiclass"),
        )
    content.pop("__id__", None)  # or skops would take another part of the file of that number in its place
    names.pop("__id__", None)
    attributes[key] = dict(_EMPTY)
    attributes[RANK] = {**_EMPTY, "content": str(len(models))}
    models.append(model)


def _check_alone(content: dict[str, Any], key: str) -> None:
    """A booster's attributes are a dictionary, and only one of them is a model."""
    if content["__loader__"] != "DictNode" or set(content["content"]) & ({"handle", "_handle"} - {key}):
        raise Damaged("a booster holds no model")


def _read(handle: dict[str, Any], archive: zipfile.ZipFile) -> BoostedModel:
    """A booster as skops keeps it: XGBoost's with its configuration, which is left out; LightGBM's as text."""
    if handle["__loader__"] == "BytearrayNode":
        whole = load_ubjson(archive.read(handle["file"]))
        return read_xgboost(dump_ubjson(whole["Model"]))
    said = json.loads(handle["content"])
    if handle["__loader__"] != "JsonNode" or not isinstance(said, str):
        raise Damaged("a booster holds no model")
    return read_lightgbm(said.encode())


def _check(estimator: Any, models: list[BoostedModel], what: str) -> dict[int, BoostedModel]:
    """Look through what was put together; give the boosters their models, and say whose they are."""
    fix = _("convert it to ONNX where it was made: {command}").format(command=_TO_ONNX)
    try:
        check_bounds(estimator)
        check_trees(estimator)
        return renew_boosters(estimator, models)
    except UnsafeTree as error:
        why = _("it holds a decision tree that cannot be followed safely: {why}").format(why=error)
        raise Unusable(what, why, fix) from error
    except Unbound as error:
        raise Unusable(what, _("it cannot be asked safely: {why}").format(why=error), fix) from error


def _notes(said: list[warnings.WarningMessage], version: str) -> tuple[Phrase, ...]:
    """A note where scikit-learn says that the model was saved by another version of it."""
    for warning in said:
        saved = getattr(warning.message, "original_sklearn_version", None)
        if saved:
            return (
                phrase(
                    "the model was saved by scikit-learn {saved} and read by {version}; its numbers may differ",
                    saved=str(saved)[:20],
                    version=version,
                ),
            )
    return ()
