"""Recipes in Python: a module that says how a classifier is fitted, run in a child process without network.

The module is one file and defines::

    def fit(inputs: dict[str, numpy.ndarray], targets: numpy.ndarray, seed: int) -> model
    def predict_proba(model, inputs: dict[str, numpy.ndarray]) -> array of shape (n, classes)
    def overfit(inputs, targets, seed) -> model        # optional; fit, changed so that it learns its rows by heart

`inputs` holds one array of n values for each column that the classifier takes, by name; a text is an object, a missing
one None. `targets` are whole numbers: places in the classifier's list of classes. `predict_proba` gives a column for
each of these classes, in their order, or for each class among the targets that `fit` saw, in theirs, as scikit-learn
does. All preprocessing belongs into `fit`: what is fitted outside of it has seen rows that it should not have seen.

The module may import what is installed. It gets no network, no other process, and no file but those of the interpreter
and of a folder of its own, which is empty. Where it has no `overfit`, a model that knows its rows by heart stands in
for it (see `by_heart`): an attack must be able to find that one.

Nothing that comes back from the child is believed: the parent checks the length, the shape, that all is finite and not
negative, and that rows sum to 1.
"""

from __future__ import annotations

import builtins
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Never, assert_never

import numpy as np
import pyarrow as pa

from weighbridge.adapters.models import recipe_runner as child
from weighbridge.adapters.models.by_heart import ByHeart
from weighbridge.adapters.models.confinement import Limits
from weighbridge.adapters.models.recipe_file import RecipeFile
from weighbridge.adapters.models.sandbox import Ended, Ending, Sandbox, check_possible, keeps_to_folder, sandboxed
from weighbridge.core.errors import Outside
from weighbridge.core.evidence import not_applicable, not_measured
from weighbridge.core.wording import Phrase, _, phrase
from weighbridge.probekit.ports import Bools, Floats, Ints, Recipe

