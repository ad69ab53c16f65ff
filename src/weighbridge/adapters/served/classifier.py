"""A classifier that is asked over HTTP for the probabilities of its classes.

Two forms are spoken, and found by asking for the model's metadata:

- V2, the Open Inference Protocol (`/v2/models/NAME/infer`): one tensor for each column, or one matrix where the
  metadata names a single wide input;
- V1 (`/v1/models/NAME:predict`, or the URL itself): `{"instances": [{column: value, ...}, ...]}` is answered by
  `{"predictions": ...}`, a list of probabilities for each row, or an object of class and probability.

The names of the classes, in the order of the probabilities, are read from the metadata: the key "classes" or "labels",
in the parameters of a V2 output, or in what `GET` gives for a V1 model or for the URL itself. Otherwise they come with
the answers, and where these name none, classes are "0", "1" and so on. Then they are not known before some rows were
asked about: see `ServedClassifier.meet`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Never
from urllib.parse import quote, unquote

import numpy as np
import pyarrow as pa

from weighbridge.adapters.models.probabilities import checked
from weighbridge.adapters.models.recipe_file import RecipeFile
from weighbridge.adapters.served.http import Refused, Server
from weighbridge.adapters.served.wire import Form, NoAnswer, RowsForm, TensorsForm, read_metadata
from weighbridge.core.evidence import Silent, not_measured
from weighbridge.core.wording import Phrase, phrase
from weighbridge.probekit.ports import Classifier, Floats, Recipe, Structure

_ROWS = 256  # asked about in one request
_ADDRESS = re.compile(r"(.*?)/(v[12])/models/([^/:?#]+)(?::predict|/infer)?/?")
_NOT_THERE = frozenset({400, 404, 405, 415, 422, 501})  # what a server says to a form that it does not speak
_SHOWN = 60  # characters of a name in a message


class ServedClassifier:
    """A classifier behind a server."""

    kind = "endpoint"

    def __init__(self, server: Server, form: Form, *, recipe: RecipeFile | None, spill: Path) -> None:
        self._server, self._form, self._recipe, self._spill = server, form, recipe, spill
        self._classes = form.metadata.classes
        matrix = form.metadata.matrix
        self.inputs = form.metadata.columns
        self.n_inputs = len(self.inputs) if matrix is None else max(0, matrix.shape[-1])
        self.notes: tuple[Phrase, ...] = (
            phrase("the answers come from {at}: that it serves what was weighed is taken on trust", at=server.shown),
        )

    @property
    def classes(self) -> tuple[str, ...]:
        """The names of the classes; leaves through `Silent` where nobody has said them yet."""
        if not self._classes:
            not_measured(
                phrase("{at} does not say which classes it tells apart", at=self._server.shown),
                phrase(
                    'let GET on the address of the model answer {{"classes": [...]}}, as its probabilities are ordered'
                ),
            )
        return self._classes

    @classes.setter
    def classes(self, names: tuple[str, ...]) -> None:
        self._classes = names

    def meet(self, rows: pa.Table) -> None:
        """Ask about some rows, to hear from the answers which classes there are; nothing where they are known."""
        if not self._classes:
            self.predict_proba(rows)

    def predict_proba(self, inputs: pa.Table) -> Floats:
        """Probabilities, shape (n, classes); see the port."""
        chosen = self._chosen(inputs)
        parts = [chosen.slice(start, _ROWS) for start in range(0, chosen.num_rows, _ROWS)]
        found = [self._believed(answer, part.num_rows) for part, answer in self._asked(parts)]
        return np.concatenate(found) if found else np.empty((0, len(self.classes)))

    def embed(self, inputs: pa.Table) -> Floats | None:
        """None: a server gives answers only."""
        del inputs
        return None

    def structure(self) -> Structure:
        """Leaves through `Silent`: a server shows nothing of what it holds."""
        not_measured(
            phrase("a classifier that is served at {at} cannot be looked into", at=self._server.shown),
            phrase("weigh the file of the classifier, without --served"),
        )

    @property
    def recipe(self) -> Recipe | None:
        """The recipe that the candidate names."""
        file = self._recipe
        if file is None:
            return None
        if file.path.suffix == ".skops":
            from weighbridge.adapters.models.cloning import open_skops_recipe

            return open_skops_recipe(file, classes=self.classes, inputs=self.inputs)
        from weighbridge.adapters.models.recipe_child import open_recipe

        return open_recipe(file, classes=self.classes, inputs=self.inputs, spill=self._spill)

    def _chosen(self, inputs: pa.Table) -> pa.Table:
        missing = [name for name in self.inputs if name not in inputs.column_names]
        if missing:
            not_measured(
                phrase("{at} asks for {n} columns that the data does not have, the first is {first}",
                       at=self._server.shown, n=len(missing), first=missing[0][:_SHOWN]),
                phrase("give the data with the columns that the model was fitted on"),
            )  # fmt: skip
        if not self.inputs and self.n_inputs and self.n_inputs != inputs.num_columns:
            not_measured(
                phrase("{at} takes {n} columns by position, and the data has {m}",
                       at=self._server.shown, n=self.n_inputs, m=inputs.num_columns),
                phrase("give the data with the columns that the model was fitted on, in that order"),
            )  # fmt: skip
        return inputs.select(list(self.inputs)) if self.inputs else inputs

    def _asked(self, parts: list[pa.Table]) -> Iterator[tuple[pa.Table, object]]:
        """Each part with the answer about it. The first is asked alone: it shows whether the form is understood."""
        for part in parts[:1]:
            try:
                yield part, self._server.post(self._form.path, self._body(part))
            except Refused as error:
                if error.status not in _NOT_THERE or not self._form.plainer():
                    raise
                yield part, self._server.post(self._form.path, self._body(part))
        bodies = (self._body(part) for part in parts[1:])
        yield from zip(parts[1:], self._server.post_all(self._form.path, bodies), strict=True)

    def _body(self, part: pa.Table) -> dict[str, object]:
        try:
            return dict(self._form.body(part))
        except NoAnswer as error:
            self._no_answer(error.says)

    def _believed(self, answer: object, n: int) -> Floats:
        """The probabilities in an answer, if it is what it should be."""
        try:
            table, names = self._form.table(answer, n)
        except NoAnswer as error:
            self._no_answer(error.says)
        known = self._classes or names or tuple(str(number) for number in range(table.shape[1]))
        if len(known) < 2:
            self._no_answer(phrase("it tells of one class only"))
        if names and names != known:
            if sorted(names) != sorted(known):
                self._no_answer(phrase("it names other classes than before"))
            table = table[:, [names.index(name) for name in known]]
        found = checked(table, n, len(known), label=self._server.shown)
        self.classes = known
        return found

    def _no_answer(self, says: Phrase) -> Never:
        not_measured(
            phrase("{at} cannot be asked as a classifier: {says}", at=self._server.shown, says=str(says)),
            phrase("let it answer as the V1 predict protocol or the Open Inference Protocol V2 do, with probabilities"),
        )  # fmt: skip


def open_served_classifier(url: str, *, model: str, recipe: RecipeFile | None, spill: Path) -> Classifier:
    """A classifier behind a URL: of a server, of a model on it, or of an endpoint of its own.

    Parameters
    ----------
    url : that the user named
    model : its name on the server; "" where the URL names it, or where there is one only
    recipe : how it was made, if the candidate says so
    spill : where a recipe in a child process may write

    Raises
    ------
    Unusable
        Where the URL is none.
    Outside
        Where the server is away or refuses.
    Silent
        Where urllib3 is not installed.
    """
    found = _ADDRESS.fullmatch(url)
    root, versions, name = (found[1], found[2], unquote(found[3])) if found else (url, "v2 v1", "")
    server = Server(root)
    name = model or name
    form = _form(server, name, versions, is_said=found is not None) if name else _plain_form(server)
    return ServedClassifier(server, form, recipe=recipe, spill=spill)


def _form(server: Server, name: str, versions: str, *, is_said: bool) -> Form:
    """The form in which the server knows a model of this name; `is_said` where the URL itself said which."""
    for version in versions.split():
        at = f"/{version}/models/{quote(name, safe='')}"
        told = _told(server, at)
        if told is None and not is_said:
            continue
        metadata = read_metadata(told)
        if version == "v2":
            return TensorsForm(f"{at}/infer", metadata)
        return RowsForm(
            f"{at}:predict", metadata if metadata.classes else read_metadata(_told(server, f"{at}/metadata"))
        )
    return _plain_form(server)


def _plain_form(server: Server) -> Form:
    return RowsForm("", read_metadata(_told(server, "")))


def _told(server: Server, path: str) -> object | None:
    """What GET gives there; None where there is nothing to be had in JSON."""
    try:
        return server.get(path)
    except Refused as error:
        if error.status not in _NOT_THERE:
            raise
    except Silent:  # a page for people
        pass
    return None
