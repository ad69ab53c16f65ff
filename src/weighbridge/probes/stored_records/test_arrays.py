import io
import json
from collections.abc import Iterator

import numpy as np
import pytest

from weighbridge.probekit.ports import Floats
from weighbridge.probes.stored_records import arrays
from weighbridge.probes.stored_records.arrays import Form, Index, Matches, Moments, match, read_tensors
from weighbridge.probes.stored_records.calibration import safetensors
from weighbridge.probes.stored_records.files import Unread
from weighbridge.probes.stored_records.test_files import file
from weighbridge.probes.stored_records.training import Rows

RNG = np.random.default_rng(0)
TABLE = RNG.normal(size=(200, 4)) * [1, 100, 1e4, 1] + [0, 5, 1e5, 1]


def parts(table: Floats) -> Iterator[Rows]:
    for start in range(0, len(table), 64):
        yield Rows(label="t", first_record=start + 1, numbers=table[start : start + 64])


def matched(index: Index, table: Floats = TABLE, *, by_chance: bool = True) -> tuple[Matches, list[int]]:
    pointed: list[int] = []
    moments = Moments.over(parts(table), index.width)
    found = match(
        index, moments, parts(table), point_out=lambda _, record: pointed.append(record), by_chance=by_chance
    )  # fmt: skip
    return found, pointed


def indexed(*made: np.typing.NDArray[np.generic]) -> Index:
    index = Index(width=4)
    for array in made:
        index.add(array)
    return index


def test_moments_are_those_of_the_whole_table() -> None:
    table = TABLE.copy()
    table[3, 1] = np.nan
    made = Moments.over(parts(table), 4)
    assert np.allclose(made.mean, np.nanmean(table, axis=0), rtol=1e-14)
    assert np.allclose(np.sqrt(made.squares / made.n), np.nanstd(table, axis=0), rtol=1e-13)
    assert np.array_equal(made.least, np.nanmin(table, axis=0))


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("form", [Form.RAW, Form.STANDARD, Form.RANGE])
def test_rows_are_found_in_every_form_and_precision(form: Form, dtype: type[np.floating]) -> None:
    standard = (TABLE - TABLE.mean(axis=0)) / TABLE.std(axis=0)
    scale = 1 / (TABLE.max(axis=0) - TABLE.min(axis=0))
    made = {Form.RAW: TABLE, Form.STANDARD: standard, Form.RANGE: TABLE * scale - TABLE.min(axis=0) * scale}[form]
    found, pointed = matched(indexed(made[[5, 80, 199]].astype(dtype)))
    assert (len(found.sure), pointed, found.forms) == (3, [6, 81, 200], {form})


@pytest.mark.parametrize(
    "array",
    [
        TABLE[:3].T, TABLE[:3].ravel(), TABLE[:3].reshape(3, 1, 4), np.hstack([TABLE[:3], RNG.normal(size=(3, 5))]),
        np.hstack([RNG.normal(size=(3, 5)), TABLE[:3]]),
    ],
    ids=["turned", "flat", "deep", "begins", "ends"],
)  # fmt: skip
def test_rows_are_found_in_every_shape(array: Floats) -> None:
    assert len(matched(indexed(array))[0].sure) == 3


def test_chance_does_not_count() -> None:
    table = np.vstack([TABLE, np.eye(4), np.zeros((1, 4)), np.ones((1, 4)), [[1, 2, 3, 4]], [[39, 13, 2176, 40]]])
    index = indexed(
        np.eye(4), np.zeros((9, 4)), np.ones((2, 4)), np.array([[1, 2, 3, 4]]), np.array([[39, 13, 2176, 40]])
    )
    found, pointed = matched(index, table)
    assert not found.sure
    assert not pointed
    assert len(found.doubtful) == 1  # eighteen digits: too few for so many pairs, too many to rule out
    assert len(matched(index, table, by_chance=False)[0].sure) == 8


def test_weights_that_are_no_rows_are_not_found() -> None:
    found, _ = matched(indexed(RNG.normal(size=(5000, 4)), RNG.integers(-128, 128, (5000, 4)), np.array(["a"] * 4)))
    assert found == Matches()


def test_missing_numbers_and_huge_ones_break_nothing() -> None:
    table = TABLE.copy()
    table[0] = [np.nan, 1.234567, np.inf, 1e300]
    assert len(matched(indexed(table[:1]), table)[0].sure) == 1


