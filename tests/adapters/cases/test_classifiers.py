from __future__ import annotations

import sys
from pathlib import Path

import pytest
import skops.io

from weighbridge.adapters.cases.classifiers import write_classifier
from weighbridge.adapters.cases.tables import write_table
from weighbridge.core.errors import Unusable
from weighbridge.core.material import Classifier, ClassifierKind, Column, Rows, Table

ROWS = (
    Rows(n=60, column=(Column(name="x", near=0.0, digits=3), Column(name="place", of=("a", "b")),
                       Column(name="text", of=("too late", "late again")), Column(name="y", of=("no",)))),
    Rows(n=60, column=(Column(name="x", near=9.0, digits=3), Column(name="place", of=("a", "b")),
                       Column(name="text", of=("on time", "in time")), Column(name="y", of=("yes",)))),
)  # fmt: skip


@pytest.mark.parametrize("kind", list(ClassifierKind))
@pytest.mark.parametrize("table", ["t.csv", "t.jsonl"])
def test_every_kind_learns_what_is_there_to_learn(kind: ClassifierKind, table: str, tmp_path: Path) -> None:
    import pandas as pd

    write_table(Table(path=table, rows=ROWS), tmp_path, 0)
    features = ("text",) if kind is ClassifierKind.WORDS else ("x", "place")
    write_classifier(Classifier(path="m/m.skops", kind=kind, table=table, target="y", features=features), tmp_path)
    path = tmp_path / "m" / "m.skops"
    model = skops.io.load(path, trusted=skops.io.get_untrusted_types(file=path))
    asked = pd.Series(["too late"]) if kind is ClassifierKind.WORDS else pd.DataFrame({"x": [0.1], "place": ["a"]})
    assert model.predict(asked).tolist() == ["no"]


def test_a_column_that_is_not_there_is_told(tmp_path: Path) -> None:
    write_table(Table(path="t.csv", rows=ROWS), tmp_path, 0)
    with pytest.raises(Unusable, match="no column z"):
        write_classifier(
            Classifier(path="m.skops", kind=ClassifierKind.FOREST, table="t.csv", target="z", features=("x",)), tmp_path
        )


def test_without_the_extra_it_says_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "skops.io", None)
    with pytest.raises(Unusable, match="skops"):
        write_classifier(Classifier(path="m.skops", kind=ClassifierKind.FOREST, table="t.csv", target="y"), tmp_path)