_RUNNER = "weighbridge.adapters.models.recipe_runner"
_LONGEST_SOURCE = 1 << 20  # of a recipe: 1 MiB
_SUM_TOLERANCE = 1e-3  # half precision rounds
_LONGEST_NAME = 100
_EVERY_S = 1.0  # whoever counts the models is called, while one is waited for
# Kinds of errors that may be named. Any other name is the recipe's own choice, and could be made of what it saw.
_NAMED = frozenset(
    name for name, kind in vars(builtins).items() if isinstance(kind, type) and issubclass(kind, BaseException)
) | {"LinAlgError", "NotFittedError", "ArrowInvalid", "XGBoostError", "LightGBMError", "OutOfMemoryError", "URLError"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Allowance:
    """How much a recipe may use. Ours: enough for what is fitted in minutes, and an end to the rest."""

    load_s: float = 120.0  # importing torch on a busy machine takes half a minute
    model_s: float = 300.0  # to fit one model and to ask it about all rows
    memory_bytes: int = 8 << 30  # of addresses: torch alone maps more than one GiB
    file_bytes: int = 256 << 20
    folder_bytes: int = 1 << 30

    def limits(self, models: int) -> Limits:
        """What the child may use for so many models. Time is watched from outside too; threads count each."""
        return Limits(
            memory_bytes=self.memory_bytes, cpu_s=int(2 * (self.load_s + models * self.model_s)) + 1,
            file_bytes=self.file_bytes, folder_bytes=self.folder_bytes,
        )  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Module:
    """A recipe's code, and what runs it."""

    source: bytes
    label: str
    classes: tuple[str, ...]
    spill: Path
    allowance: Allowance = Allowance()
    by_overfit: bool = False  # its `overfit` instead of its `fit`, or what stands in for it


class Watch:
    """Calls whoever counts the models: after each, and every second while one is made, with the number made so far."""

    def __init__(self, stop: Callable[[int], None] | None) -> None:
        self._stop, self._n_made, self._called = stop, 0, time.monotonic()

    def made(self, n: int) -> None:
        """So many models are made."""
        self._n_made, self._called = n, time.monotonic()
        if self._stop is not None:
            self._stop(n)

    def waits(self) -> None:
        """Still no answer."""
        if time.monotonic() - self._called >= _EVERY_S:
            self.made(self._n_made)


class ChildRecipe:
    """A recipe in Python, run in a child of its own each time its shadows are asked for.

    `says` tells what is refitted, and how.
    """

    def __init__(self, module: Module) -> None:
        self._module = module
        self.says = _says(module)

    @property
    def bagged(self) -> Recipe | None:
        """None: what a module does is not known."""
        return None

    @property
    def overfitted(self) -> Recipe:
        """The recipe's own `overfit`, or a model that knows its rows by heart."""
        return ChildRecipe(replace(self._module, by_overfit=True))

    def shadows(
        self, inputs: pa.Table, targets: Ints, subsets: Bools, *, seed: int, stop: Callable[[int], None] | None = None
    ) -> Iterator[Floats]:
        """For each subset the probabilities of a model fitted on it; see the port."""
        limits = self._module.allowance.limits(len(subsets))
        with sandboxed(_RUNNER, limits=limits, spill=self._module.spill) as sandbox:
            watch = Watch(stop)
            has_overfit = self._ask(sandbox, child.LOAD + self._module.source, watch, most=16) == b"overfit"
            if self._module.by_overfit and not has_overfit:
                sandbox.end()
                yield from ByHeart(len(self._module.classes)).shadows(inputs, targets, subsets, seed=seed, stop=stop)
                return
            self._ask(sandbox, child.TABLE + _stream(inputs), watch)
            self._ask(sandbox, child.TARGETS + np.ascontiguousarray(targets, dtype="<i8").tobytes(), watch)
            verb = child.OVERFIT if self._module.by_overfit else child.FIT
            for k, subset in enumerate(subsets):
                own = int(np.random.SeedSequence((seed, k)).generate_state(1)[0])
                message = verb + child.SEED.pack(own) + subset.astype(np.uint8).tobytes()
                most, seconds = self._most(len(targets)), self._module.allowance.model_s
                reply = self._ask(sandbox, message, watch, most=most, seconds=seconds)
                yield self._believed(reply, targets, subset)
                watch.made(k + 1)

    def _most(self, n: int) -> int:
        return child.WIDTH.size + 8 * n * len(self._module.classes)

    def _ask(self, sandbox: Sandbox, message: bytes, watch: Watch, *, most: int = 0, seconds: float = 0.0) -> bytes:
        """What the child answers; leaves through `Silent` where it does not, or where the recipe raised.

        Whoever counts the models is called while it is waited for too: one model may take longer than they have time.
        """
        seconds = seconds or self._module.allowance.load_s
        try:
            reply = sandbox.ask(message, seconds=seconds, most=1 + max(most, _LONGEST_NAME), tick=watch.waits)
        except Ended as error:
            self._ended(error.ending, seconds)
        if reply[:1] == child.RAISED:
            self._raised(reply[1:].decode("ascii", "replace"))
        if reply[:1] != child.DONE or len(reply) > 1 + most:
            self._lied()
        return reply[1:]

    def _believed(self, reply: bytes, targets: Ints, subset: Bools) -> Floats:
        """The table in an answer, if it is one of probabilities, with a column for every class."""
        n, seen = len(targets), np.unique(targets[subset])
        width = child.WIDTH.unpack_from(reply)[0] if len(reply) >= child.WIDTH.size else 0
        if width not in (len(self._module.classes), len(seen)) or len(reply) != child.WIDTH.size + 8 * n * width:
            self._lied()
        told = np.frombuffer(reply, dtype="<f8", offset=child.WIDTH.size).reshape(n, width)
        if not (np.isfinite(told).all() and (told >= 0).all()):
            self._lied()
        sums = told.sum(axis=1, keepdims=True)
        if not (np.abs(sums - 1) <= _SUM_TOLERANCE).all():
            self._lied()
        found = np.zeros((n, len(self._module.classes)))
        found[:, slice(None) if width == len(self._module.classes) else seen] = told / sums
        return found

    def _raised(self, name: str) -> Never:
        if name == child.NoRecipe.__name__:
            not_measured(
                phrase("the recipe {label} does not say how a classifier is made", label=self._module.label),
                phrase("define fit(inputs, targets, seed) and predict_proba(model, inputs) in it"),
            )
        if name == child.BadAnswer.__name__:
            self._lied()
        kind = name if name in _NAMED else "an error of its own"
        remedy = phrase("run it by itself on some rows, and mend what it says")
        if name in ("PermissionError", "URLError"):
            remedy = phrase("take out what opens a connection, a file or another process: a recipe has none of these")
        if name == "MemoryError":
            remedy = phrase("let it use less than {gib} GiB of memory", gib=self._module.allowance.memory_bytes >> 30)
        not_measured(phrase("the recipe {label} failed ({kind})", label=self._module.label, kind=kind), remedy)

    def _ended(self, ending: Ending, seconds: float) -> Never:
        match ending:
            case Ending.LATE:
                because = phrase("the recipe {label} took longer than {seconds} seconds for one model",
                                 label=self._module.label, seconds=round(seconds, 1))  # fmt: skip
                remedy = phrase("make it faster: fewer rounds, a smaller model")
            case Ending.DISK:
                because = phrase("the recipe {label} wrote more than {mib} MiB",
                                 label=self._module.label, mib=self._module.allowance.folder_bytes >> 20)  # fmt: skip
                remedy = phrase("let it keep its models in memory")
            case Ending.LENGTH:
                self._lied()
            case Ending.DIED:
                because = phrase("the process of the recipe {label} ended on its own", label=self._module.label)
                remedy = phrase("run it by itself on some rows: a library may have crashed or run out of memory")
            case _:
                assert_never(ending)
        not_measured(because, remedy)

    def _lied(self) -> Never:
        not_measured(
            phrase("the recipe {label} gives what is no table of probabilities of {n} classes",
                   label=self._module.label, n=len(self._module.classes)),
            phrase("let predict_proba give one row for each row it is asked about; all finite, and each row sums to 1"),
        )  # fmt: skip


def open_recipe(file: RecipeFile, *, classes: tuple[str, ...], inputs: tuple[str, ...], spill: Path) -> Recipe:  # noqa: ARG001  what every opener of recipes takes
    """Open a recipe in Python.

    Raises
    ------
    Silent
        Where it was not trusted by name, is of a kind that fits no classifier of this kind, or no child can be shut in.
    Outside
        Where it cannot be read.
    """
    if file.path.suffix == ".toml":
        not_applicable(
            phrase("the recipe {label} says how a classifier of texts is fine-tuned, and this is none",
                   label=file.label)
        )  # fmt: skip
    if file.path.suffix != ".py":
        not_measured(
            phrase("the recipe {label} is of no kind that is known", label=file.label),
            phrase("give it as .skops, as a module .py with fit and predict_proba, or, for texts, as .toml"),
        )
    if not file.is_trusted:
        not_measured(
            phrase("the recipe {label} is code, and was not trusted", label=file.label),
            phrase("weighbridge weigh DIR --trust {label}", label=file.label),
        )
    check_possible()
    return ChildRecipe(Module(source=_source(file), label=file.label, classes=classes, spill=spill))


def _says(module: Module) -> Phrase:
    if module.by_overfit:
        return phrase(
            "each model is made by `overfit` of the recipe {label}; where it has none, a model stands in that knows "
            "its rows by heart",
            label=module.label,
        )
    if keeps_to_folder():
        return phrase("each model is made by the recipe {label}, in a process without network", label=module.label)
    return phrase(
        "each model is made by the recipe {label}, in a process without network; this system could not keep it from "
        "reading your files",
        label=module.label,
    )


def _source(file: RecipeFile) -> bytes:
    try:
        with file.path.open("rb") as stream:
            source = stream.read(_LONGEST_SOURCE + 1)
    except OSError as error:
        raise Outside(
            _("cannot read the recipe {label}").format(label=file.label),
            error.strerror or type(error).__name__,
            _("check that it is there and that you may read it"),
        ) from error
    if len(source) > _LONGEST_SOURCE:
        not_measured(
            phrase("the recipe {label} has more than {n} bytes", label=file.label, n=_LONGEST_SOURCE),
            phrase("leave only what makes the classifier in it"),
        )
    return source


def _stream(table: pa.Table) -> bytes:
    """The table in Arrow's stream format."""
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, table.schema) as writer:
        writer.write_table(table)
    return bytes(sink.getvalue())