def test_rows_beyond_what_is_kept_are_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(arrays, "MAX_ROWS", 10)
    index = indexed(TABLE[:8], TABLE[8:20])
    assert (index.n_rows, index.n_left_out) == (10, 10)


def test_arrays_of_one_number_a_row_are_not_searched() -> None:
    index = Index(width=1)
    index.add(TABLE)
    assert index.n_rows == 0


def read(data: bytes, format_: str = "safetensors") -> tuple[Index, Unread]:
    index, unread = Index(width=4), Unread()
    assert read_tensors(file(data, format_), index, unread, lambda: None)
    return index, unread


@pytest.mark.parametrize("shape", [(60, 4), (4, 60), (240,), (3, 20, 4), (20, 12)])
def test_tensors_are_read_from_files(monkeypatch: pytest.MonkeyPatch, shape: tuple[int, ...]) -> None:
    monkeypatch.setattr(arrays, "_READ_BYTES", 100)
    table = TABLE[:60].astype(np.float32)
    data = safetensors({"a": (table.T if shape == (4, 60) else table.reshape(shape))}, {})
    index, unread = read(data)
    assert len(matched(index)[0].sure) == (
        40 if shape == (20, 12) else 60
    )  # in (20, 12), each third stands in the middle
    assert not unread.labels
    made = io.BytesIO()
    np.save(made, np.asfortranarray(TABLE[:60]))
    index, unread = read(made.getvalue(), "npy")
    assert len(matched(index)[0].sure) == 60


@pytest.mark.parametrize(
    "header",
    [
        {"a": {"dtype": "F16", "shape": [60, 4], "data_offsets": [0, 480]}},
        {"a": {"dtype": "F32", "shape": [60, 4], "data_offsets": [0, 10**12]}},
        {"a": {"dtype": "F32", "shape": [-60, -4], "data_offsets": [0, 960]}},
        {"a": {"dtype": "F32", "shape": [10**9, 4], "data_offsets": [0, 16 * 10**9]}},
        {"a": {"dtype": "F32"}},
        {"a": {"dtype": ["F32"], "shape": [60, 4], "data_offsets": [0, 960]}},
        {"a": 3},
        [],
    ],
)  # fmt: skip
def test_tensors_that_lie_or_cannot_be_compared_are_unread(header: object) -> None:
    told = json.dumps(header).encode()
    index, unread = read(len(told).to_bytes(8, "little") + told + bytes(960))
    assert index.n_rows == 0
    assert unread.labels == ["model.bin"]


@pytest.mark.parametrize("data", [b"", b"\xff" * 8, b"\x93NUMPY\x01\x00", b"\2" + bytes(7) + b"{{"])
def test_broken_files_are_unread(data: bytes) -> None:
    for format_ in ("safetensors", "npy"):
        index, unread = read(data, format_)
        assert index.n_rows == 0
        assert unread.labels


def test_objects_in_arrays_are_unread() -> None:
    made = io.BytesIO()
    np.save(made, np.array([[1, "a", None, 2]], dtype=object), allow_pickle=True)
    assert read(made.getvalue(), "npy")[1].labels
    assert not read_tensors(file(b"", "pickle"), Index(width=4), Unread(), lambda: None)


@pytest.mark.parametrize("form", [Form.RAW, Form.STANDARD, Form.RANGE])
def test_rows_are_found_with_their_columns_in_another_order(form: Form) -> None:
    made = Moments.over(parts(TABLE), 4).changed(TABLE, form)
    found, pointed = matched(indexed(made[[5, 80, 199]][:, [2, 0, 3, 1]]))
    assert (len(found.sure), pointed, found.forms) == (3, [6, 81, 200], {form})
    assert found.n_met == 3


def test_another_order_of_short_numbers_is_chance_sooner() -> None:
    table = np.vstack([TABLE, [[291, 131, 217, 45]]])  # so many digits are enough in their order only
    others = RNG.normal(size=(4000, 4))
    straight, turned = indexed(table[-1:], others), indexed(table[-1:, [1, 0, 3, 2]], others)
    assert len(matched(straight, table)[0].sure) == 1
    assert len(matched(turned, table)[0].sure) == 0
    assert len(matched(turned, table)[0].doubtful) == 1
