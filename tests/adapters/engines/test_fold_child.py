import io
import json
import pickle

from fakes.folds import Digest, Raising
from weighbridge.adapters.engines.fold_child import FAULT, STATE, fault_of, read_frame, serve, write_frame
from weighbridge.adapters.engines.local import fold_here
from weighbridge.adapters.engines.rows import Unpacked
from weighbridge.probekit.folds import Fold


def test_frames_come_back_and_a_cut_one_is_the_end() -> None:
    stream = io.BytesIO()
    for body in (b"", b"rows", b"x" * 70_000):
        write_frame(stream, body)
    stream.seek(0)
    assert [read_frame(stream) for _ in range(4)] == [b"", b"rows", b"x" * 70_000, None]
    assert read_frame(io.BytesIO(stream.getvalue()[:-1][8 + 8 + 4 :])) is None


def _answers(begun: bytes, groups: range) -> list[bytes]:
    asks, tells = io.BytesIO(), io.BytesIO()
    write_frame(asks, begun)
    for group in groups:
        write_frame(asks, group.to_bytes(8, "little"))
    write_frame(asks, b"")
    asks.seek(0)
    serve(asks, tells)
    tells.seek(0)
    answers: list[bytes] = []
    while (frame := read_frame(tells)) is not None:
        answers.append(frame)
    return answers


def _begun(unpacked: Unpacked, fold: Fold) -> bytes:
    return pickle.dumps((unpacked, fold))


def test_a_child_folds_what_it_is_told_and_gives_its_state(unpacked: Unpacked) -> None:
    fold = Digest(("number",))
    expected = fold_here(unpacked, fold, label="t", workers=1)
    assert _answers(_begun(unpacked, fold), range(9)) == [STATE] * 10 + [STATE + expected]


def test_an_error_is_told_by_kind_and_place_and_quotes_nothing(unpacked: Unpacked) -> None:
    *before, last = _answers(_begun(unpacked, Raising(("word",), row=250)), range(9))
    assert before == [STATE] * 3
    assert last.startswith(FAULT)
    assert json.loads(last[1:])["kind"] == "ValueError"
    assert "folds.py" in json.loads(last[1:])["place"]
    assert b"w12" not in last


def test_what_cannot_be_begun_is_told_as_well() -> None:
    (answer,) = _answers(b"no pickle", range(0))
    assert json.loads(answer[1:])["kind"] == "UnpicklingError"


def test_an_error_of_the_system_keeps_its_number() -> None:
    assert json.loads(fault_of(OSError(28, "No space left on device"))[1:])["errno"] == 28


def test_a_parent_that_is_gone_is_no_error() -> None:
    serve(io.BytesIO(), tells := io.BytesIO())
    assert tells.getvalue() == b""
