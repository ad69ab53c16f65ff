"""Training rows among the numbers of a model: exact search, by hashes of rows in single precision.

The rows of the model are indexed, and the training rows streamed past them: memory follows the model.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, BinaryIO

import numpy as np
import numpy.typing as npt

from weighbridge.probekit.ports import Bools, Floats
from weighbridge.probes.stored_records.files import HOSTILE, File, Unread
from weighbridge.probes.stored_records.hashing import Hashes, is_in, rows, significant_bits, unordered
from weighbridge.probes.stored_records.training import Rows

MAX_ROWS = 1 << 22  # of the model's rows; 32 MiB of hashes. Ours
_READ_BYTES = 1 << 23
_WHOLE_BYTES = 1 << 26  # of an array that is turned on its side; ours
_MAX_HEADER = 100_000_000  # bytes, of safetensors: the limit its own reader sets
_DTYPES = {"F64": "<f8", "F32": "<f4", "I64": "<i8", "I32": "<i4", "I16": "<i2", "U8": "|u1", "I8": "|i1", "U16": "<u2"}
_SIZES = {"F16": 2, "BF16": 2, "U32": 4, "U64": 8, "BOOL": 1, **{d: np.dtype(t).itemsize for d, t in _DTYPES.items()}}
# A row of few binary digits is met by chance. A row counts if, were its digits drawn like coins, one weighing in a
# thousand would meet one like it (ten digits more than pairs of rows are compared), and if it has as many digits as one
# number in single precision. Rows of half that are neither counted nor ruled out; shorter ones say nothing. Ours.
_SURE_BITS, _MARGIN_BITS, _LEAST_BITS = 24, 10, 12


class Form(StrEnum):
    """How a row may stand there."""

    RAW = "as it is"
    STANDARD = "less the mean, over the standard deviation"
    RANGE = "from 0 at the least to 1 at the most"
    STEP = "as a step of the model sees them"


_COLUMNWISE = (Form.RAW, Form.STANDARD, Form.RANGE)


@dataclass(slots=True, kw_only=True)
class Moments:
    """Mean, spread, least and most of each column, over the rows so far; missing numbers are left out."""

    n: Floats
    mean: Floats
    squares: Floats
    least: Floats
    most: Floats
    n_rows: int = 0

    @classmethod
    def over(cls, parts: Iterable[Rows], width: int) -> Moments:
        """Over all rows.

        References
        ----------
        Chan, Golub and LeVeque 1979, Updating formulae and a pairwise algorithm for computing sample variances.
        """
        zero = np.zeros(width)
        made = cls(n=zero, mean=zero, squares=zero, least=zero + np.inf, most=zero - np.inf)
        for part in parts:
            made._add(part.numbers)
        return made

    def _add(self, table: Floats) -> None:
        with np.errstate(over="ignore", invalid="ignore"):  # a number may be larger than its square can be
            self._add_finite(table, np.isfinite(table))

    def _add_finite(self, table: Floats, known: Bools) -> None:
        filled = np.where(known, table, 0.0)
        n = known.sum(axis=0).astype(np.float64)
        mean = filled.sum(axis=0) / np.maximum(n, 1)
        squares = (np.where(known, table - mean, 0.0) ** 2).sum(axis=0)
        both = np.maximum(self.n + n, 1)
        shift = mean - self.mean
        self.squares = self.squares + squares + shift**2 * self.n * n / both
        self.mean = self.mean + shift * n / both
        self.least = np.minimum(self.least, np.where(known, table, np.inf).min(axis=0, initial=np.inf))
        self.most = np.maximum(self.most, np.where(known, table, -np.inf).max(axis=0, initial=-np.inf))
        self.n = self.n + n
        self.n_rows += len(table)

    def changed(self, table: Floats, form: Form) -> Floats:
        """Rows in another form."""
        match form:
            case Form.RAW | Form.STEP:
                return table
            case Form.STANDARD:
                spread = np.sqrt(self.squares / np.maximum(self.n, 1))
                with np.errstate(invalid="ignore"):
                    return (table - self.mean) / np.where(spread > 0, spread, 1.0)
            case Form.RANGE:
                width = np.where(self.most > self.least, self.most - np.minimum(self.least, self.most), 1.0)
                with np.errstate(over="ignore", invalid="ignore"):
                    return (table - np.where(np.isfinite(self.least), self.least, 0.0)) / width


@dataclass(slots=True, kw_only=True)
class Index:
    """The rows of a model that are as wide as a training row, or begin or end with one."""

    width: int
    n_rows: int = 0
    n_left_out: int = 0  # rows beyond what is kept
    n_outputs: int = 0  # a layer has so many rows without keeping any
    parts: list[Hashes] = field(default_factory=list)
    unordered: list[Hashes] = field(default_factory=list)
    tables: list[Hashes] = field(default_factory=list)  # of arrays that may be nothing but rows

    def add(self, array: npt.NDArray[Any]) -> None:
        """Take in an array of numbers, whatever its shape."""
        if array.dtype.kind not in "fiub" or array.size < self.width or self.width < 2:
            return
        for table in self._tables(array):
            is_whole = array.ndim == 2 and table.size == array.size and len(table) > self.n_outputs
            self._add(table, is_whole=is_whole)

    def _tables(self, array: npt.NDArray[Any]) -> Iterator[npt.NDArray[Any]]:
        width = self.width
        if array.ndim < 2:
            if array.size % width == 0:
                yield array.reshape(-1, width)
            return
        flat = array.reshape(-1, array.shape[-1])
        if flat.shape[1] >= width:
            yield flat[:, :width]
        if flat.shape[1] > width:
            yield flat[:, -width:]
        if array.ndim == 2 and array.shape[0] == width != array.shape[1]:
            yield array.T

    def _add(self, table: npt.NDArray[Any], *, is_whole: bool) -> None:
        room = max(0, MAX_ROWS - self.n_rows)
        self.n_left_out += max(0, len(table) - room)
        for start in range(0, min(len(table), room), 1 << 16):
            with np.errstate(over="ignore"):
                part = table[start : min(start + (1 << 16), room)].astype(np.float32)
            self.parts.append(rows(part))
            self.unordered.append(unordered(part))
            self.tables += self.unordered[-1:] if is_whole else []
            self.n_rows += len(part)

    def known(self) -> Hashes:
        """All hashes, sorted, each once."""
        return np.unique(np.concatenate(self.parts)) if self.parts else np.zeros(0, dtype=np.uint64)

    def known_unordered(self) -> Hashes:
        """All hashes of rows in any order of their columns, sorted, each once."""
        return np.unique(np.concatenate(self.unordered)) if self.unordered else np.zeros(0, dtype=np.uint64)

    def n_unmet(self, met: set[int]) -> int:
        """Rows that were not met, of arrays that may be nothing but rows."""
        known = np.sort(np.fromiter(met, dtype=np.uint64, count=len(met)))
        return sum(int((~is_in(table, known)).sum()) for table in self.tables)


@dataclass(slots=True, kw_only=True)
class Matches:
    """Training rows that stand in the model."""

    sure: set[int] = field(default_factory=set)  # hashes of different rows
    doubtful: set[int] = field(default_factory=set)
    forms: set[Form] = field(default_factory=set)
    records: set[tuple[str, int]] = field(default_factory=set)  # the sure ones, each for itself
    met: set[int] = field(default_factory=set)  # hashes of the model's rows, in any order of their columns

    @property
    def n_met(self) -> int:
        """Different rows of the model that were met."""
        return len(self.met)


def match(
    index: Index, moments: Moments, parts: Iterable[Rows], *, point_out: Callable[[str, int], None], by_chance: bool
) -> Matches:
    """Stream the training rows past the index.

    Parameters
    ----------
    by_chance : whether a row of few binary digits may stand there by chance, and is doubtful
    """
    found = Matches()
    search = Search(index=index, n_rows=moments.n_rows, by_chance=by_chance, point_out=point_out, found=found)
    for part in parts if index.n_rows else ():
        for form in _COLUMNWISE:
            search.look(part, moments.changed(part.numbers, form), form)
    found.doubtful -= found.sure
    return found


@dataclass(slots=True, kw_only=True)
class Search:
    """A search for training rows in one index."""

    index: Index
    n_rows: int  # of the training data
    by_chance: bool
    point_out: Callable[[str, int], None]
    found: Matches
    ordered: Hashes = field(init=False)
    unordered: Hashes = field(init=False)

    def __post_init__(self) -> None:
        self.ordered, self.unordered = self.index.known(), self.index.known_unordered()

    def look(self, part: Rows, numbers: Floats, form: Form) -> None:
        """Look up some training rows, as they are in this form; `part` says which they are."""
        made = _single(numbers)
        sorted_keys = unordered(made)
        chosen = np.flatnonzero(is_in(sorted_keys, self.unordered))
        if not len(chosen):
            return
        is_straight = is_in(rows(made[chosen]), self.ordered)
        raw = _single(part.numbers)[chosen] if part.numbers.shape[1] else made[chosen]
        # What a step makes of a number has more digits than the number, and says no more than it.
        bits = np.minimum(significant_bits(raw), significant_bits(made[chosen])) if form is Form.STEP else (
            significant_bits(raw)
        )  # fmt: skip
        keys = rows(raw)
        is_sure: Bools = bits >= np.where(is_straight, self._least(0), self._least(_orders(self.index.width)))
        self.found.forms |= {form} if is_sure.any() else set()
        self.found.met.update(sorted_keys[chosen[is_sure]].tolist())
        self.found.sure.update(keys[is_sure].tolist())
        self.found.doubtful.update(keys[~is_sure & (bits >= _LEAST_BITS)].tolist())
        for row in chosen[is_sure].tolist():
            record = (part.label, part.first_record + row)
            if record not in self.found.records:
                self.found.records.add(record)
                self.point_out(*record)

    def _least(self, n_orders: float) -> int:
        """The fewest binary digits that are not there by chance, in so many orders of columns (binary logarithm)."""
        pairs = math.log2(max(1, self.n_rows) * max(1, self.index.n_rows))
        return max(_SURE_BITS, math.ceil(pairs + n_orders) + _MARGIN_BITS) if self.by_chance else 0


def _orders(width: int) -> float:
    """How many orders so many columns have, as a binary logarithm."""
    return math.lgamma(width + 1) / math.log(2)


def _single(table: Floats) -> npt.NDArray[np.float32]:
    with np.errstate(over="ignore"):
        return table.astype(np.float32)


def read_tensors(file: File, index: Index, unread: Unread, tick: Callable[[], None]) -> bool:
    """Take in the arrays of a safetensors or npy file; False where it is neither."""
    readers = {"safetensors": _safetensors, "npy": _npy}
    if file.format not in readers:
        return False
    try:
        with file.stream.open() as stream:
            readers[file.format](stream, file, index, unread, tick)
    except HOSTILE:
        unread.add(file, file.size)
    return True


def _safetensors(stream: BinaryIO, file: File, index: Index, unread: Unread, tick: Callable[[], None]) -> None:
    length = int.from_bytes(stream.read(8), "little")
    if length > min(_MAX_HEADER, file.size):
        unread.add(file, file.size)
        return
    header = json.loads(stream.read(length))
    if not isinstance(header, dict):
        raise ValueError("not as it says")  # noqa: TRY004  as every other fault of a hostile file
    for name, said in header.items():
        if name == "__metadata__":
            continue
        dtype, shape, start = _described(said, file.size - 8 - length)
        if dtype in _DTYPES:
            stream.seek(8 + length + start)
            _in_pieces(stream, np.dtype(_DTYPES[dtype]), shape, index, tick)
        elif math.prod(shape) >= index.width > 1:
            unread.add(file, _SIZES[dtype] * math.prod(shape))


def _described(said: object, size: int) -> tuple[str, tuple[int, ...], int]:
    """Kind, shape and start of a tensor; raises ValueError where the three do not fit the file."""
    told = said if isinstance(said, dict) else {}
    shape, offsets, dtype = _whole(told.get("shape")), _whole(told.get("data_offsets")), told.get("dtype")
    if shape is None or offsets is None or len(offsets) != 2 or not isinstance(dtype, str) or dtype not in _SIZES:
        raise ValueError("not as it says")
    if _SIZES[dtype] * math.prod(shape) != offsets[1] - offsets[0] or offsets[1] > size:
        raise ValueError("not as it says")
    return dtype, shape, offsets[0]


def _whole(told: object) -> tuple[int, ...] | None:
    """A list of whole numbers, none below 0; None where it is something else."""
    numbers: list[Any] = told if isinstance(told, list) else [None]
    return tuple(numbers) if all(type(n) is int and n >= 0 for n in numbers) else None


def _npy(stream: BinaryIO, file: File, index: Index, unread: Unread, tick: Callable[[], None]) -> None:
    version = np.lib.format.read_magic(stream)
    read = np.lib.format.read_array_header_1_0 if version == (1, 0) else np.lib.format.read_array_header_2_0
    shape, fortran, dtype = read(stream)
    if dtype.kind not in "fiub" or math.prod(shape) * dtype.itemsize > file.size:
        unread.add(file, file.size)
        return
    _in_pieces(stream, dtype, shape[::-1] if fortran else shape, index, tick)


def _in_pieces(
    stream: BinaryIO, dtype: np.dtype[Any], shape: tuple[int, ...], index: Index, tick: Callable[[], None]
) -> None:
    """Read an array some rows at a time; one whose columns may be training rows is read whole."""
    n = math.prod(shape)
    is_wide = len(shape) == 2 and shape[0] == index.width
    width = shape[-1] if len(shape) > 1 else index.width
    if width < 1 or n < index.width or index.width < 2 or (len(shape) > 1 and width < index.width and not is_wide):
        return
    if len(shape) < 2 and n % index.width:
        return
    if is_wide and n * dtype.itemsize > _WHOLE_BYTES:
        index.n_left_out += shape[1]
    elif is_wide:
        index.add(np.frombuffer(stream.read(n * dtype.itemsize), dtype=dtype).reshape(shape))
    if is_wide:
        return
    step = max(1, _READ_BYTES // (width * dtype.itemsize))
    for start in range(0, n // width, step):
        tick()
        data = stream.read(min(step, n // width - start) * width * dtype.itemsize)
        index.add(np.frombuffer(data, dtype=dtype).reshape(-1, width))
