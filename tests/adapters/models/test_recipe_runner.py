from __future__ import annotations

import io
import random
import sys
from collections.abc import Iterator

import numpy as np
import pyarrow as pa
import pytest

from weighbridge.adapters.models import recipe_runner
from weighbridge.adapters.models.recipe_runner import (
    FIT,
    LOAD,
    MODULE,
    OVERFIT,
    SEED,
    TABLE,
    TARGETS,
    WIDTH,
    BadAnswer,
    NoRecipe,
    Runner,
    columns,
)

SOURCE = """
import random
import numpy
def fit(inputs, targets, seed):
    return float(inputs["x"].sum()), targets.tolist(), seed, random.random(), numpy.random.random()
def predict_proba(model, inputs):
    inputs["x"][:] = 0
    global seen
    seen = model
    return numpy.full((len(inputs["x"]), 2), 0.5)
"""


@pytest.fixture(autouse=True)
def _tidy() -> Iterator[None]:
    state, numbers = random.getstate(), np.random.get_state()  # noqa: NPY002  what the runner sows
    yield
    random.setstate(state)
    np.random.set_state(numbers)  # noqa: NPY002  likewise
    sys.modules.pop(MODULE, None)


def _stream(table: pa.Table) -> bytes:
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, table.schema) as writer:
        writer.write_table(table)
    return bytes(sink.getvalue())


def _runner(source: str) -> Runner:
    made = Runner()
    made.do(LOAD, source.encode())
    made.do(TABLE, _stream(pa.table({"x": [1.0, 2.0, 4.0]})))
    made.do(TARGETS, np.asarray([0, 1, 1], dtype="<i8").tobytes())
    return made


def test_a_model_sees_its_rows_alone_and_the_same_seed_gives_the_same() -> None:
    runner = _runner(SOURCE)
    seen = []
    for chosen, seed in ((b"\1\0\1", 7), (b"\1\0\1", 7), (b"\0\1\1", 8)):
        answer = runner.do(FIT, SEED.pack(seed) + chosen)
        assert WIDTH.unpack_from(answer)[0] == 2
        assert np.frombuffer(answer, dtype="<f8", offset=WIDTH.size).tolist() == [0.5] * 6
        seen.append(sys.modules[MODULE].seen)
    assert seen[0][:3] == (5.0, [0, 1], 7)
    assert seen[0] == seen[1]
    assert seen[2][:3] == (6.0, [1, 1], 8)  # what an earlier model did to its rows did not change them
    assert seen[2][3:] != seen[0][3:]


def test_overfit_is_told_where_there_is_one() -> None:
    assert Runner().do(LOAD, SOURCE.encode()) == b""
    runner = _runner(f"{SOURCE}\ndef overfit(i, t, s): return 'over'")
    assert runner.do(LOAD, f"{SOURCE}\ndef overfit(i, t, s): return 'over'".encode()) == b"overfit"
    runner.do(OVERFIT, SEED.pack(1) + b"\1\1\1")
    assert sys.modules[MODULE].seen == "over"


@pytest.mark.parametrize("source", ["", "fit = 3", "def fit(i, t, s): pass", "def predict_proba(m, i): pass"])
def test_modules_that_are_no_recipe(source: str) -> None:
    with pytest.raises(NoRecipe):
        Runner().do(LOAD, source.encode())


@pytest.mark.parametrize("given", ["None", "[0.5, 0.5, 0.5]", "[[0.5, 0.5]]", "[[[0.5]]] * 3"])
def test_answers_of_another_shape(given: str) -> None:
    runner = _runner(f"def fit(i, t, s): pass\ndef predict_proba(m, i): return {given}")
    with pytest.raises(BadAnswer):
        runner.do(FIT, SEED.pack(1) + b"\1\1\1")


def test_columns_of_every_kind() -> None:
    table = pa.table(
        {
            "n": [1, None], "f": [0.5, None], "s": ["a", None], "b": [True, False],
            "c": pa.array(["x", "y"]).dictionary_encode(), "w": pa.array([1, 2], pa.int32()),
        }
    )  # fmt: skip
    found = columns(_stream(table))
    assert found["n"][0] == 1
    assert np.isnan(found["n"][1])
    assert np.isnan(found["f"][1])
    assert found["s"].tolist() == ["a", None]
    assert found["b"].dtype == bool
    assert found["c"].tolist() == ["x", "y"]
    assert found["w"].dtype.kind == "i"


def test_frames_end_with_their_stream() -> None:
    out = io.BytesIO()
    recipe_runner._answer(out, b"abc")
    out.seek(0)
    assert recipe_runner._frame(out) == b"abc"
    assert recipe_runner._frame(out) is None


def test_torch_is_sown_where_it_is_there() -> None:
    torch = pytest.importorskip("torch")
    before = torch.random.get_rng_state()
    recipe_runner._sow(5)
    one = torch.rand(1)
    recipe_runner._sow(5)
    assert torch.equal(one, torch.rand(1))
    torch.random.set_rng_state(before)
