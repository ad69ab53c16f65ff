import io

from fakes.folds import Digest
from weighbridge.adapters.engines.fold_child import read_frame, serve, write_frame
from weighbridge.adapters.engines.local import fold_here
from weighbridge.adapters.engines.rows import Unpacked


def test_frames_come_back_and_a_cut_one_is_the_end() -> None:
    stream = io.BytesIO()
    for body in (b"", b"rows", b"x" * 70_000):
        write_frame(stream, body)
    stream.seek(0)
    assert [read_frame(stream) for _ in range(4)] == [b"", b"rows", b"x" * 70_000, None]
    assert read_frame(io.BytesIO(stream.getvalue()[:-1][8 + 8 + 4 :])) is None


def test_a_child_folds_what_it_is_told_and_gives_its_state(unpacked: Unpacked) -> None:
    asks, tells = io.BytesIO(), io.BytesIO()
    for group in range(9):
        write_frame(asks, group.to_bytes(8, "little"))
    write_frame(asks, b"")
    asks.seek(0)
    fold = Digest(("number",))
    serve(asks, tells, unpacked, fold)
    tells.seek(0)
    answers = [read_frame(tells) for _ in range(10)]
    assert answers == [b""] * 9 + [fold_here(unpacked, fold, label="t", workers=1)]
