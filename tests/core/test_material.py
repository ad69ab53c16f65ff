from __future__ import annotations

import pytest

from weighbridge.core.material import (
    MOST_ROWS,
    Classifier,
    ClassifierKind,
    Collection,
    Column,
    LanguageModel,
    Rows,
    Table,
)


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({}, "drawn in one way"),
        ({"of": ("a",), "numbers": "x"}, "drawn in one way"),
        ({"between": (1.0,)}, "two numbers"),
        ({"of": ("a", "b"), "weights": (1.0,)}, "one for each"),
        ({"of": ("a",), "weights": (-1.0,)}, "not negative"),
        ({"near": 0.0, "spread": -1.0}, "not negative"),
        ({"near": 0.0, "digits": 12}, "digits"),
    ],
)
def test_a_column_is_drawn_in_one_way(given: dict[str, object], says: str) -> None:
    with pytest.raises(ValueError, match=says):
        Column(name="c", **given)  # type: ignore[arg-type]  # a test's own table of fields


def test_a_table_is_drawn_or_taken_and_has_an_end() -> None:
    rows = Rows(n=1, column=(Column(name="a", numbers="r"), Column(name="b", text="{a} and {w}")))
    assert Table(path="t.csv", rows=(rows,), words=(("w", ("x",)),)).columns == ("a", "b")
    for given, says in (
        ({"path": "t.csv"}, "either"),
        ({"path": "t.csv", "rows": (rows,), "collection": Collection.IRIS}, "either"),
        ({"path": "t.parquet", "collection": Collection.IRIS}, "ends in"),
        ({"path": "t.csv", "collection": Collection.IRIS, "part": 3}, "part"),
        ({"path": "t.csv", "rows": (rows,)}, "names {w}"),
    ):
        with pytest.raises(ValueError, match=says):
            Table(**given)
    with pytest.raises(ValueError, match="between 1 and"):
        Rows(n=MOST_ROWS + 1, column=())
    with pytest.raises(ValueError, match=r"\.skops"):
        Classifier(path="m.pkl", kind=ClassifierKind.LOGISTIC, table="t.csv", target="a")
    with pytest.raises(ValueError, match="epochs"):
        LanguageModel(path="m", table="t.csv", text="text", epochs=0)
